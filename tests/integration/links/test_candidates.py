"""Candidates for "the same person", and the look for duplicates before a customer is created."""

from typing import Any

import pytest

from crossbay.domain.organization import Role
from tests.helpers.doors import Caller
from tests.helpers.factories import link, make_customer, make_vehicle, path_of, ref_of
from tests.helpers.tenants import NewTenant, Tenant

ADA = {
    "first_name": "Adelaide",
    "last_name": "Ferncastle",
    "phones": [{"number": "212 555 0142"}],
    "emails": ["adelaide.ferncastle@example.com"],
    "service_addresses": [
        {"address": {"line1": "81 Juniper Road", "city": "Millbrook", "region": "NY", "postal_code": "12545"}}
    ],
}


def _candidates(caller: Caller, customer: dict[str, Any]) -> list[dict[str, Any]]:
    answer = caller("GET", f"{path_of(customer)}/candidates")
    assert answer.status_code == 200, answer.text
    return answer.json()["candidates"]  # type: ignore[no-any-return]


def _ids(candidates: list[dict[str, Any]]) -> list[str]:
    return [candidate["card"]["customer_id"] for candidate in candidates]


@pytest.mark.rule("S9")
def test_the_customer_comes_first_then_candidates_with_shop_score_reasons_and_link_state(
    tenant: Tenant, advisor: Caller
) -> None:
    mine, theirs = (make_customer(advisor, path, **ADA) for path in tenant.paths)

    answer = advisor("GET", f"{path_of(mine)}/candidates").json()
    (candidate,) = answer["candidates"]
    link(advisor, mine, theirs)
    (linked,) = _candidates(advisor, mine)

    assert answer["customer"]["customer_id"] == mine["id"]
    assert candidate["card"]["customer_id"] == theirs["id"]
    assert candidate["shop_name"] == "South"
    assert candidate["score_bits"] == pytest.approx(sum(reason["bits"] for reason in candidate["reasons"]))
    assert any(reason["text"].startswith("phone exact +") for reason in candidate["reasons"])
    assert (candidate["is_linked"], linked["is_linked"]) == (False, True)


@pytest.mark.rule("S9")
@pytest.mark.parametrize(
    "noise",
    [
        {"first_name": "Adelaid"},
        {"last_name": "Ferncastel"},
        {"phones": [{"number": "212 555 0177"}]},
        {"emails": [], "phones": []},
        {"service_addresses": [{"address": {"line1": "4 Moved Lane", "city": "Utica", "region": "NY"}}]},
        {"first_name": "Ferncastle", "last_name": "Adelaide"},
    ],
    ids=lambda noise: "-".join(noise),
)
def test_one_person_is_found_through_the_noise_of_real_typing(
    tenant: Tenant, advisor: Caller, noise: dict[str, Any]
) -> None:
    mine = make_customer(advisor, tenant.paths[0], **ADA)
    theirs = make_customer(advisor, tenant.paths[1], **ADA | noise)

    assert _ids(_candidates(advisor, mine)) == [theirs["id"]]


@pytest.mark.rule("S9")
def test_phone_and_address_never_outweigh_a_clearly_different_first_name(
    tenant: Tenant, advisor: Caller
) -> None:
    mine = make_customer(advisor, tenant.paths[0], **ADA)
    make_customer(advisor, tenant.paths[1], **ADA | {"first_name": "Bertram", "emails": []})

    assert _candidates(advisor, mine) == []


@pytest.mark.rule("S9")
def test_a_phone_with_more_than_three_clearly_different_names_loses_its_weight(
    tenant: Tenant, advisor: Caller
) -> None:
    phone = {"phones": [{"number": "212 555 0199"}]}
    mine = make_customer(advisor, tenant.paths[0], first_name="Ada", last_name="Ferncastle", **phone)
    make_customer(advisor, tenant.paths[1], first_name="Ada", last_name="Ferncastle", **phone)
    (alone,) = _candidates(advisor, mine)
    for first, last in [("Bertram", "Oakes"), ("Cleo", "Marsh"), ("Dmitri", "Vance")]:
        make_customer(advisor, tenant.paths[1], first_name=first, last_name=last, **phone)
    (shared,) = _candidates(advisor, mine)

    def bits(candidate: dict[str, Any]) -> float:
        return sum(float(reason["bits"]) for reason in candidate["reasons"] if reason["field"] == "phone")

    assert bits(alone) > 3
    assert bits(shared) == 0


