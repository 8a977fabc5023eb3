"""Rows of customers, and what a row makes of the customer that is there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from crossbay.domain.access import Stamp
from crossbay.domain.address import Address
from crossbay.domain.customers.customer import (
    ConsentBasis,
    Customer,
    CustomerKind,
    DoNotMail,
    Imported,
    MailConsent,
    OptOut,
    Phone,
    ServiceAddress,
    Taxability,
)
from crossbay.domain.customers.opt_out import IMPORT, imported_consent
from crossbay.domain.limits import LINE, LONGEST_PHONE, MOST_ADDRESSES, MOST_EMAILS, MOST_PHONES, SHORT
from crossbay.ids import derived_id, is_derived
from crossbay.imports.cells.phones import PhoneCell, label_of, read_phones
from crossbay.imports.cells.postal import country_code, read_postal_code
from crossbay.imports.cells.row import Cells
from crossbay.imports.cells.words import is_nobodys_name, is_nothing
from crossbay.imports.columns import ADDRESS, EMAILS, PHONES, SERVICE_ADDRESSES

_TOO_MANY = "has more than {}: the first were taken"
_PLAIN = ("kind", "first_name", "last_name", "company_name", "taxability", "since_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAddress:
    """An address as a row has it. at: its place among the service addresses of the row, from 0.

    left: the parts that were left out.
    """

    address: Address = Address()
    label: str = ""
    at: int = 0
    left: frozenset[str] = frozenset()

    def beside(self, stands: Address) -> Address:
        """The address, or the one that stands where they differ in nothing but what was left out."""
        return stands if self.is_of(stands) else self.address

    @property
    def is_left_out(self) -> bool:
        return self.address == Address() and bool(self.left)

    def is_of(self, stands: Address) -> bool:
        return replace(stands, **dict.fromkeys(self.left, "")) == self.address


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """A customer as a row has it. None: the file doesn't carry this field, or it was left out. places: in
    its order. consent: None where it says none.

    phones_left, emails_left: something in those cells was left out, so what is on file stays behind the rest.
    """

    kind: CustomerKind | None
    first_name: str | None
    last_name: str | None
    company_name: str | None
    phones: tuple[Phone, ...] | None
    emails: tuple[str, ...] | None
    billing: RowAddress | None
    places: tuple[RowAddress, ...] | None
    taxability: Taxability | None
    source: str | None
    since_on: str | None
    do_not_mail: bool
    consent: MailConsent | None
    phones_left: bool = False
    emails_left: bool = False


def read_customer(cells: Cells) -> CustomerRow:
    """The row; what is wrong with it is in `cells.wrong`, what was left out in `cells.warned`."""
    phones, phones_left = _phones(cells)
    emails, emails_left = _emails(cells)
    kind = cells.choice("kind", CustomerKind, CustomerKind.PERSON)
    taxability = cells.choice("taxability", Taxability, Taxability.TAXABLE)
    source = cells.text("source")
    return CustomerRow(
        kind=kind if cells.gives("kind") else None,
        first_name=_name(cells, "first_name", beside="last_name"),
        last_name=_name(cells, "last_name", beside="first_name"),
        company_name=cells.text("company_name", LINE) if cells.has("company_name") else None,
        phones=phones,
        emails=emails,
        billing=_billing(cells),
        places=_places(cells),
        taxability=taxability if cells.gives("taxability") else None,
        source=source if cells.gives("source") else None,
        since_on=cells.past_day("since_on") or None,
        do_not_mail=cells.yes("do_not_mail"),
        consent=_consent(cells),
        phones_left=phones_left,
        emails_left=emails_left,
    )


def checked_kind(customer: Customer, before: Customer, cells: Cells) -> Customer:
    """The customer as a fleet only where it has a company name; without any it keeps the names it had."""
    if not customer.display_name and before.display_name:
        names = ("first_name", "last_name", "company_name")
        cells.leave_out("last_name", "is empty, and so is every other name: the names on file were kept")
        customer = replace(customer, **{name: getattr(before, name) for name in names})
    if customer.kind is not CustomerKind.FLEET or customer.company_name:
        return customer
    if before.company_name:
        cells.leave_out("company_name", "is what a fleet is called by, so it was kept")
        return replace(customer, company_name=before.company_name)
    cells.leave_out("kind", "is fleet, which needs a company_name")
    return replace(customer, kind=CustomerKind.PERSON)


def merged_customer(before: Customer, row: CustomerRow, imported: Imported, stamp: Stamp) -> Customer:
    """The customer as the row has it, with what the file doesn't carry or couldn't tell kept.

    Kept as well: a source set by hand, every opt-out, and service addresses that someone added here.
    """
    given: dict[str, Any] = {name: value for name in _PLAIN if (value := getattr(row, name)) is not None}
    if row.billing is not None:
        given["billing_address"] = row.billing.beside(before.billing_address)
    if row.phones is not None:
        numbers = {phone.number for phone in row.phones}
        kept = [phone for phone in before.phones if row.phones_left and phone.number not in numbers]
        given["phones"] = (*row.phones, *kept)[:MOST_PHONES]
    if row.emails is not None:
        on_file = before.emails if row.emails_left else ()
        given["emails"] = tuple(dict.fromkeys((*row.emails, *on_file)))[:MOST_EMAILS]
    if row.source is not None and not before.source_set_by_hand:
        given["source"] = row.source
    given["do_not_mail"] = _stricter(before.do_not_mail, row, stamp)
    told = row.consent and replace(row.consent, by=stamp.by, at=stamp.at, how=IMPORT)
    given["consent"] = imported_consent(before.consent, told)
    was_at = before.imported.addresses if before.imported else ()
    imported = replace(imported, addresses=was_at)
    after = replace(before, **given, imported=imported)
    if after.kind is CustomerKind.PERSON:
        after = replace(after, fleet_id="")
    places = row.places
    if places is None and after.service_addresses:
        return after
    placed = _placed(after, places or ()) or _placed(after, (RowAddress(address=after.billing_address),))
    by_place = {place.at: address.id for place, address in placed}
    added_here = (address for address in before.service_addresses if not is_derived(address.id))
    addresses = tuple(by_place.get(at, "") for at in range(max(by_place) + 1))
    return replace(
        after,
        service_addresses=(*(address for _, address in placed), *added_here),
        imported=replace(imported, addresses=addresses),
    )


def _stricter(flags: DoNotMail, row: CustomerRow, stamp: Stamp) -> DoNotMail:
    if not row.do_not_mail or flags.by_staff is not None:
        return flags
    return replace(flags, by_staff=OptOut(by=stamp.by, at=stamp.at, how=IMPORT))


def _placed(customer: Customer, places: Sequence[RowAddress]) -> list[tuple[RowAddress, ServiceAddress]]:
    """The row's places under the ids they have already: by content first, then by their place in the row."""
    stand = {one.id: one for one in customer.service_addresses if is_derived(one.id)}
    at_places = dict(enumerate(customer.imported.addresses if customer.imported else ())) or {
        place.at: address_id for place, address_id in zip(places, stand, strict=False)
    }
    free, found = dict(stand), dict[int, ServiceAddress]()
    for place in places:
        if place.is_left_out:
            continue
        same = next((one for one in free.values() if place.is_of(one.address)), None)
        if same is not None:
            found[place.at] = free.pop(same.id)
    for place in places:
        if place.at not in found and (here := free.pop(at_places.get(place.at, ""), None)):
            found[place.at] = here
    taken = {address.id for address in customer.service_addresses}
    placed = []
    for place in places:
        if place.is_left_out:
            placed += [(place, found[place.at])] if place.at in found else []
            continue
        stands = found.get(place.at) or ServiceAddress(
            id=_new_address_id(customer.id, taken), address=Address()
        )
        taken.add(stands.id)
        placed.append((place, replace(stands, address=place.beside(stands.address), label=place.label)))
    return placed


