"""What a customer gets on a day, rule by rule."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import Hold, Send, Skip
from crossbay.campaigns.facts import Arrival, LinkedVisit, Noted
from crossbay.campaigns.forecast import as_expected
from crossbay.campaigns.occasions import appointment_occasion, visit_occasion
from crossbay.domain.address import Address
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import MessageState, TextFailure
from crossbay.domain.campaigns.settings import Days, MessageKind
from crossbay.domain.customers.customer import DoNotMail, OptOut, ServiceAddress
from crossbay.domain.organization import Entitlement, ShopRef
from crossbay.domain.work.appointment import AppointmentStatus
from crossbay.domain.work.history import LastDone
from tests.unit.campaigns.people import (
    ADA,
    CIVIC,
    DAYS,
    HOME,
    TRUCK,
    appointment,
    asked,
    declined,
    facts,
    held,
    noted,
    one,
    rules,
    sent,
    visit,
    why_not,
)

REMINDER_2, REMINDER_1, NO_SHOW, THANK_YOU, DEFERRED, INACTIVE = MessageKind
BRAKES, WIPERS = declined("Brakes", "2026-12-01"), declined("Wipers", "2026-12-01")
UNSUBSCRIBED = OptOut(by="customer", at="2027-01-15T02:30:00.000Z", how="unsubscribe link")
BY_STAFF = OptOut(by="member", at="2027-02-01T15:00:00.000Z", how="staff")
DECEMBER = visit("2026-12-01")


@pytest.mark.rule("C4")
@pytest.mark.parametrize(
    ("day", "goes_out"),
    [
        ("2027-02-28", False),
        ("2027-03-01", True),
        ("2027-03-02", False),
        ("2027-05-30", True),
        ("2027-08-28", True),
        ("2027-11-26", True),
        ("2028-02-24", False),
    ],
)
def test_after_an_invoice_of_december_1_inactive_goes_out_from_march_1_on(day: str, goes_out: bool) -> None:
    customer = facts(visits=(DECEMBER,))

    assert (sent(rules(), customer, day) == [INACTIVE]) is goes_out


@pytest.mark.rule("C4")
def test_an_invoice_starts_the_inactive_series_over() -> None:
    customer = facts(visits=(DECEMBER, visit("2027-01-10", vehicle_id="truck")))

    assert sent(rules(), customer, "2027-03-01") == []
    assert sent(rules(), customer, "2027-04-10") == [INACTIVE]


@pytest.mark.rule("C4")
def test_inactive_names_the_vehicle_of_the_last_visit_or_where_sold_the_next() -> None:
    visits = (visit("2026-11-01", vehicle_id="truck"), DECEMBER)
    sold = (replace(CIVIC, is_sold=True), TRUCK)

    named = one(rules(), facts(visits=visits), "2027-03-01", INACTIVE)
    after_sale = one(rules(), facts(visits=visits, vehicles=sold), "2027-03-01", INACTIVE)

    assert isinstance(named, Send)
    assert isinstance(after_sale, Send)
    assert (named.vehicle_id, after_sale.vehicle_id) == ("civic", "truck")
    assert named.occasion == after_sale.occasion


@pytest.mark.rule("C17")
@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"is_sold": True}, "2016 Honda Civic sold"),
        ({"do_not_contact": True}, "2016 Honda Civic not to be contacted about"),
        ({"deleted_at": "2027-01-01T00:00:00.000Z"}, "vehicle not on file any more"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "day"),
    [
        (REMINDER_1, "2027-03-01"),
        (REMINDER_2, "2027-03-06"),
        (NO_SHOW, "2027-03-09"),
        (THANK_YOU, "2026-12-04"),
        (DEFERRED, "2026-12-31"),
        (INACTIVE, "2027-03-01"),
    ],
)
def test_a_vehicle_sold_or_not_to_be_contacted_about_is_left_out(
    kind: MessageKind, day: str, changes: dict[str, Any], because: str
) -> None:
    customer = facts(
        vehicles=(CIVIC,),
        appointments=(appointment("2027-03-08"),),
        visits=(visit("2026-12-01", declined=(BRAKES,)),),
    )
    without = replace(customer, vehicles=(replace(CIVIC, **changes),))

    assert any(isinstance(d, Send | Hold) for d in asked(rules(), customer, day, kind))
    assert why_not(rules(), without, day, kind) == f"{because}: no"


def test_reminders_go_out_their_days_before_the_appointment() -> None:
    customer = facts(appointments=(appointment("2027-03-08"),))

    assert sent(rules(), customer, "2027-03-01") == [REMINDER_1]
    assert sent(rules(), customer, "2027-03-06") == [REMINDER_2]
    assert sent(rules(), customer, "2027-03-05") == []


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"status": AppointmentStatus.CANCELLED}, "appointment of 2027-03-08 cancelled"),
        ({"status": AppointmentStatus.COMPLETED}, "appointment of 2027-03-08 completed"),
        ({"deleted_at": "2027-02-01T00:00:00.000Z"}, "appointment of 2027-03-08 deleted"),
    ],
)
def test_an_appointment_off_the_book_gets_neither_reminder_nor_no_show(
    changes: dict[str, Any], because: str
) -> None:
    customer = facts(appointments=(appointment("2027-03-08", **changes),))

    for day, kind in (("2027-03-01", REMINDER_1), ("2027-03-06", REMINDER_2), ("2027-03-09", NO_SHOW)):
        assert why_not(rules(), customer, day, kind) == f"{because}: no"


def test_a_made_up_reminder_for_an_appointment_that_has_passed_is_skipped() -> None:
    customer = facts(appointments=(appointment("2027-03-08"),))
    made_up = {"known_until": "2027-03-06T14:00:00.000Z"}

    on_the_morning = sent(rules(), customer, "2027-03-06", on=date(2027, 3, 8), **made_up)
    after = why_not(rules(), customer, "2027-03-06", REMINDER_2, on=date(2027, 3, 9), **made_up)
    later_hour = why_not(rules(send_hour=11), customer, "2027-03-06", REMINDER_2, on=date(2027, 3, 8))

    assert on_the_morning == [REMINDER_2]
    assert after == later_hour == "appointment of 2027-03-08 has passed: no"


def test_the_first_reminder_is_left_out_when_the_second_is_due() -> None:
    customer = facts(appointments=(appointment("2027-03-08"),))

    because = why_not(rules(), customer, "2027-03-01", REMINDER_1, on=date(2027, 3, 6))

    assert because == "the second reminder is due since 2027-03-06: no"


@pytest.mark.parametrize(
    ("arrivals", "goes_out"),
    [
        ((), True),
        ((Arrival(vehicle_id="civic", opened_on="2027-03-07"),), True),
        ((Arrival(vehicle_id="truck", opened_on="2027-03-07"),), True),
        ((Arrival(vehicle_id="truck", opened_on="2027-03-08"),), False),
        ((Arrival(vehicle_id="truck", opened_on="2027-03-09"),), True),
        ((Arrival(vehicle_id="civic", opened_on="2027-03-08"),), False),
        ((Arrival(vehicle_id="civic", opened_on="2027-03-09"),), False),
    ],
)
def test_no_show_goes_out_unless_the_vehicle_came_since_or_the_customer_with_another_that_day(
    arrivals: tuple[Arrival, ...], goes_out: bool
) -> None:
    customer = facts(appointments=(appointment("2027-03-08"),), arrivals=arrivals)

    assert (sent(rules(), customer, "2027-03-09") == [NO_SHOW]) is goes_out


def test_without_a_vehicle_on_the_appointment_any_arrival_of_the_customer_counts() -> None:
    booked = appointment("2027-03-08", vehicle_id="")
    truck_came = facts(
        appointments=(booked,), arrivals=(Arrival(vehicle_id="truck", opened_on="2027-03-08"),)
    )

    assert sent(rules(), facts(appointments=(booked,)), "2027-03-09") == [NO_SHOW]
    assert why_not(rules(), truck_came, "2027-03-09", NO_SHOW) == "came on 2027-03-08: no"


def test_thank_you_goes_out_after_each_vehicles_last_visit_only() -> None:
    twice = facts(visits=(DECEMBER, visit("2026-12-03")))
    two_vehicles = facts(visits=(DECEMBER, visit("2026-12-03", vehicle_id="truck")))

    assert why_not(rules(), twice, "2026-12-04", THANK_YOU) == "vehicle here again on 2026-12-03: no"
    assert sent(rules(), twice, "2026-12-06") == [THANK_YOU]
    assert sent(rules(), two_vehicles, "2026-12-04") == [THANK_YOU]


@pytest.mark.rule("C18")
def test_a_deferred_item_done_since_here_or_at_a_linked_shop_is_left_out() -> None:
    customer = facts(visits=(visit("2026-12-01", declined=(BRAKES, WIPERS)),))
    brakes_key = ("vin:2HGFC2F59GH500001", "brakes")
    elsewhere = replace(customer, done={brakes_key: (_done("2026-12-20", shop_id="linked"),)})
    copied = replace(customer, done={("ROOT", "job-Wipers"): (_done("2026-12-20"),)})

    assert _listed(customer) == ["Brakes", "Wipers"]
    assert _listed(elsewhere) == ["Wipers"]
    assert _listed(copied) == ["Brakes"]


def test_work_split_in_two_orders_of_a_day_gets_one_thank_you_and_loses_no_declined_item() -> None:
    visits = (
        visit("2026-12-01", repair_order_id="order-1", declined=(BRAKES,)),
        visit("2026-12-01", repair_order_id="order-2"),
    )
    later = visit("2026-12-20")

    assert sent(rules(), facts(visits=visits), "2026-12-04") == [THANK_YOU]
    assert held(rules(), facts(visits=visits), "2026-12-04") == []
    assert sent(rules(), facts(visits=visits), "2026-12-31") == [DEFERRED]
    assert sent(rules(), facts(visits=(*visits, later)), "2026-12-31") == []


@pytest.mark.rule("C18")
def test_nothing_is_sent_when_no_deferred_item_is_left() -> None:
    customer = facts(
        visits=(visit("2026-12-01", declined=(BRAKES,)),),
        done={("vin:2HGFC2F59GH500001", "brakes"): (_done("2026-12-20", shop_id="linked"),)},
    )

    said = why_not(rules(), customer, "2026-12-31", DEFERRED)
    assert said == "all 1 declined done since (Brakes on 2026-12-20): no"


@pytest.mark.rule("C18")
@pytest.mark.parametrize("done_on", ["2026-11-30", "2027-01-01"])
def test_work_done_before_it_was_declined_or_after_the_day_asked_about_is_still_to_do(done_on: str) -> None:
    customer = facts(
        visits=(visit("2026-12-01", declined=(BRAKES,)),),
        done={("vin:2HGFC2F59GH500001", "brakes"): (_done(done_on),)},
    )

    assert _listed(customer) == ["Brakes"]


@pytest.mark.rule("C18")
@pytest.mark.parametrize(
    ("linked_on", "goes_out"),
    [("2026-12-01", True), ("2026-12-02", False), ("2027-03-01", False), ("2027-03-02", True)],
)
def test_inactive_is_skipped_when_the_customer_was_at_a_linked_shop_within_the_inactive_days(
    linked_on: str, goes_out: bool
) -> None:
    linked = LinkedVisit(shop_id="linked", shop_name="Quill North", invoiced_on=linked_on)
    customer = facts(visits=(DECEMBER,), linked_visits=(linked,))

    assert (sent(rules(), customer, "2027-03-01") == [INACTIVE]) is goes_out
    if not goes_out:
        because = f"at linked shop Quill North on {linked_on}: no"
        assert why_not(rules(), customer, "2027-03-01", INACTIVE) == because


@pytest.mark.rule("C18")
def test_after_a_visit_to_a_linked_shop_the_next_interval_stands() -> None:
    linked = LinkedVisit(shop_id="linked", shop_name="Quill North", invoiced_on="2027-02-20")
    customer = facts(visits=(DECEMBER,), linked_visits=(linked,))

    assert sent(rules(), customer, "2027-03-01") == []
    assert sent(rules(), customer, "2027-05-30") == [INACTIVE]
    assert sent(rules(), facts(visits=(DECEMBER,)), "2027-03-01") == [INACTIVE]


@pytest.mark.rule("C17")
def test_one_message_a_day_goes_first_in_order_and_the_others_wait() -> None:
    customer = facts(
        appointments=(
            appointment("2027-03-06", vehicle_id="truck"),
            appointment("2027-03-11"),
            appointment("2027-03-03", vehicle_id="truck"),
        ),
        visits=(
            visit("2027-03-01", vehicle_id="truck"),
            visit("2027-02-02", declined=(declined("Brakes", "2027-02-02"),)),
        ),
    )
    numbers = rules(email_days=replace(DAYS, inactive=3, interval=90))

    assert sent(numbers, customer, "2027-03-04") == [REMINDER_2]
    assert held(numbers, customer, "2027-03-04") == [REMINDER_1, NO_SHOW, THANK_YOU, DEFERRED, INACTIVE]


@pytest.mark.rule("C17")
def test_what_waits_goes_out_the_next_day_while_still_true() -> None:
    occasion = visit_occasion(THANK_YOU, "ada", visit("2027-03-01"), 0)
    waiting = noted(occasion, MessageState.HELD, "2027-03-05", due_on="2027-03-04")
    customer = facts(visits=(visit("2027-03-01"),), messages=waiting)
    came_again = replace(customer, visits=(visit("2027-03-01"), visit("2027-03-05")))
    voided = replace(customer, visits=())

    went = one(rules(), customer, "2027-03-05", THANK_YOU)

    assert isinstance(went, Send)
    assert went.due_on == "2027-03-04"
    assert why_not(rules(), came_again, "2027-03-05", THANK_YOU) == "vehicle here again on 2027-03-05: no"
    assert why_not(rules(), voided, "2027-03-05", THANK_YOU) == "what it is about was deleted or voided: no"


@pytest.mark.rule("C17")
def test_what_waits_for_tomorrow_doesnt_go_out_when_today_is_asked_again() -> None:
    occasion = visit_occasion(THANK_YOU, "ada", visit("2027-03-01"), 0)
    waiting = noted(occasion, MessageState.HELD, "2027-03-05", due_on="2027-03-04")
    customer = facts(visits=(visit("2027-03-01"),), messages=waiting)

    again = one(rules(), customer, "2027-03-04", THANK_YOU)

    assert isinstance(again, Hold)
    assert again.until == "2027-03-05"


@pytest.mark.rule("C17")
def test_a_slot_taken_by_another_message_holds_all_and_by_its_own_lets_it_go() -> None:
    customer = facts(visits=(visit("2027-03-01"),))
    own = visit_occasion(THANK_YOU, "ada", visit("2027-03-01"), 0).message_id(
        ShopRef(organization_id="org", shop_id="shop")
    )

    assert held(rules(), replace(customer, slots={"2027-03-04": "other"}), "2027-03-04") == [THANK_YOU]
    assert sent(rules(), replace(customer, slots={"2027-03-04": own}), "2027-03-04") == [THANK_YOU]
    assert sent(rules(), replace(customer, slots={"2027-03-03": "other"}), "2027-03-04") == [THANK_YOU]


def test_two_that_wait_since_the_same_day_go_out_in_one_order_however_they_were_read() -> None:
    visits = (visit("2027-03-01"), visit("2027-03-01", repair_order_id="order-2", vehicle_id="truck"))
    ledger: dict[str, Noted] = {}
    for made in visits:
        ledger |= noted(visit_occasion(THANK_YOU, "ada", made, 0), MessageState.HELD, "2027-03-05")
    customer = facts(visits=visits, messages=ledger)
    otherwise = facts(visits=visits, messages=dict(reversed(list(ledger.items()))))

    decisions = asked(rules(), customer, "2027-03-05", THANK_YOU)

    assert [type(decision) for decision in decisions] == [Send, Hold]
    assert asked(rules(), otherwise, "2027-03-05", THANK_YOU) == decisions


def test_what_waits_for_a_moved_appointment_is_skipped_with_its_new_day() -> None:
    before = appointment("2027-03-08")
    waiting = noted(appointment_occasion(REMINDER_1, before), MessageState.HELD, "2027-03-02")
    moved = replace(before, date="2027-03-20", starts_at="2027-03-20T14:00:00.000Z")
    customer = facts(appointments=(moved,), messages=waiting)

    because = why_not(rules(), customer, "2027-03-02", REMINDER_1)

    assert because == "appointment moved, now on 2027-03-20: no"


@pytest.mark.parametrize(
    ("state", "because"),
    [
        (MessageState.SENT, "sent on 2027-03-01"),
        (MessageState.DELIVERED, "sent on 2027-03-01"),
        (MessageState.BOUNCED, "sent on 2027-03-01"),
        (MessageState.COMPLAINED, "sent on 2027-03-01"),
        (MessageState.SENDING, "handed over on 2027-03-01, outcome unknown"),
        (MessageState.UNKNOWN, "handed over on 2027-03-01, outcome unknown"),
        (MessageState.STOPPED, "stopped by a person: by Sam"),
        (MessageState.SKIPPED, "skipped on 2027-03-01: by Sam"),
    ],
)
def test_what_the_ledger_has_seen_out_isnt_sent_again(state: MessageState, because: str) -> None:
    reason = "by Sam" if state in (MessageState.STOPPED, MessageState.SKIPPED) else ""
    ledger = noted(visit_occasion(INACTIVE, "ada", DECEMBER, 90), state, "2027-03-01", reason=reason)
    customer = facts(visits=(DECEMBER,), messages=ledger)

    assert why_not(rules(), customer, "2027-03-01", INACTIVE) == f"{because}: no"


@pytest.mark.parametrize("state", [MessageState.PLANNED, MessageState.CLAIMED])
def test_a_message_planned_but_not_sent_is_still_due_on_the_next_day(state: MessageState) -> None:
    ledger = noted(visit_occasion(INACTIVE, "ada", DECEMBER, 90), state, "2027-03-01")
    customer = facts(visits=(DECEMBER,), messages=ledger)

    assert sent(rules(), customer, "2027-03-01") == [INACTIVE]
    assert sent(rules(), customer, "2027-03-02") == [INACTIVE]


def test_on_a_made_up_day_records_that_came_later_give_no_occasion() -> None:
    imported = facts(
        appointments=(appointment("2027-03-08", created_at="2027-03-02T10:00:00.000Z"),),
        visits=(visit("2026-12-01", recorded_at="2027-03-02T10:00:00.000Z"),),
    )
    made_up = {"on": date(2027, 3, 2), "known_until": "2027-03-01T14:00:00.000Z"}

    assert sent(rules(), imported, "2027-03-01") == [REMINDER_1]
    assert sent(rules(), imported, "2027-03-01", **made_up) == []
    assert held(rules(), imported, "2027-03-01", **made_up) == []


def test_on_a_made_up_day_a_later_visit_still_makes_inactive_untrue() -> None:
    late = visit("2027-03-02", recorded_at="2027-03-02T18:00:00.000Z")
    customer = facts(visits=(DECEMBER, late))

    because = why_not(
        rules(),
        customer,
        "2027-03-01",
        INACTIVE,
        on=date(2027, 3, 3),
        known_until="2027-03-01T14:00:00.000Z",
    )

    assert because == "here again on 2027-03-02: no"


@pytest.mark.parametrize(
    ("switches", "changes", "channel"),
    [
        ({"email_on": True, "postcard_on": True}, {}, Channel.EMAIL),
        ({"email_on": True, "postcard_on": True}, {"emails": ()}, Channel.POSTCARD),
        ({"email_on": False, "postcard_on": True}, {}, Channel.POSTCARD),
        ({"email_on": True, "postcard_on": False}, {}, Channel.EMAIL),
        ({"email_on": True, "postcard_on": False}, {"emails": ()}, None),
        ({"email_on": False, "postcard_on": True}, {"billing_address": Address()}, None),
        ({"email_on": True, "postcard_on": True}, {"emails": (), "billing_address": Address()}, None),
    ],
)
def test_email_goes_to_those_with_one_and_a_card_to_those_without(
    switches: dict[str, Any], changes: dict[str, Any], channel: Channel | None
) -> None:
    customer = facts(customer=replace(replace(ADA, billing_address=HOME), **changes), visits=(DECEMBER,))

    decision = one(rules(**switches), customer, "2027-03-01", INACTIVE)

    assert decision.channel is channel
    assert isinstance(decision, Send) is (channel is not None)


def test_an_address_that_bounced_counts_as_none_and_a_service_address_will_do_for_a_card() -> None:
    service = ServiceAddress(id="a", address=HOME)
    customer = facts(
        customer=replace(ADA, service_addresses=(service,)),
        visits=(DECEMBER,),
        dead_emails=frozenset({"ada@example.com"}),
    )

    assert one(rules(postcard_on=True), customer, "2027-03-01", INACTIVE).channel is Channel.POSTCARD
    assert why_not(rules(), customer, "2027-03-01", INACTIVE) == "e-mail bounced: no"


@pytest.mark.rule("C10")
@pytest.mark.parametrize(
    ("failing", "changes", "other"),
    [
        (Channel.EMAIL, {}, Channel.POSTCARD),
        (Channel.POSTCARD, {}, Channel.EMAIL),
        (Channel.POSTCARD, {"dead_emails": frozenset({"ada@example.com", "ada2@example.com"})}, None),
        (Channel.EMAIL, {"opted_out": {"ada2@example.com": OptOut(by="ada", at="", how="")}}, None),
    ],
)
def test_what_fails_by_one_channel_goes_by_the_other_but_not_in_place_of_an_address_that_wants_nothing(
    failing: Channel, changes: dict[str, Any], other: Channel | None
) -> None:
    occasion = visit_occasion(INACTIVE, "ada", DECEMBER, 90)
    failure = TextFailure(channel=failing, at="2027-03-01T14:00:00.000Z", reason="too long")
    customer = facts(
        customer=replace(ADA, emails=("ada2@example.com", "ada@example.com"), billing_address=HOME),
        visits=(DECEMBER,),
        messages=noted(occasion, MessageState.PLANNED, "2027-03-01", failures=(failure,)),
        **changes,
    )

    decision = one(rules(postcard_on=True), customer, "2027-03-01", INACTIVE)

    assert decision.channel is other
    assert isinstance(decision, Send) is (other is not None)


def test_each_channel_counts_by_its_own_numbers() -> None:
    both = rules(postcard_on=True, postcard_days=Days(thank_you=5))
    by_card = facts(customer=replace(ADA, emails=(), billing_address=HOME), visits=(visit("2027-03-01"),))

    assert sent(both, by_card, "2027-03-04") == []
    assert sent(both, by_card, "2027-03-06") == [THANK_YOU]


@pytest.mark.parametrize("kind", list(MessageKind))
def test_a_kind_at_0_never_goes_out(kind: MessageKind) -> None:
    numbers = rules(email_days=replace(DAYS, **{kind.value: 0}))
    customer = facts(
        appointments=(appointment("2027-03-08"),), visits=(visit("2026-12-01", declined=(BRAKES,)),)
    )

    for day in ("2026-12-04", "2026-12-31", "2027-03-01", "2027-03-06", "2027-03-09"):
        assert kind not in sent(numbers, customer, day)
        assert one(numbers, customer, day, kind).checks[-1].text.endswith("switched off")


def test_nothing_goes_out_while_contact_is_off_not_entitled_or_stopped() -> None:
    customer = facts(visits=(DECEMBER,))
    unentitled = replace(rules(), entitlements=frozenset({Entitlement.POSTCARDS}))

    assert why_not(rules(email_on=False), customer, "2027-03-01", INACTIVE) == ("campaigns switched off: no")
    assert (
        why_not(unentitled, customer, "2027-03-01", INACTIVE) == "organization without customer_contact: no"
    )
    assert why_not(rules(stopped="wrong letters"), customer, "2027-03-01", INACTIVE) == (
        "sending stopped: wrong letters: no"
    )


def test_nothing_goes_to_a_deleted_customer() -> None:
    customer = facts(customer=replace(ADA, deleted_at="2027-01-01T00:00:00.000Z"), visits=(DECEMBER,))

    assert why_not(rules(), customer, "2027-03-01", INACTIVE) == "customer deleted: no"


@pytest.mark.parametrize(
    ("opt_outs", "because"),
    [
        (DoNotMail(by_customer=UNSUBSCRIBED), "do-not-mail since 2027-01-14 by unsubscribe link"),
        (DoNotMail(by_staff=BY_STAFF), "do-not-mail since 2027-02-01 by staff"),
        (
            DoNotMail(by_customer=UNSUBSCRIBED, by_staff=BY_STAFF),
            "do-not-mail since 2027-01-14 by unsubscribe link",
        ),
    ],
)
@pytest.mark.parametrize("switches", [{}, {"email_on": False, "postcard_on": True}])
def test_do_not_mail_stops_e_mail_and_postcards_whoever_set_it(
    switches: dict[str, Any], opt_outs: DoNotMail, because: str
) -> None:
    customer = facts(customer=replace(ADA, do_not_mail=opt_outs, billing_address=HOME), visits=(DECEMBER,))

    assert why_not(rules(**switches), customer, "2027-03-01", INACTIVE) == f"{because}: no"


def test_a_held_message_of_a_kind_switched_off_since_is_named_and_skipped() -> None:
    occasion = visit_occasion(THANK_YOU, "ada", DECEMBER, 0)
    customer = facts(visits=(DECEMBER,), messages=noted(occasion, MessageState.HELD, "2026-12-05"))

    decision = one(rules(email_days=replace(DAYS, thank_you=0)), customer, "2026-12-05", THANK_YOU)

    assert isinstance(decision, Skip)
    assert decision.occasion == occasion
    assert decision.reason.text == "thank you switched off"


def test_every_kind_is_decided_in_order_on_a_day_when_nothing_is_due() -> None:
    decisions = decide(rules(), facts(), date(2027, 3, 1))

    assert [d.kind for d in decisions] == list(MessageKind)
    assert all(isinstance(d, Skip) for d in decisions)


def _listed(customer: Any) -> list[str]:
    decision = one(rules(), customer, "2026-12-31", DEFERRED)
    assert isinstance(decision, Send)
    return [item.title for item in decision.declined]


def _done(day: str, shop_id: str = "shop") -> LastDone:
    return LastDone(
        shop_id=shop_id,
        repair_order_id=f"later-{day}",
        repair_order_number="1002",
        job_id="done",
        title="Brakes",
        invoiced_on=day,
    )


@pytest.mark.rule("C18")
@pytest.mark.parametrize(
    ("booked", "why"),
    [
        (appointment("2027-03-12"), "booked anew for 2027-03-12: no"),
        (appointment("2027-03-12", vehicle_id=""), "booked anew for 2027-03-12: no"),
        (
            appointment("2027-03-12", vehicle_id="truck", created_at="2027-03-08T16:00:00.000Z"),
            "booked anew for 2027-03-12: no",
        ),
        (appointment("2027-03-12", vehicle_id="truck", created_at="2027-02-01T16:00:00.000Z"), ""),
        (appointment("2027-03-12", status=AppointmentStatus.CANCELLED), ""),
        (appointment("2027-03-12", deleted_at="2027-03-08T18:00:00.000Z"), ""),
        (appointment("2027-03-09", starts_at="2027-03-09T13:00:00.000Z"), ""),
    ],
)
def test_nobody_is_missed_who_has_booked_anew(booked: Any, why: str) -> None:
    customer = facts(appointments=(appointment("2027-03-08"),), booked=(booked,))

    if why:
        assert why_not(rules(), customer, "2027-03-09", NO_SHOW) == why
    else:
        assert sent(rules(), customer, "2027-03-09") == [NO_SHOW]


@pytest.mark.rule("C18")
@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({"booked": (appointment("2027-03-08"),)}, "appointment ahead on 2027-03-08: no"),
        ({"booked": (appointment("2027-11-30", vehicle_id="truck"),)}, "appointment ahead on 2027-11-30: no"),
        ({"booked": (appointment("2027-02-27"),)}, ""),
        ({"booked": (appointment("2027-03-08", status=AppointmentStatus.COMPLETED),)}, ""),
        (
            {"arrivals": (Arrival(vehicle_id="truck", opened_on="2027-02-27", in_progress=True),)},
            "work in progress here since 2027-02-27: no",
        ),
        ({"arrivals": (Arrival(vehicle_id="truck", opened_on="2027-02-27"),)}, ""),
        ({"arrivals": (Arrival(vehicle_id="truck", opened_on="2026-02-28", in_progress=True),)}, ""),
        ({"arrivals": (Arrival(vehicle_id="truck", opened_on="2027-03-02", in_progress=True),)}, ""),
    ],
)
def test_nobody_is_told_to_have_stayed_away_who_is_expected_or_has_a_car_in_the_shop(
    known: dict[str, Any], why: str
) -> None:
    customer = facts(visits=(DECEMBER,), **known)

    if why:
        assert why_not(rules(), customer, "2027-03-01", INACTIVE) == why
    else:
        assert sent(rules(), customer, "2027-03-01") == [INACTIVE]


@pytest.mark.rule("C13")
def test_of_an_appointment_still_to_come_nobody_is_told_that_the_customer_came() -> None:
    customer = facts(appointments=(appointment("2027-03-08"),))

    told = why_not(rules(), as_expected(customer, date(2027, 3, 1)), "2027-03-09", NO_SHOW)

    assert told == "missed (it is still to come, and taken as kept): no"
