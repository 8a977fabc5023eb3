"""What each thing that shops do asks of the table, counted while the product's own doors and workers do it.

Every count is an average over a demo shop's customers and repair orders, of an organization of several shops.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from benchmarks.bill.meter import Meter, Stored, Units, metered
from benchmarks.bill.world import START, TABLE, TODAY, Books, demo_books, drop, make_buckets_and_queues
from crossbay.domain.organization import Role, ShopRef

if TYPE_CHECKING:
    from tests.helpers.campaign_walk import Walk
    from tests.helpers.doors import Answer, Caller
    from tests.helpers.export_walk import ExportShop
    from tests.helpers.tenants import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Of one thing done: an average. written_at, read_at: units by kind of partition, see `kind_of`."""

    written: float
    in_indexes: float
    read: float
    requests: float
    written_at: Mapping[str, float]
    read_at: Mapping[str, float]

    @property
    def all_written(self) -> float:
        return self.written + self.in_indexes


@dataclass(slots=True, kw_only=True)
class Counts:
    """things: by name. customer, order: bytes that one keeps in the table and in its indexes.

    shops: of the organization that was counted in.
    hottest: of what falls on a kind of partition, the part that the fullest one of a shop took.
    """

    things: dict[str, Count] = field(default_factory=dict)
    customer: Stored = field(default_factory=Stored)
    order: Stored = field(default_factory=Stored)
    shops: int = 2
    hottest: dict[str, float] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Count:
        return self.things[name]


def count(*, shops: int, customers: int, again: int = 15, table: str = TABLE) -> Counts:
    """Counts everything in an organization of so many shops, two at least, one with so many customers.

    again: how often what takes a letter, a visit or a new customer is done. The table is empty before, and
    moto serves it in this process (`world.moto`, or a test's).
    """

    from crossbay.aws.s3 import Bucket
    from local.partners.servers import partner_servers
    from tests.helpers.campaign_walk import walking
    from tests.helpers.export_walk import CUSTOMERLINK, ExportShop

    with (
        tempfile.TemporaryDirectory(prefix="crossbay-bill-") as folder,
        partner_servers(Path(folder)) as servers,
        metered(table) as meter,
        patch.dict(os.environ),
        walking(table, START) as walk,
    ):
        os.environ |= make_buckets_and_queues() | {
            "FILES_BUCKET": walk.files_bucket,
            "SECRETS_PREFIX": "bill/partners",
            "PARTNER_HOSTS": "127.0.0.1",
        }
        _forget_settings()
        counts, books = Counts(shops=shops), demo_books(customers)
        counting = _Counting(meter=meter, walk=walk, books=books, again=again, counts=counts)
        counting.open_shops(shops)
        counting.callers()
        counting.imports()
        exports = ExportShop(books=walk.shop, bucket=Bucket(walk.files_bucket), servers=servers)
        exports.switch(CUSTOMERLINK)
        counting.requests()
        counting.night()
        counting.exports(exports)
    _forget_settings()
    return counts


def _forget_settings() -> None:
    from crossbay.settings import settings

    settings.cache_clear()


