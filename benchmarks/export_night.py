"""What a night's file costs in the table: gathering its repair orders, and settling their marks.

    DYNAMODB_LOCAL=<folder> python -m benchmarks.export_night --orders 1000 10000 100000

JSON out, each size in a shop of its own in one table of DynamoDB Local: read units as it counts them, repair
orders a second by the product's own reads and writes. Two repair orders a customer, every tenth told before.
What the file itself takes is measured by `export_rows`.
"""

import argparse
import json
import os
import time
from collections.abc import Iterator
from typing import Any, cast

from benchmarks.night_reads import REGION, TABLE, Loader, MeteredReads, create_table
from benchmarks.search_table import dynamodb_local
from crossbay.app.exports.gather import gather, pending_orders
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.partner import PartnerCode
from crossbay.domain.work.repair_order import (
    Authorization,
    Job,
    RepairOrder,
    RepairOrderStatus,
    VehicleSnapshot,
)
from crossbay.exports.run import Telling
from crossbay.exports.service_record import ExportChange
from crossbay.ids import derived_id
from crossbay.store import keys
from crossbay.store.codec import to_body
from crossbay.store.exports.exports import SETTLED_AT_ONCE, put_telling, settle_marks
from crossbay.store.exports.marks import mark_pending
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

ORGANIZATION = derived_id("organization", "export benchmark")
CARFAX = PartnerCode.CARFAX


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    sizes = parser.parse_args().orders
    os.environ["TABLE_NAME"] = TABLE
    with dynamodb_local() as address:
        os.environ |= {"AWS_ENDPOINT_URL": address, "AWS_DEFAULT_REGION": REGION}
        create_table(address)
        measured = [_measure(address, size) for size in sizes]
    load = round(os.getloadavg()[0], 1)
    print(json.dumps({"benchmark": "export_night", "load": load, "nights": measured}, indent=1))


def _measure(address: str, size: int) -> dict[str, Any]:
    shop_id = derived_id("shop", str(size))
    loader = Loader(address=address)
    for number, order in enumerate(_orders(shop_id, size)):
        loader.take(_written_with(order, number).operations)
        if number % 1_000 == 0:
            loader.flush()
    loader.flush()
    reads = Reads(TABLE, endpoint_url=address)
    started = time.perf_counter()
    waiting = pending_orders(reads, ShopRef(organization_id=ORGANIZATION, shop_id=shop_id), CARFAX)
    marks = [(one.order.id, one.order.version) for one in gather(reads, CARFAX, waiting)]
    gathering_s = time.perf_counter() - started
    units = _read_units(address, shop_id)
    tellings = [_telling(order, "2027-03-02") for order in _orders(shop_id, size)]
    started = time.perf_counter()
    for start in range(0, size, SETTLED_AT_ONCE):
        some = slice(start, start + SETTLED_AT_ONCE)
        settle_marks(
            reads, ShopRef(organization_id=ORGANIZATION, shop_id=shop_id), CARFAX, marks[some], tellings[some]
        )
    settling_s = time.perf_counter() - started
    return {
        "orders": len(marks),
        "gathered_per_s": round(size / gathering_s),
        "settled_per_s": round(size / settling_s),
        "read_units_per_order": round(units / size, 2),
    }


def _read_units(address: str, shop_id: str) -> float:
    metered = MeteredReads(address)
    reads = cast(Reads, metered)
    for _ in gather(
        reads, CARFAX, pending_orders(reads, ShopRef(organization_id=ORGANIZATION, shop_id=shop_id), CARFAX)
    ):
        pass
    return metered.cost.read_units


def _orders(shop_id: str, size: int) -> Iterator[RepairOrder]:
    """Each an oil change and two more jobs, 1 KB or so."""
    for number in range(size):
        yield RepairOrder(
            id=derived_id(shop_id, str(number)),
            organization_id=ORGANIZATION,
            shop_id=shop_id,
            customer_id=derived_id(shop_id, "customer", str(number // 2)),
            number=f"RO-{number}",
            opened_on="2027-03-01",
            invoiced_on="2027-03-01",
            status=RepairOrderStatus.INVOICED,
            odometer_miles=50_000 + number,
            vehicle=VehicleSnapshot(
                id=derived_id(shop_id, "car", str(number // 2)),
                vin="1HGCM82633A004352",
                plate=f"QX {number}",
                plate_region="NY",
                year=2003,
                make="Honda",
                model="Accord",
                sub_model="EX",
                engine="2.4L",
            ),
            jobs=tuple(
                Job(id=str(n), title=title, authorization=Authorization.APPROVED, amount_cents=4_995 + n)
                for n, title in enumerate(("Oil change", "Tire rotation", "Front brake pads"))
            ),
        )


def _written_with(order: RepairOrder, number: int) -> Transaction:
    """The items of an order that a night reads: itself, its customer, its mark, and what was told of it."""
    transaction = Transaction()
    partition = keys.customer_partition(ORGANIZATION, CustomerRef.of(order))
    transaction.put(
        keys.dated(partition, "RO", order.opened_on, order.id), "repair order", to_body(order), version=1
    )
    if number % 2 == 0:
        customer = Customer(
            id=order.customer_id,
            organization_id=ORGANIZATION,
            shop_id=order.shop_id,
            first_name="Beatriz",
            last_name=f"Quillon{order.number}",
            emails=("beatriz@example.com",),
        )
        transaction.put(
            keys.customer(ORGANIZATION, CustomerRef.of(order)),
            "customer",
            to_body(customer),
            version=1,
        )
    mark_pending(transaction, (CARFAX,), order)
    if number % 10 == 0:
        put_telling(transaction, ORGANIZATION, _telling(order, "2027-02-01"))
    return transaction


def _telling(order: RepairOrder, run_date: str) -> Telling:
    return Telling(
        partner=CARFAX,
        shop_id=order.shop_id,
        customer_id=order.customer_id,
        repair_order_id=order.id,
        number=order.number,
        run_date=run_date,
        run_number=1,
        at=f"{run_date}T09:00:00.000Z",
        change=ExportChange.NEW,
        vin=order.vehicle.vin,
        told_sha256="0" * 64,
        file_sha256="0" * 64,
        offset=0,
        length=300,
    )


if __name__ == "__main__":
    main()
