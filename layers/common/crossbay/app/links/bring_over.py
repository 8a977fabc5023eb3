"""Bringing another shop's customer and vehicles into the own shop, once, linked to the original (S21, S23).

A copy's id follows from its original, so that two advisors who ask at once make one customer, and asking
again finds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from crossbay.app.campaigns.stops.address_stops import put_do_not_mail
from crossbay.app.links.candidates import explain_pairs
from crossbay.app.links.links import seen
from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CopiedFrom, Customer, CustomerRef
from crossbay.domain.customers.opt_out import stricter_consent, stricter_flags
from crossbay.domain.customers.vehicle import Vehicle, vehicle_identity
from crossbay.domain.link import LinkAction, LinkVerdict, SeenPair, decide_pairs
from crossbay.domain.organization import Shop, ShopRef
from crossbay.errors import BadInput, Conflict, Contended, Stale
from crossbay.ids import derived_id, new_id
from crossbay.matching.record import record_of
from crossbay.matching.traces import traces
from crossbay.store.customers.customers import CustomerFile, find_file, read_file, save_file
from crossbay.store.customers.newcomers import put_markers, read_markers
from crossbay.store.idempotency import remember
from crossbay.store.links.links import list_linked_by, put_links, read_links
from crossbay.store.organizations import read_shop
from crossbay.store.privacy.erased import find_erased, put_asked_again
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtOver:
    """The local ids that fill the form. vehicle_ids: in the order asked for."""

    customer_id: str
    vehicle_ids: tuple[str, ...]


@again_when_contended
def bring_over(
    reads: Reads, shop_ref: ShopRef, original: CustomerRef, vehicle_ids: Sequence[str], *, stamp: Stamp
) -> BroughtOver:
    """The own shop's customer for another shop's, with these of its vehicles: made now, or existing already.

    Raises NotFound for a customer or vehicle that isn't there, BadInput for one of the own shop.
    """
    if original.shop_id == shop_ref.shop_id:
        raise BadInput("This customer is in your shop already.", fields={"shop_id": "is your own shop"})
    shop = read_shop(reads, shop_ref)
    source = read_file(reads, shop_ref.organization_id, original)
    wanted = [source.vehicle(vehicle_id) for vehicle_id in vehicle_ids]
    before, free_id, deleted = _existing(reads, shop_ref, source)
    transaction = Transaction()
    after = before or _copy(transaction, reads, source, shop, free_id, deleted, stamp)
    local_ids = []
    for vehicle in wanted:
        local = local_copy(after, vehicle) or copy_of_vehicle(vehicle, after)
        after = after.with_vehicle(local)
        local_ids.append(local.id)
    remember(transaction, stamp.mark, after.customer.id, *local_ids)
    _put_link(transaction, reads, shop_ref.organization_id, before, after, source, stamp)
    if before is None:
        put_do_not_mail(transaction, reads, None, after.customer, stamp=stamp)
    try:
        if before is None or before.vehicles != after.vehicles:
            save_file(before, after, stamp=stamp, also=transaction)
        elif len(transaction):
            transaction.commit()
    except (Conflict, Stale) as error:
        raise Contended(f"copy of customer {source.customer.id}") from error
    return BroughtOver(customer_id=after.customer.id, vehicle_ids=tuple(local_ids))


def _copy(
    transaction: Transaction,
    reads: Reads,
    source: CustomerFile,
    shop: Shop,
    copy_id: str,
    deleted: Sequence[Customer],
    stamp: Stamp,
) -> CustomerFile:
    """The copy to save; an opt-out of before the person was erased in this shop stands in it."""
    copy = copy_of_customer(source.customer, shop.id, copy_id, deleted)
    erased = find_erased(reads, copy)
    put_asked_again(transaction, erased, at=stamp.at)
    markers = read_markers(reads, copy.organization_id, traces(record_of(copy)))
    ref = CustomerRef(shop_id=copy.shop_id, customer_id=copy.id)
    put_markers(transaction, markers, ref, at=stamp.at, is_asked=True)
    return CustomerFile(
        customer=replace(
            copy,
            since_on=shop.day_of(stamp.at),
            do_not_mail=stricter_flags(copy.do_not_mail, erased.do_not_mail),
        )
    )


def local_copy(file: CustomerFile, original: Vehicle) -> Vehicle | None:
    """The vehicle of this file that was copied from the original or is the same one by VIN or plate."""
    identity = vehicle_identity(original.vin, original.plate, original.plate_region)
    for vehicle in file.living_vehicles:
        if vehicle.copied_from is not None and vehicle.copied_from.vehicle_id == original.id:
            return vehicle
        if identity and vehicle_identity(vehicle.vin, vehicle.plate, vehicle.plate_region) == identity:
            return vehicle
    return None


def copy_of_vehicle(original: Vehicle, owner: CustomerFile) -> Vehicle:
    """The original as a vehicle of `owner`. Its id follows from both, so that two copies at once are one."""
    taken = {vehicle.id for vehicle in owner.vehicles}
    copy_ids = (derived_id("vehicle copy", owner.customer.id, original.id, str(n)) for n in count())
    return replace(
        original,
        id=next(copy_id for copy_id in copy_ids if copy_id not in taken),
        shop_id=owner.customer.shop_id,
        customer_id=owner.customer.id,
        imported=None,
        copied_from=CopiedFrom(
            shop_id=original.shop_id, customer_id=original.customer_id, vehicle_id=original.id
        ),
    )


def _existing(
    reads: Reads, shop_ref: ShopRef, source: CustomerFile
) -> tuple[CustomerFile | None, str, list[Customer]]:
    """The own shop's customer that links to the original or was copied from it and not told apart since.

    Else the id for a copy, and the copies that were deleted.
    """
    organization_id, target = shop_ref.organization_id, source.customer.ref
    for ref in list_linked_by(reads, organization_id, target):
        if ref.shop_id == shop_ref.shop_id and target in read_links(reads, organization_id, ref).linked:
            file = find_file(reads, organization_id, ref)
            if file is not None and not file.customer.deleted_at:
                return file, "", []
    deleted: list[Customer] = []
    for n in count():
        copy_id = derived_id("customer copy", shop_ref.shop_id, target.shop_id, target.customer_id, str(n))
        ref = CustomerRef(shop_id=shop_ref.shop_id, customer_id=copy_id)
        file = find_file(reads, organization_id, ref)
        if file is None:
            return None, copy_id, deleted
        if file.customer.deleted_at:
            deleted.append(file.customer)
        elif not _is_told_apart(reads, organization_id, ref, target):
            return file, copy_id, deleted
    raise AssertionError("unreachable: ids don't run out")


def _is_told_apart(reads: Reads, organization_id: str, own: CustomerRef, target: CustomerRef) -> bool:
    """Whether somebody said that the copy isn't the same person as its original any more."""
    decision = read_links(reads, organization_id, own).decision_on(target)
    return decision is not None and decision.verdict is LinkVerdict.NOT_SAME


