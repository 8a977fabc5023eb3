"""Cases of a shop: opened, listed, changed, closed; who can be written to, and what was written (K5, K6)."""

from functools import partial
from typing import Annotated

from crossbay.app.cases import cases
from crossbay.app.cases import notes as case_notes
from crossbay.aws.sqs import Queue
from crossbay.domain.access import Action
from crossbay.domain.cases.case import Case, CaseStatus
from crossbay.domain.contacts.contact import mains
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.entry.answers import created, versioned
from crossbay.entry.cases.answers import (
    Assignable,
    AssignableList,
    CaseNotePage,
    CasePage,
    RecipientList,
    ShownCaseNote,
)
from crossbay.entry.cases.requests import CaseFields, NewCase, NewCaseNote, OneTimeContactInput
from crossbay.entry.http import (
    Cursor,
    Door,
    Id,
    IdempotencyKey,
    IfMatch,
    Limit,
    Query,
    Response,
)
from crossbay.settings import settings
from crossbay.store.cases import cases as store
from crossbay.store.cases.notes import list_notes, read_note
from crossbay.store.contacts.contacts import list_contacts
from crossbay.store.customers.customers import read_customer

door = Door("cases")
app = door.app
lambda_handler = door.handler

CASES = "/shops/<shop_id>/cases"
Status = Annotated[CaseStatus, Query(description="Open cases, or the closed ones.")]
Unattended = Annotated[
    bool,
    Query(description="Open cases alone that no assignee can write in: removed, moved away, or never named."),
]


