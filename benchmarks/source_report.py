"""What the source report reads: one shop and 200 over three years, with 10,000 and 1,000,000 ROs behind it.

`DYNAMODB_LOCAL=<folder> python -m benchmarks.source_report` takes half an hour, most of it loading. JSON out:
read units as DynamoDB Local counts them, seconds as `Reads` takes with it on one machine. Every RO has its
row in the table, counted by the product's own functions; one day is counted again from the table.
"""

import json
import os
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from benchmarks.night_reads import REGION, Loader, MeteredReads, create_table
from benchmarks.search_table import dynamodb_local
from crossbay.app.sources.recount import figures_of, recount_shop
from crossbay.app.sources.report import read_report
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.sources.source import STARTING_CATEGORIES, Categories, Source, SourceBook, spelling_id
from crossbay.ids import first_id_of
from crossbay.reports.sources import months_of
from crossbay.store import keys
from crossbay.store.codec import to_body
from crossbay.store.reads import Reads
from crossbay.store.sources import source_keys
from crossbay.store.sources.counts import MonthCounts, SourceCounts, save_days
from crossbay.store.sources.day_marks import Brought, BroughtKind, RecountMark
from crossbay.store.sources.sources import put_listed, put_source
from crossbay.store.sources.spend import MonthSpend, put_spend
from crossbay.store.transaction import Transaction

ORGANIZATION, TABLE = "o1", "source-report-benchmark"
STAMP = Stamp(by="benchmark", at="2026-11-26T12:00:00.000Z")
FIRST, LAST = date(2023, 12, 1), date(2026, 11, 30)
"""Three years of whole months."""
RAGGED = (date(2023, 12, 16), date(2026, 11, 14))
"""The same but for half a month at each end."""
SOURCES = 40
COUNTED_DAY = "2026-11-16"
RUNS = 5


def main() -> None:
    os.environ["TABLE_NAME"] = TABLE
    measured = [_measured(shops, orders) for shops in (1, 200) for orders in (10_000, 1_000_000)]
    units = {(row["shops"], row["orders"]): row["whole_months"]["read_units"] for row in measured}
    ratios = {
        f"{shops} shops": round(units[shops, 1_000_000] / units[shops, 10_000], 2) for shops in (1, 200)
    }
    print(json.dumps({"reports": measured, "a_hundred_times_the_orders": ratios}, indent=1))


def _measured(shops: int, orders: int) -> dict[str, Any]:
    with dynamodb_local() as address:
        create_table(address, TABLE)
        from crossbay.store import table  # takes the table's name as it is imported

        loader = Loader(address=address, table=TABLE)
        table.write = loader.take
        shop_ids = [f"s{number:03}" for number in range(shops)]
        for number, shop_id in enumerate(shop_ids):
            share = orders // shops + (number < orders % shops)
            _load_shop(loader, shop_id, share, random.Random(number))
        loader.flush()
        return {
            "shops": shops,
            "orders": orders,
            "whole_months": _report(address, shop_ids, FIRST, LAST, orders),
            "days_at_both_ends": _report(address, shop_ids, *RAGGED, None),
            "one_day_counted_again": _recount(address, shop_ids[0]),
        }


# ---- measured


def _report(
    address: str, shop_ids: Sequence[str], first: date, last: date, orders: int | None
) -> dict[str, Any]:
    metered = MeteredReads(address, TABLE)
    report = read_report(cast(Reads, metered), ORGANIZATION, shop_ids, first, last, now=datetime.now(UTC))
    if orders not in (None, report.total.car_count):
        raise SystemExit(f"{report.total.car_count} orders in the report, not {orders}")
    reads = Reads(TABLE, endpoint_url=address, region=REGION)
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        read_report(reads, ORGANIZATION, shop_ids, first, last, now=datetime.now(UTC))
        seconds.append(time.perf_counter() - started)
    cost = metered.cost
    return {
        "read_units": cost.read_units,
        "queries": cost.queries,
        "items": cost.items,
        "seconds": round(statistics.median(seconds), 3),
    }


def _recount(address: str, shop_id: str) -> dict[str, Any]:
    """Of a day that one save has marked; nothing is written, as the figures come out as they stand."""
    metered = MeteredReads(address, TABLE)
    started = time.perf_counter()
    done = recount_shop(
        cast(Reads, metered),
        ShopRef(organization_id=ORGANIZATION, shop_id=shop_id),
        now=datetime.now(UTC),
        has_time=lambda: True,
    )
    if (done.marks, done.days) != (1, 0):
        raise SystemExit(f"the day was counted otherwise: {done}")
    return {
        "read_units": metered.cost.read_units,
        "items": metered.cost.items,
        "seconds": round(time.perf_counter() - started, 3),
    }


# ---- the shops


