"""docs/openapi.json, docs/api.html and api.json, made from the code of the doors: `make openapi`.

Powertools describes each door; here the doors become one document, and what it can't know is added. The
words are in `openapi_words.py`, the names of records in `openapi_names.py`, what makes schemas fit for
generators in `openapi_schemas.py`, whom an operation lets in and which problems it has in
`openapi_operations.py`, an example of each record in `openapi_examples.py`. The body that
AWS gets is made by `api_body.py`.
"""

import inspect
import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, get_origin, get_type_hints

from aws_lambda_powertools.event_handler import Response
from pydantic import TypeAdapter

from crossbay import errors
from crossbay.entry.problems import CONTENT_TYPE, TYPE, Problem
from local import api_body
from local.api_answers import ANSWERS
from local.api_body import routes_of_doors
from local.doors import door
from local.emulator import ROOT
from local.openapi_examples import examples_of
from local.openapi_names import renamed
from local.openapi_operations import described, handler_of, problems_of
from local.openapi_page import page
from local.openapi_schemas import finish, reached, references
from local.openapi_words import ABOUT, CONTACT, EVERYWHERE, HEADERS, LICENSE, TAGS
from local.template import Route

DOCUMENT, PAGE = ROOT / "docs" / "openapi.json", ROOT / "docs" / "api.html"

Json = dict[str, Any]

_OF_POWERTOOLS = {"HTTPValidationError", "ValidationError", "ResponseValidationError"}
"""Components for a 422 that no door of ours answers."""

_REPLACED = {"422", "500"}
"""Answers that Powertools would give itself; ours are problems."""

_WITH_LOCATION = (HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.SEE_OTHER)
_RETRIED = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


def document() -> Json:
    """The OpenAPI 3.1 document of every route that a door answers."""
    paths, schemas = _of_powertools()
    for route in _documented():
        _take_parameters(paths[route.path][route.method.lower()], route)
    sent, changed, answered = _by_use(paths)
    finish(schemas, sent=sent, changed=changed, answered=answered)
    schemas = renamed(schemas, paths)
    _type_problems(schemas)
    sent, changed, answered = _by_use(paths)
    examples = examples_of(schemas, {*sent, *answered}, changed=set(changed))
    for route in _documented():
        _complete(paths[route.path][route.method.lower()], route, schemas)
    kept = reached(schemas, [*references(paths), "Problem"])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Crossbay",
            "version": "1.0.0",
            "description": _about(),
            "contact": CONTACT,
            "license": LICENSE,
        },
        "servers": [{"url": ".", "description": "Where this document lies"}],
        "security": [{"members": []}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {
            "securitySchemes": {
                "members": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The ID token of a sign-in with Cognito, as the description above tells.",
                }
            },
            "headers": _headers(),
            "responses": {_name(status): _problem_response(status) for status in sorted(EVERYWHERE)},
            "examples": {name: {"value": value} for name, value in examples.items()} | _problem_examples(),
            "schemas": {name: schemas[name] for name in sorted(kept)},
        },
    }


def error_classes() -> Iterator[type[errors.CrossbayError]]:
    """Every error that a door can answer with."""
    waiting: list[type[errors.CrossbayError]] = [errors.CrossbayError]
    while waiting:
        kind = waiting.pop(0)
        waiting += kind.__subclasses__()
        if "slug" in vars(kind) and kind is not errors.CrossbayError:
            yield kind


def gateway_problems() -> dict[str, Json]:
    """What API Gateway answers itself, by the kind of its answer, in docs and api.json alike."""
    return {kind: json.loads(answer.text) for kind, answer in ANSWERS.items()}


def _documented() -> list[Route]:
    return [route for route in routes_of_doors() if route.method != "OPTIONS"]


