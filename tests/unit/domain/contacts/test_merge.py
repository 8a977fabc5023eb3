"""Merging contacts and undoing it: nothing is lost, and what is undone was never done."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.contacts.contact import Contact, ContactKind, mains
from crossbay.domain.contacts.merge import Regrouped, merge, parts_of, take_out
from crossbay.domain.customers.customer import Phone
from crossbay.errors import BadInput, Conflict, CrossbayError, Forbidden, NotFound

EMAILS = st.sampled_from(["", "a@example.com", "b@example.com", "c@example.com"])
PHONES = st.lists(st.sampled_from(["+18455550101", "+18455550102", "+18455550103"]), max_size=2)
PICKS = st.tuples(st.integers(0, 9), st.sets(st.integers(0, 9), min_size=1, max_size=3), st.booleans())


def a_contact(contact_id: str, **fields: Any) -> Contact:
    return Contact(id=contact_id, organization_id="o", shop_id="s", customer_id="c", **fields)


@st.composite
def many_contacts(draw: st.DrawFn) -> tuple[Contact, ...]:
    return tuple(
        a_contact(
            f"c{number}",
            kind=draw(st.sampled_from(ContactKind)),
            email=draw(EMAILS),
            phones=tuple(Phone(number=phone) for phone in draw(PHONES)),
        )
        for number in range(draw(st.integers(2, 6)))
    )


def after(contacts: Sequence[Contact], change: Regrouped) -> tuple[Contact, ...]:
    changed = {contact.id: contact for contact in (change.main, *change.others)}
    return tuple(changed.get(contact.id, contact) for contact in contacts)


def walk(contacts: tuple[Contact, ...], picks: Sequence[tuple[int, set[int], bool]]) -> tuple[Contact, ...]:
    """What any calls leave behind; those refused change nothing."""
    for main, others, is_merge in picks:
        main_id, *ids = (contacts[number % len(contacts)].id for number in (main, *sorted(others)))
        regroup = merge if is_merge else take_out
        try:
            contacts = after(contacts, regroup(contacts, main_id, ids))
        except CrossbayError:
            continue
    return contacts


@given(contacts=many_contacts(), picks=st.lists(PICKS, max_size=8))
def test_no_sequence_of_merges_and_undoings_loses_an_email_or_a_phone(
    contacts: tuple[Contact, ...], picks: list[tuple[int, set[int], bool]]
) -> None:
    grouped = walk(contacts, picks)

    main_of = mains(grouped)
    for contact in contacts:
        main = main_of[contact.id]
        numbers = {*(phone.number for phone in main.phones), *main.found_by_phones}
        assert not main.merged_into
        assert {contact.email} - {""} <= set(main.all_emails)
        assert {phone.number for phone in contact.phones} <= numbers
    found_by = {email for main in main_of.values() for email in main.all_emails}
    assert found_by <= {contact.email for contact in contacts}
    assert [(one.email, one.phones) for one in grouped] == [(one.email, one.phones) for one in contacts]


@given(contacts=many_contacts(), picks=st.lists(PICKS, max_size=5), pick=PICKS)
def test_a_merge_that_is_undone_leaves_every_contact_exactly_as_it_was(
    contacts: tuple[Contact, ...], picks: list[tuple[int, set[int], bool]], pick: tuple[int, set[int], bool]
) -> None:
    before = walk(contacts, picks)
    main_id, *ids = (before[number % len(before)].id for number in (pick[0], *sorted(pick[1])))
    try:
        merged = after(before, merge(before, main_id, ids))
    except CrossbayError:
        return

    undone = after(merged, take_out(merged, main_id, ids))

    assert merged != before
    assert undone == before


def test_a_merge_into_a_merged_one_is_found_under_the_last() -> None:
    contacts = (a_contact("a", email="a@example.com"), a_contact("b"), a_contact("c"))

    once = after(contacts, merge(contacts, "b", ["a"]))
    twice = after(once, merge(once, "c", ["b"]))

    main = mains(twice)["a"]
    assert (main.id, main.found_by_emails) == ("c", ("a@example.com",))
    assert [part.id for part in parts_of(twice, main)] == ["b"]
    with pytest.raises(Conflict, match="out of that one first"):
        take_out(twice, "b", ["a"])


def test_what_was_merged_into_a_contact_that_was_deleted_since_can_be_taken_out_of_it() -> None:
    contacts = (a_contact("a", email="a@example.com"), a_contact("b", kind=ContactKind.FLEET))
    merged = after(contacts, merge(contacts, "b", ["a"]))
    gone = (merged[0], replace(merged[1], deleted_at="2027-03-01T12:00:00.000Z"))

    freed = take_out(gone, "b", ["a"])

    assert freed.others == contacts[:1]
    assert freed.main.deleted_at
    assert not freed.main.found_by_emails


@pytest.mark.parametrize(
    ("main_id", "other_id", "refused_with"),
    [
        ("local", "other local", None),
        ("fleet", "local", None),
        ("local", "fleet", Forbidden),
        ("fleet", "other fleet", Forbidden),
        ("local", "deleted", Conflict),
        ("local", "nobody", NotFound),
        ("nobody", "local", NotFound),
        ("local", "local", BadInput),
    ],
)
def test_the_shops_contacts_are_merged_also_into_the_fleets_which_never_are(
    main_id: str, other_id: str, refused_with: type[Exception] | None
) -> None:
    contacts = (
        *(a_contact(name, kind=ContactKind.FLEET) for name in ("fleet", "other fleet")),
        *(a_contact(name) for name in ("local", "other local")),
        a_contact("deleted", deleted_at="2027-03-01T12:00:00.000Z"),
    )

    if refused_with is None:
        assert merge(contacts, main_id, [other_id]).others[0].merged_into == main_id
    else:
        with pytest.raises(refused_with):
            merge(contacts, main_id, [other_id])
