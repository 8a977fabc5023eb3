"""A contact: someone to write to for a customer (K1 to K4)."""

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
