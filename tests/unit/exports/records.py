"""Records with sensible fields that a test overrides where it matters."""

from dataclasses import replace
from typing import Any

from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Customer, Phone
from crossbay.domain.organization import Shop
from crossbay.domain.work.repair_order import (
    Authorization,
    Job,
    LaborLine,
    PartLine,
    RepairOrder,
    RepairOrderStatus,
    VehicleSnapshot,
)

SHOP = Shop(
    id="shop-1",
    organization_id="org-1",
    business_name="Harborline Auto Seattle",
    phone="+12065550100",
    address=Address(
        line1="1420 Alder Pier Way",
        line2="Bay 3",
        city="Seattle",
        region="WA",
        postal_code="98101",
        country="US",
    ),
)

VEHICLE = VehicleSnapshot(
    id="vehicle-1",
    vin="1HGCM82633A004352",
    plate="QX 0001",
    plate_region="wa",
    year=2003,
    make="Honda",
    model="Accord",
    sub_model="EX",
    engine="3.0L V6",
)

CUSTOMER = Customer(
    id="customer-1",
    organization_id="org-1",
    shop_id="shop-1",
    first_name="Rosa",
    last_name="Lopez",
    phones=(Phone(number="+12065550101", label="mobile"), Phone(number="+12065550102", label="work")),
    emails=("rosa.lopez@example.com",),
    billing_address=Address(
        line1="12 Alder St", city="Tacoma", region="WA", postal_code="98402", country="US"
    ),
)


def job(title: str, cents: int = 41_250, authorization: Authorization = Authorization.APPROVED) -> Job:
    """A job of one labor and one part line."""
    return Job(
        id=title,
        title=title,
        authorization=authorization,
        labor=(LaborLine(description="Labor", hundredth_hours=100, amount_cents=cents - 5_000),),
        parts=(PartLine(description="Part", amount_cents=5_000),),
        amount_cents=cents,
    )


def order(*jobs: Job, **fields: Any) -> RepairOrder:
    """An invoiced RO of the vehicle above, an oil change unless jobs are given."""
    whole = RepairOrder(
        id="order-1",
        organization_id="org-1",
        shop_id="shop-1",
        customer_id="customer-1",
        number="1001",
        opened_on="2026-01-05",
        invoiced_on="2026-01-06",
        status=RepairOrderStatus.INVOICED,
        vehicle=VEHICLE,
        odometer_miles=84_210,
        jobs=jobs or (job("Oil change"),),
    )
    return replace(whole, **fields)


def vehicle(**fields: Any) -> VehicleSnapshot:
    return replace(VEHICLE, **fields)


def customer(**fields: Any) -> Customer:
    return replace(CUSTOMER, **fields)
