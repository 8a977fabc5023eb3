"""How the house is laid out: arrows go one way, rooms of a floor have an order, and none is crowded."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from local.emulator import ROOT

PACKAGE = ROOT / "layers" / "common" / "crossbay"
FLOORS = (
    {"functions"},
    {"entry"},
    {"app"},
    {"store", "rendering", "transfer", "aws", "lookup"},
    {"campaigns", "exports", "imaging", "imports", "matching", "privacy", "reports", "search"},
    {"domain"},
    {"errors", "ids", "settings"},
)
"""From the doors down. What a floor needs lies on the floors below it."""

SIDEWAYS = {"exports": {"matching"}, "search": {"matching"}, "privacy": {"exports"}}
"""Pure packages that use another one of their floor."""

ROOMS = ("app", "domain", "entry", "store")
"""Their folders are capabilities, whose files may use each other's as long as no circle comes of it."""

MOST_FILES = 25
"""In one folder, of the package, the doors and the tests."""


def _imports(path: Path) -> Iterator[str]:
    """Modules of the package that a file imports, also inside functions and for types alone."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "crossbay":
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if _is_module(whole) else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("crossbay."))


def _is_module(name: str) -> bool:
    return PACKAGE.parent.joinpath(*name.split(".")).with_suffix(".py").exists()


def _files() -> Iterator[tuple[str, Path]]:
    """Each file by its module's name; a door's by `functions` and its folder."""
    for path in PACKAGE.rglob("*.py"):
        yield ".".join(("crossbay", *path.relative_to(PACKAGE).with_suffix("").parts)), path
    for path in ROOT.glob("functions/*/*.py"):
        yield f"crossbay.functions.{path.parent.name}", path


def _package(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def _arrows(of: Iterable[tuple[str, Path]]) -> Mapping[str, set[str]]:
    arrows: dict[str, set[str]] = defaultdict(set)
    for module, path in of:
        arrows[module] |= set(_imports(path))
    return arrows


def test_what_a_floor_needs_lies_below_it() -> None:
    floor_of = {package: floor for floor, packages in enumerate(FLOORS) for package in packages}
    upward = [
        f"{module} -> {needed}"
        for module, needs in _arrows(_files()).items()
        for needed in needs
        if (one := _package(module)) != (other := _package(needed))
        and floor_of[other] <= floor_of[one]
        and other not in SIDEWAYS.get(one, ())
    ]

    assert not upward


def test_every_package_stands_on_a_floor() -> None:
    packages = {path.stem for path in PACKAGE.iterdir() if not path.name.startswith("_")}

    assert packages == set().union(*FLOORS) - {"functions"}


def test_no_files_need_each_other_in_a_circle() -> None:
    assert not _circle(_arrows(_files()))


def test_no_capabilities_need_each_other_in_a_circle() -> None:
    """A folder of a layer counts as one, a file beside the folders as one of its own."""
    rooms: dict[str, set[str]] = defaultdict(set)
    for module, needs in _arrows(_files()).items():
        rooms[_room(module)] |= {_room(needed) for needed in needs} - {_room(module)}

    assert not _circle(rooms)


def _room(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[1:3]) if parts[1] in ROOMS else parts[1]


def _circle(arrows: Mapping[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_room_is_crowded() -> None:
    files = (path for top in (PACKAGE, ROOT / "functions", ROOT / "tests") for path in top.rglob("*.py"))
    count = Counter(
        str(path.parent.relative_to(ROOT))
        for path in files
        if path.stem != "__init__" and "node_modules" not in path.parts
    )

    assert not {folder: files for folder, files in count.items() if files > MOST_FILES}


def test_no_test_file_takes_from_another() -> None:
    """What they share lies in `tests/helpers`, or beside them in a file that holds no test."""
    taken = [
        f"{path.relative_to(ROOT)} <- {node.module}"
        for path in ROOT.glob("tests/*/**/*.py")
        if "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and ".test_" in f".{node.module}"
    ]

    assert not taken


def test_a_folder_of_a_capability_has_two_files_or_more() -> None:
    lonely = [
        str(folder.relative_to(PACKAGE))
        for layer in ROOMS
        for folder in (PACKAGE / layer).iterdir()
        if folder.is_dir()
        and folder.name != "__pycache__"
        and len([path for path in folder.glob("*.py") if path.stem != "__init__"]) < 2
    ]

    assert not lonely


OF_THE_TABLE = re.compile(
    r"""\["(?:body|pk|sk)"\]|\.get\("body"\)|\bKey\(|["'][A-Z]+(?:-[A-Z]+)*\#|\bfrom_body\("""
)
"""A key spelled, or a stored body taken apart."""


def test_keys_are_spelled_and_stored_bodies_read_in_the_store_alone() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for layer in ("app", "rendering", "campaigns", "exports", "privacy")
        for path in (PACKAGE / layer).rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if OF_THE_TABLE.search(line)
    ]

    assert not found
