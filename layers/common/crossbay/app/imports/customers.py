"""Rows of customers into the shop."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from crossbay.app.campaigns.stops.address_stops import put_do_not_mail
from crossbay.app.customers.address_removal import count_hanging
from crossbay.app.customers.customers import normalized
from crossbay.app.imports.records import (
    Draft,
    Intake,
    Task,
    drafts_of,
    erased_words,
    not_brought_back,
    refused_by,
    verdict_of,
)
from crossbay.app.retry import again_when_contended
from crossbay.domain.customers.customer import Customer, Imported
from crossbay.domain.customers.opt_out import stricter_flags
from crossbay.errors import BadInput, Conflict, Contended, Stale
from crossbay.imports.customers import CustomerRow, checked_kind, merged_customer, read_customer
from crossbay.imports.rows import ImportRow
from crossbay.imports.run import RowOutcome, RowVerdict
from crossbay.store.customers.customers import CustomerFile, find_file, save_file
from crossbay.store.imports import known_customers
from crossbay.store.privacy.erased import find_erased
from crossbay.store.transaction import Transaction

KIND = "customer"


def take_customers(intake: Intake, rows: Sequence[ImportRow]) -> tuple[list[Task], list[RowOutcome]]:
    """What is left to do for these rows, a task a customer, and what came of the rest."""
    known = known_customers(intake.reads, intake.shop.ref, [intake.record_id(KIND, row.id) for row in rows])
    drafts, outcomes = drafts_of(
        rows,
        KIND,
        intake,
        lambda record_id, sha256: verdict_of(known.get(record_id), sha256, intake.stamp),
        read_customer,
    )
    return [_task(intake, draft, is_new=draft.record_id not in known) for draft in drafts], outcomes


def _task(intake: Intake, draft: Draft[CustomerRow], *, is_new: bool) -> Task:
    def run() -> list[RowOutcome]:
        try:
            if is_new:
                with suppress(Conflict):  # made meanwhile: read it, then
                    return [_save(intake, draft, None)]
            return [_merge(intake, draft)]
        except BadInput as error:
            return [refused_by(draft, error)]

    return run


@again_when_contended
def _merge(intake: Intake, draft: Draft[CustomerRow]) -> RowOutcome:
    before = find_file(intake.reads, intake.shop.organization_id, intake.customer_ref(draft.record_id))
    verdict = verdict_of(before.customer if before else None, draft.sha256, intake.stamp)
    if verdict is not None:
        return draft.taken(verdict)
    if before is not None and before.customer.deleted_at:
        return draft.refused("id", not_brought_back(before.customer))
    try:
        return _save(intake, draft, before)
    except (Conflict, Stale) as error:
        raise Contended(f"customer {draft.record_id}") from error


@again_when_contended
def _save(intake: Intake, draft: Draft[CustomerRow], before: CustomerFile | None) -> RowOutcome:
    old = (
        before.customer
        if before
        else Customer(id=draft.record_id, organization_id=intake.shop.organization_id, shop_id=intake.shop.id)
    )
    imported = Imported(pos_id=draft.row.id, row_sha256=draft.sha256)
    merged = merged_customer(old, draft.content, imported, intake.stamp)
    merged = checked_kind(merged, old, draft.cells)
    customer = normalized(merged, intake.shop, intake.stamp.at, before=old if before else None)
    if before is None and intake.has_erased:
        erased = find_erased(intake.reads, customer)
        if at := erased.unasked_since:
            return draft.refused("id", erased_words(at))
        customer = replace(customer, do_not_mail=stricter_flags(customer.do_not_mail, erased.do_not_mail))
    if before is not None:
        customer = _with_addresses_in_use(intake, before, customer)
    after = replace(before, customer=customer) if before else CustomerFile(customer=customer)
    transaction = Transaction()
    put_do_not_mail(
        transaction, intake.reads, before.customer if before else None, customer, stamp=intake.stamp
    )
    save_file(before, after, stamp=intake.stamp, also=transaction)
    return draft.taken(RowVerdict.CHANGED if before else RowVerdict.CREATED)


def _with_addresses_in_use(intake: Intake, before: CustomerFile, customer: Customer) -> Customer:
    """The customer with those of its addresses that the file has no more and on which something hangs."""
    here = {address.id for address in customer.service_addresses}
    gone = (address for address in before.customer.service_addresses if address.id not in here)
    kept = tuple(one for one in gone if count_hanging(intake.reads, before.partition, one.id))
    return replace(customer, service_addresses=(*customer.service_addresses, *kept))
