"""docs/openapi.json and docs/api.html, made from the code of the doors: `make openapi`.

Powertools describes each door; here the doors become one document, and what it can't know is added: how
problems look and where they can come up, who may call, and the headers.
"""

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, get_origin, get_type_hints

from aws_lambda_powertools.event_handler import Response
from pydantic import TypeAdapter

from crossbay import errors
from crossbay.entry.problems import CONTENT_TYPE, TYPE, Problem
from local.doors import door
from local.emulator import ROOT
from local.openapi_page import page
from local.template import Route, resource, routes

DOCUMENT, PAGE = ROOT / "docs" / "openapi.json", ROOT / "docs" / "api.html"

Json = dict[str, Any]

_OF_POWERTOOLS = {"HTTPValidationError", "ValidationError", "ResponseValidationError"}
"""Components for a 422 that no door of ours answers."""

_REPLACED = {"422", "500"}
"""Answers that Powertools would give itself; ours are problems."""

_WITH_LOCATION = (HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.SEE_OTHER)

_TAGS = {
    "search": "Customers of one shop or of all, as one types.",
    "customers": "Customers with their addresses, and bringing them over from another shop.",
    "vehicles": "A customer's vehicles, and those of linked customers.",
    "contacts": "Whom to write to for a customer: merged, suggested, cleaned up.",
    "VINs": "The vehicle form: a VIN checked and decoded, a plate's VINs.",
    "links": "Who is the same person in another shop: proposed, decided by people, undone.",
    "history": "Jobs, declined jobs and inspections, merged from the own shop and linked customers.",
    "repair orders": "Visits with their jobs and inspections.",
    "appointments": "A shop's calendar.",
    "equipment": "What stands at a customer's address, with its parts and its service history.",
    "quotes": "Priced work offered to a customer apart from repair orders.",
    "sources": "Where customers come from: categories, mapping, and who is here today without a source.",
    "profile": "A customer at one service address on one page; problems with the data; the portal.",
    "notes": "What technicians, dispatchers and the office tell each other about a customer.",
    "photos": "Photos of a service address, posted straight to S3 and shown by links that last a while.",
    "imports": "A point of sale's records, from a file or in the request.",
    "organization": "Shops and members, by the organization's dealer admins.",
    "unsubscribe": "The pages behind the link that every message carries, for the customers themselves.",
    "contact": "Customer contact set up: settings, letters, previews, kill switch, postcard batches.",
    "messages": "Customer contact as it goes out: why on any day, the coming week, statistics, lists.",
    "fleets": "Companies whose vehicles come to several shops, by the organization's dealer admins.",
    "cases": "A customer's service events: assigned, written in, closed; who can be written to.",
    "own fleet": "For fleet users: their fleets' customers and cases in every shop.",
    "partners": "CustomerLink, MechanicNET and CARFAX: set up, tried out, their nightly files, "
    "what they were told.",
    "privacy": "A customer's data handed out or erased on request, and the proof of it.",
    "operator": "Organizations and their entitlements, by the operator.",
    "documents": "This description.",
}

_ABOUT = """Customers of a multi-shop auto-repair organization, their history across its shops, and the links
between them.

**Sign in** with Cognito and send the ID token: `Authorization: Bearer <token>`. What the member may do and
which shops it reaches stands with the organization; another organization's records answer 404, as if they
didn't exist.

**Change** a record with the `ETag` it was read with in `If-Match`: 412 means that someone else saved in
between, so read again. Send an `Idempotency-Key` of your own with each write: the same request sent twice is
then done once.

**Lists** page by `next`: send it as `cursor` for the page that follows.

**Problems** are RFC 9457 documents. `type` is stable, `urn:crossbay:problem:` and a word of the table;
`detail` is a sentence for people, `errors` names the fields.

| status | type | meaning |
| --- | --- | --- |
"""


