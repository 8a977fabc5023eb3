"""E-mail addresses that bounced hard, under a keyed hash: the table keeps that they did, never the address.

Marked under the newest token key and looked for under each, so that a rotation forgets none.
"""

from collections.abc import Iterable

from crossbay.store import keys
from crossbay.store.keyed_hash import keyed_hash
from crossbay.store.keys import Key
from crossbay.store.reads import Reads
from crossbay.store.token_keys import newest_token_key, read_token_keys
from crossbay.store.transaction import Transaction

_PURPOSE = b"dead e-mail"


def mark_dead(reads: Reads, organization_id: str, email: str, *, at: str) -> None:
    """No shop of the organization writes to this address again. Raises Busy without a key."""
    token_key = newest_token_key(reads)
    if which_dead(reads, organization_id, [email]):
        return
    transaction = Transaction()
    transaction.put(_key(token_key, organization_id, email), "dead e-mail", {"at": at})
    transaction.commit()


def which_dead(
    reads: Reads, organization_id: str, emails: Iterable[str], *, consistent: bool = True
) -> dict[str, str]:
    """Those of these addresses that bounced hard, each with when (UTC)."""
    wanted = sorted(set(emails))
    if not wanted:
        return {}
    by_key = {
        _key(token_key, organization_id, email): email
        for token_key in read_token_keys(reads)
        for email in wanted
    }
    if not by_key:
        return {}
    found = reads.batch_get(by_key, consistent=consistent)
    dead: dict[str, str] = {}
    for key, item in found.items():
        email, at = by_key[key], str(item["body"]["at"])
        dead[email] = min(at, dead.get(email, at))
    return dead


def _key(token_key: str, organization_id: str, email: str) -> Key:
    return keys.dead_email(organization_id, keyed_hash(token_key, _PURPOSE, email))
