"""Who may be due on a day, and the facts about them: in bulk for a night, in full for one customer.

`candidates` asks for what the day names; `gather` completes it in a few rounds for any number of customers.
`facts_as_of.py` gathers one customer's facts, as of now or of a past instant.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from crossbay.app.campaigns.stored_facts import (
    arrival_of,
    declined_items,
    follows_links,
    noted,
    stops_as_facts,
    visit_with_declined,
)
from crossbay.campaigns.context import OPEN_STATES
from crossbay.campaigns.facts import Arrival, CustomerFacts, LinkedVisit, Rules
from crossbay.campaigns.occasions import appointment_occasion, visit_occasion
from crossbay.campaigns.schedule import due_dates
from crossbay.campaigns.send_hour import run_instant
from crossbay.campaigns.still_true import AT_WORK_DAYS
from crossbay.domain.calendar import shop_day_bounds_utc
from crossbay.domain.campaigns.message import Message
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.link import LinkSet
from crossbay.domain.organization import Shop
from crossbay.domain.work.appointment import Appointment, AppointmentStatus, on_its_day
from crossbay.domain.work.history import LastDone
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus
from crossbay.domain.work.service import service_key
from crossbay.domain.work.visit import Visit
from crossbay.store import keys
from crossbay.store.campaigns.messages import by_date_query, message_in, message_of
from crossbay.store.campaigns.stops import Stops, read_stops
from crossbay.store.codec import record_of
from crossbay.store.customers.customers import CustomerFile, file_of, file_query
from crossbay.store.id_index import RecordPlace
from crossbay.store.keys import Key
from crossbay.store.reads import Item, Query, Reads
from crossbay.store.shops import list_shops
from crossbay.store.work.appointments import between_query, of_customer_query
from crossbay.store.work.repair_orders import arrivals_query, by_invoice_day_query, open_query
from crossbay.store.work.visits import LastVisits, last_visit_query, visit_of, visits_of

Found = Mapping[Key, Item]
DonePair = tuple[str, str]
"""(vehicle identity, service key) or ("ROOT", job id)."""


@dataclass(slots=True, kw_only=True)
class DueCandidate:
    """A customer who may be due, with the records that a day's Queries brought."""

    ref: CustomerRef
    appointments: list[Appointment] = field(default_factory=list)
    orders: list[RepairOrder] = field(default_factory=list)
    last_visits: LastVisits | None = None
    messages: list[Message] = field(default_factory=list)


def candidate_of(message: Message) -> DueCandidate:
    """The customer of a message in the ledger, to be looked at again before it goes out."""
    ref = CustomerRef.of(message)
    return DueCandidate(ref=ref, messages=[message])


# ---- whom the day names


def candidates(reads: Reads, rules: Rules, day: date, *, on: date | None = None) -> list[DueCandidate]:
    """Whoever may be due by the day's rules, or waits in the ledger under a day from `day` to `on`.

    on: when it would go out, `day` where left out.
    """
    due, shop = due_dates(rules.settings, day), rules.shop
    shop_ref = shop.ref
    civil_days = sorted({*due.appointments_on, *due.missed_on})
    asked = [
        [
            between_query(shop_ref, *shop_day_bounds_utc(named, zone))
            for named in civil_days
            for zone in shop.zones_on(day.isoformat())
        ],
        [by_invoice_day_query(shop_ref, named.isoformat()) for named in due.invoiced_on],
        [last_visit_query(shop_ref, named.isoformat(), named.isoformat()) for named in due.last_invoiced_on],
        [by_date_query(shop_ref, day.isoformat(), (on or day).isoformat())],
    ]
    pages = iter(reads.query_many([query for queries in asked for query in queries]))
    booked, orders, visits, messages = (
        [item for _ in queries for item in next(pages).items] for queries in asked
    )
    found = _Found(shop_id=shop.id)
    found.add_appointments(booked, shop)
    found.add_orders(orders, rules, day)
    found.add_last_visits(visits)
    found.add_messages(messages)
    return list(found.by_customer.values())


