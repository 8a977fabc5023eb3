"""What a letter can say about one customer, written for people: the variables of every template (C6)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from crossbay.campaigns.decision import Hold, Send
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.domain.address import Address
from crossbay.domain.calendar import local_moment
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Occasion
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.organization import Shop
from crossbay.domain.text import one_line
from crossbay.domain.work.appointment import Appointment

_NORTH_AMERICAN = re.compile(r"\+1([0-9]{3})([0-9]{3})([0-9]{4})")
_CAPITALS = frozenset({"CA", "PH", "US"})
_AM_PM = _CAPITALS | {"AU", "BD", "EG", "IN", "JM", "MY", "NZ", "PK", "SA", "SG"}
"""Countries where the hour is told with am and pm (CLDR prefers `h` there), in three of them as capitals."""
_OWN_VISIT = {MessageKind.THANK_YOU, MessageKind.DEFERRED, MessageKind.INACTIVE}


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """The template variables, each one line of text; empty where nothing is known.

    appointment_date: the day of the appointment that the message is about, missed or to come.
    appointment_time: by the shop's clock, empty where only the day is known; appointment_end_time: of a
    window, never without the other. postal_address: the shop's. reminder_2_days: days before the appointment
    on which another reminder follows, 0 for none.
    """

    mailing_name: str = ""
    year: str = ""
    make: str = ""
    model: str = ""
    plate: str = ""
    appointment_date: str = ""
    appointment_time: str = ""
    appointment_end_time: str = ""
    business_phone: str = ""
    owner: str = ""
    business_name: str = ""
    business_email: str = ""
    feedback_link: str = ""
    deferred_items: tuple[str, ...] = ()
    last_service_date: str = ""
    unsubscribe_link: str = ""
    postal_address: str = ""
    reminder_2_days: int = 0


def letter_facts(
    rules: Rules, facts: CustomerFacts, decision: Send | Hold, unsubscribe_url: str
) -> LetterFacts:
    """What the message of this decision says. unsubscribe_url: the customer's own, https."""
    shop, occasion = rules.shop, decision.occasion
    vehicle = next((one for one in facts.vehicles if one.id == decision.vehicle_id), None)
    appointment = _appointment(facts, occasion)
    begins, ends = _window(appointment, shop) if appointment else ("", "")
    return LetterFacts(
        mailing_name=one_line(facts.customer.display_name),
        year=str(vehicle.year or "") if vehicle else "",
        make=one_line(vehicle.make) if vehicle else "",
        model=one_line(vehicle.model) if vehicle else "",
        plate=one_line(vehicle.plate) if vehicle else "",
        appointment_date=long_date(appointment.date if appointment else ""),
        appointment_time=begins,
        appointment_end_time=ends,
        business_phone=readable_phone(shop.phone),
        owner=one_line(shop.owner),
        business_name=one_line(shop.business_name),
        business_email=one_line(shop.email),
        feedback_link=one_line(rules.settings.feedback),
        deferred_items=tuple(dict.fromkeys(one_line(item.title) for item in decision.declined)),
        last_service_date=long_date(_last_service_on(facts, decision)),
        unsubscribe_link=unsubscribe_url,
        postal_address=postal_line(shop.address),
        reminder_2_days=_days_of_next_reminder(rules, decision.channel),
    )


def long_date(day: str) -> str:
    """`Monday, March 1, 2027` of an ISO day; empty of an empty one."""
    if not day:
        return ""
    civil = date.fromisoformat(day)
    return f"{civil:%A, %B} {civil.day}, {civil.year}"


def clock_time(moment: datetime, country: str) -> str:
    """`9:00 AM`, as clocks are read in the country (ISO 3166-1 alpha-2): `9:00 am` or `09:00` elsewhere."""
    if country not in _AM_PM:
        return f"{moment:%H:%M}"
    half = ("AM", "PM")[moment.hour >= 12]
    return f"{moment.hour % 12 or 12}:{moment:%M} {half if country in _CAPITALS else half.lower()}"


def readable_phone(number: str) -> str:
    """`(415) 555-0123` of an E.164 number of North America; any other as it stands."""
    parts = _NORTH_AMERICAN.fullmatch(number)
    return "({}) {}-{}".format(*parts.groups()) if parts else one_line(number)


def postal_line(address: Address) -> str:
    """`1200 Harbor Blvd, Suite 4, Albany, NY 12207`: the address in one line, without the country."""
    place = " ".join(part for part in (address.region, address.postal_code) if part)
    return ", ".join(
        one_line(part) for part in (address.line1, address.line2, address.city, place) if part.strip()
    )


def _appointment(facts: CustomerFacts, occasion: Occasion) -> Appointment | None:
    appointment_id = occasion.reason_id.partition("|")[0]
    return next((one for one in facts.appointments if one.id == appointment_id), None)


def _window(appointment: Appointment, shop: Shop) -> tuple[str, str]:
    """When it begins and when it ends; nothing of midnight, which is what files have that know the day alone.

    An end on another day is when the vehicle is ready, and no window to come in.
    """
    begins = local_moment(appointment.starts_at, shop.time_zone)
    if begins.time() == time.min:
        return "", ""
    if appointment.ends_at <= appointment.starts_at:
        return clock_time(begins, shop.country), ""
    ends = local_moment(appointment.ends_at, shop.time_zone)
    until = clock_time(ends, shop.country) if ends.date() == begins.date() else ""
    return clock_time(begins, shop.country), until


def _last_service_on(facts: CustomerFacts, decision: Send | Hold) -> str:
    """The day of the visit that the message is about, else of the customer's latest.

    Empty where the message names another vehicle than was here then: that one was sold (C18).
    """
    visits, occasion = facts.visits, decision.occasion
    if occasion.kind is MessageKind.INACTIVE and decision.vehicle_id not in ("", occasion.vehicle_id):
        return ""
    if occasion.kind in _OWN_VISIT:
        order_id = occasion.reason_id.partition("|")[0]
        visits = tuple(visit for visit in visits if visit.repair_order_id == order_id)
    return max((visit.invoiced_on for visit in visits), default="")


def _days_of_next_reminder(rules: Rules, channel: Channel) -> int:
    """The days of reminder 2, where it comes after reminder 1: a reminder that already went out is not
    promised.
    """
    days = rules.settings.days(channel)
    return days.reminder_2 if days.reminder_2 < days.reminder_1 else 0
