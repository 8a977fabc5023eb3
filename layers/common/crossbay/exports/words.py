"""Words that don't tell who is meant, and those beside which they mean a person: see `words.txt`."""

from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

_VOWELS = "aeiou"


LONGEST_WORD = 24
"""Letters: a longer one is no everyday word and no name, and is looked at no further."""


def is_everyday(word: str) -> bool:
    """Whether a folded word, or its singular, is a make, a model, a color, a part, work on cars or English
    that shops write. One that is a name as well counts as a name only beside a word for a person.
    """
    return len(word) <= LONGEST_WORD and _is_listed(word)


@lru_cache(maxsize=16_384)
def _is_listed(word: str) -> bool:
    words = _everyday()
    return word in words or (word.endswith("s") and _singular(word) in words)


def _singular(word: str) -> str:
    return word[:-2] if word.endswith(("sses", "xes", "zes", "ches", "shes")) else word[:-1]


@cache
def section(name: str) -> frozenset[str]:
    """The words below `# <name>` in `words.txt`."""
    return frozenset(_sections()[name])


@cache
def _everyday() -> frozenset[str]:
    """Every word of the file: those beside which a name counts are no names themselves."""
    listed = (word for words in _sections().values() for word in words)
    verbs = (form for verb in section("verbs") for form in _forms(verb))
    return frozenset((*listed, *verbs))


@cache
def _sections() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for line in files("crossbay.exports").joinpath("words.txt").read_text("ascii").splitlines():
        if line.startswith("# "):
            words = found.setdefault(line[2:].partition(":")[0], [])
        else:
            words += line.split()
    return found


def _forms(verb: str) -> Iterable[str]:
    """The verb with its regular endings: `replace` also gives `replaced` and `replacing`."""
    if verb.endswith("e"):
        return (verb, f"{verb}d", f"{verb[:-1]}ing")
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return (verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing")
    is_short = verb[-1] not in f"{_VOWELS}wxy" and verb[-2] in _VOWELS and verb[-3:-2] not in _VOWELS
    stems = (verb, verb + verb[-1]) if is_short else (verb,)
    return (verb, *(stem + ending for stem in stems for ending in ("ed", "ing")))