@dataclass(slots=True, kw_only=True)
class _Found:
    shop_id: str
    by_customer: dict[str, DueCandidate] = field(default_factory=dict)

    def add_appointments(self, items: Iterable[Item], shop: Shop) -> None:
        """Each once: around a change of time zone two Queries may bring it."""
        by_id = {one.id: one for one in (record_of(Appointment, item) for item in items)}
        for appointment in (on_its_day(one, shop) for one in by_id.values()):
            if appointment.status is AppointmentStatus.BOOKED:
                self._of(appointment.customer_id).appointments.append(appointment)

    def add_orders(self, items: Iterable[Item], rules: Rules, day: date) -> None:
        """Those that a thank-you counts from, or that have something declined."""
        settings = rules.settings
        thanked = {settings.days(channel).thank_you for channel in settings.channels_on}
        for order in (record_of(RepairOrder, item) for item in items):
            if order.status is not RepairOrderStatus.INVOICED:
                continue
            age = (day - date.fromisoformat(order.invoiced_on)).days
            if age in thanked or declined_items(order):
                self._of(order.customer_id).orders.append(order)

    def add_last_visits(self, items: Iterable[Item]) -> None:
        for visits in map(visits_of, items):
            self._of(visits.customer_id).last_visits = visits

    def add_messages(self, items: Iterable[Item]) -> None:
        """What is settled comes along only where the customer is due for something else."""
        messages = [message_of(item) for item in items]
        for message in messages:
            if message.state in OPEN_STATES:
                self._of(message.customer_id)
        for message in messages:
            if message.customer_id in self.by_customer:
                self.by_customer[message.customer_id].messages.append(message)

    def _of(self, customer_id: str) -> DueCandidate:
        ref = CustomerRef(shop_id=self.shop_id, customer_id=customer_id)
        return self.by_customer.setdefault(customer_id, DueCandidate(ref=ref))


# ---- what is known of them


def gather(
    reads: Reads,
    rules: Rules,
    found: Iterable[DueCandidate],
    day: date,
    *,
    on: date | None = None,
    consistent: bool = False,
    is_many: bool = False,
) -> list[CustomerFacts]:
    """The facts that `decide` needs of these customers for the day, in the order asked.

    consistent: read what was written a moment ago too, as at the moment of sending. is_many: of a whole shop,
    of whose customers nothing went out on that day: the vehicles are those that the candidates name, all of a
    customer's only where one of those is sold. A customer who isn't in the table (erased) is left out.
    """
    round_ = _Round(reads=reads, rules=rules, day=day, on=on or day, consistent=consistent, is_many=is_many)
    known = round_.read_customers(list(found))
    round_.read_linked_and_waiting(known)
    round_.read_done_and_arrivals(known)
    return [round_.facts(one) for one in known]


@dataclass(slots=True, kw_only=True)
class _KnownFacts:
    """What was read of a candidate so far. linked: only those the shop's own links name."""

    candidate: DueCandidate
    file: CustomerFile
    last_visits: LastVisits
    linked: tuple[CustomerRef, ...]
    slots: dict[str, str]
    appointments: dict[str, Appointment]
    orders: dict[str, RepairOrder]
    messages: dict[str, Message]
    places: list[Key]
    linked_visits: list[LinkedVisit] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    booked: list[Appointment] = field(default_factory=list)

    @property
    def visits(self) -> tuple[Visit, ...]:
        own = (visit_with_declined(order) for order in self.orders.values())
        by_order = {visit.repair_order_id: visit for visit in own if visit}
        rest = (visit for visit in self.last_visits.visits if visit.repair_order_id not in by_order)
        return (*by_order.values(), *rest)


