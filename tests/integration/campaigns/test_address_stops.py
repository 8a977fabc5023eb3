"""An opt-out holds for the customer and for the address, on whichever record it stands (C27)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from crossbay.app import organizations
from crossbay.app.campaigns.night import run_night
from crossbay.app.campaigns.stops import unsubscribe
from crossbay.app.campaigns.stops.unsubscribe_token import make_token
from crossbay.app.customers import customers
from crossbay.app.customers import removal as customer_removal
from crossbay.app.imports.customers import take_customers
from crossbay.app.imports.records import Intake
from crossbay.app.links import bring_over
from crossbay.app.organizations import add_token_key
from crossbay.app.privacy.mark import mark
from crossbay.domain.access import Caller, Stamp
from crossbay.domain.address import Address
from crossbay.domain.campaigns.settings import Days
from crossbay.domain.customers.customer import Customer, CustomerRef, DoNotMail, OptOut, Phone
from crossbay.domain.organization import Member, ShopRef
from crossbay.domain.privacy_request import PrivacyRequest, RequestKind
from crossbay.ids import new_id
from crossbay.imports.rows import ImportRow
from crossbay.store import keys
from crossbay.store.campaigns.stops import mark_dead, read_stops, which_dead
from crossbay.store.organizations import read_organization, read_shop
from crossbay.store.privacy.erased import has_gone
from crossbay.store.reads import Reads
from crossbay.store.token_keys import keyed_hash, read_token_keys
from crossbay.store.transaction import Transaction
from tests.helpers.campaign_shop import ContactShop
from tests.helpers.campaign_walk import Walk, walking

MONDAY = datetime(2027, 1, 4, 15, tzinfo=UTC)
THE_5TH = "2027-01-05"
HOME = Address(line1="1 Pier Road", city="Cove", postal_code="12545")
OF_ADDRESS = f"do-not-mail of the e-mail address since {THE_5TH} by unsubscribe link"


@pytest.fixture
def walk(table: str) -> Iterator[Walk]:
    """A shop that thanks by e-mail and by card two days after a visit; it is Tuesday."""
    with walking(table, MONDAY) as begun:
        begun.shop.settings(
            email_on=True, email_days=Days(thank_you=2), postcard_on=True, postcard_days=Days(thank_you=2)
        )
        begun.go_to(f"{THE_5TH}T16:00:00+00:00")
        yield begun


def visited(walk: Walk, ref: CustomerRef, day: str = THE_5TH) -> CustomerRef:
    walk.shop.order(ref, day, invoiced_on=day, vehicle=walk.shop.vehicle(ref), done=("Oil change",))
    return ref


def click(walk: Walk, ref: CustomerRef, *, undo: bool = False) -> None:
    shop = walk.shop
    keys_ = read_token_keys(shop.reads)
    token = make_token(keys_, shop.organization_id, ref)
    act = unsubscribe.undo if undo else unsubscribe.opt_out
    act(shop.reads, token, shop.stamp().at)


def staff(walk: Walk, ref: CustomerRef, *, do_not_mail: bool) -> None:
    shop = walk.shop
    stamp = shop.stamp()
    customers.change(
        shop.reads,
        shop.organization_id,
        ref,
        customers.staff_do_not_mail(do_not_mail, stamp),
        version=shop.file(ref).customer.version,
        stamp=stamp,
    )


def create(walk: Walk, **fields: Any) -> CustomerRef:
    """As the customers' door does."""
    shop = walk.shop
    organization = read_organization(shop.reads, shop.organization_id)
    member = Member(id="advisor", organization_id=organization.id, email="a@example.com", all_shops=True)
    shops = {
        shop.shop_id: read_shop(shop.reads, ShopRef(organization_id=organization.id, shop_id=shop.shop_id))
    }
    caller = Caller(member=member, organization=organization, shops=shops)
    draft = Customer(id="", organization_id="", shop_id=shop.shop_id, **fields)
    made = customers.create(shop.reads, caller, draft, insist=True, stamp=shop.stamp())
    return CustomerRef(shop_id=made.shop_id, customer_id=made.id)


