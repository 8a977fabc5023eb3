"""One run of index items that a search reads, and what each of them means for the text that was typed."""

from dataclasses import dataclass

from crossbay.search.entry import TOP, WHOLE, EntryKind, IndexEntry
from crossbay.search.query import Criterion
from crossbay.search.rank import (
    ENDING,
    EXACT,
    PREFIX,
    SHORT_ENDING,
    Nearness,
    Tier,
    alike,
    at_best,
    fuzzy_nearness,
    nearness,
    typo_nearness,
)

_FIRST_LETTER = "0"
"""No letter or digit sorts before it; what sets the words of a text apart does."""

_FROM_THE_END = frozenset({EntryKind.PHONE_END, EntryKind.VIN_END})
_SHORT = 5
"""So few digits are read out as a number's last; six may as well be an area and exchange code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The items of one partition whose texts start with `prefix`: in the order of their tiers, typos apart.

    typed: the query as the texts are spelled. word: the word of it that may have a typo, empty where none is
    forgiven. longer_only: without the items whose text is `prefix` itself; whole: those alone, and those with
    another name beside it. record: how the key of what bears a number begins. best: what an item can't be
    nearer than, for lookups by a nickname or by part of the query; less: taken off its score.
    meaning: of a text that may mean several things, the place of this one. of_own_shop: in the shop's
    partition, else in the organization's. skips_own_shop: another stream shows those of the organization's
    items.
    """

    criterion: Criterion
    kind: EntryKind
    head: str
    prefix: str = ""
    typed: str
    word: str = ""
    longer_only: bool = False
    whole: bool = False
    record: str = ""
    best: Nearness = EXACT
    less: int = 0
    meaning: int = 0
    of_own_shop: bool = False
    skips_own_shop: bool = False

    @property
    def first(self) -> str:
        if self.whole:
            return f"{self.prefix} "
        return self.prefix + _FIRST_LETTER if self.longer_only else self.prefix

    @property
    def last(self) -> str:
        return self.prefix + (WHOLE if self.whole else "") + TOP

    def holds(self, entry: IndexEntry) -> bool:
        """Whether the entry's item is one of this run."""
        is_here = entry.kind is self.kind and entry.head == self.head
        if self.whole:
            return is_here and f"{entry.text} ".startswith(f"{self.prefix} ")
        return is_here and self.first <= entry.text <= self.last

    def shows(self, *, is_own_shop: bool) -> bool:
        """Whether a customer of the own shop, or of another, is a hit of this run."""
        return not self.skips_own_shop if is_own_shop else not self.of_own_shop

    def nearness(self, text: str) -> Nearness | None:
        """The nearness of an item of this run; None for one that is no hit."""
        near = self._nearness(text)
        return Nearness(near.tier, near.score - self.less) if near and self.less else near

    def _nearness(self, text: str) -> Nearness | None:
        if self.kind is EntryKind.NAME_EDIT:
            beside, _, meant = text.rpartition(" ")
            return typo_nearness(self.word, meant, self.typed.removesuffix(self.word).rstrip(), beside)
        if self.word:
            return fuzzy_nearness(text, self.typed, self.word, _meant(self.kind, text))
        if self.best.tier is Tier.FUZZY:
            return alike(text, self.typed)
        near = nearness(text, self.prefix)
        if near is PREFIX and self.kind in _FROM_THE_END:
            return SHORT_ENDING if len(self.prefix) <= _SHORT else ENDING
        return at_best(near, self.best)


def _meant(kind: EntryKind, text: str) -> str:
    """The word that the typo is in: of a street the first after the number, of two names the second."""
    words = text.split()
    if kind is EntryKind.STREET_EDIT:
        return words[1] if words[0][0].isdecimal() and len(words) > 1 else words[0]
    return words[-1]
