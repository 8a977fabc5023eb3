"""What a partner believes of a repair order after all it was told, and what it must hear (C23).

A partner knows a visit by its RO number; one that knows vehicles by their VIN, by both. A visit told
under a VIN or number that isn't the RO's any more stands with the partner until it is taken back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from crossbay.domain.vin.vin import VinStatus, check_vin, normalize_vin
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus, VehicleSnapshot
from crossbay.exports.orders_left_out import LeftOut, LeftOutReason
from crossbay.exports.run import Telling
from crossbay.exports.service_record import ExportChange


class VisitName(NamedTuple):
    """What a partner knows a visit by. vin: empty for one that doesn't know vehicles by it."""

    vin: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a partner is to hear of a repair order.

    change: of its own row, None for no row. told: what that row amends or takes back. taken_back: what else
    the partner believes and isn't so, each a row of its own.
    """

    change: ExportChange | None
    told: Telling | None
    taken_back: tuple[Telling, ...]


def name_of(number: str, vin: str, *, needs_vin: bool) -> VisitName:
    return VisitName(normalize_vin(vin) if needs_vin else "", number)


def standing(tellings: Iterable[Telling], *, needs_vin: bool) -> dict[VisitName, Telling]:
    """What the partner believes, by what it knows it: told, and not taken back since.

    A row of which nobody can know whether it arrived counts as told.
    """
    believed: dict[VisitName, Telling] = {}
    for telling in sorted(tellings, key=_when):
        name = name_of(telling.number, telling.vin, needs_vin=needs_vin)
        if telling.change is ExportChange.VOIDED:
            believed.pop(name, None)
        else:
            believed[name] = telling
    return believed


def news(
    order: RepairOrder, believed: dict[VisitName, Telling], why: LeftOut | None, *, needs_vin: bool
) -> News:
    """What the partner must hear. why: what keeps the RO from being told, if anything.

    An RO that is open again waits under its name until it is invoiced or voided; under any other name, and
    where nothing of it can be told any more, what was told is taken back.
    """
    own = name_of(order.number, order.vehicle.vin, needs_vin=needs_vin)
    is_void = order.status is RepairOrderStatus.VOID
    told = believed.get(own)
    if is_void:
        change = ExportChange.VOIDED if told else None
    elif why is None:
        change = ExportChange.AMENDED if told else ExportChange.NEW
    else:
        change = None
    stays = change is not None or (why is not None and _waits(order, why, needs_vin=needs_vin))
    others = (telling for name, telling in believed.items() if name != own or not stays)
    return News(change=change, told=told, taken_back=tuple(others))


def taken_back(order: RepairOrder, telling: Telling) -> RepairOrder:
    """The RO as it stands with the partner by this telling, void: what a row that takes it back says.

    Of another vehicle than the RO's own nothing is said but its VIN.
    """
    is_own = normalize_vin(order.vehicle.vin) == normalize_vin(telling.vin)
    return replace(
        order,
        status=RepairOrderStatus.VOID,
        number=telling.number,
        invoiced_on=telling.invoiced_on or order.invoiced_on,
        vehicle=order.vehicle if is_own else VehicleSnapshot(vin=telling.vin),
        odometer_miles=order.odometer_miles if is_own else None,
    )


def _waits(order: RepairOrder, why: LeftOut, *, needs_vin: bool) -> bool:
    if why.reason is not LeftOutReason.NOT_INVOICED:
        return False
    return not needs_vin or check_vin(order.vehicle.vin).status is not VinStatus.INVALID


def _when(telling: Telling) -> tuple[str, str, int, int]:
    """A run begun later may be delivered first, so the run's own name comes second."""
    return telling.at, telling.run_date, telling.run_number, -telling.part
