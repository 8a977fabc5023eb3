"""Reads template.yaml and the body of its API as plain data, for what must be made or checked from them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from local.emulator import ROOT

TEMPLATE = ROOT / "template.yaml"
API = ROOT / "api.json"
"""The body of the API, which the template includes; made by local/api_body.py."""

_METHODS = {"delete", "get", "head", "options", "patch", "post", "put"}


class _Loader(yaml.SafeLoader):
    """Writes CloudFormation's short tags out: `!Ref X` is {"Ref": "X"}, `!Sub X` is {"Fn::Sub": "X"}."""


def _short_tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    match node:
        case yaml.ScalarNode():
            return {name: loader.construct_scalar(node)}
        case yaml.SequenceNode():
            return {name: loader.construct_sequence(node, deep=True)}
        case yaml.MappingNode():
            return {name: loader.construct_mapping(node, deep=True)}
    raise ValueError(f"{TEMPLATE.name}: !{suffix} stands on an unknown kind of node")


_Loader.add_multi_constructor("!", _short_tag)


@cache
def template() -> dict[str, Any]:
    """The whole template, short tags and loops written out."""
    loaded: dict[str, Any] = yaml.load(TEMPLATE.read_text(), Loader=_Loader)  # noqa: S506 (a SafeLoader)
    loaded["Resources"] = dict(_without_loops(loaded["Resources"]))
    return loaded


def _without_loops(resources: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each resource by its logical id, those of a `Fn::ForEach` one by one."""
    for name, declared in resources.items():
        if not name.startswith("Fn::ForEach::"):
            yield name, declared
            continue
        variable, values, made = declared
        for value in values:
            yield from _filled_in(made, variable, value).items()


def _filled_in(part: Any, variable: str, value: str) -> Any:
    """The part of a loop's body for one value of its variable: where AWS fills it in, and nowhere else."""
    match part:
        case {"Ref": name} if name == variable:
            return value
        case {"Fn::Sub": text} if f"${{{variable}}}" in text:
            return text.replace(f"${{{variable}}}", value)
        case dict():
            return {
                name.replace(f"${{{variable}}}", value): _filled_in(inner, variable, value)
                for name, inner in part.items()
            }
        case list():
            return [_filled_in(inner, variable, value) for inner in part]
    return part


def resource(logical_id: str) -> dict[str, Any]:
    """The properties of one resource. Raises KeyError when the template has none of that name."""
    properties: dict[str, Any] = template()["Resources"][logical_id]["Properties"]
    return properties


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route of a door. function: its logical id; folder: its code, from the root of the repository."""

    function: str
    folder: str
    method: str
    path: str
    members_only: bool


def functions() -> dict[str, dict[str, Any]]:
    """The properties of every function by logical id."""
    return of_type("AWS::Serverless::Function")


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of every resource of a type by logical id."""
    resources: dict[str, Any] = template()["Resources"]
    return {
        name: resource.get("Properties", {})
        for name, resource in resources.items()
        if resource["Type"] == kind
    }


def jobs() -> dict[str, dict[str, Any]]:
    """What feeds each worker from its queue: a mapping's properties by the function's logical id."""
    return {
        mapping["FunctionName"]["Ref"].removesuffix(".Alias"): mapping
        for mapping in of_type("AWS::Lambda::EventSourceMapping").values()
    }


@cache
def routes() -> tuple[Route, ...]:
    """Every route of the API as it is deployed, by path and method."""
    folders = {name: properties["CodeUri"] for name, properties in functions().items()}
    return tuple(
        Route(
            function=function,
            folder=folders[function],
            method=method.upper(),
            path=path,
            members_only=operation["security"] != [],
        )
        for path, operations in json.loads(API.read_text())["paths"].items()
        for method, operation in operations.items()
        if method in _METHODS
        for function in [_answered_by(operation)]
    )


def gateway_responses() -> dict[str, dict[str, Any]]:
    """What API Gateway answers itself, by kind: statusCode, responseParameters, responseTemplates."""
    told: dict[str, dict[str, Any]] = json.loads(API.read_text())["x-amazon-apigateway-gateway-responses"]
    return told


def _answered_by(operation: dict[str, Any]) -> str:
    """The logical id of the function behind an operation."""
    uri = operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
    (function,) = re.findall(r"\$\{(\w+)\.Alias\}", uri)
    return str(function)
