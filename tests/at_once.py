"""Requests at the same moment, each in a process with doors of its own, as Lambda runs them.

Threads won't do: a resolver of Powertools holds the one event that its process is answering.
"""

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from tests.doors import Answer, Caller, Doors


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
    context = get_context("spawn")
    barrier = context.Manager().Barrier(len(requests))
    with ProcessPoolExecutor(len(requests), mp_context=context) as processes:
        return list(processes.map(_send, requests, [barrier] * len(requests)))


def _send(request: Request, barrier: Any) -> Answer:
    caller = Caller(doors=Doors(), claims=dict(request.claims))
    caller("GET", request.path)  # loads the door and reads the member, so that the writes meet
    barrier.wait(timeout=60)
    return caller(request.method, request.path, body=request.body, headers=request.headers)
