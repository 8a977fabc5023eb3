"""An organization of two shops, used through the use cases, with a clock that the test moves."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from crossbay.app import organizations
from crossbay.app.campaigns import settings as campaign_settings
from crossbay.app.customers import vehicles
from crossbay.app.links import links
from crossbay.app.work import appointments, repair_orders
from crossbay.domain.access import Stamp
from crossbay.domain.address import Address
from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.settings import CampaignSettings, Days
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.link import LinkAction, LinkSet
from crossbay.domain.organization import Entitlement, Organization, Shop, ShopRef
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.repair_order import (
    Authorization,
    Job,
    RepairOrder,
    RepairOrderStatus,
    VehicleSnapshot,
)
from crossbay.ids import new_id
from crossbay.store.customers import customers
from crossbay.store.customers.customers import CustomerFile
from crossbay.store.reads import Reads
from crossbay.store.work.repair_orders import read_order
from tests.helpers.channel_settings import with_fields

_numbers = count(1)

EVERYTHING = Days(
    reminder_1=7, reminder_2=1, no_show=1, thank_you=2, deferred=30, inactive=90, interval=90, dead=365
)


@dataclass(slots=True, kw_only=True)
class ContactShop:
    """at: the instant of the next change; each change moves it on by a minute."""

    reads: Reads
    at: datetime = datetime(2027, 1, 4, 15, tzinfo=UTC)
    organization_id: str = ""
    shop_id: str = ""
    other_shop_id: str = ""

    @classmethod
    def open(cls, table: str, at: datetime = datetime(2027, 1, 4, 15, tzinfo=UTC)) -> "ContactShop":
        """Entitled to everything, contact not set up yet. at: when it is opened."""
        here = cls(reads=Reads(table), at=at)
        draft = Organization(id="", name="Harbor Garages", entitlements=frozenset(Entitlement))
        here.organization_id = organizations.create_organization(here.reads, draft, stamp=here.stamp()).id
        here.shop_id, here.other_shop_id = (here._open_shop(name) for name in ("Harbor", "Hill"))
        return here

    def _open_shop(self, name: str) -> str:
        draft = Shop(
            id="",
            organization_id=self.organization_id,
            business_name=name,
            email=f"{name.lower()}@example.com",
            address=Address(line1="100 Example St", city="Cove", region="NY", postal_code="12545"),
        )
        return organizations.create_shop(draft, stamp=self.stamp()).id

    def stamp(self) -> Stamp:
        self.at += timedelta(minutes=1)
        return Stamp(by="advisor", at=self.now)

    @property
    def now(self) -> str:
        return utc_iso(self.at)

    def wait(self, **time: int) -> None:
        self.at += timedelta(**time)

    def settings(self, *, version: int | None = None, **fields: Any) -> CampaignSettings:
        now = campaign_settings.read_settings(self.reads, ShopRef.of(self))
        return campaign_settings.save_settings(
            self.reads,
            ShopRef.of(self),
            lambda settings: with_fields(settings, **fields),
            version=now.version if version is None else version,
            stamp=self.stamp(),
        )

    def customer(self, *, shop_id: str = "", **fields: Any) -> CustomerRef:
        """With an e-mail and a postal address unless said otherwise."""
        number = next(_numbers)
        sensible: dict[str, Any] = {
            "first_name": "Ada",
            "last_name": f"Quill {number}",
            "emails": (f"ada.quill{number}@example.com",),
            "billing_address": Address(line1="1 Pier Road", city="Cove", postal_code="12545"),
        }
        made = Customer(
            id=new_id(),
            organization_id=self.organization_id,
            shop_id=shop_id or self.shop_id,
            **(sensible | fields),
        )
        customers.save_file(None, CustomerFile(customer=made), stamp=self.stamp())
        return CustomerRef(shop_id=made.shop_id, customer_id=made.id)

    def file(self, ref: CustomerRef) -> CustomerFile:
        return customers.read_file(self.reads, self.organization_id, ref)

    def change_customer(self, ref: CustomerRef, **fields: Any) -> None:
        before = self.file(ref)
        after = replace(before, customer=replace(before.customer, **fields))
        customers.save_file(before, after, stamp=self.stamp())

    def vehicle(self, ref: CustomerRef, **fields: Any) -> Vehicle:
        sensible: dict[str, Any] = {
            "plate": f"QX {next(_numbers):04}",
            "plate_region": "NY",
            "make": "Honda",
        }
        draft = Vehicle(
            id="",
            organization_id=self.organization_id,
            shop_id=ref.shop_id,
            customer_id=ref.customer_id,
            **(sensible | fields),
        )
        return vehicles.add(self.reads, self.organization_id, draft, stamp=self.stamp())

    def change_vehicle(self, vehicle: Vehicle, **fields: Any) -> None:
        before = self.file(CustomerRef.of(vehicle))
        changed = before.with_vehicle(replace(before.vehicle(vehicle.id), **fields))
        customers.save_file(before, changed, stamp=self.stamp())

    def order(
        self,
        ref: CustomerRef,
        opened_on: str,
        *,
        invoiced_on: str = "",
        vehicle: Vehicle | None = None,
        done: tuple[str, ...] = (),
        declined: tuple[str, ...] = (),
    ) -> RepairOrder:
        """An RO of the customer, invoiced where that day is given, with approved and declined jobs."""
        jobs = [Job(id=new_id(), title=title, authorization=Authorization.APPROVED) for title in done]
        jobs += [Job(id=new_id(), title=title, authorization=Authorization.DECLINED) for title in declined]
        draft = RepairOrder(
            id="",
            organization_id=self.organization_id,
            shop_id=ref.shop_id,
            customer_id=ref.customer_id,
            number=f"RO-{next(_numbers)}",
            opened_on=opened_on,
            status=RepairOrderStatus.INVOICED if invoiced_on else RepairOrderStatus.IN_PROGRESS,
            invoiced_on=invoiced_on,
            vehicle=VehicleSnapshot(id=vehicle.id if vehicle else ""),
            jobs=tuple(jobs),
        )
        opened_at = max(self.now, f"{max(opened_on, invoiced_on)}T12:00:00.000Z")  # no day is still to come
        stamp = replace(self.stamp(), at=opened_at)
        return repair_orders.open_order(self.reads, self.organization_id, draft, stamp=stamp)

    def change_order(self, order: RepairOrder, **fields: Any) -> RepairOrder:
        now = read_order(
            self.reads, ShopRef(organization_id=self.organization_id, shop_id=order.shop_id), order.id
        )
        return repair_orders.change_order(
            self.reads,
            ShopRef(organization_id=self.organization_id, shop_id=order.shop_id),
            order.id,
            lambda before: replace(before, **fields),
            version=now.version,
            stamp=self.stamp(),
        )

    def void(self, order: RepairOrder) -> RepairOrder:
        return self.change_order(order, status=RepairOrderStatus.VOID)

    def appointment(self, ref: CustomerRef, starts_at: str, **fields: Any) -> Appointment:
        draft = Appointment(
            id="",
            organization_id=self.organization_id,
            shop_id=ref.shop_id,
            customer_id=ref.customer_id,
            date="",
            number=f"A-{next(_numbers)}",
            starts_at=starts_at,
            **fields,
        )
        return appointments.book(self.reads, self.organization_id, draft, stamp=self.stamp())

    def change_appointment(self, appointment: Appointment, **fields: Any) -> Appointment:
        return appointments.change(
            self.reads,
            ShopRef(organization_id=self.organization_id, shop_id=appointment.shop_id),
            appointment.id,
            lambda before: replace(before, **fields),
            version=appointment.version,
            stamp=self.stamp(),
        )

    def link(self, own: CustomerRef, other: CustomerRef, action: LinkAction = LinkAction.LINK) -> LinkSet:
        return links.decide(
            self.reads,
            self.organization_id,
            own,
            [other],
            action=action,
            reason="asked at the counter",
            stamp=self.stamp(),
        )