def document() -> Json:
    """The OpenAPI 3.1 document of every route in template.yaml."""
    paths: Json = {}
    schemas = _problem_schemas()
    for folder in sorted({route.folder for route in routes()}):
        described = json.loads(door(folder).app.get_openapi_json_schema(title="Crossbay", version="1"))
        _add_schemas(schemas, described["components"].get("schemas", {}))
        for path, operations in described["paths"].items():
            paths.setdefault(path, {}).update(operations)
    for route in _documented():
        _complete(paths[route.path][route.method.lower()], route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Crossbay", "version": "1.0.0", "description": _about()},
        "servers": [{"url": ".", "description": "Where this document lies"}],
        "security": [{"members": []}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {
            "securitySchemes": {"members": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "headers": _headers(),
            "responses": {_name(status): _problem_response(status) for status in sorted(_meanings())},
            "schemas": dict(sorted(schemas.items())),
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
    """What API Gateway answers itself, by the kind of its answer, as template.yaml words it."""
    answers = resource("Api")["GatewayResponses"]
    return {
        kind: json.loads(answer["ResponseTemplates"]["application/json"]) for kind, answer in answers.items()
    }


def _documented() -> list[Route]:
    return [route for route in routes() if route.method != "OPTIONS"]


def _about() -> str:
    rows = [
        f"| {status} | `{slug}` | {title} |"
        for status, meanings in sorted(_meanings().items())
        for slug, title in meanings.items()
    ]
    return _ABOUT + "\n".join(rows) + "\n"


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
    """Of `Problem` and what it refers to."""
    adapter: TypeAdapter[Problem] = TypeAdapter(Problem)
    schema = adapter.json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    others: Json = schema.pop("$defs", {})
    return {"Problem": schema, **others}


def _add_schemas(schemas: Json, more: Json) -> None:
    for name, schema in more.items():
        if name in _OF_POWERTOOLS:
            continue
        for field in schema.get("properties", {}).values():
            if "format" in field and not field.get("default"):
                field.pop("default", None)  # "not given" is none of a date's values
        if schemas.setdefault(name, schema) != schema:
            raise ValueError(f"two doors have different schemas called {name}: rename one of the classes")


def _complete(operation: Json, route: Route, schemas: Json) -> None:
    """What Powertools leaves out of an operation, or tells otherwise than it is."""
    handler = _handler(route)
    operation["operationId"] = handler.__name__
    if "description" not in operation or not handler.__doc__:
        operation.pop("description", None)
    parameters = [_parameter(parameter) for parameter in operation.get("parameters", ())]
    if parameters:
        operation["parameters"] = parameters
    if not route.members_only:
        operation["security"] = []
    answers = {code: answer for code, answer in operation["responses"].items() if code not in _REPLACED}
    for code, answer in answers.items():
        _finish_answer(answer, int(code), handler, schemas)
    problems = _problems_of(route, {parameter["name"] for parameter in parameters}, operation)
    answers |= {str(status): {"$ref": f"#/components/responses/{_name(status)}"} for status in problems}
    operation["responses"] = dict(sorted(answers.items()))


def _finish_answer(answer: Json, code: int, handler: Any, schemas: Json) -> None:
    answer["description"] = HTTPStatus(code).phrase
    if code == HTTPStatus.NO_CONTENT:
        answer.pop("content", None)
        return
    content = answer["content"].get("application/json", {})
    record = schemas.get(content.get("schema", {}).get("$ref", "").rpartition("/")[2], {})
    names = ["Location"] if code in _WITH_LOCATION else []
    is_response = get_origin(get_type_hints(handler)["return"]) is Response
    if is_response and "version" in record.get("properties", {}):
        names.append("ETag")
    if names:
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(names)}


def _problems_of(route: Route, parameters: set[str], operation: Json) -> list[int]:
    if not route.members_only:
        return [429]
    found = {401, 403, 429, 503}
    if parameters or "requestBody" in operation:
        found.add(400)
    if "{" in route.path:
        found.add(404)
    if "requestBody" in operation:
        found |= {404, 413}
    if "Idempotency-Key" in parameters:
        found |= {409, 422}
    if "If-Match" in parameters:
        found |= {412, 428}
    return sorted(found)


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
    required = parameter["required"] or name == "If-Match"  # 428 without
    told = {"description": parameter["description"]} if "description" in parameter else {}
    example = {"example": '"1"'} if name == "If-Match" else {}
    return {"name": name, "in": parameter["in"], "required": required, **told, "schema": schema, **example}


def _handler(route: Route) -> Any:
    app = door(route.folder).app
    path = re.sub(r"\{(\w+)\}", r"<\1>", route.path)
    found = [
        one.func
        for one in (*app._static_routes, *app._dynamic_routes)
        if (one.method, one.path) == (route.method, path)
    ]
    return found[0]


def _headers() -> Json:
    text = {"type": "string"}
    return {
        "ETag": {
            "description": "The version, for `If-Match`.",
            "schema": text,
            "example": '"1"',
        },
        "Location": {"description": "The path of what was made, or where to go on.", "schema": text},
        "Retry-After": {"description": "Seconds to wait before the next try.", "schema": {"type": "integer"}},
    }


def _problem_response(status: int) -> Json:
    meanings = _meanings()[status]
    schema = {"$ref": "#/components/schemas/Problem"}
    slug, title = next(iter(meanings.items()))
    example = {"type": TYPE + slug, "title": title, "status": status, "detail": f"{title}."}
    retry = (
        {"headers": {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}} if status == 503 else {}
    )
    return {
        "description": ". ".join(meanings.values()),
        **retry,
        "content": {CONTENT_TYPE: {"schema": schema, "example": example}},
    }


def _name(status: int) -> str:
    return re.sub(r"\W", "", HTTPStatus(status).phrase)


def written(described: Json) -> str:
    """The document as it lies in the file; bounds are whole numbers."""
    text = json.dumps(described, indent=1, ensure_ascii=False)
    return re.sub(r"(?<=[0-9])\.0(?=,?$)", "", text, flags=re.MULTILINE) + "\n"


if __name__ == "__main__":
    text = written(document())
    made = json.loads(text)
    DOCUMENT.write_text(text)
    PAGE.write_text(page(made))
    print(f"{len(made['paths'])} paths in {DOCUMENT.relative_to(ROOT)} and {PAGE.relative_to(ROOT)}")
