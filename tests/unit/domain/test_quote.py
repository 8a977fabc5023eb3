"""Where a quote may go from each status, when it expires, and what may change under an answer."""

from dataclasses import replace
from typing import Any

import pytest

from crossbay.domain.quote import (
    Quote,
    QuoteLine,
    QuoteStatus,
    changed_quote,
    new_quote,
    shown_quote,
    stored_statuses,
)
from crossbay.errors import BadInput, Conflict

DRAFT, OPEN, ACCEPTED, DENIED, EXPIRED = QuoteStatus
TODAY = "2027-03-10"

ALLOWED = {
    *((DRAFT, OPEN), (OPEN, DRAFT), (OPEN, ACCEPTED), (OPEN, DENIED), (OPEN, EXPIRED)),
    *((ACCEPTED, OPEN), (DENIED, DRAFT), (DENIED, OPEN), (EXPIRED, DRAFT), (EXPIRED, OPEN)),
}


def quote(status: QuoteStatus = OPEN, **fields: Any) -> Quote:
    record = Quote(id="q", organization_id="o", shop_id="s", customer_id="c", status=status)
    return replace(record, **({"quoted_on": "2027-03-01"} | fields))


@pytest.mark.parametrize("before", QuoteStatus)
@pytest.mark.parametrize("after", QuoteStatus)
def test_a_quote_takes_the_steps_that_are_allowed_and_no_other(
    before: QuoteStatus, after: QuoteStatus
) -> None:
    change = replace(quote(before), status=after)

    if after is before or (before, after) in ALLOWED:
        assert changed_quote(quote(before), change, TODAY).status is after
    else:
        with pytest.raises(Conflict, match=f"A quote that is {before} can't become {after}, only "):
            changed_quote(quote(before), change, TODAY)


@pytest.mark.parametrize(
    ("status", "expires_on", "shown"),
    [
        (OPEN, "2027-03-09", EXPIRED),
        (OPEN, TODAY, OPEN),
        (OPEN, "", OPEN),
        (DRAFT, "2027-03-09", DRAFT),
        (ACCEPTED, "2027-03-09", ACCEPTED),
        (DENIED, "2027-03-09", DENIED),
        (EXPIRED, "2027-03-31", EXPIRED),
    ],
)
def test_only_an_open_quote_past_its_last_day_is_shown_as_expired(
    status: QuoteStatus, expires_on: str, shown: QuoteStatus
) -> None:
    assert shown_quote(quote(status, expires_on=expires_on), TODAY).status is shown


def test_an_expired_quote_may_be_stored_as_open_and_no_other_status_is_mixed() -> None:
    assert stored_statuses({EXPIRED}) == (OPEN, EXPIRED)
    assert all(stored_statuses({status}) == (status,) for status in QuoteStatus if status is not EXPIRED)


@pytest.mark.parametrize("before", [DRAFT, DENIED, EXPIRED, ACCEPTED])
def test_a_quote_that_becomes_open_is_offered_that_day_unless_another_is_given(before: QuoteStatus) -> None:
    offered = replace(quote(before), status=OPEN)

    assert changed_quote(quote(before), offered, TODAY).quoted_on == TODAY
    dated = replace(offered, quoted_on="2027-03-08")
    assert changed_quote(quote(before), dated, TODAY).quoted_on == "2027-03-08"


@pytest.mark.parametrize("before", [DRAFT, EXPIRED])
def test_a_quote_is_not_opened_with_a_last_day_that_is_past(before: QuoteStatus) -> None:
    stale = quote(before, expires_on="2027-03-09")

    with pytest.raises(BadInput) as refused:
        changed_quote(stale, replace(stale, status=OPEN), TODAY)
    mended = changed_quote(stale, replace(stale, status=OPEN, expires_on=TODAY), TODAY)

    assert refused.value.fields == {"expires_on": f"is before today, {TODAY}"}
    assert (mended.status, mended.expires_on) == (OPEN, TODAY)


OFFERS: list[dict[str, Any]] = [
    {"title": "Rear brakes"},
    {"lines": (QuoteLine(description="Pads", amount_cents=1),)},
    {"total_cents": 1},
    {"quoted_on": "2027-03-02"},
    {"expires_on": "2027-04-01"},
]


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: next(iter(offer)))
def test_what_was_offered_changes_in_a_draft_and_while_open_and_not_under_an_answer(
    offer: dict[str, Any],
) -> None:
    for status in (DRAFT, OPEN):
        changed = changed_quote(quote(status), quote(status, **offer), TODAY)
        assert {name: getattr(changed, name) for name in offer} == offer
    for status in (ACCEPTED, DENIED, EXPIRED):
        with pytest.raises(Conflict, match="Open it again first"):
            changed_quote(quote(status), quote(status, **offer), TODAY)
    with pytest.raises(Conflict):
        changed_quote(quote(OPEN), quote(ACCEPTED, **offer), TODAY)


def test_notes_and_where_it_belongs_change_under_any_status() -> None:
    own = {"notes": "called twice", "vehicle_id": "v", "repair_order_id": "r", "service_address_id": "a"}

    for status in QuoteStatus:
        assert changed_quote(quote(status), quote(status, **own), TODAY) == quote(status, **own)


@pytest.mark.parametrize("status", QuoteStatus)
def test_a_new_quote_is_a_draft_or_open_and_dated_today(status: QuoteStatus) -> None:
    draft = quote(status, quoted_on="")

    if status in (DRAFT, OPEN):
        assert new_quote(draft, TODAY) == replace(draft, quoted_on=TODAY)
    else:
        with pytest.raises(BadInput) as refused:
            new_quote(draft, TODAY)
        assert set(refused.value.fields) == {"status"}


def test_a_quote_that_expires_before_it_is_offered_is_refused_with_the_field() -> None:
    with pytest.raises(BadInput) as refused:
        new_quote(quote(DRAFT, expires_on="2027-02-28"), TODAY)

    assert refused.value.fields == {"expires_on": "is before quoted_on, 2027-03-01"}
