"""What a page of a merged history costs: `DYNAMODB_LOCAL=<folder> python -m benchmarks.history`, JSON out.

Customers with 0, 5 and 20 links, each of the linked ones with 20 or with 200 jobs done (a quarter as many
declined), made through the product's own saves on DynamoDB Local. Pages of 25 are walked to the end through
`read_history`, as the door does after it knows the caller. Of the first, the tenth and the last page:

- cost: Queries, batches, items and read units as DynamoDB reports them, and rounds: reads that had to wait
  for others. Every Query of a round is asked for before any answer is looked at;
- wall and CPU milliseconds, medians, with the product's reads; the three pages take turns;
- kilobytes: the most that Python's allocator held for a page, above what it held before.
"""

import json
import os
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from benchmarks.search_standin import Cost
from benchmarks.search_table import TABLE, MeteredReads, dynamodb_local, product_reads
from crossbay.app.work.history import HistoryPage, HistoryPosition, read_history
from crossbay.app.work.repair_orders import snapshot
from crossbay.domain.access import Caller, Stamp
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.link import Decision, LinkSet, LinkVerdict
from crossbay.domain.organization import Entitlement, Member, Organization, Role, Shop
from crossbay.domain.work.history import HistoryKind
from crossbay.domain.work.repair_order import (
    Authorization,
    Job,
    LaborLine,
    PartLine,
    RepairOrder,
    RepairOrderStatus,
)
from crossbay.store import keys
from crossbay.store.codec import to_body
from crossbay.store.customers.customers import CustomerFile, save_file
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction
from crossbay.store.work.repair_orders import save_order

ORGANIZATION = "o" * 36
LINKS = (0, 5, 20)
JOBS = (20, 200)
PAGE = 25
TURNS = 15
FIRST_DAY = date(2023, 11, 23)
STAMP = Stamp(by="benchmark", at="2026-11-22T12:00:00.000Z")
JOBS_OF_AN_ORDER = 4
SHARED_VIN = "1HGCM82633A004352"
"""Of the vehicle that the one person behind all these records takes to every shop, at every other visit."""


Ask = Callable[[Any, HistoryPosition | None], HistoryPage]
"""Makes the page that begins there, with these reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Where the pages of a list begin (None: the first), and how many there are."""

    starts: dict[str, HistoryPosition | None]
    count: int
    rows: int


def shop_id(number: int) -> str:
    return f"shop-{number:031}"