@dataclass(slots=True, kw_only=True)
class _Round:
    """Reads for all customers at a time: what one round brings, the next one asks with."""

    reads: Reads
    rules: Rules
    day: date
    on: date
    consistent: bool
    is_many: bool
    shop_names: Mapping[str, str] = field(default_factory=dict)
    stops: Mapping[str, Stops] = field(default_factory=dict)
    done: dict[Key, LastDone] = field(default_factory=dict)

    @property
    def organization_id(self) -> str:
        return self.rules.shop.organization_id

    @property
    def run_at(self) -> str:
        """When the run of `on` starts, in UTC."""
        return run_instant(self.rules.settings, self.rules.shop.time_zone, self.on)

    def read_customers(self, found: Sequence[DueCandidate]) -> list[_KnownFacts]:
        """Their files, links, last visits, the day's slot, and what the ledger and the places say."""
        files = self._named_files(found) if self.is_many else self._files(found)
        asked = (key for one in found for key in self._own_keys(one))
        items = self._batch(asked)
        return [self._known(one, file, items) for one, file in zip(found, files, strict=True) if file]

    def _files(self, found: Sequence[DueCandidate]) -> list[CustomerFile | None]:
        """A Query each: the customer with all vehicles."""
        queries = [file_query(self.organization_id, one.ref, consistent=self.consistent) for one in found]
        return [file_of(page.items) for page in self.reads.query_many(queries)]

    def _named_files(self, found: Sequence[DueCandidate]) -> list[CustomerFile | None]:
        """Reads by BatchGetItem, which takes a tenth of the requests: the customer with the vehicles
        named.
        """
        wanted = [self._file_keys(one) for one in found]
        items = self._batch(key for keys_ in wanted for key in keys_)
        files = [file_of([items[key] for key in keys_ if key in items]) for keys_ in wanted]
        gaps = [at for at, file in enumerate(files) if file and any(map(_is_gone, file.vehicles))]
        for at, file in zip(gaps, self._files([found[at] for at in gaps]), strict=True):
            files[at] = file
        return files

    def _file_keys(self, one: DueCandidate) -> list[Key]:
        ids = (self.organization_id, one.ref)
        visits = one.last_visits.visits if one.last_visits else ()
        named = [appointment.vehicle_id for appointment in one.appointments]
        named += [order.vehicle.id for order in one.orders] + [visit.vehicle_id for visit in visits]
        return [keys.customer(*ids), *(keys.vehicle(*ids, id) for id in dict.fromkeys(named) if id)]

    def _own_keys(self, one: DueCandidate) -> Iterator[Key]:
        ids = (self.organization_id, one.ref)
        if not self.is_many:
            yield keys.slot(*ids, self.on.isoformat())
        if one.last_visits is None:
            yield keys.visits(*ids)
        if follows_links(self.rules):
            yield keys.links(*ids)
        at_hand = {message.id for message in one.messages}
        yield from (keys.message(*ids, id) for id in self._message_ids(one) if id not in at_hand)
        shop_ref = one.ref.shop_ref(self.organization_id)
        yield from (keys.place(shop_ref, record_id) for record_id in _waiting_about(one))

    def _message_ids(self, one: DueCandidate) -> Iterator[str]:
        """Those of the occasions that the records brought may give on the day."""
        occasions = [
            appointment_occasion(kind, appointment)
            for appointment in one.appointments
            for kind in (MessageKind.REMINDER_2, MessageKind.REMINDER_1, MessageKind.NO_SHOW)
            if (kind is MessageKind.NO_SHOW) == (appointment.date < self.day.isoformat())
        ]
        visits = [visit for order in one.orders if (visit := visit_of(order))]
        kinds = [(visit, kind) for visit in visits for kind in (MessageKind.THANK_YOU, MessageKind.DEFERRED)]
        last = one.last_visits.visits[:1] if one.last_visits else ()
        kinds += [(visit, MessageKind.INACTIVE) for visit in last]
        for visit, kind in kinds:
            age = (self.day - date.fromisoformat(visit.invoiced_on)).days
            occasions.append(visit_occasion(kind, one.ref.customer_id, visit, age))
        shop = self.rules.shop
        return (occasion.message_id(shop.ref) for occasion in occasions)

    def _known(self, one: DueCandidate, file: CustomerFile, items: Found) -> _KnownFacts:
        ids = (self.organization_id, one.ref)
        visits, links = items.get(keys.visits(*ids)), items.get(keys.links(*ids))
        slot = items.get(keys.slot(*ids, self.on.isoformat()))
        noted = (items.get(keys.message(*ids, message_id)) for message_id in self._message_ids(one))
        shop_ref = one.ref.shop_ref(self.organization_id)
        places = (items.get(keys.place(shop_ref, record_id)) for record_id in _waiting_about(one))
        none_yet = LastVisits(customer_id=one.ref.customer_id)
        return _KnownFacts(
            candidate=one,
            file=file,
            last_visits=one.last_visits or (visits_of(visits) if visits else none_yet),
            linked=record_of(LinkSet, links).linked if links else (),
            slots={self.on.isoformat(): message_in(slot)} if slot else {},
            appointments={appointment.id: appointment for appointment in one.appointments},
            orders={order.id: order for order in one.orders},
            messages={m.id: m for m in (*one.messages, *(message_of(item) for item in noted if item))},
            places=[record_of(RecordPlace, item).key(shop_ref) for item in places if item],
        )

    def read_linked_and_waiting(self, known: Sequence[_KnownFacts]) -> None:
        """The last visits of linked customers, and what the waiting messages are about."""
        linked = {ref: self._visits_key(ref) for one in known for ref in one.linked}
        items = self._batch([*linked.values(), *(key for one in known for key in one.places)])
        if linked:
            shops = list_shops(self.reads, self.organization_id)
            self.shop_names = {shop.id: shop.business_name for shop in shops}
        for one in known:
            for item in (items.get(key) for key in one.places):
                if item and item["type"] == "appointment":
                    appointment = on_its_day(record_of(Appointment, item), self.rules.shop)
                    one.appointments[appointment.id] = appointment
                elif item:
                    order = record_of(RepairOrder, item)
                    one.orders[order.id] = order
            visited = ((ref, items.get(linked[ref])) for ref in one.linked)
            one.linked_visits = [self._linked_visit(ref, visits_of(item)) for ref, item in visited if item]
            one.linked_visits = [visit for visit in one.linked_visits if visit.invoiced_on]
        emails = {email for one in known for email in one.file.customer.emails}
        self.stops = read_stops(self.reads, self.organization_id, emails, consistent=self.consistent)

    def read_done_and_arrivals(self, known: Sequence[_KnownFacts]) -> None:
        """What was done since of what they declined, and the visits since appointments that have passed."""
        wanted = (key for one in known for pair in _pairs(one) for key in self._done_keys(one, pair))
        self.done = {key: record_of(LastDone, item) for key, item in self._batch(wanted).items()}
        if self.is_many:
            self._read_of_shop(known)
        else:
            self._read_booked(known)
        asked = [(one, first) for one in known if (first := self._arrivals_since(one))]
        queries = [arrivals_query(one.file.partition, first) for one, first in asked]
        for (one, _), items in zip(asked, self._items_of(queries), strict=True):
            orders = (record_of(RepairOrder, item) for item in items)
            one.arrivals += [arrival for order in orders if (arrival := arrival_of(order))]

    def _arrivals_since(self, one: _KnownFacts) -> str:
        """The first civil day whose ROs matter; empty where none does."""
        days = [_first_missed(one, self.on.isoformat())]
        if not self.is_many and _kind_may_be_due(one, MessageKind.INACTIVE):
            days.append((self.on - timedelta(days=AT_WORK_DAYS)).isoformat())
        return min(filter(None, days), default="")

    def _read_booked(self, known: Sequence[_KnownFacts]) -> None:
        """The appointments ahead of those who may be told that they were missed here, or stayed away."""
        kinds = (MessageKind.INACTIVE, MessageKind.NO_SHOW)
        asked = [one for one in known if any(_kind_may_be_due(one, kind) for kind in kinds)]
        asked += [one for one in known if one not in asked and _first_missed(one, self.on.isoformat())]
        queries = [of_customer_query(one.file.partition, self.run_at) for one in asked]
        for one, items in zip(asked, self._items_of(queries), strict=True):
            read = (record_of(Appointment, item) for item in items)
            one.booked = [on_its_day(appointment, self.rules.shop) for appointment in read]

    def _read_of_shop(self, known: Sequence[_KnownFacts]) -> None:
        """The same of a whole shop: work in progress in one Query; the candidates brought what is booked."""
        since = (self.on - timedelta(days=AT_WORK_DAYS)).isoformat()
        shop_ref, status = self.rules.shop.ref, RepairOrderStatus.IN_PROGRESS
        page = self.reads.query(open_query(shop_ref, status, since, keys.TOP))
        orders = [record_of(RepairOrder, item) for item in page.items]
        by_id = {one.file.customer.id: one for one in known}
        for order in (order for order in orders if order.customer_id in by_id):
            one, arrival = by_id[order.customer_id], arrival_of(order)
            one.arrivals += [arrival] if arrival else []
        for one in known:
            one.booked = list(one.appointments.values())

    def _items_of(self, queries: Sequence[Query]) -> list[tuple[Item, ...]]:
        asked = [replace(query, consistent=self.consistent) for query in queries]
        return [page.items for page in self.reads.query_many(asked)]

    def facts(self, one: _KnownFacts) -> CustomerFacts:
        customer = one.file.customer
        done = {pair: self._claims(one, pair) for pair in _pairs(one)}
        return CustomerFacts(
            customer=customer,
            vehicles=one.file.vehicles,
            appointments=tuple(one.appointments.values()),
            visits=one.visits,
            arrivals=tuple(one.arrivals),
            booked=tuple(one.booked),
            done={pair: claims for pair, claims in done.items() if claims},
            linked_visits=tuple(one.linked_visits),
            **stops_as_facts(self.rules, customer, self.stops, at=self.run_at),
            messages={message.id: noted(message) for message in one.messages.values()},
            slots=one.slots,
        )

    def _linked_visit(self, ref: CustomerRef, visits: LastVisits) -> LinkedVisit:
        name = self.shop_names.get(ref.shop_id, "")
        return LinkedVisit(shop_id=ref.shop_id, shop_name=name, invoiced_on=visits.last_invoiced_on)

    def _visits_key(self, ref: CustomerRef) -> Key:
        return keys.visits(self.organization_id, ref)

    def _done_keys(self, one: _KnownFacts, pair: DonePair) -> Iterator[Key]:
        for ref in (one.candidate.ref, *one.linked):
            partition = keys.customer_partition(self.organization_id, ref)
            yield keys.last_done(partition, *pair)

    def _claims(self, one: _KnownFacts, pair: DonePair) -> tuple[LastDone, ...]:
        found = (self.done.get(key) for key in self._done_keys(one, pair))
        named = self.shop_names
        return tuple(replace(claim, shop_name=named.get(claim.shop_id, "")) for claim in found if claim)

    def _batch(self, wanted: Iterable[Key]) -> Found:
        asked = list(wanted)
        return self.reads.batch_get(asked, consistent=self.consistent) if asked else {}


