"""docs/openapi.json as a generator of clients reads it. Each failure says what to do."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from local.openapi import DOCUMENT
from local.openapi_names import STAND_ALONE, words_of
from local.openapi_schemas import LEFT_OUT, reached, references

Json = dict[str, Any]

DESCRIBED: Json = json.loads(DOCUMENT.read_text())
SCHEMAS: Json = DESCRIBED["components"]["schemas"]
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, operations in DESCRIBED["paths"].items()
    for method, operation in operations.items()
]
BODIES = {
    where: operation["requestBody"]["content"]["application/json"]
    for where, operation in OPERATIONS
    if "requestBody" in operation
}
ANSWERS = {
    f"{where} {code}": content
    for where, operation in OPERATIONS
    for code, answer in operation["responses"].items()
    if not code.startswith(("4", "5"))
    for media, content in answer.get("content", {}).items()
    if media == "application/json" and where != "GET /openapi.json"
}
SENT = reached(SCHEMAS, references(list(BODIES.values())))
CHANGED = {name for where, body in BODIES.items() if where.startswith("PATCH") for name in references(body)}
ANSWERED = reached(SCHEMAS, [*references(list(ANSWERS.values())), "Problem"])

TOO_GENERAL = {
    *("audit", "batch", "batches", "charts", "day", "file", "files", "items", "list", "notice", "records"),
    *("report", "sending", "settings", "statistics", "status", "terms", "upcoming", "work"),
}
"""One of these behind a verb doesn't say whose it is."""

FREE = {
    "AuditEntry.before",
    "AuditEntry.after",
    "NewImport.rows",
}
"""Objects of any shape: an audit's are as the record was then, a row's columns are the point of sale's."""


def _fields(names: set[str]) -> Iterator[tuple[str, str, Json]]:
    for name in sorted(names):
        for field, schema in SCHEMAS[name].get("properties", {}).items():
            yield name, field, schema


@pytest.mark.rule("X4")
def test_a_change_has_no_default_for_what_it_leaves_as_it_was() -> None:
    wrong = [f"{name}.{field}" for name, field, schema in _fields(CHANGED) if "default" in schema]

    assert CHANGED
    assert not wrong, "a generated client sends a default: local/openapi_schemas.py takes them out of PATCH"


@pytest.mark.rule("X4")
def test_every_field_of_an_answer_is_always_there() -> None:
    for name in sorted(ANSWERED):
        fields = set(SCHEMAS[name].get("properties", ()))
        left_out = set(LEFT_OUT.get(name, ()))

        assert set(SCHEMAS[name].get("required", ())) == fields - left_out, name
    assert not [f"{name}.{field}" for name, field, schema in _fields(ANSWERED) if "default" in schema]
    assert not {n for n in SENT & ANSWERED if "properties" in SCHEMAS[n]}, "give the body a class of its own"


@pytest.mark.rule("X4")
def test_a_creation_has_no_default_that_says_nothing() -> None:
    wrong = [
        f"{name}.{field}"
        for name, field, schema in _fields(SENT)
        if "default" in schema and schema["default"] in (None, "", [], {})
    ]

    assert not wrong


@pytest.mark.rule("X2", "X4")
def test_a_client_can_switch_on_every_problem_and_read_the_candidates() -> None:
    kinds = SCHEMAS["ProblemType"]["enum"]
    table = DESCRIBED["info"]["description"].partition("| --- |")[2]

    assert SCHEMAS["Problem"]["properties"]["type"] == {"$ref": "#/components/schemas/ProblemType"}
    assert {f"`{kind.removeprefix('urn:crossbay:problem:')}`" for kind in kinds} == {
        row.split(" | ")[1] for row in table.splitlines() if row.count(" | ") == 2
    }
    assert list(references(SCHEMAS["Problem"]["properties"]["candidates"])) == ["Candidate"]
    assert {content["schema"]["$ref"] for content in _problems()} == {"#/components/schemas/Problem"}


def _problems() -> Iterator[Json]:
    for where, operation in OPERATIONS:
        for code, answer in operation["responses"].items():
            if code.startswith(("4", "5")) and "content" in answer and "/unsubscribe/" not in where:
                yield answer["content"]["application/problem+json"]


