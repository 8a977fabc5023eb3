"""The kinds of value that clients send: lengths, letters and days that a record can hold."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from crossbay.domain.limits import FIRST_YEAR, LAST_YEAR, LINE, MOST_CENTS, MOST_MILES, NOTE, SHORT


def civil_day(text: str) -> str:
    """The day as it is sent, `2027-03-01`. Raises ValueError when the calendar has no such day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if len(text) != len("2027-03-01") or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"must be a day such as 2027-03-01, of the years {FIRST_YEAR} to {LAST_YEAR}")
    return text


def civil_day_or_none(text: str) -> str:
    """Reads a day like `civil_day`; empty for no day."""
    return text and civil_day(text)


def instant(sent: object) -> datetime:
    """The instant of an ISO 8601 text with an offset. Raises ValueError for anything else."""
    try:
        found = datetime.fromisoformat(sent) if isinstance(sent, str) else datetime.min
    except ValueError:
        found = datetime.min
    if found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError("must be a time with an offset, such as 2027-03-01T09:30:00-05:00")
    return found


Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=SHORT, pattern=r"^[^\x00-\x1f]*$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LINE, pattern=r"^[^\x00-\x1f]*$")]
Title = Annotated[Line, StringConstraints(min_length=1)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=NOTE, pattern=r"^[^\x00]*$")]
NonEmptyText = Annotated[Text, StringConstraints(min_length=1)]
NamedId = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
RecordId = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9-]*$")]
Day = Annotated[str, AfterValidator(civil_day), WithJsonSchema({"type": "string", "format": "date"})]
DayOrNone = Annotated[
    str,
    AfterValidator(civil_day_or_none),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"const": ""}]}),
]
Instant = Annotated[
    AwareDatetime, BeforeValidator(instant), WithJsonSchema({"type": "string", "format": "date-time"})
]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Cents = Annotated[int, Field(ge=-MOST_CENTS, le=MOST_CENTS)]
Miles = Annotated[int, Field(ge=0, le=MOST_MILES)]


class ListFormat(StrEnum):
    """The format of a list or report as a file."""

    CSV = "csv"
    XLSX = "xlsx"
