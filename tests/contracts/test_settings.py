"""The settings of the code, their table, the runbook and the template are in step."""

import ast
import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from crossbay import settings as settings_module
from crossbay.settings import Settings
from local.emulator import ROOT
from local.template import functions, template

PACKAGE = ROOT / "layers" / "common" / "crossbay"
NAMES = [field.name.upper() for field in fields(Settings)]


def _listed(text: str) -> list[str]:
    """The names in the first column of the tables of a text."""
    return re.findall(r"^\| `?([A-Z][A-Z_]+)`? \|", text, flags=re.MULTILINE)


@cache
def _required(path: Path) -> set[str]:
    """What is named in calls of `settings().require(...)` in this file."""
    calls = ast.walk(ast.parse(path.read_text()))
    return {
        argument.value.upper()
        for call in calls
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "require"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def _variables(properties: dict[str, dict[str, dict[str, object]]]) -> set[str]:
    return set(properties.get("Environment", {}).get("Variables", {}))


def test_the_table_of_the_settings_names_every_one_in_order() -> None:
    assert _listed(settings_module.__doc__ or "") == NAMES


def test_the_runbook_lists_every_setting() -> None:
    section = (ROOT / "docs" / "runbook.md").read_text().partition("\n## Settings\n")[2].partition("\n## ")[0]

    assert sorted(_listed(section)) == sorted(NAMES)


@pytest.mark.parametrize("function", sorted(functions()))
def test_a_function_gets_every_setting_that_its_code_requires(function: str) -> None:
    properties = functions()[function]
    entry = properties.get("Handler", "handler.lambda_handler").partition(".")[0]
    files = (ROOT / properties["CodeUri"] / f"{entry}.py", *PACKAGE.rglob("*.py"))
    needed = {name for path in files for name in _required(path)}

    assert "TABLE_NAME" in needed
    assert needed <= set(NAMES)
    assert needed <= _variables(template()["Globals"]["Function"]) | _variables(properties)


def test_the_template_sets_no_name_that_the_code_does_not_know() -> None:
    given = {name for properties in functions().values() for name in _variables(properties)}

    assert given
    assert given <= set(NAMES)
