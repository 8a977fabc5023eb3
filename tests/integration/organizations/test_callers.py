"""What a process reads to know who calls: members each, an organization's shops once for half a minute."""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

import pytest

from crossbay.domain.organization import Role, Shop
from crossbay.entry.callers import KEPT_S, Callers
from crossbay.errors import Forbidden, NotFound
from crossbay.ids import new_id
from crossbay.store import keys
from crossbay.store.codec import to_body
from crossbay.store.keys import Key
from crossbay.store.operation import ITEM_LIMIT, StoredItem
from crossbay.store.reads import Item, Page, Query, Reads
from crossbay.store.transaction import Transaction
from tests.helpers.tenants import NewTenant, Tenant

UNIT_BYTES = 4096


class MeteredReads(Reads):
    """Counts read units by AWS's rule: a Query's items together, a batch's each, half where eventual."""

    def __init__(self, table_name: str) -> None:
        super().__init__(table_name)
        self.of_lists = self.of_keys = 0.0

    def query(self, query: Query) -> Page:
        page = super().query(query)
        units = ceil(sum(map(_bytes_of, page.items)) / UNIT_BYTES)
        self.of_lists += units if query.consistent else units / 2
        return page

    def batch_get(self, keys: Iterable[Key], *, consistent: bool = False) -> dict[Key, Item]:
        asked = list(keys)
        found = super().batch_get(asked, consistent=consistent)
        units = sum(ceil(_bytes_of(found.get(key, {"pk": ""})) / UNIT_BYTES) for key in asked)
        self.of_keys += units if consistent else units / 2
        return found


def _bytes_of(value: Any) -> int:
    """By AWS's rule of item sizes."""
    match value:
        case Mapping():
            return 3 + sum(len(name.encode()) + 1 + _bytes_of(one) for name, one in value.items())
        case list() | tuple():
            return 3 + sum(1 + _bytes_of(one) for one in value)
        case str():
            return len(value.encode())
        case _:
            return 2


@pytest.fixture
def now() -> list[float]:
    """The clock of `callers`, in its only place."""
    return [1_000.0]


@pytest.fixture
def metered(table: str) -> MeteredReads:
    return MeteredReads(table)


@pytest.fixture
def callers(metered: MeteredReads, now: list[float]) -> Callers:
    return Callers(metered, monotonic=lambda: now[0])


def kept_shops(tenant: Tenant, count: int) -> list[Shop]:
    """That many more shops of the organization, in the table."""
    draft = tenant.shops[0]
    shops = [
        Shop(id=new_id(), organization_id=tenant.organization.id, business_name=f"Bay {n}", hours=draft.hours)
        for n in range(count)
    ]
    for start in range(0, count, ITEM_LIMIT):
        transaction = Transaction()
        for shop in shops[start : start + ITEM_LIMIT]:
            item = StoredItem(type="shop", body=to_body(shop), version=1)
            transaction.create(keys.shop(shop.ref), item, refusal=AssertionError())
        transaction.commit()
    return shops


def renamed(shop: Shop, name: str) -> None:
    transaction = Transaction()
    item = StoredItem(type="shop", body=to_body(shop) | {"business_name": name}, version=1)
    transaction.put(keys.shop(shop.ref), item.type, item.body, version=1)
    transaction.commit()


@pytest.mark.rule("X7")
def test_five_members_of_an_organization_of_200_shops_cost_one_read_of_the_list(
    new_tenant: NewTenant, callers: Callers, metered: MeteredReads
) -> None:
    tenant = new_tenant("North")
    kept_shops(tenant, 199)
    members = [tenant.join(Role.ADVISOR) for _ in range(5)]
    alone = MeteredReads(metered.table_name)
    Callers(alone).caller(members[0].claims)

    found = [callers.caller(member.claims) for member in members]

    assert all(len(caller.shops) == 200 for caller in found)
    assert metered.usage.queries == alone.usage.queries == 1
    assert metered.of_lists == alone.of_lists
    assert 5 <= metered.of_lists <= 18, "200 shops of 300 to 700 bytes, half a unit for 4 KB"
    assert metered.of_keys == 5 * alone.of_keys == 10


