"""Records to and from the plain maps that DynamoDB keeps.

A body may hold fields that this code doesn't know: a newer release added them. `with_added` carries them from
the body as stored into the one that takes its place (X9).

An item's schema number stands beside its body; without one it is of number 1. A field that is added, with a
default, keeps the number. Whatever else changes what a body says raises it, in two releases, as both run side
by side while one is deployed:

1. One that reads the next number: `STEPS[type, next]` gives back what its fields say in today's.
2. One that writes it: `NUMBERS[type]` is the next, and `STEPS[type, next - 1]` leads to it.

A kept example of every number (`tests/contracts/stored_examples`) shows that this code reads it.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

NUMBERS: dict[str, int] = {}
"""By item type, where it isn't 1."""

STEPS: dict[tuple[str, int], Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {}
"""By item type and number: a body of that number as one of the neighboring number, nearer to the one written
today. Pure."""


class Body(dict[str, Any]):
    """What is stored of one dataclass. defaults: of its fields, by name, all of them that this code knows."""

    __slots__ = ("defaults",)

    def __init__(self, kind: type, values: Mapping[str, Any] | None = None) -> None:
        super().__init__(values or {})
        self.defaults = _defaults(kind)


def to_body(record: Any) -> dict[str, Any]:
    """A frozen dataclass (or a map) as a map of text, whole numbers, booleans, lists and maps.

    Fields that stand at their default are left out: reading puts the default back.
    """
    body: dict[str, Any] = _plain(record)
    return body


def from_body(kind: type[T], body: Mapping[str, Any]) -> T:
    """The record of `kind`. Raises msgspec.ValidationError for a map that doesn't fit, which is a bug."""
    return msgspec.convert(body, kind, strict=False)


def record_of(kind: type[T], item: Mapping[str, Any]) -> T:
    """The record that an item holds, which is one of `kind`."""
    return from_body(kind, item["body"])


def body_of(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an item holds as it is stored, for whom it is handed out to as such."""
    body: Mapping[str, Any] = item.get("body") or {}
    return body


def id_of(item: Mapping[str, Any]) -> str:
    """The id of the record that an item holds; empty where it has none."""
    return str(body_of(item).get("id", ""))


def says_only(item: Mapping[str, Any], record: object) -> bool:
    """Whether the item holds no more than the record, nothing either that a newer release added."""
    return bool(item["body"] == to_body(record))


def number_written(item_type: str) -> int:
    """The schema number that this code writes."""
    return NUMBERS.get(item_type, 1)


def number_of(item: Mapping[str, Any]) -> int:
    """The schema number of a stored item."""
    return int(item.get("schema", 1))


def as_today(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The stored item with its body as this code would have written it.

    A body that is newer than what this code has steps for stays as it is, for who can read it so.
    """
    item_type, number = item["type"], number_of(item)
    today = number_written(item_type)
    if number == today:
        return item
    body = item.get("body") or {}
    while number != today and (step := STEPS.get((item_type, number))):
        body = step(body)
        number += 1 if number < today else -1
    return {**item, "body": body}


def with_added(new: Any, stored: Any) -> Any:
    """`new`, made by `to_body`, with the fields of what is stored that its dataclasses don't have.

    In a list, an element with an id takes them from the one with its id, any other from one that says the
    same; a changed one without an id has nobody to take them from.
    """
    if isinstance(new, Body) and isinstance(stored, Mapping):
        return _body_with_added(new, stored)
    if isinstance(new, Mapping):
        others = stored if isinstance(stored, Mapping) else {}
        return {name: with_added(inner, others.get(name)) for name, inner in new.items()}
    if isinstance(new, list):
        left = list(stored) if isinstance(stored, list) else []
        return [with_added(inner, _take_counterpart(inner, left)) for inner in new]
    return new


def _body_with_added(new: Body, stored: Mapping[str, Any]) -> dict[str, Any]:
    merged = {name: with_added(inner, stored.get(name)) for name, inner in new.items()}
    for name, inner in stored.items():
        default = new.defaults.get(name)
        if name not in new.defaults:
            merged[name] = inner
        elif name not in new and is_dataclass(default) and (added := with_added(Body(type(default)), inner)):
            merged[name] = added  # it stands at its default now, which is left out
    return merged


def _take_counterpart(new: Any, stored: list[Any]) -> Any:
    """The element that `new` was, taken out of the list; None for a new one."""
    if not isinstance(new, Body):
        return None
    for place, other in enumerate(stored):
        if isinstance(other, Mapping) and (
            new["id"] == other.get("id") if "id" in new else _says_the_same(new, other)
        ):
            return stored.pop(place)
    return None


def _says_the_same(new: Any, stored: Any) -> bool:
    """Whether nothing that this code knows differs."""
    if isinstance(new, Body) and isinstance(stored, Mapping):
        return all(_says_the_same(new.get(name), stored.get(name)) for name in new.defaults)
    if isinstance(new, list) and isinstance(stored, list):
        return len(new) == len(stored) and all(map(_says_the_same, new, stored))
    return bool(new == stored)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        kind: Any = type(value)
        given = ((name, getattr(value, name), default) for name, default in _defaults(kind).items())
        return Body(kind, {name: _plain(inner) for name, inner, default in given if inner != default})
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
def _defaults(kind: Any) -> Mapping[str, Any]:
    return {field.name: field.default for field in fields(kind)}
