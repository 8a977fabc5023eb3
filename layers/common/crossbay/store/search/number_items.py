"""The index items of the numbers that repair orders and appointments bear, written with the record (S26)."""

from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus
from crossbay.store import keys
from crossbay.store.codec import from_body
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Item, Reads
from crossbay.store.resaves.rewriting import put_missing
from crossbay.store.search.items import IndexKey, number_keys
from crossbay.store.transaction import Transaction


class RecordKind(StrEnum):
    REPAIR_ORDER = "repair_order"
    INVOICE = "invoice"
    APPOINTMENT = "appointment"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedRecord:
    """What bears a number: an RO, which once invoiced is the invoice of that number, or an appointment.

    date: the shop's civil day that it was opened, or that it is on.
    """

    kind: RecordKind
    id: str
    number: str
    status: str
    date: str
    service_address_id: str


def numbered_record(item: Item) -> NumberedRecord | None:
    """What the stored item says; None for a record that is found by no number any more."""
    if item["type"] == "repair order":
        order = from_body(RepairOrder, item["body"])
        is_invoice = order.status is RepairOrderStatus.INVOICED
        kind = RecordKind.INVOICE if is_invoice else RecordKind.REPAIR_ORDER
        return None if order.erased_at else _of(order, kind, order.opened_on)
    appointment = from_body(Appointment, item["body"])
    return None if appointment.deleted_at else _of(appointment, RecordKind.APPOINTMENT, appointment.date)


def _of(record: RepairOrder | Appointment, kind: RecordKind, date: str) -> NumberedRecord:
    return NumberedRecord(
        kind=kind,
        id=record.id,
        number=record.number,
        status=record.status.value,
        date=date,
        service_address_id=record.service_address_id,
    )


def put_numbers(transaction: Transaction, old: frozenset[IndexKey], new: frozenset[IndexKey]) -> None:
    """Write what differs: nothing, unless the number or the day in the record's key changed."""
    for one in sorted(new - old):
        transaction.put(Key(one.pk, one.sk), "index", one.body)
    for one in sorted(old - new):
        transaction.delete(Key(one.pk, one.sk))


def order_numbers(order: RepairOrder | None) -> frozenset[IndexKey]:
    """What finds the RO, also a void one; nothing for none, and for one that lost its person."""
    if order is None or order.erased_at:
        return frozenset()
    key = keys.dated(_partition(order), "RO", order.opened_on, order.id)
    return number_keys(order.number, order.organization_id, CustomerRef.of(order), key.sk)


def appointment_numbers(appointment: Appointment | None) -> frozenset[IndexKey]:
    """What finds the appointment, also a cancelled one; nothing for none, and for a deleted one."""
    if appointment is None or appointment.deleted_at:
        return frozenset()
    key = keys.dated(_partition(appointment), "APPOINTMENT", appointment.starts_at, appointment.id)
    ids = (appointment.organization_id, CustomerRef.of(appointment))
    return number_keys(appointment.number, *ids, key.sk)


def rewrite_number(reads: Reads, appointment: Appointment) -> int:
    """Write the missing index items of an appointment's number; how many. Raises Contended when it was saved
    meanwhile."""
    key = keys.dated(_partition(appointment), "APPOINTMENT", appointment.starts_at, appointment.id)
    found = appointment_numbers(appointment)
    following = {Key(one.pk, one.sk): StoredItem(type="index", body=one.body) for one in found}
    return put_missing(reads, key, appointment.version, following)


def _partition(record: RepairOrder | Appointment) -> str:
    return keys.customer_partition(record.organization_id, CustomerRef.of(record))
