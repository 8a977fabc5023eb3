"""What a record is found by: its entries in the index. `store/search/items.py` has the items that carry them.

Names, phones, e-mails and addresses are the customer's; plate and VIN are the vehicle's.
"""

from collections.abc import Iterable, Iterator, Sequence

from crossbay.domain.address import Address, street_key
from crossbay.domain.company import company_name
from crossbay.domain.customers.card import CustomerCard, CustomerCardVehicle
from crossbay.domain.customers.customer import Customer
from crossbay.domain.customers.plate_lookalikes import fold_plate
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.email import email_letters, mailbox
from crossbay.domain.phone import national_digits
from crossbay.matching.frequency import is_given_name
from crossbay.matching.place import line_starts, match_address
from crossbay.search.entry import (
    LETTERS,
    NICKNAME,
    PARTITION_LETTERS,
    VIN_START,
    EntryKind,
    IndexEntry,
    entry,
    head_of,
)
from crossbay.search.names import (
    NamePairs,
    also_known_as,
    clip,
    company_names,
    deletions,
    name_words,
    person_names,
)
from crossbay.search.number import number_key
from crossbay.search.scripts import is_without_blanks, whole_name
from crossbay.search.street import street_words
from crossbay.search.vin import vin_characters

_LONGEST_EMAIL_BYTES = 60
_LONGEST_WHOLE_NAME_BYTES = 60
_LONGEST_NUMBER = 20
_LONGEST_NUMBER_BYTES = 24
"""Characters of a phone number, VIN or plate that are kept; what people type into such fields has no end."""


_UNUSABLE = str.maketrans("", "", "#" + NICKNAME + LETTERS)
"""Characters that have a meaning in the keys."""


def customer_entries(customer: Customer | CustomerCard) -> frozenset[IndexEntry]:
    """What the customer is found by; its card says the same."""
    found = set(_person_entries(customer.first_name, customer.last_name))
    found.update(_pair_entries(company_names(customer.company_name)))
    found.update(_word_entries(customer))
    found.update(_company_entries(customer.company_name))
    for phone in customer.phones:
        found.update(_phone_entries(phone.number))
    for email in customer.emails:
        found.update(_email_entries(email))
    addresses = (customer.billing_address, *(place.address for place in customer.service_addresses))
    for address in dict.fromkeys(addresses):
        found.update(street_entries(address.line1) if address.line1 else ())
        found.update(_postal_entries(address) if address.postal_code else ())
    return frozenset(found)


def number_entries(number: str) -> frozenset[IndexEntry]:
    """What a customer is found by through a repair order or appointment with this number."""
    key = number_key(number)
    return frozenset([entry(EntryKind.NUMBER, key)] if key else ())


def vehicle_entries(vehicle: Vehicle | CustomerCardVehicle) -> frozenset[IndexEntry]:
    """What the customer is found by through this vehicle."""
    return frozenset((*_plate_entries(vehicle.plate), *_vin_entries(vehicle.vin)))


def street_entries(line1: str) -> frozenset[IndexEntry]:
    """What a customer is found by through one of its addresses."""
    street = street_words(street_key(line1))
    if not street.name:
        return frozenset()
    numbered = f"{street.number} {street.name}".strip()
    named = f"{street.name} {street.number}".strip()
    edits = (IndexEntry(EntryKind.STREET_EDIT, part, numbered) for part in deletions(street.word))
    return frozenset((entry(EntryKind.STREET, numbered), entry(EntryKind.STREET, named), *edits))


def _postal_entries(address: Address) -> Iterator[IndexEntry]:
    """The matcher's entries: within a postal code, houses of the number and lines that begin the same."""
    matched = match_address(address)
    if matched.postal_code:
        for beside in (matched.digits, *line_starts(matched)):
            if beside:
                yield entry(EntryKind.POSTAL, f"{clip(matched.postal_code)} {clip(beside)}")


def _person_entries(first_name: str, last_name: str) -> Iterator[IndexEntry]:
    names = person_names(first_name, last_name)
    yield from _pair_entries(names)
    for given, family in names.together if first_name.strip() else ():
        yield from _meant_entries(given, family)


