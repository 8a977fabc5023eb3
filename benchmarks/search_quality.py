"""Search quality and cost: `python -m benchmarks.search_quality --customers 10000 [--table] [--peers]`,
JSON out.

Searches the organization from its first shop, pages of ten. Without `--table` the index lies in a stand-in in
memory (`search_standin.py`), with it on DynamoDB Local (`search_table.py`); both behind the functions of
`Reads`. Of all customers' index items only those that some query may read are kept, and the cards of their
customers: the others change neither results nor cost, and needn't be loaded.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any

from benchmarks.search_peers import ASKED, Ask, Document, document, postgres, tantivy
from benchmarks.search_people import (
    ORGANIZATION_ID,
    Person,
    customer_id,
    number_of,
    order_key,
    person,
    shop_id,
)
from benchmarks.search_queries import Fact, QueryCase, facts_of, make_queries, wanted_lengths
from benchmarks.search_standin import Cost, StandIn
from crossbay.app.search import search
from crossbay.domain.organization import ShopRef
from crossbay.search.entry import IndexEntry
from crossbay.search.index import customer_entries, number_entries, vehicle_entries
from crossbay.search.plan import Scope, plan_search
from crossbay.store.keys import Key
from crossbay.store.reads import Item
from crossbay.store.search.reads import TableReads
from crossbay.store.search.search_keys import index_partition, index_sort

SEED = 20261122
PAGE = 10
OWN_SHOP = shop_id(0)


@dataclass(frozen=True, slots=True)
class Answer:
    """found: customer ids in their order. seconds: wall time."""

    found: tuple[str, ...]
    cost: Cost
    seconds: float


def runs_asked_for(cases: Iterable[QueryCase]) -> dict[str, set[tuple[str, str]]]:
    """By partition key the first and last sort keys of what the queries' plans read."""
    runs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for case in cases:
        plan = plan_search(case.text, case.by, Scope.ORGANIZATION)
        for stream in (*plan.near, *plan.fuzzy):
            scope = OWN_SHOP if stream.of_own_shop else ""
            pk = index_partition(ORGANIZATION_ID, scope, stream.kind, stream.head)
            runs[pk].add((stream.first, stream.last))
    return runs


def people(size: int) -> Iterator[Person]:
    for number in range(size):
        if number % 50_000 == 0:
            print(f"{number:,} of {size:,} customers made", file=sys.stderr, flush=True)
        yield person(SEED, number)


def keys_read(one: Person, runs: Mapping[str, Iterable[tuple[str, str]]]) -> list[Key]:
    """Of the customer's index items those that stand in one of the runs."""
    scopes = ("", OWN_SHOP) if one.customer.shop_id == OWN_SHOP else ("",)
    return [
        Key(pk, sk)
        for found, record in _entries(one)
        for scope in scopes
        if (asked := runs.get(pk := index_partition(ORGANIZATION_ID, scope, found.kind, found.head)))
        and _is_in(asked, sk := index_sort(found.text, one.customer.shop_id, one.customer.id, record))
    ]


def _entries(one: Person) -> Iterator[tuple[IndexEntry, str]]:
    """With the vehicle's id or the key of the RO that is found by it, empty for the customer's own."""
    yield from ((found, "") for found in customer_entries(one.customer))
    for car in one.vehicles:
        yield from ((found, car.id) for found in vehicle_entries(car))
    for order in one.orders:
        yield from ((found, order_key(order).sk) for found in number_entries(order.number))


def _is_in(runs: Iterable[tuple[str, str]], sk: str) -> bool:
    return any(first <= sk <= last for first, last in runs)


def item_of(key: Key) -> Item | None:
    """The card or vehicle under the key, made anew."""
    for item in person(SEED, number_of(key.pk)).items:
        if key == (item["pk"], item["sk"]):
            return item
    return None


def answer(reads: Any, case: QueryCase) -> Answer:
    """cost: of the reads that count it, else nothing."""
    reads.cost = Cost()
    started = time.perf_counter()
    found = _found(reads, case)
    return Answer(found, reads.cost, time.perf_counter() - started)


def _found(reads: TableReads, case: QueryCase) -> tuple[str, ...]:
    page = search(
        reads,
        shop_ref=ShopRef(organization_id=ORGANIZATION_ID, shop_id=OWN_SHOP),
        scope=Scope.ORGANIZATION,
        text=case.text,
        by=case.by,
        limit=PAGE,
    )
    return tuple(hit.ref.customer_id for hit in page.hits)


def report(cases: list[QueryCase], relevant: dict[Fact, set[str]], answers: list[Answer]) -> dict[str, Any]:
    """Recall@10, rank of the first right one and cost, over all and by kind."""
    by_kind: dict[str, list[tuple[float, int | None]]] = defaultdict(list)
    for case, one in zip(cases, answers, strict=True):
        right = _right(case, relevant)
        at = [place for place, found in enumerate(one.found, start=1) if found in right]
        by_kind[case.kind].append((len(at) / min(PAGE, len(right)), at[0] if at else None))
    everything = [measured for of_kind in by_kind.values() for measured in of_kind]
    return {
        "recall_at_10": _recall(everything),
        "by_kind": {kind: _quality(measured) for kind, measured in by_kind.items()},
        "cost": _costs([one.cost for one in answers]),
        "cost_by_kind": _read_units_by_kind(cases, answers),
        "milliseconds_p50": round(median(one.seconds for one in answers) * 1000, 2),
    }


