"""Organizations by the operator; shops and members by the organization's dealer admins (X7)."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from crossbay.domain.access import Stamp
from crossbay.domain.calendar import is_time_zone
from crossbay.domain.email import normalize_email
from crossbay.domain.organization import Member, Organization, Role, Shop
from crossbay.domain.phone import normalize_phone
from crossbay.errors import BadInput, Conflict, Stale
from crossbay.ids import new_id
from crossbay.store import organizations as store
from crossbay.store.idempotency import remember
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

CURSOR_KEY_BYTES = 32


class Accounts(Protocol):
    """The members' sign-in accounts, as far as making and removing members needs them (`aws/cognito.py`)."""

    def invite(self, email: str, name: str, organization_id: str) -> str:
        """Make the account, mail its owner a first password, and give back its `sub`."""

    def remove(self, member_id: str) -> None:
        """Delete the account; nothing where there is none."""


def create_organization(reads: Reads, draft: Organization, *, stamp: Stamp) -> Organization:
    """Make the drafted organization (without id)."""
    transaction = Transaction()
    store.ensure_cursor_key(reads, secrets.token_urlsafe(CURSOR_KEY_BYTES))
    organization = replace(draft, id=new_id())
    remember(transaction, stamp.mark, organization.id)
    return store.save_organization(None, organization, stamp=stamp, also=transaction)


def change_organization(
    reads: Reads,
    organization_id: str,
    edit: Callable[[Organization], Organization],
    *,
    version: int,
    stamp: Stamp,
) -> Organization:
    """Save the organization as `edit` makes it. Raises Stale unless it stands at `version`."""
    before = store.read_organization(reads, organization_id)
    if before.version != version:
        raise Stale("organization")
    transaction = Transaction()
    remember(transaction, stamp.mark, organization_id)
    return store.save_organization(before, edit(before), stamp=stamp, also=transaction)


def create_shop(draft: Shop, *, stamp: Stamp) -> Shop:
    """Make the drafted shop (without id). Raises BadInput: unknown time zone, wrong e-mail, odd hours."""
    shop = checked_shop(replace(draft, id=new_id()))
    transaction = Transaction()
    remember(transaction, stamp.mark, shop.id)
    return store.save_shop(None, shop, stamp=stamp, also=transaction)


def change_shop(
    reads: Reads,
    organization_id: str,
    shop_id: str,
    edit: Callable[[Shop], Shop],
    *,
    version: int,
    stamp: Stamp,
) -> Shop:
    """Save the shop as `edit` makes it. Raises Stale unless it is at `version`, and like `create_shop`."""
    before = store.read_shop(reads, organization_id, shop_id)
    if before.version != version:
        raise Stale("shop")
    transaction = Transaction()
    remember(transaction, stamp.mark, shop_id)
    return store.save_shop(before, checked_shop(edit(before)), stamp=stamp, also=transaction)


def checked_shop(shop: Shop) -> Shop:
    """The shop with phone and e-mail in one notation. Raises BadInput with a reason for each field."""
    wrong: dict[str, str] = {}
    if not shop.business_name:
        wrong["business_name"] = "a shop needs a name"
    if not is_time_zone(shop.time_zone):
        wrong["time_zone"] = "isn't an IANA time zone such as America/New_York"
    email = shop.email
    try:
        email = normalize_email(email) if email else ""
    except ValueError as error:
        wrong["email"] = str(error)
    for number, day in enumerate(shop.hours):
        if day.closes <= day.opens:
            wrong[f"hours.{number}"] = "closes before it opens"
    if wrong:
        raise BadInput("The shop can't be saved like this.", fields=wrong)
    return replace(shop, email=email, phone=normalize_phone(shop.phone, shop.country) if shop.phone else "")


def create_member(reads: Reads, accounts: Accounts, draft: Member, *, stamp: Stamp) -> Member:
    """Make the drafted member (without id) and invite them. Raises BadInput for shops that don't exist."""
    _check_member(reads, draft)
    email = normalize_email(draft.email)
    if any(member.email == email for member in store.list_members(reads, draft.organization_id)):
        raise Conflict("Someone with this e-mail is a member already.")
    member_id = accounts.invite(email, draft.name, draft.organization_id)
    transaction = Transaction()
    remember(transaction, stamp.mark, member_id)
    return store.save_member(None, replace(draft, id=member_id, email=email), stamp=stamp, also=transaction)


def ensure_member(reads: Reads, accounts: Accounts, draft: Member, *, stamp: Stamp) -> Member:
    """The member of the drafted e-mail: the existing one, or made and invited now."""
    for member in store.list_members(reads, draft.organization_id):
        if member.email == normalize_email(draft.email):
            return member
    return create_member(reads, accounts, draft, stamp=replace(stamp, mark=None))


def change_member(
    reads: Reads,
    organization_id: str,
    member_id: str,
    edit: Callable[[Member], Member],
    *,
    version: int,
    stamp: Stamp,
) -> Member:
    """Save the member's roles and shops as `edit` makes them. Raises Stale unless they stand at `version`."""
    before = store.read_member(reads, organization_id, member_id)
    if before.version != version:
        raise Stale("member")
    after = edit(before)
    _check_member(reads, after)
    _keep_an_admin(reads, before, after)
    transaction = Transaction()
    remember(transaction, stamp.mark, member_id)
    return store.save_member(before, after, stamp=stamp, also=transaction)


def remove_member(
    reads: Reads, accounts: Accounts, organization_id: str, member_id: str, *, version: int, stamp: Stamp
) -> None:
    """Take the membership away at once, then the account. Raises Stale unless it stands at `version`."""
    member = store.read_member(reads, organization_id, member_id)
    if member.version != version:
        raise Stale("member")
    _keep_an_admin(reads, member, None)
    transaction = Transaction()
    remember(transaction, stamp.mark)
    store.delete_member(member, stamp=stamp, also=transaction)
    accounts.remove(member_id)


def _check_member(reads: Reads, member: Member) -> None:
    wrong: dict[str, str] = {}
    if not member.roles:
        wrong["roles"] = "a member needs at least one role"
    known = {shop.id for shop in store.list_shops(reads, member.organization_id)}
    if unknown := member.shop_ids - known:
        wrong["shop_ids"] = f"no such shop: {', '.join(sorted(unknown))}"
    try:
        normalize_email(member.email)
    except ValueError as error:
        wrong["email"] = str(error)
    if wrong:
        raise BadInput("The member can't be saved like this.", fields=wrong)


def _keep_an_admin(reads: Reads, before: Member, after: Member | None) -> None:
    """Raises Conflict when the organization would be left without anyone who can manage it."""
    if Role.DEALER_ADMIN not in before.roles or (after and Role.DEALER_ADMIN in after.roles):
        return
    members = store.list_members(reads, before.organization_id)
    if not any(Role.DEALER_ADMIN in member.roles for member in members if member.id != before.id):
        raise Conflict("This is the organization's last dealer admin. Make someone else one first.")
