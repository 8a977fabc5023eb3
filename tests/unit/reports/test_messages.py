"""What came of the messages, counted."""

from typing import Any

import pytest

from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Message, MessageState, Occasion
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.reports.messages import Invoice, MessageCounts, message_statistics


def _message(number: int = 1, *, day: str = "2027-03-01", customer: str = "c1", **changed: Any) -> Message:
    given: dict[str, Any] = {
        "id": f"m{number}",
        "organization_id": "o",
        "shop_id": "s",
        "customer_id": customer,
        "occasion": Occasion(
            kind=changed.pop("kind", MessageKind.INACTIVE),
            customer_id=customer,
            vehicle_id="v",
            reason_id=str(number),
        ),
        "channel": Channel.EMAIL,
        "due_on": day,
        "date": day,
        "state": MessageState.DELIVERED,
    }
    return Message(**(given | changed))


def _invoice(day: str, customer: str = "c1", cents: int = 10_000) -> Invoice:
    return Invoice(repair_order_id=day, customer_id=customer, invoiced_on=day, amount_cents=cents)


def test_an_invoice_counts_for_the_latest_message_of_the_thirty_days_before() -> None:
    messages = [_message(1), _message(2, day="2027-03-20", kind=MessageKind.DEFERRED)]

    rows = message_statistics(messages, [_invoice("2027-03-20"), _invoice("2027-04-19")]).rows

    assert [row.counts.repair_orders for row in rows] == [0, 2]


@pytest.mark.parametrize(
    ("day", "counted"), [("2027-02-28", 0), ("2027-03-01", 1), ("2027-03-31", 1), ("2027-04-01", 0)]
)
def test_thirty_days_are_counted_and_not_one_more(day: str, counted: int) -> None:
    assert message_statistics([_message()], [_invoice(day)]).total.repair_orders == counted


def test_only_what_went_out_counts_and_another_customers_invoice_does_not() -> None:
    messages = [
        _message(1, opened_at="x", delivered_at="x"),
        _message(2, state=MessageState.SKIPPED),
        _message(3, state=MessageState.UNKNOWN, customer="c2"),
        _message(4, channel=Channel.POSTCARD, state=MessageState.SENT, cost_cents=85, customer="c3"),
    ]

    total = message_statistics(
        messages, [_invoice("2027-03-02", "c2"), _invoice("2027-03-02", "c3", 5)]
    ).total

    assert total == MessageCounts(
        sent=2, unknown=1, delivered=1, opened=1, cost_cents=85, repair_orders=1, amount_cents=5
    )


def test_rows_stand_by_day_kind_and_channel() -> None:
    messages = [
        _message(1, day="2027-03-02"),
        _message(2, kind=MessageKind.REMINDER_1),
        _message(3, kind=MessageKind.REMINDER_2),
        _message(4, kind=MessageKind.REMINDER_2, channel=Channel.POSTCARD),
    ]

    rows = message_statistics(messages, []).rows

    assert [(row.date, row.kind.value, row.channel.value) for row in rows] == [
        ("2027-03-01", "reminder_2", "email"),
        ("2027-03-01", "reminder_2", "postcard"),
        ("2027-03-01", "reminder_1", "email"),
        ("2027-03-02", "inactive", "email"),
    ]
