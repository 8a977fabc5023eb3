"""Organizations by the operator; shops and members by the organization's dealer admins (X7)."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Stamp
from crossbay.domain.calendar import is_place_zone, is_time_zone, place_zone
from crossbay.domain.campaigns.settings import missing_on_card
from crossbay.domain.email import normalize_email
from crossbay.domain.organization import Member, Organization, Role, Shop, ShopRef
from crossbay.domain.phone import normalize_phone
from crossbay.errors import BadInput, Conflict, Stale
from crossbay.exports.settings_check import missing_for_partners
from crossbay.ids import derived_id, new_id
from crossbay.store import organizations as store
from crossbay.store import token_keys
from crossbay.store.campaigns.settings import put_campaign, read_settings
from crossbay.store.customers.fleets import known_fleets
from crossbay.store.exports.partners import put_shop_partners, read_shop_partners
from crossbay.store.idempotency import remember
from crossbay.store.reads import Reads
from crossbay.store.shops import list_shops
from crossbay.store.transaction import Transaction

KEY_BYTES = 32
"""Of the keys that sign cursors and customers' links."""


class MemberAccounts(Protocol):
    """The members' sign-in accounts, as far as making and removing members needs them (`aws/cognito.py`)."""

    def invite(self, email: str, name: str, organization_id: str) -> str:
        """Make the account, mail its owner a first password, and give back its `sub`."""

    def remove(self, member_id: str) -> None:
        """Delete the account; nothing where there is none."""


def found_organization(
    reads: Reads, accounts: MemberAccounts, draft: Organization, admin_email: str, *, stamp: Stamp
) -> Organization:
    """Make the drafted organization (without id) with its first dealer admin, who is invited.

    The id follows from name and e-mail: a call that broke off after the invitation is completed by the next,
    and asking again for what exists raises Conflict, as does an e-mail that is in use elsewhere.
    """
    email = _checked_email("admin_email", admin_email)
    organization = replace(draft, id=derived_id("organization", draft.name, email))
    admin = Member(
        id=accounts.invite(email, "", organization.id),
        organization_id=organization.id,
        email=email,
        roles=frozenset({Role.DEALER_ADMIN}),
        all_shops=True,
    )
    return create_organization(reads, organization, stamp=stamp, admin=admin)


def create_organization(
    reads: Reads, draft: Organization, *, stamp: Stamp, admin: Member | None = None
) -> Organization:
    """Make the drafted organization, under an id of its own unless it has one, and its first member."""
    transaction = Transaction()
    store.ensure_cursor_key(reads, secrets.token_urlsafe(KEY_BYTES))
    token_keys.ensure_token_keys(reads, secrets.token_urlsafe(KEY_BYTES))
    organization = replace(draft, id=draft.id or new_id())
    remember(transaction, stamp.mark, organization.id)
    if admin is not None:
        store.put_member(transaction, None, admin, stamp=stamp)
    return store.save_organization(None, organization, stamp=stamp, also=transaction)


@again_when_contended
def add_token_key(reads: Reads, *, stamp: Stamp) -> int:
    """Sign customers' links with a new key from now on; how many keys there are then, all of which verify."""
    return token_keys.add_token_key(reads, secrets.token_urlsafe(KEY_BYTES), stamp=stamp)


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


@again_when_contended
def change_shop(
    reads: Reads, shop_ref: ShopRef, edit: Callable[[Shop], Shop], *, version: int, stamp: Stamp
) -> Shop:
    """Save the shop as `edit` makes it. Raises Stale unless it is at `version`, and like `create_shop`.

    A new time zone moves the shop's next campaign night and partner files. While campaigns or a
    partner is on, the card keeps what messages and files need: BadInput.
    """
    before = store.read_shop(reads, shop_ref)
    if before.version != version:
        raise Stale("shop")
    after = checked_shop(edit(before), before)
    settings = read_settings(reads, shop_ref)
    missing = missing_on_card(settings, after)
    if missing and not missing_on_card(settings, before):
        raise BadInput(f"Messages to customers carry the shop's {missing}: switch campaigns off first.")
    partners = read_shop_partners(reads, shop_ref)
    missing = missing_for_partners(partners.on, after)
    if missing and not missing_for_partners(partners.on, before):
        raise BadInput(f"Partners' files carry the shop's {missing}: switch the partners off first.")
    transaction = Transaction()
    remember(transaction, stamp.mark, shop_ref.shop_id)
    if after.time_zone != before.time_zone:
        after = replace(after, former_time_zone=before.time_zone, time_zone_since=stamp.at)
        put_campaign(transaction, reads, settings, time_zone=after.time_zone, at=stamp.at)
        put_shop_partners(transaction, partners, on=partners.on, time_zone=after.time_zone, at=stamp.at)
    return store.save_shop(before, after, stamp=stamp, also=transaction)


