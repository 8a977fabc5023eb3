"""The message of a kind as it would go out to a customer today, were it due: what a preview shows (C7)."""

from collections.abc import Iterable
from datetime import date

from crossbay.campaigns.context import Moment
from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import Check, Hold, Send
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.campaigns.occasions import ABOUT_APPOINTMENTS, DueOccasion, appointment_occasion, visit_occasion
from crossbay.campaigns.still_true import left_to_do, named_vehicle
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.work.appointment import Appointment, AppointmentStatus
from crossbay.domain.work.visit import Visit

_TODAY = Check(code="day", text="as if due today", passed=True)


def as_if_due(
    rules: Rules, facts: CustomerFacts, kind: MessageKind, channel: Channel, today: date
) -> Send | None:
    """What goes out today; else the appointment or visit that fits the kind best, decided like what is due.

    None where the customer has nothing that the kind is about.
    """
    for one in decide(rules, facts, today, kinds=(kind,)):
        if isinstance(one, Send | Hold) and one.kind is kind:
            return Send(
                occasion=one.occasion,
                channel=channel,
                due_on=one.due_on,
                checks=one.checks,
                vehicle_id=one.vehicle_id,
                declined=one.declined,
            )
    moment = Moment(rules=rules, facts=facts, day=today, on=today)
    due = _fitting(moment, kind)
    if due is None:
        return None
    vehicle_id, _ = named_vehicle(moment, due)
    return Send(
        occasion=due.occasion,
        channel=channel,
        due_on=due.due_on,
        checks=(due.day,),
        vehicle_id=vehicle_id,
        declined=left_to_do(moment, due.visit) if due.visit and kind is MessageKind.DEFERRED else (),
    )


def _fitting(moment: Moment, kind: MessageKind) -> DueOccasion | None:
    today = moment.today
    if kind in ABOUT_APPOINTMENTS:
        appointment = _fitting_appointment(moment.known_appointments, kind, today)
        if appointment is None:
            return None
        occasion = appointment_occasion(kind, appointment)
        return DueOccasion(occasion=occasion, due_on=today, day=_TODAY, appointment=appointment)
    visit = next((one for one in moment.visits if _fits(moment, one, kind)), None)
    if visit is None:
        return None
    since = moment.days_since(visit.invoiced_on)
    occasion = visit_occasion(kind, moment.facts.customer.id, visit, since)
    return DueOccasion(occasion=occasion, due_on=today, day=_TODAY, visit=visit)


def _fits(moment: Moment, visit: Visit, kind: MessageKind) -> bool:
    """A deferred letter is about a vehicle's last visit with something left to do, the others about any."""
    if kind is not MessageKind.DEFERRED:
        return True
    later = moment.visit_after(visit, same_vehicle=True)
    came_again = later is not None and later.invoiced_on > visit.invoiced_on
    return not came_again and bool(left_to_do(moment, visit))


def _fitting_appointment(booked: Iterable[Appointment], kind: MessageKind, today: str) -> Appointment | None:
    """The next appointment for a reminder, the last past one for a no-show."""
    standing = [one for one in booked if one.status is AppointmentStatus.BOOKED and not one.deleted_at]
    if kind is MessageKind.NO_SHOW:
        return max((one for one in standing if one.date < today), key=_starts_at, default=None)
    return min((one for one in standing if one.date >= today), key=_starts_at, default=None)


def _starts_at(appointment: Appointment) -> str:
    return appointment.starts_at
