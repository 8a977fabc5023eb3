"""A person's values, and the traces by which each would be known in a text: `watch.py` looks for these."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from crossbay.domain.address import is_street_suffix, street_key
from crossbay.domain.customer import Customer
from crossbay.domain.phone import national_digits
from crossbay.domain.repair_order import RepairOrder
from crossbay.exports.reading import phone_ending, street_words, words_of
from crossbay.exports.words import is_everyday, section

_FEWEST_LETTERS = 3  # of a name that counts without a word for a person beside it
_FEWEST_LETTERS_OF_LOCAL_PART = 5


class Kind(StrEnum):
    """What of a person stands in a cell."""

    NAME = "name"
    COMPANY = "company name"
    PHONE = "phone number"
    EMAIL = "e-mail address"
    STREET = "street"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalValues:
    """What must not be said of an RO's person, as typed. amounts_cents: of jobs, labor, parts and totals."""

    given_name: str = ""
    surname: str = ""
    company_name: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    amounts_cents: frozenset[int] = frozenset()


class How(Enum):
    """How a trace counts: ALONE wherever it stands, DOUBT likewise but not for certain, TOGETHER as these
    words in a row, STREET the same among street words, BESIDE in a row beside a word for a person.
    """

    ALONE = auto()
    DOUBT = auto()
    TOGETHER = auto()
    STREET = auto()
    BESIDE = auto()


class Trace(NamedTuple):
    how: How
    words: tuple[str, ...]
    kind: Kind


def personal_values(order: RepairOrder, customer: Customer) -> PersonalValues:
    """Of an RO with its customer, a deleted one too while it can still be read."""
    addresses = (customer.billing_address, *(each.address for each in customer.service_addresses))
    labor = (line.amount_cents for job in order.jobs for line in job.labor)
    parts = (line.amount_cents for job in order.jobs for line in job.parts)
    jobs = [job.amount_cents for job in order.jobs]
    return PersonalValues(
        given_name=customer.first_name,
        surname=customer.last_name,
        company_name=customer.company_name,
        phones=tuple(phone.number for phone in customer.phones),
        emails=customer.emails,
        streets=tuple(line for each in addresses for line in (each.line1, each.line2) if line),
        amounts_cents=frozenset((*labor, *parts, *jobs, sum(jobs), order.approved_cents)),
    )


def traces_of(values: PersonalValues) -> Iterator[Trace]:
    """All but phones and amounts, which are compared as numbers."""
    yield from _traces_of_name(values.given_name, values.surname)
    yield from _traces_of_company(values.company_name)
    for email in values.emails:
        yield from _traces_of_email(email)
    for line in values.streets:
        yield from _traces_of_street(line)


def phone_endings(values: PersonalValues) -> Iterator[str]:
    return filter(None, (phone_ending(national_digits(number)) for number in values.phones))


def names_for_short(given_name: str, surname: str) -> Iterator[tuple[str, str]]:
    """An everyday surname with each given name: together they count, a nickname for the given name too."""
    for last in _telling(words_of(surname)):
        if not _is_telling_alone(last):
            yield from ((last, first) for first in words_of(given_name) if len(first) > 1)


@lru_cache(maxsize=16_384)
def _traces_of_name(given_name: str, surname: str) -> tuple[Trace, ...]:
    first, last = words_of(given_name), words_of(surname)
    whole = "".join((*first, *last)), "".join((*last, *first))
    is_telling = any(map(_is_telling_alone, (*first, *last)))
    return (
        *_traces_of_words(first, How.DOUBT),
        *_traces_of_words(last, How.ALONE),
        *(Trace(How.ALONE, (joined,), Kind.NAME) for joined in whole if first and last and is_telling),
    )


def _traces_of_words(words: Sequence[str], how: How) -> Iterator[Trace]:
    """Each word of a name, an everyday one beside a word for a person; several also run together."""
    for word in _telling(words):
        yield Trace(how if _is_telling_alone(word) else How.BESIDE, (word,), Kind.NAME)
    joined = "".join(words)
    if len(words) > 1 and _is_telling_alone(joined):
        yield Trace(how, (joined,), Kind.NAME)


def _telling(words: Sequence[str]) -> list[str]:
    """The words that are no particles, or the last where all are; no initials."""
    telling = [word for word in words if word not in section("particles")] or list(words[-1:])
    return [word for word in telling if len(word) > 1]


def _is_telling_alone(word: str) -> bool:
    return len(word) >= _FEWEST_LETTERS and not is_everyday(word) and not word.isdigit()


@lru_cache(maxsize=4096)
def _traces_of_company(name: str) -> tuple[Trace, ...]:
    """Any two neighbors of its own words that aren't both everyday; one where there is no other."""
    words = words_of(name)
    own = [word for word in words if word not in section("company words")]
    telling = [word for word in own if _is_telling_alone(word)]
    if not telling:
        return (Trace(How.BESIDE, tuple(own or words), Kind.COMPANY),) if words else ()
    if len(own) == 1:
        return (Trace(How.ALONE, (own[0],), Kind.COMPANY),)
    pairs = (pair for pair in pairwise(own) if any(map(_is_telling_alone, pair)))
    return (
        *(Trace(How.TOGETHER, pair, Kind.COMPANY) for pair in pairs),
        *(Trace(How.BESIDE, (word,), Kind.COMPANY) for word in telling),
        Trace(How.ALONE, ("".join(own),), Kind.COMPANY),
    )


def _traces_of_email(email: str) -> Iterator[Trace]:
    """The whole address, and its local part where that is more than an everyday word."""
    yield Trace(How.TOGETHER, words_of(email), Kind.EMAIL)
    local = words_of(email.rpartition("@")[0])
    letters = [word for word in local if not word.isdigit()]
    is_telling = any(map(_is_telling_alone, letters))
    if is_telling and len("".join(letters)) >= _FEWEST_LETTERS_OF_LOCAL_PART:
        yield Trace(How.TOGETHER, local, Kind.EMAIL)
        if len(local) == len(letters):
            yield Trace(How.ALONE, ("".join(letters),), Kind.EMAIL)


def _traces_of_street(line: str) -> Iterator[Trace]:
    """`12 Alder St` by `12 Alder` and `Alder St`; an everyday one only whole, or after `at`."""
    key = street_key(line)
    words, number = street_words(words_of(key.name)), words_of(key.number)[:1]
    suffix = words[-1:] if len(words) > 1 and is_street_suffix(words[-1]) else ()
    name = words[: len(words) - len(suffix)]
    if not name:
        return
    start = name[: 1 if len(name[0]) >= _FEWEST_LETTERS else 2]
    found = [(*number, *name, *suffix)] if number and suffix else []
    if number:
        found += [(word, *number, *start) for word in section("at")]
        found += [(*number, *start)] if any(map(_is_telling_alone, start)) else []
        found += [name] if len(name) > 1 and any(map(_is_telling_alone, name)) else []
    if suffix and (_is_telling_alone(name[-1]) or suffix[0] in section("unmistakable suffixes")):
        found.append((name[-1], *suffix))
    yield from (Trace(How.STREET, phrase, Kind.STREET) for phrase in found)
