"""A customer at one service address on one page: what a technician on site needs, and no more (P1, P9).

One round of Queries side by side, each of one page, so that what is read doesn't grow with the years; then
what keeps mail from the addresses.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from crossbay.app.campaigns.stops.address_stops import with_address_stops
from crossbay.app.service_addresses import known_address
from crossbay.domain.access import Action, Caller
from crossbay.domain.campaigns.message import Message
from crossbay.domain.customers.customer import Customer, CustomerRef, ServiceAddress
from crossbay.domain.customers.vehicle import Vehicle, is_of_vehicle
from crossbay.domain.equipment import Equipment
from crossbay.domain.link import LinkSet
from crossbay.domain.organization import Entitlement
from crossbay.domain.photo import Photo
from crossbay.domain.profile.note import Note
from crossbay.domain.quote import Quote, QuoteStatus, shown_quote
from crossbay.domain.work.appointment import Appointment, on_its_day
from crossbay.errors import NotFound
from crossbay.store import keys
from crossbay.store.campaigns.messages import message_of, settled_query
from crossbay.store.codec import record_of
from crossbay.store.customers.customers import CustomerFile, read_customer
from crossbay.store.equipment import equipment_of, equipment_query
from crossbay.store.photos import photo_of, photos_query
from crossbay.store.profile.notes import note_of, notes_query
from crossbay.store.quotes import QuotePosition, merge_quotes, quote_queries
from crossbay.store.reads import Item, Page, Position, Query, Reads
from crossbay.store.work.appointments import appointment_of, past_query, upcoming_query

T = TypeVar("T")
Record = TypeVar("Record", Appointment, Equipment, Photo, Note, Quote)

MOST_VEHICLES = 25
"""Shown of a fleet's: the vehicle door lists them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which profile: of a customer at one of its service addresses, for one vehicle or (empty) for all.

    quotes: the statuses wanted. limit: rows of each section. may_be_gone: address and vehicle are those of a
    repair order, which keeps them although the customer may not have them any more.
    """

    customer: CustomerRef
    service_address_id: str
    vehicle_id: str = ""
    quotes: Collection[QuoteStatus] = tuple(QuoteStatus)
    limit: int = 10
    may_be_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSection(Generic[T]):
    """The first page of a list. next: where the second starts, None where there is none."""

    rows: tuple[T, ...]
    next: Position | QuotePosition | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """vehicles: the one asked for, or the first `MOST_VEHICLES`. upcoming: earliest first; the other lists
    newest first. links: None without `multi_shop`; messages: None for a role that doesn't read them."""

    customer: Customer
    service_address: ServiceAddress | None
    vehicles: tuple[Vehicle, ...]
    upcoming: ProfileSection[Appointment]
    past: ProfileSection[Appointment]
    equipment: ProfileSection[Equipment]
    quotes: ProfileSection[Quote]
    photos: ProfileSection[Photo]
    notes: ProfileSection[Note]
    links: LinkSet | None
    messages: ProfileSection[Message] | None


def first_address(reads: Reads, organization_id: str, ref: CustomerRef) -> str:
    """The id of the customer's first address, empty where there is none. Raises NotFound."""
    customer = read_customer(reads, organization_id, ref)
    return known_address(CustomerFile(customer=customer), "")


