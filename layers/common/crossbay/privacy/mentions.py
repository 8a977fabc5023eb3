"""Which texts name the person who is erased: repair orders stay, and technicians write names into them."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crossbay.domain.customers.customer import Customer, FormerName
from crossbay.domain.customers.former import ever
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.exports.name_watch import CLEAN, Watch
from crossbay.exports.person import PersonalValues
from crossbay.exports.reading import read, words_of
from crossbay.exports.words import section

_FEWEST_SIGNS = 4
"""Of a plate that is looked for: a shorter one stands in half of all part numbers."""

_VIN_ENDING = 8
_FEWEST_LETTERS = 3
_BETWEEN = re.compile(r"[^A-Z0-9]+")
_MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """What the person is known by, now and earlier. signs: VINs and plates, capitals and digits alone.

    names: words of names, each enough where it stands, but for those of the person's own cars: Mr. Ford's
    Ford may stay.
    """

    people: tuple[PersonalValues, ...] = ()
    signs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def whom(customer: Customer, vehicles: Collection[Vehicle], earlier: Iterable[Mapping[str, Any]]) -> Whom:
    """earlier: fields of the customer and its vehicles as the audit noted them, before and after a change."""
    bodies = list(earlier)
    people = dict.fromkeys((*_values(customer), *(_earlier_values(body) for body in bodies)))
    numbers = [(vehicle.vin, vehicle.plate) for vehicle in vehicles]
    numbers += [(body.get("vin", ""), body.get("plate", "")) for body in bodies]
    signs = {sign for vin, plate in numbers for sign in _signs(vin, plate)}
    cars = {word for car in vehicles for word in words_of(f"{car.make} {car.model} {car.sub_model}")}
    return Whom(
        people=tuple(one for one in people if one != PersonalValues()),
        signs=tuple(sorted(signs)),
        names=tuple(sorted({name for one in people for name in _names_of(one)} - cars)),
    )


@dataclass(slots=True)
class Mentions:
    """Tells the texts that name the person, or perhaps do: those are better lost than kept."""

    whom: Whom
    _known: dict[str, bool] = field(default_factory=dict)

    def among(self, texts: Iterable[str]) -> frozenset[str]:
        """Those of the texts that name the person, or look like anybody's phone number or e-mail address."""
        wanted = {text for text in texts if text.strip()}
        if new := sorted(wanted - self._known.keys()):
            if len(self._known) > _MOST_REMEMBERED:
                self._known.clear()
                new = sorted(wanted)
            self._known |= self._judged(new)
        return frozenset(text for text in wanted if self._known[text])

    def _judged(self, texts: list[str]) -> dict[str, bool]:
        watch = Watch()
        for text in texts:
            watch.note_cells(_as_row(text))
        for person in self.whom.people:
            watch.note_person(person)
        return {text: self._names(watch, text) for text in texts}

    def _names(self, watch: Watch, text: str) -> bool:
        squashed = _BETWEEN.sub("", text.upper())
        if any(sign in squashed for sign in self.whom.signs):
            return True
        is_named = not read(text).names.isdisjoint(self.whom.names)
        return is_named or watch.verdict(_as_row(text)) is not CLEAN


def _as_row(text: str) -> tuple[str, str]:
    """A watch reads rows: a number, which may look like anything, then cells."""
    return ("", text)


def _names_of(person: PersonalValues) -> Iterator[str]:
    """The words of a name that tell: neither an initial nor a `van` or `de`."""
    for word in words_of(f"{person.given_name} {person.surname}"):
        if len(word) >= _FEWEST_LETTERS and word not in section("particles") | section("placeholders"):
            yield word


def _earlier_values(body: Mapping[str, Any]) -> PersonalValues:
    places = [body.get("billing_address") or {}]
    places += [place.get("address") or {} for place in body.get("service_addresses") or ()]
    return PersonalValues(
        given_name=body.get("first_name", ""),
        surname=body.get("last_name", ""),
        company_name=body.get("company_name", ""),
        phones=tuple(phone.get("number", "") for phone in body.get("phones") or ()),
        emails=tuple(body.get("emails") or ()),
        streets=tuple(
            line for place in places for line in (place.get("line1", ""), place.get("line2", "")) if line
        ),
    )


def _values(customer: Customer) -> Iterator[PersonalValues]:
    """A name each with all that the customer is and was reached by."""
    known = ever(customer)
    for name in known.names or (FormerName(),):
        yield PersonalValues(
            given_name=name.first_name,
            surname=name.last_name,
            company_name=name.company_name,
            phones=known.phones,
            emails=known.emails,
            streets=known.streets,
        )


def _signs(vin: str, plate: str) -> Iterator[str]:
    for number in (vin, vin[-_VIN_ENDING:], plate):
        sign = _BETWEEN.sub("", number.upper())
        if len(sign) >= _FEWEST_SIGNS:
            yield sign
