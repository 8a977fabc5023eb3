"""What CARFAX is told of a visit, and what not: no person, no labor, no part and no amount (C22).

Its writer takes `ServiceRecord`s, which have no field for any of them: what it must not send, it is never
given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.address import Address
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


def service_record(order: RepairOrder, shop: Shop, change: ExportChange) -> ServiceRecord:
    """What an RO says without its person."""
    vehicle, done = order.vehicle, told_jobs(order, Authorization.APPROVED)
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
        service_titles=tuple(job.title for job in done if job.title.strip()),
    )


def told_jobs(order: RepairOrder, authorization: Authorization) -> Iterator[Job]:
    """The RO's jobs that were decided so. An RO that is void says nothing of work."""
    if order.status is not RepairOrderStatus.VOID:
        yield from (job for job in order.jobs if job.authorization is authorization)
