"""Whom a handler lets in, asked before anything of its request is read."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any


class LetIn(Exception):
    """Ends a handler that is only asked: its caller may do this."""


class Unread:
    """Stands for whatever couldn't be read of a request."""

    def __getattr__(self, _: str) -> "Unread":
        return self

    def __call__(self, *_: object, **__: object) -> "Unread":
        return self


def ask(handler: Callable[..., Any], path: Mapping[str, Any]) -> None:
    """Run a handler up to where it asks for its caller, which it does before anything else.

    path: what the path says, by name. Raises LetIn, or what the caller is refused with.
    """
    parameters = inspect.signature(handler).parameters
    required = {
        name: path.get(name, Unread())
        for name, parameter in parameters.items()
        if parameter.default is inspect.Parameter.empty
    }
    handler(**required)
