"""One record as a JSON Lines object or as CSV rows, in the columns of docs/import-format.md."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any, TypeVar

from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Customer, Phone, ServiceAddress
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.equipment import Equipment
from crossbay.domain.quote import Quote
from crossbay.domain.work.repair_order import Job, LaborLine, PartLine, RepairOrder
from local.demo.model import BookedTime

_T = TypeVar("_T")

Row = dict[str, Any]
"""A JSON object of one line, or a CSV row by column."""


def customer_object(customer: Customer) -> Row:
    return _filled(
        {
            **_customer_head(customer),
            "phones": [asdict(phone) for phone in customer.phones],
            "emails": list(customer.emails),
            "billing_address": _filled(asdict(customer.billing_address)),
            "service_addresses": [
                _filled({"label": place.label, **asdict(place.address)})
                for place in customer.service_addresses
            ],
            **_customer_tail(customer),
        }
    )


def customer_row(customer: Customer) -> Row:
    """Every column there is, filled or not: three phones and e-mails, four service addresses."""
    row = _customer_head(customer)
    for number, phone in enumerate(_padded(customer.phones, 3, Phone(number="")), 1):
        row |= {f"phone_{number}": phone.number, f"phone_{number}_label": phone.label}
    row |= {f"email_{number}": email for number, email in enumerate(_padded(customer.emails, 3, ""), 1)}
    row |= {f"billing_{name}": value for name, value in asdict(customer.billing_address).items()}
    nowhere = ServiceAddress(id="", address=Address())
    for number, place in enumerate(_padded(customer.service_addresses, 4, nowhere), 1):
        columns = {"label": place.label} | asdict(place.address)
        row |= {f"service_{number}_{name}": value for name, value in columns.items()}
    return row | _customer_tail(customer)


def _padded(values: tuple[_T, ...], length: int, empty: _T) -> tuple[_T, ...]:
    return (values + (empty,) * length)[:length]


def _customer_head(customer: Customer) -> Row:
    return {
        "id": customer.id,
        "kind": customer.kind,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "company_name": customer.company_name,
    }


def _customer_tail(customer: Customer) -> Row:
    return {
        "taxability": customer.taxability,
        "source": customer.source,
        "since_on": customer.since_on,
        "do_not_mail": "yes" if customer.do_not_mail.is_set else "no",
    }


# ---- vehicles, appointments


def vehicle_row(vehicle: Vehicle) -> Row:
    return {
        "id": vehicle.id,
        "customer_id": vehicle.customer_id,
        "vin": vehicle.vin,
        "plate": vehicle.plate,
        "plate_region": vehicle.plate_region,
        "year": vehicle.year,
        "make": vehicle.make,
        "model": vehicle.model,
        "sub_model": vehicle.sub_model,
        "engine": vehicle.engine,
        "odometer_miles": vehicle.odometer_miles,
    }


def appointment_row(booked: BookedTime) -> Row:
    times = {name: getattr(booked, name).isoformat(timespec="minutes") for name in ("starts_at", "ends_at")}
    return asdict(booked) | times


# ---- equipment, quotes


def equipment_object(equipment: Equipment) -> Row:
    components = [_filled(asdict(component)) for component in equipment.components]
    return _filled(_equipment_head(equipment) | {"components": components})


def equipment_row(equipment: Equipment) -> Row:
    components = [_filled(asdict(component)) for component in equipment.components]
    return _equipment_head(equipment) | {"components": _in_a_cell(components)}


def _equipment_head(equipment: Equipment) -> Row:
    return {
        "id": equipment.id,
        "customer_id": equipment.customer_id,
        "name": equipment.name,
        "make": equipment.make,
        "model": equipment.model,
        "serial_number": equipment.serial_number,
        "installed_on": equipment.installed_on,
    }


def quote_object(quote: Quote) -> Row:
    return _quote_head(quote) | {"lines": _quote_lines(quote)}


def quote_row(quote: Quote) -> Row:
    return _quote_head(quote) | {"lines": _in_a_cell(_quote_lines(quote))}


def _quote_head(quote: Quote) -> Row:
    return {
        "id": quote.id,
        "number": quote.number,
        "customer_id": quote.customer_id,
        "vehicle_id": quote.vehicle_id,
        "service_address": quote.service_address_id,
        "repair_order_id": quote.repair_order_id,
        "title": quote.title,
        "status": quote.status,
        "quoted_on": quote.quoted_on,
        "expires_on": quote.expires_on,
        "total": _money(quote.total_cents),
    }


def _quote_lines(quote: Quote) -> list[Row]:
    return [{"description": line.description, "amount": _money(line.amount_cents)} for line in quote.lines]


# ---- repair orders


def repair_order_object(order: RepairOrder) -> Row:
    jobs = [
        _filled(
            _job_head(job)
            | {"labor": _labor(job.labor), "parts": _parts(job.parts)}
            | {"notes": job.notes, "internal_notes": job.internal_notes}
        )
        for job in order.jobs
    ]
    inspections = [_filled(asdict(inspection)) for inspection in order.inspections]
    return _filled({**_order_head(order), "jobs": jobs, "inspections": inspections})


def job_rows(order: RepairOrder) -> Iterator[Row]:
    """One row a job, the RO's columns repeated."""
    for job in order.jobs:
        lines = {"labor": _in_a_cell(_labor(job.labor)), "parts": _in_a_cell(_parts(job.parts))}
        notes = {"notes": job.notes, "internal_notes": job.internal_notes}
        yield _order_head(order) | {f"job_{k}": v for k, v in (_job_head(job) | lines | notes).items()}


def inspection_rows(order: RepairOrder) -> Iterator[Row]:
    """One row an inspection item."""
    for inspection in order.inspections:
        for item in inspection.items:
            yield {
                "repair_order_id": order.id,
                "inspection_id": inspection.id,
                "inspection_title": inspection.title,
                "item_name": item.name,
                "item_rating": item.rating,
                "item_findings": item.findings,
            }


def _order_head(order: RepairOrder) -> Row:
    return {
        "id": order.id,
        "number": order.number,
        "customer_id": order.customer_id,
        "vehicle_id": order.vehicle.id,
        "service_address": order.service_address_id,
        "status": order.status,
        "opened_on": order.opened_on,
        "invoiced_on": order.invoiced_on,
        "odometer_miles": order.odometer_miles,
        "internal_notes": order.internal_notes,
    }


def _job_head(job: Job) -> Row:
    return {
        "id": job.id,
        "title": job.title,
        "category": job.category,
        "authorization": job.authorization,
        "amount": _money(job.amount_cents),
    }


def _labor(lines: Iterable[LaborLine]) -> list[Row]:
    return [
        {
            "description": line.description,
            "hours": f"{line.hundredth_hours // 100}.{line.hundredth_hours % 100:02}",
            "amount": _money(line.amount_cents),
        }
        for line in lines
    ]


def _parts(lines: Iterable[PartLine]) -> list[Row]:
    return [
        {
            "description": line.description,
            "part_number": line.part_number,
            "quantity": f"{line.thousandth_units / 1000:g}",
            "amount": _money(line.amount_cents),
        }
        for line in lines
    ]


def _money(cents: int) -> str:
    """`129.95`. The demo has no negative amounts."""
    return f"{cents // 100}.{cents % 100:02}"


def _in_a_cell(lines: list[Row]) -> str:
    return json.dumps(lines, ensure_ascii=False) if lines else ""


def _filled(row: Row) -> Row:
    """The row without what is empty: JSON Lines leaves it out, CSV keeps the empty cell."""
    return {name: value for name, value in row.items() if value not in ("", None, [], ())}
