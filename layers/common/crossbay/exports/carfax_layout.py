"""CARFAX's file, column by column: what its writer fills in, and what its certificate holds each line to.

The first 24 columns and their order: from public evidence, named in `docs/partners/carfax.md`. The last three
are ours. Unconfirmed until CARFAX has said so.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """pattern: what a cell may be, a regular expression. is_free_text: people typed it, for each RO.
    is_shop: the same in the whole file.
    """

    name: str
    pattern: str
    is_free_text: bool = False
    is_shop: bool = False


_ANY = r'[^"|\x00-\x1f\x7f-\xff]*'
_DATE = r"(?:\d\d/\d\d/\d{4})?"

COLUMNS = (
    Column("VIN", r"[A-HJ-NPR-Z0-9]{17}"),
    Column("RO_OPEN_DATE", _DATE),
    Column("RO_CLOSE_DATE", _DATE),
    Column("MILEAGE", r"\d{0,7}"),
    Column("ODOMETER_MEASURE", "MI"),
    Column("RO_INVOICE_NUMBER", _ANY, is_free_text=True),
    Column("SERVICE_DESCRIPTION", _ANY, is_free_text=True),
    Column("LABOR_DESCRIPTION", ""),
    Column("PART_NAME_DESCRIPTION", ""),
    Column("PART_QUANTITY", ""),
    Column("MAKE", _ANY, is_free_text=True),
    Column("MODEL", _ANY, is_free_text=True),
    Column("MODEL_YEAR", r"\d{0,4}"),
    Column("PLATE", r"[A-Z0-9]{0,8}"),
    Column("PLATE_STATE", r"(?:[A-Z]{2,3})?"),
    Column("MANAGEMENT_SYSTEM", "CROSSBAY"),
    Column("LOCATION_ID", r"[A-Za-z0-9-]+", is_shop=True),
    Column("LOCATION_NAME", _ANY, is_shop=True),
    Column("ADDRESS", _ANY, is_shop=True),
    Column("CITY", _ANY, is_shop=True),
    Column("STATE", _ANY, is_shop=True),
    Column("POSTAL_CODE", _ANY, is_shop=True),
    Column("PHONE", r"[\d-]*", is_shop=True),
    Column("URL", ""),
    Column("SUBMODEL", _ANY, is_free_text=True),
    Column("ENGINE", _ANY, is_free_text=True),
    Column("RECORD_TYPE", "NEW|AMENDED|VOIDED"),
)

HEADER = "|".join(f'"{column.name}"' for column in COLUMNS) + "\n"
LINE_END = "\n"


def line_pattern() -> re.Pattern[str]:
    """What a whole line must match."""
    return re.compile(r"\|".join(f'"(?:{column.pattern})"' for column in COLUMNS) + LINE_END, re.ASCII)