def _load_shop(loader: Loader, shop_id: str, orders: int, chance: random.Random) -> None:
    """Sources, three quarters of them mapped, spend on ten of them each month, and so many ROs by chance."""
    sources = _sources(shop_id, chance)
    _spend(shop_id, sources, chance)
    customers = _customers(shop_id, sources, max(1, orders // 4), chance)
    by_day: dict[str, list[tuple[str, Brought]]] = defaultdict(list)
    for day, record_id, brought in _brought(orders, customers, chance):
        by_day[day].append((record_id, brought))
    months: dict[str, dict[str, Any]] = defaultdict(dict)
    by_id = {customer.id: customer for customer in customers}
    for day, rows in by_day.items():
        months[day[:7]][day] = figures_of((one for _, one in rows), by_id, sources)
        loader.add(_row(shop_id, day, record_id, one) for record_id, one in rows)
    for month, counted in months.items():
        save_days(
            ShopRef(organization_id=ORGANIZATION, shop_id=shop_id),
            MonthCounts(month=month, total=SourceCounts(), days={}),
            counted,
        )
    _mark(loader, shop_id, (by_id[one.customer_id] for _, one in by_day[COUNTED_DAY]))
    loader.flush()


def _sources(shop_id: str, chance: random.Random) -> dict[str, Source]:
    book = SourceBook(categories=Categories(organization_id=ORGANIZATION, categories=STARTING_CATEGORIES))
    sources = {}
    for number in range(SOURCES):
        name = f"Source {number:02} of the point of sale"
        listed = Source(
            id=spelling_id(name), organization_id=ORGANIZATION, shop_id=shop_id, spellings=(name,)
        )
        transaction = Transaction()
        put_listed(transaction, None, listed, at=STAMP.at)
        if number % 4:
            category_id = chance.choice(sorted(book.meanings))
            put_source(transaction, listed, replace(listed, category_id=category_id), stamp=STAMP)
        transaction.commit()
        sources[listed.id] = listed
    return sources


def _spend(shop_id: str, sources: dict[str, Source], chance: random.Random) -> None:
    for month in months_of(FIRST, LAST):
        before = MonthSpend(organization_id=ORGANIZATION, shop_id=shop_id, month=month)
        amounts = {one: chance.randrange(5_000, 200_000) for one in chance.sample(sorted(sources), 10)}
        transaction = Transaction()
        put_spend(transaction, before, replace(before, amounts_cents=amounts), stamp=STAMP)
        transaction.commit()


def _customers(shop_id: str, sources: dict[str, Source], count: int, chance: random.Random) -> list[Customer]:
    """A few sources bring most of them; one in ten has none."""
    names = [source.name for source in sources.values()]
    weights = [1 / rank for rank in range(1, len(names) + 1)]
    chosen = chance.choices(["", *names], [sum(weights) / 9, *weights], k=count)
    return [
        Customer(
            id=f"c{number}", organization_id=ORGANIZATION, shop_id=shop_id, last_name="Quill", source=source
        )
        for number, source in enumerate(chosen)
    ]


def _brought(
    orders: int, customers: Sequence[Customer], chance: random.Random
) -> Iterator[tuple[str, str, Brought]]:
    days = [(FIRST + timedelta(days=n)).isoformat() for n in range((LAST - FIRST).days + 1)]
    first: dict[str, str] = {}
    for number in range(orders):
        day, customer_id = chance.choice(days), chance.choice(customers).id
        first[customer_id] = min(day, first.get(customer_id, day))
        cents = chance.randrange(3_000, 150_000)
        yield day, f"r{number}", Brought(kind=BroughtKind.VISIT, customer_id=customer_id, revenue_cents=cents)
    for customer_id, day in first.items():
        for kind in (BroughtKind.SINCE, BroughtKind.FIRST):
            yield day, customer_id, Brought(kind=kind, customer_id=customer_id)


def _row(shop_id: str, day: str, record_id: str, brought: Brought) -> dict[str, Any]:
    key = source_keys.brought(
        ShopRef(organization_id=ORGANIZATION, shop_id=shop_id), day, brought.kind, record_id
    )
    return {"pk": key.pk, "sk": key.sk, "type": "brought", "body": to_body(brought)}


def _mark(loader: Loader, shop_id: str, customers: Iterator[Customer]) -> None:
    """A mark for one day, and those of that day, as they lie in the table."""
    mark = RecountMark(id=first_id_of(datetime(2026, 11, 26, tzinfo=UTC)), days=(COUNTED_DAY,))
    key = source_keys.recount(ShopRef(organization_id=ORGANIZATION, shop_id=shop_id), mark.id)
    loader.add([{"pk": key.pk, "sk": key.sk, "type": "mark", "body": to_body(mark)}])
    for customer in customers:
        key = keys.customer(ORGANIZATION, CustomerRef(shop_id=shop_id, customer_id=customer.id))
        loader.add([{"pk": key.pk, "sk": key.sk, "type": "customer", "body": to_body(customer)}])


if __name__ == "__main__":
    main()
