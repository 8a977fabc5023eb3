"""A customer's contacts, in the customer's partition: the offered, the merged and the deleted.

What was merged or deleted stays, so that past notes still name it; `Contact.is_offered` tells them apart.
"""

from collections.abc import Iterable
from dataclasses import replace

from crossbay.domain.access import Stamp
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.customers.customer import CustomerRef
from crossbay.errors import Conflict, Stale
from crossbay.store import audit, keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.operation import StoredItem
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Item, Query, Reads
from crossbay.store.transaction import Transaction


def contacts_query(partition: str) -> Query:
    """All contacts of a customer, the oldest first."""
    pk, prefix = profile_keys.person(partition, "")
    return Query(pk=pk, prefix=prefix, consistent=True)


def contact_of(item: Item) -> Contact:
    """What a stored item says."""
    return from_body(Contact, item["body"])


def contacts_of(items: Iterable[Item]) -> tuple[Contact, ...]:
    """What the items of `contacts_query` say."""
    return tuple(contact_of(item) for item in items)


def list_contacts(reads: Reads, organization_id: str, ref: CustomerRef) -> tuple[Contact, ...]:
    """All contacts of a customer, the deleted and the merged too, the oldest first."""
    partition = keys.customer_partition(organization_id, ref)
    return contacts_of(reads.query(contacts_query(partition)).items)


def find_contact(reads: Reads, organization_id: str, ref: CustomerRef, contact_id: str) -> Contact | None:
    """The contact, deleted or merged or not; None where there never was one."""
    partition = keys.customer_partition(organization_id, ref)
    item = reads.get(profile_keys.person(partition, contact_id), consistent=True)
    return contact_of(item) if item else None


def save_contact(
    before: Contact | None, after: Contact, *, stamp: Stamp, also: Transaction | None = None
) -> Contact:
    """Save the contact with the changes in `also`; gives it back as saved.

    Raises Stale when it changed since `before` was read, Conflict when a new one exists already, and
    whatever `also` refuses with.
    """
    transaction = also or Transaction()
    saved = put_contact(transaction, before, after, stamp=stamp)
    transaction.commit()
    return saved


def put_contact(
    transaction: Transaction,
    before: Contact | None,
    after: Contact,
    *,
    stamp: Stamp,
    refusal: Exception | None = None,
) -> Contact:
    """Write the contact as it became, in a larger transaction, with its audit entry; gives it back as saved.

    refusal: raised in the place of Stale when it changed since `before` was read.
    """
    after = replace(
        after,
        version=before.version + 1 if before else 1,
        created_at=before.created_at if before else stamp.at,
        updated_at=stamp.at,
    )
    partition = keys.customer_partition(after.organization_id, CustomerRef.of(after))
    transaction.replace(
        profile_keys.person(partition, after.id),
        StoredItem(type="person", body=to_body(after), version=after.version),
        expected_version=before.version if before else 0,
        refusal=refusal or (Stale("contact") if before else Conflict("This contact exists already.")),
    )
    what = f"contact {_verb(before, after)}"
    audit.write_entry(transaction, partition, stamp, what, after.id, before=before, after=after)
    return after


def _verb(before: Contact | None, after: Contact) -> str:
    if before is None:
        return "created"
    if after.deleted_at and not before.deleted_at:
        return "deleted"
    if after.merged_into != before.merged_into:
        return "merged" if after.merged_into else "taken out of a merge"
    return "changed"
