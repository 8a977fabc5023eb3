"""Memory and speed of an import as its file grows: the worker's whole run over a generated file of customers.

    python -m benchmarks.import_large --megabytes 20 1000

Everything is as in the worker but the table: each row counts as taken in before and unchanged (a nightly
export repeats most of them), one in a thousand is broken. Each size runs in a process of its own; JSON out.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import IO, Any, cast

from crossbay.app.imports import run as import_run
from crossbay.app.imports.records import Intake, Task, drafts_of
from crossbay.aws.s3 import Bucket
from crossbay.domain.organization import Shop
from crossbay.imports.columns import Format, ImportKind
from crossbay.imports.customers import read_customer
from crossbay.imports.rows import ImportRow
from crossbay.imports.run import ImportRef, ImportRun, RowOutcome, RowVerdict, Status
from crossbay.store.codec import to_body
from crossbay.store.keys import Key
from crossbay.store.reads import Page, Query, Reads

ADDRESS = ("line1", "line2", "city", "region", "postal_code", "country")
HEADER = ",".join(
    (
        *("id", "kind", "first_name", "last_name", "phone_1", "phone_1_label", "email_1", "source"),
        *(f"{prefix}_{name}" for prefix in ("billing", "service_1", "service_2") for name in ADDRESS),
    )
)
STREET = ",{0} Alder Street,Building C at the back,Tacoma,WA,98402,US"
LINES_A_CHUNK = 8_000
BROKEN_EVERY = 1000


@dataclass
class MadeUpBucket:
    """A bucket whose one file is made while it is read. kept: bytes that were put."""

    size: int
    kept: dict[str, bytes] = field(default_factory=dict)

    def chunks(self, key: str, etag: str) -> Iterator[bytes]:
        lines, made, number = [HEADER], 0, 0
        while made < self.size:
            number += 1
            pos_id = "" if number % BROKEN_EVERY == 0 else f"C{number}"
            head = (
                f"{pos_id},person,Rosa,Delgado{number},(206) 555-0142,mobile,rosa{number}@example.com,Google"
            )
            lines.append(head + 3 * STREET.format(number % 9000))
            if len(lines) == LINES_A_CHUNK:
                chunk = "\n".join((*lines, "")).encode()
                made += len(chunk)
                lines = []
                yield chunk

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.kept[key] = content

    def put_file(self, key: str, file: IO[bytes], content_type: str) -> None:
        self.kept[key] = b""

    def keys(self, prefix: str) -> Iterator[str]:
        yield from [key for key in self.kept if key.startswith(prefix)]

    def lines(self, key: str) -> Iterator[bytes]:
        yield from self.kept[key].splitlines()

    def delete(self, keys: Collection[str]) -> None:
        for key in keys:
            del self.kept[key]


@dataclass
class MadeUpTable:
    """Reads of a table that holds a shop and an import."""

    run: ImportRun
    shop: Shop

    def get(self, key: Key, *, consistent: bool = False) -> dict[str, Any]:
        return {"body": to_body(self.run if key.sk.startswith("IMPORT#") else self.shop)}

    def query(self, query: Query) -> Page:
        """Nobody has asked for an erasure."""
        return Page(items=())


class EndlessClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def has_time(self) -> bool:
        return True


def take_as_known(intake: Intake, rows: Sequence[ImportRow]) -> tuple[list[Task], list[RowOutcome]]:
    """Every row is in already, but the broken ones, which have no id."""
    broken = [row for row in rows if not row.id]
    known = [row for row in rows if row.id]
    _, refused = drafts_of(broken, "customer", intake, lambda record_id, sha256: None, read_customer)
    _, unchanged = drafts_of(
        known, "customer", intake, lambda record_id, sha256: RowVerdict.UNCHANGED, read_customer
    )
    return [], [*refused, *unchanged]


def measure(megabytes: int) -> dict[str, Any]:
    """One import of a file of that size in this process."""
    run = ImportRun(
        id="i",
        organization_id="o",
        shop_id="s",
        kind=ImportKind.CUSTOMERS,
        format=Format.CSV,
        key="o/s/customers.csv",
        status=Status.QUEUED,
    )
    shop = Shop(id="s", organization_id="o", business_name="Harborline")
    bucket = MadeUpBucket(size=megabytes * 1024 * 1024)
    import_run._TAKE = {ImportKind.CUSTOMERS: take_as_known}
    import_run.__dict__["save_run"] = lambda before, after: replace(after, version=after.version + 1)
    before_mb, started = _peak_mb(), time.perf_counter()
    done = import_run.run_import(
        cast(Reads, MadeUpTable(run=run, shop=shop)),
        cast(Bucket, bucket),
        ImportRef(organization_id="o", shop_id="s", import_id="i"),
        holder="benchmark",
        clock=EndlessClock(),
    )
    seconds = time.perf_counter() - started
    rows = done.counts.unchanged + done.counts.refused
    return {
        "megabytes": megabytes,
        "rows": rows,
        "refused": done.counts.refused,
        "seconds": round(seconds, 1),
        "rows_per_s": round(rows / seconds),
        "peak_rss_mb_before": before_mb,
        "peak_rss_mb": _peak_mb(),
    }


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[20, 1000])
    parser.add_argument("--here", action="store_true", help="in this process: one size")
    options = parser.parse_args()
    if options.here:
        print(json.dumps(measure(options.megabytes[0])))
        return
    found = []
    for megabytes in options.megabytes:
        command = [sys.executable, "-m", "benchmarks.import_large", "--here", "--megabytes", str(megabytes)]
        found.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    print(json.dumps({"benchmark": "import_large", "runs": found}, indent=2))


if __name__ == "__main__":
    main()
