"""How a typed name may be read: without titles, `o brien` as one word, `Juergen` as Jürgen, `saint` as `st`.

Each reading is the words of a name as the index holds them. The index holds what was entered, folded; what
people type for it is read here, so that no record needs items for every habit of typing.
"""

import re
import unicodedata
from collections.abc import Iterator

from crossbay.domain.name import name_tokens
from crossbay.matching.frequency import RARE_SURNAME, is_given_name, surname_frequency
from crossbay.search.names import also_known_as, other_reading, query_words

_MOST_READINGS = 4

_TITLES = frozenset({
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "sir", "madam", "mister", "herr",
    "frau", "senor", "senora", "sr", "sra", "monsieur", "madame", "mme", "capt", "sgt", "lt", "col",
})  # fmt: skip
_SUFFIXES = frozenset(
    {"jr", "sr", "ii", "iii", "iv", "esq", "md", "phd", "dds", "cpa", "rn", "junior", "senior"}
)

_JOINED_LETTERS = frozenset({"o", "d", "l", "m", "n"})
"""Stand before an apostrophe: O'Brien, D'Angelo, L'Heureux, M'Baye, N'Diaye."""

_SAINTS = {"sainte": "ste", "saint": "st", "santa": "sta", "santo": "sto"}
_FEWEST_OF_A_SAINT = 4
"""Letters of a name behind `st`: `stpierre` is Saint-Pierre, `stone` no saint."""

# How letters that other keyboards lack are typed: ä, ö, ü of German; å, ø of the North.
_DIGRAPH = re.compile("ae|oe|(?<![gq])ue|aa")  # not of Spanish and French: rodriguez, marquez, leveque
_TYPED_AS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def readings_of(text: str) -> tuple[tuple[str, ...], ...]:
    """The likeliest readings first, each of a word or more; nothing without a letter or digit."""
    found: dict[tuple[str, ...], None] = {}
    for words in _word_lists(text):
        if words:
            found.setdefault(words)
    return tuple(found)[:_MOST_READINGS]


def _word_lists(text: str) -> Iterator[tuple[str, ...]]:
    plain = name_tokens(text)
    if plain and plain[0].isdecimal():
        yield query_words(text)  # a house number: `12 Elm Dr` has no doctor
        return
    bare = without_titles(plain)
    if bare != plain:
        yield query_words(" ".join(bare))
    yield from _apostrophes_typed_as_blanks(bare)
    yield query_words(text)
    yield from _transliterated(text, bare)
    yield other_reading(" ".join(bare))
    yield from _saints(bare)


def without_titles(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without titles before them and suffixes behind: at least one stays."""
    start, end = 0, len(words)
    while start < end - 1 and words[start] in _TITLES:
        start += 1
    while end - 1 > start and (words[end - 1] in _SUFFIXES or words[end - 1] in _TITLES):
        end -= 1
    return words[start:end]


def _apostrophes_typed_as_blanks(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for at in range(len(words) - 1):
        if words[at] in _JOINED_LETTERS and len(words[at + 1]) > 1:
            yield query_words(" ".join((*words[:at], words[at] + words[at + 1], *words[at + 2 :])))
            return


def _transliterated(text: str, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The name as entered without the letters that were typed, and with those that were spelled out."""
    collapsed = [_collapsed(word) for word in words]
    if tuple(collapsed) != words:
        yield query_words(" ".join(collapsed))
    composed = unicodedata.normalize("NFC", text).lower()
    spelled_out = composed.translate(_TYPED_AS)
    if spelled_out != composed:
        yield query_words(" ".join(without_titles(name_tokens(spelled_out))))


def _collapsed(word: str) -> str:
    """`mueller` as `muller`; a given name as it stands (`michael`) only where the other is one, too."""
    other = _DIGRAPH.sub(lambda found: found[0][0], word)
    return word if is_given_name(word) and not is_given_name(other) else other


def _saints(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The first saint written out and shortened, as one word with the name behind it."""
    for at, word in enumerate(words):
        both = next((pair for pair in _SAINTS.items() if word in pair), ())
        if both and at + 1 < len(words):
            yield from (_with(words, at, f"{one}{words[at + 1]}", size=2) for one in both)
            return
        if other := _other_saint(word):
            yield _with(words, at, other, size=1)
            return


def _with(words: tuple[str, ...], at: int, word: str, *, size: int) -> tuple[str, ...]:
    return query_words(" ".join((*words[:at], word, *words[at + size :])))


def _other_saint(word: str) -> str:
    """`saintpierre` as `stpierre` and the other way round; empty for a word that holds no saint."""
    for long, short in _SAINTS.items():
        for start, other in ((long, short), (short, long)):
            name = word.removeprefix(start)
            if name != word and len(name) >= _FEWEST_OF_A_SAINT and is_name(name):
                return other + name
    return ""


def is_name(word: str) -> bool:
    """Whether the word is a common name, and so hardly another's typo or the start of one."""
    return bool(also_known_as(word)) or is_given_name(word) or surname_frequency(word) > RARE_SURNAME
