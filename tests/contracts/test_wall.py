"""The wall between organizations stands around all that Lambda starts, and is open where a list says (X8)."""

import ast
from collections.abc import Iterator
from types import MethodType

import pytest

from crossbay.entry.batch import Worker
from crossbay.entry.http import Door
from crossbay.entry.schedule import Schedule
from crossbay.store import keys
from crossbay.store.keys import PLATFORM
from local.doors import entry
from local.emulator import ROOT
from local.template import functions, jobs

PACKAGE = ROOT / "layers" / "common" / "crossbay"

SAY_WHOSE = {
    "app/campaigns/stops/feedback.py",
    "app/campaigns/stops/unsubscribe.py",
    "app/imports/imports.py",
}
"""Use cases that learn from what they are given which organization it is about; else workers say it."""

OPEN = {
    "app/campaigns/stops/feedback.py": {"UNTAGGED_FEEDBACK"},
    "entry/http.py": {"OPERATOR"},
    "entry/schedule.py": {"SCHEDULE"},
}
"""What works across organizations, and why."""

THREADS_BESIDE_THE_TABLE = {"app/vin/vin.py", "store/reads.py"}
"""Threads that read nothing, and those of `Reads`, which asks the wall before it uses them."""


def _entry_files() -> dict[str, str]:
    """Each function's file by its logical id."""
    return {
        name: f"{properties['CodeUri']}/{properties.get('Handler', 'handler').partition('.')[0]}.py"
        for name, properties in functions().items()
    }


def _sources() -> Iterator[tuple[str, ast.Module]]:
    for path in (*PACKAGE.rglob("*.py"), *ROOT.glob("functions/*/*.py")):
        top = PACKAGE if path.is_relative_to(PACKAGE) else ROOT
        yield str(path.relative_to(top)), ast.parse(path.read_text())


def _calls(tree: ast.AST, name: str) -> list[ast.Call]:
    """Calls of a function of the wall's, by its bare name or behind `wall.`."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == name)
            or (isinstance(node.func, ast.Attribute) and node.func.attr == name)
        )
    ]


@pytest.mark.rule("X8")
@pytest.mark.parametrize("file", sorted(_entry_files().values()))
def test_whatever_lambda_starts_raises_a_wall_first(file: str) -> None:
    handler = entry(file).lambda_handler

    assert isinstance(handler, MethodType)
    assert type(handler.__self__) in (Door, Worker, Schedule)


@pytest.mark.rule("X8")
def test_every_worker_says_whose_its_job_is() -> None:
    calling = {where for where, tree in _sources() if _calls(tree, "work_for")}
    workers = {file for name, file in _entry_files().items() if name in jobs()}

    assert len(workers) == len(jobs())
    assert calling - SAY_WHOSE == workers - {"functions/campaign_scheduler/feedback.py"}
    assert calling >= SAY_WHOSE


@pytest.mark.rule("X8")
def test_what_works_across_organizations_stands_on_the_list() -> None:
    found = {
        where: {ast.unparse(call.args[0]).rpartition(".")[2] for call in calls}
        for where, tree in _sources()
        if (calls := _calls(tree, "work_across"))
    }

    assert found == OPEN
    assert not [where for where, tree in _sources() if _calls(tree, "open_process")]


@pytest.mark.rule("X8")
def test_threads_take_the_wall_along() -> None:
    threaded = {
        where: bool(_calls(tree, "carried"))
        for where, tree in _sources()
        if _calls(tree, "ThreadPoolExecutor") or _calls(tree, "Thread")
    }

    assert {where for where, is_carried in threaded.items() if not is_carried} == THREADS_BESIDE_THE_TABLE


@pytest.mark.rule("X8")
def test_every_partition_of_the_data_model_is_an_organizations_or_the_platforms() -> None:
    rows = [line.split("|") for line in (keys.__doc__ or "").splitlines() if line.startswith("| ")][2:]
    table = [row[2].strip() for row in rows]
    indexes = [one.strip().partition(":")[0] for row in rows for cell in row[4:6] for one in cell.split(",")]
    indexed = [one for one in indexes if "#" in one and not one.startswith(("RO-OPEN", "day#"))]
    heads = {partition.partition("#")[0] for partition in (*table, *indexed)}

    assert {"o", "OPERATOR", "DUE"} <= heads
    assert heads - {"o"} == PLATFORM


@pytest.mark.rule("X8")
def test_nothing_but_reads_and_table_talks_to_dynamodb() -> None:
    of = {"pydynox": set[str](), "pynamodb": set[str]()}
    for where, tree in _sources():
        for node in ast.walk(tree):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                if (library := name.split(".")[0]) in of:
                    of[library].add(where)

    assert of == {"pydynox": {"store/reads.py"}, "pynamodb": {"store/table.py"}}
    clients = [where for where, tree in _sources() if '"dynamodb"' in ast.unparse(tree).replace("'", '"')]
    assert not clients, "boto3 asks it nothing"
