"""A contact: someone to write to for a customer (K1 to K4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.customers.customer import Phone
from crossbay.errors import Conflict, Forbidden


class ContactKind(StrEnum):
    """Who looks after a contact: the fleet's own users, or the shop. One-time contacts belong to a case."""

    FLEET = "fleet"
    LOCAL = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """email: where it is written to; never changed, a new one is a new contact (K2).

    found_by_emails, found_by_phones: those of the contacts merged into this one, to be found by (K3).
    merged_into: the id of the main contact, empty for one that stands for itself. deleted_at: UTC.
    complained_at: when (UTC) someone there complained about mail; looked up where contacts are shown, never
    stored.
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
    complained_at: str = ""

    @property
    def title(self) -> str:
        """What it is called in a sentence."""
        return self.name or self.email or next((phone.number for phone in self.phones), "this contact")

    @property
    def is_offered(self) -> bool:
        """Whether it is listed and written to: neither deleted nor merged into another."""
        return not self.deleted_at and not self.merged_into

    @property
    def all_emails(self) -> tuple[str, ...]:
        """Its own e-mail, if any, and those it is found by."""
        return tuple(dict.fromkeys(email for email in (self.email, *self.found_by_emails) if email))


def require_offered(contact: Contact) -> None:
    """Raises Conflict for a contact that was deleted or merged into another."""
    if contact.deleted_at:
        raise Conflict("This contact was deleted.")
    if contact.merged_into:
        raise Conflict("This contact was merged into another one. Change that one, or undo the merge first.")


def require_keeper(contact: Contact, side: ContactKind) -> None:
    """Raises Forbidden unless the contact is looked after by this side: the fleet's users, or the shop's."""
    if contact.kind is not side:
        keeper = "The fleet" if contact.kind is ContactKind.FLEET else "The shop"
        raise Forbidden(
            f"{keeper} looks after {contact.title}: only its users can change this contact or take it away."
        )


def mains(contacts: Iterable[Contact]) -> dict[str, Contact]:
    """Says who stands for each contact now, by its id: itself, or the one it was merged into, to the end.

    contacts: all of the customer, merged and deleted too.
    """
    by_id = {contact.id: contact for contact in contacts}
    found: dict[str, Contact] = {}
    for contact_id, contact in by_id.items():
        main = contact
        while main.merged_into:
            main = by_id[main.merged_into]
        found[contact_id] = main
    return found
