"""Rows of customers, and what a row makes of the customer that is there."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from crossbay.domain.access import Stamp
from crossbay.domain.address import Address
from crossbay.domain.customer import (
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
from crossbay.domain.limits import LONGEST_PHONE, MOST_ADDRESSES, MOST_EMAILS, MOST_PHONES
from crossbay.domain.opt_out import IMPORT, imported_consent
from crossbay.ids import derived_id, is_derived
from crossbay.imports.cells import LINE, Cells
from crossbay.imports.columns import ADDRESS, EMAILS, PHONES, SERVICE_ADDRESSES


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A service address as a row has it."""

    label: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """None: the file doesn't carry this field. places: in its order. consent: None where it says none."""

    kind: CustomerKind | None
    first_name: str | None
    last_name: str | None
    company_name: str | None
    phones: tuple[Phone, ...] | None
    emails: tuple[str, ...] | None
    billing_address: Address | None
    places: tuple[Place, ...] | None
    taxability: Taxability | None
    source: str | None
    since_on: str | None
    do_not_mail: bool
    consent: MailConsent | None


def read_customer(cells: Cells) -> CustomerRow:
    """The row; what is wrong with it is in `cells.wrong`."""
    return CustomerRow(
        kind=cells.choice("kind", CustomerKind, CustomerKind.PERSON) if cells.has("kind") else None,
        first_name=cells.text("first_name") if cells.has("first_name") else None,
        last_name=cells.text("last_name") if cells.has("last_name") else None,
        company_name=cells.text("company_name", LINE) if cells.has("company_name") else None,
        phones=_phones(cells),
        emails=_emails(cells),
        billing_address=_billing(cells),
        places=_places(cells),
        taxability=(
            cells.choice("taxability", Taxability, Taxability.TAXABLE) if cells.has("taxability") else None
        ),
        source=cells.text("source") if cells.has("source") else None,
        since_on=cells.day("since_on") or None,
        do_not_mail=cells.yes("do_not_mail"),
        consent=_consent(cells),
    )


def merged_customer(before: Customer, row: CustomerRow, imported: Imported, stamp: Stamp) -> Customer:
    """The customer as the row has it, with what the file doesn't carry kept.

    Kept as well: a source set by hand, every opt-out, and service addresses that someone added here.
    """
    names = {field.name for field in fields(CustomerRow)} - {"places", "source", "do_not_mail", "consent"}
    given: dict[str, Any] = {name: value for name in names if (value := getattr(row, name)) is not None}
    if row.source is not None and not before.source_set_by_hand:
        given["source"] = row.source
    given["do_not_mail"] = _stricter(before.do_not_mail, row, stamp)
    told = row.consent and replace(row.consent, by=stamp.by, at=stamp.at, how=IMPORT)
    given["consent"] = imported_consent(before.consent, told)
    after = replace(before, **given, imported=imported)
    if after.kind is CustomerKind.PERSON:
        after = replace(after, fleet_id="")
    return replace(after, service_addresses=_service_addresses(after, row.places))


def _stricter(flags: DoNotMail, row: CustomerRow, stamp: Stamp) -> DoNotMail:
    if not row.do_not_mail or flags.by_staff is not None:
        return flags
    return replace(flags, by_staff=OptOut(by=stamp.by, at=stamp.at, how=IMPORT))


def _service_addresses(customer: Customer, places: Sequence[Place] | None) -> tuple[ServiceAddress, ...]:
    """The row's places under the ids they have already: by content first, then by position."""
    here = customer.service_addresses
    if places is None and here:
        return here
    places = places or (Place(label="", address=customer.billing_address),)
    ours = [address for address in here if is_derived(address.id)]
    found: dict[int, str] = {}
    free = list(ours)
    for at, place in enumerate(places):
        same = next((one for one in free if one.address == place.address), None)
        if same is not None:
            found[at] = same.id
            free.remove(same)
    for at in range(len(places)):
        if at not in found and at < len(ours) and ours[at] in free:
            found[at] = ours[at].id
            free.remove(ours[at])
    taken = {address.id for address in here}
    imported = []
    for at, place in enumerate(places):
        address_id = found.get(at) or _new_address_id(customer.id, taken)
        taken.add(address_id)
        imported.append(ServiceAddress(id=address_id, address=place.address, label=place.label))
    return (*imported, *(address for address in here if not is_derived(address.id)))


