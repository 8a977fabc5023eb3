"""Gathering and deciding again when another write came in between."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from crossbay.errors import Contended

P = ParamSpec("P")
R = TypeVar("R")

_ATTEMPTS = 5
_FIRST_PAUSE_S = 0.02


def again_when_contended(use_case: Callable[P, R]) -> Callable[P, R]:
    """The use case, run again from its start while a derived item changed under it; Contended in the end."""

    @wraps(use_case)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(_ATTEMPTS - 1):
            try:
                return use_case(*args, **kwargs)
            except Contended:
                time.sleep(_FIRST_PAUSE_S * 2**attempt * (0.5 + random.random()))  # noqa: S311 (jitter)
        return use_case(*args, **kwargs)

    return run