@pytest.mark.rule("X7")
def test_shops_are_kept_for_half_a_minute_whoever_asks_and_then_read_anew(
    tenant: Tenant, callers: Callers, metered: MeteredReads, now: list[float]
) -> None:
    north = tenant.shops[0]
    first, second = tenant.join(Role.ADVISOR), tenant.join(Role.ADVISOR)
    callers.caller(first.claims)
    renamed(north, "North Pier")

    now[0] += KEPT_S - 1
    before = callers.caller(second.claims).shop_name(north.id)
    now[0] += 1
    after = callers.caller(second.claims).shop_name(north.id)

    assert (before, after) == ("North", "North Pier")
    assert metered.usage.queries == 2


@pytest.mark.rule("X7")
def test_a_shop_made_a_moment_ago_is_worked_in_at_once_and_read_alone(
    tenant: Tenant, callers: Callers, metered: MeteredReads
) -> None:
    admin, colleague = tenant.join(Role.DEALER_ADMIN), tenant.join(Role.ADVISOR)
    callers.caller(admin.claims)
    (made,) = kept_shops(tenant, 1)

    theirs = callers.in_shop(callers.caller(admin.claims), made.id)

    assert theirs.shops[made.id] == made
    assert made.id in callers.caller(colleague.claims).shops
    assert metered.usage.queries == 1


@pytest.mark.rule("X7", "X1")
def test_a_member_who_was_given_a_shop_works_in_it_at_once(tenant: Tenant, callers: Callers) -> None:
    north, south = tenant.shops
    admin, advisor = tenant.join(Role.DEALER_ADMIN), tenant.join(Role.ADVISOR, shops=[north])
    with pytest.raises(Forbidden):
        callers.in_shop(callers.caller(advisor.claims), south.id)

    both = {"shop_ids": [north.id, south.id]}
    path = f"/members/{advisor.claims['sub']}"
    assert admin("PATCH", path, body=both, headers={"If-Match": '"1"'}).status_code == 200

    assert callers.in_shop(callers.caller(advisor.claims), south.id).reaches(south.id)


@pytest.mark.rule("X7", "X1")
def test_a_shop_that_is_nowhere_or_anothers_costs_its_read_and_not_the_list(
    tenant: Tenant, new_tenant: NewTenant, callers: Callers, metered: MeteredReads
) -> None:
    theirs = new_tenant("East").shops[0].id
    advisor = tenant.join(Role.ADVISOR)
    callers.caller(advisor.claims)

    for shop_id in (theirs, "nowhere"):
        with pytest.raises(NotFound):
            callers.in_shop(callers.caller(advisor.claims), shop_id)

    assert metered.usage.queries == 1


@pytest.mark.rule("X1")
def test_two_organizations_of_one_process_keep_their_shops_apart(
    tenant: Tenant, new_tenant: NewTenant, callers: Callers
) -> None:
    other = new_tenant("East")

    here, there = (callers.caller(one.join(Role.ADVISOR).claims) for one in (tenant, other))

    assert set(here.shops) == {shop.id for shop in tenant.shops}
    assert set(there.shops) == {shop.id for shop in other.shops}


@pytest.mark.rule("X7")
def test_a_process_drops_whom_and_what_it_has_kept_too_long(
    tenant: Tenant, new_tenant: NewTenant, callers: Callers, now: list[float]
) -> None:
    callers.caller(tenant.join(Role.ADVISOR).claims)
    now[0] += KEPT_S

    callers.caller(new_tenant("East").join(Role.ADVISOR).claims)

    assert len(callers._memberships) == len(callers._shops) == 1