@dataclass(slots=True, kw_only=True)
class _Counting:
    meter: Meter
    walk: "Walk"
    books: Books
    again: int
    counts: Counts
    by_partition: dict[str, dict[str, float]] = field(default_factory=dict)

    # ---- what there is

    def open_shops(self, shops: int) -> None:
        """The organization has two by now."""
        from crossbay.app import organizations
        from crossbay.domain.address import Address
        from crossbay.domain.organization import Shop
        from tests.helpers.campaign_shop import EVERYTHING

        books = self.walk.shop
        stamp = books.stamp()
        for number in range(shops - 2):
            organizations.create_shop(
                Shop(
                    id="",
                    organization_id=books.organization_id,
                    business_name=f"Harborline Auto Care No. {number}",
                    owner="Harborline Auto Group",
                    phone="+12125550100",
                    email=f"shop{number}@example.com",
                    address=Address(line1="100 Example St", city="Cove", region="NY", postal_code="12545"),
                ),
                stamp=stamp,
            )
        books.settings(send_hour=9, email_on=True, email_days=EVERYTHING)

    def imports(self) -> None:
        with self._counting("customer imported", self.books.rows["customers"]):
            empty = self.meter.stored()
            self._drop("customers")
            self._drop("vehicles")
        with_customers = self.meter.stored()
        with self._counting("repair order imported", self.books.rows["repair_orders"]):
            self._drop("repair_orders")
        with_orders = self.meter.stored()
        self._drop("appointments")
        self.counts.customer = _each(with_customers - empty, self.books.rows["customers"])
        self.counts.order = _each(with_orders - with_customers, self.books.rows["repair_orders"])

    def _drop(self, kind: str) -> None:
        drop(ShopRef.of(self.walk.shop), kind, self.books.files[kind])

    # ---- requests

    def callers(self) -> None:
        """What a door reads of a member it hasn't seen for half a minute, and of an organization's shops."""
        tenant, search = self._tenant(), f"/shops/{self.walk.shop.shop_id}/search"
        first, second = tenant.join(Role.ADVISOR), tenant.join(Role.ADVISOR)
        tenant.doors.forget()
        found = []
        for caller in (first, second, second):
            with self.meter.counting() as units:
                _ok(caller("GET", search, query={"text": "zzzz"}))
            found.append(self._average(units, 1))
        shops_too, member_too, known = found
        self.counts.things["member read"] = _less(member_too, known)
        self.counts.things["shops read"] = _less(shops_too, member_too)

    def requests(self) -> None:
        advisor = self._tenant().join(Role.DEALER_ADMIN)
        shop = f"/shops/{self.walk.shop.shop_id}"
        self._count_reads(advisor, shop)
        self._count_writes(advisor, shop)
        self._count_recounts(advisor)

    def _tenant(self) -> "Tenant":
        from crossbay.store.organizations import read_organization, read_shop
        from tests.helpers.doors import Doors
        from tests.helpers.tenants import Tenant

        books = self.walk.shop
        return Tenant(
            organization=read_organization(books.reads, books.organization_id),
            shops=(read_shop(books.reads, ShopRef.of(books)),),
            doors=Doors(),
        )

    def _count_reads(self, advisor: "Caller", shop: str) -> None:
        texts = list(_typed(self.books))
        customers = self._ids_of("customer", "customers")
        orders = self._some_orders()
        reads: dict[str, list[tuple[str, dict[str, Any]]]] = {
            "search, a key typed": [(f"{shop}/search", {"text": text}) for text in texts],
            "profile": [(f"{shop}/customers/{one}/profile", {}) for one in customers],
            "history page": [(f"{shop}/customers/{one}/history/jobs", {}) for one in customers],
            "repair order read": [(f"{shop}/repair-orders/{one}", {}) for one in orders],
        }
        for name, asked in reads.items():
            _ok(advisor("GET", asked[0][0], query=asked[0][1]))  # who calls is read by now
            with self._counting(name, len(asked)):
                for path, query in asked:
                    _ok(advisor("GET", path, query=query))

    def _count_writes(self, advisor: "Caller", shop: str) -> None:
        once = iter(range(1_000_000))

        def write(method: str, path: str, body: Any, answer: "Answer | None" = None) -> "Answer":
            headers = {"Idempotency-Key": f"bill-{next(once):08}"}
            headers |= {"If-Match": answer.headers["etag"]} if answer else {}
            return _ok(advisor(method, path, body=body, headers=headers))

        new = {"first_name": "Ada", "phones": [{"number": "+12125550142"}], "insist": True}
        write("POST", f"{shop}/customers", new | {"last_name": "Quill"})
        made = []
        with self._counting("new customer", self.again):
            for number in range(self.again):
                body = new | {
                    "last_name": f"Quill{ascii_lowercase[number]}",
                    "emails": [f"q{number}@example.com"],
                }
                made.append(write("POST", f"{shop}/customers", body).json()["id"])
        write("POST", f"{shop}/customers/{made[0]}/vehicles", {"plate": "QX 0999", "plate_region": "NY"})
        with self._counting("new vehicle", len(made)):
            for number, one in enumerate(made):
                car = {"plate": f"QX 1{number:03}", "plate_region": "NY", "make": "Honda", "model": "Civic"}
                write("POST", f"{shop}/customers/{one}/vehicles", car)
        customers = [f"{shop}/customers/{one}" for one in self._ids_of("customer", "customers")]
        found = [(path, _ok(advisor("GET", path))) for path in customers]
        with self._counting("customer saved", len(found)):
            for number, (path, answer) in enumerate(found):
                phones = [{"number": f"+1212555{number % 100 + 100:04}"}]
                write("PATCH", path, {"phones": phones}, answer)
        self._count_orders(advisor, shop, write)
        with self._counting("appointment booked", len(made)):
            for one in made:
                booked = {"customer_id": one, "starts_at": "2027-03-09T09:30:00-05:00", "notes": "Waits"}
                write("POST", f"{shop}/appointments", booked)
        photo = {"content_type": "image/jpeg", "size_bytes": 2_240_000, "caption": "Front left rotor"}
        write("POST", f"{shop}/customers/{made[0]}/photos", photo)
        with self._counting("photo", len(made)):
            for one in made:
                write("POST", f"{shop}/customers/{one}/photos", photo)

    def _count_orders(self, advisor: "Caller", shop: str, write: Callable[..., "Answer"]) -> None:
        """The demo's orders opened at the counter, saved with a line more, invoiced. Some are open before."""
        known = [_ok(advisor("GET", f"{shop}/repair-orders/{one}")).json() for one in self._some_orders()]
        drafts = [_as_opened(order) for order in known]
        opened = [write("POST", f"{shop}/repair-orders", draft) for draft in drafts[: self.again]]
        _ok(advisor("GET", f"{shop}/vehicles-of-day"))  # who calls is read by now
        with self._counting("poll of the day"):
            _ok(advisor("GET", f"{shop}/vehicles-of-day"))
        with self._counting("repair order opened", len(drafts)):
            opened += [write("POST", f"{shop}/repair-orders", draft) for draft in drafts]
        with self._counting("repair order saved again", len(opened)):
            for answer in opened:
                path = f"{shop}/repair-orders/{answer.json()['id']}"
                write("PATCH", path, {"internal_notes": "Called, picks it up at five."}, answer)
        paths = [f"{shop}/repair-orders/{answer.json()['id']}" for answer in opened]
        found = [_ok(advisor("GET", path)) for path in paths]
        with self._counting("repair order invoiced", len(found)):
            for path, answer in zip(paths, found, strict=True):
                write("PATCH", path, {"status": "invoiced", "invoiced_on": TODAY.isoformat()}, answer)

    def _count_recounts(self, advisor: "Caller") -> None:
        """The shop's figures by source after one customer more; a tick of the schedule with nothing to do."""
        from local.doors import entry
        from tests.helpers.campaign_walk import WorkerContext
        from tests.helpers.source_shop import recount

        self.walk.go_to(self.walk.now + timedelta(minutes=5))
        recount()
        with self._counting("tick of recounts"):
            entry("functions/sources/queue_recounts.py").lambda_handler({}, WorkerContext())
        new = {"first_name": "Ada", "last_name": "Quillon", "source": "Google", "insist": True}
        _ok(advisor("POST", f"/shops/{self.walk.shop.shop_id}/customers", body=new))
        self.walk.go_to(self.walk.now + timedelta(minutes=5))
        with self.meter.counting() as whole:
            recount()
        self.counts.things["recount"] = _less(self._average(whole, 1), self.counts["tick of recounts"])

    # ---- nights

    def night(self) -> None:
        """The shop's own night, with a thank-you letter more for each of some customers."""
        from tests.helpers.campaign_shop import EVERYTHING

        books, visited = self.walk.shop, (TODAY - timedelta(days=EVERYTHING.thank_you)).isoformat()
        for number in range(self.again):
            ref = books.customer(emails=(f"due{number}@example.com",))
            books.order(ref, visited, invoiced_on=visited, done=("Oil change",))
        self.walk.go_to(f"{TODAY}T14:00:30+00:00")
        with self.meter.counting() as planning:
            self.walk.queue_nights()
            self.walk.nights()
        with self.meter.counting() as sending:
            self.walk.send()
        messages = len(self.walk.box.messages())
        with self.meter.counting() as hearing:
            self.walk.hear()
        self._keep("message planned", planning, messages)
        self._keep("message sent", sending, messages)
        self._keep("message's events heard", hearing, messages)
        self.walk.go_to(f"{TODAY}T15:00:30+00:00")
        with self._counting("hourly look for nights"):
            self.walk.queue_nights()

    def exports(self, shop: "ExportShop") -> None:
        """A night's file for CustomerLink, with some visits of the day before."""
        from tests.helpers.export_walk import CUSTOMERLINK

        shop.now = self.walk.now + timedelta(days=1)
        shop.export(CUSTOMERLINK)
        shop.next_night()
        for _ in range(self.again):
            shop.visit()
        with self._counting("repair order exported", self.again):
            shop.export(CUSTOMERLINK)

    # ---- counting

    @contextmanager
    def _counting(self, name: str, times: int = 1) -> Iterator[None]:
        with self.meter.counting() as units:
            yield
        self._keep(name, units, times)

    def _keep(self, name: str, units: Units, times: int) -> None:
        self.counts.things[name] = self._average(units, times)
        for partition, cost in (*units.written_at.items(), *units.read_at.items()):
            kind = self.kind_of(partition)
            of_kind = self.by_partition.setdefault(kind, {})
            of_kind[partition] = of_kind.get(partition, 0) + cost
        self.counts.hottest = {
            kind: max(costs.values()) / sum(costs.values()) for kind, costs in self.by_partition.items()
        }

    def _average(self, units: Units, times: int) -> Count:
        return Count(
            written=units.written / times,
            in_indexes=units.in_indexes / times,
            read=units.read / times,
            requests=units.requests.total() / times,
            written_at=self._by_kind(units.written_at, times),
            read_at=self._by_kind(units.read_at, times),
        )

    def _by_kind(self, at: Mapping[str, float], times: int) -> dict[str, float]:
        kinds: dict[str, float] = {}
        for partition, cost in at.items():
            kind = self.kind_of(partition)
            kinds[kind] = kinds.get(kind, 0) + cost / times
        return kinds

    def kind_of(self, partition: str) -> str:
        """A partition key with `o` and `s` for organization and shop, `…` for what else it names."""
        index, _, key = partition.rpartition(" ") if partition.startswith("GSI") else ("", "", partition)
        organization_id, shop_id = self.walk.shop.organization_id, self.walk.shop.shop_id
        parts = []
        for part in key.split("#"):
            if part in (organization_id, shop_id):
                parts.append("o" if part == organization_id else "s")
            elif part.isupper() and part.replace("-", "").isalpha():
                parts.append(part)
            else:
                head = part.partition(":")
                parts.append(f"{head[0]}:…" if head[1] else "…")
        return " ".join(filter(None, (index, "#".join(parts))))

    def _some_orders(self) -> list[str]:
        """Ids, spread over the years, twice as many as customers at most."""
        ids = self._ids_of("repair order", "repair_orders")
        return ids[:: max(1, len(ids) // (2 * self.books.rows["customers"]))]

    def _ids_of(self, kind: str, file: str) -> list[str]:
        from crossbay.ids import derived_id

        books = self.walk.shop
        rows = map(json.loads, self.books.files[file].splitlines())
        return [derived_id(kind, books.organization_id, books.shop_id, row["id"]) for row in rows]


def _typed(books: Books) -> Iterable[str]:
    """What is in the field after each key: a surname, or a company, from its fourth sign to its seventh."""
    for row in map(json.loads, books.files["customers"].splitlines()):
        name = row.get("last_name") or row.get("company_name") or ""
        typed = (name[:length] for length in range(4, min(len(name), 7) + 1))
        yield from (text for text in typed if sum(map(str.isalnum, text)) >= 4)


def _as_opened(order: dict[str, Any]) -> dict[str, Any]:
    """A repair order as the counter would open it: all but its ids and number."""
    jobs = ("title", "category", "authorization", "labor", "parts", "amount_cents", "notes", "internal_notes")
    return {
        "customer_id": order["customer_id"],
        "opened_on": TODAY.isoformat(),
        "status": "in_progress",
        "vehicle_id": order["vehicle"]["id"],
        "odometer_miles": order["odometer_miles"],
        "jobs": [{name: job[name] for name in jobs} for job in order["jobs"]],
        "inspections": [{name: one[name] for name in ("title", "items")} for one in order["inspections"]],
    }


def _ok(answer: "Answer") -> "Answer":
    if answer.status_code >= 300:
        raise SystemExit(f"a request of the bill was refused: {answer.status_code} {answer.text}")
    return answer


def _each(stored: Stored, number: int) -> Stored:
    return Stored(in_table=stored.in_table // number, in_indexes=stored.in_indexes // number)


def _less(whole: Count, part: Count) -> Count:
    def rest(of: Mapping[str, float], without: Mapping[str, float]) -> dict[str, float]:
        return {kind: cost - without.get(kind, 0) for kind, cost in of.items() if cost > without.get(kind, 0)}

    return Count(
        written=whole.written - part.written,
        in_indexes=whole.in_indexes - part.in_indexes,
        read=whole.read - part.read,
        requests=whole.requests - part.requests,
        written_at=rest(whole.written_at, part.written_at),
        read_at=rest(whole.read_at, part.read_at),
    )
