"""Speed and memory of CARFAX's file as it grows, beside a bare `csv.writer` over the same cells.

    python -m benchmarks.export_rows --orders 10000 100000 1000000

From repair orders in hand to a hashed file on disk: what comes after the store. Each size and way runs in a
process of its own. `certified` adds the whole certificate: three passes over the ROs and the file read again.
`composed` is all that a night does once it has the ROs (`app/exports/compose.py`): what is left out, the
spool on disk, the certificate, the list of what was told. JSON out; `of_csv` is the share of the bare
writer's rows per second.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from random import Random
from typing import IO, Any

from benchmarks.export_titles import CARS, titles
from crossbay.app.exports.compose import compose
from crossbay.app.exports.gather import Gathered
from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Customer, Phone
from crossbay.domain.organization import Shop
from crossbay.domain.partner import PartnerCode
from crossbay.domain.vin.vin import check_digit
from crossbay.domain.work.repair_order import (
    Authorization,
    Job,
    RepairOrder,
    RepairOrderStatus,
    VehicleSnapshot,
)
from crossbay.exports.certificate import certify
from crossbay.exports.name_watch import CLEAN, Watch
from crossbay.exports.partner import FileRun
from crossbay.exports.person import PersonalValues
from crossbay.exports.registry import PARTNERS
from crossbay.exports.service_record import ExportChange, Facility, ServiceRecord
from local.demo.names import given_name, surname

CARFAX = PARTNERS[PartnerCode.CARFAX]
RUN = FileRun(account="0042", made_on=date(2026, 6, 1))
FACILITY = Facility(
    name="Harborline Auto Seattle",
    address=Address(line1="1420 Alder Pier Way", city="Seattle", region="WA", postal_code="98101"),
    phone="+12065550100",
)
SHOP = Shop(
    id="shop",
    organization_id="o",
    business_name=FACILITY.name,
    address=FACILITY.address,
    phone=FACILITY.phone,
)
VARIETY = 5_000  # records and people that are made once and come again under other numbers


def made_once(rng: Random) -> list[ServiceRecord]:
    source = titles(rng)
    return [_record(rng, source) for _ in range(VARIETY)]


def _record(rng: Random, source: Iterator[str]) -> ServiceRecord:
    make, model, sub_model, engine = rng.choice(CARS)
    return ServiceRecord(
        number="",
        invoiced_on=f"2026-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
        change=ExportChange.NEW,
        facility=FACILITY,
        plate=f"QX{rng.randrange(10_000):04}",
        plate_region="WA",
        odometer_miles=rng.randrange(200_000),
        year=rng.randrange(1996, 2027),
        make=make,
        model=model,
        sub_model=sub_model,
        engine=engine,
        service_titles=tuple(islice(source, rng.choice((1, 1, 2, 3)))),
    )


def records(count: int) -> Iterator[ServiceRecord]:
    """The same for the same count; each with a number and a VIN of its own."""
    kinds = made_once(Random(1))
    for number in range(count):
        body = f"1HGCM826{0}3A{number:07}"[:17]
        vin = f"{body[:8]}{check_digit(body)}{body[9:]}"
        yield replace(kinds[number % VARIETY], number=str(100_000 + number), vin=vin)


def people(count: int) -> Iterator[PersonalValues]:
    rng = Random(2)
    names = [(given_name(rng), surname(rng), surname(rng)) for _ in range(VARIETY)]
    for number in range(count):
        given, last, street = names[number * 7919 % VARIETY]
        yield PersonalValues(
            given_name=given,
            surname=last,
            phones=(f"+1{200 + number % 700}555{100 + number % 100:04}",),
            emails=(f"{given}.{last}{number}@example.com".lower(),),
            streets=(f"{number % 9_999} {street} Street",),
            amounts_cents=frozenset({10_000 + number % 90_000, 5_000 + number % 7_000}),
        )


def cells(record: ServiceRecord) -> Iterator[tuple[str, ...]]:
    """A line's cells for the bare writer, as they are."""
    place, day = record.facility, record.invoiced_on
    miles, year = str(record.odometer_miles), str(record.year)
    for title in record.service_titles:
        yield (
            *(record.vin, day, day, miles, "MI", record.number, title, "", "", ""),
            *(record.make, record.model, year, record.plate, record.plate_region, "CROSSBAY", RUN.account),
            *(place.name, place.address.line1, place.address.city, place.address.region),
            *(
                place.address.postal_code,
                place.phone,
                "",
                record.sub_model,
                record.engine,
                record.change.name,
            ),
        )


def with_csv(count: int, out: IO[bytes]) -> None:
    """The bare writer: no cleaning, no hash."""
    text = TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text, delimiter="|", quoting=csv.QUOTE_ALL, lineterminator="\n")
    for record in records(count):
        writer.writerows(cells(record))
    text.flush()
    text.detach()


