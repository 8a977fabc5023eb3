"""A shop's partners set up, the deployment's destinations, and the passwords of both (C20 to C22, C25).

A password lies in a secret that never changes: a new password is a new secret, named by the settings in the
write that puts it in force. What breaks off leaves a secret that nothing names, never half a change.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Stamp
from crossbay.domain.organization import ShopRef
from crossbay.domain.partner import PartnerCode, PartnerDestination, PartnerSettings
from crossbay.errors import BadInput, CrossbayError, Stale
from crossbay.exports.settings_check import (
    checked_partner_settings,
    plain_ftp_yes,
    require_own_password,
    with_acceptance,
    wrong_destination,
)
from crossbay.ids import new_id
from crossbay.store.exports import partners as store
from crossbay.store.idempotency import remember
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerChange:
    """A change of a shop's settings for a partner. password: a new one; None keeps the one there.

    accepted: see `with_acceptance`. accepts_plain_ftp: a yes to sending unencrypted.
    """

    edit: Callable[[PartnerSettings], PartnerSettings]
    password: str | None = field(default=None, repr=False)
    accepted: str | None = None
    accepts_plain_ftp: bool = False


class PartnerSecrets(Protocol):
    """The secrets, as far as settings need them (`aws/secrets.py`)."""

    def create(self, name: str, value: str) -> None: ...
    def delete(self, name: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """Where partners' passwords are kept. prefix: what the names of this deployment's secrets start with."""

    secrets: PartnerSecrets
    prefix: str

    @contextmanager
    def kept(self, before: str, value: dict[str, str] | None, *whose: str) -> Iterator[str]:
        """The name of the secret to save: a new one for a new value, else the one from before.

        Which of the two is not needed any more goes: the old one after the block, the new one if it refuses.
        """
        if value is None:
            yield before
            return
        name = "/".join((self.prefix, *whose, new_id()))
        self.secrets.create(name, json.dumps(value))
        try:
            yield name
        except CrossbayError:  # a refusal, nothing was written; after any other error nobody knows
            self.secrets.delete(name)
            raise
        if before:
            self.secrets.delete(before)


def list_partner_settings(reads: Reads, shop_ref: ShopRef) -> tuple[PartnerSettings, ...]:
    """One for each partner there is."""
    return tuple(store.read_partner_settings(reads, shop_ref, partner) for partner in PartnerCode)


@again_when_contended
def save_partner_settings(
    reads: Reads,
    vault: Vault,
    shop_ref: ShopRef,
    partner: PartnerCode,
    change: PartnerChange,
    *,
    version: int,
    stamp: Stamp,
    lets_active: bool = False,
) -> PartnerSettings:
    """Save the settings, changed; the shop's next export follows from them.

    lets_active: see `wrong_destination`. Raises Stale unless they stand at `version` (0: nothing saved yet),
    BadInput for what can't work.
    """
    shop = read_shop(reads, shop_ref)
    before = store.read_partner_settings(reads, shop_ref, partner)
    if before.version != version:
        raise Stale("partner's set-up")
    edited = change.edit(before)
    if change.password is None:
        require_own_password(before, edited.destination)
    plain_ftp = plain_ftp_yes(
        before.destination,
        before.plain_ftp,
        edited.destination,
        yes=change.accepts_plain_ftp,
        stamp=stamp,
    )
    value = None if change.password is None else {"password": change.password}
    with vault.kept(before.secret, value, shop_ref.organization_id, shop_ref.shop_id, partner) as secret:
        edited = replace(edited, secret=secret, plain_ftp=plain_ftp)
        after = with_acceptance(before, edited, change.accepted, stamp)
        after = checked_partner_settings(after, shop, lets_active=lets_active)
        transaction = Transaction()
        remember(transaction, stamp.mark, shop_ref.shop_id)
        return store.save_partner_settings(
            reads, before, after, time_zone=shop.time_zone, stamp=stamp, also=transaction
        )


def save_destination(
    reads: Reads,
    vault: Vault,
    partner: PartnerCode,
    edit: Callable[[PartnerDestination], PartnerDestination],
    *,
    credential: dict[str, str] | None = None,
    accepts_plain_ftp: bool = False,
    version: int,
    stamp: Stamp,
    lets_active: bool = False,
) -> PartnerDestination:
    """Set where the deployment puts a partner's files. credential: a new `password` or `private_key`.

    Raises Stale unless it stands at `version` (0: none yet), BadInput for what can't work.
    """
    before = store.read_destination(reads, partner)
    if before.version != version:
        raise Stale("destination")
    edited = edit(before)
    place = edited.destination
    plain_ftp = plain_ftp_yes(before.destination, before.plain_ftp, place, yes=accepts_plain_ftp, stamp=stamp)
    with vault.kept(before.secret, credential, "deployment", partner) as secret:
        after = replace(edited, secret=secret, plain_ftp=plain_ftp)
        wrong = dict(wrong_destination(place, lets_active=lets_active))
        if reason := _fault_of_key(credential or {}):
            wrong["private_key"] = reason
        if not secret:
            wrong["password"] = "is needed, or a private key"  # noqa: S105 (a reason)
        if wrong:
            raise BadInput("This destination doesn't work yet.", fields=wrong)
        transaction = Transaction()
        remember(transaction, stamp.mark, partner)
        return store.save_destination(before, after, stamp=stamp, also=transaction)


def _fault_of_key(credential: dict[str, str]) -> str:
    """Why the private key in it can't be used; empty where it can, or where there is none."""
    if not credential.get("private_key"):
        return ""
    from crossbay.transfer.errors import BadPrivateKey
    from crossbay.transfer.private_key import openssh_key  # and with it cryptography, for this call alone

    try:
        openssh_key(credential["private_key"], credential.get("password", ""))
    except BadPrivateKey as error:
        return error.public
    return ""
