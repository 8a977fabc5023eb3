"""Errors as RFC 9457 problem details."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from aws_lambda_powertools.event_handler import Response

from crossbay.errors import BadInput, CrossbayError, LikelyDuplicate

CONTENT_TYPE = "application/problem+json"
TYPE = "urn:crossbay:problem:"

_REASONS = {
    "extra_forbidden": "is no field of this request",
    "missing": "is required",
    "string_pattern_mismatch": "has signs that can't stand here",
    "string_unicode": "isn't text",
}
"""By pydantic's type of error, where its own message speaks to programmers."""


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
    return _REASONS.get(error["type"], str(error["msg"]).removeprefix("Value error, "))


def _path(location: Sequence[object]) -> str:
    parts = [str(part) for part in location]
    return ".".join(
        parts[1:] if len(parts) > 1 and parts[0] in ("body", "query", "path", "header") else parts
    )
