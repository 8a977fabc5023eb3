"""`python -m benchmarks.plan [--json]`: a day of large organizations, and what breaks first.

From the units that `benchmarks/bill` counts: the busiest second at the counter, a night's mails in steps.
"""

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from benchmarks.bill.assumed import Assumed
from benchmarks.bill.counts import count
from benchmarks.bill.deployment import deployed
from benchmarks.bill.world import TABLE, moto
from benchmarks.plan.limits import Use, uses
from benchmarks.plan.scenario import SCENARIOS

DEMO_CUSTOMERS, DEMO_SHOPS = 50, 200


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plan", description=__doc__)
    parser.add_argument("--demo", type=int, default=DEMO_CUSTOMERS, help="customers that are counted with")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    os.environ["TABLE_NAME"] = TABLE
    with moto():
        counts = count(shops=DEMO_SHOPS, customers=options.demo)
    plan = {one.name: uses(counts, Assumed(), deployed(), one) for one in SCENARIOS}
    if options.json:
        told = {name: [asdict(use) | {"part": use.part} for use in found] for name, found in plan.items()}
        print(json.dumps(told, indent=1))
    else:
        print(text(plan))


def text(plan: Mapping[str, Sequence[Use]]) -> str:
    """A table for each scenario, and the first limit that breaks, as the runbook shows them."""
    out = []
    for name, found in plan.items():
        out += [f"**{name[0].upper()}{name[1:]}.** {first(found)}", ""]
        out += ["| limit | used | of | part |", "| --- | --- | --- | --- |"]
        out += [f"| {one.limit} | {one.used:,.0f} | {one.most:,.0f} | {one.part:.2f} |" for one in found]
        out.append("")
    return "\n".join(out)


def first(found: Sequence[Use]) -> str:
    """Which limit breaks first as the day grows, and what lifts it. found: the fullest first."""
    fullest = found[0]
    if fullest.part <= 1:
        times = 1 / fullest.part
        return f"Nothing breaks; at {times:.1f} times it: {fullest.limit}. Lifted by {fullest.lifted_by}."
    broken = sum(one.part > 1 for one in found)
    return f"Over the limit: {broken}, first: {fullest.limit}. Lifted by {fullest.lifted_by}."


if __name__ == "__main__":
    main()
