"""Every type of item in a customer's partition has a fate, in the code and in the document (X6)."""

import pkgutil
from dataclasses import fields, is_dataclass
from importlib import import_module

import pytest

from crossbay import domain
from crossbay.privacy.fates import TREATMENTS, Fate
from crossbay.privacy.third_parties import OF_STAFF
from crossbay.store import keys
from local.emulator import ROOT

DOCUMENT = (ROOT / "docs" / "privacy.md").read_text()


def _rows(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in text.splitlines()
        if line.startswith("| ")
    ]


def _types_of_customers() -> set[str]:
    """Those that `store/keys.py` lists below a customer's partition."""
    rows = _rows(keys.__doc__ or "")
    return {row[0].partition("(")[0].strip() for row in rows if row[1] == "o#s#c"}


@pytest.mark.rule("X6")
def test_every_type_in_a_customers_partition_has_a_fate_and_no_other() -> None:
    types = _types_of_customers()

    assert {"customer", "repair order", "audit", "message"} < types
    assert set(TREATMENTS) == types


@pytest.mark.rule("X6")
def test_the_document_says_of_each_type_what_becomes_of_it_and_whether_it_is_handed_out() -> None:
    told = {row[0]: row[1:] for row in _rows(DOCUMENT)}
    words = {Fate.GONE: "gone", Fate.KEPT: "kept", Fate.TOMBSTONE: "tombstone"}

    for kind, treatment in TREATMENTS.items():
        handed_out = "yes" if treatment.handed_out else ""
        assert told[kind] == [words[treatment.fate], treatment.how, handed_out], kind


OWN = {"first_name", "last_name", "company_name", "shop_name"}
"""Names in a customer's records that are the customer's own, or a shop's."""


@pytest.mark.rule("X6")
def test_every_other_name_and_address_beside_an_id_is_left_out_of_exports() -> None:
    modules = [
        import_module(one.name) for one in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}.")
    ]
    kinds = [kind for module in modules for kind in vars(module).values() if is_dataclass(kind)]
    records = [{one.name for one in fields(kind)} for kind in kinds]
    named = {
        name
        for record in records
        if "customer_id" in record
        for name in record
        if name.endswith(("_name", "_email"))
    }

    assert named - OWN == OF_STAFF
