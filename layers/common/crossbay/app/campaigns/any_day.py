"""Questions about any day: who gets what and why not, for a customer or a shop, past or to come (C13).

A day whose night has run is answered with the rules and facts of that run; a past one without a night by
what stood in its way; one ahead with those of now, as if every appointment were kept and every message went
out until then.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from crossbay.app.campaigns.day_view import AskedDay, AskedMessage, NightState, asked_of, of_day, ordered
from crossbay.app.campaigns.facts import candidates, gather
from crossbay.app.campaigns.facts_as_of import gather_one, refs_of_past_day
from crossbay.app.campaigns.replay import replayed_customer, replayed_day
from crossbay.app.campaigns.rules import read_rules
from crossbay.app.campaigns.unfinished_nights import asked_standing, standing_of, without_a_night
from crossbay.campaigns.context import message_id
from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import Decision, Hold, Send
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.campaigns.forecast import as_expected, booked, coming
from crossbay.domain.calendar import local_date
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.errors import BadInput, NotFound
from crossbay.store.campaigns.nights import read_night
from crossbay.store.campaigns.settings import read_campaign
from crossbay.store.reads import Reads

UPCOMING_DAYS = 7
LOOK_AHEAD_DAYS = 62
"""As far ahead every day until then is played through; a later day is asked about for itself."""


# ---- a customer and a day


def explain(reads: Reads, organization_id: str, ref: CustomerRef, day: date, *, now: str) -> AskedDay:
    """Each of the six kinds on that day, with the first condition that failed. Raises NotFound."""
    night = read_night(reads, ref.shop_ref(organization_id), day.isoformat())
    if night.is_finished:
        return replayed_customer(reads, night, ref)
    rules = read_rules(reads, ref.shop_ref(organization_id))
    standing = standing_of(reads, rules, day, now)
    if standing.state is not NightState.AHEAD:
        messages = without_a_night(reads, standing, ref)
        if messages is None:
            raise NotFound("customer at that time")
        return asked_standing(standing, messages)
    facts = gather_one(reads, rules, ref)
    facts = played_until(rules, facts, local_date(now, rules.shop.time_zone), day)
    decisions = decide(rules, facts, day)
    return asked_standing(standing, asked_of(rules, facts, decisions, day))


def played_until(rules: Rules, facts: CustomerFacts, first: date, day: date) -> CustomerFacts:
    """The facts as they would stand on a day to come, once the messages of the days before went out."""
    facts = as_expected(facts, first)
    for on, decisions in coming(rules, facts, first, (day - first).days):
        facts = booked(rules, facts, decisions, on)
    return facts


# ---- a shop and a day


def ask_day(reads: Reads, shop_ref: ShopRef, day: date, *, now: str) -> AskedDay:
    """Everybody with an occasion on that day. Raises NotFound for a shop that isn't there."""
    night = read_night(reads, shop_ref, day.isoformat())
    if night.is_finished:
        return replayed_day(reads, shop_ref, night)
    rules = read_rules(reads, shop_ref)
    standing = standing_of(reads, rules, day, now)
    if standing.state is not NightState.AHEAD:
        refs = refs_of_past_day(reads, standing.rules, day)
        found = (without_a_night(reads, standing, ref) for ref in refs)
        return asked_standing(standing, ordered(m for asked in found for m in of_day(asked or ())))
    today = local_date(now, rules.shop.time_zone)
    first = today if (day - today).days <= LOOK_AHEAD_DAYS else day
    messages: list[AskedMessage] = []
    for on, found_on in days_ahead(reads, rules, first, (day - first).days + 1):
        if on == day:
            messages = [
                m for facts, decisions in found_on for m in of_day(asked_of(rules, facts, decisions, day))
            ]
    return asked_standing(standing, ordered(messages))


def days_ahead(
    reads: Reads, rules: Rules, first: date, days: int
) -> Iterator[tuple[date, list[tuple[CustomerFacts, tuple[Decision, ...]]]]]:
    """The decisions of each day from the first on, about whoever the day names or the day before held over.

    What a day sends and holds is in the ledger of the next, as if all went well.
    """
    held: dict[str, CustomerFacts] = {}
    noted: dict[str, CustomerFacts] = {}
    for day in (first + timedelta(days=n) for n in range(days)):
        gathered = gather(reads, rules, candidates(reads, rules, day), day)
        today = {facts.customer.id: facts for facts in gathered}
        for customer_id, facts in held.items():
            today.setdefault(customer_id, facts)
        held = {}
        found = []
        for customer_id, facts in today.items():
            facts = _with_notes(as_expected(facts, first), noted.get(customer_id))
            decisions = decide(rules, facts, day)
            found.append((facts, decisions))
            noted[customer_id] = booked(rules, facts, decisions, day)
            if any(isinstance(decision, Hold) for decision in decisions):
                held[customer_id] = noted[customer_id]
        yield day, found


def _with_notes(facts: CustomerFacts, earlier: CustomerFacts | None) -> CustomerFacts:
    if earlier is None:
        return facts
    return replace(
        facts, messages={**facts.messages, **earlier.messages}, slots={**facts.slots, **earlier.slots}
    )


# ---- the coming week


def upcoming(reads: Reads, rules: Rules, *, now: str) -> tuple[AskedMessage, ...]:
    """What goes out on the next seven days, from the first whose night hasn't run."""
    first = first_day_open(reads, rules, now)
    return tuple(
        message
        for day, found in days_ahead(reads, rules, first, UPCOMING_DAYS)
        for facts, decisions in found
        for message in asked_of(rules, facts, decisions, day)
        if message.outcome == "send"
    )


def first_day_open(reads: Reads, rules: Rules, now: str) -> date:
    """Today in the shop, or tomorrow where today's night has run."""
    shop = rules.shop
    today = local_date(now, shop.time_zone)
    finished = read_campaign(reads, shop.ref).finished_through
    return today + timedelta(days=finished >= today.isoformat())


def message_to_come(
    reads: Reads, rules: Rules, ref: CustomerRef, message_id_: str, *, now: str
) -> Send | Hold:
    """The decision that would send this message within the coming week. Raises NotFound."""
    first = first_day_open(reads, rules, now)
    for _, decisions in coming(rules, gather_one(reads, rules, ref), first, UPCOMING_DAYS):
        for decision in decisions:
            if isinstance(decision, Send | Hold) and message_id(rules.shop, decision.occasion) == message_id_:
                return decision
    raise NotFound("message among those of the next seven days")


def check_near(first: date, last: date) -> None:
    """Raises BadInput for a period that ends before it starts, or is longer than two months."""
    if last < first:
        raise BadInput("A period ends after it starts.", fields={"last": "is before first"})
    if (last - first).days >= LOOK_AHEAD_DAYS:
        reason = f"is {LOOK_AHEAD_DAYS} days or more after first"
        raise BadInput("Two months at most, please.", fields={"last": reason})
