"""What a partner file may say, as two types, one of them without a person; how a repair order becomes either.

CARFAX's writer takes `ServiceRecord`s, which have no personal field, no labor, no part and no amount: what it
must not send, it is never given (C22).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Customer
from crossbay.domain.organization import Shop
from crossbay.domain.work.repair_order import Authorization, Job, RepairOrder, RepairOrderStatus


class ExportChange(StrEnum):
    """What a row is to the partner: not told before, told before otherwise, or told before and void now."""

    NEW = "new"
    AMENDED = "amended"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """The shop as its contact card says."""

    name: str
    address: Address
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRecord:
    """A visit without the person. invoiced_on: civil date. service_titles: of the approved jobs, as typed,
    without blank ones."""

    number: str
    invoiced_on: str
    change: ExportChange
    facility: Facility
    vin: str = ""
    plate: str = ""
    plate_region: str = ""
    odometer_miles: int | None = None
    year: int | None = None
    make: str = ""
    model: str = ""
    sub_model: str = ""
    engine: str = ""
    service_titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRecord:
    """A visit with its customer, for partners who write to customers in the shop's name.

    declined: the declined jobs. approved: the others that were done.
    """

    service: ServiceRecord
    customer: Customer
    approved: tuple[Job, ...] = ()
    declined: tuple[Job, ...] = ()

    @property
    def total_cents(self) -> int:
        return sum(job.amount_cents for job in self.approved)


def service_record(order: RepairOrder, shop: Shop, change: ExportChange) -> ServiceRecord:
    """What an RO says without its person."""
    vehicle = order.vehicle
    return ServiceRecord(
        number=order.number,
        invoiced_on=order.invoiced_on,
        change=change,
        facility=Facility(name=shop.business_name, address=shop.address, phone=shop.phone),
        vin=vehicle.vin,
        plate=vehicle.plate,
        plate_region=vehicle.plate_region,
        odometer_miles=order.odometer_miles,
        year=vehicle.year,
        make=vehicle.make,
        model=vehicle.model,
        sub_model=vehicle.sub_model,
        engine=vehicle.engine,
        service_titles=tuple(job.title for job in _jobs(order, Authorization.APPROVED) if job.title.strip()),
    )


def visit_record(order: RepairOrder, customer: Customer, shop: Shop, change: ExportChange) -> VisitRecord:
    """What an RO says with its person; of a customer who is deleted, without it."""
    return VisitRecord(
        service=service_record(order, shop, change),
        customer=_nobody(customer) if customer.deleted_at else customer,
        approved=tuple(_jobs(order, Authorization.APPROVED)),
        declined=tuple(_jobs(order, Authorization.DECLINED)),
    )


def _nobody(customer: Customer) -> Customer:
    return Customer(
        id=customer.id,
        organization_id=customer.organization_id,
        shop_id=customer.shop_id,
        deleted_at=customer.deleted_at,
    )


def _jobs(order: RepairOrder, authorization: Authorization) -> Iterator[Job]:
    """An RO that is void says nothing of work."""
    if order.status is not RepairOrderStatus.VOID:
        yield from (job for job in order.jobs if job.authorization is authorization)
