"""A customer's data handed out or erased on request, and what came of each request."""

from crossbay.app.privacy import privacy
from crossbay.aws.s3 import Bucket
from crossbay.aws.sqs import Queue
from crossbay.domain.access import Action, Caller
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.privacy_request import PrivacyRequest, RequestKind
from crossbay.entry.http import Cursor, Door, Id, IdempotencyKey, Limit, Response
from crossbay.entry.privacy.answers import PrivacyRequestPage
from crossbay.entry.privacy.requests import Erasure
from crossbay.settings import settings
from crossbay.store.privacy.privacy import list_requests, read_request

door = Door("privacy")
app = door.app
lambda_handler = door.handler


@app.post(
    "/shops/<shop_id>/customers/<customer_id>/data-export",
    tags=["privacy"],
    summary="Hand out a customer's data",
    status_code=202,
)
def export_customer_data(
    shop_id: Id, customer_id: Id, idempotency_key: IdempotencyKey = None
) -> Response[privacy.RequestView]:
    """One archive, JSON and a page to read. Ask for the request until it is done: it has the link then."""
    caller = door.caller(Action.KEEP_PRIVACY, shop_id)
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    request = _asked(caller, ref, RequestKind.EXPORT, "", idempotency_key)
    return _accepted(privacy.view_without_archive(caller, request))


@app.post(
    "/shops/<shop_id>/customers/<customer_id>/erasure",
    tags=["privacy"],
    summary="Erase a customer's data",
    status_code=202,
)
def erase_customer_data(
    shop_id: Id, customer_id: Id, body: Erasure, idempotency_key: IdempotencyKey = None
) -> Response[privacy.RequestView]:
    """Can't be undone: nobody finds the customer from now on, the rest goes within minutes. Repair orders
    stay for accounting, without the person. Linked records of other shops are others: the answer names
    them."""
    caller = door.caller(Action.KEEP_PRIVACY, shop_id)
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    request = _asked(caller, ref, RequestKind.ERASURE, body.confirmed_reason(), idempotency_key)
    return _accepted(privacy.view_without_archive(caller, request))


@app.get("/shops/<shop_id>/privacy-requests", tags=["privacy"], summary="List the privacy requests")
def list_privacy_requests(shop_id: Id, limit: Limit = 20, cursor: Cursor = None) -> PrivacyRequestPage:
    """Newest first; they stay when the customer is gone."""
    caller = door.caller(Action.KEEP_PRIVACY, shop_id)
    requests, following = list_requests(
        door.reads, caller.shop_ref(shop_id), limit=limit, after=door.position(caller, cursor)
    )
    return PrivacyRequestPage(requests=requests, next=door.cursor(caller, following))


@app.get("/shops/<shop_id>/privacy-requests/<request_id>", tags=["privacy"], summary="Read a privacy request")
def read_privacy_request(shop_id: Id, request_id: Id) -> privacy.RequestView:
    """How far it is and what was done, by type and number; of an export also where to fetch it."""
    caller = door.caller(Action.KEEP_PRIVACY, shop_id)
    request = read_request(door.reads, caller.shop_ref(shop_id), request_id)
    bucket = Bucket(settings().require("files_bucket").files_bucket)
    return privacy.view(bucket, caller, request, now=door.now())


def _asked(
    caller: Caller, ref: CustomerRef, kind: RequestKind, reason: str, idempotency_key: str | None
) -> PrivacyRequest:
    stamp = door.stamp(caller, idempotency_key)
    organization_id = caller.organization.id

    def act() -> tuple[str, ...]:
        return (privacy.ask(door.reads, organization_id, ref, kind, reason=reason, stamp=stamp).id,)

    (request_id,) = door.once(stamp, act)
    request = read_request(door.reads, ref.shop_ref(organization_id), request_id)
    privacy.enqueue_if_new(request, Queue(settings().require("privacy_queue_url").privacy_queue_url).send)
    return request


def _accepted(view: privacy.RequestView) -> Response[privacy.RequestView]:
    request = view.request
    location = f"/shops/{request.shop_id}/privacy-requests/{request.id}"
    return Response(202, "application/json", view, headers={"Location": location})
