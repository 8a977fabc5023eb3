"""The repair orders behind the golden files: plain, awkward cells, an amendment, a void, someone deleted.

python -m tests.unit.exports.golden_rows    writes the golden files anew, to be read before they are committed
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from crossbay.domain.customers.customer import DoNotMail, OptOut
from crossbay.domain.partner import PartnerCode
from crossbay.domain.work.repair_order import Authorization, RepairOrderStatus
from crossbay.exports.partner import FileRun
from crossbay.exports.registry import PARTNERS
from crossbay.exports.service_record import ExportChange
from tests.unit.exports.records import CUSTOMER, SHOP, customer, job, order, vehicle

GOLDEN = Path(__file__).with_name("golden")
RUN = FileRun(account="harborline 7", made_on=date(2026, 1, 7))

_AWKWARD = (
    '=HYPERLINK("http://example.com")',
    "+1 quart | top off",
    "-10 °F “winter” package — naïve “smörgåsbord”",
    "@home, service\tcall",
    "Brakes\r\nfront; rear\x00\x1b[0m",
    "🔧 Wiper 20″ / 18″",
    "Zero\u200bwidth, ５Ｗ-３０, Оil",  # noqa: RUF001 - full-width digits and a Cyrillic O
    "",
)
_OPTED_OUT = DoNotMail(
    by_customer=OptOut(by="customer", at="2026-01-01T00:00:00.000Z", how="unsubscribe link")
)

_ORDERS = (
    (order(job("Oil change", 6_995), job("Rotate tires", 2_500)), CUSTOMER, ExportChange.NEW),
    (
        order(
            *(job(title, 1_000) for title in _AWKWARD),
            job("Cabin filter", 4_500, Authorization.DECLINED),
            number='10"0|2',
            vehicle=vehicle(vin="1hg cm8263-3A004352", plate="é-12|34", make="Citroën", model='C4 "Picasso"'),
            odometer_miles=None,
        ),
        customer(
            id="customer-2",
            first_name='=SUM("A1")',
            last_name="O'Brien\n-Núñez, Jr.",
            emails=("+rosa@example.com", "r@example.org", "third@example.com"),
            do_not_mail=_OPTED_OUT,
        ),
        ExportChange.NEW,
    ),
    (order(number="1003", vehicle=vehicle(year=None, plate="206 555 0100")), CUSTOMER, ExportChange.AMENDED),
    (order(number="1004", status=RepairOrderStatus.VOID), CUSTOMER, ExportChange.VOIDED),
    (order(number="1005"), customer(deleted_at="2026-01-06T09:00:00.000Z"), ExportChange.NEW),
)
_INVALID_VIN = (order(number="1006", vehicle=vehicle(vin="1HGCM82633A00435")), CUSTOMER, ExportChange.NEW)


def rendered(code: PartnerCode) -> Iterator[bytes]:
    """The golden file's bytes; an RO with an invalid VIN only for those that don't go by it."""
    entry = PARTNERS[code]
    orders = _ORDERS if entry.needs_vin else (*_ORDERS, _INVALID_VIN)
    return entry.partner.render((entry.row(made, whose, SHOP, change) for made, whose, change in orders), RUN)


def golden_path(code: PartnerCode) -> Path:
    return GOLDEN / f"{code.value}{Path(PARTNERS[code].partner.file_name(RUN)).suffix}"


if __name__ == "__main__":
    for each in PartnerCode:
        golden_path(each).write_bytes(b"".join(rendered(each)))
