"""What clients send about organizations, shops and members, and how it becomes a record."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field, StringConstraints

from crossbay.domain.organization import Entitlement, Member, OpeningHours, Organization, Role, Shop
from crossbay.entry.fields import (
    Line,
    RecordId,
    Short,
    TimeOfDay,
    Title,
)
from crossbay.entry.inputs import AddressInput, Input, example

MOST_FLEETS = 20
"""Of a fleet user: their cases are read side by side."""


class HoursInput(Input):
    """weekday: 0 is Monday. opens, closes: civil times `HH:MM`."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    opens: TimeOfDay
    closes: TimeOfDay


class ShopFields(Input):
    """The contact card, country (ISO 3166-1 alpha-2), IANA time zone and opening hours."""

    business_name: Line = ""
    owner: Line = ""
    phone: Short = ""
    email: Line = ""
    address: AddressInput = AddressInput()
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "US"
    time_zone: Short = "America/New_York"
    hours: Annotated[list[HoursInput], Field(max_length=21)] = []

    def onto(self, shop: Shop) -> Shop:
        """The shop with the fields that were sent."""
        changes = self.given()
        if "address" in changes:
            changes["address"] = self.address.address()
        if "hours" in changes:
            changes["hours"] = tuple(OpeningHours(**day.model_dump()) for day in self.hours)
        return replace(shop, **changes)


class MemberFields(Input):
    """Roles, and the shops reached: named ones, or all of them. fleet_ids: of a fleet user."""

    name: Line = ""
    roles: Annotated[list[Annotated[Role, Field(strict=False)]], Field(max_length=6)] = []
    shop_ids: Annotated[list[RecordId], Field(max_length=1000)] = []
    all_shops: bool = False
    fleet_ids: Annotated[list[RecordId], Field(max_length=MOST_FLEETS)] = []

    def onto(self, member: Member) -> Member:
        """The member with the fields that were sent."""
        changes = {name: value for name, value in self.given().items() if name in MemberFields.model_fields}
        for name in ("roles", "shop_ids", "fleet_ids"):
            if name in changes:
                changes[name] = frozenset(changes[name])
        return replace(member, **changes)


class NewMember(MemberFields):
    email: Annotated[Line, StringConstraints(min_length=3)]


class OrganizationFields(Input):
    """What the operator says: the name, and the features switched on."""

    name: Line = ""
    entitlements: Annotated[list[Annotated[Entitlement, Field(strict=False)]], Field(max_length=4)] = []

    def onto(self, organization: Organization) -> Organization:
        """The organization with the fields that were sent."""
        changes = {n: v for n, v in self.given().items() if n in OrganizationFields.model_fields}
        if "entitlements" in changes:
            changes["entitlements"] = frozenset(changes["entitlements"])
        return replace(organization, **changes)


class OrganizationChange(OrganizationFields):
    """admin_email: who becomes a dealer admin beside those there are, invited if no member yet."""

    admin_email: Annotated[Line, StringConstraints(min_length=3)] | None = None


class NewOrganization(OrganizationFields):
    model_config = example(
        name="Harborline Auto", entitlements=["multi_shop"], admin_email="admin@example.com"
    )

    name: Title
    admin_email: Annotated[Line, StringConstraints(min_length=3)]
    """Who becomes its first dealer admin."""
