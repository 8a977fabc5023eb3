"""Whether what a message says is true on the day it goes out, by kind; and which vehicle it may name."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from crossbay.campaigns.context import Moment
from crossbay.campaigns.decision import Check
from crossbay.campaigns.facts import Arrival
from crossbay.campaigns.occasions import DueOccasion
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.work.appointment import Appointment, AppointmentStatus, is_booked
from crossbay.domain.work.history import LastDone, done_after
from crossbay.domain.work.service import service_key
from crossbay.domain.work.visit import DeclinedItem, Visit

AT_WORK_DAYS = 365
"""Work in progress that was begun longer ago is an RO that nobody closed."""


def truth_checks(moment: Moment, due: DueOccasion) -> Iterator[Check]:
    """What must be true for the kind, in order. Callers stop at the first that isn't."""
    if due.appointment:
        yield _still_booked(due, due.appointment)
        yield from _OF_APPOINTMENT[due.occasion.kind](moment, due.appointment)
    elif due.visit:
        yield from _OF_VISIT[due.occasion.kind](moment, due.visit)
    else:
        yield _failed("gone", "what it is about was deleted or voided")


def left_to_do(moment: Moment, visit: Visit) -> tuple[DeclinedItem, ...]:
    """The declined items of a visit that have not been done since, here or at a linked shop (S18)."""
    return tuple(item for item in visit.declined if _done(moment, visit, item) is None)


def _done(moment: Moment, visit: Visit, item: DeclinedItem) -> LastDone | None:
    keys = [("ROOT", item.root_item_id)]
    if visit.vehicle_identity:
        keys.append((visit.vehicle_identity, service_key(item.title)))
    claims = [done for key in keys for done in moment.facts.done.get(key, ())]
    past = (done for done in claims if done.invoiced_on <= moment.today)
    return done_after(visit.repair_order_id, item.declined_on, past)


def _still_booked(due: DueOccasion, appointment: Appointment) -> Check:
    if appointment.deleted_at:
        return _failed("cancelled", f"appointment of {appointment.date} deleted")
    if appointment.status is not AppointmentStatus.BOOKED:
        return _failed(
            appointment.status.value, f"appointment of {appointment.date} {appointment.status.value}"
        )
    if due.occasion.reason_id != f"{appointment.id}|{appointment.starts_at}":
        return _failed("moved", f"appointment moved, now on {appointment.date}")
    return _passed("booked", f"booked for {appointment.date}")


def _ahead(moment: Moment, appointment: Appointment) -> Iterator[Check]:
    if appointment.starts_at <= moment.run_at:
        yield _failed("passed", f"appointment of {appointment.date} has passed")
    else:
        yield _passed("passed", "still ahead")


def _first_of_two(moment: Moment, appointment: Appointment) -> Iterator[Check]:
    """The first reminder promises a second, so it doesn't go out when the second's day has come."""
    yield from _ahead(moment, appointment)
    second, first = moment.days.reminder_2, moment.days.reminder_1
    if 0 < second <= first:
        second_on = date.fromisoformat(appointment.date) - timedelta(days=second)
        if second_on <= moment.on:
            yield _failed("second_reminder", f"the second reminder is due since {second_on}")


def _missed(moment: Moment, appointment: Appointment) -> Iterator[Check]:
    if appointment.date >= moment.today:
        yield _failed("missed", f"appointment of {appointment.date} is still ahead")
    if appointment.repair_order_id:
        yield _failed("came", f"came for the appointment of {appointment.date}")
    came = min(_came(moment, appointment), key=lambda arrival: arrival.opened_on, default=None)
    if came and came.is_expected:
        yield _failed("came", "missed (it is still to come, and taken as kept)")
    elif came:
        other = "" if appointment.vehicle_id in ("", came.vehicle_id) else " with another vehicle"
        yield _failed("came", f"came on {came.opened_on}{other}")
    yield _passed("came", "not come since")
    anew = next((one for one in _ahead_of(moment) if _is_anew(one, appointment)), None)
    if anew:
        yield _failed("booked_anew", f"booked anew for {anew.date}")
    else:
        yield _passed("booked_anew", "not booked anew")


def _came(moment: Moment, missed: Appointment) -> Iterator[Arrival]:
    """The vehicle since the day of the appointment, or on that day whichever of the customer's."""
    for arrival in moment.facts.arrivals:
        is_same = missed.vehicle_id in ("", arrival.vehicle_id)
        until = moment.today if is_same else missed.date
        if missed.date <= arrival.opened_on <= until:
            yield arrival


def _ahead_of(moment: Moment) -> list[Appointment]:
    """The customer's appointments still to come, the next first."""
    ahead = (one for one in moment.facts.booked if one.starts_at > moment.run_at and is_booked(one))
    return sorted(ahead, key=lambda one: (one.starts_at, one.id))


def _is_anew(ahead: Appointment, missed: Appointment) -> bool:
    """Whether it stands for the missed one: it is for the same vehicle, or was made since."""
    same = "" in (ahead.vehicle_id, missed.vehicle_id) or ahead.vehicle_id == missed.vehicle_id
    return same or ahead.created_at > missed.starts_at


def _last_of_vehicle(moment: Moment, visit: Visit) -> Iterator[Check]:
    later = moment.visit_after(visit, same_vehicle=True)
    if later:
        yield _failed("came_again", f"vehicle here again on {later.invoiced_on}")
    else:
        yield _passed("came_again", "last visit of the vehicle")


