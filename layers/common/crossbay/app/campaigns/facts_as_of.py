"""All facts of one customer, as of now or of a past instant: for questions about any day.

Read from the whole of the customer's partition. What the audit, the link events and the ledger's steps noted
from the instant on is taken back, so that a past day's decision is made from what was known then (C13).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from crossbay.app.campaigns.facts import candidates
from crossbay.app.campaigns.stored_facts import arrival_of, follows_links, stops_as_facts, visit_with_declined
from crossbay.campaigns.facts import CustomerFacts, LinkedVisit, Noted, Rules
from crossbay.campaigns.schedule import due_dates
from crossbay.domain.campaigns.message import Message, MessageState
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.link import LinkEvent, LinkSet
from crossbay.domain.work.appointment import Appointment, on_its_day
from crossbay.domain.work.history import LastDone, done_by, history_rows
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.domain.work.visit import Visit
from crossbay.errors import NotFound
from crossbay.store import keys
from crossbay.store.as_of import audit_query, links_before, records_before
from crossbay.store.campaigns.messages import by_date_query, message_of
from crossbay.store.campaigns.stops import read_stops
from crossbay.store.codec import record_of
from crossbay.store.keys import ids_of_partition, key_of
from crossbay.store.reads import Item, Query, Reads
from crossbay.store.shops import list_shops
from crossbay.store.work.repair_orders import by_invoice_day_query, orders_query
from crossbay.store.work.visits import last_of_each_vehicle, visit_of

_NOW = keys.TOP
"""An instant after all that is."""

_ON_ITS_WAY = (
    MessageState.CLAIMED,
    MessageState.SENDING,
    MessageState.SENT,
    MessageState.DELIVERED,
    MessageState.BOUNCED,
    MessageState.COMPLAINED,
    MessageState.UNKNOWN,
)
"""A message that takes its customer's one place of its day."""


def gather_one(reads: Reads, rules: Rules, ref: CustomerRef) -> CustomerFacts:
    """All that is known of a customer now. Raises NotFound."""
    facts = gather_as_of(reads, rules, ref, _NOW)
    if facts is None:
        raise NotFound("customer")
    return facts


def gather_as_of(reads: Reads, rules: Rules, ref: CustomerRef, instant: str) -> CustomerFacts | None:
    """All that was known of a customer just before an instant (UTC); None where it wasn't there yet, or was
    erased since.

    rules: as of that instant, too. Versions and times of change are those of now.
    """
    organization_id = rules.shop.organization_id
    partition = keys.customer_partition(organization_id, ref)
    then = _Then.read(reads.query(Query(pk=partition, consistent=True)).items, instant)
    if then is None:
        return None
    linked = then.links.linked if follows_links(rules) else ()
    orders = {other: _orders_then(reads, organization_id, other, instant) for other in linked}
    names = {shop.id: shop.business_name for shop in list_shops(reads, organization_id)} if linked else {}
    lasts = ((other, last_of_each_vehicle(_visits(orders[other]))) for other in linked)
    visits = (visit_with_declined(order) for order in then.orders)
    appointments = tuple(on_its_day(appointment, rules.shop) for appointment in then.appointments)
    stops = read_stops(reads, organization_id, then.customer.emails)
    return CustomerFacts(
        customer=then.customer,
        vehicles=then.vehicles,
        appointments=appointments,
        visits=tuple(visit for visit in visits if visit),
        arrivals=tuple(arrival for order in then.orders if (arrival := arrival_of(order))),
        booked=appointments,
        done=_done([then.orders, *orders.values()], names),
        linked_visits=tuple(
            LinkedVisit(
                shop_id=other.shop_id,
                shop_name=names.get(other.shop_id, ""),
                invoiced_on=visited[0].invoiced_on,
            )
            for other, visited in lasts
            if visited
        ),
        **stops_as_facts(
            rules, then.customer, stops, known_until=instant, at="" if instant == _NOW else instant
        ),
        messages=dict(_noted_then(then.messages, instant)),
        slots=_slots_then(then.messages, instant),
    )


