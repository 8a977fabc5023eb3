"""An organization with two shops and members of several roles, another one, a client for each member."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import uuid4

import pytest

from crossbay.app import organizations
from crossbay.domain.access import Stamp
from crossbay.domain.address import Address
from crossbay.domain.organization import Entitlement, Member, Organization, Role, Shop
from crossbay.store.organizations import save_member
from crossbay.store.reads import Reads
from tests.helpers.doors import Caller, Doors

SETUP = Stamp(by="operator", at="2026-11-01T12:00:00.000Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """An organization in the table. join: a new member's client."""

    organization: Organization
    shops: tuple[Shop, ...]
    doors: Doors

    def join(
        self,
        *roles: Role,
        shops: Iterable[Shop] | None = None,
        fleets: Iterable[str] = (),
        member_id: str | None = None,
    ) -> Caller:
        """The client of a new member with these roles, in these shops (None: all), of these fleets' users."""
        member = Member(
            id=member_id or str(uuid4()),
            organization_id=self.organization.id,
            email=f"{uuid4()}@example.com",
            roles=frozenset(roles),
            all_shops=shops is None,
            shop_ids=frozenset(shop.id for shop in shops or ()),
            fleet_ids=frozenset(fleets),
        )
        save_member(None, member, stamp=SETUP)
        claims = {"sub": member.id, "custom:organization": self.organization.id, "email": member.email}
        return Caller(doors=self.doors, claims=claims)

    @property
    def paths(self) -> tuple[str, ...]:
        """`/shops/<id>` of each shop."""
        return tuple(f"/shops/{shop.id}" for shop in self.shops)


NewTenant = Callable[..., Tenant]


@pytest.fixture
def reads(table: str) -> Reads:
    return Reads(table)


@pytest.fixture
def new_tenant(reads: Reads) -> NewTenant:
    """Makes organizations."""
    return tenant_maker(reads)


def tenant_maker(reads: Reads) -> NewTenant:
    """Makes organizations in the table, for doors that have just started."""
    doors = Doors()
    doors.forget()

    def make(
        *names: str,
        entitlements: Iterable[Entitlement] = (Entitlement.MULTI_SHOP,),
        time_zone: str = "America/New_York",
    ) -> Tenant:
        draft = Organization(id="", name="Harborline", entitlements=frozenset(entitlements))
        organization = organizations.create_organization(reads, draft, stamp=SETUP)
        shops = tuple(
            organizations.create_shop(
                Shop(
                    id="",
                    organization_id=organization.id,
                    business_name=name,
                    email="shop@example.com",
                    address=Address(line1="100 Example St", city="Cove", region="NY", postal_code="12545"),
                    time_zone=time_zone,
                ),
                stamp=SETUP,
            )
            for name in names
        )
        return Tenant(organization=organization, shops=shops, doors=doors)

    return make


@pytest.fixture
def tenant(new_tenant: NewTenant) -> Tenant:
    """Shops North and South, with `multi_shop`."""
    return new_tenant("North", "South")


@pytest.fixture
def advisor(tenant: Tenant) -> Caller:
    """An advisor of both shops."""
    return tenant.join(Role.ADVISOR)


@pytest.fixture
def operator() -> Caller:
    return Caller(doors=Doors(), claims={"sub": "operator", "cognito:groups": "operator"})
