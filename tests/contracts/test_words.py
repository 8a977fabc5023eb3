"""One word for one thing: no name bears a word that the glossary replaces."""

import ast
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import fields

import pytest

from crossbay.settings import Settings
from local.emulator import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
Named = tuple[str, str]
"""A name, and where it stands."""

STORED = {"CUSTOMER_CONTACT"}
"""Names of what is stored under a replaced word, said so on the page."""


def _words(name: str) -> str:
    """The words of a name in any spelling, each between blanks: `FollowUpList` is ` follow up list `."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return f" {' '.join(re.findall(r'[a-z0-9]+', apart.lower()))} "


def _rows() -> Iterator[list[str]]:
    for line in GLOSSARY.read_text().splitlines():
        if line.startswith("| ") and not line.startswith(("| ---", "| word ")):
            yield [cell.strip() for cell in line.strip("|").split("|")]


REPLACED = {old.strip(): row[0] for row in _rows() for old in row[2].split(",") if old.strip()}


def _names_of_code() -> Iterator[Named]:
    for folder in ("layers/common/crossbay", "functions", "local"):
        for path in (ROOT / folder).rglob("*.py"):
            where = str(path.relative_to(ROOT))
            yield where.replace("/", " "), where
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ClassDef | ast.FunctionDef):
                    yield node.name, where
                elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    yield node.targets[0].id, where


def _names_of_api() -> Iterator[Named]:
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    yield from ((path, "path") for path in document["paths"])
    yield from ((tag["name"], "tag") for tag in document["tags"])
    yield from ((name, "schema") for name in document["components"]["schemas"])
    for operations in document["paths"].values():
        yield from (
            (one["operationId"], "operation") for method, one in operations.items() if method != "parameters"
        )


def _headings() -> Iterator[Named]:
    for path in (ROOT / "docs").glob("*.md"):
        yield path.stem, path.name
        for line in path.read_text().splitlines():
            if line.startswith("#"):
                yield line, path.name


def _settings() -> Iterator[Named]:
    yield from ((field.name, "settings") for field in fields(Settings))


@pytest.mark.parametrize("names", [_names_of_code, _names_of_api, _headings, _settings])
def test_no_name_bears_a_word_that_the_glossary_replaces(names: Callable[[], Iterator[Named]]) -> None:
    wrong = [
        f"{name} ({where}): say {word}, not {old}"
        for name, where in names()
        if name not in STORED
        for old, word in REPLACED.items()
        if f" {old} " in _words(name)
    ]

    assert not wrong, "\n".join(wrong)


def test_each_word_of_the_glossary_stands_once_and_says_something() -> None:
    words = [row[0] for row in _rows()]

    assert len(words) == len(set(words))
    assert all(len(row) == 3 and row[1] for row in _rows())
    assert not set(REPLACED) & set(words)


def test_the_name_of_a_class_stands_once() -> None:
    where = defaultdict(list)
    for folder in ("layers/common/crossbay", "functions", "local"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ClassDef):
                    where[node.name].append(str(path.relative_to(ROOT)))

    assert not {name: paths for name, paths in where.items() if len(paths) > 1}
