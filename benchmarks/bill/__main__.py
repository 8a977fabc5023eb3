"""`python -m benchmarks.bill [--shops 200] [--customers 1000000] [--json]`: a month's bill, line by line.

Units are counted while the product's own code does everything once or more (`counts.py`), on a demo shop in
an organization of so many shops; what nobody can count is assumed (`assumed.py`), prices are noted with their
date (`prices.json`), the rest is read from template.yaml.
"""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from benchmarks.bill.assumed import Assumed
from benchmarks.bill.counts import Counts, count
from benchmarks.bill.deployment import deployed
from benchmarks.bill.lines import Bill, Part, bill
from benchmarks.bill.prices import prices
from benchmarks.bill.world import TABLE, moto

DEMO_CUSTOMERS = 50
MOST_SHOPS_MADE = 200
"""A larger organization's list of shops is counted at this size; what a member costs grows with it."""


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    assumed = Assumed(**{one.name: getattr(options, one.name) for one in fields(Assumed)})
    os.environ["TABLE_NAME"] = TABLE
    with moto():
        counts = count(shops=max(2, min(MOST_SHOPS_MADE, assumed.shops)), customers=options.demo)
    told = bill(counts, assumed, deployed(), prices())
    print(
        json.dumps(_as_json(told, counts, assumed), indent=1) if options.json else text(told, counts, assumed)
    )


def text(told: Bill, counts: Counts, assumed: Assumed) -> str:
    """Tables of what was counted, of the lines and of the sums, as the runbook shows them."""
    noted = prices()
    out = [
        f"{assumed.shops:,} shops, {assumed.customers:,} customers, {assumed.orders_kept:,} repair orders in "
        f"the table; prices of {noted['region']}, {noted['date']}.",
        "",
        "| counted, of one | write units | of them in indexes | read units | requests |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {name} | {one.all_written:.1f} | {one.in_indexes:.1f} | {one.read:.1f} | {one.requests:.1f} |"
            for name, one in counts.things.items()
        ),
        "",
        f"A customer keeps {counts.customer.in_table:,} bytes in the table and "
        f"{counts.customer.in_indexes:,} in indexes, a repair order {counts.order.in_table:,} and "
        f"{counts.order.in_indexes:,}.",
        "",
        "| line | of | basis | arithmetic | $ a month |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {line.name} | {line.part} | {line.basis} | {line.how} | {line.dollars:.2f} |"
            for line in told.lines
            if line.dollars >= 0.005
        ),
        "",
        "| sum | $ a month | with Lambda's always-free part |",
        "| --- | --- | --- |",
        *(
            f"| {name} | {told.sum(*parts):.2f} | {told.sum(*parts, free_part=True):.2f} |"
            for name, parts in SUMS.items()
        ),
        "",
        f"The first import, once: {told.first_import:.0f} $. Not in it: data going out (the first 100 GB are "
        "free), copies elsewhere, support.",
    ]
    return "\n".join(out)


SUMS: dict[str, tuple[Part, ...]] = {
    "without mail and photos": (),
    "with photos": (Part.PHOTOS,),
    "with mail": (Part.MAIL,),
    "with mail and photos": (Part.MAIL, Part.PHOTOS),
}


def _as_json(told: Bill, counts: Counts, assumed: Assumed) -> dict[str, Any]:
    noted = prices()
    return {
        "prices": {name: noted[name] for name in ("region", "date", "source")},
        "assumed": asdict(assumed),
        "counted": {name: asdict(one) for name, one in counts.things.items()},
        "stored": {"customer": asdict(counts.customer), "repair order": asdict(counts.order)},
        "lines": [asdict(line) for line in told.lines],
        "sums": {
            name: {"sum": told.sum(*parts), "with_free_part": told.sum(*parts, free_part=True)}
            for name, parts in SUMS.items()
        },
        "first_import": told.first_import,
    }


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bill", description=__doc__)
    for one in fields(Assumed):
        name = f"--{one.name.replace('_', '-')}"
        parser.add_argument(name, type=type(one.default), default=one.default, help=f"{one.default}")
    parser.add_argument("--demo", type=int, default=DEMO_CUSTOMERS, help="customers that are counted with")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
