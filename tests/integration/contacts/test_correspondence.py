"""When an e-mail address was last written to: noted with each mail that goes out, found under any key."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from crossbay.domain.access import Stamp
from crossbay.domain.campaigns.message import MessageState
from crossbay.domain.campaigns.settings import Days
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import Role, ShopRef
from crossbay.ids import new_id
from crossbay.store.contacts.contacts import save_contact
from crossbay.store.contacts.correspondence import last_written, note_written
from crossbay.store.organizations import read_organization, read_shop
from crossbay.store.token_keys import add_token_key
from crossbay.store.transaction import Transaction
from local.mailbox.faults import MailboxMode
from tests.helpers.campaign_shop import ContactShop
from tests.helpers.campaign_walk import Walk, walking
from tests.helpers.doors import Caller, Doors
from tests.helpers.tenants import Tenant

ADA, BEA = "ada@example.com", "bea@example.com"


@pytest.fixture
def walk(table: str) -> Iterator[Walk]:
    Doors().forget()
    with walking(table, datetime(2027, 1, 4, 15, tzinfo=UTC)) as begun:
        begun.shop.settings(email_on=True, email_days=Days(thank_you=2))
        yield begun


@pytest.mark.rule("K8")
@pytest.mark.parametrize(
    "faults", [(), (MailboxMode.TIMEOUT,)], ids=["answered", "heard of by SES's event alone"]
)
def test_a_mail_to_a_customer_counts_for_the_contacts_with_its_address(
    walk: Walk, faults: tuple[MailboxMode, ...]
) -> None:
    ref = _thanked_on_the_5th(walk, ADA)
    _add_contacts(walk.shop, ref, ADA, BEA)
    advisor = _advisor(walk.shop)
    before = _unused(advisor, ref)
    walk.doors["send"].outbox().mail.read_timeout_s = 0.3
    for mode in faults:
        walk.box.fail(mode, times=1)

    walk.run_day("2027-01-05")

    [message] = walk.ledger(ref)
    assert message.state is MessageState.DELIVERED
    assert (before, _unused(advisor, ref)) == ([ADA, BEA], [BEA])


def test_a_note_is_found_under_the_keys_from_before_a_rotation_too_and_the_latest_counts(table: str) -> None:
    shop = ContactShop.open(table)
    _note(shop, "Ada@Example.com ", "2027-01-05T12:00:00.000Z")
    _note(shop, BEA, "2027-01-05T12:00:00.000Z")

    add_token_key(shop.reads, "second key", stamp=shop.stamp())
    _note(shop, ADA, "2027-02-05T12:00:00.000Z")

    assert last_written(shop.reads, shop.organization_id, [ADA, BEA, "cleo@example.com"]) == {
        ADA: "2027-02-05T12:00:00.000Z",
        BEA: "2027-01-05T12:00:00.000Z",
    }
    assert last_written(shop.reads, "another organization", [ADA]) == {}


def test_what_notes_a_writing_names_no_address(table: str) -> None:
    shop = ContactShop.open(table)

    _note(shop, ADA, "2027-01-05T12:00:00.000Z")

    items = boto3.client("dynamodb").scan(TableName=table)["Items"]
    written = [item for item in items if item["type"]["S"] == "written"]
    assert len(written) == 1
    assert "example" not in str(written)


def _thanked_on_the_5th(walk: Walk, email: str) -> CustomerRef:
    ref = walk.shop.customer(emails=(email,))
    vehicle = walk.shop.vehicle(ref)
    walk.shop.order(ref, "2027-01-03", invoiced_on="2027-01-03", vehicle=vehicle, done=("Oil change",))
    return ref


def _add_contacts(shop: ContactShop, ref: CustomerRef, *emails: str) -> None:
    for email in emails:
        ids: dict[str, Any] = {"organization_id": shop.organization_id, "shop_id": ref.shop_id}
        contact = Contact(id=new_id(), **ids, customer_id=ref.customer_id, name=email, email=email)
        save_contact(None, contact, stamp=Stamp(by="advisor", at="2026-01-01T12:00:00.000Z"))


def _advisor(shop: ContactShop) -> Caller:
    organization = read_organization(shop.reads, shop.organization_id)
    shops = (read_shop(shop.reads, ShopRef(organization_id=organization.id, shop_id=shop.shop_id)),)
    return Tenant(organization=organization, shops=shops, doors=Doors()).join(Role.ADVISOR)


def _unused(caller: Caller, ref: CustomerRef) -> list[str]:
    answer = caller("GET", f"/shops/{ref.shop_id}/customers/{ref.customer_id}/contacts/unused")
    return [one["contact"]["email"] for one in answer.json()["contacts"]]


def _note(shop: ContactShop, email: str, at: str) -> None:
    transaction = Transaction()
    note_written(transaction, shop.reads, shop.organization_id, [email], at)
    transaction.commit()
