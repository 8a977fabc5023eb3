"""Answers as pages, for the doors that people open from a message: shown by a browser, kept by nobody."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_lambda_powertools.event_handler import Response

from crossbay.errors import CrossbayError, MendInput
from crossbay.rendering.unsubscribe_page import View, content_security_policy, page

CONTENT_TYPE = "text/html; charset=utf-8"


def page_response(status: int, html: str) -> Response[str]:
    """The page with what keeps it to itself: no cache, no referrer, no index, nothing loaded, no frame."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": content_security_policy(),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }
    return Response(status, CONTENT_TYPE, html, headers=headers)


def problem_of(error: CrossbayError) -> Response[str]:
    """Nothing about anybody: a link that isn't ours, and one whose customer is gone, look the same."""
    if isinstance(error, MendInput):
        return page_response(404, page(View.LOST))
    return _busy(503)


def problem_of_validation(errors: Sequence[Mapping[str, Any]]) -> Response[str]:
    return page_response(404, page(View.LOST))


def problem_of_bug() -> Response[str]:
    return _busy(500)


def _busy(status: int) -> Response[str]:
    answer = page_response(status, page(View.BUSY))
    answer.headers["Retry-After"] = "1"
    return answer
