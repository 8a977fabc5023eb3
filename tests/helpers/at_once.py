"""Requests at the same moment, each in a process with doors of its own, as Lambda runs them.

Threads won't do: a resolver of Powertools holds the one event that its process is answering.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any, TypeVar

from crossbay.settings import settings
from tests.helpers.doors import Answer, Caller, Doors

Argument = TypeVar("Argument")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """claims: whose."""

    claims: Mapping[str, str]
    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def at_once(*requests: Request) -> list[Answer]:
    """The answers in the order asked."""
    return each_at_once(_send, requests)


def each_at_once(call: Callable[[Argument, Any], Result], arguments: Sequence[Argument]) -> list[Result]:
    """What a function of a module gives back for each, in processes of their own, in the order asked.

    It is called with the argument and a barrier, at which it waits once it is ready to write.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.helpers.loaded"])
    barrier = context.Barrier(len(arguments))
    begun_with = (barrier, dict(os.environ))
    with ProcessPoolExecutor(
        len(arguments), mp_context=context, initializer=_begin, initargs=begun_with
    ) as processes:
        return list(processes.map(_meet, [call] * len(arguments), arguments))


_barrier: Any = None


def _begin(barrier: Any, environment: dict[str, str]) -> None:
    """The process that all are forked from keeps the environment of the first test that asked for it."""
    global _barrier
    _barrier = barrier
    os.environ.clear()
    os.environ.update(environment)
    settings.cache_clear()


def _meet(call: Callable[[Argument, Any], Result], argument: Argument) -> Result:
    return call(argument, _barrier)


def _send(request: Request, barrier: Any) -> Answer:
    caller = Caller(doors=Doors(), claims=dict(request.claims))
    caller("GET", request.path)  # loads the door and reads the member, so that the writes meet
    barrier.wait(timeout=60)
    return caller(request.method, request.path, body=request.body, headers=request.headers)