def _new_address_id(customer_id: str, taken: set[str]) -> str:
    ids = (derived_id("service address", customer_id, str(n)) for n in range(len(taken) + 1))
    return next(address_id for address_id in ids if address_id not in taken)


def _name(cells: Cells, name: str, *, beside: str) -> str | None:
    """A name of a person, who may be called Null."""
    if not cells.has(name):
        return None
    text = cells.raw(name)
    if is_nothing(text) and not is_nobodys_name(text, cells.raw(beside)):
        return text
    return cells.text(name)


def _consent(cells: Cells) -> MailConsent | None:
    """What the row says: all of it or nothing, as half of it could say more than was meant."""
    basis = cells.choice("consent", ConsentBasis)
    given_on, ends_on = cells.past_day("consent_given_on"), cells.coming_day("consent_ends_on")
    if basis is None:
        for name, day in (("consent_given_on", given_on), ("consent_ends_on", ends_on)):
            if day:
                cells.leave_out(name, "needs a `consent` beside it")
        return None
    if basis is ConsentBasis.NONE:
        if ends_on:
            cells.leave_out("consent_ends_on", "can't stand with `none`, which has no end")
        return MailConsent(basis=basis, given_on=given_on)
    if not cells.gives("consent_given_on", "consent_ends_on") and cells.has(
        "consent_given_on", "consent_ends_on"
    ):
        cells.leave_out("consent", "can't be told without its days")
        return None
    if given_on and ends_on and ends_on < given_on:
        cells.leave_out("consent_ends_on", "is before consent_given_on")
        cells.leave_out("consent", "can't be told without its days")
        return None
    return MailConsent(basis=basis, given_on=given_on, ends_on=ends_on)