def _new_address_id(customer_id: str, taken: set[str]) -> str:
    ids = (derived_id("service address", customer_id, str(n)) for n in range(len(taken) + 1))
    return next(address_id for address_id in ids if address_id not in taken)


def _consent(cells: Cells) -> MailConsent | None:
    """What the row says; a day without a basis is a mistake, as it can't be told what it is about."""
    given_on, ends_on = cells.day("consent_given_on"), cells.day("consent_ends_on")
    if not cells.text("consent"):
        for name, day in (("consent_given_on", given_on), ("consent_ends_on", ends_on)):
            if day:
                cells.refuse(name, "needs a `consent` beside it")
        return None
    basis = cells.choice("consent", ConsentBasis)
    if basis is None:
        return None
    if basis is ConsentBasis.NONE and ends_on:
        cells.refuse("consent_ends_on", "can't stand with `none`, which has no end")
    if given_on and ends_on and ends_on < given_on:
        cells.refuse("consent_ends_on", "is before consent_given_on")
    return MailConsent(basis=basis, given_on=given_on, ends_on=ends_on)


def _phones(cells: Cells) -> tuple[Phone, ...] | None:
    if cells.has("phones"):
        found = [
            Phone(number=phone.text("number", LONGEST_PHONE, required=True), label=phone.text("label"))
            for phone in cells.objects("phones", MOST_PHONES)
        ]
    elif cells.has(*(f"phone_{n}" for n in range(1, PHONES + 1))):
        found = [
            Phone(number=cells.text(f"phone_{n}", LONGEST_PHONE), label=cells.text(f"phone_{n}_label"))
            for n in range(1, PHONES + 1)
        ]
    else:
        return None
    return tuple(phone for phone in found if phone.number)


def _emails(cells: Cells) -> tuple[str, ...] | None:
    if cells.has("emails"):
        listed = cells.listed("emails", MOST_EMAILS)
        found = [listed.email(name) for name in listed.values]
    elif cells.has(*(f"email_{n}" for n in range(1, EMAILS + 1))):
        found = [cells.email(f"email_{n}") for n in range(1, EMAILS + 1)]
    else:
        return None
    return tuple(email for email in found if email)


def _billing(cells: Cells) -> Address | None:
    if cells.has("billing_address"):
        return _address(cells.inner("billing_address"), "")
    if cells.has(*(f"billing_{name}" for name in ADDRESS)):
        return _address(cells, "billing_")
    return None


def _places(cells: Cells) -> tuple[Place, ...] | None:
    if cells.has("service_addresses"):
        found = [
            Place(label=inner.text("label"), address=_address(inner, ""))
            for inner in cells.objects("service_addresses", MOST_ADDRESSES)
        ]
    elif cells.has(*(f"service_{n}_{name}" for n in range(1, SERVICE_ADDRESSES + 1) for name in ADDRESS)):
        found = [
            Place(label=cells.text(f"service_{n}_label"), address=_address(cells, f"service_{n}_"))
            for n in range(1, SERVICE_ADDRESSES + 1)
        ]
    else:
        return None
    return tuple(place for place in found if place.address != Address())


def _address(cells: Cells, prefix: str) -> Address:
    country = cells.text(f"{prefix}country").upper()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        cells.refuse(f"{prefix}country", "isn't a country code of two letters such as US")
    lines = {name: cells.text(f"{prefix}{name}", LINE) for name in ("line1", "line2")}
    others = {name: cells.text(f"{prefix}{name}") for name in ("city", "region", "postal_code")}
    return Address(**lines, **others, country=country)
