"""The words a name is found by: short particles joined to what they belong to, two-word names also as one."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import NamedTuple

from crossbay.domain.name import name_tokens, nickname_roots
from crossbay.matching.frequency import given_name_frequency, is_given_name

EDIT_LETTERS = 5
"""A typo is looked for in so many first letters of a word; behind them, any letter left out finds it too."""

_ROOTS = 6
"""Names that a nickname may stand for, at most, the commonest first."""

_LONGEST_BYTES = 20
"""Of a word in an index item. What a longer one loses is looked at on the card."""

_WORDS = 4
"""Words of one side of a name, at most, that are combined with others."""

# Particles that people write apart, joined or not at all: `de la Cruz`, `Delacruz`, `Cruz`.
_PARTICLES = frozenset((
    "al", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "las", "le",
    "lo", "los", "mac", "mc", "st", "ste", "ten", "ter", "van", "ver", "von", "zu", "zum",
))  # fmt: skip

_VANS = frozenset({"de", "den", "der", "ten", "ter"})
"""Behind `van` they leave no doubt that it is a particle, which may be a given name as well."""


def clip(word: str, size: int = _LONGEST_BYTES) -> str:
    """The start of the word that takes at most `size` bytes."""
    return word if len(word) * 4 <= size else word.encode()[:size].decode(errors="ignore")


def deletions(word: str) -> tuple[str, ...]:
    """What two words one edit apart have in common: the word's first letters with one left out.

    A shorter word stands for itself too, first: the other one may have a letter more. A single letter gives
    none.
    """
    start = word[:EDIT_LETTERS]
    shorter = [start[:at] + start[at + 1 :] for at in range(len(start))] if len(start) > 1 else []
    whole = [start] if 1 < len(start) < EDIT_LETTERS else []
    return tuple(dict.fromkeys(whole + shorter))


def as_one(words: Sequence[str]) -> str:
    """The words written as one, as the index holds them."""
    return clip("".join(words))


def query_words(text: str) -> tuple[str, ...]:
    """The words of a typed name, particles joined to the word that follows: `de la Cruz` gives `delacruz`.

    A particle that comes first and is a given name, too, stays apart: `Al de la Cruz` gives `al`, `delacruz`.
    """
    words = name_tokens(text)
    if _starts_with_given_name(words):
        return (clip(words[0]), *map(clip, _joined(words[1:])))
    return tuple(map(clip, _joined(words)))


def without_particles(words: Sequence[str]) -> tuple[str, ...]:
    """The words that are left of a typed name without its particles; nothing where it has none.

    A first one that is a given name, too, stays, but for `van`, which hardly ever is.
    """
    kept = 1 if _starts_with_given_name(words) and words[0] != "van" else 0
    bare = (*words[:kept], *(word for word in words[kept:] if word not in _PARTICLES))
    return tuple(map(clip, bare)) if len(bare) < len(words) else ()


def _starts_with_given_name(words: Sequence[str]) -> bool:
    is_van = len(words) > 1 and words[0] == "van" and words[1] in _VANS
    return len(words) > 1 and is_given_name(words[0]) and not is_van


def other_reading(text: str) -> tuple[str, ...]:
    """The words with a particle that comes first read the other way, `van dyke` as `vandyke`; else
    nothing.
    """
    words = name_tokens(text)
    if len(words) < 2 or words[0] not in _PARTICLES:
        return ()
    joined, apart = tuple(map(clip, _joined(words))), (words[0], *map(clip, _joined(words[1:])))
    return joined if query_words(text) == apart else apart


@lru_cache(maxsize=4096)
def also_known_as(word: str) -> tuple[str, ...]:
    """The commonest given names that the word may be a nickname of, at most `_ROOTS`, without itself."""
    roots = [root for root in nickname_roots(word) if root != word and is_given_name(root)]
    return tuple(sorted(roots, key=lambda root: (-given_name_frequency(root), root))[:_ROOTS])


class NamePairs(NamedTuple):
    """together: words typed side by side, or one word beside nothing. mistyped: those that forgive a typo."""

    together: tuple[tuple[str, str], ...]
    mistyped: tuple[tuple[str, str], ...]


def person_names(first_name: str, last_name: str) -> NamePairs:
    """The pairs of a person's name, the given name first in those that have one."""
    given, family = _side(first_name), _side(last_name)
    if not given.apart or not family.apart:
        return _alone(given if given.apart else family)
    together = (
        *product((*given.spelled, *given.as_one), (*family.spelled, *family.as_one)),
        *combinations(given.apart, 2),
        *combinations(family.apart, 2),
    )
    return NamePairs(tuple(dict.fromkeys(together)), tuple(product(given.spelled, family.spelled)))


def name_words(text: str) -> tuple[str, ...]:
    """The words of one side of a name, particles joined and apart, and all of them as one."""
    side = _side(text)
    return (*side.spelled, *side.as_one)


def company_names(name: str) -> NamePairs:
    """The pairs of a company's first words."""
    return _alone(_side(name))


class _Side(NamedTuple):
    """apart: the words without particles. spelled: also with particles joined. as_one: all words as one."""

    apart: tuple[str, ...]
    spelled: tuple[str, ...]
    as_one: tuple[str, ...]


def _side(text: str) -> _Side:
    words = name_tokens(text)[: 2 * _WORDS]
    apart = ([word for word in words if word not in _PARTICLES] or list(words))[:_WORDS]
    spelled = tuple(dict.fromkeys(clip(word) for word in (*apart, *_joined(words)[:_WORDS])))
    together = as_one(words) if len(words) > 1 else ""
    return _Side(
        tuple(map(clip, apart)), spelled, (together,) if together and together not in spelled else ()
    )


def _alone(side: _Side) -> NamePairs:
    if len(side.apart) < 2:
        alone = tuple((word, "") for word in (*side.spelled, *side.as_one))
        return NamePairs(alone, alone)
    joined = ((word, "") for word in (*side.spelled, *side.as_one) if word not in side.apart)
    neighbors = tuple(zip(side.apart[:-1], side.apart[1:], strict=True))[: _WORDS - 2]
    return NamePairs((*combinations(side.apart, 2), *joined), neighbors)


def _joined(words: Sequence[str]) -> list[str]:
    found: list[str] = []
    pending = ""
    for word in words:
        pending += word
        if word not in _PARTICLES:
            found.append(pending)
            pending = ""
    return [*found, pending] if pending else found
