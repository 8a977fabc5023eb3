"""How long an archive of a customer's data takes and what memory, with 200 and with 2,000 photos.

    python -m benchmarks.privacy_archive

Photos are of a megabyte each, records as many as photos; table and bucket are stand-ins in the process, so
the figures are the archive's own. A process for each size, as its peak is asked for. Prints JSON.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

from crossbay.app.privacy.export import write_archive
from crossbay.aws.s3 import Bucket
from crossbay.domain.customers.customer import Customer
from crossbay.domain.organization import Shop
from crossbay.domain.privacy_request import PrivacyRequest, RequestKind
from crossbay.domain.profile.note import Note
from crossbay.store.codec import to_body
from crossbay.store.reads import Page, Query, Reads

SIZES = (200, 2_000)
PHOTO = random.Random(7).randbytes(1_000_000)
REQUEST = PrivacyRequest(
    id="request", organization_id="o", shop_id="s", customer_id="c", kind=RequestKind.EXPORT
)
IDS: dict[str, Any] = {"organization_id": "o", "shop_id": "s", "customer_id": "c"}


class Table:
    """A customer with notes, a page at a time."""

    def __init__(self, notes: int) -> None:
        self.notes = notes

    def get(self, key: Any, *, consistent: bool = False) -> dict[str, Any]:
        return {"body": to_body(Shop(id="s", organization_id="o", business_name="Harbor"))}

    def query(self, query: Query) -> Page:
        start = int(query.after["sk"]) if query.after else 0
        end = min(start + (query.limit or 0), self.notes)
        items = [self._note(number) for number in range(start, end)]
        if not start:
            customer = Customer(id="c", organization_id="o", shop_id="s", last_name="Quill")
            items.append({"type": "customer", "body": to_body(customer)})
        return Page(items=tuple(items), next={"sk": str(end)} if end < self.notes else None)

    def _note(self, number: int) -> dict[str, Any]:
        return {"type": "note", "body": to_body(Note(id=str(number), text="Brakes squeak. " * 20, **IDS))}


class Photos:
    def __init__(self, count: int) -> None:
        self.count = count

    def keys(self, prefix: str) -> Iterator[str]:
        if prefix.startswith("photos/"):
            yield from (f"{prefix}{number}.jpg" for number in range(self.count))

    def read(self, key: str) -> bytes:
        return bytes(bytearray(PHOTO))


class Clock:
    def now(self) -> datetime:
        return datetime(2027, 3, 1, tzinfo=UTC)

    def has_time(self) -> bool:
        return True


def measured(size: int) -> dict[str, float]:
    started = time.perf_counter()
    with tempfile.TemporaryFile() as archive:
        write_archive(cast(Reads, Table(size)), cast(Bucket, Photos(size)), REQUEST, archive, Clock())
        megabytes = archive.tell() / 1e6
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "photos": size,
        "seconds": round(time.perf_counter() - started, 2),
        "archive_mb": round(megabytes),
        "peak_mb": round(peak_mb),
    }


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(measured(int(sys.argv[1]))))
        return
    program = (sys.executable, "-m", "benchmarks.privacy_archive")
    found = [
        json.loads(subprocess.run([*program, str(size)], capture_output=True, text=True, check=True).stdout)
        for size in SIZES
    ]
    print(
        json.dumps(
            {"sizes": found, "peak_ratio": round(found[-1]["peak_mb"] / found[0]["peak_mb"], 2)}, indent=1
        )
    )


if __name__ == "__main__":
    main()
