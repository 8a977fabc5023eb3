"""docs/openapi.json: made from the code, valid, and complete."""

import json
import re

import pytest
from openapi_spec_validator import validate

from crossbay import errors
from local.openapi import DOCUMENT, PAGE, document, error_classes, written
from local.openapi_page import page
from local.template import resource, routes
from tests.contracts.test_routes import PREFLIGHT

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


@pytest.mark.rule("X2")
def test_what_api_gateway_answers_itself_is_one_of_the_described_problems() -> None:
    for name, response in resource("Api")["GatewayResponses"].items():
        body = response["ResponseTemplates"]["application/json"]
        slug = body.partition('"type":"urn:crossbay:problem:')[2].partition('"')[0]

        assert slug == "error" or f"`{slug}`" in DESCRIBED["info"]["description"], name


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
