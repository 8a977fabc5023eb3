"""Rows of what belongs to a customer (repair orders, appointments, equipment, quotes): whose they are, which
vehicle and address they name, and once more where a record changed in between.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from crossbay.app.imports.customers import KIND as CUSTOMER
from crossbay.app.imports.records import (
    Draft,
    Intake,
    Task,
    by_customer,
    missing,
    not_brought_back,
    refused_by,
    verdict_of,
)
from crossbay.app.imports.vehicles import KIND as VEHICLE
from crossbay.app.retry import again_when_contended
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.equipment import Equipment
from crossbay.domain.organization import ShopRef
from crossbay.domain.quote import Quote
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.errors import BadInput, Conflict, Contended, Stale
from crossbay.imports.appointments import AppointmentRow
from crossbay.imports.equipment import EquipmentRow
from crossbay.imports.quotes import QuoteRow
from crossbay.imports.repair_orders import OrderRow
from crossbay.imports.run import RowOutcome
from crossbay.store.customers.customers import CustomerFile, find_file
from crossbay.store.imports import FoundRecord, known_vehicles
from crossbay.store.reads import Reads

Content = TypeVar("Content", OrderRow, AppointmentRow, EquipmentRow, QuoteRow)
Record = TypeVar("Record", RepairOrder, Appointment, Equipment, Quote)
Located = TypeVar("Located", Appointment, Equipment, Quote)

_MOVED = "belongs to another customer here since an earlier import, which can't be changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings(Generic[Content, Record]):
    """One kind of record of a customer. find: the record under an id of the shop, or None.

    take: saves the row as a record of this customer, new or in place of the one that stands, and may raise
    BadInput for what keeps the row out, Conflict, Stale or Contended when the record changed meanwhile.
    """

    find: Callable[[Reads, ShopRef, str], Record | None]
    take: Callable[[Intake, Draft[Content], CustomerFile, Record | None], RowOutcome]

    def tasks(
        self, intake: Intake, drafts: Sequence[Draft[Content]], known: Mapping[str, FoundRecord[Record]]
    ) -> list[Task]:
        """A task a customer. known: the records that stand, by id, as far as they were read already."""
        groups = by_customer(drafts, lambda draft: draft.content.customer_id)
        return [self._task(intake, listed, known) for _, listed in groups]

    def _task(
        self, intake: Intake, drafts: Sequence[Draft[Content]], known: Mapping[str, FoundRecord[Record]]
    ) -> Task:
        def run() -> list[RowOutcome]:
            file = _owner(intake, drafts[0])
            return [self._once_or_anew(intake, draft, file, known.get(draft.record_id)) for draft in drafts]

        return run

    def _once_or_anew(
        self,
        intake: Intake,
        draft: Draft[Content],
        file: CustomerFile | None,
        found: FoundRecord[Record] | None,
    ) -> RowOutcome:
        try:
            return self._take(intake, draft, file, found.record if found else None)
        except (Conflict, Stale, Contended):
            return self._anew(intake, draft)

    @again_when_contended
    def _anew(self, intake: Intake, draft: Draft[Content]) -> RowOutcome:
        """Take the row in with everything read again."""
        before = self.find(intake.reads, intake.shop.ref, draft.record_id)
        verdict = verdict_of(before, draft.sha256, intake.stamp)
        if verdict is not None:
            return draft.taken(verdict)
        try:
            return self._take(intake, draft, _owner(intake, draft), before)
        except (Conflict, Stale) as error:
            raise Contended(f"record {draft.record_id}") from error

    def _take(
        self, intake: Intake, draft: Draft[Content], file: CustomerFile | None, before: Record | None
    ) -> RowOutcome:
        if file is None:
            return draft.refused("customer_id", missing("customer", draft.content.customer_id, "customers"))
        if file.customer.erased_at or (file.customer.deleted_at and before is None):
            return draft.refused("customer_id", not_brought_back(file.customer))
        if before is not None and before.customer_id != file.customer.id:
            return draft.refused("customer_id", _MOVED)
        try:
            return self.take(intake, draft, file, before)
        except BadInput as error:
            return refused_by(draft, error)


def located(
    intake: Intake,
    file: CustomerFile,
    row: AppointmentRow | EquipmentRow | QuoteRow,
    record: Located,
    *,
    is_new: bool,
) -> Located:
    """The record with the vehicle and the service address that the row names.

    Raises BadInput for one that isn't there.
    """
    if row.vehicle_id is not None:
        vehicle = vehicle_of(intake, file, row.vehicle_id)
        record = replace(record, vehicle_id=vehicle.id if vehicle else "")
    if row.service_position is not None or is_new:
        record = replace(record, service_address_id=service_address_id(file, row.service_position or 0))
    return record


def vehicle_of(intake: Intake, file: CustomerFile, pos_id: str) -> Vehicle | None:
    """The vehicle that the point of sale calls `pos_id`, None for an empty id.

    One that has gone to another customer of the shop since is found there. Raises BadInput where none is.
    """
    if not pos_id:
        return None
    vehicle_id = intake.record_id(VEHICLE, pos_id)
    for vehicle in file.vehicles:
        if vehicle.id == vehicle_id:
            return vehicle
    found = known_vehicles(intake.reads, intake.shop.ref, [vehicle_id]).get(vehicle_id)
    if found is None:
        raise BadInput("", fields={"vehicle_id": missing("vehicle", pos_id, "vehicles")})
    return found.record


def service_address_id(file: CustomerFile, position: int) -> str:
    """The customer's service address at this position, from 1.

    Counted as the file of customers numbers them, also where one of theirs is empty or was left out there.
    0 is the first. Raises BadInput where there is none.
    """
    addresses = [address.id for address in file.customer.service_addresses]
    if not position:
        return addresses[0] if addresses else ""
    imported = file.customer.imported
    places = imported.addresses if imported else ()
    named = (places if position <= len(places) else addresses)[position - 1 : position]
    if named and named[0] in addresses:
        return named[0]
    if position == 1 and addresses:
        return addresses[0]
    has = "has none there" if named else f"has {len(addresses)}"
    raise BadInput("", fields={"service_address": f"is {position}, but the customer {has}"})


def _owner(intake: Intake, draft: Draft[Content]) -> CustomerFile | None:
    customer_id = intake.record_id(CUSTOMER, draft.content.customer_id)
    return find_file(intake.reads, intake.shop.organization_id, intake.customer_ref(customer_id))
