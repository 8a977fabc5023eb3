"""Who lives around the shops: single people, households that share a phone, fleets and their drivers."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from crossbay.domain.address import Address
from crossbay.domain.text import fold
from local.demo.cars import CarDealer
from local.demo.model import Car, Party, Site
from local.demo.names import company_name, given_name, surname
from local.demo.places import PhoneBook, street_address

_KNOWN_ELSEWHERE_EVERY = 10  # one person in ten is known in more shops than the own
_FLEETS_KNOWN_ELSEWHERE = 0.4  # of fleets more, for there are few
_CARS = ((1, 2, 3), (48, 39, 13))  # how many cars a person has, and how often


class Neighborhood:
    """Makes parties, for one shop after the other, until there are customers enough."""

    def __init__(
        self, rng: Random, name: str, sites: tuple[Site, ...], phones: PhoneBook, dealer: CarDealer
    ) -> None:
        self._rng = rng
        self._name = name
        self._sites = sites
        self._phones = phones
        self._dealer = dealer
        self._emails: set[str] = set()
        self._made = 0

    def parties(self, customers: int) -> list[Party]:
        """Parties that make exactly this many customers, counting each once in every shop that knows it."""
        parties: list[Party] = []
        left = customers
        while left > 0:
            for party in self._next_group():
                known = party.site_keys[:left]
                if known:
                    parties.append(replace(party, site_keys=known))
                    left -= len(known)
        return parties

    def _next_group(self) -> Iterator[Party]:
        """A fleet with its drivers, a household, or one person."""
        rng, site = self._rng, self._rng.choice(self._sites)
        kind = rng.choices(("fleet", "household", "single"), (2, 14, 84))[0]
        if kind == "fleet":
            yield from self._fleet(site)
        elif kind == "household":
            yield from self._household(site)
        else:
            yield self._person(site, surname(rng), street_address(rng, site))

    def _household(self, site: Site) -> Iterator[Party]:
        """Two or three people of one address and one family phone, most of them of one name."""
        rng = self._rng
        name, address, phone = surname(rng), street_address(rng, site), self._phones.take(site)
        for _ in range(rng.choice((2, 2, 3))):
            own_name = name if rng.random() < 0.85 else surname(rng)
            yield replace(self._person(site, own_name, address), home_phone=phone)

    def _fleet(self, site: Site) -> Iterator[Party]:
        """A company with vans, and a few of its people with cars of their own and the office's phone."""
        rng = self._rng
        company, office = company_name(rng), self._phones.take(site)
        yield Party(
            key=self._key(),
            company_name=company,
            is_fleet=True,
            work_phone=office,
            email=self._email(f"office.{fold(company).replace(' ', '')}"),
            address=street_address(rng, site),
            cars=tuple(self._dealer.car(site, for_fleet=True) for _ in range(rng.randrange(3, 7))),
            site_keys=self._known_at(site, is_fleet=True),
        )
        for _ in range(rng.randrange(2, 5)):
            person = self._person(site, surname(rng), street_address(rng, site))
            yield replace(person, work_phone=office, company_name=company if rng.random() < 0.4 else "")

    def _person(self, site: Site, last_name: str, address: Address) -> Party:
        rng = self._rng
        first_name = given_name(rng)
        email = self._email_of(first_name, last_name) if rng.random() < 0.78 else ""
        return Party(
            key=self._key(),
            given_name=first_name,
            surname=last_name,
            mobile=self._phones.take(site) if rng.random() < 0.9 or not email else "",
            email=email,
            address=address,
            cars=self._cars(site),
            site_keys=self._known_at(site),
        )

    def _cars(self, site: Site) -> tuple[Car, ...]:
        count = self._rng.choices(*_CARS)[0]
        return tuple(self._dealer.car(site) for _ in range(count))

    def _known_at(self, site: Site, *, is_fleet: bool = False) -> tuple[str, ...]:
        others = [other.key for other in self._sites if other is not site]
        of_a_person = self._made % _KNOWN_ELSEWHERE_EVERY == 0
        is_known_elsewhere = self._rng.random() < _FLEETS_KNOWN_ELSEWHERE if is_fleet else of_a_person
        if not is_known_elsewhere or not others:
            return (site.key,)
        return (site.key, *self._rng.sample(others, min(len(others), self._rng.choice((1, 1, 1, 2, 4)))))

    def _key(self) -> str:
        self._made += 1
        return f"{self._name}-{self._made:05}"

    def _email_of(self, first_name: str, last_name: str) -> str:
        first, last = fold(first_name), fold(last_name).replace(" ", "")
        forms = (f"{first}.{last}", f"{first}{last}", f"{first[0]}{last}", f"{last}.{first}")
        return self._email(self._rng.choice(forms).replace(" ", ""))

    def _email(self, wanted: str) -> str:
        """The wanted local part where it is free, else with a number behind it."""
        domain = self._rng.choice(("example.com", "example.org"))
        local, number = wanted, 1
        while f"{local}@{domain}" in self._emails:
            number += 1
            local = f"{wanted}{number}"
        self._emails.add(f"{local}@{domain}")
        return f"{local}@{domain}"