def _word_entries(customer: Customer | CustomerCard) -> Iterator[IndexEntry]:
    """Each word of the name for itself: surnames and words of a company apart from given names."""
    first, last = customer.first_name, customer.last_name
    given, family = name_words(first), name_words(last)
    if not family:
        given, family = (), given
    yield from _words(EntryKind.SURNAME, family, given[:1])
    yield from _words(EntryKind.GIVEN, given, family[:1])
    yield from _words(EntryKind.SURNAME, name_words(customer.company_name), ())
    for whole in dict.fromkeys(
        whole_name(*parts) for parts in ((last, first), (first, last), (customer.company_name,))
    ):
        if is_without_blanks(whole):
            yield entry(EntryKind.SURNAME, clip(whole, _LONGEST_WHOLE_NAME_BYTES))


def _words(kind: EntryKind, words: Iterable[str], beside: Sequence[str]) -> Iterator[IndexEntry]:
    for word in words:
        yield entry(kind, " ".join((word, *beside)))


def _company_entries(typed: str) -> Iterator[IndexEntry]:
    """The matcher's entries: the company's name, and the one it trades under, as all spellings have them."""
    company = company_name(typed)
    for name in (company.name, company.trade_name):
        if name:
            yield entry(EntryKind.NAME, company_text(name))


def company_text(name: str) -> str:
    """The first two words of a company's name in one spelling, as the index holds them."""
    return " ".join(clip(word) for word in name.split()[:2])


def _meant_entries(given: str, family: str) -> Iterator[IndexEntry]:
    """The names that the given one may stand for, itself first, each beside the family name."""
    if is_given_name(given):
        yield entry(EntryKind.NAME_MEANT, f"{given} {family}".strip())
    for meant in also_known_as(given):
        yield entry(EntryKind.NAME_MEANT, f"{meant} {family}".strip() + NICKNAME + given)
        yield entry(EntryKind.NAME_MEANT, f"{meant}{NICKNAME}{given} {family}".strip())


def _pair_entries(names: NamePairs) -> Iterator[IndexEntry]:
    for word, beside in _both_ways(names.together):
        yield entry(EntryKind.NAME, f"{word} {beside}".strip())
    for word, beside in _both_ways(names.mistyped):
        for part in deletions(word):
            yield IndexEntry(EntryKind.NAME_EDIT, part, f"{beside} {word}".strip())


def _both_ways(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for one, other in pairs:
        yield one, other
        if other:
            yield other, one


def _phone_entries(number: str) -> Iterator[IndexEntry]:
    digits = national_digits(number)[:_LONGEST_NUMBER]
    if len(digits) >= PARTITION_LETTERS:
        yield entry(EntryKind.PHONE, digits)
        yield entry(EntryKind.PHONE_END, digits[::-1])


def _email_entries(email: str) -> Iterator[IndexEntry]:
    whole = email_text(email)
    letters = clip(email_letters(email), _LONGEST_EMAIL_BYTES)
    if whole:
        yield entry(EntryKind.EMAIL, whole)
        yield entry(EntryKind.EMAIL, email_text(mailbox(email)))
    if len(letters) >= PARTITION_LETTERS and letters != head_of(whole, len(whole)):
        yield entry(EntryKind.EMAIL, letters + LETTERS)


def email_text(email: str) -> str:
    """The address as the index holds it, a blank for the `@`: `jo@…` then sorts before `jo.smith@…`."""
    bare = "".join(email.lower().split()).translate(_UNUSABLE)
    return clip(" ".join(bare.rsplit("@", 1)), _LONGEST_EMAIL_BYTES)


def _plate_entries(plate: str) -> Iterator[IndexEntry]:
    folded = clip(fold_plate(plate)[:_LONGEST_NUMBER], _LONGEST_NUMBER_BYTES)
    if len(folded) >= PARTITION_LETTERS:
        yield entry(EntryKind.PLATE, folded)


def _vin_entries(vin: str) -> Iterator[IndexEntry]:
    characters = clip(vin_characters(vin)[:_LONGEST_NUMBER], _LONGEST_NUMBER_BYTES)
    if len(characters) >= PARTITION_LETTERS:
        yield entry(EntryKind.VIN_END, characters[::-1])
    if len(characters) >= VIN_START:
        yield entry(EntryKind.VIN, characters, VIN_START)