@pytest.mark.rule("S9")
def test_one_person_known_in_five_shops_keeps_the_weight_of_the_phone(new_tenant: NewTenant) -> None:
    tenant = new_tenant("North", "South", "East", "West", "Center")
    advisor = tenant.join(Role.ADVISOR)
    names = ["Robert", "Bob", "Rob", "Bobby", "Robbert"]
    customers = [
        make_customer(
            advisor, path, first_name=name, last_name="Ferncastle", phones=[{"number": "212 555 0142"}]
        )
        for path, name in zip(tenant.paths, names, strict=True)
    ]

    found = _candidates(advisor, customers[0])

    assert set(_ids(found)) == {customer["id"] for customer in customers[1:]}
    assert all(any(r["field"] == "phone" and r["bits"] > 3 for r in one["reasons"]) for one in found)


@pytest.mark.rule("S9")
def test_agreeing_on_a_rare_surname_weighs_more_than_on_smith(tenant: Tenant, advisor: Caller) -> None:
    def bits(last_name: str, number: str) -> float:
        fields = {"first_name": "Ada", "last_name": last_name, "phones": [{"number": number}]}
        mine, _ = (make_customer(advisor, path, **fields) for path in tenant.paths)
        (candidate,) = _candidates(advisor, mine)
        return float(candidate["score_bits"])

    assert bits("Ferncastle", "212 555 0142") > bits("Smith", "212 555 0177") + 3


@pytest.mark.rule("S9")
def test_the_score_of_a_pair_does_not_depend_on_other_customers_or_their_order(
    tenant: Tenant, advisor: Caller
) -> None:
    mine, _ = (make_customer(advisor, path, **ADA) for path in tenant.paths)
    (before,) = _candidates(advisor, mine)
    for first in ("Adele", "Adam", "Bertram"):
        make_customer(advisor, tenant.paths[1], first_name=first, last_name="Ferncastle")
    after = next(one for one in _candidates(advisor, mine) if one["card"] == before["card"])

    assert after["score_bits"] == before["score_bits"]
    assert after["reasons"] == before["reasons"]


@pytest.mark.rule("S23")
def test_creating_a_likely_duplicate_lists_it_and_creates_nothing_unless_insisted(
    tenant: Tenant, advisor: Caller
) -> None:
    theirs = make_customer(advisor, tenant.paths[1], **ADA)
    vehicle = make_vehicle(advisor, theirs, model="Transit")

    refused = advisor("POST", f"{tenant.paths[0]}/customers", body=ADA | {"first_name": "Adelaid"})
    found = advisor("GET", f"{tenant.paths[0]}/search", query={"text": "ferncastle"}).json()["entries"]
    insisted = advisor("POST", f"{tenant.paths[0]}/customers", body=ADA | {"insist": True})

    assert refused.status_code == 409
    problem = refused.json()
    assert problem["type"].endswith("likely-duplicate")
    (candidate,) = problem["candidates"]
    assert candidate["card"]["customer_id"] == theirs["id"]
    assert [v["id"] for v in candidate["card"]["vehicles"]] == [vehicle["id"]]
    assert found == []
    assert insisted.status_code == 201


@pytest.mark.rule("S21", "S23")
def test_choosing_the_duplicate_imports_the_customer_with_the_chosen_vehicles_linked(
    tenant: Tenant, advisor: Caller
) -> None:
    theirs = make_customer(advisor, tenant.paths[1], **ADA)
    chosen, _ = make_vehicle(advisor, theirs), make_vehicle(advisor, theirs)
    refused = advisor("POST", f"{tenant.paths[0]}/customers", body=ADA)
    (candidate,) = refused.json()["candidates"]

    local = advisor(
        "POST",
        f"{tenant.paths[0]}/customer-copies",
        body={
            "shop_id": candidate["card"]["shop_id"],
            "customer_id": candidate["card"]["customer_id"],
            "vehicle_ids": [chosen["id"]],
        },
    ).json()

    customer = f"{tenant.paths[0]}/customers/{local['customer_id']}"
    (copy,) = advisor("GET", f"{customer}/vehicles").json()["vehicles"]
    (decision,) = advisor("GET", f"{customer}/links").json()["decisions"]
    assert copy["plate"] == chosen["plate"]
    assert decision["other"] == ref_of(theirs)


