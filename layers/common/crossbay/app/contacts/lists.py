"""The list of a customer's contacts, looked through or whole, with a word about the unused (K3, K8)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crossbay.app.contacts.cleanup import many_unused
from crossbay.app.contacts.contacts import contacts_of_customer
from crossbay.domain.campaigns.stop import complained_at
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.contacts.search import find_contacts, offered
from crossbay.domain.customers.customer import CustomerRef
from crossbay.store.campaigns.stops import read_stops
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
        found = find_contacts(contacts, text, read_shop(reads, owner.shop_ref(organization_id)).country)
    count = many_unused(reads, organization_id, owner, everyone, at=at) if tells_unused else None
    shown = with_complaints(reads, organization_id, found)
    return ContactList(contacts=shown, unused_count=count)


def with_complaints(reads: Reads, organization_id: str, contacts: Sequence[Contact]) -> tuple[Contact, ...]:
    """The contacts with when someone at their address complained about mail."""
    stops = read_stops(reads, organization_id, [contact.email for contact in contacts])
    return tuple(replace(one, complained_at=complained_at(stops.get(one.email, ()))) for one in contacts)
