"""The list of a customer's contacts, looked through or whole, with a word about the unused (K3, K8)."""

from dataclasses import dataclass

from crossbay.app.contact_cleanup import many_unused
from crossbay.app.contacts import contacts_of_customer
from crossbay.domain.contact_person import Contact
from crossbay.domain.contact_search import find_contacts, offered
from crossbay.domain.customer import CustomerRef
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Reads


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactList:
    """unused_count: to how many of all of the customer's contacts nobody of the organization wrote for six
    months; null where they are fewer than 30, or the caller can't clean up.
    """

    contacts: tuple[Contact, ...]
    unused_count: int | None = None


def list_contacts(
    reads: Reads, organization_id: str, owner: CustomerRef, text: str, *, tells_unused: bool, at: str
) -> ContactList:
    """The contacts offered, by name: all, or those that the text finds. at: now, UTC. Raises NotFound."""
    contacts = contacts_of_customer(reads, organization_id, owner)
    everyone = found = offered(contacts)
    if text.strip():
        found = find_contacts(contacts, text, read_shop(reads, organization_id, owner.shop_id).country)
    count = many_unused(reads, organization_id, owner, everyone, at=at) if tells_unused else None
    return ContactList(contacts=found, unused_count=count)
