"""Which category a source that nobody has mapped yet may belong to, told by names that are alike (M1)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from crossbay.domain.sources.source import OTHER_NEW_CUSTOMERS, Meaning, SourceBook, spelling_key

ALIKE = 85
"""Of 100, by rapidfuzz's `token_sort_ratio`: one letter of seven. Of the spellings in the test of this module
"Signal" and "Sign" at 80 are the most alike that mean different things, "Friends/Family" and "Friend or
family" at 87 the least alike that mean the same."""

_SHARED_LETTERS = 4
"""In words that are all of one name and part of the other: "Yelp" of "Yelp reviews"; "ad" tells nothing."""

_ONE_TYPO_FROM = 6
"""Letters of a word from which on one typo leaves no doubt (`Goggle`); shorter ones may be other words."""

_ALSO_CALLED = {
    **dict.fromkeys(
        ("gmb", "gbp", "google my business", "google business profile", "googl", "ggl"), "google"
    ),
    **dict.fromkeys(("googleads", "adwords", "google adwords", "google ad"), "google ads"),
    **dict.fromkeys(("fb", "face book"), "facebook"),
    **dict.fromkeys(("ig", "insta"), "instagram"),
    **dict.fromkeys(("wom", "word of mouth"), "friend or family"),
}
"""What people write for names that they all know."""

_SAYS_NOTHING = frozenset({"www", "http", "https", "com", "net", "org", "the", "our"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedCategory:
    """why: in words for people."""

    category_id: str
    name: str
    why: str


class _KnownName(NamedTuple):
    """A name that stands for a category. why: what has it. is_own: the shop's own mapped source."""

    words: str
    category_id: str
    meaning: Meaning
    why: str
    is_own: bool = False


class _Likeness(NamedTuple):
    score: float
    known: _KnownName


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The names that stand for something in a shop: its mapped sources' and the categories'."""

    known: tuple[_KnownName, ...]

    @classmethod
    def of(cls, book: SourceBook) -> "Suggestions":
        """None leads to "Other New Customers": what maps there says only that nobody knew better."""
        found = [*_mapped_sources(book), *_categories(book)]
        return cls(tuple(one for one in found if one.words and one.category_id != OTHER_NEW_CUSTOMERS))

    def of_name(self, name: str) -> SuggestedCategory | None:
        """The category of the name most like this one; None where none is, or several of different ones are.

        A main category gives way to a sub-category of its own that is as much alike.
        """
        alike = _alike(words_of(name), self.known)
        if not alike:
            return None
        best = max(one.score for one in alike)
        top = [one.known for one in alike if one.score == best]
        top = [one for one in top if one.is_own] or top  # how the shop maps it goes before what it is called
        subs = [one for one in top if one.meaning.sub_category]
        chosen = (subs or top)[0]
        if any(one.category_id not in (chosen.category_id, chosen.meaning.category.id) for one in top):
            return None
        return SuggestedCategory(category_id=chosen.category_id, name=chosen.meaning.name, why=chosen.why)


def words_of(name: str) -> str:
    """The words that tell something, with single blanks: no punctuation, no ending of an address."""
    words = re.sub(r"[\W_]+", " ", spelling_key(name)).split()
    told = " ".join(word for word in words if word not in _SAYS_NOTHING)
    return _ALSO_CALLED.get(told, told)


def _mapped_sources(book: SourceBook) -> Iterable[_KnownName]:
    for source in book.sources.values():
        meaning = book.meanings.get(source.category_id)
        if meaning and not source.is_dropped:
            yield _KnownName(
                words_of(source.name), source.category_id, meaning, f"like the source {source.name}", True
            )


def _categories(book: SourceBook) -> Iterable[_KnownName]:
    for category_id, meaning in book.meanings.items():
        name = (meaning.sub_category or meaning.category).name
        yield _KnownName(words_of(name), category_id, meaning, f"like the category {meaning.name}")


def _alike(words: str, known: tuple[_KnownName, ...]) -> list[_Likeness]:
    """Those whose words are nearly the same, or all in the other's; the latter count as least alike."""
    from rapidfuzz import fuzz, process  # for those who look at what is unmapped

    # 100 where all words of one are in the other, else no less than the ratio that counts here.
    found = process.extract(
        words, [one.words for one in known], scorer=fuzz.token_set_ratio, score_cutoff=ALIKE, limit=None
    )
    alike = []
    for other, _, at in found:
        whole = fuzz.token_sort_ratio(words, other)
        if whole >= ALIKE or _is_part(words, other):
            alike.append(_Likeness(max(whole, ALIKE), known[at]))
    return alike or [_Likeness(ALIKE, one) for one in known if _is_typo(words, one.words)]


def _is_typo(words: str, other: str) -> bool:
    """Whether one letter too many, too few, changed or swapped is all that is between them."""
    from rapidfuzz.distance import OSA

    is_long = min(len(words), len(other)) >= _ONE_TYPO_FROM
    return is_long and OSA.distance(words, other, score_cutoff=1) == 1


def _is_part(words: str, other: str) -> bool:
    mine, theirs = set(words.split()), set(other.split())
    shared = mine & theirs
    return shared in (mine, theirs) and sum(map(len, shared)) >= _SHARED_LETTERS
