"""The traces that a name leaves: what an erased person is told again by, beside a phone number (X6).

Two names share one where their words agree in any order, one of them being a nickname or a letter off. Who
shares a phone and bears another name is somebody else, such as a spouse.
"""

from collections.abc import Iterable, Iterator

from crossbay.domain.customers.customer import FormerName
from crossbay.domain.name import name_tokens, nickname_roots

_SUFFIXES = frozenset(("jr", "sr", "junior", "senior", "ii", "iii", "iv", "2nd", "3rd", "inc", "llc", "co"))
"""A father and a son at one phone may be asked about; a company is the same with and without its form."""

_WORDS = 6
"""Words of a name, at most, that are compared."""


def name_traces(name: FormerName) -> frozenset[str]:
    """The traces of a name; none of one that tells nobody apart: a first name, a surname, an initial."""
    person = _words(name.first_name, name.last_name, fewest=2)
    company = _words(name.company_name, fewest=1)
    if len(person) > 1:
        spellings = {_trace(words) for words in _spellings(person)}
    elif company and not person:
        spellings = {_trace(company)}
    else:
        return frozenset()
    return frozenset(spellings | {left for words in spellings for left in _one_letter_left_out(words)})


def _spellings(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The whole name, and its first and last word, each with the names that a nickname stands for."""
    for spelled in {words, (words[0], words[-1])}:
        yield spelled
        for place, word in enumerate(spelled):
            for root in nickname_roots(word) - {word}:
                yield (*spelled[:place], root, *spelled[place + 1 :])


def _trace(words: Iterable[str]) -> str:
    return " ".join(sorted(words))


def _one_letter_left_out(trace: str) -> Iterator[str]:
    """What two names a letter apart have in common; the one with a letter less is among them itself."""
    words = trace.split()
    for place, word in enumerate(words):
        for at in range(len(word)):
            yield _trace((*words[:place], word[:at] + word[at + 1 :], *words[place + 1 :]))


def _words(*texts: str, fewest: int) -> tuple[str, ...]:
    """The words without suffixes, unless fewer were left than a name has: Ray Junior's surname is no
    suffix.
    """
    words = [
        word
        for text in texts
        for word in [word for word in name_tokens(text) if len(word) > 1 or not word.isascii()][:_WORDS]
    ]
    named = [word for word in words if word not in _SUFFIXES]
    return tuple(named if len(named) >= fewest else words)
