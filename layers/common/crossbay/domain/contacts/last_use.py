"""Contacts that nobody writes to any more (K8)."""

from collections.abc import Mapping
from datetime import date

from crossbay.domain.calendar import local_date, months_later
from crossbay.domain.contacts.contact import Contact

UNUSED_MONTHS = 6
MANY_UNUSED = 30
"""Unused contacts of a customer from which on its list says so."""


def last_written_at(contact: Contact, written: Mapping[str, str]) -> str:
    """When someone last wrote to the contact (UTC); empty for never.

    written: by e-mail address. Those of the contacts merged into it count: they are this person's.
    """
    return max((written.get(email, "") for email in contact.all_emails), default="")


def is_unused(contact: Contact, written: Mapping[str, str], today: date, time_zone: str) -> bool:
    """Whether nothing was written for six calendar months, counted from its creation if never.

    From the day six months later on: of a last day of a month, the last of a shorter one will do. The days
    are the shop's. A contact without e-mail was never written to.
    """
    last_on = local_date(last_written_at(contact, written) or contact.created_at, time_zone)
    return months_later(last_on.isoformat(), UNUSED_MONTHS) <= today.isoformat()
