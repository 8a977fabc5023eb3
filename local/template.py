"""Reads template.yaml as plain data, for what must be made or checked from it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from local.emulator import ROOT

TEMPLATE = ROOT / "template.yaml"


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
    """The whole template, short tags written out."""
    loaded: dict[str, Any] = yaml.load(TEMPLATE.read_text(), Loader=_Loader)  # noqa: S506 (a SafeLoader)
    return loaded


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
    """The properties of every resource of a type by logical id; a loop of the template isn't a resource."""
    resources: dict[str, Any] = template()["Resources"]
    return {
        name: resource.get("Properties", {})
        for name, resource in resources.items()
        if isinstance(resource, dict) and resource["Type"] == kind
    }


def routes() -> tuple[Route, ...]:
    """Every route of the API in the template's order."""
    return tuple(
        Route(
            function=name,
            folder=properties["CodeUri"],
            method=event["Properties"]["Method"],
            path=event["Properties"]["Path"],
            members_only=event["Properties"].get("Auth") != {"Authorizer": "NONE"},
        )
        for name, properties in functions().items()
        for event in properties.get("Events", {}).values()
        if event["Type"] == "Api"
    )
