"""Stops by mailbox, under a keyed hash: the table keeps that there is one, never the address (decision 0190).

One item a mailbox and organization, which a night reads for each address: what bounced, who asked for no
mail, who complained. Written under the newest token key and looked for under each, so that a rotation
forgets none; what stands under an older key is changed where it stands.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from crossbay.domain.campaigns.stop import MailIds, Stop, StopReason, bounced_at, is_complaint, lifted
from crossbay.domain.email import mailbox
from crossbay.errors import Contended
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.full_pages import full_page
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Item, Position, Query, Reads
from crossbay.store.token_keys import keyed_hash, newest_token_key, read_token_keys
from crossbay.store.transaction import Transaction

Stops = tuple[Stop, ...]
Edit = Callable[[Stops], Stops]

_PURPOSE = b"dead e-mail"
"""As it was called when bounces alone stood there."""

_SPELLING_DIGITS = 16
"""64 bits tell the spellings of one mailbox apart."""

_MOST_KEPT = 60
"""Stops of a mailbox; of more the oldest of those that were lifted go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """An item. at: when the address bounced, as a release noted it that knew no other stops nor versions."""

    at: str = ""
    stops: Stops = ()
    version: int = 0

    @property
    def all(self) -> Stops:
        if not self.at:
            return self.stops
        return (Stop(reason=StopReason.BOUNCE, at=self.at, noted_at=self.at), *self.stops)


# ---- read


def read_stops(
    reads: Reads, organization_id: str, emails: Iterable[str], *, consistent: bool = True
) -> dict[str, Stops]:
    """The stops of each of these addresses, as spelled; lifted ones too. Those without any are missing.

    Consistently, as at the moment of sending, also what an earlier release noted of another spelling than the
    mailbox's own: a night does without that key, as its messages are looked at again then.
    """
    places = _places(read_token_keys(reads), organization_id, emails)
    asked = [key for place in places for key in (*place.own, *(place.old if consistent else ()))]
    items = reads.batch_get(asked, consistent=consistent) if asked else {}
    found = {place.email: tuple(place.stops_in(items)) for place in places}
    return {email: stops for email, stops in found.items() if stops}


