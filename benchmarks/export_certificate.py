"""The certificate of a partner file: what gets past it, what it takes for a leak, and the time it costs.

    python -m benchmarks.export_certificate --people 400 --orders 10000

JSON out: planted values that get through; false alarms among titles that name nobody, with owners named like
makes, models, colors, parts and streets; rows withheld with ordinary names, of such titles and of the demo's;
surnames in sentences that nothing was tuned on; the certificate's share of the time, beside rendering and
hashing the file.
"""

import argparse
import csv
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import accumulate, islice
from random import Random
from typing import Any

from benchmarks.export_phrases import (
    OF_ANYBODY,
    SAID_OF_SOMEBODY,
    WORK,
    canaries,
    more_amounts,
    torn,
    with_half,
    with_initials,
)
from benchmarks.export_titles import CARS, LIKE_PERSONAL, titles
from crossbay.domain.address import Address
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import Shop
from crossbay.domain.partner import PartnerCode
from crossbay.domain.text import fold
from crossbay.domain.vin.vin import VinStatus, check_vin
from crossbay.domain.work.repair_order import VehicleSnapshot
from crossbay.exports.certificate import certify
from crossbay.exports.name_watch import CLEAN, Clean, Doubtful, Leak, Watch
from crossbay.exports.partner import FileRun
from crossbay.exports.person import PersonalValues, personal_values
from crossbay.exports.registry import PARTNERS
from crossbay.exports.row_owner import perhaps_names_owner
from crossbay.exports.service_record import ExportChange, Facility, ServiceRecord, service_record
from crossbay.exports.words import is_everyday, section
from local.demo.build import build_demo
from local.demo.names import given_name, surname

SUFFIXES = ("Street", "Avenue", "Road", "Lane", "Drive")
CARFAX = PARTNERS[PartnerCode.CARFAX]
Row = tuple[str, ...]
VERBS = section("helping") | section("after")
"""A surname like Will, which after `customer` is a verb, isn't planted."""


def a_person(rng: Random, given: Callable[[], str], last: Callable[[], str]) -> PersonalValues:
    given_name, surname = given(), last()
    local = f"{given_name}.{surname}{rng.randrange(99)}".lower().replace(" ", "").replace("'", "")
    cents = rng.choice((rng.randrange(1_000, 200_000), rng.randrange(10, 2_000) * 100))
    return PersonalValues(
        given_name=given_name,
        surname=surname,
        phones=(f"+1{rng.randrange(200, 990)}555{rng.randrange(100, 200):04}",),
        emails=(f"{local}@example.com",),
        streets=(f"{rng.randrange(1, 9999)} {last()} {rng.choice(SUFFIXES)}",),
        amounts_cents=frozenset({cents}),
    )


def watch_over(rows: Iterable[Row], people: Iterable[PersonalValues]) -> Watch:
    watch = Watch()
    for row in rows:
        watch.note_cells(row)
    for person in people:
        watch.note_person(person)
    return watch


def planted(seed: int, people: int) -> dict[str, Any]:
    """Every person of a file of their own: each planted title must be withheld."""
    rng = Random(seed)
    count, through, examples = Counter[str](), Counter[str](), []
    for _ in range(people):
        person = a_person(rng, lambda: given_name(rng), lambda: surname(rng))
        if fold(person.surname) in VERBS:
            continue
        is_word = all(is_everyday(word) or len(word) < 3 for word in person.surname.lower().split())
        found = list(canaries(rng, person, is_everyday=is_word))
        watch = watch_over((("1", title) for _, title in found), (person,))
        for kind, title in found:
            count[kind] += 1
            if watch.verdict(("1", title)) is CLEAN:
                through[kind] += 1
                examples.append(title)
    return {"planted": count, "let_through": sum(through.values()), "of": through, "examples": examples[:20]}


