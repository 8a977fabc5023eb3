"""Who isn't to be brought back: what told erased people apart, under keyed hashes, with their opt-outs (X6).

An item for each e-mail address and phone number that a record ever had holds who had it: of a phone also
the hashes of the names that go with it (`privacy/name_traces.py`). Written under the newest token key and
looked for under each, so that a rotation forgets nobody. Each shop has its own: erasure is of one shop's
customer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from crossbay.domain.customers.customer import Customer, DoNotMail, Former
from crossbay.domain.customers.former import ever
from crossbay.domain.customers.opt_out import stricter_flags
from crossbay.domain.email import mailbox
from crossbay.domain.organization import ShopRef
from crossbay.domain.phone import is_nobodys
from crossbay.errors import Contended
from crossbay.privacy.name_traces import name_traces
from crossbay.store.codec import from_body, to_body
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Reads
from crossbay.store.token_keys import keyed_hash, newest_token_key, read_token_keys
from crossbay.store.transaction import Transaction

_PURPOSE = b"erased person"

_GONE_ITEMS = 20
"""Of addresses and numbers in the transaction of a deletion, whose index items are many."""

_NAME_DIGITS = 16
"""Of a name's hash: 64 bits tell the names at one phone number apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """at: when (UTC). do_not_mail: as it stood then. asked_again_at: when the person was taken in by hand.

    names: hashes of the names that go with a phone number; none of an e-mail address, which tells alone.
    """

    at: str
    do_not_mail: DoNotMail
    asked_again_at: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trace:
    """An item: who had that address or number, by the ids of their records."""

    people: Mapping[str, Erased] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundErased:
    """The items that tell of someone, and who of those in them it may be: pairs of key and record's id."""

    items: Mapping[Key, _Trace]
    people: frozenset[tuple[Key, str]]

    @property
    def do_not_mail(self) -> DoNotMail:
        """Every opt-out that stood then."""
        flags = DoNotMail()
        for erased in self._erased():
            flags = stricter_flags(flags, erased.do_not_mail)
        return flags

    @property
    def unasked_since(self) -> str:
        """The time since when nobody may bring the person back; empty where nobody was erased, or they came
        again.
        """
        return min((one.at for one in self._erased() if not one.asked_again_at), default="")

    def _erased(self) -> Iterator[Erased]:
        for key, record_id in sorted(self.people):
            yield self.items[key].people[record_id]


def put_erased(
    transaction: Transaction, reads: Reads, customer: Customer, known: Former, *, at: str, most: int
) -> None:
    """Note the person as erased, by all that is `known` of the record; past `most` items the rest at once.

    Those come before the transaction: until it commits they keep out nobody but the person. Refuses with
    Contended when one of the items changed meanwhile. Raises Busy without a token key.
    """
    person = Erased(at=at, do_not_mail=customer.do_not_mail)
    _put_person(transaction, reads, customer, person, known, most=most)


def _put_person(
    transaction: Transaction, reads: Reads, customer: Customer, person: Erased, known: Former, *, most: int
) -> None:
    token_key = newest_token_key(reads)
    wanted = {
        _key(token_key, customer, trace): replace(person, names=names)
        for trace, names in _traces(token_key, known).items()
    }
    stored = _read(reads, wanted)
    for number, (key, erased) in enumerate(wanted.items()):
        before = stored.get(key, _Trace())
        after = replace(before, people={**before.people, customer.id: erased})
        if number < most:
            _put(transaction, key, before, after)
        else:
            apart = Transaction()
            _put(apart, key, before, after)
            apart.commit()


def put_gone(
    transaction: Transaction, reads: Reads, before: Customer, customer: Customer, *, at: str
) -> None:
    """Note the opt-outs of a customer who is deleted, for when the person comes again; nobody is kept out.

    Writes and asks nothing where there are and were none. Refuses like `put_erased`.
    """
    if not customer.do_not_mail.is_set and not before.do_not_mail.is_set:
        return
    transaction.put(profile_keys.gone(ShopRef.of(customer)), "gone", {})
    person = Erased(at=at, do_not_mail=customer.do_not_mail, asked_again_at=at)
    _put_person(transaction, reads, customer, person, ever(customer), most=_GONE_ITEMS)


def has_gone(reads: Reads, shop_ref: ShopRef) -> bool:
    """Whether the shop deleted someone with an opt-out."""
    return reads.get(profile_keys.gone(shop_ref), consistent=True) is not None


def find_erased(reads: Reads, customer: Customer) -> FoundErased:
    """Whoever was erased and may be this customer, as it would be saved: phones and e-mails in one notation.

    Someone at the same phone number with another name is somebody else; with no name that tells people
    apart it may be the person.
    """
    wanted: dict[Key, tuple[str, ...]] = {}
    for token_key in read_token_keys(reads):
        for trace, names in _traces(token_key, ever(customer)).items():
            wanted[_key(token_key, customer, trace)] = names
    items = _read(reads, wanted)
    people = frozenset(
        (key, record_id)
        for key, item in items.items()
        for record_id, erased in item.people.items()
        if _may_be(erased.names, wanted[key])
    )
    return FoundErased(items=items, people=people)


def put_asked_again(transaction: Transaction, found: FoundErased, *, at: str) -> None:
    """The person was taken in by hand, so imports may tell of them again. Their opt-outs stay."""
    for key in sorted({key for key, _ in found.people}):
        before = found.items[key]
        people = {
            record_id: replace(erased, asked_again_at=erased.asked_again_at or at)
            if (key, record_id) in found.people
            else erased
            for record_id, erased in before.people.items()
        }
        if people != before.people:
            _put(transaction, key, before, replace(before, people=people))


def _may_be(erased: tuple[str, ...], names: tuple[str, ...]) -> bool:
    return not erased or not names or not set(erased).isdisjoint(names)


def _read(reads: Reads, wanted: Iterable[Key]) -> dict[Key, _Trace]:
    found = reads.batch_get(tuple(wanted), consistent=True)
    return {
        key: replace(from_body(_Trace, item["body"]), version=int(item["version"]))
        for key, item in found.items()
    }


def _put(transaction: Transaction, key: Key, before: _Trace, after: _Trace) -> None:
    body = {"people": {record_id: to_body(one) for record_id, one in after.people.items()}}
    transaction.replace(
        key,
        StoredItem(type="erased", body=body, version=before.version + 1),
        expected_version=before.version,
        refusal=Contended("erased person"),
    )


def _key(token_key: str, customer: Customer, trace: str) -> Key:
    hashed = keyed_hash(token_key, _PURPOSE, trace)
    return profile_keys.erased(ShopRef.of(customer), hashed)


def _traces(token_key: str, known: Former) -> dict[str, tuple[str, ...]]:
    """Each address and number with the hashes of the names that go with it, those of now first."""
    named = {trace for name in known.names for trace in name_traces(name)}
    found: dict[str, tuple[str, ...]] = {f"e-mail:{mailbox(email)}": () for email in known.emails}
    for number in known.phones:
        if is_nobodys(number):
            continue
        hashed = (keyed_hash(token_key, _PURPOSE, f"{number}:{trace}")[:_NAME_DIGITS] for trace in named)
        found[f"phone:{number}"] = tuple(sorted(hashed))
    return found
