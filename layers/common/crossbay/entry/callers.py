"""Who calls: the member behind a sign-in token, read from the table and kept for half a minute.

The token proves who it is; what the member may do stands in the table, so that a removed member or a changed role
takes effect within a minute (X7).
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crossbay.domain.access import Caller
from crossbay.domain.organization import Member, Organization, Shop
from crossbay.errors import Forbidden, NotFound, NotSignedIn
from crossbay.store import keys
from crossbay.store.codec import from_body
from crossbay.store.reads import Reads

KEPT_S = 30.0
_MOST_KEPT = 1_000


@dataclass(slots=True)
class Callers:
    """The callers of this process."""

    reads: Reads
    monotonic: Callable[[], float] = time.monotonic
    _kept: dict[tuple[str, ...], tuple[float, Any]] = field(default_factory=dict)

    def caller(self, claims: Mapping[str, str]) -> Caller:
        """The member of these token claims. Raises NotSignedIn when there is none (any more)."""
        organization_id, member_id = claims.get("custom:organization", ""), claims.get("sub", "")
        if not organization_id or not member_id:
            raise NotSignedIn("Your account doesn't belong to an organization. Ask your administrator.")
        caller: Caller | None = self._keep(
            ("caller", organization_id, member_id), lambda: self._read_caller(organization_id, member_id)
        )
        if caller is None:
            raise NotSignedIn(
                "Your account isn't a member of this organization any more. Ask your administrator."
            )
        return caller

    def reached_shop(self, caller: Caller, shop_id: str) -> Shop:
        """A shop of the caller's organization that the caller works in. Raises NotFound and Forbidden."""
        shop: Shop | None = self._keep(
            ("shop", caller.organization.id, shop_id),
            lambda: self._read_shop(caller.organization.id, shop_id),
        )
        if shop is None:
            raise NotFound("shop")
        if not caller.reaches(shop_id):
            raise Forbidden("You don't work in this shop. Ask your administrator to add you to it.")
        return shop

    def _read_caller(self, organization_id: str, member_id: str) -> Caller | None:
        wanted = (keys.organization(organization_id), keys.member(organization_id, member_id))
        found = self.reads.batch_get(wanted, consistent=True)
        if len(found) < len(wanted):
            return None
        organization, member = (found[key]["body"] for key in wanted)
        return Caller(member=from_body(Member, member), organization=from_body(Organization, organization))

    def _read_shop(self, organization_id: str, shop_id: str) -> Shop | None:
        item = self.reads.get(keys.shop(organization_id, shop_id), consistent=True)
        return from_body(Shop, item["body"]) if item else None

    def _keep(self, key: tuple[str, ...], read: Callable[[], Any]) -> Any:
        now = self.monotonic()
        until, value = self._kept.get(key, (0.0, None))
        if now >= until:
            value = read()
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = (now + (KEPT_S if value is not None else 0.0), value)
        return value
