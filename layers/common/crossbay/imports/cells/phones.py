"""Telephone numbers out of a cell that may hold several, an extension, or a remark."""

import re
from dataclasses import dataclass

from crossbay.domain.phone import is_nobodys, normalize_phone, of_today, phone_digits, read_typed_phones
from crossbay.imports.cells.numbers import is_shortened, without_decimals
from crossbay.imports.cells.words import is_nothing

_SIMPLE = re.compile(r"\+?[\d\s().\u2010-\u2015/-]+", re.ASCII)
_AMERICAN = frozenset({"US", "CA", "PR"})
_WHOLE_AMERICAN = re.compile(r"1?\d{10}", re.ASCII)
_VANITY = re.compile(r"(?:\+?1[-. ])?\(?8\d\d\)?[-. ][A-Z0-9]{3}-?[A-Z0-9]{4,8}", re.ASCII)
_LOCAL = re.compile(r"(?<![\d-])\d{3}[-. ]?\d{4}(?![\d-])", re.ASCII)
_SECOND = re.compile(r"#\s*(?=(?:\d[\s.-]?){7})", re.ASCII)
# As of_today, but for numbers that lack +52.
_OLD_WITHIN_MEXICO = re.compile(r"^(?:01|044|045)[\s.-]*(?=\(?\d(?:[\s().-]*\d){9}$)")
_EXTENSION = re.compile(
    r"^(?P<number>.*\d)[\s,;]*(?:extension|extn?|ext|x|#)[.:\s]*(?P<digits>\d{1,7})$", re.I | re.S
)
_LINKS = re.compile(r"(?:\bor\b|\band\b|\btel:?|\bphone:?|[\s;,|/&+:=.()\[\]<>*-])+", re.IGNORECASE)
_EDGES = " \t\n;,|/&+:=()[]<>*-\u2013\u2014"
_WORDS = {
    **dict.fromkeys(("c", "cell", "cel", "m", "mob", "mobile", "cellular", "cell phone"), "mobile"),
    **dict.fromkeys(("h", "hm", "home", "house", "res", "residence"), "home"),
    **dict.fromkeys(("w", "wk", "work", "o", "office", "off", "bus", "business"), "work"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPhone:
    """remark: what stood beside the number: an extension, whose it is. E.164 where it is a whole number."""

    number: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCell:
    """left: why something stays out, empty where nothing does."""

    phones: tuple[FoundPhone, ...] = ()
    left: str = ""


def read_phones(text: str, country: str) -> PhoneCell:
    """The numbers that the cell surely holds. country: the shop's."""
    typed = without_decimals(text.strip().removeprefix("'")).removeprefix("tel:")
    if is_shortened(typed):
        return PhoneCell(left="was destroyed by a spreadsheet, which shortened the number: export it as text")
    if _SIMPLE.fullmatch(typed):
        digits = phone_digits(typed)
        if country in _AMERICAN and _WHOLE_AMERICAN.fullmatch(digits) and not typed.startswith("+"):
            return _kept([FoundPhone(number=f"+1{digits[-10:]}")])
    typed = _SECOND.sub(", ", _of_today(typed, country))
    return _kept(_found(typed, country) or _as_written(typed) or _as_typed(typed, country))


def label_of(label: str, remark: str) -> str:
    """The label with the remark behind it; a usual word for a label becomes ours."""
    word = _WORDS.get(remark.lower().strip(" .:"), remark)
    if not label or label.lower() == word.lower():
        return word or label
    return f"{label}, {word}" if word else label


def _of_today(typed: str, country: str) -> str:
    """The number as it is dialed since its country's numbering plan changed."""
    current = of_today(typed)
    return _OLD_WITHIN_MEXICO.sub("", current) if country == "MX" else current


def _kept(phones: list[FoundPhone]) -> PhoneCell:
    real = [phone for phone in phones if not is_nobodys(phone.number)]
    if not phones:
        return PhoneCell(left="isn't a whole telephone number")
    left = "" if len(real) == len(phones) else "is nobody's number"
    return PhoneCell(
        phones=tuple({phone.number: phone for phone in reversed(real)}.values())[::-1], left=left
    )


def _found(typed: str, country: str) -> list[FoundPhone]:
    """The whole numbers in the text, each with what is said beside it."""
    from phonenumbers import (
        Leniency,
        PhoneNumberFormat,
        PhoneNumberMatcher,
        ValidationResult,
        format_number,
        is_possible_number_with_reason,
    )

    if _VANITY.fullmatch(typed.upper()) or _SIMPLE.fullmatch(typed):
        number = normalize_phone(typed, country)
        if number != typed.strip():
            return [FoundPhone(number=number)]
    matches = [
        match
        for match in PhoneNumberMatcher(typed, country or None, leniency=Leniency.POSSIBLE)
        if is_possible_number_with_reason(match.number) == ValidationResult.IS_POSSIBLE
    ]
    starts, ends = [match.start for match in matches], [match.end for match in matches]
    gaps = [typed[a:b] for a, b in zip([0, *ends], [*starts, len(typed)], strict=True)]
    phones = []
    for match, said in zip(matches, _beside(gaps), strict=True):
        extension = f"ext. {match.number.extension}" if match.number.extension else ""
        number = format_number(match.number, PhoneNumberFormat.E164)
        phones.append(FoundPhone(number=number, remark=", ".join(filter(None, (extension, said)))))
    return [*phones, *(FoundPhone(number=one) for gap in gaps for one in _LOCAL.findall(gap) if phones)]


def _beside(gaps: list[str]) -> list[str]:
    """What is said of each number. gaps: the text before the first, between them and behind the last.

    Words lead where they stand before the first and none behind the last (`H: … C: …`), else they follow.
    """
    said = [_remark(_LOCAL.sub(" ", gap)) for gap in gaps]
    if said[0] and not said[-1]:
        return said[:-1]
    first = ", ".join(filter(None, said[:2]))
    return [first, *said[2:]] if len(said) > 1 else []


def _as_written(typed: str) -> list[FoundPhone]:
    """Numbers without their area code, as they stand."""
    numbers = _LOCAL.findall(typed)
    rest = _LOCAL.sub(" ", typed)
    extension = _EXTENSION.fullmatch(typed)
    if len(numbers) == 1 and extension and _LOCAL.fullmatch(extension["number"].strip()):
        return [FoundPhone(number=numbers[0], remark=f"ext. {extension['digits']}")]
    if any(map(str.isdigit, rest)):
        return []
    return [FoundPhone(number=one, remark="" if at else _remark(rest)) for at, one in enumerate(numbers)]


def _as_typed(typed: str, country: str) -> list[FoundPhone]:
    """Whole numbers with marks of other kinds between their groups: `646|555|0163`."""
    found = [
        FoundPhone(
            number=normalize_phone(one.number, country),
            remark=f"ext. {one.extension}" if one.extension else "",
        )
        for one in read_typed_phones(typed)
    ]
    return found if all(one.number.startswith("+") for one in found) else []


def _remark(text: str) -> str:
    """What is said beside a number, without what only sets it apart."""
    bare = " ".join(text.split()).strip(_EDGES).strip()
    is_word = any(map(str.isalnum, bare)) and _LINKS.fullmatch(bare) is None and not is_nothing(bare)
    return bare if is_word else ""