def planted_since(seed: int, people: int) -> dict[str, Any]:
    """What a trial found missing: amounts of other notations, initials run together, names over two titles,
    personal values and names of nobody in the file. By kind: planted, let through.
    """
    rng, count, through, examples = Random(seed), Counter[str](), Counter[str](), []

    def note(kind: str, person: PersonalValues, *titles: str) -> None:
        row = CARFAX.free_text(
            ServiceRecord(
                number="1", invoiced_on="", change=ExportChange.NEW, facility=FACILITY, service_titles=titles
            )
        )
        count[kind] += 1
        if is_let_go(watch_over((row,), (person,)), row, person):
            through[kind] += 1
            examples.append(" | ".join(titles))

    for _ in range(people):
        person = a_person(rng, lambda: given_name(rng), lambda: weighted_surname(rng))
        other = a_person(rng, lambda: given_name(rng), lambda: weighted_surname(rng))
        work = rng.choice(WORK)
        for cents in person.amounts_cents:
            for notation in more_amounts(cents):
                note("amount, other notation", person, f"{work} {notation}")
        if len(person.surname) > 3 and fold(person.surname) not in VERBS:
            for written in with_initials(person):
                note("initial and surname together", person, f"{work} {written}")
            for titles in torn(rng, person):
                note("over two titles", person, *titles)
        double = replace(person, surname=f"{person.surname}-{other.surname}", emails=())
        for written in with_half(person.given_name, person.surname, other.surname):
            note("initials of a double surname", double, f"{work} {written}")
        for title in OF_ANYBODY:
            note("form of nobody in the file", person, title.format(w=work))
        if not (is_everyday(fold(other.surname)) or is_everyday(fold(other.given_name))):
            for title in SAID_OF_SOMEBODY:
                note(
                    "name of nobody in the file",
                    person,
                    title.format(other.surname, other.given_name, w=work),
                )
    return {kind: {"planted": count[kind], "let_through": through[kind]} for kind in count} | {
        "examples": [one for one, _ in Counter(examples).most_common(20)]
    }


def like_personal() -> dict[str, Any]:
    """Titles that only look personal, in a file of nobody they name: those that are withheld."""
    nobody = PersonalValues(given_name="Qwendolyn", surname="Zyxwell")
    found = [
        title
        for title in LIKE_PERSONAL
        if watch_over((("1", title),), (nobody,)).verdict(("1", title)) is not CLEAN
    ]
    return {"titles": len(LIKE_PERSONAL), "withheld": len(found), "which": found}


FACILITY = Facility(name="Harbor", address=Address(line1="1 Pier Way"))

FRESH = (
    *("quoted {} 412", "{} was here twice", "{} came in for brakes", "{} needs a ride", "waiting on {}"),
    *("left message for {}", "{} declined the flush", "{} picks up at 5", "same noise as {} last week"),
    *("{}: noise at idle", "talked {} into tires", "{} ok'd the work"),
)
"""Sentences that neither words nor rules were made on: they stay out of `words.txt`, whatever comes of it."""


def fresh_sentences(seed: int, people: int) -> dict[str, Any]:
    """Of surnames in their own rows: how many get through, by what kind of word the surname is."""
    rng, count, through = Random(seed), Counter[str](), Counter[str]()
    for _ in range(people):
        person = a_person(rng, lambda: given_name(rng), lambda: weighted_surname(rng))
        kind = "ordinary"
        if all(is_everyday(word) or len(word) < 3 for word in person.surname.lower().split()):
            kind = (
                "everyday" if perhaps_names_owner((person.surname,), person) else "make, color, part, street"
            )
        rows = [("1", sentence.format(person.surname)) for sentence in FRESH]
        watch = watch_over(rows, (person,))
        count[kind] += len(rows)
        through[kind] += sum(is_let_go(watch, row, person) for row in rows)
    return {kind: {"planted": count[kind], "let_through": through[kind]} for kind in count}


def is_let_go(watch: Watch, row: Row, owner: PersonalValues) -> bool:
    return watch.verdict(row) is CLEAN and not perhaps_names_owner(row, owner)


def weighted_surname(rng: Random) -> str:
    """As often as people bear it (the matcher's table, of the census)."""
    names, weights = _surnames()
    return rng.choices(names, cum_weights=weights)[0].title()


@cache
def _surnames() -> tuple[list[str], list[int]]:
    rows = csv.DictReader(files("crossbay.matching").joinpath("surnames.csv").read_text("utf-8").splitlines())
    found = [(row["name"], int(row["per_million"])) for row in rows]
    return [name for name, _ in found], list(accumulate(weight for _, weight in found))


def made_up_rows(rng: Random, count: int) -> list[Row]:
    source = titles(rng)
    return [
        (str(rng.randrange(10_000, 9_999_999)), *rng.choice(CARS), *islice(source, rng.randrange(1, 4)))
        for _ in range(count)
    ]


def withheld(rows: Sequence[Row], people: Sequence[PersonalValues]) -> dict[str, Any]:
    """people: whose row each is. by_owner: doubtful for naming, perhaps, the row's own customer."""
    watch = watch_over(rows, people)
    leaks, doubts, by_owner = 0, 0, 0
    examples = Counter[str]()
    for row, owner in zip(rows, people, strict=True):
        match watch.verdict(row):
            case Leak(kind, cell):
                leaks += 1
                examples[f"{kind}: {cell}"] += 1
            case Doubtful(kind, cell):
                doubts += 1
                examples[f"{kind}: {cell}"] += 1
            case Clean():
                own = perhaps_names_owner(row, owner)
                by_owner += bool(own)
                examples[f"owner {owner.surname}: {own}"] += bool(own)
    found = {"leaks": leaks, "doubtful": doubts, "by_owner": by_owner}
    return {"rows": len(rows), **found, "examples": (+examples).most_common(20)}


