"""docs/openapi.json: made from the code, valid, and complete."""

import json
import re

import pytest
from openapi_spec_validator import validate

from crossbay import errors
from local.api_body import PREFLIGHT
from local.openapi import DOCUMENT, PAGE, document, error_classes, gateway_problems, written
from local.openapi_page import page
from local.template import gateway_responses, routes

DESCRIBED = json.loads(DOCUMENT.read_text())


@pytest.mark.rule("X4")
def test_the_document_and_its_page_are_what_the_code_says_now() -> None:
    assert DOCUMENT.read_text() == written(document()), "run `make openapi`"
    assert PAGE.read_text() == page(DESCRIBED), "run `make openapi`"


@pytest.mark.rule("X4")
def test_the_document_is_valid_openapi() -> None:
    validate(DESCRIBED)


@pytest.mark.rule("X4")
def test_every_route_is_described_and_every_description_is_a_route() -> None:
    described = {
        (method.upper(), path) for path, operations in DESCRIBED["paths"].items() for method in operations
    }

    assert described == {(route.method, route.path) for route in routes()} - {PREFLIGHT}


@pytest.mark.rule("X2", "X4")
def test_each_error_has_one_status_and_one_slug_and_is_described() -> None:
    slugs = [kind.slug for kind in error_classes()]

    assert len(slugs) == len(set(slugs))
    for kind in error_classes():
        assert 400 <= kind.status < 600
        assert f"| {kind.status} | `{kind.slug}` | {kind.title} |" in DESCRIBED["info"]["description"]
        assert kind.__name__ in (errors.__doc__ or "")


KINDS_OF_API_GATEWAY = {
    "ACCESS_DENIED",
    "API_CONFIGURATION_ERROR",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "AUTHORIZER_FAILURE",
    "BAD_REQUEST_BODY",
    "BAD_REQUEST_PARAMETERS",
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "EXPIRED_TOKEN",
    "INTEGRATION_FAILURE",
    "INTEGRATION_TIMEOUT",
    "INVALID_API_KEY",
    "INVALID_SIGNATURE",
    "MISSING_AUTHENTICATION_TOKEN",
    "QUOTA_EXCEEDED",
    "REQUEST_TOO_LARGE",
    "RESOURCE_NOT_FOUND",
    "THROTTLED",
    "UNAUTHORIZED",
    "UNSUPPORTED_MEDIA_TYPE",
    "WAF_FILTERED",
}
"""Each kind of answer that a REST API gives itself (API Gateway's "Gateway response types"). A door that dies
or answers what can't be read is DEFAULT_5XX with 502."""


@pytest.mark.rule("X2")
def test_whatever_api_gateway_answers_itself_is_a_described_problem_a_browser_can_read() -> None:
    answers = gateway_responses()

    assert set(answers) == KINDS_OF_API_GATEWAY
    for kind, problem in gateway_problems().items():
        assert json.loads(answers[kind]["responseTemplates"]["application/json"]) == problem
        status = int(answers[kind]["statusCode"])
        headers = {
            name.removeprefix("gatewayresponse.header."): value
            for name, value in answers[kind]["responseParameters"].items()
        }
        slug = problem["type"].removeprefix("urn:crossbay:problem:")

        assert problem["status"] == status, kind
        assert f"| {status} | `{slug}` | {problem['title']} |" in DESCRIBED["info"]["description"], kind
        assert headers["Content-Type"] == "'application/problem+json'"
        assert headers["Access-Control-Allow-Origin"] == "'*'"
        assert headers["X-Request-Id"] == "context.requestId"
        assert {"Retry-After", "X-Request-Id"} == set(
            headers["Access-Control-Expose-Headers"].strip("'").split(",")
        )


@pytest.mark.rule("X2")
def test_an_answer_that_never_came_is_not_called_undone() -> None:
    """The door may have written before it died."""
    for kind in ("INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT", "DEFAULT_5XX"):
        problem = gateway_problems()[kind]

        assert problem["type"] == "urn:crossbay:problem:no-answer"
        assert "Idempotency-Key" in problem["detail"]


@pytest.mark.rule("X4")
def test_the_document_names_no_machine() -> None:
    assert DESCRIBED["servers"] == [{"url": ".", "description": "Where this document lies"}]
    assert "127.0.0.1" not in DOCUMENT.read_text()
    assert "localhost" not in DOCUMENT.read_text()


@pytest.mark.rule("X4")
def test_the_page_needs_nothing_from_elsewhere() -> None:
    shown = PAGE.read_text()

    assert "<script" not in shown
    assert not re.search(r"""(src|href|srcset|action|data)\s*=\s*["']?\s*(https?:)?//""", shown)
    assert not re.search(r"@import|url\(", shown)


@pytest.mark.rule("X4")
def test_the_lambda_carries_the_files_that_were_made() -> None:
    carried = DOCUMENT.parent.parent / "functions" / "api_docs"

    assert (carried / "openapi.json").read_bytes() == DOCUMENT.read_bytes()
    assert (carried / "api.html").read_bytes() == PAGE.read_bytes()


@pytest.mark.rule("X4")
def test_every_route_with_a_name_in_its_path_says_that_there_may_be_none_of_that_name() -> None:
    silent = [
        f"{method} {path}"
        for path, operations in DESCRIBED["paths"].items()
        if "{" in path
        for method, operation in operations.items()
        if "responses" in operation and "404" not in operation["responses"]
    ]

    assert not silent
