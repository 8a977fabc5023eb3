"""Telephone numbers in any notation: one reading of what people type and paste, for all who compare them."""

import re
import unicodedata
from dataclasses import dataclass

_NORTH_AMERICAN = re.compile(r"\+1[0-9]{10}")  # most numbers here: the library needs 100 times as long
_NORTH_AMERICAN_DIGITS = 10  # of a national number
_LONGEST_TYPED = 250  # characters; phonenumbers refuses longer ones too
_NOT_OF_A_NUMBER = re.compile(r"[^\d\s()+./#*\u2010-\u2015-]")
_FILLER_LINES = ("0000000", "1111111", "5555555", "1234567")
_COUNTED = ("1234567", "1234567890", "0123456789", "9876543210", "0987654321", "123456789", "987654321")
_WHOLE_DIGITS = 7
"""So many digits are a number of their own; fewer stand behind another as its extension."""

_FEWEST_WITH_CODE = 9
"""Digits of a number with its country's code; fewer are the end of one."""

_DOTS = dict.fromkeys("·•‧∙⋅・。", ".")
_SLASHES = dict.fromkeys("⁄∕", "/")  # noqa: RUF001 - what is pasted, not what is typed
_PLAIN = str.maketrans({**_DOTS, **_SLASHES, "−": "-", "ー": "-", "_": "-"})  # noqa: RUF001
_SIGNS = ("Cf", "So", "Mn", "Me")  # direction marks, a pictured telephone and what shapes it

_LABELS = "telephone|tel|phone|ph|cellphone|cell|mobile|mob|handy|fax|home|work|office|main|call|sms|text"
_LABEL_BEFORE = re.compile(
    rf"\A(?:(?:{_LABELS})\b|[tpmchwf](?=[.:]))[.\s]*(?:number\b|no\b)?[.\s]*[#:=]*\s*|\A(?:callto|whatsapp):\s*",
    re.IGNORECASE,
)
_LABEL_AFTER = re.compile(rf"\s*\(?\b(?:{_LABELS}|[tpmchwf])\b[.)]*\Z", re.IGNORECASE)
_CONTEXT = re.compile(r";(?:phone-context|isub|postd)=[^;]*", re.IGNORECASE)
_EXTENSION = re.compile(
    r"[\s,;.(]*(?:extension|extn|ext|xtn|xt|x|durchwahl|poste|anexo)[.:=#\s]*(?P<named>[0-9]{1,9})\)?\Z"
    r"|[\s(]*[#,;]{1,3}\s*(?P<marked>[0-9]{1,6})\)?\Z",
    re.IGNORECASE,
)
_PLUS_WRAPPED = re.compile(r"\A[^0-9+]*\+\D*")
_NUMBER = re.compile(r"[0-9\s()\[\]+./-]+")
# What else people put between the groups of a number: `646,555,0163`, `646|555|0163`. Behind a whole number
# such a mark may as well stand before its extension.
_SEPARATOR = r"[^\w\s()\[\]+./#@&-]"
_GROUPED = re.compile(rf"{_SEPARATOR}*[0-9(\[+](?:[0-9\s()\[\]+./-]|{_SEPARATOR})*")
_MARKS = re.compile(rf"\s*(?:{_SEPARATOR}\s*)+")
_LAST_GROUP = 4
"""Digits of the last group of a North American number, at least; an extension has as many at most, mostly."""

