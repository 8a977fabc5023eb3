"""The next 180 days of a shop's messages under settings not saved yet (C13)."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import date, timedelta

from crossbay.app.campaigns.facts import DueCandidate, gather
from crossbay.app.campaigns.rules import read_rules
from crossbay.app.campaigns.stored_facts import stops_as_facts
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.campaigns.forecast import Forecast, forecast
from crossbay.campaigns.schedule import NO_END_DAYS, checked_settings
from crossbay.domain.calendar import local_date, shop_day_bounds_utc
from crossbay.domain.campaigns.settings import CampaignSettings
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.work.appointment import Appointment, on_its_day
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.store import keys
from crossbay.store.campaigns.messages import by_date_query, message_of
from crossbay.store.campaigns.stops import read_stops
from crossbay.store.codec import record_of
from crossbay.store.reads import Reads
from crossbay.store.sources.day_marks import list_customer_ids
from crossbay.store.work.appointments import between_query
from crossbay.store.work.repair_orders import invoiced_query
from crossbay.store.work.visits import last_visit_query, visits_of

FORECAST_DAYS = 180
BOOKED_AHEAD_DAYS = 366
"""Nobody who has an appointment within this time is told on the last day that they stayed away."""

AT_ONCE = 1_000
"""Customers whose facts are in memory at a time."""


def read_forecast(reads: Reads, shop_ref: ShopRef, settings: CampaignSettings, *, now: str) -> Forecast:
    """The forecast from tomorrow on, of every customer of the shop, also who never had a visit.

    Raises BadInput for settings that can't mean anything.
    """
    rules = read_rules(reads, shop_ref)
    rules = replace(rules, settings=checked_settings(settings), stopped="", stopped_at="")
    first = local_date(now, rules.shop.time_zone) + timedelta(days=1)
    return forecast(rules, _facts(reads, rules, first), first, FORECAST_DAYS)


def _facts(reads: Reads, rules: Rules, first: date) -> Iterator[CustomerFacts]:
    found = _candidates(reads, rules, first)
    for start in range(0, len(found), AT_ONCE):
        yield from gather(reads, rules, found[start : start + AT_ONCE], first, is_many=True)
    yield from _never_visited(reads, rules, {one.ref.customer_id for one in found})


def _never_visited(reads: Reads, rules: Rules, known: Set[str]) -> Iterator[CustomerFacts]:
    """The shop's customers of whom no day has anything to count from: their record and stops say it all."""
    shop = rules.shop
    others = sorted(list_customer_ids(reads, shop.ref) - known)
    for start in range(0, len(others), AT_ONCE):
        some = others[start : start + AT_ONCE]
        refs = [CustomerRef(shop_id=shop.id, customer_id=customer_id) for customer_id in some]
        wanted = [keys.customer(shop.organization_id, ref) for ref in refs]
        items = reads.batch_get(wanted).values()
        customers = [record_of(Customer, item) for item in items]
        emails = {email for customer in customers for email in customer.emails}
        stops = read_stops(reads, shop.organization_id, emails, consistent=False)
        for customer in (customer for customer in customers if not customer.deleted_at):
            yield CustomerFacts(customer=customer, **stops_as_facts(rules, customer, stops))


def _candidates(reads: Reads, rules: Rules, first: date) -> Sequence[DueCandidate]:
    """Everyone whom one of the days may name, with the records that it may count from."""
    shop = rules.shop
    shop_ref = shop.ref
    numbers = [rules.settings.days(channel) for channel in rules.settings.channels_on]
    reminders = max((max(n.reminder_1, n.reminder_2) for n in numbers), default=0)
    ahead = FORECAST_DAYS + max(reminders, BOOKED_AHEAD_DAYS)
    back = max((max(n.no_show, n.thank_you, n.deferred) for n in numbers), default=0)
    start, end = first - timedelta(days=back), first + timedelta(days=ahead)
    opens, _ = shop_day_bounds_utc(start, shop.time_zone)
    _, closes = shop_day_bounds_utc(end, shop.time_zone)
    ten_years = (first - timedelta(days=NO_END_DAYS)).isoformat()
    visited, booked, invoiced, messages = reads.query_many(
        [
            last_visit_query(shop_ref, ten_years, first.isoformat()),
            between_query(shop_ref, opens, closes),
            invoiced_query(shop_ref, start.isoformat(), first.isoformat()),
            by_date_query(shop_ref, start.isoformat(), end.isoformat()),
        ]
    )
    found: dict[str, DueCandidate] = {}

    def of(customer_id: str) -> DueCandidate:
        ref = CustomerRef(shop_id=shop.id, customer_id=customer_id)
        return found.setdefault(customer_id, DueCandidate(ref=ref))

    for visits in (visits_of(item) for item in visited.items):
        of(visits.customer_id).last_visits = visits
    for appointment in (record_of(Appointment, item) for item in booked.items):
        of(appointment.customer_id).appointments.append(on_its_day(appointment, shop))
    for order in (record_of(RepairOrder, item) for item in invoiced.items):
        of(order.customer_id).orders.append(order)
    for message in (message_of(item) for item in messages.items):
        if message.customer_id in found:
            found[message.customer_id].messages.append(message)
    return list(found.values())
