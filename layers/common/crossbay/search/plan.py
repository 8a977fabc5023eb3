"""Which runs of the index a search reads: what starts as it was typed, then, if the page isn't full, typos.

Both together are at most `MOST_QUERIES`. An organization's search reads the own shop's runs besides, so that
its customers come first; where Queries run out, typos are looked for in the organization's only.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from crossbay.domain.address import street_key
from crossbay.domain.customers.plate_lookalikes import fold_plate
from crossbay.domain.email import address_in, email_letters, typed_email, typed_mailbox
from crossbay.domain.phone import phone_digits, read_typed_phones, typed_national_digits
from crossbay.search.entry import PARTITION_LETTERS, VIN_START, EntryKind, head_of
from crossbay.search.index import email_text
from crossbay.search.name_plan import SOMETHING_OF_IT, name_typos, near_names
from crossbay.search.names import deletions
from crossbay.search.number import number_key, typed_number
from crossbay.search.query import Criterion, criteria_of
from crossbay.search.rank import SAME_LETTERS, Tier
from crossbay.search.stream import Stream
from crossbay.search.street import street_words
from crossbay.search.typed_plate import plates_in
from crossbay.search.vin import vin_characters

_OF_NAMES = frozenset({EntryKind.NAME, EntryKind.SURNAME, EntryKind.GIVEN})
_OF_VEHICLES = frozenset({EntryKind.PLATE, EntryKind.VIN, EntryKind.VIN_END})

MOST_QUERIES = 14
"""Of one search, both rounds together."""

_OTHER_SPELLING = 1
_BEHIND_NAMES = {Criterion.EMAIL: 4, Criterion.PLATE: 5}
"""Taken off the score of what a word may be besides a name."""


class Scope(StrEnum):
    SHOP = "shop"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """near: read in the first round. fuzzy: in the second, where the first didn't fill the page."""

    near: tuple[Stream, ...]
    fuzzy: tuple[Stream, ...]

    @property
    def is_of_vehicles(self) -> bool:
        """Whether a customer may be found by one of its vehicles."""
        return any(stream.kind in _OF_VEHICLES for stream in self.near)

    def shows_near(self, stream: Stream, text: str) -> bool:
        """Whether the near round shows whoever stands in a run of typos with this text: nothing was mistyped.

        Two names side by side are in the index both ways round.
        """
        if stream.kind is not EntryKind.NAME_EDIT:
            return False
        beside, _, word = text.rpartition(" ")
        both = (f"{beside} {word}".strip(), f"{word} {beside}".strip())
        return any(
            one.kind in _OF_NAMES
            and one.best.tier is not Tier.FUZZY
            and not one.whole
            and one.first <= spelled
            and spelled.startswith(one.prefix)
            for one in self.near
            for spelled in both
        )


