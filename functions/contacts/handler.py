"""A customer's contacts as its shop looks after them: listed, changed, merged, cleaned up."""

from functools import partial
from typing import Annotated

from crossbay.app.contacts import cleanup as contact_cleanup
from crossbay.app.contacts import contacts
from crossbay.app.contacts import merge as contact_merge
from crossbay.app.contacts.lists import ContactList, with_complaints
from crossbay.app.contacts.lists import list_contacts as list_found
from crossbay.app.contacts.merge import Choice
from crossbay.domain.access import Action
from crossbay.domain.contacts.contact import Contact, ContactKind
from crossbay.domain.customers.customer import CustomerRef
from crossbay.entry.answers import created, no_content, versioned
from crossbay.entry.contacts import answers as person_answers
from crossbay.entry.contacts import requests as person_requests
from crossbay.entry.http import Door, Id, IdempotencyKey, IfMatch, Query, Response, expected_version

door = Door("contacts")
app = door.app
lambda_handler = door.handler

CONTACTS = "/shops/<shop_id>/customers/<customer_id>/contacts"
CONTACT = f"{CONTACTS}/<contact_id>"
SIDE = ContactKind.LOCAL
"""The shop acts here; fleet users have their own door."""

Text = Annotated[str, Query(max_length=200, description="A name, an e-mail or a phone, or the start of one.")]
Confirm = Annotated[bool, Query(description="Must be true: a deleted contact doesn't come back.")]


@app.get(CONTACTS, tags=["contacts"], summary="List a customer's contacts")
def list_contacts(shop_id: Id, customer_id: Id, q: Text = "") -> ContactList:
    """They come by name; with `q`, those that it finds, also by what was merged into them."""
    caller = door.caller(Action.READ_CONTACTS, shop_id)
    return list_found(
        door.reads,
        caller.organization.id,
        CustomerRef(shop_id=shop_id, customer_id=customer_id),
        q,
        tells_unused=caller.may(Action.CLEAN_UP_CONTACTS),
        at=door.now(),
    )


@app.post(CONTACTS, tags=["contacts"], summary="Add a contact", status_code=201)
def add_contact(
    shop_id: Id, customer_id: Id, body: person_requests.NewContact, idempotency_key: IdempotencyKey = None
) -> Response[Contact]:
    """The shop's own, also for a fleet.

    409: The customer has as many contacts as fit.
    """
    caller = door.caller(Action.CHANGE_CONTACTS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.onto(Contact(id="", organization_id="", shop_id=shop_id, customer_id=customer_id))
    (contact_id,) = door.once(
        stamp, lambda: (contacts.add(door.reads, caller.organization.id, draft, side=SIDE, stamp=stamp).id,)
    )
    contact = _read(caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id), contact_id)
    path = f"/shops/{shop_id}/customers/{customer_id}/contacts/{contact_id}"
    return created(contact, path, contact.version)


@app.get(f"{CONTACTS}/suggestions", tags=["contacts"], summary="Contacts that may be the same person")
def suggest_contact_merges(shop_id: Id, customer_id: Id) -> person_answers.SuggestionList:
    """Those that share a name, an e-mail or a phone, and what they share."""
    caller = door.caller(Action.READ_CONTACTS, shop_id)
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    found = contact_merge.suggestions(door.reads, caller.organization.id, owner)
    return person_answers.SuggestionList(suggestions=found)


@app.get(f"{CONTACTS}/unused", tags=["contacts"], summary="Contacts unused for six months")
def list_unused_contacts(shop_id: Id, customer_id: Id) -> person_answers.UnusedContactList:
    """Nobody in the organization wrote to them, or ever did since they were added."""
    caller = door.caller(Action.CLEAN_UP_CONTACTS, shop_id)
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    found = contact_cleanup.unused(door.reads, caller.organization.id, owner, at=door.now())
    return person_answers.UnusedContactList(contacts=found)


@app.post(
    f"{CONTACTS}/deletions", tags=["contacts"], summary="Delete several unused contacts", status_code=204
)
def delete_unused_contacts(
    shop_id: Id,
    customer_id: Id,
    body: person_requests.ContactDeletions,
    idempotency_key: IdempotencyKey = None,
) -> Response[None]:
    """All or none of them, at most 40.

    409: One of them was written to in the meantime, or was deleted or merged.
    """
    caller = door.caller(Action.CLEAN_UP_CONTACTS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)

    def act() -> tuple[str, ...]:
        ids = (caller.organization.id, owner, body.contact_ids)
        contact_cleanup.delete_unused(door.reads, *ids, confirmed=body.confirm, stamp=stamp)
        return ()

    door.once(stamp, act)
    return no_content()


