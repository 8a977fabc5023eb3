"""What stands in a cell that people typed, as it is compared with people: words, numbers, money."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from crossbay.domain.address import is_street_suffix, street_key
from crossbay.domain.text import fold, without_apostrophes
from crossbay.exports.words import LONGEST_WORD, is_everyday, section

OWN = "ownedby"
"""Stands in a reading for `'s`."""

_MOST_JOINED_WORDS = 4
_FEWEST_SPELLED = 3
_ENDING = 7  # digits of a phone number that tell it within an area code
_LONGEST_PHONE = 15  # digits: ITU-T E.164

_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ`´][sS]\b")  # noqa: RUF001 - the look-alikes people type
_WORD = re.compile(r"[^\W\d_]+|\d+")
_HYPHENATED = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?:[-.][^\W\d_]+){1,8}")
_ASCII_WORD = re.compile(r"[a-z]+|[0-9]+")
_ZEROS_AS_LETTERS = re.compile(r"\b(?=\w*\d)[\doO]+\b")
_DIGIT_GROUPS = re.compile(r"\d+(?:[^\w]{1,3}\d+)*")
_TOP = r"(?:com|org|net|edu|gov|mil|us|ca|info|biz|io|co|me)\b"
_AT, _DOT = r"\s?(?:@|[(\[]at[)\]]|\sat\s)\s?", r"(?:\s?\.\s?|\s?[(\[]dot[)\]]\s?|\sdot\s)"
_EMAIL = re.compile(rf"\w{_AT}[\w-]+(?:{_DOT}[\w-]+)*?{_DOT}{_TOP}|\w@[\w-]+\.[a-z]{{2}}", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])")
_AMOUNT = r"(\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.(\d{1,2}))?(?![\d,.]*\d)"
_UNITS = (
    "mm|cm|m|in|inch|inches|l|qts?|quarts?|gal|v|volts?|w|a|amps?|kw?|km|mi|miles?|hp|nm|"
    "ft|lbs?|psi|hrs?|hours?|cc|oz"
)
_UNIT = rf"(?:[%\"'/x]|(?:{_UNITS})\b)"
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d\d(?!\d))")  # `412,50 $`, as in Quebec
_CURRENCY = r"usd?|eur|euros?|cad|gbp|mxn"
_SAID = r"quoted|charged|paid|owes|owed"
_WHOM = r"(?:(?:him|her|them|cust(?:omer)?|us|at|about|around|of|was|only)\s+){0,2}"
_MONEY = re.compile(
    rf"(?:[$€£]|\b(?:{_CURRENCY})\b\.?)\s{{0,2}}{_AMOUNT}"
    rf"|(?<![\d.,]){_AMOUNT}\s{{0,2}}(?:[$€£]|(?:{_CURRENCY}|dollars?|bucks?|quid)\b)"
    rf"|(?<![\w.,/-]){_AMOUNT}[.,][-–—]{{1,2}}(?!\w)"  # noqa: RUF001 - `100,-`
    rf"|(?<![\w.,/-]){_AMOUNT}\s+(?:flat(?!\s+(?:rate|tires?|repairs?|tow))|even|cash|otd|(?:plus|\+)\s?tax)\b"
    rf"|\b(?:{_SAID})\s+{_WHOM}(?<![\w.,/-]){_AMOUNT}(?<=\d\d)(?!\s?(?:{_UNITS}|tires?|x|miles?)\b|[%/x])"
    rf"|(?<![\w.,/-])(\d{{1,3}}(?:,\d{{3}})+|\d{{2,6}})\.(\d\d)(?!\s?{_UNIT}|\w|[,/-]\d|\.\d)",
    re.IGNORECASE,
)
_DIGIT_WORDS = {
    **dict(zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True)),  # noqa: SIM905
    "oh": "0",
    "o": "0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """text: as read. words: folded, letters and digits apart, OWN for a possessive. street_words: without
    directions, with suffixes abbreviated. names: what can be a name by itself: each word, its singular, words
    run together, letters spelled out. phone_endings: the last seven digits of what can be a phone number.
    cents: of money.
    """

    text: str
    words: tuple[str, ...]
    street_words: tuple[str, ...]
    names: frozenset[str]
    phone_endings: frozenset[str]
    cents: frozenset[int]
    has_email: bool
    has_phone: bool


def read(cell: str) -> Reading:
    text = _plain(cell)
    words = _one_thing_joined(words_of(text), text)
    return Reading(
        text=text,
        words=words,
        street_words=street_words(words),
        names=frozenset((*_names(words), *_run_together(text))),
        phone_endings=frozenset(_phone_endings(text, words)),
        cents=frozenset(_cents(text)),
        has_email=_EMAIL.search(text) is not None,
        has_phone=_PHONE.search(text) is not None,
    )


def words_of(text: str) -> tuple[str, ...]:
    """`O'Brien's F150` gives `obrien`, OWN, `f`, `150`."""
    if is_plain(text):
        return tuple(_ASCII_WORD.findall(text.lower()))
    return tuple(_WORD.findall(fold(without_apostrophes(_POSSESSIVE.sub(f" {OWN} ", text)))))


def is_plain(text: str) -> bool:
    """Whether the text has neither accents nor apostrophes, so that its words are its letters and digits."""
    return text.isascii() and "'" not in text and "`" not in text


def street_words(words: Sequence[str]) -> tuple[str, ...]:
    """The words without directions and with suffixes abbreviated, so that spellings of a street agree.

    A direction before a suffix is the street's name: `West Avenue`.
    """
    found: list[str] = []
    for word, after in pairwise((*words, "")):
        if word not in section("directions") or is_street_suffix(after):
            found += _street_word(word)
    return tuple(found)


def _street_word(word: str) -> tuple[str, ...]:
    return _short_street_word(word) if len(word) <= LONGEST_WORD else (word,)


@lru_cache(maxsize=16_384)
def _short_street_word(word: str) -> tuple[str, ...]:
    """`street` gives `st`, `first` gives `1` and `st` (of `1st`), `west` gives `w`."""
    if is_street_suffix(word):
        return (street_key(f"1 x {word}").name.rpartition(" ")[2],)
    return words_of(street_key(f"1 {word} xx").name)[:-1]


def phone_ending(digits: str) -> str:
    """The last seven digits; nothing of a shorter number."""
    return digits[-_ENDING:] if len(digits) >= _ENDING else ""


def _plain(cell: str) -> str:
    """The text without invisible characters, with the digits and forms of ASCII."""
    if cell.isascii():
        return cell
    letters = (
        letter for letter in unicodedata.normalize("NFKC", cell) if unicodedata.category(letter) != "Cf"
    )
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in letters)


def _one_thing_joined(words: Sequence[str], text: str) -> tuple[str, ...]:
    """`Aston Martin` is a make and names nobody: it becomes `aston_martin`; not `Lucas, oil change`."""
    found, typed = list(words), text.lower().replace("-", " ")
    for at in range(len(words) - 1, 0, -1):
        first, second = words[at - 1 : at + 1]
        if f"{first}_{second}" in section("one thing") and f"{first} {second}" in typed:
            found[at - 1 : at + 1] = [f"{first}_{second}"]
    return tuple(found)


def _names(words: Sequence[str]) -> Iterator[str]:
    for start, word in enumerate(words):
        if word.isdigit():
            continue
        yield word
        if not is_everyday(word):
            yield from _parts(word)
        for end in range(start + 2, min(start + _MOST_JOINED_WORDS, len(words)) + 1):
            joined = "".join(words[start:end])
            if len(joined) > LONGEST_WORD or words[end - 1].isdigit() or words[end - 1] == OWN:
                break
            if not all(len(word) == 1 or is_everyday(word) for word in words[start:end]):
                yield joined
    yield from _spelled_out(words)


def _run_together(text: str) -> Iterator[str]:
    """Parts with a hyphen or a dot and no blank between: `Be-an`."""
    for chunk in _HYPHENATED.findall(_POSSESSIVE.sub(" ", text)):
        parts = fold(chunk).split()
        for start in range(len(parts) - 1):
            yield from ("".join(parts[start:end]) for end in range(start + 2, len(parts) + 1))


def _parts(word: str) -> Iterator[str]:
    """What may be a name in an unknown word: its singular, what an everyday word is run into."""
    if word.endswith("s"):
        yield from (word[:-1], word[:-2])
    if len(word) > 2 * LONGEST_WORD:
        return
    for cut in range(3, len(word) - 2):
        if is_everyday(word[:cut]):
            yield word[cut:]
        if is_everyday(word[cut:]):
            yield word[:cut]


def _spelled_out(words: Sequence[str]) -> Iterator[str]:
    """Every stretch of three or more single letters: `l o p e z`."""
    start = 0
    for at, word in enumerate((*words, "")):
        if len(word) == 1 and word.isalpha():
            continue
        run = "".join(words[start:at])
        for first in range(len(run) - _FEWEST_SPELLED + 1):
            last = min(first + LONGEST_WORD, len(run))
            yield from (run[first:end] for end in range(first + _FEWEST_SPELLED, last + 1))
        start = at + 1


def _zeros(found: re.Match[str]) -> str:
    return found[0].replace("O", "0").replace("o", "0")


def _phone_endings(text: str, words: Sequence[str]) -> Iterator[str]:
    """The ending of each stretch of whole groups of digits that has a phone number's length."""
    spoken = "-".join(_DIGIT_WORDS.get(word, word if word.isdigit() else "x") for word in words)
    for written in (_ZEROS_AS_LETTERS.sub(_zeros, text), spoken):
        for stretch in _DIGIT_GROUPS.findall(written):
            groups = re.findall(r"\d+", stretch)
            for start in range(len(groups)):
                digits = ""
                for group in groups[start : start + _LONGEST_PHONE]:
                    digits += group
                    if len(digits) > _LONGEST_PHONE:
                        break
                    if len(digits) >= _ENDING:
                        yield phone_ending(digits)


def _cents(text: str) -> Iterator[int]:
    for found in _MONEY.finditer(_DECIMAL_COMMA.sub(".", text)):
        dollars, cents = next(pair for pair in zip(*[iter(found.groups())] * 2, strict=True) if pair[0])
        yield int(dollars.replace(",", "")) * 100 + int((cents or "0").ljust(2, "0"))
