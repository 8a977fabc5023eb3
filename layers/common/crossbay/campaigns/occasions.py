"""The occasions of a kind that are due: by the day, or because they wait in the ledger."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

from crossbay.campaigns.context import Moment
from crossbay.campaigns.decision import Check
from crossbay.campaigns.facts import Noted
from crossbay.campaigns.schedule import NO_END_DAYS, inactive_days
from crossbay.domain.calendar import local_date
from crossbay.domain.campaigns.message import Occasion
from crossbay.domain.campaigns.settings import Days, MessageKind
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.visit import Visit

WORDS = {kind: kind.value.replace("_", " ") for kind in MessageKind} | {MessageKind.NO_SHOW: "no-show"}
ABOUT_APPOINTMENTS = frozenset({MessageKind.REMINDER_2, MessageKind.REMINDER_1, MessageKind.NO_SHOW})


@dataclass(frozen=True, slots=True, kw_only=True)
class DueOccasion:
    """An occasion due. day: the check that says so.

    appointment, visit: what it is about; neither where that isn't on file any more.
    """

    occasion: Occasion
    due_on: str
    day: Check
    appointment: Appointment | None = None
    visit: Visit | None = None


def number_of(days: Days, kind: MessageKind) -> int:
    """The kind's own number of days; 0 where it is off."""
    return int(getattr(days, kind))


def waiting_occasions(moment: Moment, kind: MessageKind) -> Iterator[DueOccasion]:
    """What the ledger holds of the kind, to go out now: oldest first."""
    for note in moment.waiting:
        if note.occasion.kind is kind:
            yield _waiting(moment, note)


def due_occasions(moment: Moment, kind: MessageKind) -> tuple[DueOccasion, ...]:
    """What waits, then what the day names, each occasion once."""
    due = {due.occasion: due for due in waiting_occasions(moment, kind)}
    named = _of_appointments if kind in ABOUT_APPOINTMENTS else _of_visits
    for found in named(moment, kind):
        due.setdefault(found.occasion, found)
    return tuple(due.values())


def day_check(moment: Moment, kind: MessageKind) -> Check:
    """Why the day names no occasion of the kind: `day 63 of 90`."""
    if kind in ABOUT_APPOINTMENTS:
        return Check(code="day", text=f"appointment on {_appointment_day(moment, kind)}", passed=False)
    if not moment.known_visits:
        return Check(code="day", text="any visit yet", passed=False)
    since = moment.days_since(moment.known_visits[0].invoiced_on)
    if kind is not MessageKind.INACTIVE:
        return Check(code="day", text=f"day {since} of {number_of(moment.days, kind)}", passed=False)
    coming = next((step for step in inactive_days(moment.days) if step >= since), None)
    if coming:
        return Check(code="day", text=f"day {since} of {coming}", passed=False)
    if moment.days.interval:
        dead = moment.days.dead or NO_END_DAYS
        return Check(code="day", text=f"day {since}, dead from day {dead}", passed=False)
    return Check(code="day", text=f"day {since}, once on day {moment.days.inactive}", passed=False)


def appointment_occasion(kind: MessageKind, appointment: Appointment) -> Occasion:
    return Occasion(
        kind=kind,
        customer_id=appointment.customer_id,
        vehicle_id=appointment.vehicle_id,
        reason_id=f"{appointment.id}|{appointment.starts_at}",
    )


def visit_occasion(kind: MessageKind, customer_id: str, visit: Visit, step: int) -> Occasion:
    """step: the day since the visit, of an inactive message; the others have one occasion a visit."""
    reason_id = visit.repair_order_id
    if kind is MessageKind.INACTIVE:
        reason_id = f"{reason_id}|{step}"
    return Occasion(kind=kind, customer_id=customer_id, vehicle_id=visit.vehicle_id, reason_id=reason_id)


def _appointment_day(moment: Moment, kind: MessageKind) -> str:
    ahead = number_of(moment.days, kind) * (-1 if kind is MessageKind.NO_SHOW else 1)
    return (moment.day + timedelta(days=ahead)).isoformat()


def _of_appointments(moment: Moment, kind: MessageKind) -> Iterator[DueOccasion]:
    wanted = _appointment_day(moment, kind)
    zones = moment.rules.shop.zones_on(moment.day.isoformat())
    found = (one for one in moment.known_appointments if _is_on(one, wanted, zones))
    for appointment in sorted(found, key=lambda a: (a.starts_at, a.id)):
        yield DueOccasion(
            occasion=appointment_occasion(kind, appointment),
            due_on=moment.day.isoformat(),
            day=Check(code="day", text=f"appointment on {wanted}", passed=True),
            appointment=appointment,
        )


def _is_on(appointment: Appointment, wanted: str, zones: Collection[str]) -> bool:
    """Whether the appointment is on that day, or was by the zone before and is on an earlier one now.

    One that went to an earlier day with a change of time zone would be lost between two nights; one that went
    to a later day is named by a later night.
    """
    if appointment.date >= wanted:
        return appointment.date == wanted
    return wanted in {local_date(appointment.starts_at, zone).isoformat() for zone in zones}


def _of_visits(moment: Moment, kind: MessageKind) -> Iterator[DueOccasion]:
    inactive = kind is MessageKind.INACTIVE
    steps = inactive_days(moment.days) if inactive else (number_of(moment.days, kind),)
    for visit in moment.known_visits[: 1 if inactive else None]:
        since = moment.days_since(visit.invoiced_on)
        if since in steps:
            yield DueOccasion(
                occasion=visit_occasion(kind, moment.facts.customer.id, visit, since),
                due_on=moment.day.isoformat(),
                day=Check(code="day", text=f"day {since} of {since}", passed=True),
                visit=visit,
            )


def _waiting(moment: Moment, note: Noted) -> DueOccasion:
    about = note.occasion.reason_id.partition("|")[0]
    appointments = moment.facts.appointments if note.occasion.kind in ABOUT_APPOINTMENTS else ()
    visits = () if note.occasion.kind in ABOUT_APPOINTMENTS else moment.facts.visits
    return DueOccasion(
        occasion=note.occasion,
        due_on=note.due_on,
        day=Check(code="day", text=f"due on {note.due_on}, not sent yet", passed=True),
        appointment=next((a for a in appointments if a.id == about), None),
        visit=next((v for v in visits if v.repair_order_id == about), None),
    )
