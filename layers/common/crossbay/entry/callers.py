"""Who calls: the member behind a sign-in token, read from the table and kept for half a minute.

The token proves who it is; what the member may do stands in the table, so that a removed member or a changed
role takes effect within a minute (X7). An organization's shops are kept once for all its members (0250).
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from crossbay.domain.access import Caller
from crossbay.domain.organization import Member, Organization, Shop
from crossbay.errors import Forbidden, NotFound, NotSignedIn
from crossbay.store import keys
from crossbay.store.codec import record_of
from crossbay.store.keys import Key
from crossbay.store.reads import Item, Reads
from crossbay.store.shops import list_shops

KEPT_S = 30.0


class _Membership(NamedTuple):
    until: float
    member: Member
    organization: Organization


class _Shops(NamedTuple):
    until: float
    by_id: Mapping[str, Shop]


K = TypeVar("K")
Kept = TypeVar("Kept", _Membership, _Shops)


@dataclass(slots=True)
class Callers:
    """The callers of this process."""

    reads: Reads
    monotonic: Callable[[], float] = time.monotonic
    _memberships: dict[tuple[str, str], _Membership] = field(default_factory=dict)
    _shops: dict[str, _Shops] = field(default_factory=dict)

    def caller(self, claims: Mapping[str, str]) -> Caller:
        """The member of these token claims. Raises NotSignedIn when there is none any more, Forbidden for an
        account of no organization, such as the operator's: signing in again wouldn't help it.
        """
        organization_id, member_id = claims.get("custom:organization", ""), claims.get("sub", "")
        if not organization_id or not member_id:
            raise Forbidden(
                "Your account belongs to no organization, so it has no shops. Members of one do this; an "
                "operator's account works under /organizations and /operator."
            )
        kept = self._memberships.get((organization_id, member_id))
        if kept is None or self.monotonic() >= kept.until:
            kept, _ = self._read(organization_id, member_id)
        return self._caller(kept)

    def in_shop(self, caller: Caller, shop_id: str) -> Caller:
        """The caller, once it works in this shop of its organization. Raises NotFound and Forbidden.

        What was kept lets in; before it refuses, member and shop are read as they stand.
        """
        if shop_id not in caller.shops or not caller.reaches(shop_id):
            caller = self._read_with_shop(caller, shop_id)
        if shop_id not in caller.shops:
            raise NotFound("shop")
        if not caller.reaches(shop_id):
            raise Forbidden("You don't work in this shop. Ask your administrator to add you to it.")
        return caller

    def _caller(self, kept: _Membership) -> Caller:
        shops = self._shops_of(kept.organization.id)
        return Caller(member=kept.member, organization=kept.organization, shops=shops)

    def _read_with_shop(self, caller: Caller, shop_id: str) -> Caller:
        key = keys.shop(caller.shop_ref(shop_id))
        kept, found = self._read(caller.organization.id, caller.member.id, key)
        if key in found:
            by_id = {**self._shops_of(caller.organization.id), shop_id: record_of(Shop, found[key])}
            until = self._shops[caller.organization.id].until
            self._shops[caller.organization.id] = _Shops(until, by_id)
        return self._caller(kept)

    def _read(
        self, organization_id: str, member_id: str, *more: Key
    ) -> tuple[_Membership, Mapping[Key, Item]]:
        """The membership as it stands now, and all items that were found with it."""
        now = self.monotonic()
        organization, member = keys.organization(organization_id), keys.member(organization_id, member_id)
        found = self.reads.batch_get((organization, member, *more), consistent=True)
        self._memberships = _fresh(self._memberships, now)
        if organization not in found or member not in found:
            self._memberships.pop((organization_id, member_id), None)
            raise NotSignedIn(
                "Your account isn't a member of this organization any more. Ask your administrator."
            )
        kept = _Membership(
            until=now + KEPT_S,
            member=record_of(Member, found[member]),
            organization=record_of(Organization, found[organization]),
        )
        self._memberships[organization_id, member_id] = kept
        return kept, found

    def _shops_of(self, organization_id: str) -> Mapping[str, Shop]:
        now = self.monotonic()
        kept = self._shops.get(organization_id)
        if kept is None or now >= kept.until:
            shops = list_shops(self.reads, organization_id, consistent=False)
            kept = _Shops(now + KEPT_S, {shop.id: shop for shop in shops})
            self._shops = {**_fresh(self._shops, now), organization_id: kept}
        return kept.by_id


def _fresh(kept: Mapping[K, Kept], now: float) -> dict[K, Kept]:
    """Without what is past its time, so that a process holds no more than half a minute asks for."""
    return {key: one for key, one in kept.items() if now < one.until}