def named_like_things(rng: Random) -> Callable[[], str]:
    """A word that stands on cars, parts and street signs."""
    words = [
        *section("everyday makes"),
        *section("everyday models"),
        *section("everyday colors"),
        *section("everyday parts"),
        *section("everyday places in streets and roads"),
        *section("everyday names that are words too, or stand on parts and tools"),
    ]
    words.sort()
    return lambda: rng.choice(words).title()


def demo_day(seed: int, customers: int) -> Iterator[tuple[Row, PersonalValues, ServiceRecord]]:
    """ROs of one demo shop with their people, those with a VIN that may go."""
    demo = build_demo(seed=seed, shops=1, customers=customers, today=date(2026, 6, 1))
    books = demo.organizations[0].shops[0]
    site = books.site
    people = {customer.id: customer for customer in books.customers}
    vehicles = {vehicle.id: vehicle for vehicle in books.vehicles}
    shop = Shop(
        id=site.key,
        organization_id="o",
        business_name=site.business_name,
        phone=site.phone,
        address=site.address,
    )
    for written in books.repair_orders:
        order = replace(written, vehicle=snapshot(vehicles[written.vehicle.id]))
        record = service_record(order, shop, ExportChange.NEW)
        if record.service_titles and check_vin(record.vin).status is not VinStatus.INVALID:
            yield CARFAX.free_text(record), personal_values(order, people[order.customer_id]), record


def snapshot(vehicle: Vehicle) -> VehicleSnapshot:
    return VehicleSnapshot(**{each.name: getattr(vehicle, each.name) for each in fields(VehicleSnapshot)})


def share_of_time(found: Sequence[tuple[Row, PersonalValues, ServiceRecord]]) -> dict[str, Any]:
    run = FileRun(account="1", made_on=date(2026, 6, 1))
    steps = {}

    def timed(name: str, started: float) -> None:
        steps[name] = round(time.perf_counter() - started, 3)

    started, watch = time.perf_counter(), Watch()
    for _, _, record in found:
        watch.note_cells(CARFAX.free_text(record))
    timed("note_cells_s", started)
    started = time.perf_counter()
    for _, person, _ in found:
        watch.note_person(person)
    timed("note_people_s", started)
    started = time.perf_counter()
    clean = [record for _, _, record in found if watch.verdict(CARFAX.free_text(record)) is CLEAN]
    timed("verdicts_s", started)
    started, digest = time.perf_counter(), sha256()
    lines = []
    for piece in CARFAX.partner.render(clean, run):
        digest.update(piece)
        lines += piece.splitlines(keepends=True)
    timed("render_s", started)
    started = time.perf_counter()
    certificate = certify(lines, watch)
    timed("certify_s", started)
    assert certificate.file_sha256 == digest.hexdigest()
    return {**steps, "rows": len(clean), "share": round(1 - steps["render_s"] / sum(steps.values()), 2)}


def measure(people: int, orders: int, seed: int) -> dict[str, Any]:
    rng = Random(seed)
    like_things = named_like_things(rng)
    things = [a_person(rng, like_things, like_things) for _ in range(orders)]
    ordinary = [a_person(rng, lambda: given_name(rng), lambda: surname(rng)) for _ in range(orders)]
    double = [replace(person, surname=f"{person.surname}-{surname(rng)}") for person in ordinary]
    demo = list(islice(demo_day(seed, orders // 2), orders))
    return {
        "planted": planted(seed, people),
        "planted_since_a_trial": planted_since(seed, people),
        "titles_that_look_personal": like_personal(),
        "owners_named_like_things": withheld(made_up_rows(rng, orders), things),
        "ordinary_names_made_up_titles": withheld(made_up_rows(rng, orders), ordinary),
        "double_surnames_made_up_titles": withheld(made_up_rows(rng, orders), double),
        "demo": withheld([row for row, _, _ in demo], [person for _, person, _ in demo]),
        "fresh_sentences": fresh_sentences(seed, people),
        "time": share_of_time(demo),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    found = measure(options.people, options.orders, options.seed)
    print(json.dumps({"benchmark": "export_certificate", "load": round(load, 1), **found}, indent=2))


if __name__ == "__main__":
    main()
