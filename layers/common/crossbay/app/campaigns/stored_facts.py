"""Stored records as facts that a decision is made from."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict

from crossbay.campaigns.facts import Arrival, CustomerFacts, Noted, Rules
from crossbay.domain.campaigns.message import Message
from crossbay.domain.campaigns.stop import ALWAYS, bounced_at, first_opt_out
from crossbay.domain.customers.customer import Customer, OptOut
from crossbay.domain.organization import Entitlement
from crossbay.domain.work.history import HistoryKind, history_rows
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus
from crossbay.domain.work.visit import DeclinedItem, Visit
from crossbay.store.campaigns.stops import Stops
from crossbay.store.work.visits import visit_of


def follows_links(rules: Rules) -> bool:
    """Whether the shop sees what it linked."""
    return Entitlement.MULTI_SHOP in rules.entitlements


def declined_items(order: RepairOrder) -> tuple[DeclinedItem, ...]:
    return tuple(
        DeclinedItem(job_id=row.item_id, root_item_id=row.root_item_id, title=row.title, declined_on=row.date)
        for row in history_rows(order)
        if row.kind is HistoryKind.DECLINED
    )


def visit_with_declined(order: RepairOrder) -> Visit | None:
    visit = visit_of(order)
    return replace(visit, declined=declined_items(order)) if visit else None


def arrival_of(order: RepairOrder) -> Arrival | None:
    if order.status is RepairOrderStatus.VOID:
        return None
    in_progress = order.status is RepairOrderStatus.IN_PROGRESS
    return Arrival(vehicle_id=order.vehicle.id, opened_on=order.opened_on, in_progress=in_progress)


class StopFacts(TypedDict):
    dead_emails: frozenset[str]
    opted_out: Mapping[str, OptOut]


def stops_as_facts(
    rules: Rules, customer: Customer, stops: Mapping[str, Stops], *, known_until: str = ALWAYS, at: str = ""
) -> StopFacts:
    """What the stops by e-mail say of the shop's messages. known_until, at: as in `Stop.stands`."""
    own = {email: stops[email] for email in customer.emails if email in stops}
    shared, shop_id = rules.shares_opt_outs, rules.shop.id
    found = {
        email: first_opt_out(some, shop_id, shared=shared, known_until=known_until, at=at)
        for email, some in own.items()
    }
    return StopFacts(
        dead_emails=frozenset(email for email, some in own.items() if bounced_at(some, known_until)),
        opted_out={email: stop.opt_out for email, stop in found.items() if stop},
    )


def noted(message: Message) -> Noted:
    return Noted(
        occasion=message.occasion,
        state=message.state,
        date=message.date,
        due_on=message.due_on,
        reason=message.reason,
        failures=message.failures,
    )


def with_message(facts: CustomerFacts, message: Message) -> CustomerFacts:
    """The facts with the ledger's entry as it will be."""
    return replace(facts, messages={**facts.messages, message.id: noted(message)})
