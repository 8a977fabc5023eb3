"""A contact: someone to write to for a customer (K1 to K4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.customer import Phone


class ContactKind(StrEnum):
    """Who looks after a contact: the fleet's own users, or the shop. One-time contacts belong to a case."""

    FLEET = "fleet"
    LOCAL = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """email: where it is written to; never changed, a new one is a new contact (K2).

    found_by_emails, found_by_phones: those of the contacts merged into this one, to be found by (K3).
    merged_into: the id of the main contact, empty for one that stands for itself. deleted_at: UTC.
    """

    id: str
    organization_id: str
    shop_id: str
    customer_id: str
    kind: ContactKind = ContactKind.LOCAL
    name: str = ""
    role: str = ""
    email: str = ""
    phones: tuple[Phone, ...] = ()
    found_by_emails: tuple[str, ...] = ()
    found_by_phones: tuple[str, ...] = ()
    merged_into: str = ""
    version: int = 1
    created_at: str = ""
    updated_at: str = ""
    deleted_at: str = ""

    @property
    def is_offered(self) -> bool:
        """Whether it is listed and written to: neither deleted nor merged into another."""
        return not self.deleted_at and not self.merged_into


def main_contact(contacts: Iterable[Contact], contact_id: str) -> Contact | None:
    """Who stands for this contact now: itself, or the one it was merged into, and that one's, to the end.

    contacts: all of the customer, merged and deleted too. None for an id that isn't among them.
    """
    by_id = {contact.id: contact for contact in contacts}
    found = by_id.get(contact_id)
    while found is not None and found.merged_into:
        found = by_id.get(found.merged_into)
    return found