def delete(walk: Walk, ref: CustomerRef) -> None:
    shop = walk.shop
    version = shop.file(ref).customer.version
    customer_removal.delete(shop.reads, shop.organization_id, ref, version=version, stamp=shop.stamp())


def share(shop: ContactShop) -> None:
    organizations.change_organization(
        shop.reads,
        shop.organization_id,
        lambda organization: replace(organization, shares_opt_outs=True),
        version=read_organization(shop.reads, shop.organization_id).version,
        stamp=shop.stamp(),
    )


def outcome(walk: Walk, ref: CustomerRef) -> tuple[str, str]:
    """What became of the customer's one message."""
    (message,) = walk.ledger(ref)
    return message.state.value, message.reason


# ---- the address, on whichever record


@pytest.mark.rule("C27")
@pytest.mark.parametrize(
    ("hers", "his"),
    [
        ("rosa@example.com", "rosa@example.com"),
        ("rosa@example.com", "rosa+cars@example.com"),
        ("rosa.delgado@gmail.com", "r.o.s.a.delgado+auto@googlemail.com"),
    ],
)
def test_who_shares_a_mailbox_with_someone_who_opted_out_gets_neither_mail_there_nor_a_card(
    walk: Walk, hers: str, his: str
) -> None:
    rosa = walk.shop.customer(first_name="Rosa", emails=(hers,))
    luis = visited(walk, walk.shop.customer(first_name="Luis", emails=(his,), billing_address=HOME))
    click(walk, rosa)

    walk.run_day("2027-01-07")

    assert outcome(walk, luis) == ("skipped", OF_ADDRESS)
    assert walk.box.messages() == ()


@pytest.mark.rule("C27")
def test_another_address_of_the_customer_is_written_to_in_its_place(walk: Walk) -> None:
    click(walk, walk.shop.customer(emails=("home@example.com",)))
    luis = visited(walk, walk.shop.customer(emails=("home@example.com", "luis@example.com")))

    walk.run_day("2027-01-07")

    (mail,) = walk.box.messages()
    assert mail.recipients == ("luis@example.com",)
    assert outcome(walk, luis)[0] == "delivered"


@pytest.mark.rule("C9", "C27")
def test_an_opt_out_after_the_night_still_keeps_the_other_records_message_back(walk: Walk) -> None:
    rosa = walk.shop.customer(emails=("home@example.com",))
    luis = visited(walk, walk.shop.customer(emails=("home@example.com",)))
    walk.go_to("2027-01-07T14:00:30+00:00")
    walk.queue_nights()
    walk.nights()
    click(walk, rosa)

    walk.send()

    assert walk.box.messages() == ()
    assert outcome(walk, luis)[0] == "skipped"


@pytest.mark.rule("C27")
def test_with_cards_alone_another_persons_card_still_goes(walk: Walk) -> None:
    walk.shop.settings(email_on=False)
    click(walk, walk.shop.customer(emails=("home@example.com",)))
    luis = visited(walk, walk.shop.customer(emails=("home@example.com",), billing_address=HOME))

    walk.run_day("2027-01-07")

    assert walk.ledger(luis)[0].channel == "postcard"
    assert outcome(walk, luis)[0] in ("sent", "planned")


@pytest.mark.rule("C9", "C27")
def test_undo_lets_mail_go_again_on_every_record_unless_another_asked_for_none_too(walk: Walk) -> None:
    rosa, ana = (walk.shop.customer(emails=("home@example.com",)) for _ in range(2))
    luis = walk.shop.customer(emails=("home@example.com",))
    click(walk, rosa)
    click(walk, ana)

    click(walk, rosa, undo=True)
    visited(walk, luis)
    walk.run_day("2027-01-07")
    assert walk.box.messages() == ()

    click(walk, ana, undo=True)
    visited(walk, luis, "2027-01-07")
    walk.run_day("2027-01-09")
    assert [mail.recipients for mail in walk.mails_to(luis)] == [("home@example.com",)]


