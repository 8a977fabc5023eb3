"""Schemas as a generator reads them: answers are whole, changes tell what is sent from what isn't."""

from collections.abc import Iterable, Iterator
from typing import Any

import jsonschema_rs

Json = dict[str, Any]

LEFT_OUT = {"Problem": ("errors", "candidates")}
"""Answers' fields that really aren't there when they have nothing to say."""

_DAYS = {"date", "day", "first", "last", "run_date"}
_EMPTY = {"type": "string", "const": ""}
_REF = "#/components/schemas/"
_SAYS_NOTHING: tuple[Any, ...] = (None, "", [], {})

MAY_BE_EMPTY = {
    *(
        "at",
        "bounced_at",
        "checked_at",
        "closed_at",
        "complained_at",
        "deleted_at",
        "delivered_at",
        "ends_at",
    ),
    *("erased_at", "expires_on", "file_removed_at", "finished_at", "invoiced_on", "sent_at", "started_at"),
    *("taken_on", "updated_at", "due_on", "run_at", "last_written_at"),
}
"""Moments that may not have come, by name; any other whose class has no default always has a value."""


def finish(schemas: Json, *, sent: Iterable[str], changed: Iterable[str], answered: Iterable[str]) -> None:
    """Make all schemas what they are for. sent, changed, answered: names in bodies, PATCH bodies, answers.

    Raises ValueError where one record is sent and answered: what is optional in one is there in the other.
    """
    requests, answers = reached(schemas, sent), reached(schemas, [*answered, "Problem"])
    if both := sorted(name for name in requests & answers if "properties" in schemas[name]):
        raise ValueError(f"sent and answered: give the body a class of its own: {both}")
    for name, schema in schemas.items():
        _plain(schema)
        if name in answers:
            _total(name, schema)
    for name in requests:
        for field in schemas[name].get("properties", {}).values():
            if field.get("default") == "" and _takes(field, ""):
                _take_null(field)  # entry/inputs.py reads it as ""
            if name in set(changed) or field.get("default") in _SAYS_NOTHING:
                field.pop("default", None)


def _takes(schema: Json, value: Any) -> bool:
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value)


def _take_null(schema: Json) -> None:
    told = {key: schema.pop(key) for key in list(schema) if key not in ("title", "description", "default")}
    schema["anyOf"] = [*told.pop("anyOf", ()), *([told] if told else ()), {"type": "null"}]


def reached(schemas: Json, names: Iterable[str]) -> set[str]:
    """The schemas of these names and whatever they refer to."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in schemas and name not in found:
            found.add(name)
            waiting += references(schemas[name])
    return found


def references(value: Any) -> Iterator[str]:
    """The names of the schemas that a piece of the document refers to."""
    if isinstance(value, dict):
        if str(value.get("$ref", "")).startswith(_REF):
            yield value["$ref"].removeprefix(_REF)
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def _total(name: str, schema: Json) -> None:
    """Every field is always there; days and instants say so, also where empty text stands for none."""
    fields = schema.get("properties", {})
    for field, inner in fields.items():
        has_default = "default" in inner
        inner.pop("default", None)
        _dated(field, inner, may_be_empty=has_default or field in MAY_BE_EMPTY)
    if fields:
        schema["required"] = [field for field in fields if field not in LEFT_OUT.get(name, ())]


def _dated(field: str, schema: Json, *, may_be_empty: bool) -> None:
    is_instant = field in ("at", "goes_on_by") or field.endswith("_at")
    if not (is_instant or field.endswith("_on") or field in _DAYS):
        return
    kind = "date-time" if is_instant else "date"
    for text in [schema, *schema.get("anyOf", ())]:
        if text.get("type") != "string" or "format" in text or "const" in text:
            continue
        if may_be_empty and text is schema:
            del schema["type"]
            schema["anyOf"] = [{"type": "string", "format": kind}, dict(_EMPTY)]
            return
        text["format"] = kind


def _plain(value: Any) -> None:
    """A pair of texts is a list of two, keys of a pattern are keys; an empty text is a text."""
    if isinstance(value, dict):
        if "prefixItems" in value:
            kinds = value.pop("prefixItems")
            value["items"] = kinds[0] if all(kind == kinds[0] for kind in kinds) else {"anyOf": kinds}
        if len(value.get("patternProperties", ())) == 1:
            ((pattern, inner),) = value.pop("patternProperties").items()
            value["propertyNames"] = {"type": "string", "pattern": pattern} | value.get("propertyNames", {})
            value["additionalProperties"] = inner
        if value.get("const") == "":
            value["type"] = "string"
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _plain(inner)