def _of_powertools() -> tuple[Json, Json]:
    """Paths and schemas as Powertools describes all doors."""
    paths: Json = {}
    schemas = _problem_schemas()
    for folder in sorted({route.folder for route in routes_of_doors()}):
        told = json.loads(door(folder).app.get_openapi_json_schema(title="Crossbay", version="1"))
        _add_schemas(schemas, told["components"].get("schemas", {}))
        for path, operations in told["paths"].items():
            paths.setdefault(path, {}).update(operations)
    return paths, schemas


def _by_use(paths: Json) -> tuple[list[str], list[str], list[str]]:
    """The names of the schemas that bodies, PATCH bodies and answers are."""
    sent, changed, answered = list[str](), list[str](), list[str]()
    for operations in paths.values():
        for method, operation in operations.items():
            body = list(references(operation.get("requestBody", {})))
            sent += body
            changed += body if method == "patch" else []
            answered += references(
                {code: answer for code, answer in operation["responses"].items() if code not in _REPLACED}
            )
    return sent, changed, answered


def _about() -> str:
    rows = [
        f"| {status} | `{slug}` | {title} |"
        for status, meanings in sorted(_meanings().items())
        for slug, title in meanings.items()
    ]
    return ABOUT + "\n".join(rows) + "\n"


def _meanings() -> dict[int, dict[str, str]]:
    """Status to the problems that have it, slug to title."""
    found: dict[int, dict[str, str]] = {}
    for kind in error_classes():
        found.setdefault(kind.status, {})[kind.slug] = kind.title
    for problem in gateway_problems().values():
        found.setdefault(problem["status"], {}).setdefault(
            problem["type"].removeprefix(TYPE), problem["title"]
        )
    return found


def _problem_schemas() -> Json:
    """The schemas of `Problem` and what it refers to."""
    adapter: TypeAdapter[Problem] = TypeAdapter(Problem)
    schema = adapter.json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    others: Json = schema.pop("$defs", {})
    return {"Problem": schema, **others}


def _type_problems(schemas: Json) -> None:
    """Name the types of the table, and the candidates, which the door that makes problems doesn't load."""
    fields = schemas["Problem"]["properties"]
    slugs = dict.fromkeys(slug for meanings in _meanings().values() for slug in meanings)
    schemas["ProblemType"] = {
        "type": "string",
        "title": "ProblemType",
        "enum": [TYPE + slug for slug in sorted(slugs)],
    }
    fields["type"] = {"$ref": "#/components/schemas/ProblemType"}
    fields["candidates"]["items"] = {"$ref": "#/components/schemas/Candidate"}


def _add_schemas(schemas: Json, more: Json) -> None:
    for name, schema in more.items():
        if name not in _OF_POWERTOOLS and schemas.setdefault(name, schema) != schema:
            raise ValueError(f"two doors have different schemas called {name}: rename one of the classes")


def _take_parameters(operation: Json, route: Route) -> None:
    parameters = [_parameter(parameter) for parameter in operation.get("parameters", ())]
    if parameters:
        operation["parameters"] = parameters
    operation["responses"] = {
        code: answer for code, answer in operation["responses"].items() if code not in _REPLACED
    }


def _complete(operation: Json, route: Route, schemas: Json) -> None:
    """What Powertools leaves out of an operation, or tells otherwise than it is."""
    handler, told = handler_of(route), described(route)
    operation["operationId"] = handler.__name__
    operation["description"] = f"{told.text}\n\n{told.who}".strip()
    if not route.members_only:
        operation["security"] = []
    _show_example(operation.get("requestBody", {}))
    answers = operation["responses"]
    for code, answer in answers.items():
        _finish_answer(answer, int(code), handler, schemas)
    named = {
        field
        for name in reached(schemas, references(operation.get("requestBody", {})))
        for field in schemas[name].get("properties", {})
        if field.endswith(("_id", "_ids"))
    }
    for status, meaning in problems_of(route, told, operation, named).items():
        answers.setdefault(str(status), _problem_answer(status, meaning))
    operation["responses"] = dict(sorted(answers.items()))


