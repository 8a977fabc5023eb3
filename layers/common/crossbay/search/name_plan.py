"""Which runs of the index a typed name asks for: as it may be read, by nicknames, with typos."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, islice

from crossbay.domain.name import name_tokens, nicknames_of
from crossbay.matching.frequency import given_name_frequency, is_given_name
from crossbay.search.entry import NICKNAME, PARTITION_LETTERS, EntryKind, head_of
from crossbay.search.likely import shortest_start
from crossbay.search.names import also_known_as, as_one, deletions, without_particles
from crossbay.search.query import Criterion, is_whole_name_only
from crossbay.search.rank import NICKNAME_OF, Nearness, Tier
from crossbay.search.readings import is_name, readings_of, without_titles
from crossbay.search.scripts import is_without_blanks, whole_name
from crossbay.search.stream import Stream

_MOST_SPLITS = 3
_MOST_NICKNAMES = 2
_MOST_CALLED = 2
_GIVEN_NAME_BEHIND = 1
"""Taken off the score of a word found as a given name: as near, but a surname comes first."""

_OTHER_READING_BEHIND = 2
SOMETHING_OF_IT = Nearness(Tier.FUZZY, 100)


def near_names(text: str) -> Iterator[Stream]:
    """Who bears the name, or one that starts so, as it may be read; then those whom a nickname leads to."""
    if is_whole_name_only(text) or is_without_blanks(text):
        yield from _whole_name(text)
        return
    readings = readings_of(text)
    for at, words in enumerate(readings):
        behind = _OTHER_READING_BEHIND * (at > 0 and len(words) >= len(readings[0]))
        for stream in _as_read(words, is_apart=at == 0 or len(readings[0]) == 1):
            yield replace(stream, less=stream.less + behind)
    words = readings[0] if readings else ()
    yield from _near_nicknames(words)
    if len(words) == 2 and not is_name(words[0]):
        yield replace(_name(f"{words[1]} {words[0]}"), longer_only=True)


def _whole_name(text: str) -> Iterator[Stream]:
    """Few characters ask for the whole name only; more ask for what starts so."""
    is_whole = is_whole_name_only(text)
    one = whole_name(text) if is_without_blanks(text) else as_one(name_tokens(text))
    yield replace(_of(EntryKind.SURNAME, one), whole=is_whole)


def _as_read(words: Sequence[str], *, is_apart: bool) -> Iterator[Stream]:
    """is_apart: of a single word, surnames and given names apart, which takes twice the Queries."""
    if len(words) > 1:
        splits = [(as_one(words[:at]), as_one(words[at:])) for at in range(1, len(words))]
        for one, other in splits[:_MOST_SPLITS]:
            yield _name(f"{one} {other}")
    elif not is_apart or any(letter.isdecimal() for letter in words[0]):
        yield _name(words[0])
    else:
        yield _of(EntryKind.SURNAME, words[0])
        yield replace(_of(EntryKind.GIVEN, words[0]), less=_GIVEN_NAME_BEHIND)


def _of(kind: EntryKind, text: str) -> Stream:
    return Stream(
        criterion=Criterion.NAME,
        kind=kind,
        head=head_of(text, PARTITION_LETTERS),
        prefix=text,
        typed=text,
    )


def _name(text: str) -> Stream:
    return _of(EntryKind.NAME, text)


def _near_nicknames(words: Sequence[str]) -> Iterator[Stream]:
    """Adds to a name that may be mistyped those alone who are entered under a nickname of it: whom
    a nickname means is found with the typos.
    """
    if len(words) == 2 and not all(map(is_name, words)):
        formal = (word for word in words if is_given_name(word) and nicknames_of(word))
        yield from (_meant(f"{word} {words[word == words[0]]}{NICKNAME}") for word in islice(formal, 1))
    elif words:
        yield from islice(_by_nickname(words), _MOST_NICKNAMES)


def _by_nickname(words: Sequence[str]) -> Iterator[Stream]:
    """Who is entered under a nickname of the name typed; who bears the name that was typed as a nickname."""
    if len(words) == 1:
        yield from (_meant(f"{known}{NICKNAME}") for known in _given(words[0]))
        for root in also_known_as(words[0]):
            yield replace(_of(EntryKind.GIVEN, f"{root} "), best=NICKNAME_OF)
            yield _meant(f"{root}{NICKNAME}")
        return
    first, rest, last, others = words[0], as_one(words[1:]), words[-1], as_one(words[:-1])
    yield from (_meant(f"{known} {rest}{NICKNAME}") for known in _given(first))
    yield from (_meant(f"{root} {rest}") for root in also_known_as(first))
    yield from (_meant(f"{known} {others}{NICKNAME}") for known in _given(last))
    yield from (_meant(f"{root} {others}") for root in also_known_as(last))


def _meant(text: str) -> Stream:
    return replace(_of(EntryKind.NAME_MEANT, text), best=NICKNAME_OF)


def _given(word: str) -> tuple[str, ...]:
    return (word,) if is_given_name(word) else ()


def name_typos(text: str) -> Iterator[Stream]:
    """The name with other particles, typos in words that are no name, what else a nickname may stand for,
    then typos in names.
    """
    words = (readings_of(text) or ((),))[0]
    if is_whole_name_only(text) or is_without_blanks(text):
        return
    yield from _other_particles(text)
    if len(words) > 2:
        # With one word mistyped, two others still stand side by side.
        for one, other in combinations(words, 2):
            yield replace(_name(f"{one} {other}"), typed=" ".join(words), best=SOMETHING_OF_IT)
        return
    doubtful = [at for at, word in enumerate(words) if not is_name(word)]
    known = [at for at in range(len(words)) if at not in doubtful]
    for at in doubtful:
        yield from _mistyped(words, at)
    yield from islice(_by_nickname(words) if words else (), _MOST_NICKNAMES, None)
    for at in sorted(known, key=lambda at: len(also_known_as(words[at]))):
        yield from _mistyped(words, at)
    if len(words) == 2:
        yield replace(_name(as_one(words)), best=SOMETHING_OF_IT)


def _other_particles(text: str) -> Iterator[Stream]:
    """Who bears the name behind `van der`, `de la` and the like, with whichever of them, or with none."""
    typed = without_titles(name_tokens(text))
    words = without_particles(typed)
    if 1 <= len(words) <= 2:
        kind = EntryKind.NAME if len(words) > 1 else EntryKind.SURNAME
        bare = replace(_of(kind, " ".join(words)), typed=" ".join(typed))
        yield replace(bare, whole=True, best=SOMETHING_OF_IT)


def _mistyped(words: Sequence[str], at: int) -> Iterator[Stream]:
    """The word `at` with a typo; the other one whole, or begun where it is the last, or with a typo of its
    own as far as so few bear such names that they can all be read; or called by another name.
    """
    word, beside = words[at], words[1 - at] if len(words) > 1 else ""
    called = _called(beside) if beside and not is_name(word) else ()
    for names in ((beside, *called[:1]), called[1:]):
        for part in deletions(word):
            own = _start(part, beside, is_last=at == 0)
            others = (_start(part, name, is_last=False) for name in names if name != beside)
            starts = [
                *([own] if beside in names else []),
                *(one for one in others if not one.startswith(own)),
            ]
            for start in dict.fromkeys(starts):
                yield _typo(part, start, word, beside)


def _start(part: str, beside: str, *, is_last: bool) -> str:
    """How the items of a run begin that are read: as far as the name beside, if they were too many else."""
    start = shortest_start(part, beside) if beside else ""
    return start if start != beside or is_last or not beside else f"{beside} "


def _called(name: str) -> tuple[str, ...]:
    """What else the bearer of a given name may be entered under: what it stands for, then its nicknames,
    the commonest first.
    """
    meant = also_known_as(name)
    nicknames = sorted(nicknames_of(name), key=lambda one: (-given_name_frequency(one), one))
    return tuple(dict.fromkeys((*meant, *nicknames)))[:_MOST_CALLED]


def _typo(part: str, prefix: str, word: str, beside: str) -> Stream:
    return Stream(
        criterion=Criterion.NAME,
        kind=EntryKind.NAME_EDIT,
        head=part,
        prefix=prefix,
        typed=f"{beside} {word}".strip(),
        word=word,
    )
