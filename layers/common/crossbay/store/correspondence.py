"""When someone of the organization last wrote to an e-mail address: under a keyed hash.

Noted under the newest token key and looked for under each, like the dead e-mails.
"""

from collections.abc import Iterable

from crossbay.store import keys_profile
from crossbay.store.keyed_hash import keyed_hash
from crossbay.store.keys import Key
from crossbay.store.reads import Reads
from crossbay.store.token_keys import newest_token_key, read_token_keys
from crossbay.store.transaction import Transaction

_PURPOSE = b"written"


def note_written(
    transaction: Transaction, reads: Reads, organization_id: str, emails: Iterable[str], at: str
) -> None:
    """Note that these addresses were written to at `at` (UTC). Raises Busy without a token key."""
    wanted = sorted({email.strip().lower() for email in emails if email.strip()})
    if not wanted:
        return
    token_key = newest_token_key(reads)
    for email in wanted:
        transaction.put(_key(token_key, organization_id, email), "written", {"at": at})


def last_written(reads: Reads, organization_id: str, emails: Iterable[str]) -> dict[str, str]:
    """When each of these addresses was last written to (UTC); those that never were are missing."""
    wanted = sorted({email for email in emails if email.strip()})
    if not wanted:
        return {}
    by_key: dict[Key, list[str]] = {}
    for token_key in read_token_keys(reads):
        for email in wanted:
            by_key.setdefault(_key(token_key, organization_id, email), []).append(email)
    last: dict[str, str] = {}
    for key, item in reads.batch_get(by_key, consistent=True).items():
        for email in by_key[key]:
            last[email] = max(str(item["body"]["at"]), last.get(email, ""))
    return last


def _key(token_key: str, organization_id: str, email: str) -> Key:
    return keys_profile.written(organization_id, keyed_hash(token_key, _PURPOSE, email))
