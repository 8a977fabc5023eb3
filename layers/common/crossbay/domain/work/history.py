"""History rows: what each repair order contributes to its customer's job, declined and inspection history.

A row names no internal note: another shop reads it (S19). "Done since" compares rows with `LastDone` (S18).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from crossbay.domain.customers.vehicle import vehicle_identity
from crossbay.domain.work.repair_order import (
    Authorization,
    InspectionItem,
    LaborLine,
    PartLine,
    Provenance,
    RepairOrder,
    RepairOrderStatus,
    VehicleSnapshot,
)
from crossbay.domain.work.service import service_key


class HistoryKind(StrEnum):
    JOBS = "jobs"
    DECLINED = "declined"
    INSPECTIONS = "inspections"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDone:
    """An approved job on an invoiced RO, the latest of its vehicle and service in one customer's records.

    is_same_day: of a declined job's mark, whether it was done on the civil day on which it was declined.
    """

    shop_id: str
    repair_order_id: str
    repair_order_number: str
    job_id: str
    title: str
    invoiced_on: str
    shop_name: str = ""
    is_same_day: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One job or inspection as its shop recorded it.

    date: the day the RO was opened. item_id: the job or inspection. shop_name, done_since: filled when read.
    """

    kind: HistoryKind
    shop_id: str
    shop_name: str = ""
    customer_id: str
    repair_order_id: str
    repair_order_number: str
    repair_order_status: RepairOrderStatus
    date: str
    invoiced_on: str = ""
    odometer_miles: int | None = None
    service_address_id: str = ""
    vehicle: VehicleSnapshot = VehicleSnapshot()
    item_id: str
    root_item_id: str
    title: str
    category: str = ""
    authorization: Authorization | None = None
    labor: tuple[LaborLine, ...] = ()
    parts: tuple[PartLine, ...] = ()
    amount_cents: int = 0
    notes: str = ""
    items: tuple[InspectionItem, ...] = ()
    equipment_ids: tuple[str, ...] = ()
    copied_from: Provenance | None = None
    done_since: LastDone | None = None

    @property
    def position(self) -> tuple[str, str, str]:
        """Where the row stands in a merged list, newest first: ids are unique, so no two rows stand equal."""
        return (self.date, self.repair_order_id, self.item_id)

    @property
    def vehicle_identity(self) -> str:
        return vehicle_identity(self.vehicle.vin, self.vehicle.plate, self.vehicle.plate_region)

    @property
    def done_keys(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """The (vehicle identity, service) and ("ROOT", job) that a later job would be noted as done under."""
        return (self.vehicle_identity, service_key(self.title)), ("ROOT", self.root_item_id)


def history_rows(order: RepairOrder) -> Iterator[HistoryRow]:
    """An RO's rows: approved and declined jobs, inspections. Pending jobs give none, nor does a void RO."""
    if order.status is RepairOrderStatus.VOID:
        return
    kinds = {Authorization.APPROVED: HistoryKind.JOBS, Authorization.DECLINED: HistoryKind.DECLINED}
    common = {
        "shop_id": order.shop_id,
        "customer_id": order.customer_id,
        "repair_order_id": order.id,
        "repair_order_number": order.number,
        "repair_order_status": order.status,
        "date": order.opened_on,
        "invoiced_on": order.invoiced_on,
        "odometer_miles": order.odometer_miles,
        "service_address_id": order.service_address_id,
        "vehicle": order.vehicle,
    }
    for job in order.jobs:
        if job.authorization in kinds:
            yield HistoryRow(
                kind=kinds[job.authorization],
                item_id=job.id,
                root_item_id=job.root_id,
                title=job.title,
                category=job.category,
                authorization=job.authorization,
                labor=job.labor,
                parts=job.parts,
                amount_cents=job.amount_cents,
                notes=job.notes,
                equipment_ids=job.equipment_ids,
                copied_from=job.copied_from,
                **common,  # type: ignore[arg-type]
            )
    for inspection in order.inspections:
        yield HistoryRow(
            kind=HistoryKind.INSPECTIONS,
            item_id=inspection.id,
            root_item_id=inspection.root_id,
            title=inspection.title,
            items=inspection.items,
            copied_from=inspection.copied_from,
            **common,  # type: ignore[arg-type]
        )


def done_by(rows: Iterable[HistoryRow]) -> dict[tuple[str, str], LastDone]:
    """What these rows say was last done, by (vehicle identity, service) and by ("ROOT", job copied)."""
    latest: dict[tuple[str, str], LastDone] = {}
    for row in rows:
        if row.kind is not HistoryKind.JOBS or row.repair_order_status is not RepairOrderStatus.INVOICED:
            continue
        done = LastDone(
            shop_id=row.shop_id,
            repair_order_id=row.repair_order_id,
            repair_order_number=row.repair_order_number,
            job_id=row.item_id,
            title=row.title,
            invoiced_on=row.invoiced_on,
        )
        by_service, by_root = row.done_keys
        for key in [by_service] * bool(by_service[0]) + [by_root] * (row.copied_from is not None):
            latest[key] = max(done, latest.get(key, done), key=_order)
    return latest


def done_since(declined: HistoryRow, candidates: Iterable[LastDone]) -> LastDone | None:
    """The latest of these done after the job was declined."""
    return done_after(declined.repair_order_id, declined.date, candidates)


def done_after(repair_order_id: str, declined_on: str, candidates: Iterable[LastDone]) -> LastDone | None:
    """The latest of these done after a job was declined: on another RO, invoiced that day or later."""
    later = later_done(
        *(
            done
            for done in candidates
            if done.repair_order_id != repair_order_id and done.invoiced_on >= declined_on
        )
    )
    return later and replace(later, is_same_day=later.invoiced_on == declined_on)


def later_done(*claims: LastDone | None) -> LastDone | None:
    """The latest of these."""
    return max((claim for claim in claims if claim is not None), key=_order, default=None)


def _order(done: LastDone) -> tuple[str, str, str]:
    return (done.invoiced_on, done.repair_order_id, done.job_id)
