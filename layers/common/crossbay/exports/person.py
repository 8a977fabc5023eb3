"""A person's values, and the traces by which each would be known in a text, for `name_watch.py`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from crossbay.domain.address import is_street_suffix, street_key
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.customers.customer import Customer
from crossbay.domain.customers.former import ever
from crossbay.domain.phone import national_digits
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.exports.bloom import Seen
from crossbay.exports.kinds import PersonalKind
from crossbay.exports.reading import OWN, is_plain, phone_ending, street_words, words_of
from crossbay.exports.words import is_everyday, section

_FEWEST_LETTERS = 3  # of a name that counts without a word for a person beside it
_FEWEST_LETTERS_OF_LOCAL_PART = 5
_MOST_WORDS_SHORTENED = 4  # of a surname; one of more is taken whole
_UMLAUTS = "äöüÄÖÜ"
_SPELLED_OUT = str.maketrans(dict(zip(_UMLAUTS, ("ae", "oe", "ue") * 2, strict=True)))


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
    kind: PersonalKind


def personal_values(order: RepairOrder, customer: Customer) -> PersonalValues:
    """The values of an RO with its customer, a deleted one too while it can still be read: its name, all
    that it was ever reached by, and what the RO cost.
    """
    known = ever(customer)
    labor = (line.amount_cents for job in order.jobs for line in job.labor)
    parts = (line.amount_cents for job in order.jobs for line in job.parts)
    jobs = [job.amount_cents for job in order.jobs]
    return PersonalValues(
        given_name=customer.first_name,
        surname=customer.last_name,
        company_name=customer.company_name,
        phones=known.phones,
        emails=known.emails,
        streets=known.streets,
        amounts_cents=frozenset((*labor, *parts, *jobs, sum(jobs), order.approved_cents)),
    )


def people_of(
    order: RepairOrder, customer: Customer, contacts: Sequence[Contact]
) -> tuple[PersonalValues, ...]:
    """Whoever must not be named for an RO: its customer, under former names too, and its contacts."""
    former = (
        PersonalValues(given_name=name.first_name, surname=name.last_name, company_name=name.company_name)
        for name in customer.former.names
    )
    return (personal_values(order, customer), *former, *map(_values_of_contact, contacts))


def _values_of_contact(contact: Contact) -> PersonalValues:
    given_name, _, surname = contact.name.strip().rpartition(" ")
    phones = (*(phone.number for phone in contact.phones), *contact.found_by_phones)
    emails = (contact.email, *contact.found_by_emails)
    return PersonalValues(
        given_name=given_name, surname=surname, phones=phones, emails=tuple(filter(None, emails))
    )


def traces_of(values: PersonalValues, seen: Seen) -> Iterator[Trace]:
    """Those whose words were all seen, of all but phones and amounts, which are compared as numbers."""
    for trace in _all_traces(values, seen):
        if all(word in seen for word in trace.words):
            yield trace


def phone_endings(values: PersonalValues) -> Iterator[str]:
    return filter(None, (phone_ending(national_digits(number)) for number in values.phones))


def given_names_of(values: PersonalValues) -> list[str]:
    """Its words, without initials."""
    return [word for word in _name_words(values.given_name) if len(word) > 1]


def initials_of(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words if word.isalpha())


def everyday_surnames_of(values: PersonalValues) -> list[str]:
    """The words of the surname that count only beside a given name or a word for a person."""
    return [word for word in _telling(_name_words(values.surname)) if not _is_telling_alone(word)]


def _all_traces(values: PersonalValues, seen: Seen) -> Iterator[Trace]:
    yield from _traces_of_name(values.given_name, values.surname)
    if any(letter in _UMLAUTS for letter in values.surname):
        yield from _traces_of_name(values.given_name, values.surname.translate(_SPELLED_OUT))
    if values.company_name:
        yield from _traces_of_company(values.company_name)
    for email in values.emails:
        yield from _traces_of_email(email, seen)
    for line in values.streets:
        yield from _traces_of_street(line, seen)


@lru_cache(maxsize=16_384)
def _traces_of_name(given_name: str, surname: str) -> tuple[Trace, ...]:
    first, last = _name_words(given_name), _name_words(surname)
    whole = ("".join((*first, *last)), "".join((*last, *first))) if first and last else ()
    is_telling = any(map(_is_telling_alone, (*first, *last)))
    return (
        *_traces_of_words(last, How.ALONE),
        *_traces_of_words(first, How.DOUBT),
        *(Trace(How.ALONE, (joined,), PersonalKind.NAME) for joined in whole if is_telling),
        *(Trace(How.ALONE, (joined,), PersonalKind.NAME) for joined in _with_initials(first, last)),
    )


def _with_initials(first: Sequence[str], last: Sequence[str]) -> Iterator[str]:
    """Initial and surname run together, either way round: `jlopez`, `mjlopez`, `lopezj`; of a surname of
    several words also a part of it: `rdelacourt`, `rdnguyen`, `delacourtn`.
    """
    words = [word for word in last if word not in section("placeholders")]
    if not words:
        return
    whole, shortened = "".join(words), set(_shortened(words))
    initials = initials_of(first)
    joined = {
        text
        for surname in (whole, *shortened)
        for some in {initials[:1], initials}
        if some
        for text in (some + surname, surname + some)
    }
    for text in joined | shortened:
        if len(text) > _FEWEST_LETTERS and _is_telling_alone(text):
            yield text


def _shortened(words: Sequence[str]) -> Iterator[str]:
    """A surname of several words with one of them whole, the others by an initial or left out."""
    if not 1 < len(words) <= _MOST_WORDS_SHORTENED:
        return
    for whole in _telling(words):
        yield from map("".join, product(*((word,) if word == whole else (word[0], "") for word in words)))


def _traces_of_words(words: Sequence[str], how: How) -> Iterator[Trace]:
    """Each word of a name, alone where it is no everyday word; several also run together."""
    for word in _telling(words):
        yield Trace(How.BESIDE, (word,), PersonalKind.NAME)
        if _is_telling_alone(word):
            yield Trace(how, (word,), PersonalKind.NAME)
    joined = "".join(words)
    if len(words) > 1 and _is_telling_alone(joined):
        yield Trace(how, (joined,), PersonalKind.NAME)


@lru_cache(maxsize=16_384)
def _name_words(name: str) -> tuple[str, ...]:
    return tuple(word for word in words_of(name) if word != OWN)


def _telling(words: Sequence[str]) -> list[str]:
    """The words that are no particles, or the last where all are; no initials."""
    own = [word for word in words if word not in section("placeholders")]
    telling = [word for word in own if word not in section("particles")] or own[-1:]
    return [word for word in telling if len(word) > 1]


def _is_telling_alone(word: str) -> bool:
    return len(word) >= _FEWEST_LETTERS and not is_everyday(word) and not word.isdigit()


@lru_cache(maxsize=4096)
def _traces_of_company(name: str) -> tuple[Trace, ...]:
    """Any two neighbors of its own words that aren't both everyday; one where there is no other."""
    words = _name_words(name)
    own = [word for word in words if word not in section("company words")]
    telling = [word for word in own if _is_telling_alone(word)]
    if not telling:
        return (Trace(How.BESIDE, tuple(own or words), PersonalKind.COMPANY),) if words else ()
    if len(own) == 1:
        return (Trace(How.ALONE, (own[0],), PersonalKind.COMPANY),)
    pairs = (pair for pair in pairwise(own) if any(map(_is_telling_alone, pair)))
    return (
        *(Trace(How.TOGETHER, pair, PersonalKind.COMPANY) for pair in pairs),
        *(Trace(How.BESIDE, (word,), PersonalKind.COMPANY) for word in telling),
        Trace(How.ALONE, ("".join(own),), PersonalKind.COMPANY),
    )


