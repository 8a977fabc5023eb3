"""What a decision is made from: a shop's rules, and the facts of one customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crossbay.domain.campaigns.message import MessageState, Occasion, TextFailure
from crossbay.domain.campaigns.settings import CampaignSettings
from crossbay.domain.customers.customer import Customer, OptOut
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import Entitlement, Shop
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.history import LastDone
from crossbay.domain.work.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the shop has set.

    shares_opt_outs: as in `Organization`. stopped: the kill switch's words, empty while sending is on;
    stopped_at: since when (UTC).
    """

    shop: Shop
    settings: CampaignSettings
    entitlements: frozenset[Entitlement] = frozenset()
    shares_opt_outs: bool = False
    stopped: str = ""
    stopped_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An RO, of any status but void, that was opened on a day: the vehicle came.

    in_progress: it is being worked on. is_expected: there is no RO, an appointment still to come is taken as
    kept.
    """

    vehicle_id: str
    opened_on: str
    in_progress: bool = False
    is_expected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedVisit:
    """The latest visit of a customer that the shop itself linked to this one."""

    shop_id: str
    shop_name: str
    invoiced_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What the ledger holds for an occasion. date, due_on, failures: as in `Message`."""

    occasion: Occasion
    state: MessageState
    date: str
    due_on: str
    reason: str = ""
    failures: tuple[TextFailure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFacts:
    """One customer as known at a moment: at least all that the day asked about needs.

    visits: the last visit of each vehicle, and those that a kind of that day counts from. arrivals: since the
    missed appointments among `appointments`, and for an inactive message those of the last year. booked:
    appointments that may be ahead. done: by (vehicle identity, service key) and ("ROOT", job id), at this
    shop and at the linked ones. dead_emails: those that bounced hard. opted_out: those whose owner asked for
    no mail, on whichever record, each with the opt-out. messages: by message id. slots: by civil date, the id
    of the one message of that day.
    """

    customer: Customer
    vehicles: tuple[Vehicle, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    visits: tuple[Visit, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    booked: tuple[Appointment, ...] = ()
    done: Mapping[tuple[str, str], tuple[LastDone, ...]] = field(default_factory=dict)
    linked_visits: tuple[LinkedVisit, ...] = ()
    dead_emails: frozenset[str] = frozenset()
    opted_out: Mapping[str, OptOut] = field(default_factory=dict)
    messages: Mapping[str, Noted] = field(default_factory=dict)
    slots: Mapping[str, str] = field(default_factory=dict)
