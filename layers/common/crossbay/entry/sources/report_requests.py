"""What clients send about the source report: periods, kinds of file, spend."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from crossbay.entry.fields import Day, ListFormat
from crossbay.entry.inputs import Input, example

_A_SOURCE = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
_SPENT = Annotated[int, Field(ge=0, le=10_000_000_000)]


class PeriodInput(Input):
    """first, last: civil days, both included."""

    model_config = example(first="2027-01-01", last="2027-03-31")

    first: Day
    last: Day

    @property
    def days(self) -> tuple[date, date]:
        return date.fromisoformat(self.first), date.fromisoformat(self.last)


class ReportFileInput(PeriodInput):
    model_config = example(first="2027-01-01", last="2027-03-31", format="xlsx")

    format: Annotated[ListFormat, Field(strict=False)] = ListFormat.CSV


class SpendInput(Input):
    """All that was spent in the month: amounts by the id of a category of the organization or a source of the
    shop. What isn't named was not spent."""

    model_config = example(amounts_cents={"internet-search-ads": 45_000, "advertising-direct-mail": 120_000})

    amounts_cents: Annotated[dict[_A_SOURCE, _SPENT], Field(max_length=500)]