@pytest.mark.rule("C9", "C27")
def test_staff_s_own_do_not_mail_holds_for_the_address_until_staff_lift_it(walk: Walk) -> None:
    rosa = walk.shop.customer(emails=("home@example.com",))
    luis = visited(walk, walk.shop.customer(emails=("home@example.com",)))
    staff(walk, rosa, do_not_mail=True)
    walk.run_day("2027-01-07")
    assert outcome(walk, luis)[1] == f"do-not-mail of the e-mail address since {THE_5TH} by staff"

    click(walk, rosa)
    staff(walk, rosa, do_not_mail=False)
    visited(walk, luis, "2027-01-07")
    walk.run_day("2027-01-09")
    assert walk.box.messages() == ()  # her own word stands

    click(walk, rosa, undo=True)
    visited(walk, luis, "2027-01-09")
    walk.run_day("2027-01-11")
    assert len(walk.box.messages()) == 1


@pytest.mark.rule("C27")
def test_a_changed_email_takes_the_opt_out_along_and_leaves_it_with_the_old_address(walk: Walk) -> None:
    shop = walk.shop
    rosa = shop.customer(emails=("old@example.com",))
    click(walk, rosa)
    customers.change(
        shop.reads,
        shop.organization_id,
        rosa,
        lambda customer: replace(customer, emails=("new@example.com",)),
        version=shop.file(rosa).customer.version,
        stamp=shop.stamp(),
    )
    others = [visited(walk, shop.customer(emails=(e,))) for e in ("old@example.com", "new@example.com")]

    walk.run_day("2027-01-07")
    assert [outcome(walk, ref)[0] for ref in others] == ["skipped", "skipped"]

    click(walk, rosa, undo=True)
    for ref in others:
        visited(walk, ref, "2027-01-07")
    walk.run_day("2027-01-09")
    assert len(walk.box.messages()) == 2


# ---- shops


@pytest.mark.rule("C27")
def test_an_opt_out_holds_for_its_own_shop_and_for_all_once_the_organization_says_so(walk: Walk) -> None:
    shop = walk.shop
    click(walk, shop.customer(shop_id=shop.other_shop_id, emails=("home@example.com",)))
    first = visited(walk, shop.customer(emails=("home@example.com",)))
    walk.run_day("2027-01-07")
    assert len(walk.box.messages()) == 1

    share(shop)
    visited(walk, first, "2027-01-07")
    walk.run_day("2027-01-09")

    assert len(walk.box.messages()) == 1
    assert walk.ledger(first)[0].reason == OF_ADDRESS


@pytest.mark.rule("C19", "C27")
def test_a_copy_in_another_shop_takes_the_opt_out_along_for_its_addresses_there(walk: Walk) -> None:
    shop = walk.shop
    original = shop.customer(shop_id=shop.other_shop_id, emails=("home@example.com",))
    click(walk, original)
    bring_over.bring_over(shop.reads, ShopRef.of(shop), original, [], stamp=shop.stamp())
    luis = visited(walk, shop.customer(emails=("home@example.com",)))

    walk.run_day("2027-01-07")

    assert outcome(walk, luis) == ("skipped", OF_ADDRESS)


# ---- deleted, erased, entered anew


