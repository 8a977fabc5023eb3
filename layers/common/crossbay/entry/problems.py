"""Errors as RFC 9457 problem details; each class in `errors.py` says its status."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from aws_lambda_powertools.event_handler import Response

from crossbay.errors import BadInput, CrossbayError, LikelyDuplicate

CONTENT_TYPE = "application/problem+json"
TYPE = "urn:crossbay:problem:"

REASONS = {
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "dict_type": "must be an object",
    "enum": "must be {expected}",
    "extra_forbidden": "is no field of this request",
    "finite_number": "must be a number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "greater_than": "must be over {gt}",
    "greater_than_equal": "must be {ge} or more",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a shorter number",
    "int_type": "must be a whole number",
    "less_than": "must be under {lt}",
    "less_than_equal": "must be {le} or less",
    "list_type": "must be a list",
    "literal_error": "must be {expected}",
    "missing": "is required",
    "model_attributes_type": "must be an object",
    "model_type": "must be an object",
    "string_pattern_mismatch": "has signs that can't stand here",
    "string_too_long": "must have {max_length} letters or less",
    "string_too_short": "must have {min_length} letters or more",
    "string_type": "must be text",
    "string_unicode": "isn't text",
    "too_long": "must have {max_length} entries or less",
    "too_short": "must have {min_length} entries or more",
}
"""What we say by pydantic's type of error, with what it counts; its own messages speak to programmers."""

OURS = "value_error"
"""Raised by a check of ours, whose words it carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReason:
    """field: its path in the request, such as `phones.0.number`. reason: what is wrong with it."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """RFC 9457. type: stable, for programs; detail: for people; errors: one entry a field of a bad request.

    candidates: with `likely-duplicate`, the customers that the new one may be.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldReason, ...] = ()
    candidates: tuple[Any, ...] = ()


def problem_of(error: CrossbayError) -> Response[str]:
    """The answer to an error of ours."""
    return problem_response(
        Problem(
            type=f"{TYPE}{error.slug}",
            title=error.title,
            status=error.status,
            detail=error.public,
            errors=tuple(FieldReason(field=name, reason=why) for name, why in error.fields.items()),
            candidates=error.candidates if isinstance(error, LikelyDuplicate) else (),
        )
    )


def problem_of_validation(errors: Sequence[Mapping[str, Any]]) -> Response[str]:
    """The answer to a request that doesn't fit its schema, field by field."""
    reasons = {_path(error.get("loc", ())): _reason(error) for error in errors}
    return problem_of(
        BadInput("Some fields can't be used like this; `errors` says which and why.", fields=reasons)
    )


def problem_of_bug() -> Response[str]:
    """The answer to what should not happen: no trace, no data."""
    return problem_response(
        Problem(
            type=f"{TYPE}error",
            title="Something went wrong on our side",
            status=500,
            detail="Nothing you sent is to blame. Try again; if it stays, tell us time and request id.",
        )
    )


def problem_response(problem: Problem) -> Response[str]:
    body = msgspec.to_builtins(problem)
    slim = {name: value for name, value in body.items() if value not in ([], ())}
    headers = {"Retry-After": "1"} if problem.status == 503 else {}
    return Response(problem.status, CONTENT_TYPE, json.dumps(slim), headers=headers)


def _reason(error: Mapping[str, Any]) -> str:
    if error["type"] == OURS:
        return str(error["msg"]).removeprefix("Value error, ")
    counted = error.get("ctx") or {}
    one = 1 in (counted.get("max_length"), counted.get("min_length"))
    words = REASONS.get(error["type"], "can't be used here").format_map(_Expected(counted))
    return words.replace("entries", "entry").replace("letters", "letter") if one else words


class _Expected(dict[str, Any]):
    """What an error counts; quotes are ours."""

    def __missing__(self, _: str) -> str:
        return "something else"

    def __getitem__(self, name: str) -> Any:
        found = super().__getitem__(name)
        return found.replace("'", "`") if isinstance(found, str) else found


def _path(location: Sequence[object]) -> str:
    parts = [str(part) for part in location]
    return ".".join(
        parts[1:] if len(parts) > 1 and parts[0] in ("body", "query", "path", "header") else parts
    )