def _something_left(moment: Moment, visit: Visit) -> Iterator[Check]:
    """Two ROs of one day name their own items each, so only a later day counts as another visit."""
    later = moment.visit_after(visit, same_vehicle=True)
    if later and later.invoiced_on > visit.invoiced_on:
        yield _failed("came_again", f"vehicle here again on {later.invoiced_on}")
    if not visit.declined:
        yield _failed("nothing_declined", f"anything declined on {visit.invoiced_on}")
    done = [(item, claim) for item in visit.declined if (claim := _done(moment, visit, item))]
    since = ", ".join(_words(moment, item, claim) for item, claim in done)
    left = len(visit.declined) - len(done)
    if left:
        but = f" ({since})" if since else ""
        yield _passed("deferred_left", f"{left} of {len(visit.declined)} declined not done since{but}")
    else:
        yield _failed("done_since", f"all {len(visit.declined)} declined done since ({since})")


def _words(moment: Moment, item: DeclinedItem, done: LastDone) -> str:
    elsewhere = done.shop_name and done.shop_id != moment.rules.shop.id
    shop = f" at {done.shop_name}" if elsewhere else ""
    when = "the same day" if done.is_same_day else f"on {done.invoiced_on}"
    return f"{item.title} {when}{shop}"


def _stayed_away(moment: Moment, visit: Visit) -> Iterator[Check]:
    later = moment.visit_after(visit, same_vehicle=False)
    if later:
        yield _failed("came_again", f"here again on {later.invoiced_on}")
    ahead = next(iter(_ahead_of(moment)), None)
    if ahead:
        yield _failed("appointment_ahead", f"appointment ahead on {ahead.date}")
    at_work = _at_work(moment)
    if at_work:
        yield _failed("in_progress", f"work in progress here since {at_work.opened_on}")
    recent = (moment.on - timedelta(days=moment.days.inactive)).isoformat()
    visits = (v for v in moment.facts.linked_visits if recent < v.invoiced_on <= moment.today)
    linked = max(visits, key=lambda v: (v.invoiced_on, v.shop_id), default=None)
    if linked:
        yield _failed("linked_visit", f"at linked shop {linked.shop_name} on {linked.invoiced_on}")
    else:
        yield _passed("linked_visit", f"no visit to a linked shop in {moment.days.inactive} days")


def _at_work(moment: Moment) -> Arrival | None:
    """The latest work in progress; an RO left open for longer than a year is none."""
    since = (moment.on - timedelta(days=AT_WORK_DAYS)).isoformat()
    open_now = (a for a in moment.facts.arrivals if a.in_progress and since <= a.opened_on <= moment.today)
    return max(open_now, key=lambda arrival: arrival.opened_on, default=None)


_OF_APPOINTMENT: dict[MessageKind, Callable[[Moment, Appointment], Iterator[Check]]] = {
    MessageKind.REMINDER_2: _ahead,
    MessageKind.REMINDER_1: _first_of_two,
    MessageKind.NO_SHOW: _missed,
}
_OF_VISIT: dict[MessageKind, Callable[[Moment, Visit], Iterator[Check]]] = {
    MessageKind.THANK_YOU: _last_of_vehicle,
    MessageKind.DEFERRED: _something_left,
    MessageKind.INACTIVE: _stayed_away,
}


def named_vehicle(moment: Moment, due: DueOccasion) -> tuple[str, Check]:
    """The id of the vehicle that the message names, and whether it may; an empty id where it names none.

    An inactive message names the vehicle of the last visit or, where that may not be named, the customer's
    next: the latest here first.
    """
    by_id = {vehicle.id: vehicle for vehicle in moment.facts.vehicles}
    own = due.occasion.vehicle_id
    others = _latest_first(moment) if due.occasion.kind is MessageKind.INACTIVE else []
    if not own and not others:
        return "", _passed("vehicle", "no vehicle named")
    candidates = [own] * bool(own) + [vehicle_id for vehicle_id in others if vehicle_id != own]
    for vehicle_id in candidates:
        if not _why_left_out(by_id.get(vehicle_id)):
            return vehicle_id, _passed("vehicle", _title(by_id[vehicle_id]))
    reasons = dict.fromkeys(_why_left_out(by_id.get(vehicle_id)) for vehicle_id in candidates)
    return "", _failed("vehicle", ", ".join(reasons))


def _latest_first(moment: Moment) -> list[str]:
    visited = [visit.vehicle_id for visit in moment.visits if visit.vehicle_id]
    unvisited = sorted((vehicle.id for vehicle in moment.facts.vehicles), reverse=True)
    return list(dict.fromkeys([*visited, *unvisited]))


def _why_left_out(vehicle: Vehicle | None) -> str:
    if vehicle is None or vehicle.deleted_at:
        return "vehicle not on file any more"
    if vehicle.is_sold:
        return f"{_title(vehicle)} sold"
    return f"{_title(vehicle)} not to be contacted about" if vehicle.do_not_contact else ""


def _title(vehicle: Vehicle) -> str:
    return vehicle.title or "vehicle"


def _passed(code: str, text: str) -> Check:
    return Check(code=code, text=text, passed=True)


def _failed(code: str, text: str) -> Check:
    return Check(code=code, text=text, passed=False)
