"""The profile: a customer at one service address on one page; its notes, reported problems, portal reset."""

from functools import partial
from typing import Annotated

from crossbay.app.profile import notes, portal, problem_reports, profile
from crossbay.aws.cognito import PortalAccounts
from crossbay.aws.s3 import Bucket
from crossbay.domain.access import Action, Caller
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.profile.note import Note
from crossbay.domain.profile.problem_report import ProblemReport, ReportStatus
from crossbay.domain.quote import SHOWN_IN_ORDER, QuoteStatus
from crossbay.entry.answers import created, no_content, versioned
from crossbay.entry.http import (
    Address,
    Cursor,
    Door,
    Id,
    IdempotencyKey,
    IfMatch,
    Limit,
    ListedAddress,
    OfVehicle,
    Query,
    Response,
)
from crossbay.entry.profile import requests
from crossbay.entry.profile.answers import (
    NotePage,
    PortalResetSent,
    ProblemReportPage,
    ProfileAnswer,
)
from crossbay.entry.profile.sections import profile_answer
from crossbay.settings import settings
from crossbay.store.profile.notes import read_note
from crossbay.store.profile.problem_reports import list_reports, read_report
from crossbay.store.work.repair_orders import read_order

door = Door("profile")
app = door.app
lambda_handler = door.handler

_FIRST_ON_FILE = requests.PortalReset()

CUSTOMER = "/shops/<shop_id>/customers/<customer_id>"
NOTES = f"{CUSTOMER}/notes"
REPORTS = "/shops/<shop_id>/problem-reports"


@app.get(f"{CUSTOMER}/profile", tags=["profile"], summary="A customer at a service address on one page")
def read_customer_profile(
    shop_id: Id,
    customer_id: Id,
    service_address_id: Address = "",
    vehicle_id: OfVehicle = "",
    limit: Limit = 10,
) -> ProfileAnswer:
    """Each list as its first page, of `limit` rows at most. A search hit names its service address."""
    caller = door.caller(Action.READ_PROFILE, shop_id)
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    if not service_address_id:
        service_address_id = profile.first_address(door.reads, caller.organization.id, ref)
    asked = profile.Question(
        customer=ref, service_address_id=service_address_id, vehicle_id=vehicle_id, limit=limit
    )
    return profile_answer(door, caller, asked, bucket())


@app.get(
    "/shops/<shop_id>/repair-orders/<repair_order_id>/profile",
    tags=["profile"],
    summary="The profile behind a repair order",
)
def read_repair_order_profile(shop_id: Id, repair_order_id: Id, limit: Limit = 10) -> ProfileAnswer:
    """It is that of its customer, address and vehicle; while it is open, with the quotes that its work may
    come from.
    """
    caller = door.caller(Action.READ_PROFILE, shop_id)
    order = read_order(door.reads, caller.shop_ref(shop_id), repair_order_id)
    asked = profile.Question(
        customer=CustomerRef(shop_id=shop_id, customer_id=order.customer_id),
        service_address_id=order.service_address_id,
        vehicle_id=order.vehicle.id,
        may_be_gone=True,
        limit=limit,
        quotes=SHOWN_IN_ORDER if order.is_open else tuple(QuoteStatus),
    )
    return profile_answer(door, caller, asked, bucket())


