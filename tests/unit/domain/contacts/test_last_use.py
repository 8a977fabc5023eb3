"""Six calendar months without a word, by the shop's calendar."""

from datetime import date

import pytest

from crossbay.domain.contacts.contact import Contact
from crossbay.domain.contacts.last_use import is_unused, last_written_at

NEW_YORK = "America/New_York"


def a_contact(created_at: str, email: str = "ana@example.com", found_by: tuple[str, ...] = ()) -> Contact:
    return Contact(
        id="1",
        organization_id="o",
        shop_id="s",
        customer_id="c",
        email=email,
        found_by_emails=found_by,
        created_at=created_at,
    )


@pytest.mark.parametrize(
    ("last_at", "first_unused_day"),
    [
        ("2027-03-01T17:00:00.000Z", date(2027, 9, 1)),
        ("2026-08-31T17:00:00.000Z", date(2027, 2, 28)),
        ("2027-08-31T17:00:00.000Z", date(2028, 2, 29)),
        ("2027-08-29T17:00:00.000Z", date(2028, 2, 29)),
        ("2028-02-29T17:00:00.000Z", date(2028, 8, 29)),
        ("2027-12-31T17:00:00.000Z", date(2028, 6, 30)),
        ("2027-07-01T03:30:00.000Z", date(2027, 12, 30)),  # 30 June in New York
    ],
)
def test_a_contact_is_unused_from_the_day_six_calendar_months_later_on(
    last_at: str, first_unused_day: date
) -> None:
    contact = a_contact("2020-01-01T12:00:00.000Z")
    written = {"ana@example.com": last_at}
    day_before = date.fromordinal(first_unused_day.toordinal() - 1)

    assert is_unused(contact, written, first_unused_day, NEW_YORK)
    assert not is_unused(contact, written, day_before, NEW_YORK)


@pytest.mark.parametrize("email", ["ana@example.com", ""])
def test_one_never_written_to_counts_from_its_creation(email: str) -> None:
    contact = a_contact("2027-03-01T17:00:00.000Z", email)

    assert not is_unused(contact, {}, date(2027, 8, 31), NEW_YORK)
    assert is_unused(contact, {}, date(2027, 9, 1), NEW_YORK)


def test_what_was_written_to_a_contact_merged_into_it_counts() -> None:
    contact = a_contact("2020-01-01T12:00:00.000Z", "", ("old@example.com",))
    written = {"old@example.com": "2027-03-01T17:00:00.000Z", "else@example.com": "2027-08-01T17:00:00.000Z"}

    assert last_written_at(contact, written) == "2027-03-01T17:00:00.000Z"
    assert not is_unused(contact, written, date(2027, 8, 31), NEW_YORK)
    assert is_unused(contact, {}, date(2027, 8, 31), NEW_YORK)
