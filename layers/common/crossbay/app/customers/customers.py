"""Customers and their addresses: created after a look for duplicates, changed, deleted (S13, S23, S24)."""

from collections.abc import Callable
from dataclasses import replace

from crossbay.app.campaigns.stops.address_stops import put_do_not_mail
from crossbay.app.cases.cases import move_cases, put_fleet_of_cases
from crossbay.app.contacts.contacts import hand_contacts_over
from crossbay.app.customers.fleets import check_fleet_of
from crossbay.app.links.candidates import find_duplicates
from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Caller, Stamp
from crossbay.domain.calendar import still_to_come
from crossbay.domain.customers.customer import (
    Customer,
    CustomerKind,
    CustomerRef,
    MailConsent,
    OptOut,
    Phone,
    ServiceAddress,
)
from crossbay.domain.customers.opt_out import STAFF, consent_mistakes, stricter_flags
from crossbay.domain.email import normalize_email
from crossbay.domain.limits import MOST_ADDRESSES
from crossbay.domain.organization import Shop
from crossbay.domain.phone import normalize_phone
from crossbay.errors import BadInput, Conflict, LikelyDuplicate, NotFound, Stale
from crossbay.ids import new_id
from crossbay.matching.record import record_of
from crossbay.matching.traces import traces
from crossbay.store.customers.customers import CustomerFile, read_file, save_file
from crossbay.store.customers.newcomers import put_markers, read_markers
from crossbay.store.idempotency import remember
from crossbay.store.organizations import read_shop
from crossbay.store.privacy.erased import find_erased, put_asked_again
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

Edit = Callable[[Customer], Customer]


@again_when_contended
def create(reads: Reads, caller: Caller, draft: Customer, *, insist: bool, stamp: Stamp) -> Customer:
    """Create the drafted customer (without id) in its shop.

    Raises LikelyDuplicate with the customers of the organization's shops that this may be, unless `insist`.
    Of several alike at once one is created, and the others know it.
    Someone who was erased or deleted here may come again; the opt-out of then stands.
    """
    shop = read_shop(reads, caller.shop_ref(draft.shop_id))
    draft = replace(draft, id=new_id(), organization_id=caller.organization.id)
    customer = normalized(draft, shop, stamp.at)
    erased = find_erased(reads, customer)
    customer = replace(customer, do_not_mail=stricter_flags(customer.do_not_mail, erased.do_not_mail))
    check_fleet_of(reads, customer)
    file = CustomerFile(customer=customer)
    markers = read_markers(reads, caller.organization.id, traces(record_of(customer)))
    if not insist and (duplicates := find_duplicates(reads, caller, file, markers.newcomers)):
        raise LikelyDuplicate(
            "Customers like this exist already. Choose one of them, or create another with `insist`.",
            candidates=duplicates,
        )
    transaction = Transaction()
    remember(transaction, stamp.mark, customer.id)
    put_asked_again(transaction, erased, at=stamp.at)
    put_do_not_mail(transaction, reads, None, customer, stamp=stamp)
    ref = CustomerRef(shop_id=customer.shop_id, customer_id=customer.id)
    put_markers(transaction, markers, ref, at=stamp.at, is_asked=insist)
    return save_file(None, file, stamp=stamp, also=transaction).customer


@again_when_contended
def change(
    reads: Reads,
    organization_id: str,
    ref: CustomerRef,
    edit: Edit,
    *,
    version: int,
    stamp: Stamp,
) -> Customer:
    """Save the customer as `edit` makes it; nothing else changes (S13) but what follows it to its fleet.

    Raises Stale unless the customer stands at `version`.
    """
    before = read_file(reads, organization_id, ref)
    if before.customer.version != version:
        raise Stale("customer")
    shop = read_shop(reads, ref.shop_ref(organization_id))
    after = replace(
        before, customer=normalized(edit(before.customer), shop, stamp.at, before=before.customer)
    )
    transaction = Transaction()
    old, new = before.customer, after.customer
    moves = (old.kind, old.fleet_id) != (new.kind, new.fleet_id)
    if moves:
        check_fleet_of(reads, new)
        put_fleet_of_cases(transaction, reads, new, stamp=stamp)
        hand_contacts_over(reads, old, stamp=stamp)
    remember(transaction, stamp.mark, ref.customer_id)
    put_do_not_mail(transaction, reads, old, new, stamp=stamp)
    saved = save_file(before, after, stamp=stamp, also=transaction).customer
    if moves:
        move_cases(reads, saved, stamp=stamp)
    return saved


