"""Opt-outs through any sequence of what may happen to a customer's records."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crossbay.app.links.bring_over import copy_of_customer
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import (
    ConsentBasis,
    Customer,
    DoNotMail,
    Imported,
    MailConsent,
    OptOut,
)
from crossbay.domain.customers.opt_out import (
    COMPLAINT,
    UNSUBSCRIBE_LINK,
    opted_out,
    stricter_consent,
    stricter_flags,
    undone,
)
from crossbay.imports.cells.row import Cells
from crossbay.imports.customers import merged_customer, read_customer

AT = "2027-03-01T17:00:00.000Z"
STAMP = Stamp(by="import:1", at=AT)
DAYS = st.sampled_from(["", "2026-01-31", "2027-06-30", "2028-12-31"])
Step = Callable[[Customer], Customer]


def an_opt_out(hows: list[str]) -> st.SearchStrategy[OptOut | None]:
    return st.none() | st.builds(OptOut, by=st.just("someone"), at=st.just(AT), how=st.sampled_from(hows))


FLAGS = st.builds(
    DoNotMail,
    by_customer=an_opt_out([UNSUBSCRIBE_LINK, COMPLAINT]),
    by_staff=an_opt_out(["staff", "import"]),
)
CONSENTS = st.none() | st.builds(
    MailConsent,
    basis=st.sampled_from(ConsentBasis),
    given_on=DAYS,
    ends_on=DAYS,
    how=st.sampled_from(["staff", "import"]),
)
CUSTOMERS = st.builds(
    Customer,
    id=st.just("0197c2f0-5d1e-7c3a-9b1f-2a6d4e8f0b13"),
    organization_id=st.just("o"),
    shop_id=st.just("s"),
    last_name=st.just("Quill"),
    do_not_mail=FLAGS,
    consent=CONSENTS,
)


def imported(flag: str, basis: str, ends_on: str) -> Step:
    def take_in(customer: Customer) -> Customer:
        cells = {"last_name": "Quill", "do_not_mail": flag, "consent": basis}
        row = read_customer(Cells(cells | ({"consent_ends_on": ends_on} if basis == "express" else {})))
        return merged_customer(customer, row, Imported(pos_id="1", row_sha256="00"), STAMP)

    return take_in


def copied(earlier: Customer) -> Step:
    """To another shop, where a copy was made before, and deleted."""
    return lambda customer: copy_of_customer(customer, "elsewhere", "copy", [earlier])


def clicked(customer: Customer) -> Customer:
    return replace(customer, do_not_mail=opted_out(customer.do_not_mail, how=UNSUBSCRIBE_LINK, at=AT))


def complained(customer: Customer) -> Customer:
    return replace(customer, do_not_mail=opted_out(customer.do_not_mail, how=COMPLAINT, at=AT))


def undone_by_link(customer: Customer) -> Customer:
    return replace(customer, do_not_mail=undone(customer.do_not_mail))


HARMLESS = st.one_of(
    st.builds(
        imported,
        st.sampled_from(["yes", "no", ""]),
        st.sampled_from(["", "express", "implied", "none"]),
        DAYS,
    ),
    st.builds(copied, CUSTOMERS),
    st.just(clicked),
    st.just(complained),
)


@given(CUSTOMERS, st.lists(HARMLESS, max_size=8))
def test_no_sequence_of_imports_copies_and_clicks_turns_an_opt_out_into_mail(
    customer: Customer, steps: list[Step]
) -> None:
    after = customer
    for step in steps:
        after = step(after)

    assert (after.do_not_mail.by_customer is not None) >= (customer.do_not_mail.by_customer is not None)
    assert (after.do_not_mail.by_staff is not None) >= (customer.do_not_mail.by_staff is not None)
    if customer.consent is not None and customer.consent.basis is ConsentBasis.NONE:
        assert after.consent is not None
        assert after.consent.basis is ConsentBasis.NONE


@given(CUSTOMERS, st.lists(HARMLESS | st.just(undone_by_link), max_size=8))
def test_undoing_by_the_link_lifts_nothing_that_staff_an_import_or_a_complaint_set(
    customer: Customer, steps: list[Step]
) -> None:
    after = customer
    for step in steps:
        after = step(after)

    by_customer = customer.do_not_mail.by_customer
    if customer.do_not_mail.by_staff is not None:
        assert after.do_not_mail.by_staff is not None
    if by_customer is not None and by_customer.how == COMPLAINT:
        assert after.do_not_mail.by_customer is not None
        assert after.do_not_mail.by_customer.how == COMPLAINT


@given(FLAGS)
def test_a_click_undone_leaves_the_flags_as_without_it_but_for_clicks_before(flags: DoNotMail) -> None:
    assert undone(opted_out(flags, how=UNSUBSCRIBE_LINK, at=AT)) == undone(flags)


@given(FLAGS, FLAGS)
def test_of_two_sets_of_flags_every_opt_out_stays_and_none_becomes_undoable(
    one: DoNotMail, other: DoNotMail
) -> None:
    both = stricter_flags(one, other)

    assert both.is_set == (one.is_set or other.is_set)
    assert (both.by_staff is not None) == (one.by_staff is not None or other.by_staff is not None)
    left, lefts = undone(both), (undone(one), undone(other))
    assert (left.by_customer is not None) == any(flags.by_customer is not None for flags in lefts)


@given(CONSENTS, CONSENTS)
def test_of_two_consents_the_weaker_basis_and_the_earlier_end_count_in_either_order(
    one: MailConsent | None, other: MailConsent | None
) -> None:
    stricter, turned = stricter_consent(one, other), stricter_consent(other, one)

    noted = [consent for consent in (one, other) if consent is not None]
    assert (stricter is None) == (not noted)
    if stricter is not None and turned is not None:
        assert (stricter.basis, stricter.ends_on) == (turned.basis, turned.ends_on)
        assert ConsentBasis.NONE not in {consent.basis for consent in noted} - {stricter.basis}
        assert all(stricter.ends_on <= consent.ends_on for consent in noted if consent.ends_on)
