"""When someone of the organization last wrote to an e-mail address: under a keyed hash.

Noted under the newest token key and looked for under each, like the dead e-mails.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from crossbay.domain.campaigns.stop import MailIds
from crossbay.store.codec import from_body, to_body
from crossbay.store.keys import Key
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Reads
from crossbay.store.token_keys import keyed_hash, newest_token_key, read_token_keys
from crossbay.store.transaction import Transaction

_PURPOSE = b"written"


def note_written(
    transaction: Transaction,
    reads: Reads,
    organization_id: str,
    emails: Iterable[str],
    at: str,
    mail: MailIds | None = None,
) -> None:
    """Note that these addresses were written to at `at` (UTC), last by this mail. Raises Busy without a token
    key.
    """
    wanted = sorted({email.strip().lower() for email in emails if email.strip()})
    if not wanted:
        return
    token_key = newest_token_key(reads)
    for email in wanted:
        body = {"at": at} | ({"mail": to_body(mail)} if mail else {})
        transaction.put(_key(token_key, organization_id, email), "written", body)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """An organization that wrote to an address, when last (UTC), and by which mail, where that is known."""

    organization_id: str
    email: str
    at: str
    mail: MailIds | None


def list_writers(reads: Reads, organization_ids: Iterable[str], emails: Iterable[str]) -> list[Writer]:
    """Those of these organizations that ever wrote to one of the addresses."""
    token_keys = read_token_keys(reads)
    wanted = {
        _key(token_key, organization_id, email): (organization_id, email)
        for organization_id in organization_ids
        for email in {email.strip().lower() for email in emails if email.strip()}
        for token_key in token_keys
    }
    items = reads.batch_get(wanted, consistent=True) if wanted else {}
    return [
        Writer(
            organization_id=wanted[key][0],
            email=wanted[key][1],
            at=str(item["body"]["at"]),
            mail=from_body(MailIds, item["body"]["mail"]) if "mail" in item["body"] else None,
        )
        for key, item in sorted(items.items())
    ]


def _key(token_key: str, organization_id: str, email: str) -> Key:
    return profile_keys.written(organization_id, keyed_hash(token_key, _PURPOSE, email))
