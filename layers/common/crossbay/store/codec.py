"""Records to and from the plain maps that DynamoDB keeps."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def to_body(record: object) -> dict[str, Any]:
    """A frozen dataclass as a map of text, whole numbers, booleans, lists and maps, without its empty fields.

    Empty text, None and empty lists and maps are left out: reading puts the dataclass's defaults back, and no
    dataclass here has a default that differs from empty for a field of those types that may be emptied.
    """
    body: dict[str, Any] = _without_empty(msgspec.to_builtins(record, order="deterministic"))
    return body


def from_body(kind: type[T], body: Mapping[str, Any]) -> T:
    """The record of `kind`. Raises msgspec.ValidationError when the stored map doesn't fit, which is a bug."""
    return msgspec.convert(body, kind, strict=False)


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        slim = ((key, _without_empty(inner)) for key, inner in value.items())
        return {key: inner for key, inner in slim if inner is not None and inner not in ("", [], {})}
    if isinstance(value, (list, tuple)):
        return [_without_empty(inner) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return value