@pytest.mark.rule("C19", "C27")
@pytest.mark.parametrize(
    ("before", "anew"),
    [
        ({"emails": ("rosa@example.com",)}, {"emails": ("rosa@example.com",)}),
        ({"emails": ("rosa@example.com",)}, {"emails": ("rosa+new@example.com",)}),
        (
            {"phones": (Phone(number="+12125550142"),)},
            {"phones": (Phone(number="(212) 555-0142"),), "billing_address": HOME},
        ),
    ],
)
def test_a_record_deleted_and_entered_anew_keeps_the_opt_out(
    walk: Walk, before: dict[str, Any], anew: dict[str, Any]
) -> None:
    name = {"first_name": "Rosa", "last_name": "Delgado"}
    fields: dict[str, Any] = {"emails": (), "billing_address": Address(), **name, **before}
    old = walk.shop.customer(**fields)
    click(walk, old)
    delete(walk, old)

    new = visited(walk, create(walk, **name, **anew))
    walk.run_day("2027-01-07")

    flag = walk.shop.file(new).customer.do_not_mail.by_customer
    assert flag is not None
    assert flag.how == "unsubscribe link"
    assert walk.box.messages() == ()
    assert outcome(walk, new)[0] == "skipped"


@pytest.mark.rule("C27")
def test_a_namesake_or_another_person_at_the_phone_starts_without_an_opt_out(walk: Walk) -> None:
    phones = (Phone(number="+12125550142"),)
    old = walk.shop.customer(first_name="Rosa", last_name="Delgado", phones=phones, emails=())
    click(walk, old)
    delete(walk, old)

    luis = create(walk, first_name="Luis", last_name="Ferrer", phones=phones)
    namesake = create(walk, first_name="Rosa", last_name="Delgado")

    assert not walk.shop.file(luis).customer.do_not_mail.is_set
    assert not walk.shop.file(namesake).customer.do_not_mail.is_set


@pytest.mark.rule("C19", "C27")
def test_a_record_deleted_and_imported_anew_keeps_the_opt_out(walk: Walk) -> None:
    shop = walk.shop
    old = shop.customer(first_name="Rosa", last_name="Delgado", emails=("rosa@example.com",))
    staff(walk, old, do_not_mail=True)
    delete(walk, old)
    intake = Intake(
        reads=shop.reads,
        shop=read_shop(shop.reads, ShopRef.of(shop)),
        stamp=shop.stamp(),
        has_erased=has_gone(shop.reads, ShopRef.of(shop)),
    )
    cells = {"id": "77", "first_name": "Rosa", "last_name": "Delgado", "email_1": "Rosa@example.com"}

    tasks, _ = take_customers(intake, [ImportRow(id="77", line=2, end=2, cells=cells)])
    for task in tasks:
        task()

    new = CustomerRef(shop_id=shop.shop_id, customer_id=intake.record_id("customer", "77"))
    flag = shop.file(new).customer.do_not_mail.by_staff
    assert flag is not None
    assert flag.how == "staff"


@pytest.mark.rule("C9", "C27")
def test_the_link_of_a_deleted_record_works_and_undo_reaches_the_record_entered_anew(
    walk: Walk,
) -> None:
    old = walk.shop.customer(first_name="Rosa", last_name="Delgado", emails=("rosa@example.com",))
    click(walk, old)
    delete(walk, old)
    new = create(walk, first_name="Rosa", last_name="Delgado", emails=("rosa@example.com",))

    click(walk, old, undo=True)
    visited(walk, new)
    walk.run_day("2027-01-07")

    assert not walk.shop.file(new).customer.do_not_mail.is_set
    assert len(walk.mails_to(new)) == 1

    delete(walk, new)
    click(walk, old)
    again = create(walk, first_name="Rosa", last_name="Delgado", emails=("rosa@example.com",))
    assert walk.shop.file(again).customer.do_not_mail.by_customer is not None


