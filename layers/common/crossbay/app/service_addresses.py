"""Which of a customer's service addresses a record is at, and a list is of (S5)."""

from collections.abc import Collection
from dataclasses import replace
from typing import TypeVar

from crossbay.domain.equipment import Equipment
from crossbay.domain.quote import Quote
from crossbay.domain.work.appointment import Appointment
from crossbay.errors import NotFound
from crossbay.store.customers.customers import CustomerFile

Record = TypeVar("Record", Appointment, Equipment, Quote)


def known_address(file: CustomerFile, service_address_id: str) -> str:
    """The service address asked for, or the customer's first. Raises NotFound for another customer's."""
    ids = [address.id for address in file.customer.service_addresses]
    if not service_address_id:
        return ids[0] if ids else ""
    if service_address_id not in ids:
        raise NotFound("service address of this customer")
    return service_address_id


def require_listed(file: CustomerFile, service_address_id: str, found: Collection[object]) -> None:
    """Raises NotFound for an address that the customer doesn't have, and of which nothing is found.

    What is at an address that was taken away from the customer is found by it as before.
    """
    if service_address_id and not found and not still_known(file, service_address_id):
        raise NotFound("service address of this customer")


def still_known(file: CustomerFile, service_address_id: str) -> str:
    """The address, empty where the customer doesn't have it any more."""
    ids = [address.id for address in file.customer.service_addresses]
    return service_address_id if service_address_id in ids else ""


def settled(file: CustomerFile, record: Record, before: Record | None = None) -> Record:
    """The record with its service address filled in. Raises NotFound where address or vehicle differs from
    `before` and isn't the customer's.
    """
    if record.vehicle_id and (before is None or record.vehicle_id != before.vehicle_id):
        file.vehicle(record.vehicle_id)
    if before is None or record.service_address_id != before.service_address_id:
        address_id = known_address(file, record.service_address_id)
        record = replace(record, service_address_id=address_id)
    return record
