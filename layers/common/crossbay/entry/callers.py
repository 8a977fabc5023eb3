"""Who calls: the member behind a sign-in token, read from the table and kept for half a minute.

The token proves who it is; what the member may do stands in the table, so that a removed member or a changed
role takes effect within a minute (X7).
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crossbay.domain.access import Caller
from crossbay.domain.organization import Member, Organization
from crossbay.errors import Forbidden, NotFound, NotSignedIn
from crossbay.store import keys
from crossbay.store.codec import record_of
from crossbay.store.reads import Reads
from crossbay.store.shops import list_shops

KEPT_S = 30.0
_MOST_KEPT = 1_000


@dataclass(slots=True)
class Callers:
    """The callers of this process."""

    reads: Reads
    monotonic: Callable[[], float] = time.monotonic
    _kept: dict[tuple[str, str], tuple[float, Caller]] = field(default_factory=dict)

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
        until, caller = self._kept.get((organization_id, member_id), (0.0, None))
        if caller is None or self.monotonic() >= until:
            caller = self._read(organization_id, member_id)
        return caller

    def in_shop(self, caller: Caller, shop_id: str) -> Caller:
        """The caller, once it works in this shop of its organization. Raises NotFound and Forbidden."""
        if shop_id not in caller.shops:  # the shop may be younger than what was kept
            caller = self._read(caller.organization.id, caller.member.id)
        if shop_id not in caller.shops:
            raise NotFound("shop")
        if not caller.reaches(shop_id):
            raise Forbidden("You don't work in this shop. Ask your administrator to add you to it.")
        return caller

    def _read(self, organization_id: str, member_id: str) -> Caller:
        now = self.monotonic()
        wanted = (keys.organization(organization_id), keys.member(organization_id, member_id))
        found = self.reads.batch_get(wanted, consistent=True)
        if len(found) < len(wanted):
            self._kept.pop((organization_id, member_id), None)
            raise NotSignedIn(
                "Your account isn't a member of this organization any more. Ask your administrator."
            )
        caller = Caller(
            member=record_of(Member, found[wanted[1]]),
            organization=record_of(Organization, found[wanted[0]]),
            shops={shop.id: shop for shop in list_shops(self.reads, organization_id)},
        )
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[organization_id, member_id] = (now + KEPT_S, caller)
        return caller
