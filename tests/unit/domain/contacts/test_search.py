"""Contacts found by what was typed, and those that may be the same person."""

from typing import Any

import pytest

from crossbay.domain.contacts.contact import Contact, ContactKind
from crossbay.domain.contacts.search import find_contacts, offered, suggest_merges
from crossbay.domain.customers.customer import Phone

FLEET, LOCAL = ContactKind.FLEET, ContactKind.LOCAL


def a_contact(contact_id: str, *phones: str, **fields: Any) -> Contact:
    numbers = tuple(Phone(number=number) for number in phones)
    return Contact(id=contact_id, organization_id="o", shop_id="s", customer_id="c", phones=numbers, **fields)


@pytest.mark.parametrize(
    "text",
    [
        *("robert", "Roberto Díaz", "diaz roberto", "DIAZ, R", "bob diaz", "dias", "O'Neil"),
        *("r.diaz@example.com", "r.diaz", "R.Diaz@exam", "rdiaz"),
        *("(845) 555-0142", "+1 845 555 0142", "555 0142", "8455", "0142"),
    ],
)
def test_a_contact_is_found_as_forgivingly_as_a_customer(text: str) -> None:
    names = ("Roberto Díaz", "Robert Diaz O'Neil", "Robert Diaz")
    contacts = [
        *(
            a_contact(f"c{n}", "+18455550142", name=name, email="r.diaz@example.com")
            for n, name in enumerate(names)
        ),
        a_contact("other", "+13125550199", name="Maude Fenn", email="maude@example.com"),
    ]

    found = {contact.id for contact in find_contacts(contacts, text, "US")}

    assert found
    assert "other" not in found


@pytest.mark.parametrize("text", ["zzz", "014", "diaz@example.com", "9999", "--", "☃", "robert maude"])
def test_what_fits_nobody_finds_nobody(text: str) -> None:
    contact = a_contact("c", "+18455550142", name="Robert Diaz", email="r.diaz@example.com")

    assert find_contacts([contact], text, "US") == ()


@pytest.mark.parametrize("text", ["bob", "old@example.com", "0177"])
def test_a_merged_contact_leads_to_its_main_one_and_a_deleted_one_nowhere(text: str) -> None:
    main = a_contact("main", name="Robert Diaz", email="new@example.com")
    merged = a_contact("old", "+18455550177", name="Bob", email="old@example.com", merged_into="main")
    gone = a_contact(
        "gone", "+18455550177", name="Bob", email="old@example.com", deleted_at="2027-03-01T12:00:00.000Z"
    )

    assert find_contacts([main, merged, gone], text, "US") == (main,)
    assert offered([merged, main, gone]) == (main,)


def test_contacts_that_share_a_name_an_email_or_a_phone_are_suggested_with_all_that_they_share() -> None:
    contacts = [
        a_contact("1", "+18455550100", name="Ana Diaz", email="ana@example.com"),
        a_contact("2", "(845) 555-0100", name="Díaz, Ana", email="ana@example.com"),
        a_contact("3", "+18455550100", name="Front desk"),
        a_contact("4", "+18455550111", name="Maude Fenn", email="maude@example.com"),
        a_contact("5", name="Ana Diaz", deleted_at="2027-03-01T12:00:00.000Z"),
    ]

    told = [
        (
            [contact.id for contact in one.contacts],
            [(shared.trait.value, shared.value) for shared in one.shared],
        )
        for one in suggest_merges(contacts)
    ]

    assert told == [
        (["1", "2"], [("email", "ana@example.com"), ("name", "Ana Diaz"), ("phone", "+18455550100")]),
        (["1", "2", "3"], [("phone", "+18455550100")]),
    ]


def test_what_a_merged_contact_shares_counts_as_its_main_ones_and_not_twice() -> None:
    contacts = [
        a_contact("1", name="Ana Diaz"),
        a_contact("2", name="A. D.", email="ana@example.com", merged_into="1"),
        a_contact("3", name="Annie", email="ANA@example.com"),
    ]

    [suggestion] = suggest_merges(contacts)

    assert [contact.id for contact in suggestion.contacts] == ["1", "3"]
    assert suggest_merges(contacts[:2]) == ()


@pytest.mark.parametrize(("kinds", "told"), [((FLEET, FLEET), 0), ((FLEET, LOCAL), 1), ((LOCAL, LOCAL), 1)])
def test_the_shop_is_told_only_of_what_it_may_merge(kinds: tuple[ContactKind, ...], told: int) -> None:
    contacts = [a_contact(str(n), name="Ana Diaz", kind=kind) for n, kind in enumerate(kinds)]

    assert len(suggest_merges(contacts)) == told
