"""api.json, the deployed body of the API: the routes of the doors, behind sign-in unless said to be open."""

import json
import re

import pytest

from local.api_body import PREFLIGHT, body, routes_of_doors, written
from local.template import API, functions, of_type, resource, routes
from local.translated import translated

DEPLOYED = json.loads(API.read_text())


@pytest.mark.rule("X4")
def test_the_body_of_the_api_is_what_the_doors_answer_now() -> None:
    assert API.read_text() == written(body()), "run `make openapi`"


def test_a_route_is_read_from_the_body_as_the_door_has_it() -> None:
    assert routes() == routes_of_doors()
    assert PREFLIGHT in {(route.method, route.path) for route in routes()}


@pytest.mark.rule("X1")
def test_every_route_asks_for_a_token_but_documents_preflights_and_customers_links() -> None:
    scheme = DEPLOYED["components"]["securitySchemes"]["Members"]
    open_to_all = {(route.method, route.path) for route in routes() if not route.members_only}

    assert open_to_all == {
        ("GET", "/openapi.json"),
        ("GET", "/docs"),
        ("OPTIONS", "/{proxy+}"),
        ("GET", "/unsubscribe"),
        ("GET", "/unsubscribe/{token}"),
        ("HEAD", "/unsubscribe/{token}"),
        ("POST", "/unsubscribe/{token}"),
        ("POST", "/unsubscribe/{token}/undo"),
    }
    assert scheme["x-amazon-apigateway-authtype"] == "cognito_user_pools"
    assert scheme["x-amazon-apigateway-authorizer"]["providerARNs"] == [{"Fn::GetAtt": ["UserPool", "Arn"]}]
    for operations in DEPLOYED["paths"].values():
        for method, operation in operations.items():
            assert method == "parameters" or operation["security"] in ([], [{"Members": []}])
    assert not {"Auth", "GatewayResponses"} & set(resource("Api"))


def test_no_method_stands_for_all_and_no_two_variables_stand_at_one_place() -> None:
    """API Gateway refuses two children with different variables under one parent."""
    variables: dict[str, set[str]] = {}
    for route in routes():
        before = ""
        for part in route.path.split("/"):
            if part.startswith("{") and not part.endswith("+}"):
                variables.setdefault(before, set()).add(part)
            before += f"/{part}"

    assert "ANY" not in {route.method for route in routes()}
    assert {before: names for before, names in variables.items() if len(names) > 1} == {}


@pytest.mark.parametrize("path", DEPLOYED["paths"])
def test_a_paths_variables_are_declared(path: str) -> None:
    declared = [one["name"] for one in DEPLOYED["paths"][path].get("parameters", ())]

    assert declared == re.findall(r"{(\w+)\+?}", path)


def test_api_gateway_may_ask_the_doors_of_its_routes_at_their_live_code_and_nothing_else() -> None:
    allowed = {}
    for permission in of_type("AWS::Lambda::Permission").values():
        assert permission["Principal"] == "apigateway.amazonaws.com"
        assert permission["SourceArn"]["Fn::Sub"].endswith("${AWS::AccountId}:${Api}/${StageName}/*")
        allowed[permission["FunctionName"]["Ref"].removesuffix(".Alias")] = permission["Action"]

    assert allowed == dict.fromkeys((route.function for route in routes()), "lambda:InvokeFunction")


def test_once_translated_every_route_leads_to_the_alias_of_its_function() -> None:
    paths = translated()["Api"]["Properties"]["Body"]["paths"]

    for route in routes():
        uri = paths[route.path][route.method.lower()]["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
        assert uri.endswith(f"functions/${{{route.function}Aliaslive}}/invocations")
    assert not [name for name, one in functions().items() if _has_api_event(one)]


def _has_api_event(properties: dict[str, object]) -> bool:
    return '"Api"' in json.dumps(properties.get("Events", {}))