def which_dead(
    reads: Reads, organization_id: str, emails: Iterable[str], *, consistent: bool = True
) -> dict[str, str]:
    """Those of these addresses that bounced hard, each with when (UTC)."""
    stops = read_stops(reads, organization_id, emails, consistent=consistent)
    return {email: at for email, found in stops.items() if (at := bounced_at(found))}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the stops of an address stand. own: its mailbox's; old: an earlier release's, of its spelling.

    spellings: what a bounce of this very spelling is marked with; empty where it is the mailbox's own.
    """

    email: str
    own: tuple[Key, ...]
    old: tuple[Key, ...]
    spellings: frozenset[str]

    def stops_in(self, items: Mapping[Key, Item]) -> Iterator[Stop]:
        for key in self.own:
            if key in items:
                yield from (stop for stop in _record(items[key]).all if self.concerns(stop))
        for key in self.old:
            if key in items:
                yield from _record(items[key]).all

    def concerns(self, stop: Stop) -> bool:
        return stop.reason is not StopReason.BOUNCE or stop.spelling in self.spellings


def _places(token_keys: Sequence[str], organization_id: str, emails: Iterable[str]) -> list[_Place]:
    return [_place(token_keys, organization_id, email) for email in sorted(set(emails)) if email.strip()]


def _place(token_keys: Sequence[str], organization_id: str, email: str) -> _Place:
    own, spelled = mailbox(email), email.strip().lower()

    def under(text: str) -> tuple[Key, ...]:
        hashes = (keyed_hash(token_key, _PURPOSE, text) for token_key in token_keys)
        return tuple(keys.stops(organization_id, hashed) for hashed in hashes)

    if own == spelled:
        return _Place(email=email, own=under(own), old=(), spellings=frozenset({""}))
    marks = (keyed_hash(token_key, _PURPOSE, spelled)[:_SPELLING_DIGITS] for token_key in token_keys)
    return _Place(email=email, own=under(own), old=under(spelled), spellings=frozenset(marks))


# ---- write


def put_stops(
    transaction: Transaction, reads: Reads, organization_id: str, edits: Mapping[str, Edit]
) -> None:
    """Change the stops of mailboxes, each as its edit (by any of its addresses) makes them.

    Nothing is written where nothing changes. Refuses with Contended when one changed meanwhile. Raises Busy
    without a token key.
    """
    by_mailbox: dict[str, list[Edit]] = {}
    for email, edit in edits.items():
        by_mailbox.setdefault(mailbox(email), []).append(edit)
    if not by_mailbox:
        return
    token_keys = (newest_token_key(reads), *read_token_keys(reads)[1:])
    places = _places(token_keys, organization_id, by_mailbox)
    items = reads.batch_get([key for place in places for key in place.own], consistent=True)
    for place in places:
        held = [key for key in place.own if key in items]
        for number, key in enumerate(held or place.own[:1]):
            before = _record(items[key]) if key in items else _Record()
            stops = before.all
            for edit in by_mailbox[place.email]:
                stops = edit(stops)
            # What is new stands once: edits change stops in their places, and add behind them.
            _put(transaction, key, before, stops if number == 0 else stops[: len(before.all)])


def mark_dead(
    reads: Reads, organization_id: str, email: str, *, at: str, mail: MailIds | None = None
) -> None:
    """No shop of the organization writes to this address until it is lifted. Raises like `put_stops`.

    mail: the one that came back.
    """
    if which_dead(reads, organization_id, [email]):
        return
    place = _place([newest_token_key(reads)], organization_id, email)
    bounce = Stop(
        reason=StopReason.BOUNCE, at=at, noted_at=at, spelling=next(iter(place.spellings)), mail=mail
    )
    transaction = Transaction()
    put_stops(transaction, reads, organization_id, {email: lambda stops: (*stops, bounce)})
    transaction.commit()


def note_stop(reads: Reads, organization_id: str, email: str, stop: Stop) -> None:
    """Keep a stop with the mailbox, once for all that is told of it again. Raises like `put_stops`."""

    def edit(stops: Stops) -> Stops:
        told = (replace(one, at=stop.at, noted_at=stop.noted_at) == stop for one in stops)
        return stops if any(told) else (*stops, stop)

    transaction = Transaction()
    put_stops(transaction, reads, organization_id, {email: edit})
    transaction.commit()


# ---- bounces taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingBounce:
    """A bounce that stands: the item that holds it, and the mail that came back, where that is known.

    complained: whether the mailbox complained, too.
    """

    key: Key
    at: str
    mail: MailIds | None
    complained: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedBounces:
    """found: those that can be lifted. complained: how many beside them stay. more: whether others can be."""

    found: Sequence[StandingBounce] = ()
    complained: int = 0
    more: bool = False


def list_bounces(reads: Reads, organization_id: str, first: str, last: str, *, limit: int) -> ListedBounces:
    """Those that came between two instants (UTC), both included, of so many mailboxes that didn't complain.

    Mailboxes that did are passed over, however many: they stay in the list for good.
    """
    start, end = (keys.by_bounce(organization_id, at, "") for at in (first, last + keys.TOP))
    query = Query(pk=start.pk, first=start.sk, last=end.sk, index="GSI1")
    complained = 0

    def of_mailbox(item: Item) -> list[StandingBounce] | None:
        nonlocal complained
        bounces = [bounce for bounce in _standing(item) if first <= bounce.at <= last]
        if not any(bounce.complained for bounce in bounces):
            return bounces or None
        complained += len(bounces)
        return None

    found: tuple[list[StandingBounce], ...] = ()
    behind: Position | None = None
    is_through = False
    while not found and not is_through:
        found, behind = full_page(
            reads, lambda after: replace(query, after=after), of_mailbox, limit=limit, after=behind
        )
        is_through = behind is None
    return ListedBounces(found=list(chain(*found)), complained=complained, more=not is_through)


def bounces_of(reads: Reads, organization_id: str, email: str) -> list[StandingBounce]:
    """Those of one address."""
    (place,) = _places(read_token_keys(reads), organization_id, [email])
    items = reads.batch_get([*place.own, *place.old], consistent=True)
    return [
        bounce
        for key, item in items.items()
        for bounce in _standing(item, None if key in place.old else place)
    ]


def _standing(item: Item, place: _Place | None = None) -> list[StandingBounce]:
    """Those of an item; of one address, where its place is given."""
    stops = _record(item).all
    complained = any(map(is_complaint, stops))
    return [
        StandingBounce(key=Key(item["pk"], item["sk"]), at=stop.at, mail=stop.mail, complained=complained)
        for stop in stops
        if _bounces(stop) and (place is None or place.concerns(stop))
    ]


def lift_bounces(
    transaction: Transaction, reads: Reads, bounces: Iterable[StandingBounce], *, at: str, by: str
) -> int:
    """Lift these, as far as they still stand; how many did. Refuses with Contended."""
    wanted: dict[Key, set[str]] = {}
    for bounce in bounces:
        wanted.setdefault(bounce.key, set()).add(bounce.at)
    items = reads.batch_get(wanted, consistent=True) if wanted else {}
    count = 0
    for key, item in items.items():
        before = _record(item)
        gone = [stop for stop in before.all if _bounces(stop) and stop.at in wanted[key]]
        _put(transaction, key, before, lifted(before.all, gone, at=at, by=by))
        count += len(gone)
    return count


# ---- items


def _bounces(stop: Stop) -> bool:
    return stop.reason is StopReason.BOUNCE and not stop.lifted_at


def _record(item: Item) -> _Record:
    return from_body(_Record, item["body"])


def _put(transaction: Transaction, key: Key, before: _Record, stops: Stops) -> None:
    if stops == before.all:
        return
    after = _Record(stops=_kept(stops), version=before.version + 1)
    last = max((stop.at for stop in stops if _bounces(stop)), default="")
    organization_id, _, hashed = key.pk.split("#")
    item = StoredItem(
        type="stops",
        body=to_body(after),
        version=after.version,
        gsi1=keys.by_bounce(organization_id, last, hashed) if last else None,
    )
    if before.at:  # of an earlier release, which gave it no version to go by
        transaction.put(key, item.type, item.body, version=item.version, gsi1=item.gsi1)
    else:
        refusal = Contended("stops of a mailbox")
        transaction.replace(key, item, expected_version=before.version, refusal=refusal)


def _kept(stops: Stops) -> Stops:
    over = sorted((stop for stop in stops if stop.lifted_at), key=lambda stop: stop.lifted_at)
    gone = over[: max(0, len(stops) - _MOST_KEPT)]
    return tuple(stop for stop in stops if stop not in gone)
