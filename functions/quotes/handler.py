"""Quotes: drawn up, offered, answered, listed for a customer and for an open repair order."""

from functools import partial
from typing import Annotated

from crossbay.app.quotes import lists as quote_lists
from crossbay.app.quotes import quotes
from crossbay.domain.access import Action, Caller
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.quote import Quote, QuoteStatus
from crossbay.entry.answers import created, no_content, versioned
from crossbay.entry.http import (
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
from crossbay.entry.quotes.answers import QuotePage
from crossbay.entry.quotes.requests import NewQuote, QuoteFields
from crossbay.store.work.repair_orders import read_order

door = Door("quotes")
app = door.app
lambda_handler = door.handler

QUOTES = "/shops/<shop_id>/customers/<customer_id>/quotes"
_ONE_STATUS = f"({'|'.join(status.value for status in QuoteStatus)})"
Statuses = Annotated[
    str,
    Query(
        pattern=f"^({_ONE_STATUS}(,{_ONE_STATUS}){{0,9}})?$",
        description="Those in these statuses, such as `draft,open`; left out, all.",
    ),
]


@app.post(QUOTES, tags=["quotes"], summary="Draw up a quote", status_code=201)
def create_quote(
    shop_id: Id, customer_id: Id, body: NewQuote, idempotency_key: IdempotencyKey = None
) -> Response[Quote]:
    """A draft, or with status `open` offered at once.

    409: Another quote bears this number.
    """
    caller = door.caller(Action.CHANGE_QUOTES, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.quote(shop_id, customer_id)
    (quote_id,) = door.once(
        stamp, lambda: (quotes.create(door.reads, caller.organization.id, draft, stamp=stamp).id,)
    )
    quote = _read(caller, CustomerRef(shop_id=shop_id, customer_id=customer_id), quote_id)
    location = f"/shops/{shop_id}/customers/{customer_id}/quotes/{quote_id}"
    return created(quote, location, quote.version)


@app.get(QUOTES, tags=["quotes"], summary="List a customer's quotes")
def list_quotes(
    shop_id: Id,
    customer_id: Id,
    status: Statuses = "",
    service_address_id: ListedAddress = "",
    vehicle_id: OfVehicle = "",
    limit: Limit = 25,
    cursor: Cursor = None,
) -> QuotePage:
    """Newest first."""
    caller = door.caller(Action.READ_PROFILE, shop_id)
    statuses = status.split(",") if status else list(QuoteStatus)
    page = quote_lists.list_quotes(
        door.reads,
        caller.organization.id,
        CustomerRef(shop_id=shop_id, customer_id=customer_id),
        quote_lists.Wanted(
            statuses=frozenset(map(QuoteStatus, statuses)),
            service_address_id=service_address_id,
            vehicle_id=vehicle_id,
        ),
        today=caller.shops[shop_id].day_of(door.now()),
        limit=limit,
        behind=door.position(caller, cursor),
    )
    return QuotePage(quotes=page.quotes, next=door.cursor(caller, page.next))


@app.get(
    "/shops/<shop_id>/repair-orders/<repair_order_id>/quotes",
    tags=["quotes"],
    summary="The quotes behind an open repair order",
)
def list_repair_order_quotes(
    shop_id: Id, repair_order_id: Id, limit: Limit = 25, cursor: Cursor = None
) -> QuotePage:
    """Those of its customer and address that are draft, open or denied; a closed one has none."""
    caller = door.caller(Action.READ_REPAIR_ORDERS, shop_id)
    page = quote_lists.list_of_order(
        door.reads,
        read_order(door.reads, caller.shop_ref(shop_id), repair_order_id),
        today=caller.shops[shop_id].day_of(door.now()),
        limit=limit,
        behind=door.position(caller, cursor),
    )
    return QuotePage(quotes=page.quotes, next=door.cursor(caller, page.next))


@app.get(f"{QUOTES}/<quote_id>", tags=["quotes"], summary="Read a quote")
def read_quote(shop_id: Id, customer_id: Id, quote_id: Id) -> Response[Quote]:
    """An open one past its last day is shown as expired."""
    caller = door.caller(Action.READ_PROFILE, shop_id)
    quote = _read(caller, CustomerRef(shop_id=shop_id, customer_id=customer_id), quote_id)
    return versioned(quote, quote.version)


@app.patch(f"{QUOTES}/<quote_id>", tags=["quotes"], summary="Change a quote")
def change_quote(
    shop_id: Id,
    customer_id: Id,
    quote_id: Id,
    body: QuoteFields,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Quote]:
    """Only the fields that are sent change; what was offered can change in a draft and while it is open.

    409: A quote in this status can't be changed like that, or another quote bears this number.
    """
    caller = door.caller(Action.CHANGE_QUOTES, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)

    ids = (caller.organization.id, owner, quote_id)
    door.change(stamp, if_match, partial(quotes.change, door.reads, *ids, body.onto, stamp=stamp))
    quote = _read(caller, owner, quote_id)
    return versioned(quote, quote.version)


@app.delete(f"{QUOTES}/<quote_id>", tags=["quotes"], summary="Take a draft away", status_code=204)
def delete_quote(
    shop_id: Id,
    customer_id: Id,
    quote_id: Id,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[None]:
    """What a customer was offered stays, with what became of it.

    409: It is no draft any more.
    """
    caller = door.caller(Action.CHANGE_QUOTES, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)

    door.change(
        stamp,
        if_match,
        partial(quotes.delete, door.reads, caller.organization.id, owner, quote_id, stamp=stamp),
    )
    return no_content()


def _read(caller: Caller, owner: CustomerRef, quote_id: str) -> Quote:
    return quotes.read(door.reads, caller.shops[owner.shop_id], owner, quote_id, at=door.now())
