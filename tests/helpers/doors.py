"""The doors in this process, behind the routes of api.json: requests as over API Gateway, no emulator.

`Doors` is a WSGI application, so that schemathesis can drive it, and makes a `Caller` for each member.
"""

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from local.doors import door
from local.template import Route, gateway_responses, routes
from tests.helpers.described import assert_described

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """headers: by lower-case name."""

    status_code: int
    headers: Mapping[str, str]
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


class LambdaContext:
    """What Lambda tells a handler about the invocation."""

    function_name = "door"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:door"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 25_000


@dataclass(slots=True)
class Doors:
    """Every door of the template. `claims` says who a WSGI request comes from."""

    claims: dict[str, str] = field(default_factory=dict)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        headers = {
            name[5:].replace("_", "-").title(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ.get("wsgi.input", BytesIO()).read(length) if length else b""
        path = quote(environ["PATH_INFO"].encode("latin-1"), safe="/-._~")
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        answer = self.answer(environ["REQUEST_METHOD"], path, headers, query, body, self.claims)
        start_response(f"{answer.status_code} -", list(answer.headers.items()))
        return [answer.text.encode()]

    def answer(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        query: Mapping[str, list[str]],
        body: bytes,
        claims: Mapping[str, str],
    ) -> Answer:
        """What the door behind the route says; 404 and 401 where API Gateway would."""
        route = _route_of(method, path)
        if route is None:
            return _gateway_answer("MISSING_AUTHENTICATION_TOKEN")
        if route.members_only and not claims:
            return _gateway_answer("UNAUTHORIZED")
        event = _event(route, method, path, headers, query, body, claims)
        result = started(route.folder).lambda_handler(event, LambdaContext())
        text = result["body"]
        if not isinstance(text, str):
            raise TypeError(f"{route.method} {route.path} answers no text: the emulator breaks on it")
        if result.get("isBase64Encoded"):
            text = base64.b64decode(text).decode()
        many = result.get("multiValueHeaders") or {}
        answer_headers = {name.lower(): values[0] for name, values in many.items()}
        if method != "OPTIONS":
            assert_described(method, route.path, result["statusCode"], answer_headers, text)
        return Answer(status_code=result["statusCode"], headers=answer_headers, text=text)

    @staticmethod
    def forget() -> None:
        """As if every Lambda had started anew. Its routes alone stay: making their models takes longest."""
        for module, at_start in _STARTED.values():
            vars(module.door).update(at_start)
            for value in vars(module).values():
                if getattr(value, "__module__", None) == module.__name__ and hasattr(value, "cache_clear"):
                    value.cache_clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One member's client."""

    doors: Doors
    claims: Mapping[str, str]

    def __call__(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """path starts with a slash and may carry a query; body goes as JSON, bytes as they are."""
        split = urlsplit(path)
        pairs = parse_qs(f"{split.query}&{urlencode(query or {}, doseq=True)}", keep_blank_values=True)
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **(headers or {})}
        return self.doors.answer(method, split.path, sent, pairs, content, self.claims)


_STARTED: dict[str, tuple[ModuleType, dict[str, Any]]] = {}
"""Each door that runs, and what its `Door` held when it started."""


def started(folder: str) -> ModuleType:
    """The door's module, whose state at its start is known, so that `Doors.forget` brings it back."""
    if folder not in _STARTED:
        module = door(folder)
        _STARTED[folder] = module, dict(vars(module.door))
    return _STARTED[folder][0]


def _gateway_answer(name: str) -> Answer:
    """What API Gateway says itself, as the body of the API words it."""
    response = gateway_responses()[name]
    headers = {
        name.removeprefix("gatewayresponse.header."): value
        for name, value in response["responseParameters"].items()
    }
    return Answer(
        status_code=int(response["statusCode"]),
        headers={name.lower(): value.strip("'") for name, value in headers.items()},  # the id as its name
        text=response["responseTemplates"]["application/json"],
    )


def _route_of(method: str, path: str) -> Route | None:
    found = [route for route in routes() if route.method == method and _pattern(route.path).fullmatch(path)]
    return min(found, key=lambda route: route.path.count("{"), default=None)


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path.replace("{proxy+}", ".+")))


def _event(
    route: Route,
    method: str,
    path: str,
    headers: Mapping[str, str],
    query: Mapping[str, list[str]],
    body: bytes,
    claims: Mapping[str, str],
) -> dict[str, Any]:
    """The request as API Gateway's REST proxy integration hands it to a Lambda."""
    try:
        text, is_base64 = body.decode(), False
    except UnicodeDecodeError:
        text, is_base64 = base64.b64encode(body).decode(), True
    return {
        "resource": route.path,
        "path": path,
        "httpMethod": method,
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": dict(query) or None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "requestId": "test",
            "path": path,
            "httpMethod": method,
            "resourcePath": route.path,
            "stage": "test",
            "identity": {"sourceIp": "127.0.0.1"},
            "authorizer": {"claims": dict(claims)} if claims else {},
        },
        "body": text or None,
        "isBase64Encoded": is_base64,
    }
