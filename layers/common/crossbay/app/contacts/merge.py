"""Contacts of a customer merged into a main one, and taken out again; who may be the same person (K3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from crossbay.app.contacts.contacts import contacts_of_customer
from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Stamp
from crossbay.domain.contacts import merge as contact_merge
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.contacts.merge import Regrouped
from crossbay.domain.contacts.search import Suggestion, suggest_merges
from crossbay.domain.customers.customer import CustomerRef
from crossbay.errors import Contended, Stale
from crossbay.store.contacts.contacts import put_contact
from crossbay.store.idempotency import remember
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Contacts to merge into the main one or to take out of it. version: of the main one as it was read."""

    owner: CustomerRef
    main_id: str
    other_ids: tuple[str, ...]
    version: int


class UseCase(Protocol):
    """`merge` or `unmerge`."""

    def __call__(self, reads: Reads, organization_id: str, choice: Choice, *, stamp: Stamp) -> Contact: ...


class _Regroup(Protocol):
    def __call__(self, contacts: Sequence[Contact], main_id: str, other_ids: Sequence[str]) -> Regrouped: ...


def suggestions(reads: Reads, organization_id: str, owner: CustomerRef) -> tuple[Suggestion, ...]:
    """Contacts that share a name, e-mail or phone and that the shop may merge. Raises NotFound."""
    return suggest_merges(contacts_of_customer(reads, organization_id, owner))


def merge(reads: Reads, organization_id: str, choice: Choice, *, stamp: Stamp) -> Contact:
    """Merge the others into the main contact, all or nothing; gives the main one back.

    Raises Stale unless the main one stands at its version, and what `domain/contacts/merge.merge` refuses
    with.
    """
    return _regroup(reads, organization_id, choice, contact_merge.merge, stamp=stamp)


def unmerge(reads: Reads, organization_id: str, choice: Choice, *, stamp: Stamp) -> Contact:
    """Take the others out of the main contact again, all or nothing; gives the main one back.

    Raises Stale unless the main one stands at its version, and what `domain/contacts/merge.take_out` refuses
    with.
    """
    return _regroup(reads, organization_id, choice, contact_merge.take_out, stamp=stamp)


@again_when_contended
def _regroup(
    reads: Reads, organization_id: str, choice: Choice, regroup: _Regroup, *, stamp: Stamp
) -> Contact:
    """An edit of one of the others that comes in between is kept: all of them are gathered again."""
    contacts = contacts_of_customer(reads, organization_id, choice.owner)
    before = {contact.id: contact for contact in contacts}
    if choice.main_id in before and before[choice.main_id].version != choice.version:
        raise Stale("contact")
    after = regroup(contacts, choice.main_id, choice.other_ids)
    transaction = Transaction()
    for contact in after.others:
        _put(transaction, before, contact, stamp)
    main = _put(transaction, before, after.main, stamp)
    remember(transaction, stamp.mark, main.id)
    transaction.commit()
    return main


def _put(transaction: Transaction, before: dict[str, Contact], after: Contact, stamp: Stamp) -> Contact:
    refusal = Contended(f"contact {after.id}")
    return put_contact(transaction, before[after.id], after, stamp=stamp, refusal=refusal)