def checked_shop(shop: Shop, before: Shop | None = None) -> Shop:
    """The shop with phone and e-mail in one notation. Raises BadInput with a reason for each field.

    before: as it stands; the time zone it has is asked about no more.
    """
    wrong: dict[str, str] = {}
    if not shop.business_name:
        wrong["business_name"] = "a shop needs a name"
    if before is None or shop.time_zone != before.time_zone:
        wrong |= _wrong_time_zone(shop.time_zone)
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


def _wrong_time_zone(name: str) -> dict[str, str]:
    """Why the name can't be a shop's time zone: it is unknown, or of no place, which is rarely meant (C5)."""
    if not is_time_zone(name):
        return {"time_zone": "isn't an IANA time zone such as America/New_York"}
    if is_place_zone(name):
        return {}
    meant = place_zone(name)
    take = f"take {meant}" if meant else "take the one of the shop's place, such as America/New_York"
    return {"time_zone": f"is a time zone of no place; {take}"}


def create_member(reads: Reads, accounts: MemberAccounts, draft: Member, *, stamp: Stamp) -> Member:
    """Make the drafted member (without id) and invite them. Raises BadInput for shops or fleets not there."""
    _check_member(reads, draft)
    email = normalize_email(draft.email)
    if any(member.email == email for member in store.list_members(reads, draft.organization_id)):
        raise Conflict("Someone with this e-mail is a member already.")
    member_id = accounts.invite(email, draft.name, draft.organization_id)
    transaction = Transaction()
    remember(transaction, stamp.mark, member_id)
    return store.save_member(None, replace(draft, id=member_id, email=email), stamp=stamp, also=transaction)


def appoint_admin(
    reads: Reads, accounts: MemberAccounts, organization_id: str, email: str, *, stamp: Stamp
) -> None:
    """Make sure that a dealer admin of this e-mail is there: the existing member, or one invited now."""
    email = _checked_email("admin_email", email)
    stamp = replace(stamp, mark=None)
    for member in store.list_members(reads, organization_id):
        if member.email == email:
            if Role.DEALER_ADMIN not in member.roles:
                appointed = replace(member, roles=member.roles | {Role.DEALER_ADMIN})
                store.save_member(member, appointed, stamp=stamp)
            return
    draft = Member(
        id="",
        organization_id=organization_id,
        email=email,
        roles=frozenset({Role.DEALER_ADMIN}),
        all_shops=True,
    )
    create_member(reads, accounts, draft, stamp=stamp)


@again_when_contended
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
    transaction = Transaction()
    _keep_an_admin(reads, transaction, before, after)
    remember(transaction, stamp.mark, member_id)
    return store.save_member(before, after, stamp=stamp, also=transaction)


@again_when_contended
def remove_member(
    reads: Reads,
    accounts: MemberAccounts,
    organization_id: str,
    member_id: str,
    *,
    version: int,
    stamp: Stamp,
) -> None:
    """Take the membership away at once, then the account. Raises Stale unless it stands at `version`."""
    member = store.read_member(reads, organization_id, member_id)
    if member.version != version:
        raise Stale("member")
    transaction = Transaction()
    _keep_an_admin(reads, transaction, member, None)
    remember(transaction, stamp.mark)
    store.delete_member(member, stamp=stamp, also=transaction)
    accounts.remove(member_id)


def _check_member(reads: Reads, member: Member) -> None:
    wrong: dict[str, str] = {}
    if not member.roles:
        wrong["roles"] = "a member needs at least one role"
    known = {shop.id for shop in list_shops(reads, member.organization_id)}
    if unknown := member.shop_ids - known:
        wrong["shop_ids"] = f"no such shop: {', '.join(sorted(unknown))}"
    if member.fleet_ids and Role.FLEET_USER not in member.roles:
        wrong["fleet_ids"] = "only a fleet user belongs to fleets"
    elif unknown := member.fleet_ids - known_fleets(reads, member.organization_id, member.fleet_ids):
        wrong["fleet_ids"] = f"no such fleet: {', '.join(sorted(unknown))}"
    try:
        normalize_email(member.email)
    except ValueError as error:
        wrong["email"] = str(error)
    if wrong:
        raise BadInput("The member can't be saved like this.", fields=wrong)


def _checked_email(field: str, email: str) -> str:
    try:
        return normalize_email(email)
    except ValueError as error:
        raise BadInput("This e-mail address can't be used.", fields={field: str(error)}) from error


def _keep_an_admin(reads: Reads, transaction: Transaction, before: Member, after: Member | None) -> None:
    """Another dealer admin has to stay, also where two resign at once. Raises Conflict if there is none."""
    if Role.DEALER_ADMIN not in before.roles or (after and Role.DEALER_ADMIN in after.roles):
        return
    for member in store.list_members(reads, before.organization_id):
        if Role.DEALER_ADMIN in member.roles and member.id != before.id:
            store.require_member(transaction, member)
            return
    raise Conflict("This is the organization's last dealer admin. Make someone else one first.")