def _traces_of_email(email: str, seen: Seen) -> Iterator[Trace]:
    """The whole address, and its local part where that is more than an everyday word."""
    local = words_of(email.rpartition("@")[0])
    joined = "".join(local)
    if joined not in seen and not all(word in seen for word in local):
        return
    yield Trace(How.TOGETHER, words_of(email), PersonalKind.EMAIL)
    letters = [word for word in local if not word.isdigit()]
    if any(map(_is_telling_alone, letters)) and len("".join(letters)) >= _FEWEST_LETTERS_OF_LOCAL_PART:
        yield Trace(How.TOGETHER, local, PersonalKind.EMAIL)
        yield Trace(How.ALONE, (joined,), PersonalKind.EMAIL)


def _traces_of_street(line: str, seen: Seen) -> Iterator[Trace]:
    """`12 Alder St` by `12 Alder` and `Alder St`; an everyday one only whole, or after `at`."""
    if not _may_occur(line, seen):
        return
    key = street_key(line)
    words, number = street_words(words_of(key.name)), words_of(key.number)
    suffix = words[-1:] if len(words) > 1 and is_street_suffix(words[-1]) else ()
    name = words[: len(words) - len(suffix)]
    if not any(word in seen for word in name):
        return
    start = name[: 1 if len(name[0]) >= _FEWEST_LETTERS else 2]
    found = [(*number, *name, *suffix)] if number and suffix else []
    if number:
        found += [(word, *number, *start) for word in section("at")]
        found += [(*number, *start)] if any(map(_is_telling_alone, start)) else []
        found += [name] if len(name) > 1 and any(map(_is_telling_alone, name)) else []
    if suffix and (_is_telling_alone(name[-1]) or _is_unmistakable(name[-1], suffix[0])):
        found.append((name[-1], *suffix))
    yield from (Trace(How.STREET, phrase, PersonalKind.STREET) for phrase in found)


def _may_occur(line: str, seen: Seen) -> bool:
    """Whether any word of a street but its suffix was seen: a quick look, before it is taken apart."""
    words = street_words(words_of(line))
    name = words[:-1] if words and is_street_suffix(words[-1]) else words
    return not is_plain(line) or any(word in seen for word in name if not word.isdigit())


def _is_unmistakable(name: str, suffix: str) -> bool:
    """Whether an everyday word before this suffix is a street: `Long Ave`, but not Buick's `Park Ave`."""
    is_model = f"{name}_{suffix}" in section("models like streets")
    return suffix in section("unmistakable suffixes") and not is_model
