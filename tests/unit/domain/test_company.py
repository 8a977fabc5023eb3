import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.company import CompanyName, company_key, company_name


@pytest.mark.rule("S9")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("J.B. Harbor Transport", "JB Harbor Transport, Inc."),
        ("J B Harbor Transport", "J. B. Harbor Transportation LLC"),
        ("Quist & Sons Roofing", "Quist and Sons Roofing LLC"),
        ("Quist + Sons Roofing", "The Quist & Sons Roofing Co."),
        ("A-1 Towing", "A1 Towing"),
        ("A 1 Towing", "A-1 TOWING, L.L.C."),
        ("Bros. Pizza #12", "Brothers Pizza 12"),
        ("C & J Towing", "CJ Towing"),
        ("Tidewater Mfg. Intl", "Tidewater Manufacturing International, Ltd."),
        ("O'Dell Service Center", "ODell Svc Ctr"),
        ("Harbor Plbg & Htg", "Harbor Plumbing and Heating, Incorporated"),
        ("St. Brendan's Hospital", "Saint Brendans Hospital"),
    ],
)
def test_spellings_of_one_company_are_one_name(one: str, other: str) -> None:
    assert company_key(one) == company_key(other)


@pytest.mark.rule("S9")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbor Towing", "Harbor Roofing"),
        ("A-1 Towing", "A-2 Towing"),
        ("Pizza #12", "Pizza #14"),
        ("Co", "Inc"),
    ],
)
def test_different_companies_keep_different_names(one: str, other: str) -> None:
    assert company_key(one) != company_key(other)


@pytest.mark.rule("S9")
@pytest.mark.parametrize("typed", ["d/b/a", "dba", "D.B.A.", "doing business as", "t/a", "a/k/a", "DBA:"])
def test_the_name_a_company_trades_under_stands_apart(typed: str) -> None:
    assert company_name(f"Harbor Plumbing {typed} Mr. Pipe") == CompanyName(
        name="harbor plumbing", trade_name="mr pipe"
    )


@pytest.mark.parametrize("typed", ["House Account", "CASH SALES", "Unknown", "N/A", "---", ""])
def test_a_companys_name_that_is_nobodys_is_none(typed: str) -> None:
    assert company_name(typed) == CompanyName()


@given(st.text())
def test_a_name_in_one_spelling_stays_as_it_is_and_is_lost_only_with_all_letters(typed: str) -> None:
    key = company_key(typed)

    assert company_key(key) == key
    assert bool(key) == any(letter.isalnum() for letter in key)
