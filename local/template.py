"""Reads template.yaml as plain data, for what must be made or checked from it."""

from functools import cache
from typing import Any

import yaml

from local.emulator import ROOT

TEMPLATE = ROOT / "template.yaml"


class _Loader(yaml.SafeLoader):
    """Understands CloudFormation's short tags: `!Ref X` is {"Ref": "X"}, `!GetAtt A.B` is {"Fn::GetAtt": "A.B"}."""


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