@app.post(NOTES, tags=["notes"], summary="Add a note", status_code=201)
def add_note(
    shop_id: Id, customer_id: Id, body: requests.NewNote, idempotency_key: IdempotencyKey = None
) -> Response[Note]:
    """It is at a service address, the first unless one is named, and about a vehicle where one is."""
    caller = door.caller(Action.ADD_NOTES, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.note(shop_id, customer_id)
    (note_id,) = door.once(stamp, lambda: (notes.add_note(door.reads, caller, draft, stamp=stamp).id,))
    note = _note(caller, shop_id, customer_id, note_id)
    return created(note, f"/shops/{shop_id}/customers/{customer_id}/notes/{note_id}", note.version)


@app.get(NOTES, tags=["notes"], summary="List a customer's notes")
def list_notes(
    shop_id: Id,
    customer_id: Id,
    service_address_id: ListedAddress = "",
    vehicle_id: OfVehicle = "",
    limit: Limit = 25,
    cursor: Cursor = None,
) -> NotePage:
    """Newest first, one address after the other.

    Pages are full while there is more. Where a thousand notes in a row are of other vehicles than the one
    named, a page ends early, with a `next` to go on.
    """
    caller = door.caller(Action.READ_NOTES, shop_id)
    found, following = notes.list_notes(
        door.reads,
        caller.organization.id,
        CustomerRef(shop_id=shop_id, customer_id=customer_id),
        service_address_id,
        limit=limit,
        vehicle_id=vehicle_id,
        after=door.position(caller, cursor),
    )
    return NotePage(notes=found, next=door.cursor(caller, following))


@app.get(f"{NOTES}/<note_id>", tags=["notes"], summary="Read a note")
def read_customer_note(shop_id: Id, customer_id: Id, note_id: Id) -> Response[Note]:
    """It says who wrote it and when."""
    caller = door.caller(Action.READ_NOTES, shop_id)
    note = _note(caller, shop_id, customer_id, note_id)
    return versioned(note, note.version)


@app.patch(f"{NOTES}/<note_id>", tags=["notes"], summary="Change a note of one's own")
def change_note(
    shop_id: Id,
    customer_id: Id,
    note_id: Id,
    body: requests.NoteText,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Note]:
    """Its text, by who wrote it."""
    caller = door.caller(Action.ADD_NOTES, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)

    door.change(
        stamp, if_match, partial(notes.change_note, door.reads, caller, ref, note_id, body.text, stamp=stamp)
    )
    note = _note(caller, shop_id, customer_id, note_id)
    return versioned(note, note.version)


@app.delete(f"{NOTES}/<note_id>", tags=["notes"], summary="Delete a note", status_code=204)
def delete_note(
    shop_id: Id,
    customer_id: Id,
    note_id: Id,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[None]:
    """One's own; a dealer admin any."""
    caller = door.caller(Action.ADD_NOTES, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)

    door.change(stamp, if_match, partial(notes.delete_note, door.reads, caller, ref, note_id, stamp=stamp))
    return no_content()


@app.post(
    f"{CUSTOMER}/problem-reports", tags=["profile"], summary="Report a problem with the data", status_code=201
)
def report_problem(
    shop_id: Id, customer_id: Id, body: requests.NewProblemReport, idempotency_key: IdempotencyKey = None
) -> Response[ProblemReport]:
    """Kept for the office, with who reported it and what it is about."""
    caller = door.caller(Action.REPORT_PROBLEM, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.report(shop_id, customer_id)
    (report_id,) = door.once(
        stamp, lambda: (problem_reports.report_problem(door.reads, caller, draft, stamp=stamp).id,)
    )
    report = read_report(door.reads, caller.shop_ref(shop_id), report_id)
    return created(report, f"/shops/{shop_id}/problem-reports/{report_id}", report.version)


@app.get(REPORTS, tags=["profile"], summary="The problems that were reported")
def list_problem_reports(
    shop_id: Id,
    status: Annotated[ReportStatus, Query(description="Open ones, or those settled.")] = ReportStatus.OPEN,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> ProblemReportPage:
    """Newest first."""
    caller = door.caller(Action.READ_REPORTS, shop_id)
    found, following = list_reports(
        door.reads, caller.shop_ref(shop_id), status, limit=limit, after=door.position(caller, cursor)
    )
    return ProblemReportPage(problem_reports=found, next=door.cursor(caller, following))


@app.get(f"{REPORTS}/<report_id>", tags=["profile"], summary="Read a reported problem")
def read_problem_report(shop_id: Id, report_id: Id) -> Response[ProblemReport]:
    """It says who reported it and how it was settled."""
    caller = door.caller(Action.READ_REPORTS, shop_id)
    report = read_report(door.reads, caller.shop_ref(shop_id), report_id)
    return versioned(report, report.version)


@app.patch(f"{REPORTS}/<report_id>", tags=["profile"], summary="Settle a reported problem")
def settle_problem_report(
    shop_id: Id,
    report_id: Id,
    body: requests.ReportSettlement,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[ProblemReport]:
    """Settle it with a word for who reported it, or open it again."""
    caller = door.caller(Action.READ_REPORTS, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    door.change(
        stamp,
        if_match,
        partial(
            problem_reports.settle_report,
            door.reads,
            caller,
            shop_id,
            report_id,
            body.status,
            body.resolution,
            stamp=stamp,
        ),
    )
    report = read_report(door.reads, caller.shop_ref(shop_id), report_id)
    return versioned(report, report.version)


@app.post(
    f"{CUSTOMER}/portal-password-reset",
    tags=["profile"],
    summary="Send a portal password reset",
    status_code=202,
)
def send_portal_reset(
    shop_id: Id,
    customer_id: Id,
    body: requests.PortalReset = _FIRST_ON_FILE,
    idempotency_key: IdempotencyKey = None,
) -> Response[PortalResetSent]:
    """A code goes to an e-mail on file, with which the customer chooses a new password.

    409: There is no e-mail on file, or no portal account that can be reset.
    503: Cognito sends no more mail just now, or the system is busy. Try again in a moment.
    """
    caller = door.caller(Action.RESET_PORTAL, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    ids = (caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id))
    email = portal.email_on_file(door.reads, *ids, body.email)

    def act() -> tuple[str, ...]:
        accounts = PortalAccounts(settings().require("portal_pool_id").portal_pool_id)
        portal.send_password_reset(door.reads, accounts, *ids, email, stamp=stamp)
        return ()

    door.once(stamp, act)
    return Response(202, "application/json", PortalResetSent(email=email))


def bucket() -> Bucket:
    return Bucket(settings().require("files_bucket").files_bucket)


def _note(caller: Caller, shop_id: str, customer_id: str, note_id: str) -> Note:
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    return read_note(door.reads, caller.organization.id, ref, note_id)
