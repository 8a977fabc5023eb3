"""What stands at customers' addresses beside their cars: equipment, and quotes for work that was declined."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from random import Random

from crossbay.domain.customers.customer import Customer, CustomerKind
from crossbay.domain.equipment import Component, Equipment
from crossbay.domain.quote import Quote, QuoteLine, QuoteStatus
from crossbay.domain.work.repair_order import Authorization, RepairOrder

NextId = Callable[[str], str]

_EQUIPMENT = (
    ("Two-post lift", "Rotary", "SPOA10", ("Power unit", "Lift cables")),
    ("Air compressor", "Quincy", "QT-54", ("Pump", "Pressure switch")),
    ("Standby generator", "Generac", "RG022", ("Battery", "Transfer switch")),
    ("Tailgate lift", "Maxon", "GPTLR", ("Hydraulic pump",)),
    ("Roof rack", "Thule", "WingBar", ()),
)
"""What it is, make, model, components."""

_DAYS_OFFERED = 60
_ANSWERED = (QuoteStatus.ACCEPTED, QuoteStatus.DENIED, QuoteStatus.OPEN)
_UNDER_WAY = (QuoteStatus.DRAFT, QuoteStatus.OPEN, QuoteStatus.OPEN, QuoteStatus.DENIED)


def equipment(
    rng: Random, customers: Iterable[Customer], today: date, next_id: NextId
) -> Iterator[Equipment]:
    """One or two pieces for most fleets, one for a person in twenty."""
    for customer in customers:
        is_fleet = customer.kind is CustomerKind.FLEET
        count = rng.randrange(3) if is_fleet else rng.random() < 1 / 20
        for name, make, model, parts in rng.sample(_EQUIPMENT, k=count):
            installed_on = (today - timedelta(days=rng.randrange(30, 2000))).isoformat()
            yield Equipment(
                id=next_id("E"),
                organization_id="",
                shop_id=customer.shop_id,
                customer_id=customer.id,
                name=name,
                make=make,
                model=model,
                serial_number=f"SN-{rng.randrange(10_000, 100_000)}",
                installed_on=installed_on,
                components=tuple(Component(name=part, installed_on=installed_on) for part in parts),
            )


def quotes(rng: Random, orders: Iterable[RepairOrder], today: date, next_id: NextId) -> Iterator[Quote]:
    """Makes quotes for the declined work of one visit in three; those of the last two months are mostly
    still open.
    """
    for order in orders:
        declined = [job for job in order.jobs if job.authorization is Authorization.DECLINED]
        if not declined or rng.random() > 1 / 3:
            continue
        quoted_on = date.fromisoformat(order.opened_on)
        expires_on = quoted_on + timedelta(days=_DAYS_OFFERED)
        quote_id = next_id("Q")
        yield Quote(
            id=quote_id,
            organization_id="",
            shop_id=order.shop_id,
            customer_id=order.customer_id,
            number=quote_id[1:],
            title=declined[0].title,
            status=rng.choice(_UNDER_WAY if expires_on >= today else _ANSWERED),
            lines=tuple(QuoteLine(description=job.title, amount_cents=job.amount_cents) for job in declined),
            total_cents=sum(job.amount_cents for job in declined),
            quoted_on=quoted_on.isoformat(),
            expires_on=expires_on.isoformat(),
            service_address_id=order.service_address_id,
            vehicle_id=order.vehicle.id,
            repair_order_id=order.id,
        )
