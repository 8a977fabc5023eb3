"""A customer's contacts: added, read, changed, deleted (K1, K2, K4).

side: whose users act, the fleet's or the shop's. Each side looks after its own contacts.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Stamp
from crossbay.domain.contacts.contact import Contact, ContactKind, require_keeper, require_offered
from crossbay.domain.contacts.merge import let_go, parts_of
from crossbay.domain.contacts.search import offered
from crossbay.domain.customers.customer import Customer, CustomerRef, Phone
from crossbay.domain.email import normalize_email
from crossbay.domain.phone import normalize_phone
from crossbay.errors import BadInput, Conflict, Contended, NotFound, Stale
from crossbay.ids import new_id
from crossbay.store.contacts.contacts import find_contact, list_contacts, put_contact, save_contact
from crossbay.store.customers.customers import read_customer
from crossbay.store.idempotency import remember
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

Edit = Callable[[Contact], Contact]

MOST_CONTACTS = 500
"""Of one customer, offered at the same time: its list is answered in one piece."""


def contacts_of_customer(reads: Reads, organization_id: str, owner: CustomerRef) -> tuple[Contact, ...]:
    """All contacts of a living customer, the deleted and the merged too. Raises NotFound."""
    read_customer(reads, organization_id, owner)
    return list_contacts(reads, organization_id, owner)


def read(reads: Reads, organization_id: str, owner: CustomerRef, contact_id: str) -> Contact:
    """The contact, also a deleted or merged one: past notes name it (K4). Raises NotFound."""
    read_customer(reads, organization_id, owner)
    contact = find_contact(reads, organization_id, owner, contact_id)
    if contact is None:
        raise NotFound("contact")
    return contact


def merged_into(
    reads: Reads, organization_id: str, owner: CustomerRef, contact_id: str
) -> tuple[Contact, ...]:
    """The contacts that were merged into this one, the oldest first. Raises NotFound."""
    contacts = contacts_of_customer(reads, organization_id, owner)
    for contact in contacts:
        if contact.id == contact_id:
            return parts_of(contacts, contact)
    raise NotFound("contact")


@again_when_contended
def add(reads: Reads, organization_id: str, draft: Contact, *, side: ContactKind, stamp: Stamp) -> Contact:
    """Give the customer the drafted contact (without id), looked after by `side`.

    Raises NotFound, BadInput, Conflict where the customer has as many as it may.
    """
    owner = CustomerRef.of(draft)
    if len(offered(contacts_of_customer(reads, organization_id, owner))) >= MOST_CONTACTS:
        raise Conflict(f"A customer has at most {MOST_CONTACTS} contacts. Delete those nobody needs.")
    country = read_shop(reads, owner.shop_ref(organization_id)).country
    named = replace(draft, id=new_id(), organization_id=organization_id, kind=side)
    contact = normalized(named, country)
    transaction = Transaction()
    remember(transaction, stamp.mark, contact.id)
    return save_contact(None, contact, stamp=stamp, also=transaction)


@again_when_contended
def change(
    reads: Reads,
    organization_id: str,
    owner: CustomerRef,
    contact_id: str,
    edit: Edit,
    *,
    side: ContactKind,
    version: int,
    stamp: Stamp,
) -> Contact:
    """Save the contact as `edit` makes it; its e-mail stays (K2).

    Raises NotFound, Stale unless it stands at `version`, Forbidden for one that the other side looks after,
    Conflict for a deleted or merged one, BadInput.
    """
    before = _changeable(reads, organization_id, owner, contact_id, side=side, version=version)
    country = read_shop(reads, owner.shop_ref(organization_id)).country
    after = replace(normalized(edit(before), country), email=before.email)
    transaction = Transaction()
    remember(transaction, stamp.mark, contact_id)
    return save_contact(before, after, stamp=stamp, also=transaction)


@again_when_contended
def delete(
    reads: Reads,
    organization_id: str,
    owner: CustomerRef,
    contact_id: str,
    *,
    confirmed: bool,
    side: ContactKind,
    version: int,
    stamp: Stamp,
) -> None:
    """Take the contact from the offered ones for good; what past notes show of it stays (K4).

    What the shop merged into one of the fleet's is the shop's, and stands for itself again.
    Raises BadInput unless `confirmed`, and otherwise like `change`.
    """
    before = _changeable(reads, organization_id, owner, contact_id, side=side, version=version)
    if not confirmed:
        contacts = list_contacts(reads, organization_id, owner)
        require_confirmation(confirmed, () if side is ContactKind.FLEET else parts_of(contacts, before))
    transaction = Transaction()
    remember(transaction, stamp.mark)
    left = _without_parts(reads, before, transaction, stamp) if side is ContactKind.FLEET else before
    save_contact(before, replace(left, deleted_at=stamp.at), stamp=stamp, also=transaction)


def require_confirmation(confirmed: bool, merged: Sequence[Contact] = ()) -> None:
    """Raises BadInput, saying how to confirm, and which contacts that were merged into it go too."""
    if not confirmed:
        names = ", ".join(contact.title for contact in merged)
        along = f"{names} was merged into it and goes too; undo the merge to keep them. " if names else ""
        raise BadInput(
            f"Deleting a contact can't be undone. {along}Ask, and send the request again with `confirm` set "
            "to true.",
            fields={"confirm": "must be true"},
        )


def hand_contacts_over(reads: Reads, customer: Customer, *, stamp: Stamp) -> None:
    """The contacts that its fleet looked after are the shop's: the customer leaves that fleet.

    Written before the customer is saved; broken off in between, they are the shop's while it is still the
    fleet's customer, which its users can mend by adding their own.
    """
    if not customer.fleet_id:
        return
    for contact in list_contacts(reads, customer.organization_id, customer.ref):
        if contact.kind is ContactKind.FLEET:
            refusal = Contended(f"contact {contact.id}")
            transaction = Transaction()
            after = replace(contact, kind=ContactKind.LOCAL)
            put_contact(transaction, contact, after, stamp=replace(stamp, mark=None), refusal=refusal)
            transaction.commit()


def normalized(contact: Contact, country: str) -> Contact:
    """The contact with phones and e-mail in one notation. Raises BadInput with a reason for each field."""
    if not (contact.name or contact.email or contact.phones):
        reason = "a contact needs a name, an e-mail or a phone"
        raise BadInput("This contact says nothing about anybody.", fields={"name": reason})
    try:
        email = normalize_email(contact.email) if contact.email else ""
    except ValueError as error:
        raise BadInput("This isn't an e-mail address.", fields={"email": str(error)}) from error
    phones = (Phone(number=normalize_phone(p.number, country), label=p.label) for p in contact.phones)
    return replace(contact, email=email, phones=tuple(dict.fromkeys(phones)))


def _without_parts(reads: Reads, main: Contact, transaction: Transaction, stamp: Stamp) -> Contact:
    """The main contact as it is once `transaction` has freed all that were merged into it."""
    contacts = list_contacts(reads, main.organization_id, CustomerRef.of(main))
    merged = {contact.id: contact for contact in contacts}
    after = let_go(contacts, main)
    for freed in after.others:
        refusal = Contended(f"contact {freed.id}")
        put_contact(transaction, merged[freed.id], freed, stamp=stamp, refusal=refusal)
    return after.main


def _changeable(
    reads: Reads,
    organization_id: str,
    owner: CustomerRef,
    contact_id: str,
    *,
    side: ContactKind,
    version: int,
) -> Contact:
    contact = read(reads, organization_id, owner, contact_id)
    if contact.version != version:
        raise Stale("contact")
    require_keeper(contact, side)
    require_offered(contact)
    return contact