@pytest.mark.rule("S8", "S23")
def test_without_multi_shop_only_the_own_shop_is_checked_for_duplicates(new_tenant: NewTenant) -> None:
    single = new_tenant("Solo", "Duo", entitlements=())
    advisor = single.join(Role.ADVISOR)
    make_customer(advisor, single.paths[1], **ADA)

    first = advisor("POST", f"{single.paths[0]}/customers", body=ADA)
    second = advisor("POST", f"{single.paths[0]}/customers", body=ADA)

    assert first.status_code == 201
    assert second.status_code == 409
    assert _ids(second.json()["candidates"]) == [first.json()["id"]]


HOME: dict[str, Any] = {
    "service_addresses": [
        {"address": {"line1": "81 Juniper Road", "city": "Millbrook", "region": "NY", "postal_code": "12545"}}
    ]
}


def _at(line1: str, region: str, postal_code: str) -> dict[str, Any]:
    address = {"line1": line1, "city": "Springfield", "region": region, "postal_code": postal_code}
    return {"service_addresses": [{"address": address}]}


@pytest.mark.rule("S9", "S23")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"first_name": "John", "last_name": "Smith"}, {"first_name": "Maria", "last_name": "Smith"}),
        ({"first_name": "John", "last_name": "Smith"}, {"first_name": "Maria", "last_name": "Nguyen"}),
        ({"first_name": "Larry", "last_name": "Quill"}, {"first_name": "Harry", "last_name": "Quill"}),
        (
            {"first_name": "George", "last_name": "Foreman, Jr."},
            {"first_name": "George", "last_name": "Foreman Sr"},
        ),
    ],
    ids=str,
)
@pytest.mark.parametrize("on_file", [{}, {"phones": [{"number": "212 555 0142"}]}], ids=["nothing", "phone"])
def test_relatives_of_one_home_are_no_candidates_and_are_saved_without_a_question(
    tenant: Tenant, advisor: Caller, one: dict[str, Any], other: dict[str, Any], on_file: dict[str, Any]
) -> None:
    mine = make_customer(advisor, tenant.paths[0], **one, **HOME, **on_file)

    saved = advisor("POST", f"{tenant.paths[1]}/customers", body=other | HOME | on_file)

    assert saved.status_code == 201, saved.text
    assert _candidates(advisor, mine) == []


@pytest.mark.rule("S9")
def test_an_address_of_many_names_loses_its_weight_and_the_reason_says_so(
    tenant: Tenant, advisor: Caller
) -> None:
    here, there = tenant.paths
    names = [("Ann", "Leland"), ("Joe", "Dietz"), ("Zelda", "Quist"), ("Ravi", "Iyer")]
    mine = make_customer(advisor, here, first_name="Roberta", last_name="Ferncastle", **HOME)
    make_customer(advisor, there, first_name="Roberta", last_name="Ferncastle", **HOME)
    for first, last in names:
        make_customer(advisor, there, first_name=first, last_name=last, **HOME)

    (candidate,) = _candidates(advisor, mine)

    assert "address exact, but of 5 different names +0.0" in [r["text"] for r in candidate["reasons"]]


@pytest.mark.rule("S9", "S23")
@pytest.mark.parametrize(
    "name", [("Cash", "Customer"), ("Unknown", "Unknown"), ("Walk", "In"), ("Test", "Test")]
)
def test_names_that_are_nobodys_are_saved_again_and_again_and_are_no_candidates(
    tenant: Tenant, advisor: Caller, name: tuple[str, str]
) -> None:
    body = {"first_name": name[0], "last_name": name[1]}

    saved = [advisor("POST", f"{path}/customers", body=body) for path in tenant.paths * 3]

    assert {answer.status_code for answer in saved} == {201}
    assert _candidates(advisor, saved[0].json()) == []


@pytest.mark.rule("S23")
@pytest.mark.parametrize(
    ("on_file", "typed"),
    [
        ({"first_name": "Sean", "last_name": "O'Brien"}, {"first_name": "Sean", "last_name": "OBrien"}),
        ({"first_name": "Tab", "last_name": "Mercer"}, {"first_name": "Tabitha", "last_name": "Mercer"}),
    ],
)
def test_another_spelling_of_name_and_mailbox_asks(
    tenant: Tenant, advisor: Caller, on_file: dict[str, Any], typed: dict[str, Any]
) -> None:
    make_customer(advisor, tenant.paths[0], **on_file, emails=["tab.mercer+cars@gmail.com"])

    refused = advisor(
        "POST", f"{tenant.paths[0]}/customers", body=typed | {"emails": ["tabmercer@gmail.com"]}
    )

    assert refused.status_code == 409
    (candidate,) = refused.json()["candidates"]
    assert any(reason["text"].startswith("e-mail exact +") for reason in candidate["reasons"])