def make_customer(reads: Reads, name: str, shop: int, jobs: int) -> CustomerRef:
    """A customer of the shop with that many jobs done, four a visit, and one declined at each."""
    ref = CustomerRef(shop_id=shop_id(shop), customer_id=name.ljust(36, "-"))
    customer = Customer(
        id=ref.customer_id,
        organization_id=ORGANIZATION,
        shop_id=ref.shop_id,
        first_name="Rosa",
        last_name="Delgado",
    )
    vehicles = tuple(
        Vehicle(
            id=f"{name}-{kind}",
            organization_id=ORGANIZATION,
            shop_id=ref.shop_id,
            customer_id=ref.customer_id,
            vin=vin,
        )
        for kind, vin in (("shared", SHARED_VIN), ("other", ""))
    )
    save_file(None, CustomerFile(customer=customer, vehicles=vehicles), stamp=STAMP)
    for number in range(jobs // JOBS_OF_AN_ORDER):
        opened = FIRST_DAY + timedelta(days=5 * number + shop % 5)
        save_order(reads, None, make_order(ref, name, number, opened, vehicles[number % 2]), stamp=STAMP)
    return ref


def make_order(ref: CustomerRef, name: str, number: int, opened: date, vehicle: Vehicle) -> RepairOrder:
    order_id = f"{name}-{number:04}".ljust(36, "-")
    jobs = tuple(
        Job(
            id=f"{order_id[:34]}{at:02}",
            title=f"Service package {(5 * number + at) % 60}",
            category="Maintenance",
            authorization=Authorization.APPROVED if at < JOBS_OF_AN_ORDER else Authorization.DECLINED,
            labor=(LaborLine(description="Remove, clean, refit", hundredth_hours=120, amount_cents=16800),),
            parts=(PartLine(description="Part set", part_number="BP-1047", amount_cents=12100),),
            amount_cents=28900,
        )
        for at in range(JOBS_OF_AN_ORDER + 1)
    )
    return RepairOrder(
        id=order_id,
        organization_id=ORGANIZATION,
        shop_id=ref.shop_id,
        customer_id=ref.customer_id,
        number=f"{name}-{number}",
        opened_on=opened.isoformat(),
        invoiced_on=opened.isoformat(),
        status=RepairOrderStatus.INVOICED,
        vehicle=snapshot(vehicle),
        odometer_miles=40_000 + 100 * number,
        jobs=jobs,
    )


def link(own: CustomerRef, others: Sequence[CustomerRef]) -> None:
    decisions = tuple(
        Decision(other=other, verdict=LinkVerdict.LINKED, by="benchmark", at=STAMP.at, event_id="e" * 36)
        for other in others
    )
    transaction = Transaction()
    key = keys.links(ORGANIZATION, own)
    transaction.put(key, "links", to_body(LinkSet(decisions=decisions, version=1)))
    transaction.commit()


def caller() -> Caller:
    shops = [Shop(id=shop_id(n), organization_id=ORGANIZATION, business_name=f"Shop {n}") for n in range(21)]
    return Caller(
        member=Member(
            id="m", organization_id=ORGANIZATION, email="a@example.com", roles=frozenset({Role.ADVISOR})
        ),
        organization=Organization(
            id=ORGANIZATION, name="Harborline", entitlements=frozenset({Entitlement.MULTI_SHOP})
        ),
        shops={shop.id: shop for shop in shops},
    )


def load(reads: Reads) -> dict[tuple[int, int], CustomerRef]:
    """The customers to ask about, by number of links and of jobs."""
    wanted = [(f"other-{jobs}-{n}", n, jobs) for jobs in JOBS for n in range(1, max(LINKS) + 1)]
    wanted += [(f"own-{jobs}-{links}", 0, jobs) for jobs in JOBS for links in LINKS]
    with ThreadPoolExecutor(4) as threads:
        made = dict(
            zip(
                [name for name, _, _ in wanted],
                threads.map(lambda one: make_customer(reads, *one), wanted),
                strict=True,
            )
        )
    asked = {(links, jobs): made[f"own-{jobs}-{links}"] for jobs in JOBS for links in LINKS}
    for (links, jobs), own in asked.items():
        if links:
            link(own, [made[f"other-{jobs}-{n}"] for n in range(1, links + 1)])
    return asked


def walk(ask: Ask, reads: Reads) -> Pages:
    """Through the whole list once; every row must come once, newest first."""
    starts: list[HistoryPosition | None] = [None]
    seen: list[tuple[str, str, str]] = []
    while True:
        page = ask(reads, starts[-1])
        seen += [row.position for row in page.rows]
        if page.next is None:
            break
        starts.append(page.next)
    assert seen == sorted(set(seen), reverse=True), "a row twice, or out of order"
    named = {"first": starts[0], "last": starts[-1]} | ({"tenth": starts[9]} if len(starts) > 10 else {})
    return Pages(starts=named, count=len(starts), rows=len(seen))


def measure(ask: Ask, reads: Reads, metered: MeteredReads) -> dict[str, Any]:
    pages = walk(ask, reads)
    walls: dict[str, list[float]] = {name: [] for name in pages.starts}
    cpus: dict[str, list[float]] = {name: [] for name in pages.starts}
    for _ in range(TURNS):
        for name, start in pages.starts.items():
            wall, cpu = time.perf_counter(), time.process_time()
            ask(reads, start)
            walls[name].append((time.perf_counter() - wall) * 1000)
            cpus[name].append((time.process_time() - cpu) * 1000)
    by_page = {
        name: {
            **cost_of(ask, metered, start),
            "ms": round(median(walls[name]), 1),
            "cpu_ms": round(median(cpus[name]), 1),
            "kilobytes": most_held(ask, reads, start),
        }
        for name, start in pages.starts.items()
    }
    return {"rows": pages.rows, "pages": pages.count, **by_page}


def cost_of(ask: Ask, metered: MeteredReads, start: HistoryPosition | None) -> dict[str, float]:
    metered.cost = Cost()
    ask(metered, start)
    return asdict(metered.cost)


def most_held(ask: Ask, reads: Reads, start: HistoryPosition | None) -> int:
    """Kilobytes at the most while the page is made, above those before."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    ask(reads, start)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return round((most - before) / 1024)


def lists(asked: dict[tuple[int, int], CustomerRef]) -> Iterable[tuple[str, Ask]]:
    """Every list that is measured, with its name."""
    for (links, jobs), own in asked.items():
        yield f"{links} links, {jobs} jobs each", asker(own, HistoryKind.JOBS)
    links, jobs = max(LINKS), max(JOBS)
    own, name = asked[links, jobs], f"{links} links, {jobs} jobs each"
    yield f"{name}, one vehicle", asker(own, HistoryKind.JOBS, vehicle_id=f"own-{jobs}-{links}-shared")
    yield f"{name}, declined", asker(own, HistoryKind.DECLINED)


def asker(own: CustomerRef, kind: HistoryKind, **chosen: Any) -> Ask:
    member = caller()
    return lambda reads, start: read_history(reads, member, own, kind, limit=PAGE, position=start, **chosen)


def main() -> None:
    with dynamodb_local() as address:
        os.environ.update(TABLE_NAME=TABLE, AWS_ENDPOINT_URL=address, AWS_DEFAULT_REGION="us-east-1")
        reads, metered = product_reads(address), MeteredReads(address)
        started = time.perf_counter()
        asked = load(reads)
        print(f"loaded in {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
        result = {name: measure(ask, reads, metered) for name, ask in lists(asked)}
    print(json.dumps({"page": PAGE, "turns": TURNS, "lists": result}, indent=1))


if __name__ == "__main__":
    main()
