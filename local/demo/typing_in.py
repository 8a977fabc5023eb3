"""How a shop's counter types a party in: the record a shop has, against the party as it is.

The home shop's record is mostly right; another shop's has what years and haste leave: a nickname, a letter
wrong, the old address or a new one, another phone, the name the wrong way round.
"""

from dataclasses import dataclass, replace
from random import Random

from crossbay.domain.address import Address
from crossbay.domain.customers.customer import (
    Customer,
    CustomerKind,
    DoNotMail,
    OptOut,
    Phone,
    ServiceAddress,
    Taxability,
)
from local.demo.model import Party, Site
from local.demo.names import short_for
from local.demo.places import PhoneBook, street_address

_SOURCES = (
    "Google", "google search", "GOOGLE ADS", "Yelp", "yelp.com", "Facebook", "Drive by", "Walk-in",
    "Referral", "Referral - friend", "Word of mouth", "Radio", "Postcard mailer", "Website",
    "Repeat customer", "Fleet sales",
)  # fmt: skip
_PHONE_NOTATIONS = (
    "({0}) {1}-{2}",
    "{0}-{1}-{2}",
    "{0}.{1}.{2}",
    "{0}{1}{2}",
    "+1 {0} {1} {2}",
    "1-{0}-{1}-{2}",
)
_SHORT_FORMS = {
    "Street": "St", "Avenue": "Ave", "Road": "Rd", "Drive": "Dr", "Lane": "Ln", "Boulevard": "Blvd.",
    "Court": "Ct", "Place": "Pl", "North": "N", "South": "S.", "East": "E", "West": "W",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Slips:
    """How often a record departs from the party as it is."""

    nickname: float
    wrong_letter: float
    swapped_names: float
    moved: float
    new_phone: float
    no_email: float


AT_HOME = Slips(nickname=0.06, wrong_letter=0.01, swapped_names=0.0, moved=0.0, new_phone=0.0, no_email=0.0)
ELSEWHERE = Slips(
    nickname=0.35, wrong_letter=0.16, swapped_names=0.03, moved=0.45, new_phone=0.28, no_email=0.25
)


class Counter:
    """One shop's counter. customer() gives the record that it types in."""

    def __init__(self, rng: Random, site: Site, phones: PhoneBook) -> None:
        self._rng = rng
        self._site = site
        self._phones = phones
        self._sources = rng.sample(_SOURCES, 11)

    def customer(self, party: Party, customer_id: str) -> Customer:
        slips = AT_HOME if self._site.key == party.site_keys[0] else ELSEWHERE
        first_name, last_name = self._typed_names(party, slips)
        address = self._typed_address(party, slips)
        return Customer(
            id=customer_id,
            organization_id="",
            shop_id=self._site.key,
            kind=CustomerKind.FLEET if party.is_fleet else CustomerKind.PERSON,
            first_name=first_name,
            last_name=last_name,
            company_name=party.company_name,
            phones=self._typed_phones(party, slips),
            emails=(party.email,) if party.email and not self._slips(slips.no_email) else (),
            billing_address=address,
            service_addresses=self._service_addresses(party, address),
            taxability=Taxability.EXEMPT if party.is_fleet and self._slips(0.25) else Taxability.TAXABLE,
            source="" if self._slips(0.15) else self._rng.choice(self._sources),
            do_not_mail=_STAFF_OPT_OUT if self._slips(0.06) else DoNotMail(),
        )

    def _typed_names(self, party: Party, slips: Slips) -> tuple[str, str]:
        first, last = party.given_name, party.surname
        if party.is_fleet:
            return "", ""
        if self._slips(slips.nickname):
            first = short_for(self._rng, first)
        if self._slips(slips.wrong_letter):
            first, last = (
                (mistyped(self._rng, first), last) if self._slips(0.4) else (first, mistyped(self._rng, last))
            )
        if self._slips(slips.swapped_names):
            first, last = last, first
        upper = self._slips(0.05)
        return (first.upper(), last.upper()) if upper else (first, last)

    def _typed_phones(self, party: Party, slips: Slips) -> tuple[Phone, ...]:
        mobile = self._phones.take(self._site) if self._slips(slips.new_phone) else party.mobile
        numbers = ((mobile, "mobile"), (party.home_phone, "home"), (party.work_phone, "work"))
        return tuple(
            Phone(number=self._in_some_notation(number), label=label) for number, label in numbers if number
        )

    def _in_some_notation(self, number: str) -> str:
        return self._rng.choice(_PHONE_NOTATIONS).format(number[:3], number[3:6], number[6:])

    def _typed_address(self, party: Party, slips: Slips) -> Address:
        address = street_address(self._rng, self._site) if self._slips(slips.moved) else party.address
        if not self._slips(0.4):
            return address
        words = [_SHORT_FORMS.get(word, word) for word in address.line1.split()]
        return replace(address, line1=" ".join(words), line2=address.line2.replace("Apt ", "#"))

    def _service_addresses(self, party: Party, address: Address) -> tuple[ServiceAddress, ...]:
        """The service addresses: none for most (the billing address is the one), two to four for a few
        people and for fleets.
        """
        if not self._slips(0.7 if party.is_fleet else 0.05):
            return ()
        labels = (
            ("Yard", "Depot north", "Depot south", "Office") if party.is_fleet else ("Home", "Work", "Cabin")
        )
        used = labels[: self._rng.randrange(2, len(labels) + 1)]
        places = (address, *(street_address(self._rng, self._site) for _ in used[1:]))
        return tuple(
            ServiceAddress(id=str(number), label=label, address=place)
            for number, (label, place) in enumerate(zip(used, places, strict=True), start=1)
        )

    def _slips(self, chance: float) -> bool:
        return self._rng.random() < chance


_STAFF_OPT_OUT = DoNotMail(by_staff=OptOut(by="staff", at="", how="import"))


def mistyped(rng: Random, name: str) -> str:
    """The name with one edit past its first letter: one left out, doubled, replaced, or two swapped."""
    at = rng.randrange(1, len(name)) if len(name) > 2 else 1
    letter = name[at : at + 1]
    match rng.choice(("drop", "double", "replace", "swap")):
        case "drop":
            return name[:at] + name[at + 1 :]
        case "double":
            return name[:at] + letter + name[at:]
        case "replace":
            return name[:at] + rng.choice("aeinorst") + name[at + 1 :]
        case _:
            return name[:at] + name[at + 1 : at + 2] + letter + name[at + 2 :]
