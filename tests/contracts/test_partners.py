"""Every partner has a module of three names, a golden file and a page; CARFAX's types know no person."""

import ast
import dataclasses
import inspect
import typing
from collections.abc import Iterator

import pytest

from crossbay.domain.customers.customer import Customer
from crossbay.domain.partner import PartnerCode
from crossbay.domain.work.repair_order import Job, LaborLine, PartLine
from crossbay.exports.carfax_layout import COLUMNS
from crossbay.exports.partners import carfax
from crossbay.exports.registry import PARTNERS
from crossbay.exports.service_record import ServiceRecord
from crossbay.exports.visit_file import COLUMNS as VISIT_COLUMNS
from local.emulator import ROOT

EXPORTS = ROOT / "layers" / "common" / "crossbay" / "exports"
GOLDEN = ROOT / "tests" / "unit" / "exports" / "golden"
PAGES = ROOT / "docs" / "partners"
NAMES = {"code", "file_name", "render"}


def _public_names(code: PartnerCode) -> set[str]:
    """What the module defines itself, but for names with an underscore before them."""
    tree = ast.parse((EXPORTS / "partners" / f"{code.value}.py").read_text())
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {name for name in found if not name.startswith("_")}


@pytest.mark.parametrize("code", PartnerCode)
def test_a_partner_is_a_module_with_just_the_protocols_names(code: PartnerCode) -> None:
    partner = PARTNERS[code].partner

    assert _public_names(code) == NAMES
    assert partner.code is code
    assert list(inspect.signature(partner.file_name).parameters) == ["run"]
    assert list(inspect.signature(partner.render).parameters) == ["rows", "run"]


def test_there_is_no_module_golden_file_or_page_beside_the_partners() -> None:
    codes = {code.value for code in PartnerCode}

    assert {path.stem for path in (EXPORTS / "partners").glob("*.py")} - {"__init__"} == codes
    assert {path.stem for path in GOLDEN.iterdir()} == codes
    assert {path.stem for path in PAGES.glob("*.md")} == codes
    assert set(PARTNERS) == set(PartnerCode)


def test_every_column_stands_in_the_partners_page() -> None:
    carfax_page = (PAGES / "carfax.md").read_text()
    visit_pages = [(PAGES / f"{code}.md").read_text() for code in ("customerlink", "mechanicnet")]

    assert [column.name for column in COLUMNS if f"`{column.name}`" not in carfax_page] == []
    assert [name for name in VISIT_COLUMNS for page in visit_pages if f"`{name}`" not in page] == []


def _fields(kind: type, path: str = "") -> Iterator[tuple[str, object]]:
    """Every field reachable from the dataclass, by its path, with its type."""
    hints = typing.get_type_hints(kind)
    for each in dataclasses.fields(kind):
        name = f"{path}{each.name}"
        yield name, hints[each.name]
        for part in (hints[each.name], *typing.get_args(hints[each.name])):
            if dataclasses.is_dataclass(part):
                yield from _fields(typing.cast(type, part), f"{name}.")


@pytest.mark.rule("C22")
def test_nothing_personal_can_be_reached_from_what_carfaxs_writer_is_given() -> None:
    assert typing.get_type_hints(carfax.render)["rows"].__args__ == (ServiceRecord,)
    found = dict(_fields(ServiceRecord))

    kinds = {part for kind in found.values() for part in (kind, *typing.get_args(kind))}
    assert kinds.isdisjoint({Customer, Job, LaborLine, PartLine, object, typing.Any})
    personal = ("cents", "amount", "total", "labor", "part", "first", "last", "email", "customer", "note")
    assert [path for path in found if any(word in path for word in personal)] == []


@pytest.mark.rule("C22")
def test_what_carfaxs_writer_is_given_is_just_what_the_rule_lists() -> None:
    assert {path.partition(".")[0] for path, _ in _fields(ServiceRecord)} == {
        *("number", "invoiced_on", "change", "facility", "vin", "plate", "plate_region", "odometer_miles"),
        *("year", "make", "model", "sub_model", "engine", "service_titles"),
    }


@pytest.mark.rule("C22")
def test_only_carfaxs_files_need_a_certificate_and_a_vin() -> None:
    assert [code for code, entry in PARTNERS.items() if entry.needs_certificate] == [PartnerCode.CARFAX]
    assert [code for code, entry in PARTNERS.items() if entry.needs_vin] == [PartnerCode.CARFAX]