def rendered(count: int, out: IO[bytes]) -> None:
    _write(records(count), out)


def certified(count: int, out: IO[bytes]) -> None:
    watch = Watch()
    for record in records(count):
        watch.note_cells(CARFAX.free_text(record))
    for person in people(count):
        watch.note_person(person)
    _write((record for record in records(count) if watch.verdict(CARFAX.free_text(record)) is CLEAN), out)
    out.seek(0)
    certify(out, watch)


def composed(count: int, out: IO[bytes]) -> None:
    with tempfile.TemporaryFile() as lines:
        made = compose(PartnerCode.CARFAX, SHOP, RUN, gathered(count), out, lines)
    assert made.rows + made.left_out.total() == count


def gathered(count: int) -> Iterator[Gathered]:
    """Invoiced ROs that say what `records` say, of the people of `people`."""
    kinds = [_visit(kind, person) for kind, person in zip(made_once(Random(1)), people(VARIETY), strict=True)]
    for number, record in enumerate(records(count)):
        order, customer = kinds[number % VARIETY]
        vehicle = replace(order.vehicle, vin=record.vin)
        yield Gathered(
            order=replace(order, id=f"order-{number:030}", number=record.number, vehicle=vehicle),
            customer=customer,
        )


def _visit(kind: ServiceRecord, person: PersonalValues) -> tuple[RepairOrder, Customer]:
    customer = Customer(
        id=person.emails[0],
        organization_id="o",
        shop_id=SHOP.id,
        first_name=person.given_name,
        last_name=person.surname,
        phones=tuple(Phone(number=number) for number in person.phones),
        emails=person.emails,
        billing_address=Address(line1=person.streets[0]),
    )
    cents = sorted(person.amounts_cents)
    titled = enumerate(kind.service_titles)
    jobs = (
        Job(id=str(n), title=t, authorization=Authorization.APPROVED, amount_cents=cents[0])
        for n, t in titled
    )
    named = ("plate", "plate_region", "year", "make", "model", "sub_model", "engine")
    order = RepairOrder(
        id="",
        organization_id="o",
        shop_id=SHOP.id,
        customer_id=customer.id,
        number="",
        opened_on=kind.invoiced_on,
        invoiced_on=kind.invoiced_on,
        status=RepairOrderStatus.INVOICED,
        odometer_miles=kind.odometer_miles,
        vehicle=VehicleSnapshot(id="car", **{name: getattr(kind, name) for name in named}),
        jobs=tuple(jobs),
    )
    return order, customer


def _write(rows: Iterator[ServiceRecord], out: IO[bytes]) -> None:
    digest = sha256()
    for piece in CARFAX.partner.render(rows, RUN):
        digest.update(piece)
        out.write(piece)
    out.flush()


def records_alone(count: int, out: IO[bytes]) -> None:
    """What making the records costs, which the others are measured without."""
    for _ in records(count):
        pass


def people_and_records_alone(count: int, out: IO[bytes]) -> None:
    for _ in range(3):
        records_alone(count, out)
    for _ in people(count):
        pass


def gathered_alone(count: int, out: IO[bytes]) -> None:
    for _ in gathered(count):
        pass


WAYS: dict[str, tuple[Callable[[int, IO[bytes]], None], Callable[[int, IO[bytes]], None]]] = {
    "csv": (with_csv, records_alone),
    "rendered": (rendered, records_alone),
    "certified": (certified, people_and_records_alone),
    "composed": (composed, gathered_alone),
}
"""What is measured, and what of it is only the making of test data."""


def measure(way: str, count: int) -> dict[str, Any]:
    work, made_up = WAYS[way]
    with tempfile.TemporaryFile() as out:
        started = time.process_time()
        made_up(count, out)
        making = time.process_time() - started
        started = time.process_time()
        work(count, out)
        seconds = time.process_time() - started - making
        size = out.seek(0, os.SEEK_END)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "orders": count,
        "cpu_s": round(seconds, 2),
        "orders_per_s": round(count / seconds),
        "megabytes": round(size / 1e6, 1),
        "peak_rss_mb": round(peak_mb, 1),
    }


def _in_a_process(way: str, count: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.export_rows", "--here", way, "--orders", str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--here", choices=WAYS, help="in this process: one way, one size")
    options = parser.parse_args()
    if options.here:
        print(json.dumps(measure(options.here, options.orders[0])))
        return
    found = []
    for count in options.orders:
        ways = {way: _in_a_process(way, count) for way in WAYS}
        bare = ways["csv"]["orders_per_s"]
        of_csv = {way: round(each["orders_per_s"] / bare, 2) for way, each in ways.items()}
        found.append({"orders": count, "of_csv": of_csv, **ways})
    print(
        json.dumps(
            {"benchmark": "export_rows", "load": round(os.getloadavg()[0], 1), "runs": found}, indent=2
        )
    )


if __name__ == "__main__":
    main()
