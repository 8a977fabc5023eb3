"""The proof beside the certificate: all files at CARFAX read as bare text, and everybody looked for in them.

Nothing of `crossbay.exports` has a say here: values are looked for as by a stranger with a search box.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path

from vininfo.dicts import WMI

from crossbay.domain.contacts.contact import Contact
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.customers.former import ever
from crossbay.domain.organization import Shop
from crossbay.domain.phone import national_digits
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.ids import derived_id
from crossbay.store import keys
from crossbay.store.codec import record_of
from crossbay.store.contacts.contacts import contacts_of, contacts_query
from crossbay.store.reads import Reads
from crossbay.store.work.repair_orders import list_invoiced
from local.demo import cars
from local.demo.services import SERVICES
from local.night_walk import NightFailed

_WHOLE_PHONE = 10
"""Digits, with the area code."""
_CODE_LETTERS = 8
"""Of a shop's code in the names of its files at CARFAX."""
_TITLES = ("Mr", "Mrs", "Ms", "Miss", "Dr")
_AMOUNT = re.compile(r"\d[\d,]*\.\d\d(?!\d)")


def proof(table_name: str, partners_folder: Path, shops: Iterable[Shop]) -> str:
    """What was looked for in which files. Raises NightFailed with what was found, if anything.

    In a shop's files people of its own organization are looked for: others' names are no leak there.
    """
    reads, by_organization = Reads(table_name), defaultdict[str, list[Shop]](list)
    for shop in shops:
        by_organization[shop.organization_id].append(shop)
    files = sorted(partners_folder.glob("*/files/**/*_RO_*.txt"))
    found, people, phrases, phones, amounts = [], 0, 0, 0, 0
    for own in by_organization.values():
        sought = everybody(reads, own)
        codes = {derived_id("account", shop.id)[:_CODE_LETTERS] for shop in own}
        its = [path for path in files if path.name.split("_")[0].rpartition("-")[2] in codes]
        found += [f"{one} in {path.name}" for path in its for one in sought.found_in(path.read_text())]
        people += sought.people
        phrases, phones = phrases + len(sought.phrases), phones + len(sought.phones)
        amounts += len(sought.amounts)
    looked = (
        f"\nEvery file at CARFAX ({len(files)}) read as plain text, for {people:,} people's values:"
        f"\n    {phrases:,} names, e-mails and streets, {phones:,} phones, {amounts:,} amounts."
    )
    if found:
        raise NightFailed(f"{looked} FOUND: {', '.join(found)}.")
    return f"{looked} Found: none."


@dataclass(slots=True)
class Sought:
    """Values of customers. everyday: words that a surname may be without telling anyone's.

    phrases: names, e-mails and streets as words; phones: all their digits; amounts: as `412.50`.
    """

    everyday: frozenset[str]
    people: int = 0
    phrases: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    amounts: set[str] = field(default_factory=set)

    def add_person(self, customer: Customer) -> None:
        """Adds the person under every name, phone, e-mail and street that it ever had."""
        self.people += 1
        known = ever(customer)
        for name in known.names:
            self._add_name(name.first_name, name.last_name)
        self.phrases |= {words(text) for text in (*known.emails, *known.streets)} - {""}
        self._add_phones(known.phones)

    def add_contact(self, contact: Contact) -> None:
        self.people += 1
        first_name, _, last_name = contact.name.rpartition(" ")
        self._add_name(first_name, last_name)
        self.phrases |= {words(text) for text in (contact.email, *contact.found_by_emails)} - {""}
        self._add_phones((*(phone.number for phone in contact.phones), *contact.found_by_phones))

    def _add_name(self, first_name: str, last_name: str) -> None:
        """A maker's or a demo service's word counts only with the first name or a title before it."""
        is_word = words(last_name) in self.everyday or words(last_name) in makers()
        alone = [f"{title} {last_name}" for title in _TITLES] if is_word else [last_name]
        whole = [f"{first_name} {last_name}"] if first_name.strip() else []
        self.phrases |= {words(text) for text in (*alone, *whole) if last_name.strip()} - {""}

    def _add_phones(self, numbers: Iterable[str]) -> None:
        digits = map(national_digits, numbers)
        self.phones |= {number for number in digits if len(number) == _WHOLE_PHONE}

    def add_amounts(self, order: RepairOrder) -> None:
        for job in order.jobs:
            lines = (*(line.amount_cents for line in job.labor), *(part.amount_cents for part in job.parts))
            self.amounts |= {f"{cents / 100:.2f}" for cents in (job.amount_cents, *lines) if cents}

    def found_in(self, text: str) -> Iterator[str]:
        """A text's cells are parted by quotes, bars and line ends."""
        as_words = f" {words(text)} "
        digits = "|".join(re.sub(r"\D", "", cell) for cell in re.split(r'["|\n]', text))
        yield from (phrase for phrase in self.phrases if f" {phrase} " in as_words)
        yield from (number for number in self.phones if number in digits)
        yield from self.amounts & {amount.replace(",", "") for amount in _AMOUNT.findall(text)}


def everybody(reads: Reads, shops: Iterable[Shop]) -> Sought:
    """Everybody with an invoiced visit to one of these shops, and what each visit cost."""
    orders = {shop: tuple(list_invoiced(reads, shop.ref, "", keys.TOP)) for shop in shops}
    sought = Sought(everyday=_everyday(orders))
    for order in chain.from_iterable(orders.values()):
        sought.add_amounts(order)
    people = {
        keys.customer(order.organization_id, CustomerRef.of(order))
        for order in chain.from_iterable(orders.values())
    }
    for item in reads.batch_get(people).values():
        sought.add_person(record_of(Customer, item))
    pages = reads.query_many([contacts_query(key.pk) for key in people])
    for contact in chain.from_iterable(contacts_of(page.items) for page in pages):
        sought.add_contact(contact)
    for shop in orders:  # what its own card says may stand there, whoever else has it
        sought.phones.discard(national_digits(shop.phone))
        sought.phrases.discard(words(shop.address.line1))
    return sought


def _everyday(shops: Iterable[Shop]) -> frozenset[str]:
    """What shops, the demo's cars and services are called, which CARFAX is told: a Ford isn't its Mr Ford."""
    cards = ((shop.business_name, shop.address.line1, shop.address.city) for shop in shops)
    services = (service.title for service in SERVICES)
    texts = (*chain.from_iterable(cards), *cars.NAMES, *services)
    return frozenset(chain.from_iterable(words(text).split() for text in texts))


@cache
def makers() -> frozenset[str]:
    """Words of vininfo's list of manufacturers: `Lincoln transmission` isn't Mr Lincoln's."""
    return frozenset(chain.from_iterable(words(name).split() for name in map(str, WMI.values())))


def words(text: str) -> str:
    """Lower case, no accents or apostrophes, a blank for all else that is no letter or digit."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("'", "")
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", letters))