def read_profile(reads: Reads, caller: Caller, asked: Question, *, now: str) -> Profile:
    """The profile as of now (UTC). Raises NotFound for a customer, address or vehicle that isn't there."""
    organization_id, ref = caller.organization.id, asked.customer
    partition = keys.customer_partition(organization_id, ref)
    at, limit = asked.service_address_id, asked.limit
    queries = {
        "customer": [Query(pk=partition, prefix="CUSTOMER", consistent=True)],
        "vehicles": [_vehicles_query(partition, asked.vehicle_id)],
        "upcoming": [upcoming_query(partition, at, now, limit=limit)],
        "past": [past_query(partition, at, now, limit=limit)],
        "equipment": [equipment_query(partition, at, limit)],
        "quotes": quote_queries(partition, at, asked.quotes, limit + 1),
        "photos": [photos_query(partition, at, limit=limit)],
        "notes": [notes_query(partition, at, limit)],
    }
    if caller.has(Entitlement.MULTI_SHOP):
        queries["links"] = [Query(pk=partition, prefix="LINKS", consistent=True)]
    if caller.may(Action.READ_CAMPAIGNS):
        queries["messages"] = [settled_query(partition, limit=limit)]
    pages = iter(reads.query_many([query for some in queries.values() for query in some]))
    found = {name: [next(pages) for _ in some] for name, some in queries.items()}
    customer = _customer(found["customer"][0])
    shop = caller.shops[ref.shop_id]
    today = shop.day_of(now)

    def booked(item: Item) -> Appointment:
        return on_its_day(appointment_of(item), shop)

    return Profile(
        customer=with_address_stops(reads, caller.organization, customer),
        service_address=_address(customer, asked),
        vehicles=_vehicles(found["vehicles"][0], asked),
        upcoming=_section(found["upcoming"][0], booked, asked),
        past=_section(found["past"][0], booked, asked),
        equipment=_section(found["equipment"][0], equipment_of, asked),
        quotes=_quotes(found["quotes"], asked, today),
        photos=_section(found["photos"][0], photo_of, asked),
        notes=_section(found["notes"][0], note_of, asked),
        links=_links(found["links"][0]) if "links" in found else None,
        messages=_messages(found["messages"][0]) if "messages" in found else None,
    )


def _vehicles_query(partition: str, vehicle_id: str) -> Query:
    sk = keys.vehicle_sk(vehicle_id)
    if vehicle_id:
        return Query(pk=partition, first=sk, last=sk, consistent=True)
    return Query(pk=partition, prefix=sk, limit=MOST_VEHICLES, consistent=True)


def _customer(page: Page) -> Customer:
    customer = record_of(Customer, page.items[0]) if page.items else None
    if customer is None or customer.deleted_at:
        raise NotFound("customer")
    return customer


def _address(customer: Customer, asked: Question) -> ServiceAddress | None:
    """The address; None for a customer without any. Raises NotFound for one that isn't the customer's."""
    if not asked.may_be_gone:
        known_address(CustomerFile(customer=customer), asked.service_address_id)
    return next((one for one in customer.service_addresses if one.id == asked.service_address_id), None)


def _vehicles(page: Page, asked: Question) -> tuple[Vehicle, ...]:
    """Raises NotFound where it is one that isn't the customer's."""
    vehicles = (record_of(Vehicle, item) for item in page.items)
    living = tuple(vehicle for vehicle in vehicles if not vehicle.deleted_at)
    if asked.vehicle_id and not living and not asked.may_be_gone:
        raise NotFound("vehicle")
    return living


def _section(page: Page, record_of: Callable[[Item], Record], asked: Question) -> ProfileSection[Record]:
    rows = (record_of(item) for item in page.items)
    return ProfileSection(rows=tuple(_of_vehicle(rows, asked.vehicle_id)), next=page.next)


def _of_vehicle(rows: Iterator[Record], vehicle_id: str) -> Iterator[Record]:
    """Those of the vehicle, and those of none."""
    return (row for row in rows if is_of_vehicle(row, vehicle_id))


def _quotes(pages: list[Page], asked: Question, today: str) -> ProfileSection[Quote]:
    merged = merge_quotes(pages, asked.limit + 1)
    first = merged[: asked.limit]
    shown = (shown_quote(quote, today) for quote in first)
    wanted = (quote for quote in shown if quote.status in asked.quotes)
    goes_on = len(merged) > asked.limit
    return ProfileSection(
        rows=tuple(_of_vehicle(wanted, asked.vehicle_id)), next=first[-1].position if goes_on else None
    )


def _links(page: Page) -> LinkSet:
    return record_of(LinkSet, page.items[0]) if page.items else LinkSet()


def _messages(page: Page) -> ProfileSection[Message]:
    return ProfileSection(rows=tuple(message_of(item) for item in page.items), next=page.next)
