"""What the code promises about itself: who imports what, what a door loads, and lists that stay in step."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from local.emulator import ROOT
from local.template import functions, jobs, routes

PACKAGE = ROOT / "layers" / "common" / "crossbay"
PURE = ("domain", "matching", "search", "imports", "exports", "privacy")
UNCLEAN = {"boto3", "botocore", "pynamodb", "pydynox", "pydantic", "aws_lambda_powertools"}

_TOPS = """import sys
tops = {name.partition(".")[0] for name in sys.modules}
print(*tops - ({"botocore"} if "botocore.client" not in sys.modules else set()))
"""
"""Powertools imports one file of `botocore`, its `__init__`, to name itself in user agents."""

WATCHED = UNCLEAN | {
    "rapidfuzz",
    "msgspec",
    "phonenumbers",
    "nicknames",
    "nameparser",
    "itsdangerous",
    "jinja2",
}
READS = {"aws_lambda_powertools", "pydantic", "pydynox", "msgspec", "itsdangerous"}
LOADED = {
    "api_docs": READS,
    "search": READS,
    "history": READS | {"rapidfuzz"},
    "customers": READS | {"rapidfuzz"},
    "vehicles": READS | {"rapidfuzz"},
    "contacts": READS | {"rapidfuzz"},
    "link": READS | {"rapidfuzz"},
    "repair_orders": READS | {"rapidfuzz"},
    "appointments": READS | {"rapidfuzz"},
    "equipment": READS | {"rapidfuzz"},
    "quotes": READS | {"rapidfuzz"},
    "sources": READS | {"rapidfuzz"},
    "source_report": READS | {"rapidfuzz"},
    "profile": READS | {"rapidfuzz"},
    "photos": READS | {"rapidfuzz"},
    "imports": READS,
    "organizations": READS | {"rapidfuzz"},
    "campaigns": READS | {"rapidfuzz"},
    "messages": READS | {"rapidfuzz"},
    "fleets": READS | {"rapidfuzz"},
    "cases": READS | {"rapidfuzz"},
    "vin": READS | {"rapidfuzz"},
    "unsubscribe": READS,
    "exporters": READS | {"rapidfuzz"},
    "privacy": READS,
}
"""Which of the packages that cost time or couple to a cloud a door has loaded before its first request."""


@cache
def _loaded(program: str) -> set[str]:
    """The top-level packages in a fresh interpreter after this program."""
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\n{_TOPS}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(PACKAGE.parent)},
    )
    return set(done.stdout.split())


@cache
def _imports(path: Path) -> set[str]:
    """Every module that a file imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def _importers(package: str) -> set[str]:
    files = (*PACKAGE.rglob("*.py"), *ROOT.glob("functions/*/*.py"))
    return {
        str(path.relative_to(ROOT))
        for path in files
        if any(module.partition(".")[0] == package for module in _imports(path))
    }


@pytest.mark.parametrize("name", PURE)
def test_a_pure_package_loads_no_cloud_library_and_no_pydantic(name: str) -> None:
    modules = [
        f"crossbay.{path.relative_to(PACKAGE).with_suffix('').as_posix().replace('/', '.')}"
        for path in (PACKAGE / name).rglob("*.py")
        if path.stem != "__init__"
    ]

    assert modules
    assert not _loaded("import " + ", ".join(modules)) & UNCLEAN


def test_pynamodb_and_pydynox_have_one_importer_each() -> None:
    assert _importers("pynamodb") == {"layers/common/crossbay/store/table.py"}
    assert _importers("pydynox") == {"layers/common/crossbay/store/reads.py"}


def test_only_doors_and_their_entry_know_pydantic_and_powertools() -> None:
    allowed = ("layers/common/crossbay/entry/", "functions/")
    for package in ("pydantic", "aws_lambda_powertools"):
        assert not [path for path in _importers(package) if not path.startswith(allowed)]


def test_aws_clients_are_made_in_aws_alone() -> None:
    assert all(path.startswith("layers/common/crossbay/aws/") for path in _importers("boto3"))


