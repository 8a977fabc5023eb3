"""Cases: opened, assigned, changed, closed and opened again (K5), with their one-time contacts (K6)."""

from collections.abc import Callable
from dataclasses import replace

from crossbay.app.retry import again_when_contended
from crossbay.app.service_addresses import known_address
from crossbay.domain.access import ALLOWED, Action, Stamp
from crossbay.domain.cases.case import Case, CaseStatus, OneTimeContact
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.email import normalize_email
from crossbay.domain.organization import Member, ShopRef
from crossbay.errors import BadInput, Conflict, Contended, NotFound, Stale
from crossbay.ids import new_id
from crossbay.store import keys
from crossbay.store.cases import cases as store
from crossbay.store.customers.customers import read_customer, read_file
from crossbay.store.idempotency import remember, remember_unchanged
from crossbay.store.organizations import list_members
from crossbay.store.reads import Position, Reads
from crossbay.store.transaction import Transaction
from crossbay.store.work.repair_orders import read_order_of

Edit = Callable[[Case], Case]

MOST_ONE_TIME_CONTACTS = 50
_MOST_MOVED = 30
"""Cases that follow their customer to another fleet in its own transaction; others are written before."""


@again_when_contended
def open_case(reads: Reads, organization_id: str, draft: Case, *, stamp: Stamp) -> Case:
    """Open the drafted case (without id) of the customer it names.

    Raises NotFound for a customer the shop doesn't have, for a vehicle, address or repair order that isn't
    this customer's, and for an assignee who is no member; BadInput for one who can't work in the shop.
    """
    draft = replace(draft, id=new_id(), organization_id=organization_id)
    customer = read_customer(reads, organization_id, CustomerRef.of(draft))
    case = _checked(reads, None, draft)
    case = replace(case, fleet_id=customer.fleet_id, opened_by=stamp.by, opened_at=stamp.at)
    transaction = Transaction()
    key = keys.customer(organization_id, CustomerRef.of(case))
    transaction.require_version(key, customer.version, refusal=Contended(f"customer {customer.id}"))
    saved = store.put_case(transaction, None, case, what="opened", stamp=stamp)
    remember(transaction, stamp.mark, saved.id)
    transaction.commit()
    return saved


@again_when_contended
def change_case(
    reads: Reads, shop_ref: ShopRef, case_id: str, edit: Edit, *, version: int, stamp: Stamp
) -> Case:
    """Save the case as `edit` makes it. Raises Stale unless it stands at `version`, and like `open_case`."""
    before = store.read_case(reads, shop_ref, case_id)
    if before.version != version:
        raise Stale("case")
    transaction = Transaction()
    after = _checked(reads, before, edit(before))
    saved = store.put_case(transaction, before, after, what="changed", stamp=stamp)
    remember(transaction, stamp.mark, case_id)
    transaction.commit()
    return saved


@again_when_contended
def set_status(reads: Reads, shop_ref: ShopRef, case_id: str, status: CaseStatus, *, stamp: Stamp) -> Case:
    """Close the case, or open it again; one that stands like that already stays as it is.

    Raises Conflict for one to be opened again whose customer was deleted.
    """
    before = store.read_case(reads, shop_ref, case_id)
    if before.status is status:
        remember_unchanged(stamp.mark, case_id)
        return before
    closing = status is CaseStatus.CLOSED
    if not closing:
        _require_customer(reads, before)
    by, at = (stamp.by, stamp.at) if closing else ("", "")
    after = replace(before, status=status, closed_by=by, closed_at=at)
    transaction = Transaction()
    what = "closed" if closing else "reopened"
    moved = Contended(f"case {case_id}")
    saved = store.put_case(transaction, before, after, what=what, stamp=stamp, refusal=moved)
    remember(transaction, stamp.mark, case_id)
    transaction.commit()
    return saved


def _require_customer(reads: Reads, case: Case) -> None:
    """Raises Conflict for a case whose customer was deleted."""
    try:
        read_customer(reads, case.organization_id, CustomerRef.of(case))
    except NotFound as error:
        raise Conflict("The customer of this case was deleted, so it stays closed.") from error


def with_one_time_contact(contact: OneTimeContact) -> Edit:
    """Adds someone to write to in this case. Raises Conflict in a closed one."""

    def edit(case: Case) -> Case:
        if not case.is_open:
            raise Conflict("This case is closed. Open it again to add someone.")
        return replace(case, one_time_contacts=(*case.one_time_contacts, contact))

    return edit


def without_one_time_contact(contact_id: str) -> Edit:
    """Takes a one-time contact out. Raises NotFound where the case has none of that id."""

    def edit(case: Case) -> Case:
        left = tuple(contact for contact in case.one_time_contacts if contact.id != contact_id)
        if len(left) == len(case.one_time_contacts):
            raise NotFound("one-time contact of this case")
        return replace(case, one_time_contacts=left)

    return edit


