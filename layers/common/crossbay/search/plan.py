"""Which runs of the index a search reads: what starts as it was typed, then, if the page isn't full, typos.

Both together are at most `MOST_QUERIES`. An organization's search reads the own shop's runs besides, so that
its customers come first; where Queries run out, typos are looked for in the organization's only.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations, islice

from crossbay.domain.address import street_key
from crossbay.domain.email import email_letters, typed_email
from crossbay.domain.phone import national_digits, normalize_phone, phone_digits
from crossbay.domain.plate import fold_plate
from crossbay.matching.frequency import RARE_SURNAME, is_given_name, surname_frequency
from crossbay.search.entry import NICKNAME, PARTITION_LETTERS, VIN_START, EntryKind, head_of
from crossbay.search.index import email_text
from crossbay.search.names import also_known_as, as_one, deletions, other_reading, query_words
from crossbay.search.query import Criterion, criteria_of
from crossbay.search.rank import NICKNAME_OF, SAME_LETTERS, Nearness, Tier
from crossbay.search.stream import Stream
from crossbay.search.street import street_words
from crossbay.search.vin import vin_characters

_OF_VEHICLES = frozenset({EntryKind.PLATE, EntryKind.VIN, EntryKind.VIN_END})

MOST_QUERIES = 14
"""Of one search, both rounds together."""

_MOST_SPLITS = 3
_MOST_NICKNAMES = 2
_SOMETHING_OF_IT = Nearness(Tier.FUZZY, 100)


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
            one.kind is EntryKind.NAME
            and not one.whole
            and one.first <= spelled
            and spelled.startswith(one.prefix)
            for one in self.near
            for spelled in both
        )


def plan_search(text: str, by: Criterion | None, scope: Scope) -> Plan:
    """What to read for the text. Raises SearchTextTooShort."""
    criteria = criteria_of(text, by)
    lookups = _usable(_NEAR[criterion](text) for criterion in criteria)[: MOST_QUERIES // 2]
    typos = _usable(_FUZZY[criterion](text) for criterion in criteria if criterion in _FUZZY)
    if scope is Scope.SHOP:
        near = [_own(lookup) for lookup in lookups][:MOST_QUERIES]
        fuzzy = [_own(typo) for typo in typos][: MOST_QUERIES - len(near)]
    else:
        near = [*_twice(lookups, MOST_QUERIES // 2)]
        typos = typos[: MOST_QUERIES - len(near)]
        fuzzy = [*_twice(typos, MOST_QUERIES - len(near) - len(typos))]
    return Plan(near=tuple(near), fuzzy=tuple(fuzzy))


def _twice(streams: Sequence[Stream], own: int) -> Iterator[Stream]:
    """Each stream in the organization, the first `own` of them in the own shop besides."""
    for stream in streams[:own]:
        yield _own(stream)
        yield replace(stream, skips_own_shop=True)
    yield from streams[own:]


def _own(stream: Stream) -> Stream:
    return replace(stream, of_own_shop=True)


def _usable(found: Iterable[Iterable[Stream]]) -> list[Stream]:
    """Without those that name no partition: `@home` has no local part."""
    return [stream for streams in found for stream in streams if stream.head]


def _prefix(criterion: Criterion, kind: EntryKind, text: str, letters: int = PARTITION_LETTERS) -> Stream:
    return Stream(criterion=criterion, kind=kind, head=head_of(text, letters), prefix=text, typed=text)


def _names(text: str) -> Iterator[Stream]:
    words = query_words(text)
    for read_so in (words, other_reading(text)):
        splits = [(as_one(read_so[:at]), as_one(read_so[at:])) for at in range(1, len(read_so))]
        for one, other in splits[:_MOST_SPLITS] or [(word, "") for word in read_so]:
            yield _name(f"{one} {other}".strip())
    yield from islice(_by_nickname(words) if words else (), _MOST_NICKNAMES)
    if len(words) == 2 and not _is_whole_name(words[0]):
        yield replace(_name(f"{words[1]} {words[0]}"), longer_only=True)


def _name(text: str) -> Stream:
    return _prefix(Criterion.NAME, EntryKind.NAME, text)


def _by_nickname(words: Sequence[str]) -> Iterator[Stream]:
    """Who is entered under a nickname of the name typed; who bears the name that was typed as a nickname."""
    if len(words) == 1:
        yield from (_meant(f"{known}{NICKNAME}") for known in _given(words[0]))
        for root in also_known_as(words[0]):
            yield replace(_name(f"{root} "), best=NICKNAME_OF)
            yield _meant(f"{root}{NICKNAME}")
        return
    first, rest, last, others = words[0], as_one(words[1:]), words[-1], as_one(words[:-1])
    yield from (_meant(f"{known} {rest}{NICKNAME}") for known in _given(first))
    yield from (_meant(f"{root} {rest}") for root in also_known_as(first))
    yield from (_meant(f"{known} {others}{NICKNAME}") for known in _given(last))
    yield from (_meant(f"{root} {others}") for root in also_known_as(last))


def _meant(text: str) -> Stream:
    return replace(_prefix(Criterion.NAME, EntryKind.NAME_MEANT, text), best=NICKNAME_OF)


def _given(word: str) -> tuple[str, ...]:
    return (word,) if is_given_name(word) else ()


def _is_whole_name(word: str) -> bool:
    """Whether the word is a common name, and so hardly the start of another that was cut short."""
    return bool(also_known_as(word)) or is_given_name(word) or surname_frequency(word) > RARE_SURNAME


def _name_typos(text: str) -> Iterator[Stream]:
    """Typos in words that are no name, then what else a nickname may stand for, then typos in names."""
    words = query_words(text)
    if len(words) > 2:
        # With one word mistyped, two others still stand side by side.
        for one, other in combinations(words, 2):
            yield replace(_name(f"{one} {other}"), typed=" ".join(words), best=_SOMETHING_OF_IT)
        return
    doubtful = [at for at, word in enumerate(words) if not _is_whole_name(word)]
    known = [at for at in range(len(words)) if at not in doubtful]
    for at in doubtful:
        yield from _mistyped(words, at)
    yield from islice(_by_nickname(words) if words else (), _MOST_NICKNAMES, None)
    for at in sorted(known, key=lambda at: len(also_known_as(words[at]))):
        yield from _mistyped(words, at)
    if len(words) == 2:
        yield replace(_name(as_one(words)), best=_SOMETHING_OF_IT)


def _mistyped(words: Sequence[str], at: int) -> Iterator[Stream]:
    """The word `at` with a typo, the other one whole, or begun where it is the last."""
    word, beside = words[at], words[1 - at] if len(words) > 1 else ""
    for part in deletions(word):
        yield Stream(
            criterion=Criterion.NAME,
            kind=EntryKind.NAME_EDIT,
            head=part,
            prefix=f"{beside} " if at else beside,
            typed=f"{beside} {word}".strip(),
            word=word,
        )


def _emails(text: str) -> Iterator[Stream]:
    whole, letters = email_text(typed_email(text)), email_letters(text)
    yield _prefix(Criterion.EMAIL, EntryKind.EMAIL, whole)
    if "@" not in text and letters != whole and len(letters) >= PARTITION_LETTERS:
        yield replace(_prefix(Criterion.EMAIL, EntryKind.EMAIL, letters), best=SAME_LETTERS)


def _phones(text: str) -> Iterator[Stream]:
    digits = _national(text)
    yield _prefix(Criterion.PHONE, EntryKind.PHONE, digits)
    yield _prefix(Criterion.PHONE, EntryKind.PHONE_END, digits[::-1])


def _national(text: str) -> str:
    """The national digits of a number in any notation, or the digits of a part of one."""
    if text.strip().startswith("+"):
        return national_digits(normalize_phone(text, ""))
    digits = phone_digits(text.lower().partition("x")[0])
    if len(digits) == _NORTH_AMERICAN + 1 and digits.startswith("1"):
        return digits[1:]
    return digits.lstrip("0") if len(digits) >= _NORTH_AMERICAN else digits


_NORTH_AMERICAN = 10
"""Digits of a national number in North America; elsewhere a whole one has a 0 first that E.164 leaves out."""


def _plates(text: str) -> Iterator[Stream]:
    plate = fold_plate(text)
    if len(plate) >= PARTITION_LETTERS:
        yield _prefix(Criterion.PLATE, EntryKind.PLATE, plate)


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
        yield replace(suffix_apart, typed=typed, best=_SOMETHING_OF_IT)
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
    Criterion.NAME: _names,
    Criterion.EMAIL: _emails,
    Criterion.PHONE: _phones,
    Criterion.PLATE: _plates,
    Criterion.VIN: _vins,
    Criterion.STREET: _streets,
}
_FUZZY: dict[Criterion, Callable[[str], Iterator[Stream]]] = {
    Criterion.NAME: _name_typos,
    Criterion.STREET: _street_typos,
}
