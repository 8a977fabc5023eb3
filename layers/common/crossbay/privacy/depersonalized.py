"""A customer's records without the person: what stays of them once the customer is erased (X6)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from crossbay.domain.campaigns.message import Message, MessageState
from crossbay.domain.customers.customer import Customer
from crossbay.domain.work.repair_order import Job, LaborLine, PartLine, RepairOrder, VehicleSnapshot
from crossbay.exports.run import Telling

REMOVED = "[removed]"
"""In the place of a text that named the person."""

_WAITING = (MessageState.PLANNED, MessageState.HELD, MessageState.CLAIMED)

_NOT_SENT = "the customer's data was erased"


def erased_customer(customer: Customer, *, source: str, at: str) -> Customer:
    """source: as far as it names nobody. at: UTC now; one who was deleted before stays so since then."""
    return Customer(
        id=customer.id,
        organization_id=customer.organization_id,
        shop_id=customer.shop_id,
        kind=customer.kind,
        source=source,
        source_set_by_hand=customer.source_set_by_hand,
        organization_source_id=customer.organization_source_id,
        since_on=customer.since_on,
        do_not_mail=customer.do_not_mail,
        version=customer.version + 1,
        created_at=customer.created_at,
        updated_at=at,
        deleted_at=customer.deleted_at or at,
        erased_at=at,
    )


def texts_of(order: RepairOrder) -> Iterator[str]:
    """What people typed of an RO, of that which stays."""
    car = order.vehicle
    yield from (order.number, car.make, car.model, car.sub_model, car.engine)
    for job in order.jobs:
        yield from (job.title, job.category)
        yield from (line.description for line in job.labor)
        for part in job.parts:
            yield from (part.description, part.part_number)


def erased_order(order: RepairOrder, naming: Iterable[str], *, at: str) -> RepairOrder:
    """naming: those of its texts that name the person. Amounts and days stay, inspections and notes not."""
    gone = frozenset(naming)

    def kept(text: str) -> str:
        return REMOVED if text in gone else text

    car = order.vehicle
    return replace(
        order,
        number=kept(order.number),
        vehicle=VehicleSnapshot(
            id=car.id,
            year=car.year,
            make=kept(car.make),
            model=kept(car.model),
            sub_model=kept(car.sub_model),
            engine=kept(car.engine),
        ),
        service_address_id="",
        appointment_id="",
        jobs=tuple(_erased_job(job, gone) for job in order.jobs),
        inspections=(),
        internal_notes="",
        imported=None,
        version=order.version + 1,
        updated_at=at,
        erased_at=at,
    )


def _erased_job(job: Job, gone: frozenset[str]) -> Job:
    def kept(text: str) -> str:
        return REMOVED if text in gone else text

    return Job(
        id=job.id,
        title=kept(job.title),
        category=kept(job.category),
        authorization=job.authorization,
        labor=tuple(
            LaborLine(
                description=kept(line.description),
                hundredth_hours=line.hundredth_hours,
                amount_cents=line.amount_cents,
            )
            for line in job.labor
        ),
        parts=tuple(
            PartLine(
                description=kept(part.description),
                part_number=kept(part.part_number),
                thousandth_units=part.thousandth_units,
                amount_cents=part.amount_cents,
            )
            for part in job.parts
        ),
        amount_cents=job.amount_cents,
    )


def erased_message(message: Message, *, at: str) -> Message:
    """What it was, when, and what became of it. One that waits is not sent any more."""
    waits = message.state in _WAITING
    return replace(
        message,
        state=MessageState.SKIPPED if waits else message.state,
        reason=_NOT_SENT if waits else "",
        address="",
        subject="",
        ses_message_id="",
        content_key="",
        claimed_until="" if waits else message.claimed_until,
        failures=(),
        erased_at=at,
    )


def unexplained(message: Message) -> Message:
    """The message with its past steps' reasons gone: SES's words may hold the address."""
    return replace(message, steps=tuple(replace(step, reason="") for step in message.steps))


def erased_telling(telling: Telling) -> Telling:
    """That a partner was told, not of which vehicle or what."""
    return replace(telling, vin="", told_sha256="", offset=0, length=0)