def _phones(cells: Cells) -> tuple[tuple[Phone, ...] | None, bool]:
    """The numbers of all cells, None where the file has none; and whether something was left out."""
    found: list[Phone] = []
    numbered = [f"phone_{n}" for n in range(1, PHONES + 1)]
    if cells.has("phones"):
        entries = cells.entries("phones", MOST_PHONES, "number")
        for entry in entries:
            found += _numbers(entry, "number", "label")
        is_whole = cells.gives("phones") and all(entry.gives("number") for entry in entries)
    elif cells.has(*numbered):
        for name in numbered:
            found += _numbers(cells, name, f"{name}_label")
        is_whole = cells.gives(*numbered)
    else:
        return None, False
    if len(found) > MOST_PHONES:
        cells.warn("phones" if cells.has("phones") else numbered[0], _TOO_MANY.format(MOST_PHONES))
    unlike = {phone.number: phone for phone in reversed(found)}
    return tuple(unlike.values())[::-1][:MOST_PHONES], not is_whole


def _numbers(cells: Cells, name: str, label_name: str) -> list[Phone]:
    """The numbers in a cell, the label of the first with what stood beside it."""
    label = cells.text(label_name)
    cell = read_phones(cells.plain(name), cells.customs.country) if cells.plain(name) else PhoneCell()
    if cell.left:
        cells.leave_out(name, cell.left)
    labels = [label_of("" if at else label, phone.remark) for at, phone in enumerate(cell.phones)]
    if any(len(one) > SHORT for one in labels):
        cells.warn(name, f"has a remark of more than {SHORT} characters: it was cut")
    return [
        Phone(number=phone.number[:LONGEST_PHONE], label=one[:SHORT].strip())
        for phone, one in zip(cell.phones, labels, strict=True)
    ]


def _emails(cells: Cells) -> tuple[tuple[str, ...] | None, bool]:
    """The addresses of all cells, None where the file has none; and whether something was left out."""
    names = [f"email_{n}" for n in range(1, EMAILS + 1)]
    if cells.has("emails"):
        listed = cells.listed("emails", MOST_EMAILS)
        found = [email for name in listed.values for email in listed.emails(name)]
        is_whole = cells.gives("emails") and all(listed.gives(name) for name in listed.values)
    elif cells.has(*names):
        found = [email for name in names for email in cells.emails(name)]
        is_whole = cells.gives(*names)
    else:
        return None, False
    unlike = tuple(dict.fromkeys(found))
    if len(unlike) > MOST_EMAILS:
        cells.warn("emails" if cells.has("emails") else names[0], _TOO_MANY.format(MOST_EMAILS))
    return unlike[:MOST_EMAILS], not is_whole


def _billing(cells: Cells) -> RowAddress | None:
    if cells.has("billing_address"):
        place = _place(cells.inner("billing_address"), "")
        return place if cells.gives("billing_address") else None
    if cells.has(*(f"billing_{name}" for name in ADDRESS)):
        return _place(cells, "billing_")
    return None


def _places(cells: Cells) -> tuple[RowAddress, ...] | None:
    if cells.has("service_addresses"):
        found = [
            replace(_place(inner, ""), label=inner.text("label"), at=inner.entry)
            for inner in cells.objects("service_addresses", MOST_ADDRESSES)[:MOST_ADDRESSES]
        ]
        if not found and not cells.gives("service_addresses"):
            return None
        found += [_unread(at) for at in range(max((place.at for place in found), default=0))]
    elif cells.has(*(f"service_{n}_{name}" for n in range(1, SERVICE_ADDRESSES + 1) for name in ADDRESS)):
        found = [
            replace(_place(cells, f"service_{at + 1}_"), label=cells.text(f"service_{at + 1}_label"), at=at)
            for at in range(SERVICE_ADDRESSES)
        ]
    else:
        return None
    by_place = {place.at: place for place in reversed(found)}
    return tuple(one for _, one in sorted(by_place.items()) if one.address != Address() or one.left)


def _unread(at: int) -> RowAddress:
    """What stands in place of an entry that couldn't be read; one that could goes before."""
    return RowAddress(at=at, left=frozenset(ADDRESS))


def _place(cells: Cells, prefix: str) -> RowAddress:
    lines = {name: cells.text(f"{prefix}{name}", LINE) for name in ("line1", "line2")}
    others = {name: cells.text(f"{prefix}{name}") for name in ("city", "region")}
    country = _country(cells, f"{prefix}country")
    postal = read_postal_code(
        cells.text(f"{prefix}postal_code"), others["region"], country or cells.customs.country
    )
    if postal.left:
        cells.leave_out(f"{prefix}postal_code", postal.left)
    elif postal.mended:
        cells.warn(f"{prefix}postal_code", postal.mended)
    return RowAddress(
        address=Address(**lines, **others, postal_code=postal.code, country=country),
        left=frozenset(
            name for name in ADDRESS if not cells.gives(f"{prefix}{name}") and cells.has(f"{prefix}{name}")
        ),
    )


def _country(cells: Cells, name: str) -> str:
    text = cells.plain(name)
    found = country_code(text) if text else ""
    if text and not found:
        cells.leave_out(name, "isn't a country code of two letters such as US")
    return found
