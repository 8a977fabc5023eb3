"""Pages of docs/: the files that they name are there. Decisions keep the paths of their day."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.emulator import ROOT

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
BASES = (ROOT, ROOT / "layers" / "common" / "crossbay")

_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/[\w-]+\.(?:py|md|yaml|json|toml|txt|csv|html|mjml|css|sh)")
_FOLDER = re.compile(r"(?:functions|layers|local|tests|docs|benchmarks|requirements)(?:/[\w.-]+)*/?")
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
_PYTHON = re.compile(r"`([\w/.-]+\.py)`")
_MODULE = re.compile(r"python -m ((?:local|benchmarks)\.[\w.]+)")


def _named(text: str) -> Iterator[str]:
    """The paths that stand in backticks."""
    for code in _CODE.findall(text):
        if _PATH.fullmatch(code) or _FOLDER.fullmatch(code):
            yield code
        yield from (f"{module.replace('.', '/')}.py" for module in _MODULE.findall(code))


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.parent.name != "decisions" or page.name == "README.md"],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text()

    missing = {path for path in _named(text) if not any((base / path).exists() for base in BASES)}
    broken = {link for link in _LINK.findall(text) if not (page.parent / link).exists()}

    assert not missing | broken


def test_every_file_that_a_docstring_or_comment_names_is_there() -> None:
    files = [
        path
        for top in ("functions", "layers", "local", "tests", "benchmarks")
        for path in ROOT.glob(f"{top}/**/*.py")
    ]
    known = {"/".join(path.parts[-length:]) for path in files for length in range(1, 7)}

    missing = {
        f"{path.relative_to(ROOT)}: {named}"
        for path in files
        if "node_modules" not in path.parts
        for named in _PYTHON.findall(path.read_text())
        if named not in known
    }

    assert not missing


def test_the_page_for_newcomers_names_files_of_every_floor() -> None:
    named = set(_named((ROOT / "docs" / "architecture.md").read_text()))

    assert {path.partition("/")[0] for path in named} >= {
        "functions",
        "entry",
        "app",
        "store",
        "domain",
        "aws",
    }
