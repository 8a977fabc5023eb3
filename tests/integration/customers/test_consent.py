"""Consent to e-mail and opt-outs, noted by staff and imports, taken along by copies: never weakened."""

from typing import Any

import pytest

from crossbay.app.campaigns.stops.unsubscribe_token import make_token
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import Role
from crossbay.store.reads import Reads
from crossbay.store.token_keys import read_token_keys
from tests.helpers.doors import Answer, Caller, Doors
from tests.helpers.factories import etag, link, make_customer, path_of, ref_of
from tests.helpers.import_worker import sheet
from tests.helpers.point_of_sale import Shop
from tests.helpers.tenants import Tenant
from tests.integration.conftest import Aws

EXPRESS = {"basis": "express", "given_on": "2026-11-02"}
NONE = {"basis": "none", "given_on": "2026-11-03"}
ROW = {"id": "C1", "last_name": "Quill"}


@pytest.fixture
def shop(aws: Aws, tenant: Tenant) -> Shop:
    return Shop(aws=aws, tenant=tenant, admin=tenant.join(Role.DEALER_ADMIN))


def note(caller: Caller, customer: dict[str, Any], consent: dict[str, Any]) -> Answer:
    """Staff notes the consent on the customer as it stands now."""
    path = path_of(customer)
    current = caller("GET", path).json()
    return caller("PUT", f"{path}/consent", body=consent, headers=etag(current))


def import_row(shop: Shop, **cells: str) -> dict[str, Any]:
    """The customer after a file with this row."""
    report = shop.drop("customers.csv", sheet([ROW | cells]))
    assert report["problems"] == []
    return shop.customer("C1")


def copy(caller: Caller, original: dict[str, Any], shop: str) -> dict[str, Any]:
    """The local customer for another shop's."""
    local = caller("POST", f"{shop}/customer-copies", body=ref_of(original) | {"vehicle_ids": []}).json()
    found: dict[str, Any] = caller("GET", f"{shop}/customers/{local['customer_id']}").json()
    return found


@pytest.mark.rule("C19", "X5")
def test_staff_note_consent_which_is_shown_and_audited_and_can_be_changed_and_forgotten(
    tenant: Tenant, advisor: Caller
) -> None:
    customer = make_customer(advisor, tenant.paths[0])

    noted = note(advisor, customer, EXPRESS | {"ends_on": "2028-11-01"}).json()["consent"]
    refused = note(advisor, customer, {"basis": "none"}).json()["consent"]
    forgotten = note(advisor, customer, {"basis": None}).json()["consent"]

    assert (noted["basis"], noted["given_on"], noted["ends_on"]) == ("express", "2026-11-02", "2028-11-01")
    assert (noted["by"], noted["how"]) == (advisor.claims["sub"], "staff")
    assert (refused["basis"], refused["ends_on"]) == ("none", "")
    assert forgotten is None
    entries = tenant.join(Role.DEALER_ADMIN)("GET", f"{path_of(customer)}/audit").json()["entries"]
    told = [
        (entry["before"].get("consent", {}).get("basis"), entry["after"].get("consent", {}).get("basis"))
        for entry in reversed(entries)
    ]
    assert told == [(None, None), (None, "express"), ("express", "none"), ("none", None)]
    assert {entry["by"] for entry in entries} == {advisor.claims["sub"]}


@pytest.mark.rule("C19", "X2", "X3")
def test_consent_that_can_mean_nothing_or_changes_what_someone_else_changed_is_refused(
    tenant: Tenant, advisor: Caller
) -> None:
    customer = make_customer(advisor, tenant.paths[0])
    path = f"{path_of(customer)}/consent"
    wrong = {
        "given_on": {"basis": "express"},
        "ends_on": EXPRESS | {"ends_on": "2026-11-01"},
        "basis": {"basis": "perhaps"},
    }

    for field, body in wrong.items():
        answer = note(advisor, customer, body)
        assert answer.status_code == 400
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    endless_no = note(advisor, customer, NONE | {"ends_on": "2027-11-01"})
    assert [error["field"] for error in endless_no.json()["errors"]] == ["ends_on"]
    assert advisor("PUT", path, body=EXPRESS).status_code == 428
    assert advisor("PUT", path, body=EXPRESS, headers={"If-Match": '"9"'}).status_code == 412
    assert advisor("GET", path_of(customer)).json()["consent"] is None


@pytest.mark.rule("C19", "S25")
def test_an_import_brings_consent_follows_the_point_of_sale_and_keeps_what_a_later_file_leaves_out(
    shop: Shop,
) -> None:
    first = import_row(shop, consent="Express", consent_given_on="2026-01-05", consent_ends_on="2026-12-31")
    renewed = import_row(shop, consent="express", consent_given_on="2026-11-02", consent_ends_on="2028-12-31")
    silent = import_row(shop, last_name="Quillson")

    assert (first["consent"]["basis"], first["consent"]["how"]) == ("express", "import")
    assert renewed["consent"]["ends_on"] == "2028-12-31"
    assert silent["last_name"] == "Quillson"
    assert silent["consent"] == renewed["consent"]


@pytest.mark.rule("C19")
def test_an_import_never_turns_a_no_into_a_yes_whoever_noted_it(shop: Shop) -> None:
    customer = import_row(shop)
    note(shop.admin, customer, NONE)
    staffs = import_row(shop, consent="express", consent_given_on="2026-11-04")["consent"]
    note(shop.admin, customer, EXPRESS)
    refused = import_row(shop, consent="none")["consent"]
    again = import_row(shop, consent="express", consent_given_on="2026-11-05")["consent"]

    assert (staffs["basis"], staffs["how"]) == ("none", "staff")
    assert (refused["basis"], refused["how"]) == ("none", "import")
    assert again == refused


