"""Made-up customers for the search benchmark: number `i` of a seed is always the same one.

Names follow the published frequencies in `crossbay/matching`; the people outside those lists, four in ten,
bear surnames put together from halves of listed ones. Phone numbers have exchanges that start with 1, which
no telephone has; e-mail is at example.com, or in a mailbox of Gmail that nobody has. Some bear names with
letters that American keyboards lack, some plates are words, and everybody has repair orders.
"""

import random
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from typing import Any

from crossbay.domain.address import Address
from crossbay.domain.customers.card import card_of
from crossbay.domain.customers.customer import Customer, CustomerRef, Phone, ServiceAddress
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.text import fold
from crossbay.domain.vin.vin import check_digit
from crossbay.domain.work.repair_order import Job, RepairOrder
from crossbay.matching import frequency
from crossbay.store import keys
from crossbay.store.codec import to_body
from crossbay.store.keys import Key

ORGANIZATION_ID = "0192f000-0000-7000-8000-000000000000"
SHOP_SIZE = 5_000

_UNLISTED_SURNAMES = 0.42
"""Share of people whose surname is none of the 5,000 commonest (2000 US census)."""

_AREAS = [201 + 13 * number for number in range(60)]
_STREET_SUFFIXES = ("Street", "St", "Ave", "Avenue", "Rd", "Blvd", "Lane", "Dr", "Court", "Way")
_DIRECTIONS = ("North", "N", "S", "West", "E")
_MAKERS = ("1HG", "1FT", "1G1", "2T1", "3VW", "4T1", "5YJ", "JN1", "KMH", "WBA")
_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTS = {"garcia": "García", "gomez": "Gómez", "lopez": "López", "perez": "Pérez", "muller": "Müller"} | {
    "jose": "José", "maria": "María", "andre": "André", "rene": "René", "sofia": "Sofía", "jesus": "Jesús"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Truth:
    """What is so, whatever the record says. given: as baptised. surname: folded, blanks between its words."""

    given: str
    surname: str


# Names with letters that are typed as two where a keyboard lacks them, and how they are typed.
_SPELLED_OUT = {
    "Jürgen": "Juergen", "Jörg": "Joerg", "Günther": "Guenther", "Björn": "Bjoern", "Käthe": "Kaethe",
    "Søren": "Soeren", "Håkon": "Haakon", "Åke": "Aake", "Müller": "Mueller", "Schröder": "Schroeder",
    "Krüger": "Krueger", "Köhler": "Koehler", "Jäger": "Jaeger", "Weiß": "Weiss", "Größner": "Groessner",
    "Nygård": "Nygaard", "Østergren": "Oestergren", "Böhmer": "Boehmer", "Lütkens": "Luetkens",
}  # fmt: skip
_ABROAD_GIVEN = [name for name in _SPELLED_OUT if name in list(_SPELLED_OUT)[:8]]
_ABROAD_SURNAMES = [name for name in _SPELLED_OUT if name not in _ABROAD_GIVEN]
_NOBODYS_MAILBOX = "crossbaybench"


@dataclass(frozen=True, slots=True)
class Person:
    """order_numbers: of the repair orders, which are some days old."""

    number: int
    truth: Truth
    customer: Customer
    vehicles: tuple[Vehicle, ...]
    order_numbers: tuple[str, ...] = ()

    @property
    def orders(self) -> tuple[RepairOrder, ...]:
        return tuple(
            RepairOrder(
                id=f"0192f004-{at:04x}-7000-8000-{self.number:012x}",
                organization_id=ORGANIZATION_ID,
                shop_id=self.customer.shop_id,
                customer_id=self.customer.id,
                number=order_number,
                opened_on="2026-11-30",
                jobs=tuple(Job(id=str(job), title="Front brake pads and rotors") for job in range(4)),
            )
            for at, order_number in enumerate(self.order_numbers)
        )

    @property
    def items(self) -> list[dict[str, Any]]:
        """The card and the vehicles as stored."""
        place = (ORGANIZATION_ID, self.customer.ref)
        card = to_body(card_of(self.customer, self.vehicles))
        cars = [_item(keys.vehicle(*place, car.id), "vehicle", to_body(car)) for car in self.vehicles]
        orders = [_item(order_key(order), "repair order", to_body(order)) for order in self.orders]
        return [_item(keys.card(*place), "card", card), *cars, *orders]


def _item(key: Key, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"pk": key.pk, "sk": key.sk, "type": kind, "version": 1, "body": body}


def order_key(order: RepairOrder) -> Key:
    partition = keys.customer_partition(order.organization_id, CustomerRef.of(order))
    return keys.dated(partition, "RO", order.opened_on, order.id)


def spelled_out(name: str) -> str:
    """As it is typed where a keyboard lacks its letters."""
    return " ".join(_SPELLED_OUT.get(word, word) for word in name.split())


def customer_id(number: int) -> str:
    return f"0192f001-{number >> 16:04x}-7{number & 0xFFF:03x}-8000-{number:012x}"


def number_of(customer: str) -> int:
    return int(customer[-12:], 16)


def shop_id(number: int) -> str:
    return f"0192f002-0000-7000-8000-{number:012x}"


def person(seed: int, number: int) -> Person:
    """The customer of this number: its shop is `number // SHOP_SIZE`."""
    dice = random.Random(seed * 1_000_003 + number)
    truth = Truth(_given_name(dice), _surname(dice))
    ids: dict[str, Any] = {
        "organization_id": ORGANIZATION_ID,
        "shop_id": shop_id(number // SHOP_SIZE),
    }
    identity = customer_id(number)
    customer = Customer(
        id=identity,
        first_name=_spelled(dice, _as_known(dice, truth.given)),
        last_name=" ".join(_spelled(dice, word) for word in truth.surname.split()),
        phones=tuple(Phone(number=f"+1{digits}") for digits in _phones(dice)),
        emails=_emails(dice, truth),
        service_addresses=(ServiceAddress(id="1", address=Address(line1=_line1(dice))),),
        **ids,
    )
    vehicles = tuple(
        Vehicle(id=f"0192f003-{at:04x}-7000-8000-{number:012x}", customer_id=identity, **ids, **_car(dice))
        for at in range(1 + (dice.random() < 0.4))
    )
    return _with_more(random.Random(f"{seed}:{number}"), Person(number, truth, customer, vehicles))


def _with_more(dice: random.Random, one: Person) -> Person:
    """What the benchmark learned later, by dice of its own: the rest of the data stays what it was."""
    customer, truth, vehicles = one.customer, one.truth, one.vehicles
    if dice.random() < 0.03:
        given, surname = dice.choice(_ABROAD_GIVEN), dice.choice(_ABROAD_SURNAMES)
        customer = replace(customer, first_name=given, last_name=surname)
        truth = Truth(fold(given), fold(surname))
    if customer.emails and (kind := dice.random()) < 0.1:
        local = customer.emails[0].partition("@")[0]
        tagged, dotted = (
            f"{local}+{dice.choice(('cars', 'shop', 'tires'))}@example.com",
            f"{local}.{_dotted(dice)}",
        )
        customer = replace(customer, emails=(tagged if kind < 0.05 else f"{dotted}@gmail.com",))
    if dice.random() < 0.04:
        word = "".join(dice.choices(_LETTERS, k=dice.choice((5, 6, 7))))
        vehicles = (replace(vehicles[0], plate=word), *vehicles[1:])
    first = 20_000 + 3 * (one.number % SHOP_SIZE)
    numbers = [str(first + at) for at in range(dice.choice((1, 2, 3)))]
    if dice.random() < 0.3:
        numbers = [f"RO-{number}" for number in numbers]
    return Person(one.number, truth, customer, vehicles, tuple(numbers))


def _dotted(dice: random.Random) -> str:
    """Part of an address that nobody has, with dots anywhere."""
    at = dice.randrange(1, len(_NOBODYS_MAILBOX))
    return f"{_NOBODYS_MAILBOX[:at]}.{_NOBODYS_MAILBOX[at:]}"


def nicknames_of(given: str) -> tuple[str, ...]:
    """What the published list calls bearers of the name, where the name is one it stands for."""
    from nicknames import NickNamer

    from crossbay.domain.name import nickname_roots

    return tuple(
        sorted(nick for nick in _nicknamer(NickNamer).nicknames_of(given) if given in nickname_roots(nick))
    )


@cache
def _nicknamer(kind: type[Any]) -> Any:
    return kind()


def _as_known(dice: random.Random, given: str) -> str:
    """One in twelve is entered under a nickname."""
    if dice.random() > 1 / 12:
        return given
    return dice.choice(_nicknames(given) or (given,))


@cache
def _nicknames(given: str) -> tuple[str, ...]:
    return nicknames_of(given)


def _given_name(dice: random.Random) -> str:
    names, weights = _given_names()
    return dice.choices(names, cum_weights=weights)[0]


def _surname(dice: random.Random) -> str:
    shape = dice.random()
    if shape < 0.06:
        return f"{_one_surname(dice)} {_one_surname(dice)}"
    if shape < 0.075:
        return f"{dice.choice(('de la', 'van', 'de', 'von'))} {_one_surname(dice)}"
    return _one_surname(dice)


def _one_surname(dice: random.Random) -> str:
    names, weights = _surnames()
    if dice.random() >= _UNLISTED_SURNAMES:
        return dice.choices(names, cum_weights=weights)[0]
    one, other = dice.choice(names), dice.choice(names)
    return one[: (len(one) + 1) // 2] + other[len(other) // 2 :]


@cache
def _given_names() -> tuple[list[str], list[float]]:
    table = frequency._given_names()
    return list(table), list(accumulate(share for share, _ in table.values()))


@cache
def _surnames() -> tuple[list[str], list[float]]:
    table = frequency._surnames()
    return list(table), list(accumulate(table.values()))


def _spelled(dice: random.Random, word: str) -> str:
    return _ACCENTS[word] if word in _ACCENTS and dice.random() < 0.5 else word.title()


def _phones(dice: random.Random) -> list[str]:
    count = dice.choices((0, 1, 2), (5, 75, 20))[0]
    return [
        f"{dice.choice(_AREAS)}1{dice.randrange(100):02}{dice.randrange(10_000):04}" for _ in range(count)
    ]


def _emails(dice: random.Random, truth: Truth) -> tuple[str, ...]:
    if dice.random() < 0.3:
        return ()
    given, surname = truth.given, truth.surname.replace(" ", "")
    local = dice.choice(
        (
            f"{given}.{surname}",
            f"{given[0]}{surname}",
            f"{surname}{given[0]}",
            f"{given}_{surname}",
            f"{given}{surname}",
        )
    )
    number = dice.choice(("", str(dice.randrange(100)), str(dice.randrange(1940, 2008))))
    return (f"{local}{number}@example.com",)


def _line1(dice: random.Random) -> str:
    direction = f"{dice.choice(_DIRECTIONS)} " if dice.random() < 0.1 else ""
    street = dice.choice(_surnames()[0][:1500]).title()
    return f"{int(dice.triangular(1, 9999, 1))} {direction}{street} {dice.choice(_STREET_SUFFIXES)}"


def _car(dice: random.Random) -> dict[str, Any]:
    start = dice.choice(_MAKERS) + "".join(dice.choice(_VIN_LETTERS) for _ in range(5))
    end = "".join(dice.choice(_VIN_LETTERS) for _ in range(2)) + f"{dice.randrange(1_000_000):06}"
    vin = start + "0" + end
    vin = start + check_digit(vin) + end
    letters, digits = "".join(dice.choices(_LETTERS, k=3)), f"{dice.randrange(1000):03}"
    plate = dice.choice(
        (f"{dice.randrange(1, 10)}{letters}{digits}", f"{letters}{digits}{dice.randrange(10)}")
    )
    return {
        "vin": vin,
        "plate": plate,
        "plate_region": "CA",
        "year": 2018,
        "make": "Toyota",
        "model": "Corolla",
    }
