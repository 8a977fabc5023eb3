"""Records to and from the plain maps that DynamoDB keeps."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def to_body(record: Any) -> dict[str, Any]:
    """A frozen dataclass (or a map) as a map of text, whole numbers, booleans, lists and maps.

    Fields that stand at their default are left out: reading puts the default back.
    """
    body: dict[str, Any] = _plain(record)
    return body


def from_body(kind: type[T], body: Mapping[str, Any]) -> T:
    """The record of `kind`. Raises msgspec.ValidationError for a map that doesn't fit, which is a bug."""
    return msgspec.convert(body, kind, strict=False)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        kind: Any = type(value)
        given = ((name, getattr(value, name), default) for name, default in _defaults(kind))
        return {name: _plain(inner) for name, inner, default in given if inner != default}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(_plain(inner) for inner in value)
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in fields(kind))