# ---- of a candidate


def _is_gone(vehicle: Vehicle) -> bool:
    return bool(vehicle.is_sold or vehicle.do_not_contact or vehicle.deleted_at)


def _waiting_about(one: DueCandidate) -> list[str]:
    """The ids of what the open messages are about, where the Queries didn't bring it."""
    brought = {appointment.id for appointment in one.appointments} | {order.id for order in one.orders}
    about = (m.occasion.reason_id.partition("|")[0] for m in one.messages if m.state in OPEN_STATES)
    return [record_id for record_id in dict.fromkeys(about) if record_id not in brought]


def _pairs(one: _KnownFacts) -> list[DonePair]:
    pairs: dict[DonePair, None] = {}
    for visit in one.visits:
        for item in visit.declined:
            pairs["ROOT", item.root_item_id] = None
            if visit.vehicle_identity:
                pairs[visit.vehicle_identity, service_key(item.title)] = None
    return list(pairs)


def _kind_may_be_due(one: _KnownFacts, kind: MessageKind) -> bool:
    """Whether the day's Queries named the customer for it, or one waits."""
    if kind is MessageKind.INACTIVE and one.candidate.last_visits is not None:
        return True
    return any(m.occasion.kind is kind and m.state in OPEN_STATES for m in one.messages.values())


def _first_missed(one: _KnownFacts, on: str) -> str:
    """The day of the first appointment that has passed; empty where none has."""
    return min((a.date for a in one.appointments.values() if a.date < on), default="")
