"""Rows of quotes, and what a row makes of the quote that is there."""

from dataclasses import dataclass, replace
from typing import Any

from crossbay.domain.customers.customer import Imported
from crossbay.domain.limits import LINE, MOST_LINES
from crossbay.domain.quote import Quote, QuoteLine, QuoteStatus, checked_quote
from crossbay.imports.cells.row import Cells
from crossbay.imports.repair_orders import quantity, service_position, within_bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRow:
    """Ids are the point of sale's.

    given: the fields that the file carries. service_position: as of `OrderRow`. repair_order_id: None where
    the file doesn't say.
    """

    customer_id: str
    vehicle_id: str | None
    service_position: int | None
    repair_order_id: str | None
    given: dict[str, Any]


def read_quote(cells: Cells) -> QuoteRow:
    """The row; what is wrong with it is in `cells.wrong`, what was left out in `cells.warned`."""
    lines = tuple(map(_line, cells.objects("lines", MOST_LINES)))
    total_cents = cells.cents("total")
    status = cells.choice("status", QuoteStatus, required=True)
    quoted_on = cells.day("quoted_on", required=True)
    expires_on = cells.coming_day("expires_on")
    if expires_on and expires_on < quoted_on:
        cells.leave_out("expires_on", "is before quoted_on")
    values: dict[str, Any] = {
        "number": cells.code("number"),
        "title": cells.text("title", LINE),
        "expires_on": expires_on,
        "lines": lines[:MOST_LINES],
        "notes": cells.note("notes"),
    }
    given = {
        name: value for name, value in values.items() if cells.gives(name) or (name == "lines" and lines)
    }
    given |= {"status": status, "quoted_on": quoted_on}
    if total_cents is not None or (cells.gives("lines", "total") or lines):
        summed = within_bounds(cells, "total", sum(line.amount_cents for line in lines))
        given["total_cents"] = summed if total_cents is None else total_cents
    return QuoteRow(
        customer_id=cells.id("customer_id", required=True),
        vehicle_id=cells.id("vehicle_id") if cells.has("vehicle_id") else None,
        service_position=service_position(cells),
        repair_order_id=cells.id("repair_order_id") if cells.has("repair_order_id") else None,
        given=given,
    )


def merged_quote(before: Quote, row: QuoteRow, imported: Imported) -> Quote:
    """The quote as the row has it, in whatever status; vehicle, service address and repair order are settled
    by the caller.

    Raises BadInput for days that don't fit each other.
    """
    after = replace(before, **row.given, imported=imported)
    if "expires_on" not in row.given and after.expires_on < after.quoted_on:
        after = replace(after, expires_on="")  # the end of the offer before
    return checked_quote(after)


def _line(cells: Cells) -> QuoteLine:
    return QuoteLine(
        description=cells.text("description", LINE),
        thousandth_units=quantity(cells),
        amount_cents=cells.cents("amount") or 0,
    )
