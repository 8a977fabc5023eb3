"""What fleet users see: their fleets' customers in every shop, with each of their cases (K7), and no more."""

from collections.abc import Sequence
from dataclasses import dataclass

from crossbay.app.contacts import contacts
from crossbay.domain.access import Caller
from crossbay.domain.cases.case import Case
from crossbay.domain.contacts.contact import Contact, ContactKind
from crossbay.domain.customers.customer import Customer, CustomerKind, CustomerRef
from crossbay.errors import NotFound
from crossbay.store.cases import cases
from crossbay.store.customers import customers as store
from crossbay.store.customers import fleets
from crossbay.store.full_pages import MOST_READS
from crossbay.store.reads import Position, Reads


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPosition:
    """Where a page of customers ended: within this fleet, or before it where `after` is None."""

    fleet_id: str
    after: Position | None = None


def list_customers(
    reads: Reads, caller: Caller, *, limit: int, start: CustomerPosition | None = None
) -> tuple[tuple[Customer, ...], CustomerPosition | None]:
    """A page of the customers of the caller's fleets, fleet by fleet, and where the next starts."""
    left = [one for one in sorted(caller.member.fleet_ids) if start is None or one >= start.fleet_id]
    found: list[Customer] = []
    after = start.after if start and left and left[0] == start.fleet_id else None
    for number, fleet_id in enumerate(left):
        page, after = fleets.list_customers(
            reads, caller.organization.id, fleet_id, limit=limit - len(found), after=after
        )
        found += [customer for customer in page if is_own(caller, customer)]
        if after is not None:
            return tuple(found), CustomerPosition(fleet_id=fleet_id, after=after)
        if len(found) == limit and number + 1 < len(left):
            return tuple(found), CustomerPosition(fleet_id=left[number + 1])
    return tuple(found), None


def list_cases(
    reads: Reads, caller: Caller, *, limit: int, before: str = ""
) -> tuple[tuple[tuple[Case, Customer], ...], str]:
    """A page of the cases of the caller's fleets with their customers, opened last first.

    before: what the page before gave back; empty when there is no more.
    """
    fleet_ids = sorted(caller.member.fleet_ids)
    found: list[tuple[Case, Customer]] = []
    for _ in range(MOST_READS):
        page, before = cases.list_of_fleets(
            reads, caller.organization.id, fleet_ids, limit=limit - len(found), before=before
        )
        found += _with_own_customers(reads, caller, page)
        if not before or len(found) == limit:
            break
    return tuple(found), before


def read_case(reads: Reads, caller: Caller, shop_id: str, case_id: str) -> tuple[Case, Customer]:
    """Raises NotFound, also for a case of another fleet's customer."""
    case = cases.read_case(reads, caller.shop_ref(shop_id), case_id)
    found = _with_own_customers(reads, caller, [case])
    if not found:
        raise NotFound("case")
    return found[0]


def read_customer(reads: Reads, caller: Caller, ref: CustomerRef) -> Customer:
    """Raises NotFound, also for another fleet's."""
    customer = store.read_customer(reads, caller.organization.id, ref)
    if not is_own(caller, customer):
        raise NotFound("customer")
    return customer


def list_contacts(reads: Reads, organization_id: str, owner: CustomerRef) -> tuple[Contact, ...]:
    """The customer's contacts that its fleet looks after and that stand for themselves, the oldest first."""
    found = contacts.contacts_of_customer(reads, organization_id, owner)
    return tuple(one for one in found if one.kind is ContactKind.FLEET and one.is_offered)


def read_contact(reads: Reads, organization_id: str, owner: CustomerRef, contact_id: str) -> Contact:
    """Raises NotFound, also for one that the shop looks after."""
    contact = contacts.read(reads, organization_id, owner, contact_id)
    if contact.kind is not ContactKind.FLEET:
        raise NotFound("contact")
    return contact


def is_own(caller: Caller, customer: Customer) -> bool:
    """Whether the customer is one of the caller's fleets."""
    return customer.kind is CustomerKind.FLEET and customer.fleet_id in caller.member.fleet_ids


def _with_own_customers(
    reads: Reads, caller: Caller, found: Sequence[Case]
) -> tuple[tuple[Case, Customer], ...]:
    """Each case of the caller's fleets with its customer: a case's own mark may be of a moment ago."""
    refs = {case.id: CustomerRef.of(case) for case in found}
    customers = store.living_customers(reads, caller.organization.id, refs.values())
    pairs = ((case, customers.get(refs[case.id])) for case in found)
    return tuple((case, customer) for case, customer in pairs if customer and is_own(caller, customer))