def refs_of_past_day(reads: Reads, rules: Rules, day: date) -> list[CustomerRef]:
    """Everyone whom a past day may have named: due by its rules now, or then, or in its ledger.

    rules: as of that day. Customers who came since are found by the visit of then; a record that has gone to
    another day since is found by what the ledger says.
    """
    shop = rules.shop
    shop_ref = shop.ref
    days = due_dates(rules.settings, day).last_invoiced_on
    queries = [by_invoice_day_query(shop_ref, visited.isoformat()) for visited in days]
    queries.append(by_date_query(shop_ref, day.isoformat(), day.isoformat()))
    pages = reads.query_many(queries)
    found = {ids_of_partition(key_of(item).pk)[2] for page in pages for item in page.items}
    found |= {candidate.ref.customer_id for candidate in candidates(reads, rules, day)}
    return [CustomerRef(shop_id=shop.id, customer_id=customer_id) for customer_id in sorted(found)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Then:
    """A customer's records as of an instant; messages with all their steps."""

    customer: Customer
    vehicles: tuple[Vehicle, ...]
    appointments: tuple[Appointment, ...]
    orders: tuple[RepairOrder, ...]
    links: LinkSet
    messages: tuple[Message, ...]

    @classmethod
    def read(cls, items: Sequence[Item], instant: str) -> "_Then | None":
        """The facts; None where the customer wasn't there yet, or was erased since."""
        customers = records_before(Customer, "customer", items, instant)
        if not customers or customers[0].erased_at:
            return None
        links = next((record_of(LinkSet, item) for item in items if item["type"] == "links"), LinkSet())
        events = [record_of(LinkEvent, item) for item in items if item["type"] == "link event"]
        return cls(
            customer=customers[0],
            vehicles=records_before(Vehicle, "vehicle", items, instant),
            appointments=records_before(Appointment, "appointment", items, instant),
            orders=records_before(RepairOrder, "repair order", items, instant),
            links=links_before(links, events, instant),
            messages=tuple(message_of(item) for item in items if item["type"] == "message"),
        )


def _orders_then(
    reads: Reads, organization_id: str, ref: CustomerRef, instant: str
) -> tuple[RepairOrder, ...]:
    partition = keys.customer_partition(organization_id, ref)
    pages = reads.query_many([orders_query(partition), audit_query(partition, instant)])
    return records_before(RepairOrder, "repair order", [i for page in pages for i in page.items], instant)


def _visits(orders: Iterable[RepairOrder]) -> Iterable[Visit]:
    return (visit for order in orders if (visit := visit_of(order)))


def _done(
    orders_of_each: Iterable[Iterable[RepairOrder]], shop_names: Mapping[str, str]
) -> dict[tuple[str, str], tuple[LastDone, ...]]:
    """The latest record of what was done, by what it was, of each customer; the own ones first."""
    claims: dict[tuple[str, str], tuple[LastDone, ...]] = {}
    for orders in orders_of_each:
        rows = (row for order in orders for row in history_rows(order))
        for pair, done in done_by(rows).items():
            named = replace(done, shop_name=shop_names.get(done.shop_id, ""))
            claims[pair] = (*claims.get(pair, ()), named)
    return claims


def _noted_then(messages: Iterable[Message], instant: str) -> Iterable[tuple[str, Noted]]:
    for message in messages:
        step = message.step_before(instant)
        if step is not None:
            yield (
                message.id,
                Noted(
                    occasion=message.occasion,
                    state=step.state,
                    date=step.date,
                    due_on=message.due_on,
                    reason=step.reason,
                    failures=tuple(one for one in message.failures if one.at < instant),
                ),
            )


def _slots_then(messages: Iterable[Message], instant: str) -> dict[str, str]:
    steps = ((message.id, message.step_before(instant)) for message in messages)
    return {step.date: message_id for message_id, step in steps if step and step.state in _ON_ITS_WAY}
