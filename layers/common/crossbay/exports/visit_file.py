"""The file of the partners whose layout is not public: our own profile of a visit with its customer, as CSV.

Version 1, described in `docs/partners/customerlink.md` and `mechanicnet.md`, unconfirmed. UTF-8, RFC 4180, a
header line, a line per RO. It is a feed, read by a program: cells are exact, also those that start with `=`,
`+`, `-` or `@` (`rendering/merge.py` writes for spreadsheets); only line breaks and control characters become
blanks.
"""

import csv
from collections.abc import Iterable, Iterator

from crossbay.domain.customers.customer import Customer
from crossbay.domain.phone import is_number
from crossbay.domain.vin.vin import VinStatus, check_vin, normalize_vin
from crossbay.domain.work.repair_order import Job
from crossbay.exports.cells import plain_account, without_controls
from crossbay.exports.partner import FileRun
from crossbay.exports.visit_record import VisitRecord

MOST_PHONES = 3
MOST_EMAILS = 2
BETWEEN_TITLES = "; "

COLUMNS = (
    *("record_type", "shop_name", "shop_phone", "ro_number", "ro_date"),
    *("customer_id", "customer_kind", "first_name", "last_name", "company_name"),
    *(f"{name}_{number}" for number in range(1, MOST_PHONES + 1) for name in ("phone", "phone_label")),
    *(f"email_{number}" for number in range(1, MOST_EMAILS + 1)),
    *("address_line1", "address_line2", "city", "region", "postal_code", "country", "do_not_mail"),
    *("vin", "plate", "plate_region", "year", "make", "model", "sub_model", "engine", "odometer_miles"),
    *("approved_total", "approved_services", "declined_total", "declined_services"),
)


def visit_file(rows: Iterable[VisitRecord], run: FileRun, account_column: str) -> Iterator[bytes]:
    """The header and a line per record. account_column: what the partner calls the shop's id, put first."""
    lines: list[str] = []
    writer = csv.writer(_Lines(lines))
    writer.writerow((account_column, *COLUMNS))
    yield lines.pop().encode()
    account = without_controls(run.account)
    for record in rows:
        writer.writerow((account, *map(without_controls, _cells(record))))
        yield lines.pop().encode("utf-8", "replace")


def visit_file_name(run: FileRun, partner: str) -> str:
    """`<partner>-<shop's id>-<our code of the shop>-<YYYYMMDD>-<number>.csv`, with `history` before the day
    for past visits."""
    shop = f"{run.shop}-" if run.shop else ""
    history = "history-" if run.is_history else ""
    return f"{partner}-{plain_account(run.account)}-{shop}{history}{run.made_on:%Y%m%d}-{run.number}.csv"


def dollars(cents: int) -> str:
    """`412.50`, without a currency sign or thousands separators."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


class _Lines:
    """What csv writes to."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


def _cells(record: VisitRecord) -> Iterator[str]:
    service = record.service
    yield from (service.change.value, service.facility.name, service.facility.phone)
    yield from (service.number, service.invoiced_on)
    yield from _customer_cells(record.customer)
    is_vin = check_vin(service.vin).status is not VinStatus.INVALID
    yield from (normalize_vin(service.vin) if is_vin else "", service.plate, service.plate_region)
    yield "" if service.year is None else str(service.year)
    yield from (service.make, service.model, service.sub_model, service.engine)
    yield "" if service.odometer_miles is None else str(service.odometer_miles)
    yield from (dollars(record.total_cents), _titles(record.approved))
    yield from (dollars(sum(job.amount_cents for job in record.declined)), _titles(record.declined))


def _customer_cells(customer: Customer) -> Iterator[str]:
    """A deleted customer has none left but an id and the wish not to be written to (`visit_record.py`)."""
    yield from (customer.id, customer.kind.value, customer.first_name, customer.last_name)
    yield customer.company_name
    phones = [phone for phone in customer.phones if is_number(phone.number)]
    for number in range(MOST_PHONES):
        phone = phones[number] if number < len(phones) else None
        yield from (phone.number, phone.label) if phone else ("", "")
    for number in range(MOST_EMAILS):
        yield customer.emails[number] if number < len(customer.emails) else ""
    address = customer.billing_address
    yield from (address.line1, address.line2, address.city, address.region)
    yield from (address.postal_code, address.country)
    yield "yes" if customer.do_not_mail.is_set or customer.deleted_at else "no"


def _titles(jobs: Iterable[Job]) -> str:
    return BETWEEN_TITLES.join(job.title for job in jobs)
