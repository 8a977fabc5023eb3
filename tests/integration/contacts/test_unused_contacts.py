"""Contacts that nobody in the organization writes to any more: told, listed, deleted several at once (K8)."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from crossbay.domain.access import ALLOWED, Action, Stamp
from crossbay.domain.contacts.contact import Contact, ContactKind
from crossbay.domain.organization import Role
from crossbay.ids import new_id
from crossbay.store.contacts.contacts import save_contact
from crossbay.store.contacts.correspondence import note_written
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction
from tests.helpers.doors import Answer, Caller
from tests.helpers.factories import make_customer, path_of
from tests.helpers.tenants import Tenant

TODAY = datetime(2027, 9, 1, 16, tzinfo=UTC)
LONG_AGO = "2026-03-01T12:00:00.000Z"


@pytest.fixture
def customer(tenant: Tenant, advisor: Caller) -> dict[str, Any]:
    return make_customer(advisor, tenant.paths[0])


def add(customer: dict[str, Any], *names: str, at: str = LONG_AGO, **fields: Any) -> list[str]:
    """Contacts of these names, each with an e-mail, as they were made then; their ids."""
    ids = [new_id() for _ in names]
    for contact_id, name in zip(ids, names, strict=True):
        contact = Contact(
            id=contact_id,
            organization_id=customer["organization_id"],
            shop_id=customer["shop_id"],
            customer_id=customer["id"],
            name=name,
            email=f"{name}@example.com",
            **fields,
        )
        save_contact(None, contact, stamp=Stamp(by="advisor", at=at))
    return ids


def write_to(reads: Reads, customer: dict[str, Any], email: str, at: str) -> None:
    transaction = Transaction()
    note_written(transaction, reads, customer["organization_id"], [email], at)
    transaction.commit()


def ask(caller: Caller, customer: dict[str, Any], path: str = "") -> Any:
    with time_machine.travel(TODAY, tick=False):
        answer = caller("GET", f"{path_of(customer)}/contacts{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def delete(caller: Caller, customer: dict[str, Any], ids: list[str], *, confirm: bool = True) -> Answer:
    with time_machine.travel(TODAY, tick=False):
        body = {"contact_ids": ids, "confirm": confirm}
        return caller("POST", f"{path_of(customer)}/contacts/deletions", body=body)


@pytest.mark.rule("K8")
def test_thirty_unused_contacts_are_told_of_to_those_who_may_clean_up_and_29_to_nobody(
    tenant: Tenant, reads: Reads, customer: dict[str, Any]
) -> None:
    add(customer, *(f"old-{number}" for number in range(30)))
    add(customer, "fresh", at="2027-08-01T12:00:00.000Z")
    staff = {role: tenant.join(role) for role in ALLOWED[Action.READ_CONTACTS]}
    told = {role: ask(caller, customer)["unused_count"] for role, caller in staff.items()}
    searched = ask(staff[Role.ADVISOR], customer, "?q=fresh")

    write_to(reads, customer, "old-7@example.com", "2027-03-02T12:00:00.000Z")
    fewer = {role: ask(caller, customer)["unused_count"] for role, caller in staff.items()}

    assert told == {
        Role.ADVISOR: 30,
        Role.DEALER_ADMIN: 30,
        Role.TECHNICIAN: None,
        Role.DISPATCHER: None,
    }
    assert (searched["unused_count"], len(searched["contacts"])) == (30, 1)
    assert set(fewer.values()) == {None}
    assert len(ask(staff[Role.ADVISOR], customer, "/unused")["contacts"]) == 29


@pytest.mark.rule("K8")
def test_what_any_shop_writes_to_an_email_counts_for_every_contact_with_it_until_six_months_later(
    tenant: Tenant, reads: Reads, advisor: Caller, customer: dict[str, Any]
) -> None:
    add(customer, "ana", "bea", "cleo")
    elsewhere = make_customer(advisor, tenant.paths[1])
    add(elsewhere, "bea", "dora")
    write_to(reads, customer, "ana@example.com", "2027-03-01T12:00:00.000Z")
    write_to(reads, customer, "BEA@example.com ", "2027-03-02T12:00:00.000Z")

    here, there = (ask(advisor, one, "/unused")["contacts"] for one in (customer, elsewhere))

    told = [(one["contact"]["name"], one["last_written_at"]) for one in here]
    assert told == [("ana", "2027-03-01T12:00:00.000Z"), ("cleo", "")]
    assert [one["contact"]["name"] for one in there] == ["dora"]


@pytest.mark.rule("K8")
def test_several_unused_contacts_are_deleted_at_once_after_a_confirmation(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    ids = add(customer, *(f"old-{number:02}" for number in range(41)))

    unconfirmed = delete(advisor, customer, ids[:40], confirm=False)
    too_many = delete(advisor, customer, ids)
    deleted = delete(advisor, customer, ids[:40])

    assert [one.status_code for one in (unconfirmed, too_many, deleted)] == [400, 400, 204]
    assert [contact["name"] for contact in ask(advisor, customer)["contacts"]] == ["old-40"]
    assert ask(advisor, customer, f"/{ids[0]}")["deleted_at"].startswith("2027-09-01")


@pytest.mark.rule("K8", "K4")
def test_one_that_was_written_to_meanwhile_or_that_the_fleet_looks_after_keeps_all_from_being_deleted(
    reads: Reads, advisor: Caller, customer: dict[str, Any]
) -> None:
    old, used = add(customer, "old", "used")
    [fleets] = add(customer, "fleets", kind=ContactKind.FLEET)
    write_to(reads, customer, "used@example.com", "2027-08-31T12:00:00.000Z")

    answers = [delete(advisor, customer, [old, other]) for other in (used, fleets, new_id())]

    assert [answer.status_code for answer in answers] == [409, 403, 404]
    assert [one["contact"]["name"] for one in ask(advisor, customer, "/unused")["contacts"]] == [
        "fleets",
        "old",
    ]
    assert len(ask(advisor, customer)["contacts"]) == 3
