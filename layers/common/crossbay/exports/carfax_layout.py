"""CARFAX's file, column by column: what its writer fills in, and what its certificate holds each line to.

The first 24 columns and their order: from public evidence, named in `docs/partners/carfax.md`. The last three
are ours. Unconfirmed until CARFAX has said so.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """pattern: what a cell may be, as a regular expression; ANY for text that people typed."""

    name: str
    pattern: str
    is_free_text: bool = False


_ANY = r'[^"|\x00-\x1f\x7f-\xff]*'
_DATE = r"(?:\d\d/\d\d/\d{4})?"

COLUMNS = (
    Column("VIN", r"[A-HJ-NPR-Z0-9]{17}"),
    Column("RO_OPEN_DATE", _DATE),
    Column("RO_CLOSE_DATE", _DATE),
    Column("MILEAGE", r"\d{0,7}"),
    Column("ODOMETER_MEASURE", "MI"),
    Column("RO_INVOICE_NUMBER", _ANY, True),
    Column("SERVICE_DESCRIPTION", _ANY, True),
    Column("LABOR_DESCRIPTION", ""),
    Column("PART_NAME_DESCRIPTION", ""),
    Column("PART_QUANTITY", ""),
    Column("MAKE", _ANY, True),
    Column("MODEL", _ANY, True),
    Column("MODEL_YEAR", r"\d{0,4}"),
    Column("PLATE", r"[A-Z0-9]{0,8}"),
    Column("PLATE_STATE", r"(?:[A-Z]{2,3})?"),
    Column("MANAGEMENT_SYSTEM", "CROSSBAY"),
    Column("LOCATION_ID", r"[A-Za-z0-9-]+"),
    Column("LOCATION_NAME", _ANY),
    Column("ADDRESS", _ANY),
    Column("CITY", _ANY),
    Column("STATE", _ANY),
    Column("POSTAL_CODE", _ANY),
    Column("PHONE", r"[\d-]*"),
    Column("URL", ""),
    Column("SUBMODEL", _ANY, True),
    Column("ENGINE", _ANY, True),
    Column("RECORD_TYPE", "NEW|AMENDED|VOIDED"),
)

HEADER = "|".join(f'"{column.name}"' for column in COLUMNS) + "\n"
LINE_END = "\n"


def line_pattern() -> re.Pattern[str]:
    """What a whole line must match; its groups are the free cells, in the order of the columns."""
    cells = (f"({column.pattern})" if column.is_free_text else f"(?:{column.pattern})" for column in COLUMNS)
    return re.compile(r"\|".join(f'"{cell}"' for cell in cells) + LINE_END, re.ASCII)