def with_address(address: ServiceAddress) -> Edit:
    """Adds the service address as the last. Raises Conflict where the customer has as many as it may."""

    def edit(customer: Customer) -> Customer:
        if len(customer.service_addresses) >= MOST_ADDRESSES:
            raise Conflict(f"A customer has {MOST_ADDRESSES} service addresses at most. Take one away first.")
        return replace(customer, service_addresses=(*customer.service_addresses, address))

    return edit


def with_replaced_address(address: ServiceAddress) -> Edit:
    """Puts the service address in the place of the one of its id. Raises NotFound when there is none."""

    def edit(customer: Customer) -> Customer:
        if all(old.id != address.id for old in customer.service_addresses):
            raise NotFound("service address")
        changed = tuple(address if old.id == address.id else old for old in customer.service_addresses)
        return replace(customer, service_addresses=changed)

    return edit


def without_address(address_id: str) -> Edit:
    """Takes the service address away. Raises NotFound where it isn't there, Conflict for the last."""

    def edit(customer: Customer) -> Customer:
        left = tuple(address for address in customer.service_addresses if address.id != address_id)
        if len(left) == len(customer.service_addresses):
            raise NotFound("service address")
        if not left:
            raise Conflict("A customer keeps at least one service address. Add another first.")
        return replace(customer, service_addresses=left)

    return edit


def staff_do_not_mail(is_set: bool, stamp: Stamp) -> Edit:
    """Sets or lifts staff's own flag; the customer's own stays as it is (C9)."""

    def edit(customer: Customer) -> Customer:
        by_staff = customer.do_not_mail.by_staff
        set_by_staff = by_staff or OptOut(by=stamp.by, at=stamp.at, how=STAFF)
        flags = replace(customer.do_not_mail, by_staff=set_by_staff if is_set else None)
        return replace(customer, do_not_mail=flags)

    return edit


def noted_consent(consent: MailConsent | None, shop: Shop, stamp: Stamp) -> Edit:
    """Notes the consent in the place of what was noted. Raises BadInput for one that can't mean anything."""
    if wrong := consent_mistakes(consent, today=shop.day_of(stamp.at)):
        raise BadInput("This consent can't be noted like this.", fields=wrong)
    noted = consent and replace(consent, by=stamp.by, at=stamp.at, how=STAFF)
    return lambda customer: replace(customer, consent=noted)


def normalized(customer: Customer, shop: Shop, at: str, *, before: Customer | None = None) -> Customer:
    """The customer with phones and e-mails in one notation, and since when: today where nothing is said.

    at: UTC now. before: the customer as it stands; what is stored never refuses a change to something else.
    Raises BadInput with a reason for each field.
    """
    wrong: dict[str, str] = {}
    is_new_day = before is None or customer.since_on != before.since_on
    if is_new_day and (why := still_to_come(customer.since_on, shop.day_of(at))):
        wrong["since_on"] = why
    if before is None or _names(customer) != _names(before):
        if customer.kind is CustomerKind.FLEET and not customer.company_name:
            wrong["company_name"] = "a fleet needs a company name"
        if not customer.display_name:
            wrong["last_name"] = "a customer needs a first name, a last name or a company name"
    stored = before.emails if before else ()
    emails: list[str] = []
    for number, email in enumerate(customer.emails):
        try:
            emails.append(email if email in stored else normalize_email(email))
        except ValueError as error:
            wrong[f"emails.{number}"] = str(error)
    if wrong:
        raise BadInput("Some fields can't be saved like this.", fields=wrong)
    phones = (Phone(number=normalize_phone(p.number, shop.country), label=p.label) for p in customer.phones)
    return replace(
        customer,
        phones=tuple(dict.fromkeys(phones)),
        emails=tuple(dict.fromkeys(emails)),
        since_on=customer.since_on or shop.day_of(customer.created_at or at),
    )


def _names(customer: Customer) -> tuple[str, ...]:
    return (customer.kind, customer.first_name, customer.last_name, customer.company_name)
