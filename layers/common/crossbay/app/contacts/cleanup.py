"""A customer's unused contacts: told when they are many, listed, deleted several at once (K8)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crossbay.app.contacts.contacts import contacts_of_customer, require_confirmation
from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Stamp
from crossbay.domain.calendar import local_date
from crossbay.domain.contacts.contact import Contact, ContactKind, require_keeper, require_offered
from crossbay.domain.contacts.last_use import MANY_UNUSED, is_unused, last_written_at
from crossbay.domain.contacts.search import offered
from crossbay.domain.customers.customer import CustomerRef
from crossbay.errors import Conflict, Contended, NotFound
from crossbay.store.contacts.contacts import put_contact
from crossbay.store.contacts.correspondence import last_written
from crossbay.store.idempotency import remember
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusedContact:
    """last_written_at: when someone of the organization last wrote to it (UTC); empty for never."""

    contact: Contact
    last_written_at: str = ""


def unused(reads: Reads, organization_id: str, owner: CustomerRef, *, at: str) -> tuple[UnusedContact, ...]:
    """The unused of the contacts offered, by name. at: now, UTC. Raises NotFound."""
    contacts = offered(contacts_of_customer(reads, organization_id, owner))
    return _unused(reads, organization_id, owner, contacts, at)


def many_unused(
    reads: Reads, organization_id: str, owner: CustomerRef, contacts: Sequence[Contact], *, at: str
) -> int | None:
    """How many of these offered contacts are unused where they are many, else None. at: now, UTC."""
    if len(contacts) < MANY_UNUSED:
        return None
    count = len(_unused(reads, organization_id, owner, contacts, at))
    return count if count >= MANY_UNUSED else None


@again_when_contended
def delete_unused(
    reads: Reads,
    organization_id: str,
    owner: CustomerRef,
    contact_ids: Sequence[str],
    *,
    confirmed: bool,
    stamp: Stamp,
) -> None:
    """Delete these unused contacts of the shop's, all or none.

    Raises NotFound, Forbidden for one that the fleet looks after, Conflict for one that was deleted or
    merged, or written to in the meantime, BadInput unless `confirmed`.
    """
    by_id = {contact.id: contact for contact in contacts_of_customer(reads, organization_id, owner)}
    if not by_id.keys() >= set(contact_ids):
        raise NotFound("contact")
    require_confirmation(confirmed)
    chosen = [by_id[contact_id] for contact_id in dict.fromkeys(contact_ids)]
    for contact in chosen:
        require_keeper(contact, ContactKind.LOCAL)
        require_offered(contact)
    if len(_unused(reads, organization_id, owner, chosen, stamp.at)) < len(chosen):
        raise Conflict("One of these contacts was written to in the meantime. Read the list again.")
    transaction = Transaction()
    for contact in chosen:
        deleted = replace(contact, deleted_at=stamp.at)
        refusal = Contended(f"contact {contact.id}")
        put_contact(transaction, contact, deleted, stamp=stamp, refusal=refusal)
    remember(transaction, stamp.mark)
    transaction.commit()


def _unused(
    reads: Reads, organization_id: str, owner: CustomerRef, contacts: Sequence[Contact], at: str
) -> tuple[UnusedContact, ...]:
    time_zone = read_shop(reads, owner.shop_ref(organization_id)).time_zone
    today = local_date(at, time_zone)
    emails = (email for contact in contacts for email in contact.all_emails)
    written = last_written(reads, organization_id, emails)
    return tuple(
        UnusedContact(contact=contact, last_written_at=last_written_at(contact, written))
        for contact in contacts
        if is_unused(contact, written, today, time_zone)
    )
