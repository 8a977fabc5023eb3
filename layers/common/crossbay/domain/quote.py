"""Quotes: priced work offered to a customer apart from repair orders (P4). Amounts are integer cents.

An open quote past its last day is expired, though nothing was saved that day: whoever reads it looks at it
through `shown_quote`. What is stored as expired was set so by hand, or came so from the point of sale.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from crossbay.domain.calendar import still_to_come
from crossbay.domain.customers.customer import Imported
from crossbay.errors import BadInput, Conflict


class QuoteStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    ACCEPTED = "accepted"
    DENIED = "denied"
    EXPIRED = "expired"


STEPS: Mapping[QuoteStatus, frozenset[QuoteStatus]] = MappingProxyType(
    {
        QuoteStatus.DRAFT: frozenset({QuoteStatus.OPEN}),
        QuoteStatus.OPEN: frozenset(QuoteStatus) - {QuoteStatus.OPEN},
        QuoteStatus.ACCEPTED: frozenset({QuoteStatus.OPEN}),
        QuoteStatus.DENIED: frozenset({QuoteStatus.DRAFT, QuoteStatus.OPEN}),
        QuoteStatus.EXPIRED: frozenset({QuoteStatus.DRAFT, QuoteStatus.OPEN}),
    }
)
"""Where a person may take a quote from each status; an import follows the point of sale instead."""

SHOWN_IN_ORDER = frozenset({QuoteStatus.DRAFT, QuoteStatus.OPEN, QuoteStatus.DENIED})
"""What an open repair order shows of its customer's quotes: what its work may still come from."""

_AT_WORK = (QuoteStatus.DRAFT, QuoteStatus.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """thousandth_units: how many, in thousandths of a unit. amount_cents: of the whole line."""

    description: str
    thousandth_units: int = 1000
    amount_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """quoted_on: the civil day of the shop it was offered on, of a draft the day it was drawn up.

    expires_on: the last day it can be accepted, empty for no end.
    """

    id: str
    organization_id: str
    shop_id: str
    customer_id: str
    number: str = ""
    title: str = ""
    status: QuoteStatus = QuoteStatus.DRAFT
    lines: tuple[QuoteLine, ...] = ()
    total_cents: int = 0
    quoted_on: str = ""
    expires_on: str = ""
    service_address_id: str = ""
    vehicle_id: str = ""
    repair_order_id: str = ""
    notes: str = ""
    imported: Imported | None = None
    version: int = 1
    created_at: str = ""
    updated_at: str = ""
    deleted_at: str = ""

    @property
    def position(self) -> tuple[str, str]:
        """Where the quote stands in a list, newest first: ids are unique, so no two quotes stand equal."""
        return (self.quoted_on, self.id)

    @property
    def offer(self) -> tuple[object, ...]:
        """What the customer says yes or no to."""
        return (self.title, self.lines, self.total_cents, self.quoted_on, self.expires_on)


def shown_quote(quote: Quote, today: str) -> Quote:
    """The quote as it stands today, a civil day of the shop: an open one past its last day is expired."""
    if quote.status is QuoteStatus.OPEN and quote.expires_on and quote.expires_on < today:
        return replace(quote, status=QuoteStatus.EXPIRED)
    return quote


def stored_statuses(shown: Collection[QuoteStatus]) -> tuple[QuoteStatus, ...]:
    """The statuses under which the quotes shown in one of these may be stored."""
    is_stored = set(shown) | ({QuoteStatus.OPEN} if QuoteStatus.EXPIRED in shown else set())
    return tuple(status for status in QuoteStatus if status in is_stored)


def newest(quotes: Iterable[Quote], limit: int) -> list[Quote]:
    """The newest `limit` of these, newest first; one that was met before and after a change counts once."""
    latest = {quote.id: quote for quote in sorted(quotes, key=lambda quote: quote.version)}
    return sorted(latest.values(), key=lambda quote: quote.position, reverse=True)[:limit]


def new_quote(draft: Quote, today: str) -> Quote:
    """The quote as it is first saved, a draft or offered at once. Raises BadInput for another status."""
    if draft.status not in _AT_WORK:
        raise BadInput(
            "A new quote is a draft or is offered at once.", fields={"status": "isn't draft or open"}
        )
    quote = replace(draft, quoted_on=draft.quoted_on or today)
    require_offered(None, quote, today=today)
    return _offered(quote, today) if quote.status is QuoteStatus.OPEN else checked_quote(quote)


def changed_quote(before: Quote, after: Quote, today: str) -> Quote:
    """`after`, once the step from `before`, as it is shown today, is allowed.

    A quote that becomes open is offered today unless it says otherwise. Raises Conflict for a step that isn't
    one of `STEPS`, and for another offer under an answer that was given; BadInput for days that don't fit.
    """
    if after.status is not before.status:
        _require_step(before.status, after.status)
        if after.status is QuoteStatus.OPEN:
            is_dated = after.quoted_on != before.quoted_on
            after = after if is_dated else replace(after, quoted_on=today)
            require_offered(before, after, today=today)
            return _offered(after, today)
    require_offered(before, after, today=today)
    if after.offer != before.offer and after.status not in _AT_WORK:
        raise Conflict(
            f"What was offered can't change while the quote is {after.status.value}. Open it again first."
        )
    return checked_quote(after)


def require_offered(before: Quote | None, after: Quote, *, today: str) -> None:
    """Raises BadInput for a quote that says it was offered on a day to come; a draft may be for one.

    A day that stood there before refuses no change of something else.
    """
    is_new = before is None or (before.status, before.quoted_on) != (after.status, after.quoted_on)
    if after.status is not QuoteStatus.DRAFT and is_new and (why := still_to_come(after.quoted_on, today)):
        raise BadInput("A quote isn't offered on a day to come.", fields={"quoted_on": why})


def checked_quote(quote: Quote) -> Quote:
    """The quote, once its days fit each other. Raises BadInput."""
    if quote.expires_on and quote.expires_on < quote.quoted_on:
        raise BadInput(
            "A quote can't expire before it is offered.",
            fields={"expires_on": f"is before quoted_on, {quote.quoted_on}"},
        )
    return quote


def _offered(quote: Quote, today: str) -> Quote:
    if quote.expires_on and quote.expires_on < today:
        raise BadInput(
            "This quote would have expired already. Give it a later last day.",
            fields={"expires_on": f"is before today, {today}"},
        )
    return checked_quote(quote)


def _require_step(before: QuoteStatus, after: QuoteStatus) -> None:
    if after not in STEPS[before]:
        allowed = " or ".join(status.value for status in QuoteStatus if status in STEPS[before])
        raise Conflict(f"A quote that is {before.value} can't become {after.value}, only {allowed}.")
