"""The records of a search's rows: the card decides, and rows that it no longer bears out are no hits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crossbay.domain.customers.card import CustomerCard, CustomerCardVehicle, card_vehicle
from crossbay.domain.customers.customer import CustomerRef, ServiceAddress
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.search.entry import EntryKind, IndexEntry
from crossbay.search.index import customer_entries, number_entries, street_entries, vehicle_entries
from crossbay.search.page import FUZZY, NOT_YET, HitBatch, IndexRow, Position, was_shown
from crossbay.search.plan import Plan
from crossbay.search.query import Criterion
from crossbay.search.rank import Tier
from crossbay.search.stream import Stream
from crossbay.store import keys
from crossbay.store.codec import from_body
from crossbay.store.keys import Key
from crossbay.store.reads import Item, Query
from crossbay.store.search.number_items import NumberedRecord, numbered_record
from crossbay.store.search.reads import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A customer that was found. score: 0 to 100. criterion, tier: why.

    vehicle, record: the one that was found by, or None.
    addresses: what the hit shows, an entry for each: a street search's are the matching ones, another's all
    of the customer's service addresses; a customer without one has a single entry without an address.
    """

    ref: CustomerRef
    card: CustomerCard
    tier: Tier
    score: int
    criterion: Criterion
    is_own_shop: bool
    vehicle: CustomerCardVehicle | None
    record: NumberedRecord | None
    addresses: tuple[ServiceAddress | None, ...]


def read_hits(asked: Asked, taken: Sequence[tuple[IndexRow, HitBatch]]) -> Iterator[Hit | None]:
    """The hit of each row, None where the records don't bear it out or it was shown before."""
    items = asked.reads.batch_get([key for row, _ in taken for key in _keys_of(asked, row)])
    for row, batch in taken:
        card_key, *record_keys = _keys_of(asked, row)
        card = _read_card(items.get(card_key))
        found_by = _found_by(row, card, items.get(record_keys[0]) if record_keys else None)
        if card is None or found_by is None:
            yield None
            continue
        read_before = _read_before(asked.plan, batch.start)
        is_again = bool(read_before) and was_shown(row, _all_entries(asked, card), read_before)
        yield None if is_again else _hit(row, card, found_by)


_FoundBy = CustomerCard | Vehicle | NumberedRecord


def _found_by(row: IndexRow, card: CustomerCard | None, item: Item | None) -> _FoundBy | None:
    """What bears the row out: the card, the vehicle, the record; None where nothing does."""
    found: _FoundBy | None = card
    entries = customer_entries(card) if card else frozenset()
    if row.entry.kind is EntryKind.NUMBER:
        found = numbered_record(item) if item else None
        entries = number_entries(found.number) if found else frozenset()
    elif row.record:
        found = _read_vehicle(item)
        entries = vehicle_entries(found) if found else frozenset()
    return found if row.entry in entries else None


def _keys_of(asked: Asked, row: IndexRow) -> list[Key]:
    """The card, and what else the row is of: a vehicle, as a card holds only some of a fleet's; a record."""
    ids = (asked.organization_id, row.ref)
    if row.entry.kind is EntryKind.NUMBER:
        return [keys.card(*ids), Key(keys.customer_partition(*ids), row.record)]
    return [keys.card(*ids), *([keys.vehicle(*ids, row.record)] if row.record else [])]


def _read_card(item: Item | None) -> CustomerCard | None:
    return from_body(CustomerCard, item["body"]) if item else None


def _read_vehicle(item: Item | None) -> Vehicle | None:
    """The vehicle; None for a deleted one, too."""
    vehicle = from_body(Vehicle, item["body"]) if item else None
    return vehicle if vehicle and not vehicle.deleted_at else None


def _read_before(plan: Plan, start: Position) -> tuple[tuple[Stream, str | None], ...]:
    """Each run with how far it was read before; nothing at the very start."""
    if start.round == FUZZY:
        return (*((stream, None) for stream in plan.near), *zip(plan.fuzzy, start.after, strict=True))
    has_begun = any(after != NOT_YET for after in start.after)
    return tuple(zip(plan.near, start.after, strict=True)) if has_begun else ()


def _all_entries(asked: Asked, card: CustomerCard) -> frozenset[IndexEntry]:
    """All that the customer is found by; a fleet's vehicles are read where its card holds only some."""
    return customer_entries(card).union(*map(vehicle_entries, _all_vehicles(asked, card)))


def _all_vehicles(asked: Asked, card: CustomerCard) -> Iterable[CustomerCardVehicle | Vehicle]:
    if card.vehicle_count <= len(card.vehicles) or not asked.plan.is_of_vehicles:
        return card.vehicles
    partition = keys.customer_partition(asked.organization_id, CustomerRef.of(card))
    (page,) = asked.reads.query_many([Query(pk=partition, prefix=keys.vehicle_sk(""))])
    return [vehicle for item in page.items if (vehicle := _read_vehicle(item))]


def _hit(row: IndexRow, card: CustomerCard, found_by: _FoundBy) -> Hit:
    record = found_by if isinstance(found_by, NumberedRecord) else None
    return Hit(
        ref=row.ref,
        card=card,
        tier=row.near.tier,
        score=row.near.score,
        criterion=row.stream.criterion,
        is_own_shop=row.is_own_shop,
        vehicle=card_vehicle(found_by) if isinstance(found_by, Vehicle) else None,
        record=record,
        addresses=_addresses(row, card, record.service_address_id if record else ""),
    )


def _addresses(row: IndexRow, card: CustomerCard, at_address: str) -> tuple[ServiceAddress | None, ...]:
    """S5: an entry per service address; of a street search those that match, of a record its own."""
    matching = [
        place
        for place in card.service_addresses
        if place.id == at_address or row.entry in street_entries(place.address.line1)
    ]
    return tuple(matching) or card.service_addresses or (None,)