@app.post(CASES, tags=["cases"], summary="Open a case", status_code=201)
def open_case(shop_id: Id, body: NewCase, idempotency_key: IdempotencyKey = None) -> Response[Case]:
    """A case is for a customer and names who works on it. Each of them may write in it.

    409: There are more one-time contacts than a case takes.
    """
    caller = door.caller(Action.CHANGE_CASES, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.case(shop_id)
    (case_id,) = door.once(
        stamp, lambda: (cases.open_case(door.reads, caller.organization.id, draft, stamp=stamp).id,)
    )
    case = store.read_case(door.reads, caller.shop_ref(shop_id), case_id)
    return created(case, f"/shops/{shop_id}/cases/{case_id}", case.version)


@app.get(CASES, tags=["cases"], summary="List the shop's cases")
def list_cases(
    shop_id: Id,
    status: Status = CaseStatus.OPEN,
    unattended: Unattended = False,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> CasePage:
    """Those opened last first; with `unattended` the open ones alone."""
    caller = door.caller(Action.READ_CASES, shop_id)
    shop_ref, after = caller.shop_ref(shop_id), door.position(caller, cursor)
    if unattended:
        found, following = cases.list_unattended(door.reads, shop_ref, limit=limit, after=after)
        return CasePage(cases=found, next=door.cursor(caller, following))
    found, following = store.list_by_status(door.reads, shop_ref, status, limit=limit, after=after)
    return CasePage(cases=found, next=door.cursor(caller, following))


@app.get("/shops/<shop_id>/customers/<customer_id>/cases", tags=["cases"], summary="List a customer's cases")
def list_customer_cases(shop_id: Id, customer_id: Id, limit: Limit = 25, cursor: Cursor = None) -> CasePage:
    """Open and closed ones, those opened last first."""
    caller = door.caller(Action.READ_CASES, shop_id)
    read_customer(door.reads, caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id))
    ref, after = CustomerRef(shop_id=shop_id, customer_id=customer_id), door.position(caller, cursor)
    found, following = store.list_of_customer(
        door.reads, caller.organization.id, ref, limit=limit, after=after
    )
    return CasePage(cases=found, next=door.cursor(caller, following))


@app.get("/shops/<shop_id>/case-assignees", tags=["cases"], summary="Who can be assigned to a case")
def list_case_assignees(shop_id: Id) -> AssignableList:
    """The members who work in this shop and may write in cases."""
    caller = door.caller(Action.READ_CASES, shop_id)
    found = cases.assignable_members(door.reads, caller.shop_ref(shop_id))
    return AssignableList(members=tuple(Assignable.of(member) for member in found))


@app.get(f"{CASES}/<case_id>", tags=["cases"], summary="Read a case")
def read_case(shop_id: Id, case_id: Id) -> Response[Case]:
    """It comes with its assignees and one-time contacts; `notes` is a list of its own."""
    caller = door.caller(Action.READ_CASES, shop_id)
    return _answer(caller.shop_ref(shop_id), case_id)


@app.patch(f"{CASES}/<case_id>", tags=["cases"], summary="Change a case")
def change_case(
    shop_id: Id,
    case_id: Id,
    body: CaseFields,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Case]:
    """Only the fields that are sent change."""
    return _change(shop_id, case_id, body.onto, if_match, idempotency_key)


@app.post(f"{CASES}/<case_id>/close", tags=["cases"], summary="Close a case")
def close_case(shop_id: Id, case_id: Id, idempotency_key: IdempotencyKey = None) -> Response[Case]:
    """Its one-time contacts are offered no more. A closed one stays closed."""
    return _set_status(shop_id, case_id, CaseStatus.CLOSED, idempotency_key)


@app.post(f"{CASES}/<case_id>/reopen", tags=["cases"], summary="Open a closed case again")
def reopen_case(shop_id: Id, case_id: Id, idempotency_key: IdempotencyKey = None) -> Response[Case]:
    """An open one stays open.

    409: The customer of the case was deleted.
    """
    return _set_status(shop_id, case_id, CaseStatus.OPEN, idempotency_key)


@app.post(f"{CASES}/<case_id>/one-time-contacts", tags=["cases"], summary="Add a one-time contact")
def add_one_time_contact(
    shop_id: Id,
    case_id: Id,
    body: OneTimeContactInput,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Case]:
    """Someone to write to in this case alone, while it is open.

    409: The case is closed, or has as many one-time contacts as it takes.
    """
    edit = cases.with_one_time_contact(body.contact())
    return _change(shop_id, case_id, edit, if_match, idempotency_key)


@app.delete(
    f"{CASES}/<case_id>/one-time-contacts/<one_time_contact_id>",
    tags=["cases"],
    summary="Take a one-time contact out",
)
def remove_one_time_contact(
    shop_id: Id,
    case_id: Id,
    one_time_contact_id: Id,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Case]:
    """What was sent to them stays in its notes."""
    edit = cases.without_one_time_contact(one_time_contact_id)
    return _change(shop_id, case_id, edit, if_match, idempotency_key)


@app.get(f"{CASES}/<case_id>/recipients", tags=["cases"], summary="Who can be written to")
def list_case_recipients(shop_id: Id, case_id: Id) -> RecipientList:
    """The customer's contacts with an e-mail, its fleet's users, and in an open case its one-time contacts.

    Someone with `bounced_at` is shown and can't be chosen; with `complained_at` a note asks for `confirm`.
    """
    caller = door.caller(Action.READ_CASES, shop_id)
    case = store.read_case(door.reads, caller.shop_ref(shop_id), case_id)
    return RecipientList(recipients=case_notes.offered_recipients(door.reads, case))


@app.post(f"{CASES}/<case_id>/notes", tags=["cases"], summary="Write in a case", status_code=201)
def write_case_note(
    shop_id: Id, case_id: Id, body: NewCaseNote, idempotency_key: IdempotencyKey = None
) -> Response[ShownCaseNote]:
    """Whoever is assigned to it may write. Each recipient gets a mail of their own, whose answers come to
    the author.
    """
    caller = door.caller(Action.WRITE_IN_CASES, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    queue = Queue(settings().require("notify_queue_url").notify_queue_url)

    def act() -> tuple[str, ...]:
        note = case_notes.write_note(door.reads, caller, shop_id, case_id, body.draft(), queue, stamp=stamp)
        return (note.id,)

    (note_id,) = door.once(stamp, act)
    note = _shown_note(caller.shop_ref(shop_id), case_id, note_id)
    return created(note, f"/shops/{shop_id}/cases/{case_id}/notes/{note_id}", 1)


@app.get(f"{CASES}/<case_id>/notes", tags=["cases"], summary="List what was written in a case")
def list_case_notes(shop_id: Id, case_id: Id, limit: Limit = 25, cursor: Cursor = None) -> CaseNotePage:
    """Newest first, each with its recipients and what became of their mails."""
    caller = door.caller(Action.READ_CASES, shop_id)
    case = store.read_case(door.reads, caller.shop_ref(shop_id), case_id)
    found, following = list_notes(door.reads, case, limit=limit, after=door.position(caller, cursor))
    stands_for = mains(list_contacts(door.reads, case.organization_id, CustomerRef.of(case)))
    notes = tuple(ShownCaseNote.of(mailed, stands_for) for mailed in found)
    return CaseNotePage(notes=notes, next=door.cursor(caller, following))


@app.get(f"{CASES}/<case_id>/notes/<case_note_id>", tags=["cases"], summary="Read a note of a case")
def read_case_note(shop_id: Id, case_id: Id, case_note_id: Id) -> ShownCaseNote:
    """It comes with its recipients and what became of their mails."""
    caller = door.caller(Action.READ_CASES, shop_id)
    return _shown_note(caller.shop_ref(shop_id), case_id, case_note_id)


def _shown_note(shop_ref: ShopRef, case_id: str, note_id: str) -> ShownCaseNote:
    case = store.read_case(door.reads, shop_ref, case_id)
    stands_for = mains(list_contacts(door.reads, case.organization_id, CustomerRef.of(case)))
    return ShownCaseNote.of(read_note(door.reads, case, note_id), stands_for)


def _change(
    shop_id: str, case_id: str, edit: cases.Edit, if_match: str | None, idempotency_key: str | None
) -> Response[Case]:
    caller = door.caller(Action.CHANGE_CASES, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    ids = (caller.shop_ref(shop_id), case_id)
    door.change(stamp, if_match, partial(cases.change_case, door.reads, *ids, edit, stamp=stamp))
    return _answer(caller.shop_ref(shop_id), case_id)


def _set_status(
    shop_id: str, case_id: str, status: CaseStatus, idempotency_key: str | None
) -> Response[Case]:
    caller = door.caller(Action.CHANGE_CASES, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    def act() -> tuple[str, ...]:
        ids = (caller.shop_ref(shop_id), case_id)
        return (cases.set_status(door.reads, *ids, status, stamp=stamp).id,)

    door.once(stamp, act)
    return _answer(caller.shop_ref(shop_id), case_id)


def _answer(shop_ref: ShopRef, case_id: str) -> Response[Case]:
    case = store.read_case(door.reads, shop_ref, case_id)
    return versioned(case, case.version)