@pytest.mark.rule("X4")
def test_nothing_is_of_any_shape_and_no_tuple_is_open() -> None:
    def shapeless(schema: Any) -> bool:
        inner = [schema.get("items"), schema.get("additionalProperties"), *schema.get("anyOf", ())]
        known = {"type", "$ref", "anyOf", "oneOf", "allOf", "enum", "const"} & set(schema)
        is_open = schema.get("type") == "object" and not {"properties", "additionalProperties"} & set(schema)
        is_open |= schema.get("type") == "array" and "items" not in schema
        return (
            not known
            or is_open
            or (schema.get("additionalProperties") is True and "properties" not in schema)
            or any(shapeless(one) for one in inner if isinstance(one, dict))
        )

    found = {f"{name}.{field}" for name, field, schema in _fields(set(SCHEMAS)) if shapeless(schema)}

    assert found == FREE, "give it a type; what is really free goes into FREE with its reason"
    assert "prefixItems" not in json.dumps(SCHEMAS)


@pytest.mark.rule("X4")
def test_days_and_instants_say_that_they_are_some_also_where_empty_text_stands_for_none() -> None:
    for name, field, schema in _fields(ANSWERED | SENT):
        kinds = [one for one in (schema, *schema.get("anyOf", ())) if one.get("type") == "string"]
        if not field.endswith(("_at", "_on")) or not kinds:
            continue
        wanted = "date-time" if field.endswith("_at") else "date"

        assert {one.get("format") for one in kinds if one.get("const") != ""} == {wanted}, f"{name}.{field}"


@pytest.mark.rule("X4")
def test_the_names_of_records_stand_alone_in_one_namespace() -> None:
    vague = {name for name in SCHEMAS if len(words_of(name)) == 1} - STAND_ALONE

    assert not vague, "give it a second word in PUBLIC of local/openapi_names.py, or put it into STAND_ALONE"
    folded = [name.lower() for name in SCHEMAS]
    assert len(folded) == len(set(folded))


@pytest.mark.rule("X4")
def test_the_names_of_operations_stand_alone_in_one_namespace() -> None:
    names = [operation["operationId"] for _, operation in OPERATIONS]
    vague = [name for name in names if "_" not in name or name.partition("_")[2] in TOO_GENERAL]

    assert len(names) == len(set(names))
    assert not vague, "name the handler after what it does to what: check_vin, read_source_report"


@pytest.mark.rule("X1", "X4")
@pytest.mark.parametrize(("where", "operation"), OPERATIONS, ids=[where for where, _ in OPERATIONS])
def test_an_operation_says_what_it_does_who_may_and_what_can_go_wrong(where: str, operation: Json) -> None:
    said, _, who = operation["description"].rpartition("\n\n")

    assert said, f"{operation['operationId']} needs a docstring: a sentence or two on what it does"
    assert who.startswith("For "), "local/openapi_operations.py adds whom the door lets in"
    assert ("without sign-in" in who) == (operation.get("security") == [])
    assert "401" in operation["responses"] or operation.get("security") == []
    assert [code for code in operation["responses"] if code.startswith(("2", "3"))]
    for answer in operation["responses"].values():
        assert "$ref" in answer or len(answer["description"]) > 1 or answer.get("content"), where


EXAMPLES = DESCRIBED["components"]["examples"]


@pytest.mark.rule("X4")
def test_every_body_and_every_answer_has_an_example_that_fits_its_schema() -> None:
    for where, content in (BODIES | ANSWERS).items():
        assert content["examples"], where
        for name in content["examples"]:
            _assert_fits({"$ref": f"#/components/schemas/{name}"}, EXAMPLES[name]["value"], where)
    for kind in SCHEMAS["ProblemType"]["enum"]:
        slug = kind.rpartition(":")[2]
        _assert_fits({"$ref": "#/components/schemas/Problem"}, EXAMPLES[slug]["value"], slug)


def _assert_fits(schema: Json, example: Any, where: str) -> None:
    whole = schema | {"components": DESCRIBED["components"]}
    for error in jsonschema_rs.Draft202012Validator(whole, validate_formats=True).iter_errors(example):
        at = ".".join(map(str, error.instance_path))
        pytest.fail(
            f"the example of {where} doesn't fit at {at}: {error.message[:200]}. Give the field a value in "
            "BY_NAME of local/openapi_examples.py, or its class an example of its own"
        )


@pytest.mark.rule("X4")
def test_the_document_says_how_to_sign_in_to_stay_so_and_what_a_first_password_takes() -> None:
    said = DESCRIBED["info"]["description"]

    for word in ("InitiateAuth", "NEW_PASSWORD_REQUIRED", "REFRESH_TOKEN_AUTH", "ID token", "Authorization"):
        assert word in said
    assert DESCRIBED["info"]["license"]["name"]
    assert DESCRIBED["info"]["contact"]["name"]
