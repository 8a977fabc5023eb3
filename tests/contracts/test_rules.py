"""Rules by their ids: the page that says them, the code that cites them and the tests that show them."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from local.emulator import ROOT
from tests.helpers.rules import LANDED, said

_CITED = re.compile(r"\b[SCPKMXWN]\d{1,2}\b")
_RANGE = re.compile(r"\b(?P<letter>[SCPKMXWN])(?P<first>\d{1,2})(?: to |-)(?P=letter)(?P<last>\d{1,2})\b")
_NO_RULES = re.compile(r"[Aa]ppendix C\d")
"""What looks like an id and is none: appendices of USPS's Publication 28."""


def _prose(source: str) -> Iterator[str]:
    """What a file says to its reader: docstrings, and comments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def _ids(text: str) -> set[str]:
    text = _NO_RULES.sub("", text)
    between = {
        f"{found['letter']}{number}"
        for found in _RANGE.finditer(text)
        for number in range(int(found["first"]), int(found["last"]) + 1)
    }
    return between | set(_CITED.findall(text))


def _files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py")]


def _marks(source: str) -> Iterator[str]:
    """The ids of a test file's marks, `pytest.mark.rule("S9")`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule":
            yield from (ast.literal_eval(argument) for argument in node.args)


def test_every_rule_that_the_code_cites_is_on_the_page() -> None:
    cited = {
        (rule, str(path.relative_to(ROOT)))
        for path in _files("layers/common/crossbay", "functions", "local")
        if _CITED.search(source := path.read_text())
        for text in _prose(source)
        for rule in _ids(text)
    }

    assert {rule for rule, _ in cited} > {"S9", "C12"}
    assert not {one for one in cited if one[0] not in said()}


def test_every_rule_that_a_test_is_marked_with_is_on_the_page() -> None:
    marked = {
        rule
        for path in _files("tests/unit", "tests/integration", "tests/e2e", "tests/contracts")
        if "mark.rule" in (source := path.read_text())
        for rule in _marks(source)
    }

    assert marked >= set(LANDED)
    assert not marked - set(said())


def test_the_page_has_every_landed_rule_and_says_of_any_other_that_it_is_yet_to_come() -> None:
    landed = {rule for rule, (_, is_open) in said().items() if not is_open}

    assert landed == set(LANDED)


def test_each_letter_of_the_page_is_a_heading_with_its_rules_below() -> None:
    heading = ""
    for line in (ROOT / "docs" / "rules.md").read_text().splitlines():
        if line.startswith("## "):
            heading = line[3]
        elif line.startswith("- "):
            assert line.startswith(f"- **{heading}"), line