def copy_of_customer(original: Customer, shop_id: str, copy_id: str, deleted: Sequence[Customer]) -> Customer:
    """The original's contact data and flags as a customer of the shop, do-not-mail and who set it (C19).

    What the copies said that were deleted still counts where it is stricter.
    """
    flags, consent = original.do_not_mail, original.consent
    for earlier in deleted:
        flags = stricter_flags(flags, earlier.do_not_mail)
        consent = stricter_consent(consent, earlier.consent)
    addresses = tuple(
        replace(address, id=derived_id("address copy", copy_id, address.id))
        for address in original.service_addresses
    )
    return replace(
        original,
        id=copy_id,
        shop_id=shop_id,
        service_addresses=addresses,
        source="",
        source_set_by_hand=False,
        organization_source_id="",
        since_on="",
        do_not_mail=flags,
        consent=consent,
        imported=None,
        copied_from=CopiedFrom(shop_id=original.shop_id, customer_id=original.id),
    )


def _put_link(
    transaction: Transaction,
    reads: Reads,
    organization_id: str,
    before: CustomerFile | None,
    after: CustomerFile,
    source: CustomerFile,
    stamp: Stamp,
) -> None:
    """Link the copy to its original in the same transaction, where that isn't so already."""
    own, target = after.customer.ref, source.customer.ref
    links = read_links(reads, organization_id, own)
    (score,) = explain_pairs(reads, after, [source])
    pair = SeenPair(other=seen(source), score_bits=score.bits, reasons=score.reasons)
    decided, event = decide_pairs(
        links,
        LinkAction.LINK,
        seen(after),
        [pair],
        event_id=new_id(),
        by=stamp.by,
        at=stamp.at,
        reason="brought over" if before is None else "vehicles brought over",
    )
    if event is not None:
        versions = {target: source.customer.version}
        put_links(transaction, organization_id, own, links, decided, event, versions=versions)