@app.get(CONTACT, tags=["contacts"], summary="Read a contact")
def read_contact(shop_id: Id, customer_id: Id, contact_id: Id) -> Response[Contact]:
    """A deleted one and one merged into another can be read, too: past notes name it."""
    caller = door.caller(Action.READ_CONTACTS, shop_id)
    contact = _read(caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id), contact_id)
    (shown,) = with_complaints(door.reads, caller.organization.id, [contact])
    return versioned(shown, contact.version)


@app.patch(CONTACT, tags=["contacts"], summary="Change a contact")
def change_contact(
    shop_id: Id,
    customer_id: Id,
    contact_id: Id,
    body: person_requests.ContactChange,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Contact]:
    """Everything but the e-mail: for a new one, delete the contact and add another.

    409: It was deleted, or merged into another one.
    """
    caller = door.caller(Action.CHANGE_CONTACTS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)

    ids = (caller.organization.id, owner, contact_id)
    door.change(
        stamp, if_match, partial(contacts.change, door.reads, *ids, body.onto, side=SIDE, stamp=stamp)
    )
    contact = _read(caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id), contact_id)
    return versioned(contact, contact.version)


@app.delete(CONTACT, tags=["contacts"], summary="Delete a contact", status_code=204)
def delete_contact(
    shop_id: Id,
    customer_id: Id,
    contact_id: Id,
    confirm: Confirm = False,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[None]:
    """Past notes keep showing it.

    409: It was deleted already, or merged into another one.
    """
    caller = door.caller(Action.CHANGE_CONTACTS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)

    ids = (caller.organization.id, owner, contact_id)
    door.change(
        stamp, if_match, partial(contacts.delete, door.reads, *ids, confirmed=confirm, side=SIDE, stamp=stamp)
    )
    return no_content()


@app.get(f"{CONTACT}/merged", tags=["contacts"], summary="What was merged into a contact")
def list_merged_contacts(shop_id: Id, customer_id: Id, contact_id: Id) -> person_answers.MergedContacts:
    """Each as it was before, so that it can be taken out again."""
    caller = door.caller(Action.READ_CONTACTS, shop_id)
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    found = contacts.merged_into(door.reads, caller.organization.id, owner, contact_id)
    return person_answers.MergedContacts(contacts=found)


@app.post(f"{CONTACT}/merge", tags=["contacts"], summary="Merge contacts into this one")
def merge_contacts(
    shop_id: Id,
    customer_id: Id,
    contact_id: Id,
    body: person_requests.ContactChoice,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Contact]:
    """All or none, at most 40. This one keeps its e-mail for sending and is found by theirs too.

    409: One of them was deleted or merged already, or the main one is the fleet's and has as many as it
    takes.
    """
    return _regroup(contact_merge.merge, shop_id, customer_id, contact_id, body, if_match, idempotency_key)


@app.post(f"{CONTACT}/unmerge", tags=["contacts"], summary="Take contacts out of this one again")
def unmerge_contacts(
    shop_id: Id,
    customer_id: Id,
    contact_id: Id,
    body: person_requests.ContactChoice,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Contact]:
    """Undoes a merge, as a whole or for some: everything is as before it.

    409: One of them isn't merged into this contact, or this one was merged into another since.
    """
    return _regroup(contact_merge.unmerge, shop_id, customer_id, contact_id, body, if_match, idempotency_key)


def _regroup(
    use_case: contact_merge.UseCase,
    shop_id: str,
    customer_id: str,
    contact_id: str,
    body: person_requests.ContactChoice,
    if_match: str | None,
    idempotency_key: str | None,
) -> Response[Contact]:
    caller = door.caller(Action.CHANGE_CONTACTS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)

    def act() -> tuple[str, ...]:
        version, others = expected_version(if_match), tuple(body.contact_ids)
        choice = Choice(owner=owner, main_id=contact_id, other_ids=others, version=version)
        use_case(door.reads, caller.organization.id, choice, stamp=stamp)
        return (contact_id,)

    door.once(stamp, act)
    contact = _read(caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id), contact_id)
    return versioned(contact, contact.version)


def _read(organization_id: str, ref: CustomerRef, contact_id: str) -> Contact:
    return contacts.read(door.reads, organization_id, ref, contact_id)