_BETWEEN_NUMBERS = re.compile(r"\s*(?:[/,;|&\r\n]|\b(?:or|and|oder|und|ou|et|y|o)\b)\s*", re.IGNORECASE)
_ONE_AMERICAN = re.compile(
    r"(?:\+?1[^\w@&#+]{0,3})?\(?[2-9][0-9]{2}[^\w@&#+]{0,3}[2-9][0-9]{2}[^\w@&#+]{0,3}[0-9]{4}", re.ASCII
)
_DIALLED_AMERICAN = re.compile(r"(?:(?:00|011)?1)?[0-9]{10}")
# Mexico's mobiles lost the 1 behind +52, 044 and 045 in 2019 (IFT, Plan Técnico Fundamental de Numeración).
_OLD_MEXICAN = re.compile(
    r"((?:\+|\b011|\b00)\s?52[\s.-]?)(?:1|044|045)[\s.-]?(?=\(?\d(?:[\s().-]*\d){9}(?!\d))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPhone:
    """A number as typed, in plain characters: `number` without its extension and without words around it."""

    number: str
    extension: str = ""

    @property
    def digits(self) -> str:
        return phone_digits(self.number)


def read_typed_phone(text: str) -> TypedPhone | None:
    """The phone number, or part of one, that the text is; None where it says anything else.

    Read are dashes, dots, blanks and other marks between its groups, digits of every kind, what comes with
    pasting (marks of direction, a pictured telephone, the apostrophe of a spreadsheet), `tel:` and words such
    as `cell` before or behind, and behind a whole number its extension (`x12`, `ext. 12`, `#12`).
    """
    plain = _CONTEXT.sub("", plain_phone(text[: _LONGEST_TYPED + 1])).lstrip("' ")
    bare = _with_dashes(_LABEL_AFTER.sub("", _LABEL_BEFORE.sub("", plain)).strip())
    extension = ""
    if (found := _EXTENSION.search(bare)) and len(phone_digits(bare[: found.start()])) >= _WHOLE_DIGITS:
        extension = found["named"] or found["marked"]
        bare = bare[: found.start()].strip()
    if not _NUMBER.fullmatch(bare) or not phone_digits(bare):
        return None
    if bare != plain and not extension and len(phone_digits(bare)) < _WHOLE_DIGITS and ":" not in plain:
        return None  # `Home 1204` may be a house
    return TypedPhone(number=_PLUS_WRAPPED.sub("+", bare), extension=extension)


def read_typed_phones(text: str) -> tuple[TypedPhone, ...]:
    """The numbers that the text is, one behind the other or set apart by marks and words.

    Nothing where it says anything else. Of several each is a whole one.
    """
    pieces = [read_typed_phone(piece) for piece in _BETWEEN_NUMBERS.split(text)]
    whole = [piece for piece in pieces if piece and len(piece.digits) >= _WHOLE_DIGITS]
    if len(whole) == len(pieces) > 1:
        return tuple(whole)
    plain = plain_phone(text[: _LONGEST_TYPED + 1])
    americans = _ONE_AMERICAN.findall(plain)
    if len(americans) > 1 and not phone_digits(_ONE_AMERICAN.sub("", plain)):
        return tuple(TypedPhone(number=number) for number in americans)
    one = read_typed_phone(text)
    return (one,) if one else ()


def _with_dashes(text: str) -> str:
    """The number at the start of the text with dashes for the marks between its groups, but for one that
    stands before an extension.
    """
    found = _GROUPED.match(text)
    if found is None or len(phone_digits(found[0])) < _WHOLE_DIGITS:
        return text
    groups = [group for group in _MARKS.split(found[0]) if group]
    before, last = phone_digits("".join(groups[:-1])), phone_digits(groups[-1])
    is_group = len(last) >= _LAST_GROUP and _DIALLED_AMERICAN.fullmatch(before + last)
    is_after_whole = len(before) >= (_NORTH_AMERICAN_DIGITS if len(groups) > 2 else _WHOLE_DIGITS)
    end = f",{groups.pop()}" if is_after_whole and not is_group else ""
    return "-".join(groups) + end + text[found.end() :]


def _is_american_length(digits: str) -> bool:
    return len(digits.removeprefix("1")) == _NORTH_AMERICAN_DIGITS


def plain_phone(text: str) -> str:
    """The text in plain characters: ASCII digits, one dash, one dot, one blank; nothing unseen or drawn."""
    plain: list[str] = []
    for letter in unicodedata.normalize("NFKC", text).translate(_PLAIN):
        kind = unicodedata.category(letter)
        if kind == "Nd":
            plain.append(str(int(letter)))
        elif kind == "Pd":
            plain.append("-")
        elif kind not in _SIGNS:
            plain.append(" " if kind[0] in "ZC" else letter)
    return " ".join("".join(plain).split())


def dialled_abroad(number: str) -> str:
    """The number with `+` for the `00` or `011` that is dialled before a country's; empty for any other."""
    digits = phone_digits(number)
    for dialled in ("011", "00"):
        if not number.startswith("+") and digits.startswith(dialled) and len(digits) >= len(dialled) + 8:
            return f"+{digits.removeprefix(dialled)}"
    return ""


def phone_digits(text: str) -> str:
    """The digits of the text, and nothing else, as ASCII."""
    return "".join(str(int(letter)) for letter in text if letter.isdecimal())


def normalize_phone(text: str, country: str) -> str:
    """The number in E.164 (`+14155550123`), or the text as typed, stripped, where it is no whole number.

    country: where the shop is, ISO 3166-1 alpha-2; numbers that start with `+` don't need it. An extension is
    left out of the number. A local number without its area code stays as typed: nothing is guessed.
    """
    if _NORTH_AMERICAN.fullmatch(text):
        return text
    read = read_typed_phone(text)
    number = of_today(read.number) if read else text.strip()
    return _e164(number, country) or (_e164(dialled_abroad(number), "") if read else "") or text.strip()


def of_today(number: str) -> str:
    """The number as it is dialed since its country's numbering plan changed."""
    return _OLD_MEXICAN.sub(r"\1", number)


def _e164(number: str, country: str) -> str:
    """The number in E.164, or nothing where it can't be one."""
    from phonenumbers import (
        NumberParseException,
        PhoneNumberFormat,
        ValidationResult,
        format_number,
        is_possible_number_with_reason,
        parse,
    )

    try:
        parsed = parse(number[: _LONGEST_TYPED + 1], country.upper() or None)
    except NumberParseException:
        return ""
    if is_possible_number_with_reason(parsed) != ValidationResult.IS_POSSIBLE:
        return ""
    return format_number(parsed, PhoneNumberFormat.E164)


def typed_national_digits(typed: TypedPhone) -> tuple[str, ...]:
    """The national digits that a typed number, or a part of one, may mean, the likeliest reading first.

    Nobody says which country it was typed in: ten digits and more lose the zero that is dialled at home,
    eleven that begin with 1 the country code of North America, and what begins as a call abroad is one, too.
    Seven to nine with a zero before them may be the end of a number, or one with that zero. What can't be a
    number of North America may begin with its country's code.
    """
    number, digits = of_today(typed.number), typed.digits
    if number.startswith("+"):
        return (national_digits(_e164(number, "") or number),)
    abroad = _e164(dialled_abroad(number), "")
    if _is_american_length(digits) and digits.startswith("1"):
        at_home = digits[1:]
    else:
        at_home = digits.lstrip("0") if len(digits) >= _NORTH_AMERICAN_DIGITS else digits
    without_zero = digits.lstrip("0") if at_home == digits and len(digits) >= _WHOLE_DIGITS else ""
    with_code = "" if abroad or _is_american(digits) else _e164(of_today(f"+{digits}"), "")
    found = (
        national_digits(abroad) if abroad else "",
        at_home,
        without_zero,
        national_digits(with_code) if with_code and len(digits) >= _FEWEST_WITH_CODE else "",
    )
    return tuple(dict.fromkeys(filter(None, found)))


def _is_american(digits: str) -> bool:
    """Whether these are a whole number of North America, in an area that there is."""
    from phonenumbers import NumberParseException, is_valid_number, parse

    if not _is_american_length(digits):
        return False
    try:
        return is_valid_number(parse(f"+1{digits[-_NORTH_AMERICAN_DIGITS:]}"))
    except NumberParseException:
        return False


def national_digits(number: str) -> str:
    """The national part of an E.164 number (`4155550123`), for anything else its digits."""
    if not number.startswith("+"):
        return phone_digits(number)
    if _NORTH_AMERICAN.fullmatch(number):
        return number[2:]
    from phonenumbers import NumberParseException, national_significant_number, parse

    try:
        return national_significant_number(parse(number[: _LONGEST_TYPED + 1]))
    except NumberParseException:
        return phone_digits(number)


def is_nobodys(number: str) -> bool:
    """Whether it stands for "no number": all one digit, counted up or down, 555-5555 or 000-0000.

    number: in any notation. In North America 555 is no exchange that has customers, and no line begins with
    0 or 1.
    """
    is_american = number.startswith("+1") or not number.startswith("+")
    digits = national_digits(number) if number.startswith("+") else phone_digits(number)
    if is_american and len(digits) == _NORTH_AMERICAN_DIGITS + 1:
        digits = digits.removeprefix("1")
    if len(set(digits)) == 1 or digits in _COUNTED:
        return True
    is_filler = digits.endswith(_FILLER_LINES) or digits.startswith("555555")
    return is_american and len(digits) == _NORTH_AMERICAN_DIGITS and is_filler


def is_number(text: str) -> bool:
    """Whether this, as kept, is somebody's telephone number: enough digits, no words, not nobody's."""
    return (
        len(phone_digits(text)) >= _WHOLE_DIGITS
        and _NOT_OF_A_NUMBER.search(text) is None
        and not is_nobodys(text)
    )
