"""What doors answer with: pages and lists, and the headers that go with a record."""

from dataclasses import dataclass
from typing import TypeVar

from aws_lambda_powertools.event_handler import Response

from crossbay.app.customers.vehicles import LinkedVehicle
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.link import LinkEvent
from crossbay.domain.organization import Member, Organization, Shop
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.history import HistoryRow
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.store.audit import AuditEntry

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleList:
    vehicles: tuple[Vehicle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedVehicleList:
    vehicles: tuple[LinkedVehicle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """next: the cursor of the following page, null on the last. So on every page."""

    entries: tuple[AuditEntry, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEventPage:
    events: tuple[LinkEvent, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryAnswer:
    """linked_shown: whether linked shops' rows are among these.

    service_address_id: the address that the own shop's rows are of, empty for all. elsewhere: how many of the
    newest 500 own rows stand at other addresses; null for a list of all addresses.
    """

    rows: tuple[HistoryRow, ...]
    linked_shown: bool
    service_address_id: str
    elsewhere: int | None
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOrderPage:
    repair_orders: tuple[RepairOrder, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentPage:
    appointments: tuple[Appointment, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """shops: those that the member reaches. is_operator: of this deployment, who is no member: then `member`
    and `organization` are null.
    """

    member: Member | None
    organization: Organization | None
    shops: tuple[Shop, ...]
    is_operator: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationList:
    organizations: tuple[Organization, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKeys:
    """count: how many keys there are now, of which the newest signs and all verify."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopList:
    shops: tuple[Shop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberList:
    members: tuple[Member, ...]


def created(body: T, location: str, version: int) -> Response[T]:
    """201 with where the record is and its ETag."""
    return Response(201, "application/json", body, headers={"Location": location, **_etag(version)})


def versioned(body: T, version: int) -> Response[T]:
    """200 with the record's ETag."""
    return Response(200, "application/json", body, headers=_etag(version))


def no_content() -> Response[None]:
    return Response(204)


def _etag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}