@pytest.mark.rule("S9")
@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (("Wei", "Chen", "34-12 36th St", "NY", "11106"), ("Mei", "Chen", "40-12 36th St", "NY", "11106"), 0),
        (
            ("Ann", "Lowe", "34-12 31st Ave", "NY", "11106"),
            ("Ann", "Lowe", "3412 31st Ave", "NY", "11106"),
            1,
        ),
        (
            ("Ruth", "Baker", "4-1200 N Harbor Blvd", "NY", "12207"),
            ("Ruth", "Baker", "1200 North Harbor Boulevard #4", "NY", "12207"),
            1,
        ),
    ],
)
def test_house_numbers_with_a_hyphen_of_their_own_are_told_apart_and_found(
    tenant: Tenant, advisor: Caller, mine: tuple[str, ...], theirs: tuple[str, ...], expected: int
) -> None:
    saved = [
        make_customer(advisor, path, first_name=one[0], last_name=one[1], **_at(one[2], one[3], one[4]))
        for path, one in zip(tenant.paths, (mine, theirs), strict=True)
    ]

    found = _candidates(advisor, saved[0])

    assert len(found) == expected
    assert all("address exact +" in " ".join(r["text"] for r in one["reasons"]) for one in found)


@pytest.mark.rule("S9")
def test_a_probability_is_told_in_thousandths_and_is_never_certain(tenant: Tenant, advisor: Caller) -> None:
    mine, _ = (make_customer(advisor, path, **ADA) for path in tenant.paths)

    (candidate,) = _candidates(advisor, mine)

    assert candidate["probability"] == 0.999
    assert candidate["score_bits"] == round(sum(reason["bits"] for reason in candidate["reasons"]), 1)
    assert all(reason["bits"] == round(reason["bits"], 1) for reason in candidate["reasons"])


def _fleet(name: str, phone: str = "") -> dict[str, Any]:
    phones = [{"number": phone}] if phone else []
    return {"kind": "fleet", "company_name": name, "first_name": "", "last_name": "", "phones": phones}


@pytest.mark.rule("S9")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("J.B. Harbor Transport", "JB Harbor Transport, Inc."),
        ("Quist & Sons Roofing", "Quist and Sons Roofing LLC"),
        ("A-1 Towing", "A1 Towing"),
        ("Bros. Pizza #12", "Brothers Pizza 12"),
        ("Harbor Plumbing d/b/a Mr. Pipe", "Mr Pipe"),
        ("U-Carry Rentals", "UCarry Rental"),
        ("Tidewater Freight Movers", "Tidewater Frieght Movers"),
        ("The Larkspur Group", "Larkspur Group"),
    ],
)
def test_a_company_is_found_in_both_shops_however_it_is_spelled_and_whatever_its_phone(
    tenant: Tenant, advisor: Caller, one: str, other: str
) -> None:
    here = make_customer(advisor, tenant.paths[0], **_fleet(one, "206 555 0131"))
    there = make_customer(advisor, tenant.paths[1], **_fleet(other, "425 555 0131"))

    assert _ids(_candidates(advisor, here)) == [there["id"]]
    assert _ids(_candidates(advisor, there)) == [here["id"]]


@pytest.mark.rule("S9")
def test_branches_with_numbers_of_their_own_are_no_candidates(tenant: Tenant, advisor: Caller) -> None:
    here = make_customer(advisor, tenant.paths[0], **_fleet("Brothers Pizza #12", "206 555 0131"))
    make_customer(advisor, tenant.paths[1], **_fleet("Bros. Pizza 14", "206 555 0131"))

    assert _candidates(advisor, here) == []


@pytest.mark.rule("S23")
def test_a_fleet_entered_twice_in_one_shop_asks_without_a_phone(tenant: Tenant, advisor: Caller) -> None:
    made = make_customer(advisor, tenant.paths[0], **_fleet("Tidewater Plumbing & Heating, Inc."))

    refused = advisor("POST", f"{tenant.paths[0]}/customers", body=_fleet("TIDEWATER PLUMBING AND HEATING"))

    assert refused.status_code == 409
    assert _ids(refused.json()["candidates"]) == [made["id"]]