def plan_search(text: str, by: Criterion | None, scope: Scope) -> Plan:
    """What to read for the text. Raises SearchTextUnusable."""
    criteria = criteria_of(text, by)
    lookups = _usable(_lookups(text, criteria))[: MOST_QUERIES // 2]
    typos = _usable(_FUZZY[criterion](text) for criterion in criteria if criterion in _FUZZY)
    if scope is Scope.SHOP:
        near = [_own(lookup) for lookup in lookups][:MOST_QUERIES]
        fuzzy = [_own(typo) for typo in typos][: MOST_QUERIES - len(near)]
    else:
        near = [*_twice(lookups, MOST_QUERIES // 2)]
        typos = typos[: MOST_QUERIES - len(near)]
        fuzzy = [*_twice(typos, MOST_QUERIES - len(near) - len(typos))]
    return Plan(near=tuple(near), fuzzy=tuple(fuzzy))


def _lookups(text: str, criteria: Sequence[Criterion]) -> Iterator[Iterable[Stream]]:
    """What to look up for each criterion. What digits alone may mean comes one after the other; of a word,
    names come before other things that are as near.
    """
    is_of_digits = criteria[0] is Criterion.PHONE and len(criteria) > 1
    for place, criterion in enumerate(criteria):
        found = _NEAR[criterion](text)
        if is_of_digits:
            yield (replace(stream, meaning=place) for stream in found)
        elif Criterion.NAME in criteria and criterion in _BEHIND_NAMES:
            yield (replace(stream, less=stream.less + _BEHIND_NAMES[criterion]) for stream in found)
        else:
            yield found


def _twice(streams: Sequence[Stream], own: int) -> Iterator[Stream]:
    """Each stream in the organization, the first `own` of them in the own shop besides."""
    for stream in streams[:own]:
        yield _own(stream)
        yield replace(stream, skips_own_shop=True)
    yield from streams[own:]


def _own(stream: Stream) -> Stream:
    return replace(stream, of_own_shop=True)


def _usable(found: Iterable[Iterable[Stream]]) -> list[Stream]:
    """Each once, without those that name no partition: `@home` has no local part."""
    return list(dict.fromkeys(stream for streams in found for stream in streams if stream.head))


def _prefix(criterion: Criterion, kind: EntryKind, text: str, letters: int = PARTITION_LETTERS) -> Stream:
    return Stream(criterion=criterion, kind=kind, head=head_of(text, letters), prefix=text, typed=text)


def _emails(text: str) -> Iterator[Stream]:
    """The address, the mailbox that it is one spelling of, and of a local part alone its letters."""
    text = address_in(text)
    address = typed_email(text)
    whole, letters = email_text(address), email_letters(text)
    yield _prefix(Criterion.EMAIL, EntryKind.EMAIL, whole)
    if (box := email_text(typed_mailbox(address))) != whole:
        yield replace(_prefix(Criterion.EMAIL, EntryKind.EMAIL, box), less=_OTHER_SPELLING)
    if "@" not in text and letters != whole and len(letters) >= PARTITION_LETTERS:
        yield replace(_prefix(Criterion.EMAIL, EntryKind.EMAIL, letters), best=SAME_LETTERS)


def _phones(text: str) -> Iterator[Stream]:
    """A phone is looked up by its first and its last digits; a whole number by what else it may mean, too;
    of several, each.
    """
    readings = [*map(typed_national_digits, read_typed_phones(text))] or [(phone_digits(text),)]
    for likeliest, *others in filter(None, readings):
        yield _prefix(Criterion.PHONE, EntryKind.PHONE, likeliest)
        yield _prefix(Criterion.PHONE, EntryKind.PHONE_END, likeliest[::-1])
        for digits in others:
            yield _prefix(Criterion.PHONE, EntryKind.PHONE, digits)


def _plates(text: str) -> Iterator[Stream]:
    for plate in plates_in(text) or (fold_plate(text),):
        if len(plate) >= PARTITION_LETTERS:
            yield _prefix(Criterion.PLATE, EntryKind.PLATE, fold_plate(plate))


def _numbers(text: str) -> Iterator[Stream]:
    """The whole number only: another that begins the same is another."""
    number = typed_number(text)
    key = number.key if number else number_key(text)
    if key:
        stream = _prefix(Criterion.NUMBER, EntryKind.NUMBER, key)
        yield replace(stream, whole=True, record=number.records if number else "")


def _vins(text: str) -> Iterator[Stream]:
    characters = vin_characters(text)
    if len(characters) >= PARTITION_LETTERS:
        yield _prefix(Criterion.VIN, EntryKind.VIN_END, characters[::-1])
    if len(characters) >= VIN_START:
        yield _prefix(Criterion.VIN, EntryKind.VIN, characters, VIN_START)


def _streets(text: str) -> Iterator[Stream]:
    street = street_words(street_key(text))
    if street.number or street.name:
        yield _prefix(Criterion.STREET, EntryKind.STREET, f"{street.number} {street.name}".strip())


def _street_typos(text: str) -> Iterator[Stream]:
    street = street_words(street_key(text))
    typed = f"{street.number} {street.name}".strip()
    if street.number and street.name != street.word:
        suffix_apart = _prefix(Criterion.STREET, EntryKind.STREET, f"{street.number} {street.word}")
        yield replace(suffix_apart, typed=typed, best=SOMETHING_OF_IT)
    for part in deletions(street.word):
        yield Stream(
            criterion=Criterion.STREET,
            kind=EntryKind.STREET_EDIT,
            head=part,
            prefix=f"{street.number} " if street.number else "",
            typed=typed,
            word=street.word,
        )


_NEAR: dict[Criterion, Callable[[str], Iterator[Stream]]] = {
    Criterion.NAME: near_names,
    Criterion.EMAIL: _emails,
    Criterion.PHONE: _phones,
    Criterion.PLATE: _plates,
    Criterion.VIN: _vins,
    Criterion.STREET: _streets,
    Criterion.NUMBER: _numbers,
}
_FUZZY: dict[Criterion, Callable[[str], Iterator[Stream]]] = {
    Criterion.NAME: name_typos,
    Criterion.STREET: _street_typos,
}