@pytest.mark.rule("C27", "X6")
def test_an_erasure_leaves_the_stop_with_the_address(walk: Walk) -> None:
    shop = walk.shop
    rosa = shop.customer(emails=("home@example.com",))
    shop.change_customer(rosa, do_not_mail=DoNotMail(by_staff=OptOut(by="a", at=shop.now, how="staff")))
    request = PrivacyRequest(
        id=new_id(),
        organization_id=shop.organization_id,
        shop_id=shop.shop_id,
        customer_id=rosa.customer_id,
        kind=RequestKind.ERASURE,
        asked_by="admin",
        asked_at=shop.now,
    )

    mark(shop.reads, shop.file(rosa), None, request, at=shop.stamp().at)  # an opt-out of an earlier release
    luis = visited(walk, shop.customer(emails=("home@example.com",)))
    walk.run_day("2027-01-07")

    assert outcome(walk, luis)[0] == "skipped"
    assert walk.box.messages() == ()
    stops = read_stops(shop.reads, shop.organization_id, ["home@example.com"])
    assert "home@" not in repr(stops["home@example.com"])


# ---- the record


@pytest.mark.rule("C11", "C27", "C28")
def test_a_bounce_stops_the_address_as_spelled_and_not_the_mailbox(walk: Walk) -> None:
    ids = (walk.shop.reads, walk.shop.organization_id)
    mark_dead(*ids, "ada+old@example.com", at="2027-01-04T10:00:00.000Z")

    assert set(which_dead(*ids, ["ada@example.com", "ada+old@example.com", "ada+new@example.com"])) == {
        "ada+old@example.com"
    }


@pytest.mark.rule("C11")
@pytest.mark.parametrize("email", ["ada@example.com", "a.da+cars@gmail.com"])
def test_what_an_earlier_release_noted_still_stops_and_takes_more_beside_it(walk: Walk, email: str) -> None:
    shop, at = walk.shop, "2026-12-01T10:00:00.000Z"
    hashed = keyed_hash(read_token_keys(shop.reads)[0], b"dead e-mail", email)
    old = Transaction()
    old.put(keys.stops(shop.organization_id, hashed), "dead e-mail", {"at": at})
    old.commit()

    click(walk, shop.customer(emails=(email,)))

    assert which_dead(shop.reads, shop.organization_id, [email]) == {email: at}
    reasons = {stop.reason for stop in read_stops(shop.reads, shop.organization_id, [email])[email]}
    assert reasons == {"bounce", "opt_out"}


@pytest.mark.rule("C27")
def test_stops_are_found_changed_and_lifted_after_the_keys_were_rotated(walk: Walk) -> None:
    rosa = walk.shop.customer(emails=("home@example.com",))
    luis = walk.shop.customer(emails=("home@example.com",))
    click(walk, rosa)
    add_token_key(walk.shop.reads, stamp=Stamp(by="operator", at=walk.shop.now))
    click(walk, luis)
    click(walk, luis, undo=True)

    stops = read_stops(walk.shop.reads, walk.shop.organization_id, ["home@example.com"])
    standing = [stop.customer_id for stop in stops["home@example.com"] if not stop.lifted_at]
    assert standing == [rosa.customer_id]


class CountingReads(Reads):
    """Reads that note which keys were asked for of stops."""

    asked: list[str]

    def batch_get(self, keys: Any, *, consistent: bool = False) -> Any:
        keys = list(keys)
        self.asked += [key.pk for key in keys if "#DEAD-EMAIL#" in key.pk]
        return super().batch_get(keys, consistent=consistent)


@pytest.mark.rule("C27")
def test_a_night_asks_for_one_key_a_mailbox_however_much_stands_there(walk: Walk) -> None:
    click(walk, walk.shop.customer(emails=("home@example.com",)))
    for email in ("home@example.com", "home+cars@example.com", "ada@example.com"):
        visited(walk, walk.shop.customer(emails=(email,)))
    counting = CountingReads(walk.shop.reads.table_name)
    counting.asked = []

    now = datetime(2027, 1, 7, 14, 1, tzinfo=UTC)
    ran = run_night(counting, ShopRef.of(walk.shop), now=now, has_time=lambda: True)

    assert dict(ran.counts) == {"do_not_mail": 2, "planned": 1}
    assert len(set(counting.asked)) == 2
