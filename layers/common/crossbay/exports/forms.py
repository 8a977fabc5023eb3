"""What is personal by its form, whoever's it is: numbers of documents and cards, a date of birth, where
somebody lives, and somebody called by a word for a person (C22).

Nobody in the file need have such a value: a technician writes down what a customer says.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from crossbay.exports.kinds import PersonalKind
from crossbay.exports.person_cues import acts, is_of_a_person
from crossbay.exports.words import is_everyday, section
from crossbay.matching.frequency import RARE_SURNAME, is_given_name, surname_frequency

_FEWEST_LETTERS = 3
_DATE = (
    r"(?:\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{2,4})?|\d{6,8}|(?:19|20)\d\d"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,4})(?![\d%])"
)
_BORN = re.compile(
    rf"\b(?:d\.?\s?o\.?\s?b\b\.?|date\s+of\s+birth|birth\s?da(?:te|y)|born(?:\s+on)?)[\s:#=-]*(?:is\s+|was\s+)?{_DATE}",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"
    r"|\b(?:ssn|s\.s\.n\.?|ss\s?(?:#|no\b\.?)|soc(?:ial)?\.?\s+(?:sec(?:urity)?|ins(?:urance)?)\b\.?|itin)"
    r"[\s:#=.-]*(?:(?:number|num|no|is|card|last|four|4|digits|ending|ends|in)\b[\s:#=.-]*)*\d[\d -]{2,}",
    re.IGNORECASE,
)
_LICENSE = re.compile(
    r"\b(?:d\.?l\.?\s?(?:#|no\b\.?|:)|dl|drivers?'?s?\s+lic(?:en[cs]e)?\b\.?|passport)[\s:#=.-]*(?:(?:number|num|no|is)\b[\s:#=.-]*)*"
    r"(?=[A-Za-z0-9-]*\d[\d-]{4})[A-Za-z0-9-]{6,}",
    re.IGNORECASE,
)
_CARD = re.compile(
    r"\b(?:visa|master\s?card|amex|american express|debit|credit card|card|cc)\b[\s:#=.-]*"
    r"(?:(?:number|no|ending|ends|in|with|last|four|4|exp)\b[\s:#=.-]*|[x*]{2,}[\s-]*)+\d{4}\b",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])")
_LIVES = re.compile(
    r"\b(?:(?:lives?|living|resides?|residing)\s+(?:at|on|@)|(?:home|address|addr)\.?\s*(?:is|:|at))\s*#?\d{1,6}\s+\w",
    re.IGNORECASE,
)


def forms_in(text: str, words: Sequence[str]) -> Iterator[tuple[PersonalKind, str]]:
    """Each kind of value that the text has the form of, with what shows it. words: of the reading."""
    for kind, form in (
        (PersonalKind.BIRTH, _BORN),
        (PersonalKind.DOCUMENT, _SOCIAL),
        (PersonalKind.DOCUMENT, _LICENSE),
        (PersonalKind.CARD, _CARD),
    ):
        if found := form.search(text):
            yield kind, found[0]
    for found in _LONG_NUMBER.finditer(text):
        if _is_card_number(re.sub(r"\D", "", found[0])):
            yield PersonalKind.CARD, found[0]
    if found := _LIVES.search(text):
        yield PersonalKind.STREET, found[0]
    yield from ((PersonalKind.NAME, word) for word in _people_of_nobody(words))


def _people_of_nobody(words: Sequence[str]) -> Iterator[str]:
    """Words that somebody is called by: a common name beside a word for a person, or a word unknown to shops
    between one and what a person does (`Cust. Garcia declined`, `spouse Ana waits`).
    """
    for at, word in enumerate(words):
        if len(word) < _FEWEST_LETTERS or not word.isalpha() or is_everyday(word):
            continue
        if (_is_common_name(word) and is_of_a_person(words, at, at + 1)) or (
            at
            and words[at - 1] in section("relations")
            and acts(word, *(*words[at + 1 : at + 3], "", "")[:2])
        ):
            yield word


@cache
def _is_common_name(word: str) -> bool:
    """Whether the word is a common name by the matcher's tables of the census."""
    return surname_frequency(word) > RARE_SURNAME or is_given_name(word)


def _is_card_number(digits: str) -> bool:
    """Whether the digits check as those of payment cards do (ISO/IEC 7812-1: Luhn's), of their ranges."""
    if digits[0] not in "3456" or len(digits) not in (15, 16) or len(set(digits)) == 1:
        return False
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0
