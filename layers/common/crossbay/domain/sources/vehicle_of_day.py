"""Who is in the shop on a day: its appointments and open repair orders, one entry a visit (M3)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import MappingProxyType

from crossbay.domain.work.appointment import Appointment, AppointmentStatus
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus

IN_THE_SHOP_DAYS = MappingProxyType({RepairOrderStatus.ESTIMATE: 7, RepairOrderStatus.IN_PROGRESS: 30})
"""How long before the day open ROs are looked for. An estimate that nobody decided on in a week, and work
that nobody invoiced in a month, is forgotten far more often than its vehicle is still in the shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitOfDay:
    """An appointment, a repair order, or both where they are of one visit."""

    appointment: Appointment | None = None
    order: RepairOrder | None = None

    @property
    def customer_id(self) -> str:
        return self._record.customer_id

    @property
    def position(self) -> tuple[str, str, str]:
        """Those who came without an appointment, by the day of their RO; then appointments by their time."""
        if self.appointment:
            return (self.appointment.starts_at, "", self.appointment.id)
        return ("", self.order.opened_on if self.order else "", self._record.id)

    @property
    def _record(self) -> Appointment | RepairOrder:
        found = self.appointment or self.order
        if found is None:
            raise ValueError("a visit without appointment and repair order")
        return found


def visits_of_day(appointments: Iterable[Appointment], orders: Iterable[RepairOrder]) -> list[VisitOfDay]:
    """The visits of a civil day, in order. appointments: that start on it. orders: of vehicles in the shop.

    What is cancelled, invoiced or void is left out. An appointment and a repair order are of one visit where
    one names the other, else where customer and vehicle are the same.
    """
    kept = sorted(
        (one for one in appointments if one.status is not AppointmentStatus.CANCELLED),
        key=lambda one: (one.starts_at, one.id),
    )
    there = sorted((one for one in orders if one.is_open), key=lambda one: (one.opened_on, one.id))
    left = {one.id: one for one in there}
    pairs = _paired(kept, left, _names)
    pairs |= _paired([one for one in kept if one.id not in pairs], left, _is_of_same_vehicle)
    visits = [VisitOfDay(appointment=one, order=pairs.get(one.id)) for one in kept]
    visits += [VisitOfDay(order=one) for one in left.values()]
    return sorted(visits, key=lambda visit: visit.position)


def _paired(
    appointments: Iterable[Appointment],
    left: dict[str, RepairOrder],
    is_one_visit: Callable[[Appointment, RepairOrder], bool],
) -> dict[str, RepairOrder]:
    """The repair order of each appointment that has one, by the appointment's id; taken out of `left`."""
    pairs: dict[str, RepairOrder] = {}
    for appointment in appointments:
        found = next((one for one in left.values() if is_one_visit(appointment, one)), None)
        if found:
            pairs[appointment.id] = left.pop(found.id)
    return pairs


def _names(appointment: Appointment, order: RepairOrder) -> bool:
    return appointment.repair_order_id == order.id or order.appointment_id == appointment.id


def _is_of_same_vehicle(appointment: Appointment, order: RepairOrder) -> bool:
    mine, theirs = (appointment.customer_id, appointment.vehicle_id), (order.customer_id, order.vehicle.id)
    return mine == theirs
