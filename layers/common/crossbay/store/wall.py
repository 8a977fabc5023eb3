"""The wall between organizations, below the use cases (X8, 0251): which partitions may be read and written.

`Reads` and `table.write` ask here for every partition, of the table and of both indexes. Behind a wall, which
each door, worker and schedule raises around a request or job, that is one organization's, and the platform's
own. Which organization:

| who | says so | where |
| --- | --- | --- |
| a member's request | the sign-in token, checked by API Gateway | `entry/http.py` |
| an unsubscribe link | its signed ids | `app/campaigns/stops/unsubscribe.py` |
| a job, an upload, an event of SES | its ids | the worker's `act`, by `work_for` |
| what works across organizations | `Across`, the whole list | `work_across` |

Where nothing was said, the platform's partitions alone are open. Threads begin outside: `carried` brings the
wall along. The operator's own commands, tests and benchmarks never raise one (`open_process`).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import ParamSpec, TypeVar

from crossbay.store.keys import PLATFORM

P = ParamSpec("P")
T = TypeVar("T")


class OutsideOrganization(Exception):
    """A partition that isn't of the organization at work: a bug of ours, and never shown. Names no key."""


class Across(StrEnum):
    """What works across organizations, and why."""

    SCHEDULE = "asks who is due, whoever it belongs to"
    OPERATOR = "makes, lists and changes organizations"
    UNTAGGED_FEEDBACK = "looks for whose mail an event is about that names no organization"


@dataclass(slots=True)
class _Wall:
    organization_id: str | None = None
    is_open: bool = False


_wall: ContextVar[_Wall | None] = ContextVar("wall", default=None)
_of_process = _Wall()
"""Holds where none is raised."""


@contextmanager
def raised(organization_id: str = "") -> Iterator[None]:
    """A wall around a request or job; organization_id: empty where it isn't known yet."""
    before = _wall.set(_Wall(organization_id or None))
    try:
        yield
    finally:
        _wall.reset(before)


def work_for(organization_id: str) -> None:
    """From now on the request or job is this organization's, and no other's. Nothing without a wall."""
    if wall := _wall.get():
        wall.organization_id, wall.is_open = organization_id, False


def work_across(why: Across) -> None:
    """From now on the request or job works across organizations. Nothing without a wall."""
    if wall := _wall.get():
        wall.organization_id, wall.is_open = None, bool(why)


def open_process() -> None:
    """No wall in this process but around requests and jobs: it is the operator's, or a test's."""
    _of_process.is_open = True


def carried(work: Callable[P, T]) -> Callable[P, T]:
    """The work behind the wall that stands here, whichever thread does it."""
    wall = _wall.get()

    def behind(*args: P.args, **kwargs: P.kwargs) -> T:
        before = _wall.set(wall)
        try:
            return work(*args, **kwargs)
        finally:
            _wall.reset(before)

    return behind


def check(partitions: Iterable[str]) -> None:
    """Raises OutsideOrganization unless all of them may be read and written now."""
    wall = _wall.get() or _of_process
    if wall.is_open:
        return
    for partition in partitions:
        head = partition.partition("#")[0]
        if head != wall.organization_id and head not in PLATFORM:
            raise OutsideOrganization
