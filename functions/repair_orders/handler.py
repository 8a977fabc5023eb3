"""Repair orders: opened, read, listed, changed, voided, and work of other visits brought onto them."""

from functools import partial

from crossbay.app.links import work_copies
from crossbay.app.service_addresses import require_listed
from crossbay.app.work import repair_orders
from crossbay.domain.access import Action
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus
from crossbay.entry.answers import RepairOrderPage, created, versioned
from crossbay.entry.http import (
    Cursor,
    DayOf,
    Door,
    Id,
    IdempotencyKey,
    IfMatch,
    Limit,
    ListedAddress,
    Response,
)
from crossbay.entry.work.repair_order_requests import NewRepairOrder, RepairOrderFields, WorkCopy
from crossbay.store.customers.customers import read_file
from crossbay.store.work import repair_orders as store

door = Door("repair_orders")
app = door.app
lambda_handler = door.handler

ORDERS = "/shops/<shop_id>/repair-orders"


@app.post(ORDERS, tags=["repair orders"], summary="Open a repair order", status_code=201)
def open_repair_order(
    shop_id: Id, body: NewRepairOrder, idempotency_key: IdempotencyKey = None
) -> Response[RepairOrder]:
    """An estimate unless said otherwise. Without a number it gets the shop's next one.

    409: Another repair order bears this number, or the appointment has another one already.
    """
    caller = door.caller(Action.CHANGE_REPAIR_ORDERS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.order(shop_id)
    (order_id,) = door.once(
        stamp, lambda: (repair_orders.open_order(door.reads, caller.organization.id, draft, stamp=stamp).id,)
    )
    order = store.read_order(door.reads, caller.shop_ref(shop_id), order_id)
    return created(order, f"/shops/{shop_id}/repair-orders/{order_id}", order.version)


@app.get(ORDERS, tags=["repair orders"], summary="List a day's repair orders")
def list_repair_orders(
    shop_id: Id,
    day: DayOf,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> RepairOrderPage:
    """They come by their opening day, the latest first."""
    caller = door.caller(Action.READ_REPAIR_ORDERS, shop_id)
    after = door.position(caller, cursor)
    orders, following = store.list_by_day(door.reads, caller.shop_ref(shop_id), day, limit=limit, after=after)
    return RepairOrderPage(repair_orders=orders, next=door.cursor(caller, following))


@app.get(
    "/shops/<shop_id>/customers/<customer_id>/repair-orders",
    tags=["repair orders"],
    summary="List a customer's repair orders",
)
def list_customer_repair_orders(
    shop_id: Id,
    customer_id: Id,
    service_address_id: ListedAddress = "",
    limit: Limit = 25,
    cursor: Cursor = None,
) -> RepairOrderPage:
    """Newest first. Where a thousand in a row are at other addresses, a page ends early, with a `next`."""
    caller = door.caller(Action.READ_REPAIR_ORDERS, shop_id)
    file = read_file(
        door.reads, caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id)
    )
    after = door.position(caller, cursor)
    orders, following = store.list_of_customer(
        door.reads,
        caller.organization.id,
        CustomerRef(shop_id=shop_id, customer_id=customer_id),
        limit=limit,
        service_address_id=service_address_id,
        after=after,
    )
    require_listed(file, service_address_id, orders)
    return RepairOrderPage(repair_orders=orders, next=door.cursor(caller, following))


@app.get(f"{ORDERS}/<repair_order_id>", tags=["repair orders"], summary="Read a repair order")
def read_repair_order(shop_id: Id, repair_order_id: Id) -> Response[RepairOrder]:
    """It comes with its jobs and inspections."""
    caller = door.caller(Action.READ_REPAIR_ORDERS, shop_id)
    return _answer(caller.shop_ref(shop_id), repair_order_id)


@app.patch(f"{ORDERS}/<repair_order_id>", tags=["repair orders"], summary="Change a repair order")
def change_repair_order(
    shop_id: Id,
    repair_order_id: Id,
    body: RepairOrderFields,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[RepairOrder]:
    """Only the fields that are sent change; jobs and inspections are replaced as whole lists.

    409: It is void, its number is another's, or its appointment has another repair order already.
    """
    caller = door.caller(Action.CHANGE_REPAIR_ORDERS, shop_id)
    if body.given().get("status") is RepairOrderStatus.VOID:
        door.caller(Action.VOID_REPAIR_ORDERS, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    ids = (caller.shop_ref(shop_id), repair_order_id)
    door.change(
        stamp, if_match, partial(repair_orders.change_order, door.reads, *ids, body.onto, stamp=stamp)
    )
    return _answer(caller.shop_ref(shop_id), repair_order_id)


@app.post(f"{ORDERS}/<repair_order_id>/void", tags=["repair orders"], summary="Void a repair order")
def void_repair_order(
    shop_id: Id, repair_order_id: Id, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[RepairOrder]:
    """It leaves the histories, and what it did counts as not done; there is no way back.

    Technicians leave it to the counter.
    """
    caller = door.caller(Action.VOID_REPAIR_ORDERS, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    ids = (caller.shop_ref(shop_id), repair_order_id)
    door.change(stamp, if_match, partial(repair_orders.void_order, door.reads, *ids, stamp=stamp))
    return _answer(caller.shop_ref(shop_id), repair_order_id)


@app.post(f"{ORDERS}/<repair_order_id>/copies", tags=["repair orders"], summary="Bring work over")
def copy_work_to_repair_order(
    shop_id: Id, repair_order_id: Id, body: WorkCopy, idempotency_key: IdempotencyKey = None
) -> Response[RepairOrder]:
    """Adds a copy of a job or inspection of the customer's history, here or at a linked shop.

    409: It is neither an estimate nor in progress, or has this work already and `again` is not sent.
    """
    caller = door.caller(Action.CHANGE_REPAIR_ORDERS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    original = work_copies.Original(
        shop_id=body.shop_id, repair_order_id=body.repair_order_id, item_id=body.item_id
    )

    def act() -> tuple[str, ...]:
        ids = (shop_id, repair_order_id, original)
        work_copies.copy_work(door.reads, caller, *ids, again=body.again, stamp=stamp)
        return (repair_order_id,)

    door.once(stamp, act)
    return _answer(caller.shop_ref(shop_id), repair_order_id)


def _answer(shop_ref: ShopRef, repair_order_id: str) -> Response[RepairOrder]:
    order = store.read_order(door.reads, shop_ref, repair_order_id)
    return versioned(order, order.version)
