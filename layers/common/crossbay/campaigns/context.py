"""What is known when a decision is made: rules and facts, the day asked about, and the day it goes out on."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from crossbay.campaigns.facts import CustomerFacts, Noted, Rules
from crossbay.campaigns.reach import channel_to
from crossbay.campaigns.send_hour import run_instant
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import MessageState, Occasion, TextFailure
from crossbay.domain.campaigns.settings import Days
from crossbay.domain.organization import Shop, ShopRef
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.visit import Visit

OPEN_STATES = frozenset({MessageState.PLANNED, MessageState.HELD, MessageState.CLAIMED})
"""Nothing of these messages has left the house."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """day: whose rules name the occasions. on: when it goes out, `day` or later. known_until: as in `decide`.
    failures: of the one message asked about; it goes by another channel.

    What happened after `on` isn't known; what was recorded after `known_until` gives no occasion, yet counts
    where it makes a message untrue.
    """

    rules: Rules
    facts: CustomerFacts
    day: date
    on: date
    known_until: str = ""
    failures: tuple[TextFailure, ...] = ()

    @cached_property
    def today(self) -> str:
        return self.on.isoformat()

    @cached_property
    def run_at(self) -> str:
        """When the run of `on` starts, in UTC."""
        return run_instant(self.rules.settings, self.rules.shop.time_zone, self.on)

    @cached_property
    def channel(self) -> Channel | None:
        return channel_to(self.rules, self.facts, self.failures)

    @cached_property
    def days(self) -> Days:
        """The numbers of the channel; all 0 where none reaches the customer."""
        return self.rules.settings.days(self.channel) if self.channel else Days()

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        """Those until `on`, newest first."""
        past = (visit for visit in self.facts.visits if visit.invoiced_on <= self.today)
        return tuple(sorted(past, key=_order, reverse=True))

    @cached_property
    def known_visits(self) -> tuple[Visit, ...]:
        """Those that an occasion of `day` can come from, newest first."""
        day = self.day.isoformat()
        return tuple(v for v in self.visits if v.invoiced_on <= day and self._is_known(v.recorded_at))

    @cached_property
    def known_appointments(self) -> tuple[Appointment, ...]:
        return tuple(a for a in self.facts.appointments if self._is_known(a.created_at))

    def visit_after(self, visit: Visit, *, same_vehicle: bool) -> Visit | None:
        """The customer's latest visit, if later than this one; of the same vehicle, where asked."""
        latest = next(
            v for v in (*self.visits, visit) if not same_vehicle or v.vehicle_key == visit.vehicle_key
        )
        return latest if _order(latest) > _order(visit) else None

    def noted(self, occasion: Occasion) -> Noted | None:
        return self.facts.messages.get(message_id(self.rules.shop, occasion))

    @cached_property
    def waiting(self) -> tuple[Noted, ...]:
        """What was due earlier, or is planned for now, and has not gone out; oldest first."""
        notes = (note for note in self.facts.messages.values() if note.state in OPEN_STATES)
        return tuple(sorted((note for note in notes if note.date <= self.today), key=_due_first))

    def days_since(self, civil_day: str) -> int:
        """The days from that civil day to `day`."""
        return (self.day - date.fromisoformat(civil_day)).days

    def _is_known(self, recorded_at: str) -> bool:
        return not self.known_until or recorded_at <= self.known_until


def message_id(shop: Shop, occasion: Occasion) -> str:
    """Gives the same as `Occasion.message_id`, which one decision asks for several times in a row."""
    return _message_id(occasion, shop.ref)


@lru_cache(maxsize=256)
def _message_id(occasion: Occasion, shop_ref: ShopRef) -> str:
    return occasion.message_id(shop_ref)


def _due_first(note: Noted) -> tuple[str, str, str]:
    return note.due_on, note.occasion.reason_id, note.occasion.vehicle_id


def _order(visit: Visit) -> tuple[str, str]:
    return visit.invoiced_on, visit.repair_order_id