def list_unattended(
    reads: Reads, shop_ref: ShopRef, *, limit: int, after: Position | None = None
) -> tuple[tuple[Case, ...], Position | None]:
    """A page of open cases that no assignee can write in any more, and where the next starts (None: no more).

    Those whose assignees were removed, or work elsewhere now; those that never had one, too. A page is full
    while there is more.
    """
    able = {one.id for one in assignable_members(reads, shop_ref)}
    found: list[Case] = []
    while True:
        page, after = store.list_by_status(
            reads, shop_ref, CaseStatus.OPEN, limit=limit - len(found), after=after
        )
        found += (case for case in page if able.isdisjoint(case.assignee_ids))
        if after is None or len(found) == limit:
            return tuple(found), after


def assignable_members(reads: Reads, shop_ref: ShopRef) -> tuple[Member, ...]:
    """Who can be assigned to cases of the shop: members who work there and may write in cases."""
    return tuple(
        one
        for one in list_members(reads, shop_ref.organization_id)
        if _can_be_assigned(one, shop_ref.shop_id)
    )


def put_fleet_of_cases(transaction: Transaction, reads: Reads, customer: Customer, *, stamp: Stamp) -> None:
    """The customer's cases follow it to its fleet: its users find them from then on, and the old one's don't.

    What doesn't fit into the transaction is written before it. Refuses with Contended.
    """
    ref = CustomerRef(shop_id=customer.shop_id, customer_id=customer.id)
    found, _ = store.list_of_customer(reads, customer.organization_id, ref)
    left = [case for case in found if case.fleet_id != customer.fleet_id]
    while left:
        now, left = left[:_MOST_MOVED], left[_MOST_MOVED:]
        into = Transaction() if left else transaction
        for case in now:
            after = replace(case, fleet_id=customer.fleet_id)
            moved = Contended(f"case {case.id}")
            store.put_case(into, case, after, what="moved to another fleet", stamp=stamp, refusal=moved)
        if left:
            into.commit()


@again_when_contended
def move_cases(reads: Reads, customer: Customer, *, stamp: Stamp) -> None:
    """Those opened while the customer changed its fleet follow as well."""
    transaction = Transaction()
    put_fleet_of_cases(transaction, reads, customer, stamp=stamp)
    if len(transaction):
        transaction.commit()


def _can_be_assigned(member: Member, shop_id: str) -> bool:
    works_there = member.all_shops or shop_id in member.shop_ids
    return works_there and not ALLOWED[Action.WRITE_IN_CASES].isdisjoint(member.roles)


def _checked(reads: Reads, before: Case | None, case: Case) -> Case:
    """The case with e-mails in one notation, once all that it newly names is there."""
    _check_records(reads, before, case)
    known = before.assignee_ids if before else ()
    _check_assignees(reads, case, [one for one in case.assignee_ids if one not in known])
    return replace(
        case,
        assignee_ids=tuple(dict.fromkeys(case.assignee_ids)),
        one_time_contacts=_checked_contacts(case.one_time_contacts, are_new=before is None),
    )


def _check_records(reads: Reads, before: Case | None, case: Case) -> None:
    """Raises NotFound for what isn't the customer's. What the case named before may be gone since."""
    owner = CustomerRef.of(case)
    vehicle_id, address_id, order_id = (
        "" if before and getattr(before, name) == getattr(case, name) else getattr(case, name)
        for name in ("vehicle_id", "service_address_id", "repair_order_id")
    )
    if vehicle_id or address_id:
        file = read_file(reads, case.organization_id, owner)
        known_address(file, address_id)
        if vehicle_id:
            file.vehicle(vehicle_id)
    if order_id:
        read_order_of(reads, case.organization_id, owner, order_id)


def _check_assignees(reads: Reads, case: Case, new_ids: list[str]) -> None:
    if not new_ids:
        return
    members = {member.id: member for member in list_members(reads, case.organization_id)}
    wrong: dict[str, str] = {}
    for member_id in new_ids:
        if member_id not in members:
            raise NotFound("member")
        if not _can_be_assigned(members[member_id], case.shop_id):
            number = case.assignee_ids.index(member_id)
            wrong[f"assignee_ids.{number}"] = "doesn't work on cases in this shop"
    if wrong:
        raise BadInput("Not everyone can be assigned to this case.", fields=wrong)


def _checked_contacts(contacts: tuple[OneTimeContact, ...], *, are_new: bool) -> tuple[OneTimeContact, ...]:
    """are_new: all of them; else none but the last may be."""
    if len(contacts) > MOST_ONE_TIME_CONTACTS:
        raise Conflict(f"A case has {MOST_ONE_TIME_CONTACTS} one-time contacts at most.")
    checked: dict[str, OneTimeContact] = {}
    wrong: dict[str, str] = {}
    for number, contact in enumerate(contacts):
        field = f"one_time_contacts.{number}.email" if are_new else "email"
        try:
            email = normalize_email(contact.email)
        except ValueError as error:
            wrong[field] = str(error)
            continue
        if email in checked:
            wrong[field] = "is that of another one-time contact of this case"
        checked[email] = replace(contact, email=email)
    if wrong:
        raise BadInput("A one-time contact can't be kept like this.", fields=wrong)
    return tuple(checked.values())
