"""Writes the demo data: `python -m local.demo --out DIR --today 2027-03-01 --shops 6 --customers 1000`."""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from local.demo.build import MOST_CUSTOMERS, MOST_SHOPS, build_demo
from local.demo.files import FORMATS, write_demo


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    try:
        demo = build_demo(
            seed=options.seed, shops=options.shops, customers=options.customers, today=options.today
        )
    except ValueError as error:
        raise SystemExit(str(error)) from error
    write_demo(demo, options.out, options.format)
    for organization in demo.organizations:
        for books in organization.shops:
            print(
                f"{organization.key}/{books.site.key}: {len(books.customers)} customers, "
                f"{len(books.vehicles)} vehicles, {len(books.repair_orders)} repair orders, "
                f"{len(books.appointments)} appointments"
            )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.demo", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--seed", type=int, default=7, help="another seed, other people (default 7)")
    parser.add_argument("--shops", type=int, default=6, help=f"of the first organization, 1 to {MOST_SHOPS}")
    parser.add_argument("--customers", type=int, default=1000, help=f"in all, 1 to {MOST_CUSTOMERS}")
    parser.add_argument("--today", type=date.fromisoformat, required=True, help="the day the three years end")
    parser.add_argument("--format", choices=FORMATS, default=FORMATS[0])
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