@pytest.mark.rule("C19")
def test_an_import_ends_what_staff_noted_earlier_and_never_later(shop: Shop) -> None:
    customer = import_row(shop)
    note(shop.admin, customer, EXPRESS | {"ends_on": "2027-06-30"})

    later = import_row(shop, consent="express", consent_ends_on="2029-06-30")["consent"]
    earlier = import_row(shop, consent="express", consent_ends_on="2027-03-31")["consent"]
    endless = import_row(shop, consent="express")["consent"]

    assert [one["ends_on"] for one in (later, earlier, endless)] == ["2027-06-30", "2027-03-31", "2027-03-31"]


@pytest.mark.rule("C19", "S25")
def test_a_consent_that_makes_no_sense_is_left_out_whole_with_its_reasons(shop: Shop) -> None:
    rows = [
        {"consent": "perhaps"},
        {"consent_given_on": "2026-11-02"},
        {"consent": "none", "consent_ends_on": "2026-11-02"},
        {"consent": "express", "consent_given_on": "2026-11-02", "consent_ends_on": "2026-11-01"},
        {"consent": "express", "consent_given_on": "2026-11-02", "consent_ends_on": "when he moves"},
    ]
    names = {"consent": "", "consent_given_on": "", "consent_ends_on": ""}

    report = shop.drop(
        "customers.csv",
        sheet([names | row | {"id": str(at), "last_name": "Quill"} for at, row in enumerate(rows)]),
    )

    assert (report["counts"]["created"], report["counts"]["refused"]) == (5, 0)
    first, *warnings = [(warning["column"], warning["reason"]) for warning in report["warnings"]]
    assert first[0] == "consent"
    assert first[1].startswith("isn't one of express (or explicit, ")
    assert warnings == [
        ("consent_given_on", "needs a `consent` beside it; left out"),
        ("consent_ends_on", "can't stand with `none`, which has no end; left out"),
        ("consent_ends_on", "is before consent_given_on; left out"),
        ("consent", "can't be told without its days; left out"),
        ("consent_ends_on", "isn't a date such as 2027-03-01; left out"),
        ("consent", "can't be told without its days; left out"),
    ]
    noted = [shop.customer(str(at))["consent"] for at in range(5)]
    assert [one and one["basis"] for one in noted] == [None, None, "none", None, None]


@pytest.mark.rule("C19", "S21")
def test_a_copy_takes_over_consent_and_opt_outs_with_who_set_them(
    reads: Reads, tenant: Tenant, advisor: Caller
) -> None:
    original = make_customer(advisor, tenant.paths[1])
    note(advisor, original, NONE)
    unsubscribe(reads, tenant, original)
    source = advisor("GET", path_of(original)).json()

    local = copy(advisor, original, tenant.paths[0])

    assert local["consent"] == source["consent"]
    assert local["do_not_mail"] == source["do_not_mail"]
    assert local["do_not_mail"]["by_customer"]["how"] == "unsubscribe link"


@pytest.mark.rule("C19", "S21")
def test_a_copy_made_again_after_the_first_was_deleted_keeps_what_the_customer_said_there(
    reads: Reads, tenant: Tenant, advisor: Caller
) -> None:
    original = make_customer(advisor, tenant.paths[1])
    first = copy(advisor, original, tenant.paths[0])
    unsubscribe(reads, tenant, first)
    note(advisor, first, NONE)
    flagged = advisor("GET", path_of(first)).json()
    advisor("DELETE", path_of(first), headers=etag(flagged))

    second = copy(advisor, original, tenant.paths[0])

    assert second["id"] != first["id"]
    assert second["do_not_mail"] == flagged["do_not_mail"]
    assert second["consent"] == flagged["consent"]
    assert advisor("GET", path_of(original)).json()["do_not_mail"]["by_customer"] is None


@pytest.mark.rule("C19", "S13")
def test_linking_and_unlinking_change_no_flag_and_no_consent(
    reads: Reads, tenant: Tenant, advisor: Caller
) -> None:
    mine, theirs = (make_customer(advisor, shop) for shop in tenant.paths)
    unsubscribe(reads, tenant, theirs)
    note(advisor, mine, EXPRESS)
    before = [advisor("GET", path_of(customer)).json() for customer in (mine, theirs)]

    link(advisor, mine, theirs)
    linked = [advisor("GET", path_of(customer)).json() for customer in (mine, theirs)]
    advisor("DELETE", f"{path_of(mine)}/links/{theirs['shop_id']}/{theirs['id']}")
    unlinked = [advisor("GET", path_of(customer)).json() for customer in (mine, theirs)]

    assert linked == before
    assert unlinked == before


def unsubscribe(reads: Reads, tenant: Tenant, customer: dict[str, Any]) -> None:
    """The customer clicks the link of a message of its shop."""
    ids = (tenant.organization.id, CustomerRef(shop_id=customer["shop_id"], customer_id=customer["id"]))
    token = make_token(read_token_keys(reads), *ids)
    answer = Caller(doors=Doors(), claims={})("POST", f"/unsubscribe/{token}")
    assert answer.status_code == 200, answer.text
