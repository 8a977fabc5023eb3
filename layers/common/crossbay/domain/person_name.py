"""A person's name without what stands around it: titles before, generations (Jr., III) behind."""

from dataclasses import dataclass

from crossbay.domain.name import name_tokens
from crossbay.domain.nobody import is_no_first_name, is_no_last_name, is_nobodys

_TITLES = frozenset({"dr", "miss", "mr", "mrs", "ms", "mx", "prof", "rev"})

# Spelling to which bearer of the name it is. A son who is Jr. is the second to bear it.
_GENERATIONS = {
    "sr": 1, "snr": 1, "senior": 1, "1st": 1,
    "jr": 2, "jnr": 2, "junior": 2, "ii": 2, "2nd": 2,
    "iii": 3, "3rd": 3,
    "iv": 4, "4th": 4,
    "v": 5, "5th": 5,
}  # fmt: skip
# A V may be an initial, a Senior or Junior a name: they are a generation at the end of a last name alone. And
# Sr. before a name is a Spanish gentleman.
_ONLY_AT_THE_END = frozenset({"v", "senior", "junior", "sr"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    """first, last: folded words, empty where unknown. generation: 1 for Sr., 2 for Jr. and II; 0 unknown."""

    first: str = ""
    last: str = ""
    generation: int = 0


def person_name(first_name: str, last_name: str) -> PersonName:
    """The name as it is compared; nothing where it is nobody's (Cash Customer).

    A title or generation is taken off only where something is left: a Mr. Senior keeps his name.
    """
    if is_nobodys(f"{first_name} {last_name}"):
        return PersonName()
    first = () if is_no_first_name(first_name) else _without_title(name_tokens(first_name))
    last = () if is_no_last_name(last_name) else _without_title(name_tokens(last_name))
    first, of_first = _without_generation(first, is_last_name=False)
    last, of_last = _without_generation(last, is_last_name=True)
    return PersonName(first=" ".join(first), last=" ".join(last), generation=of_last or of_first)


def _without_title(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[1:] if words[:1] and words[0] in _TITLES else words


def _without_generation(words: tuple[str, ...], *, is_last_name: bool) -> tuple[tuple[str, ...], int]:
    for at in reversed(range(len(words)) if len(words) > 1 else ()):
        word, is_end = words[at], at == len(words) - 1
        is_clear = is_end if word in _ONLY_AT_THE_END or not is_last_name else True
        if word in _GENERATIONS and is_clear and (is_last_name or word != "v"):
            return words[:at] + words[at + 1 :], _GENERATIONS[word]
    return words, 0
