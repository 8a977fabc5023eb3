"""Every partner: its module, how an RO becomes its row, and what its rows need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Generic, TypeVar

from crossbay.domain.customers.customer import Customer
from crossbay.domain.organization import Shop
from crossbay.domain.partner import PartnerCode
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.exports.cells import across, ascii_cell
from crossbay.exports.partner import Partner
from crossbay.exports.partners import carfax, customerlink, mechanicnet
from crossbay.exports.service_record import ExportChange, ServiceRecord, service_record
from crossbay.exports.visit_record import VisitRecord, visit_record

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredPartner(Generic[Row]):
    """record: a row's type. row: of an RO, its customer and its shop.

    needs_vin: the partner knows vehicles by their VIN. needs_certificate: a file of it leaves only with a
    certificate. free_text: the cells of a row that people typed, as they stand in the file: the RO number,
    then the others, then what is read across two titles; none where there is no certificate.
    """

    partner: Partner[Row]
    record: type[Row]
    row: Callable[[RepairOrder, Customer, Shop, ExportChange], Row]
    needs_vin: bool = False
    needs_certificate: bool = False
    free_text: Callable[[Row], tuple[str, ...]] = lambda row: ()


def _service_row(order: RepairOrder, customer: Customer, shop: Shop, change: ExportChange) -> ServiceRecord:
    """The customer goes no further than here."""
    return service_record(order, shop, change)


def _service_text(record: ServiceRecord) -> tuple[str, ...]:
    vehicle = (record.make, record.model, record.sub_model, record.engine)
    cells = tuple(map(ascii_cell, (record.number, *vehicle, *record.service_titles)))
    titles = cells[1 + len(vehicle) :]
    return (*cells, *(across(*pair) for pair in pairwise(titles)))


_CARFAX: RegisteredPartner[ServiceRecord] = RegisteredPartner(
    partner=carfax,
    record=ServiceRecord,
    row=_service_row,
    needs_vin=True,
    needs_certificate=True,
    free_text=_service_text,
)
_CUSTOMERLINK: RegisteredPartner[VisitRecord] = RegisteredPartner(
    partner=customerlink, record=VisitRecord, row=visit_record
)
_MECHANICNET: RegisteredPartner[VisitRecord] = RegisteredPartner(
    partner=mechanicnet, record=VisitRecord, row=visit_record
)

PARTNERS: Mapping[PartnerCode, RegisteredPartner[Any]] = {
    entry.partner.code: entry for entry in (_CARFAX, _CUSTOMERLINK, _MECHANICNET)
}
"""Of a row that the caller only hands on, from `row` to `free_text` and `render` of the same entry."""
