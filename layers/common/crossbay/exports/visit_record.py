"""What partners who write to customers in the shop's name are told of a visit: the work, and its person."""

from dataclasses import dataclass

from crossbay.domain.customers.customer import Customer
from crossbay.domain.organization import Shop
from crossbay.domain.work.repair_order import Authorization, Job, RepairOrder
from crossbay.exports.service_record import ExportChange, ServiceRecord, service_record, told_jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRecord:
    """A visit with its customer, for partners who write to customers in the shop's name.

    declined: the declined jobs. approved: the others that were done.
    """

    service: ServiceRecord
    customer: Customer
    approved: tuple[Job, ...] = ()
    declined: tuple[Job, ...] = ()

    @property
    def total_cents(self) -> int:
        return sum(job.amount_cents for job in self.approved)


def visit_record(order: RepairOrder, customer: Customer, shop: Shop, change: ExportChange) -> VisitRecord:
    """What an RO says with its person; of a customer who is deleted, without it."""
    return VisitRecord(
        service=service_record(order, shop, change),
        customer=_nobody(customer) if customer.deleted_at else customer,
        approved=tuple(told_jobs(order, Authorization.APPROVED)),
        declined=tuple(told_jobs(order, Authorization.DECLINED)),
    )


def _nobody(customer: Customer) -> Customer:
    return Customer(
        id=customer.id,
        organization_id=customer.organization_id,
        shop_id=customer.shop_id,
        deleted_at=customer.deleted_at,
    )
