"""Whether the words around an everyday word make a person of it: `Mr Ford`, `told Ford`, but `Ford dealer`.

The words themselves are sections of `words.txt`.
"""

from collections.abc import Sequence

from crossbay.exports.reading import OWN
from crossbay.exports.words import section


def is_of_a_person(words: Sequence[str], start: int, end: int) -> bool:
    """Whether a word for a person stands before or after these: `spoke with Brown`, `Brown was told`."""
    before, after = ("", "", *words[:start])[-2:], (*words[end : end + 2], "", "")[:2]
    return _is_called_so(*before) or (
        not _is_car(words[start], *after)
        and (_is_spoken_to(before[0], before[1], words[start]) or acts(words[end - 1], *after))
    )


def _is_called_so(second: str, first: str) -> bool:
    """Whether a title is one of the two words before a name, the other an initial or a given name."""
    return first in section("titles") or (second in section("titles") and first.isalpha())


def _is_spoken_to(second: str, first: str, name: str) -> bool:
    """Whether the two words before a name mean a person: `told Brown`, `spoke with Brown`, `per Brown`.

    Not in `approved by Ford`, `asked to check`, `customer will wait`, `told customer tires low`.
    """
    is_part = name in section("everyday parts")
    if name in section("everyday makes") and first in ("by", "per"):
        return False
    if is_part and first in ("to", "for") and second in section("asked to"):
        return False
    if first in section("before"):
        is_verb = any(name in section(verbs) for verbs in ("after", "helping"))
        goes_on = is_verb and (first in section("placeholders") or second in section("placeholders"))
        return not goes_on and not (is_part and first != "name" and second in section("before"))
    is_joined = second in section("before") or second in section("before with a word between")
    return (
        (first in section("between") and is_joined)
        or (first == "by" and second in section("by"))
        or (first == "per" and name not in section("counted"))
    )


def acts(name: str, first: str, second: str) -> bool:
    """Whether the two words after tell what a person does or has; a make does less."""
    is_make = name in section("everyday makes")
    return (
        (first in section("after") and f"{first}_{second}" not in section("not of a person"))
        or (first in section("after a person only") and not is_make)
        or (first in section("helping") and (second in section("after") or second in section("doing")))
        or f"{first}_{second}" in section("coming")
        or (first == OWN and second in section("owned"))
    )


def _is_car(name: str, first: str, second: str) -> bool:
    """Whether a make goes on as one: `Ford Focus`, `Ford F 150`, `Land Rover`, `Ford dealer`."""
    is_letters = 0 < len(first) <= 2 and first not in section("small words")
    is_code = (first.isdigit() and len(first) > 2) or (is_letters and second.isdigit())
    is_name = any(first in section(f"everyday {names}") for names in ("models", "makes"))
    return name in section("everyday makes") and (is_code or is_name or first in section("of a make"))
