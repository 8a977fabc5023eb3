"""api.json, the body of the API that template.yaml includes, made from the code of the doors: `make openapi`.

OpenAPI 3.0.1 with API Gateway's extensions: every path with the door that answers it, who needs no sign-in,
and what API Gateway answers itself. A door's path, method and `security=OPEN` are all that is read (0233).
"""

import json
import re
from functools import cache
from typing import Any

from local.api_answers import ANSWERS
from local.doors import door
from local.template import API, Route, functions

Json = dict[str, Any]

PREFLIGHT = ("OPTIONS", "/{proxy+}")
"""A method that a path lacks falls through to the greedy path: one route answers every preflight."""

_AUTHORIZER = "Members"


@cache
def routes_of_doors() -> tuple[Route, ...]:
    """Every route that the doors' code answers, by path and method."""
    found = [
        Route(
            function=name,
            folder=properties["CodeUri"],
            method=one.method,
            path=_in_api_gateways_spelling(one.path),
            members_only=one.security is None,
        )
        for name, properties in functions().items()
        if "Handler" not in properties
        for one in _resolver_routes(properties["CodeUri"])
    ]
    return tuple(sorted(found, key=lambda route: (route.path, route.method)))


def body() -> Json:
    """The body of the API as plain data. Raises ValueError for a route that two doors answer."""
    paths: dict[str, Json] = {}
    for route in routes_of_doors():
        methods = paths.setdefault(route.path, _parameters(route.path))
        if methods.setdefault(route.method.lower(), operation := _operation(route)) is not operation:
            raise ValueError(f"two doors answer {route.method} {route.path}")
    return {
        "openapi": "3.0.1",
        "info": {"title": {"Ref": "AWS::StackName"}, "version": "1.0"},
        "paths": paths,
        "components": {
            "securitySchemes": {
                _AUTHORIZER: {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "cognito_user_pools",
                    "x-amazon-apigateway-authorizer": {
                        "type": "cognito_user_pools",
                        "providerARNs": [{"Fn::GetAtt": ["UserPool", "Arn"]}],
                    },
                }
            }
        },
        "x-amazon-apigateway-gateway-responses": {
            kind: {
                "statusCode": str(answer.status),
                "responseParameters": {
                    f"gatewayresponse.header.{name}": value for name, value in answer.headers.items()
                },
                "responseTemplates": {"application/json": answer.text},
            }
            for kind, answer in ANSWERS.items()
        },
    }


def written(made: Json) -> str:
    """The body as it lies in the file: a line for each operation, so that a changed route changes one."""
    lines = [
        f"{json.dumps(path)}: {{\n"
        + ",\n".join(f" {json.dumps(name)}: {json.dumps(told)}" for name, told in methods.items())
        + "\n}"
        for path, methods in made["paths"].items()
    ]
    rest = {name: value for name, value in made.items() if name != "paths"}
    return '{\n"paths": {\n' + ",\n".join(lines) + "\n},\n" + json.dumps(rest, indent=1)[2:] + "\n"


def write() -> None:
    API.write_text(written(body()))


def _resolver_routes(folder: str) -> list[Any]:
    app = door(folder).app
    return [*app._static_routes, *app._dynamic_routes]


def _in_api_gateways_spelling(path: str) -> str:
    """`<shop_id>` as `{shop_id}`, and a path that takes all the rest as the greedy one."""
    return PREFLIGHT[1] if path == ".+" else re.sub(r"<(\w+)>", r"{\1}", path)


def _parameters(path: str) -> Json:
    names = re.findall(r"{(\w+)\+?}", path)
    told = [{"name": one, "in": "path", "required": True, "schema": {"type": "string"}} for one in names]
    return {"parameters": told} if told else {}


def _operation(route: Route) -> Json:
    """The alias's ARN, so that a new route comes after the code that answers it is live."""
    function = f"${{{route.function}.Alias}}"
    where = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions"
    return {
        "security": [{_AUTHORIZER: []}] if route.members_only else [],
        "responses": {},
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "uri": {"Fn::Sub": f"{where}/{function}/invocations"},
        },
    }
