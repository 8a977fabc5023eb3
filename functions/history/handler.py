"""A customer's job, declined and inspection history, merged from the own shop and the linked customers."""

from dataclasses import asdict
from typing import Annotated

from crossbay.app.work.history import HistoryPosition, read_history
from crossbay.domain.access import Action
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.work.history import HistoryKind
from crossbay.entry.answers import HistoryAnswer
from crossbay.entry.http import Cursor, Door, Id, Limit, Query
from crossbay.store.work.repair_orders import read_order

door = Door("history")
app = door.app
lambda_handler = door.handler

Linked = Annotated[
    bool | None,
    Query(description="Other shops' rows too, or not; left out, as remembered for this customer."),
]
VehicleId = Annotated[str, Query(max_length=64, description="One vehicle of the customer; left out, all.")]
AddressId = Annotated[
    str, Query(max_length=64, description="One service address: other rows of the own shop are left out.")
]
OfTheOrder = Annotated[
    str, Query(max_length=64, description="Another service address than the repair order's.")
]
EveryAddress = Annotated[
    bool, Query(description="Every service address of the customer, not only the repair order's.")
]


@app.get(
    "/shops/<shop_id>/customers/<customer_id>/history/<kind>",
    tags=["history"],
    summary="A customer's history",
)
def read_customer_history(
    shop_id: Id,
    customer_id: Id,
    kind: HistoryKind,
    vehicle_id: VehicleId = "",
    service_address_id: AddressId = "",
    linked: Linked = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> HistoryAnswer:
    """Newest first; every row carries its shop, and a declined job what was done since."""
    return _answer(shop_id, customer_id, kind, vehicle_id, service_address_id, linked, limit, cursor)


@app.get(
    "/shops/<shop_id>/repair-orders/<repair_order_id>/history/<kind>",
    tags=["history"],
    summary="The history behind a repair order",
)
def read_repair_order_history(
    shop_id: Id,
    repair_order_id: Id,
    kind: HistoryKind,
    vehicle_id: VehicleId = "",
    service_address_id: OfTheOrder = "",
    every_address: EveryAddress = False,
    linked: Linked = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> HistoryAnswer:
    """The same list for the repair order's customer, at the repair order's service address.

    `elsewhere` says how many rows the customer's other addresses hold; `every_address` lists them too. Linked
    shops' rows are always of all of theirs.
    """
    caller = door.caller(Action.READ_REPAIR_ORDERS, shop_id)
    order = read_order(door.reads, caller.shop_ref(shop_id), repair_order_id)
    address_id = "" if every_address else service_address_id or order.service_address_id
    return _answer(shop_id, order.customer_id, kind, vehicle_id, address_id, linked, limit, cursor)


def _answer(
    shop_id: str,
    customer_id: str,
    kind: HistoryKind,
    vehicle_id: str,
    service_address_id: str,
    linked: bool | None,
    limit: int,
    cursor: str | None,
) -> HistoryAnswer:
    caller = door.caller(Action.READ_REPAIR_ORDERS, shop_id)
    position = door.position(caller, cursor)
    page = read_history(
        door.reads,
        caller,
        CustomerRef(shop_id=shop_id, customer_id=customer_id),
        kind,
        limit=limit,
        linked=linked,
        vehicle_id=vehicle_id,
        service_address_id=service_address_id,
        position=HistoryPosition(**position) if position else None,
    )
    following = asdict(page.next) if page.next else None
    return HistoryAnswer(
        rows=page.rows,
        linked_shown=page.linked_shown,
        service_address_id=page.service_address_id,
        elsewhere=page.elsewhere,
        next=door.cursor(caller, following),
    )
