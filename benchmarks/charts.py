"""Charts of the marketing source report drawn: `python -m benchmarks.charts [--repeats 15]`, JSON out.

The starting categories in all shops of a large organization, over 12 and over 120 months. Each chart, length
and format in a process of its own: milliseconds of the first one, with what it loads, and the median of those
after it; peak memory, beside that of the process before the first; bytes. The PNG is made of a ready SVG.
"""

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from crossbay.domain.sources.source import STARTING_CATEGORIES, Categories, Figures, SourceBook, meanings_of
from crossbay.rendering.charts.chart import Chart, png
from crossbay.rendering.charts.mix import source_mix
from crossbay.rendering.charts.money import cost_per_new_customer, return_on_spend
from crossbay.reports.sources import MonthFacts, ShopFacts, SourceReport, months_of, source_report

CHARTS: Mapping[str, Callable[[SourceReport], Chart]] = {
    "source-mix": source_mix,
    "cost-per-new-customer": cost_per_new_customer,
    "return-on-spend": return_on_spend,
}
LAST = date(2027, 2, 28)
YEARS = (1, 10)
FORMATS = ("svg", "png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--alone", nargs=3, metavar=("CHART", "YEARS", "FORMAT"), help="in this process")
    asked = parser.parse_args()
    if asked.alone:
        chart, years, file_format = asked.alone
        print(json.dumps(drawing(chart, int(years), file_format, asked.repeats)))
    else:
        rows = [
            _in_a_process_of_its_own(chart, years, file_format, asked.repeats)
            for chart in CHARTS
            for years in YEARS
            for file_format in FORMATS
        ]
        print(json.dumps(rows, indent=2))


def drawing(chart: str, years: int, file_format: str, repeats: int) -> dict[str, Any]:
    report = _report(years)
    ready = CHARTS[chart](report)
    if file_format == "png":
        _ = ready.svg
    before_mb = _peak_mb()
    draw: Callable[[], bytes] = {
        "svg": lambda: CHARTS[chart](report).svg.encode(),
        "png": lambda: png(ready),
    }[file_format]
    runs = [_timed_ms(draw) for _ in range(repeats + 1)]
    return {
        "chart": chart,
        "months": 12 * years,
        "format": file_format,
        "first_ms": round(runs[0], 1),
        "median_ms": round(statistics.median(runs[1:]), 1),
        "peak_mb": _peak_mb(),
        "peak_mb_before": before_mb,
        "kb": round(len(draw()) / 1000, 1),
    }


def _timed_ms(draw: Callable[[], bytes]) -> float:
    started = time.perf_counter()
    draw()
    return (time.perf_counter() - started) * 1000


def _report(years: int) -> SourceReport:
    first = date(LAST.year - years, 3, 1)
    categories = Categories(organization_id="o", categories=STARTING_CATEGORIES)
    chance = random.Random(6)
    months = tuple(
        _month(month, tuple(meanings_of(STARTING_CATEGORIES)), chance) for month in months_of(first, LAST)
    )
    shop = ShopFacts(book=SourceBook(categories=categories), months=months)
    return source_report(first, LAST, categories, [shop] * 20)


def _month(month: str, ids: tuple[str, ...], chance: random.Random) -> MonthFacts:
    counted = {id: Figures(chance.randint(0, 20), 0, 40, 900_000) for id in (*ids, "none")}
    spent = {id: chance.randint(1, 90_000) for id in ids[::2]}
    return MonthFacts(month=month, figures=counted, spend_cents=spent)


def _in_a_process_of_its_own(chart: str, years: int, file_format: str, repeats: int) -> dict[str, Any]:
    asked = ["--alone", chart, str(years), file_format, "--repeats", str(repeats)]
    command = [sys.executable, "-m", "benchmarks.charts", *asked]
    answer = subprocess.run(
        command, check=True, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
