"""What a dealer admin asks for a customer: their data as an archive, or that nothing of them stays (X6)."""

from collections.abc import Callable
from dataclasses import dataclass

from crossbay.app.privacy.export import archive_key, kept_until
from crossbay.app.privacy.mark import mark
from crossbay.app.retry import again_when_contended
from crossbay.aws.s3 import Bucket
from crossbay.domain.access import Caller, Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import Entitlement
from crossbay.domain.privacy_request import PrivacyRequest, RequestKind, RequestState
from crossbay.errors import BadInput, NotFound
from crossbay.ids import new_id
from crossbay.privacy.mentions import Mentions, whom
from crossbay.store.customers.customers import CustomerFile, find_file
from crossbay.store.idempotency import remember
from crossbay.store.links.links import read_links
from crossbay.store.privacy.privacy import put_request
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

LINK_LASTS_S = 900
"""An archive holds all about a person: its address works for a quarter of an hour."""

Enqueue = Callable[[dict[str, object]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordElsewhere:
    """A record of another shop that was said to be the same person: a request of its own erases it."""

    shop_id: str
    shop_name: str
    customer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """archive_url: good for a quarter of an hour; empty in lists and where there is none (any more).

    kept_until: when the archive is deleted (UTC). linked_customers: of an erasure, whom the shop had linked.
    """

    request: PrivacyRequest
    archive_url: str = ""
    kept_until: str = ""
    linked_customers: tuple[RecordElsewhere, ...] = ()


@again_when_contended
def ask(
    reads: Reads, organization_id: str, ref: CustomerRef, kind: RequestKind, *, reason: str, stamp: Stamp
) -> PrivacyRequest:
    """Keep the request; whom it erases is marked with it, and found by nobody from then on.

    Raises NotFound for a customer that isn't there, BadInput for a reason that names it.

    A customer who was deleted is there: its data is. One who was erased can be erased again, which finds what
    came since; there is nothing to hand out.
    """
    file = find_file(reads, organization_id, ref)
    if file is None or (kind is RequestKind.EXPORT and file.customer.erased_at):
        raise NotFound("customer")
    _require_nameless(file, reason)
    draft = PrivacyRequest(
        id=new_id(),
        organization_id=organization_id,
        shop_id=ref.shop_id,
        customer_id=ref.customer_id,
        kind=kind,
        reason=reason,
        asked_by=stamp.by,
        asked_at=stamp.at,
        linked=read_links(reads, organization_id, ref).linked if kind is RequestKind.ERASURE else (),
    )
    transaction = Transaction()
    remember(transaction, stamp.mark, draft.id)
    if kind is RequestKind.ERASURE and not file.customer.erased_at:
        return mark(reads, file, None, draft, at=stamp.at, also=transaction)
    request = put_request(transaction, None, draft)
    transaction.commit()
    return request


def enqueue_if_new(request: PrivacyRequest, enqueue: Enqueue) -> None:
    """Have it carried out; asked again, a request that nobody began is queued again, which does no harm."""
    if request.state is RequestState.QUEUED:
        enqueue(message_of(request))


def message_of(request: PrivacyRequest) -> dict[str, object]:
    """What the queue carries: ids alone."""
    ids = {
        "organization_id": request.organization_id,
        "shop_id": request.shop_id,
        "request_id": request.id,
    }
    return {"privacy": ids}


def view(bucket: Bucket, caller: Caller, request: PrivacyRequest, *, now: str) -> RequestView:
    """The request with where its archive can be fetched, while it is there."""
    until = kept_until(request)
    key = archive_key(request)
    is_there = now < until and next(bucket.keys(key), None) is not None
    url = bucket.link(key, lasts_s=LINK_LASTS_S) if is_there else ""
    return view_without_archive(caller, request, archive_url=url, kept_until=until)


def view_without_archive(caller: Caller, request: PrivacyRequest, **archive: str) -> RequestView:
    """A request that was just asked for; whom it was linked to only with `multi_shop`."""
    linked = request.linked if caller.has(Entitlement.MULTI_SHOP) else ()
    elsewhere = (
        RecordElsewhere(
            shop_id=other.shop_id, shop_name=caller.shop_name(other.shop_id), customer_id=other.customer_id
        )
        for other in linked
    )
    return RequestView(request=request, linked_customers=tuple(elsewhere), **archive)


def _require_nameless(file: CustomerFile, reason: str) -> None:
    """The request outlives the customer. Raises BadInput."""
    if Mentions(whom(file.customer, file.vehicles, ())).among([reason]):
        raise BadInput(
            "The reason is kept, so it can't say anything of the person.",
            fields={"reason": "names the customer, or looks like a phone number or an e-mail address"},
        )
