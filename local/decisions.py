"""docs/decisions/README.md, made from the decisions' pages and the code that cites them: `make decisions`.

A page begins with `# 0182 Title`; its date's line says what it replaces: `2026-12-01; replaces part of 0053`.
Code cites a decision as `decision 0182`, `(0182)`, `docs/decisions/0182` or `docs/decisions/0050 to 0054`.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from local.emulator import ROOT

FOLDER = ROOT / "docs" / "decisions"
INDEX = FOLDER / "README.md"
NUMBER = re.compile(r"0\d{3}")

_CITED = re.compile(r"(?:[Dd]ecisions?[ /]|\()(?P<first>0\d{3})\b(?: to (?P<last>0\d{3}))?")
_REPLACES = re.compile(r"\d{4}-\d\d-\d\d; replaces (?P<what>(?:part of )?0\d{3}(?:, 0\d{3})*)")

_HEAD = """# Decisions

Why things are as they are, one page each: what, why, and the number that decided. Pages stay as they were
written: paths in them are those of their day. This list is made by `make decisions`.

| decision | replaces | cited in |
| --- | --- | --- |
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPage:
    number: str
    title: str
    file: str
    replaces: str
    """Which decision it replaces, `part of` included; empty for none."""


def pages() -> list[DecisionPage]:
    """The decisions by number. Raises ValueError for a page that doesn't begin with its number and title."""
    found = []
    for path in sorted(FOLDER.glob("0*.md")):
        first, _, rest = path.read_text().partition("\n")
        number = path.name[:4]
        if not first.startswith(f"# {number} "):
            raise ValueError(f"{path.name} begins with `# {number} ` and its title")
        replaces = _REPLACES.match(rest.lstrip())
        found.append(
            DecisionPage(
                number=number,
                title=first.removeprefix(f"# {number} "),
                file=path.name,
                replaces=replaces["what"] if replaces else "",
            )
        )
    return found


def cited() -> dict[str, list[str]]:
    """The files of code and template that cite each number, sorted."""
    found = defaultdict(set)
    folders = ("layers/common/crossbay", "functions", "local")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    for path in (*files, ROOT / "template.yaml", ROOT / "layers" / "common" / "Makefile"):
        if path.name != "decisions.py":
            for one in _CITED.finditer(path.read_text()):
                for number in range(int(one["first"]), int(one["last"] or one["first"]) + 1):
                    found[f"{number:04}"].add(str(path.relative_to(ROOT)))
    return {number: sorted(files) for number, files in found.items()}


def index() -> str:
    """What the list of decisions has to be."""
    files = cited()
    rows = [
        f"| [{page.number}]({page.file}) {page.title} | {page.replaces} "
        f"| {', '.join(f'`{name}`' for name in files.get(page.number, ()))} |\n"
        for page in pages()
    ]
    return _HEAD + "".join(rows)


if __name__ == "__main__":
    INDEX.write_text(index())
    print(f"{len(pages())} decisions in {INDEX.relative_to(ROOT)}")
