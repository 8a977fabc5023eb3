"""Who isn't to be brought back: what told an erased person apart, under keyed hashes, with their opt-outs.

Written under the newest token key and looked for under each, so that a rotation forgets nobody. Each shop has
its own: erasure is of one shop's customer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from crossbay.domain.customer import Customer, DoNotMail
from crossbay.domain.opt_out import stricter_flags
from crossbay.domain.text import fold
from crossbay.store import keys_profile as keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.keyed_hash import keyed_hash
from crossbay.store.keys import Key
from crossbay.store.reads import Reads
from crossbay.store.token_keys import newest_token_key, read_token_keys
from crossbay.store.transaction import Transaction

_PURPOSE = b"erased person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """at: when (UTC). do_not_mail: as it stood then. asked_again_at: when the person was taken in by hand."""

    at: str
    do_not_mail: DoNotMail
    asked_again_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundErased:
    """What was erased of someone with the same e-mail, or the same phone and name, by key."""

    by_key: dict[Key, Erased]

    @property
    def do_not_mail(self) -> DoNotMail:
        """Every opt-out that stood then."""
        flags = DoNotMail()
        for erased in self.by_key.values():
            flags = stricter_flags(flags, erased.do_not_mail)
        return flags

    @property
    def unasked_since(self) -> str:
        """Since when nobody may bring the person back; empty where nobody was erased, or they came again."""
        return min((one.at for one in self.by_key.values() if not one.asked_again_at), default="")


def put_erased(transaction: Transaction, reads: Reads, customer: Customer, *, at: str) -> None:
    """Note the person as erased. Raises Busy without a token key."""
    token_key = newest_token_key(reads)
    body = to_body(Erased(at=at, do_not_mail=customer.do_not_mail))
    for key in sorted(_keys_of(token_key, customer)):
        transaction.put(key, "erased", body)


def find_erased(reads: Reads, customer: Customer) -> FoundErased:
    """customer: with e-mails and phones in one notation, as it would be saved."""
    wanted = [key for token_key in read_token_keys(reads) for key in _keys_of(token_key, customer)]
    items = reads.batch_get(wanted, consistent=True) if wanted else {}
    return FoundErased(by_key={key: from_body(Erased, item["body"]) for key, item in items.items()})


def put_asked_again(transaction: Transaction, found: FoundErased, *, at: str) -> None:
    """The person was taken in by hand, so imports may tell of them again. Their opt-outs stay."""
    for key, erased in found.by_key.items():
        if not erased.asked_again_at:
            transaction.put(key, "erased", to_body(replace(erased, asked_again_at=at)))


def _keys_of(token_key: str, customer: Customer) -> Iterator[Key]:
    for trace in _traces(customer):
        hashed = keyed_hash(token_key, _PURPOSE, trace)
        yield keys.erased(customer.organization_id, customer.shop_id, hashed)


def _traces(customer: Customer) -> set[str]:
    """What tells a person apart: an e-mail address, or a phone number with the name in any order."""
    name = fold(f"{customer.first_name} {customer.last_name}") or fold(customer.company_name)
    words = " ".join(sorted(name.split()))
    emails = {f"e-mail:{email.strip().lower()}" for email in customer.emails}
    return emails | {f"phone:{phone.number}:{words}" for phone in customer.phones if words}
