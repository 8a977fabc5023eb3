"""What clients send about quotes."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from crossbay.domain.limits import MOST_LINES, MOST_THOUSANDTH_UNITS
from crossbay.domain.quote import Quote, QuoteLine, QuoteStatus
from crossbay.entry.fields import Cents, Day, DayOrNone, Line, RecordId, Short, Text
from crossbay.entry.inputs import Input, example


class QuoteLineInput(Input):
    """thousandth_units: how many, in thousandths. amount_cents: of the whole line."""

    description: Line
    thousandth_units: Annotated[int, Field(ge=0, le=MOST_THOUSANDTH_UNITS)] = 1000
    amount_cents: Cents = 0

    def line(self) -> QuoteLine:
        return QuoteLine(**self.model_dump())


class QuoteFields(Input):
    """quoted_on: the day it is offered, today where left out. expires_on: its last day, empty for no end.

    lines: the whole list; left out, it stays as it is. total_cents: beside lines, their sum where left out.
    service_address_id: the customer's first where empty.
    """

    model_config = example(status="accepted")

    number: Short = ""
    title: Line = ""
    status: Annotated[QuoteStatus, Field(strict=False)] = QuoteStatus.DRAFT
    lines: Annotated[list[QuoteLineInput], Field(max_length=MOST_LINES)] = []
    total_cents: Cents = 0
    quoted_on: Day = ""
    expires_on: DayOrNone = ""
    service_address_id: RecordId = ""
    vehicle_id: RecordId = ""
    repair_order_id: RecordId = ""
    notes: Text = ""

    def onto(self, quote: Quote) -> Quote:
        """The quote with the fields that were sent."""
        changes = self.given()
        if "lines" in changes:
            changes["lines"] = tuple(line.line() for line in self.lines)
            changes.setdefault("total_cents", sum(line.amount_cents for line in self.lines))
        return replace(quote, **changes)


class NewQuote(QuoteFields):
    model_config = example(
        title="Front brakes",
        status="open",
        lines=[{"description": "Pads and rotors, front", "amount_cents": 48900}],
        expires_on="2027-03-31",
    )

    def quote(self, shop_id: str, customer_id: str) -> Quote:
        """The draft, without id."""
        return self.onto(Quote(id="", organization_id="", shop_id=shop_id, customer_id=customer_id))