def _finish_answer(answer: Json, code: int, handler: Any, schemas: Json) -> None:
    answer["description"] = HTTPStatus(code).phrase
    names = ["X-Request-Id"]
    if code == HTTPStatus.NO_CONTENT:
        answer.pop("content", None)
    _show_example(answer)
    content = answer.get("content", {}).get("application/json", {})
    record = schemas.get(content.get("schema", {}).get("$ref", "").rpartition("/")[2], {})
    names += ["Location"] if code in _WITH_LOCATION and _names_a_place(handler) else []
    is_response = get_origin(get_type_hints(handler)["return"]) is Response
    if is_response and "version" in record.get("properties", {}):
        names.append("ETag")
    answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(names)}


def _names_a_place(handler: Any) -> bool:
    """Whether what was made or asked for has a path of its own."""
    return re.search(r"created\(|Location", inspect.getsource(handler)) is not None


def _show_example(sent_or_answered: Json) -> None:
    """The one of its record, which stands among the components."""
    for content in sent_or_answered.get("content", {}).values():
        for name in list(references(content.get("schema", {})))[:1]:
            content["examples"] = {name: {"$ref": f"#/components/examples/{name}"}}


def _parameter(parameter: Json) -> Json:
    """Headers in their usual spelling; no nulls, which no URL or header can say."""
    schema = dict(parameter["schema"])
    name = parameter["name"]
    if parameter["in"] == "header":
        name = schema["title"]
    alternatives = [one for one in schema.pop("anyOf", ()) if one != {"type": "null"}]
    if len(alternatives) == 1:
        schema |= alternatives[0]
    for extra in ("title", "description"):
        schema.pop(extra, None)
    if schema.get("default") in (None, ""):
        schema.pop("default", None)
    required = parameter["required"] or name == "If-Match"  # 428 without
    told = {"description": parameter["description"]} if "description" in parameter else {}
    example = {"example": '"1"'} if name == "If-Match" else {}
    return {"name": name, "in": parameter["in"], "required": required, **told, "schema": schema, **example}


def _headers() -> Json:
    retry = {
        "description": "Seconds to wait before the next try.",
        "schema": {"type": "integer"},
        "example": 1,
    }
    text = {"schema": {"type": "string"}}
    return {"Retry-After": retry} | {name: {**told, **text} for name, told in HEADERS.items()}


def _problem_answer(status: int, meaning: str) -> Json:
    """What the problem means here, or wherever nothing else is said."""
    if not meaning:
        return {"$ref": f"#/components/responses/{_name(status)}"}
    return _problem_response(status, meaning)


def _problem_response(status: int, meaning: str = "") -> Json:
    """The response has an example of each type that the meaning names, or of the one that the status has
    first.
    """
    slugs = list(_meanings()[status])
    named = [slug for slug in slugs if f"`{slug}`" in meaning] or slugs[:1]
    names = ["X-Request-Id", *(["Retry-After"] if status in _RETRIED else [])]
    shown = {slug: {"$ref": f"#/components/examples/{slug}"} for slug in named}
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": meaning or EVERYWHERE[status],
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {CONTENT_TYPE: {"schema": schema, "examples": shown}},
    }


def _problem_examples() -> Json:
    return {
        slug: {"value": {"type": TYPE + slug, "title": title, "status": status, "detail": f"{title}."}}
        for status, meanings in sorted(_meanings().items())
        for slug, title in meanings.items()
    }


def _name(status: int) -> str:
    return re.sub(r"\W", "", HTTPStatus(status).phrase)


def written(made: Json) -> str:
    """The document as it lies in the file; bounds are whole numbers."""
    text = json.dumps(made, indent=1, ensure_ascii=False)
    return re.sub(r"(?<=[0-9])\.0(?=,?$)", "", text, flags=re.MULTILINE) + "\n"


if __name__ == "__main__":
    api_body.write()
    text = written(document())
    made = json.loads(text)
    DOCUMENT.write_text(text)
    PAGE.write_text(page(made))
    print(f"{len(made['paths'])} paths in {DOCUMENT.relative_to(ROOT)} and {PAGE.relative_to(ROOT)}")
