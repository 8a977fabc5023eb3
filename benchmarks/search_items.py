"""Index items that saves write, on average: `python -m benchmarks.search_items [--customers 2000]`, JSON out.

Each item of the index is one write unit, two in a transaction. Made-up customers of `search_people.py`.
"""

import argparse
import json
from collections import Counter

from benchmarks.search_people import Person, order_key, person
from benchmarks.search_quality import SEED
from crossbay.store.search.items import customer_keys, number_keys, vehicle_keys


def items_of(one: Person) -> dict[str, int]:
    """By what is saved: the customer, its vehicles, its repair orders."""
    customer = one.customer
    ids = (customer.organization_id, customer.ref)
    return {
        "customer": len(customer_keys(customer)),
        "vehicles": len(frozenset().union(*map(vehicle_keys, one.vehicles))),
        "repair orders": sum(len(number_keys(o.number, *ids, order_key(o).sk)) for o in one.orders),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=2_000)
    size = parser.parse_args().customers
    items: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    records: Counter[str] = Counter()
    for one in (person(SEED, number) for number in range(size)):
        items.update(items_of(one))
        records.update({"customer": 1, "vehicles": len(one.vehicles), "repair orders": len(one.orders)})
        kinds.update(key.pk.rpartition("#")[2].partition(":")[0] for key in customer_keys(one.customer))
    result = {
        "customers": size,
        "items_a_record": {what: round(items[what] / records[what], 2) for what in items},
        "items_a_customer_by_kind": {kind: round(count / size, 2) for kind, count in sorted(kinds.items())},
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
