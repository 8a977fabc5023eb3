"""Why a repair order is left out of a partner's file: in words for people, as a code for counts.

What CARFAX's rows leave out of an order that goes stands in `exports/service_record.py`.
"""

from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.customers.customer import Customer
from crossbay.domain.vin.vin import VinStatus, check_vin
from crossbay.domain.work.repair_order import Authorization, RepairOrder, RepairOrderStatus


class LeftOutReason(StrEnum):
    """PERSONAL and DOUBTFUL come from the certificate's check, TOLD_ALREADY from what was told before, ERASED
    from the customer."""

    VOID_NEVER_TOLD = "void_never_told"
    NOT_INVOICED = "not_invoiced"
    NO_VIN = "no_vin"
    VIN_INVALID = "vin_invalid"
    NO_SERVICE = "no_service"
    TOLD_ALREADY = "told_already"
    PERSONAL = "personal"
    DOUBTFUL = "doubtful"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    reason: LeftOutReason
    words: str


def left_out(order: RepairOrder, *, needs_vin: bool) -> LeftOut | None:
    """Why the partner isn't told of an RO that isn't void, None where it is.

    needs_vin: the partner knows vehicles by their VIN and wants work done; then a plausible VIN goes, an
    invalid one not, nor a visit without a service title. To the others a visit is news for its own sake.
    """
    if order.status is not RepairOrderStatus.INVOICED:
        return _out(LeftOutReason.NOT_INVOICED, "The repair order isn't invoiced.")
    return _fault_of_vin(order) or _fault_of_work(order) if needs_vin else None


def nothing_to_take_back(*, was_told: bool) -> LeftOut:
    """That a void RO is no news: the partner never heard of it, or heard that it is void."""
    if was_told:
        return told_already()
    return _out(LeftOutReason.VOID_NEVER_TOLD, "The repair order was voided before the partner heard of it.")


def told_already() -> LeftOut:
    return _out(LeftOutReason.TOLD_ALREADY, "The partner was told just this before.")


def left_out_for_good(customer: Customer) -> LeftOut | None:
    """That no partner hears of the RO any more: its customer was erased."""
    if customer.erased_at:
        return _out(LeftOutReason.ERASED, "The customer's data was erased on request.")
    return None


def _fault_of_vin(order: RepairOrder) -> LeftOut | None:
    if not order.vehicle.vin.strip():
        return _out(LeftOutReason.NO_VIN, "The vehicle has no VIN.")
    check = check_vin(order.vehicle.vin)
    if check.status is VinStatus.INVALID:
        return _out(LeftOutReason.VIN_INVALID, f"The VIN is invalid: {check.reason}.")
    return None


def _fault_of_work(order: RepairOrder) -> LeftOut | None:
    approved = (job for job in order.jobs if job.authorization is Authorization.APPROVED)
    if any(job.title.strip() for job in approved):
        return None
    return _out(LeftOutReason.NO_SERVICE, "No approved job has a service title.")


def _out(reason: LeftOutReason, words: str) -> LeftOut:
    return LeftOut(reason=reason, words=words)