def _quality(measured: list[tuple[float, int | None]]) -> dict[str, Any]:
    ranks = [rank for _, rank in measured if rank]
    return {
        "recall_at_10": _recall(measured),
        "first_right_one_first": round(sum(rank == 1 for rank in ranks) / len(measured), 3),
        "mean_reciprocal_rank": round(sum(1 / rank for rank in ranks) / len(measured), 3),
    }


def _recall(measured: list[tuple[float, int | None]]) -> float:
    return round(sum(share for share, _ in measured) / len(measured), 4)


def _costs(costs: list[Cost]) -> dict[str, Any]:
    columns = defaultdict(list)
    for cost in costs:
        for name, value in asdict(cost).items():
            columns[name].append(value)
    return {name: spread(values) for name, values in columns.items()}


def _read_units_by_kind(cases: list[QueryCase], answers: list[Answer]) -> dict[str, float]:
    units = defaultdict(list)
    for case, one in zip(cases, answers, strict=True):
        units[case.kind].append(one.cost.read_units)
    return {kind: round(sum(values) / len(values), 2) for kind, values in units.items()}


def spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "mean": round(sum(ordered) / len(ordered), 2),
        "p50": ordered[len(ordered) // 2],
        "p99": ordered[int(len(ordered) * 0.99)],
        "worst": ordered[-1],
    }


def collect(
    cases: list[QueryCase], size: int, keep: Callable[[Person, list[Key]], None]
) -> dict[Fact, set[str]]:
    """Hand each customer with its index items to `keep`; give back who is relevant for what."""
    runs, lengths, wanted = (
        runs_asked_for(cases),
        wanted_lengths(cases),
        {fact for case in cases for fact in case.facts},
    )
    relevant: dict[Fact, set[str]] = defaultdict(set)
    for one in people(size):
        for fact in wanted.intersection(facts_of(one, lengths)):
            relevant[fact].add(customer_id(one.number))
        keep(one, keys_read(one, runs))
    return relevant


def _right(case: QueryCase, relevant: dict[Fact, set[str]]) -> set[str]:
    return set().union(*(relevant[fact] for fact in case.facts))


def misses(cases: list[QueryCase], relevant: dict[Fact, set[str]], answers: list[Answer]) -> list[str]:
    found = []
    for case, one in zip(cases, answers, strict=True):
        right = _right(case, relevant)
        if len(right.intersection(one.found)) < min(PAGE, len(right)):
            found.append(f"{case.kind}: {case.text!r} meant {case.facts[0].value!r}, {len(right)} of them")
    return found


def in_memory(cases: list[QueryCase], size: int) -> tuple[dict[Fact, set[str]], list[Answer]]:
    reads = StandIn(find=item_of)

    def keep(one: Person, found: list[Key]) -> None:
        for key in found:
            reads.add(key.pk, key.sk)

    relevant = collect(cases, size, keep)
    reads.sort()
    return relevant, [answer(reads, case) for case in cases]


def in_table(cases: list[QueryCase], size: int, *, peers: bool) -> dict[str, Any]:
    """Loads DynamoDB Local and asks it twice: as the doors do, and with the read units of each request."""
    from benchmarks.search_table import Loader, MeteredReads, dynamodb_local, product_reads

    documents: list[Document] = []
    with dynamodb_local() as address:
        loader = Loader(address)

        def keep(one: Person, keys: list[Key]) -> None:
            for item in one.items if keys else ():
                loader.add(item)
            for key in keys:
                loader.add({"pk": key.pk, "sk": key.sk, "type": "index"})
            if peers:
                documents.append(document(one))

        relevant = collect(cases, size, keep)
        loader.flush()
        counting = MeteredReads(address)
        metered = [answer(counting, case) for case in cases]
        reads = product_reads(address)
        started = [(time.perf_counter(), _found(reads, case), time.perf_counter()) for case in cases]
    assert [found for _, found, _ in started] == [one.found for one in metered], "the two clients disagree"
    answers = [
        replace(one, seconds=end - begin) for one, (begin, _, end) in zip(metered, started, strict=True)
    ]
    result = {"items_loaded": loader.count, **report(cases, relevant, answers)}
    return result | ({"peers": peer_reports(cases, relevant, documents)} if peers else {})


def peer_reports(
    cases: list[QueryCase], relevant: dict[Fact, set[str]], documents: list[Document]
) -> dict[str, Any]:
    cases = [case for case in cases if case.kind in ASKED]
    with postgres(documents) as ask:
        of_postgres = [_timed(ask, case) for case in cases]
    ask = tantivy(documents)
    of_tantivy = [_timed(ask, case) for case in cases]
    return {
        name: {key: value for key, value in report(cases, relevant, answers).items() if "cost" not in key}
        for name, answers in (("postgresql", of_postgres), ("tantivy", of_tantivy))
    }


def _timed(ask: Ask, case: QueryCase) -> Answer:
    started = time.perf_counter()
    found = tuple(ask(case))
    return Answer(found, Cost(), time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--of-each", type=int, default=100, help="queries of each kind")
    parser.add_argument("--table", action="store_true", help="on DynamoDB Local rather than in memory")
    parser.add_argument("--peers", action="store_true", help="PostgreSQL and tantivy, too (with --table)")
    parser.add_argument("--misses", action="store_true", help="list the queries that missed someone")
    arguments = parser.parse_args()
    cases = make_queries(SEED, arguments.customers, arguments.of_each)
    result: dict[str, Any] = {"customers": arguments.customers, "queries": len(cases)}
    if arguments.table:
        result |= in_table(cases, arguments.customers, peers=arguments.peers)
    else:
        relevant, answers = in_memory(cases, arguments.customers)
        result |= report(cases, relevant, answers)
        if arguments.misses:
            result["misses"] = misses(cases, relevant, answers)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