def test_settings_alone_reads_the_environment() -> None:
    for path in (*PACKAGE.rglob("*.py"), *ROOT.glob("functions/*/*.py")):
        if path != PACKAGE / "settings.py":
            assert "os" not in _imports(path), path


def test_nothing_at_the_top_of_a_module_is_there_for_tests_alone() -> None:
    """A name is used in its own file, imported from there, or looked up as an attribute of something."""
    defined, used, attributes = set(), set(), set()
    for path in (*PACKAGE.rglob("*.py"), *ROOT.glob("functions/*/*.py"), *ROOT.glob("local/**/*.py")):
        tree = ast.parse(path.read_text())
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removeprefix("layers.common.")
        if module.startswith("crossbay."):
            defined |= {(module, name) for name in _defined(tree)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                used |= {(node.module, alias.name) for alias in node.names}
            elif isinstance(node, ast.Attribute):
                attributes.add(node.attr)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                used.add((module, node.id))

    assert not {(module, name) for module, name in defined - used if name not in attributes}


def _defined(tree: ast.Module) -> Iterator[str]:
    """The functions, classes and constants at the top of a module."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            names = (name for target in node.targets for name in ast.walk(target))
            yield from (
                name.id for name in names if isinstance(name, ast.Name) and not name.id.startswith("__")
            )


@pytest.mark.parametrize("door", sorted(LOADED))
def test_a_door_starts_with_the_packages_it_is_known_to_need_and_no_more(door: str) -> None:
    found = _loaded(f"import sys; sys.path.insert(0, 'functions/{door}'); import handler")

    assert found & WATCHED == LOADED[door]


@pytest.mark.parametrize("door", ["search", "history"])
def test_doors_that_only_read_never_load_what_writes(door: str) -> None:
    found = _loaded(f"import sys; sys.path.insert(0, 'functions/{door}'); import handler")

    assert not found & {"pynamodb", "boto3", "botocore"}


def test_every_door_of_the_template_is_in_the_list_of_what_doors_load() -> None:
    assert {f"functions/{door}" for door in LOADED} == {route.folder for route in routes()}


def test_every_door_has_a_sample_event_for_each_of_its_triggers() -> None:
    samples = {path.name for path in (ROOT / "events").glob("*.json")}

    for route in routes():
        assert f"{route.folder.rpartition('/')[2]}_http.json" in samples
    for name in jobs():
        folder = functions()[name]["CodeUri"].rpartition("/")[2]
        assert [one for one in samples if one.startswith(folder) and "_http" not in one], name


@pytest.mark.parametrize("path", sorted(ROOT.glob("events/*_http.json")), ids=lambda path: path.stem)
def test_a_sample_of_a_request_is_one_that_the_template_sends_to_that_door(path: Path) -> None:
    event = json.loads(path.read_text())
    folder = f"functions/{path.stem.removesuffix('_http')}"

    assert (folder, event["httpMethod"], event["resource"]) in {
        (route.folder, route.method, route.path) for route in routes()
    }


SHOP_OR_ALL = {
    "layers/common/crossbay/store/links/lookups.py: find_cards",
    "layers/common/crossbay/store/links/lookups.py: _query",
    "layers/common/crossbay/store/search/search_keys.py: index_partition",
}
"""They take an organization and perhaps one of its shops: an empty `shop_id` stands for all of them."""


def test_a_shop_is_named_by_a_ref_and_not_by_two_ids() -> None:
    """Two texts side by side are taken the one for the other without a word, a `ShopRef` isn't."""
    with_both = {
        f"{path.relative_to(ROOT)}: {node.name}"
        for top in ("layers", "functions", "local", "benchmarks", "tests")
        for path in (ROOT / top).rglob("*.py")
        if "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and {"organization_id", "shop_id"} <= {one.arg for one in _parameters(node.args)}
    }

    assert with_both == SHOP_OR_ALL


def _parameters(of: ast.arguments) -> list[ast.arg]:
    return [*of.posonlyargs, *of.args, *of.kwonlyargs]
