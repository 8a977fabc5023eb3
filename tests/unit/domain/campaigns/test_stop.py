"""A mailbox's stops as records opt out, take it back, and go."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.campaigns.stop import (
    Stop,
    StopReason,
    StopSource,
    bounced_at,
    first_opt_out,
    lifted,
    with_flags,
)
from crossbay.domain.customers.customer import DoNotMail, OptOut

AT = "2027-01-14T15:00:00.000Z"


def opt_out(by: str, minute: int) -> OptOut:
    how = "unsubscribe link" if by == "customer" else "staff"
    return OptOut(by=by, at=f"2027-01-14T15:{minute:02}:00.000Z", how=how)


flags = st.builds(
    DoNotMail,
    by_customer=st.none() | st.integers(0, 59).map(lambda n: opt_out("customer", n)),
    by_staff=st.none() | st.integers(0, 59).map(lambda n: opt_out("member", n)),
)
saves = st.lists(st.tuples(st.sampled_from(["north", "south"]), st.sampled_from("abc"), flags), max_size=12)


@pytest.mark.rule("C9", "C27")
@given(saves)
def test_a_mailbox_is_stopped_for_a_shop_while_any_record_there_asks_for_no_mail(saved: list[Any]) -> None:
    stops: tuple[Stop, ...] = ()
    records: dict[tuple[str, str], DoNotMail] = {}
    for number, (shop, customer, now) in enumerate(saved):
        at = f"2027-02-01T15:{number:02}:00.000Z"
        source = StopSource(shop_id=shop, customer_id=customer)
        stops = with_flags(stops, source, now, at=at, by="someone")
        assert with_flags(stops, source, now, at=at, by="someone") == stops
        records[shop, customer] = now

    for shop in ("north", "south"):
        asked = [flag for (of, _), flag in records.items() if of == shop and flag.is_set]
        assert (first_opt_out(stops, shop, shared=False) is not None) == bool(asked)
        told = first_opt_out(stops, shop, shared=False)
        if any(flag.by_customer for flag in asked):
            assert told is not None
            assert told.by == "customer"
    anyone = any(flag.is_set for flag in records.values())
    assert (first_opt_out(stops, "west", shared=True) is not None) == anyone
    assert first_opt_out(stops, "west", shared=False) is None


@pytest.mark.rule("C13", "C27")
@given(saves, st.integers(0, 12))
def test_what_stood_at_an_instant_is_told_afterwards_as_it_was(saved: list[Any], asked: int) -> None:
    stops: tuple[Stop, ...] = ()
    instant = f"2027-02-01T15:{asked:02}:00.000Z"
    then: Stop | None = None
    for number, (shop, customer, now) in enumerate(saved):
        if number == asked:
            then = first_opt_out(stops, "north", shared=False)
        source = StopSource(shop_id=shop, customer_id=customer)
        stops = with_flags(stops, source, now, at=f"2027-02-01T15:{number:02}:00.000Z", by="someone")
    if asked >= len(saved):
        then = first_opt_out(stops, "north", shared=False)

    told = first_opt_out(stops, "north", shared=False, known_until=instant)

    assert (told and told.opt_out) == (then and then.opt_out)


def test_an_address_that_the_record_had_once_gets_no_new_stop_and_loses_one_that_is_taken_back() -> None:
    source, asked = StopSource(shop_id="north", customer_id="a"), DoNotMail(by_staff=opt_out("member", 1))

    never = with_flags((), source, asked, at=AT, by="member", adds=False)
    stops = with_flags((), source, asked, at=AT, by="member")
    kept = with_flags(stops, source, asked, at=AT, by="member", adds=False)
    gone = with_flags(stops, source, DoNotMail(), at=AT, by="member", adds=False)

    assert (never, kept) == ((), stops)
    assert first_opt_out(gone, "north", shared=False) is None


def test_a_stop_with_an_end_holds_until_then_and_whenever_nobody_says_for_when() -> None:
    pause = Stop(
        reason=StopReason.OPT_OUT, at=AT, noted_at=AT, shop_id="north", until="2027-07-14T15:00:00.000Z"
    )

    assert first_opt_out([pause], "north", shared=False) == pause
    assert first_opt_out([pause], "north", shared=False, at="2027-07-14T14:59:59.999Z") == pause
    assert first_opt_out([pause], "north", shared=False, at="2027-07-14T15:00:00.000Z") is None


@pytest.mark.rule("C28")
def test_the_next_bounce_after_one_was_lifted_counts_from_itself() -> None:
    first = Stop(reason=StopReason.BOUNCE, at=AT, noted_at=AT)
    stops = lifted([first], [first], at="2027-01-15T15:00:00.000Z", by="admin")
    again = Stop(reason=StopReason.BOUNCE, at="2027-02-01T15:00:00.000Z", noted_at="2027-02-01T15:00:00.000Z")

    assert bounced_at(stops) == ""
    assert bounced_at(stops, "2027-01-14T16:00:00.000Z") == AT
    assert bounced_at((*stops, again)) == again.at
