"""Where numbers and months stand on a chart's axes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from crossbay.rendering.charts.text import text_width
from crossbay.rendering.sources.words import month_name

LABEL_SIZE = 12.0
_GAP = 8.0
"""Between labels."""

_MONTH_STEPS = (1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Whole numbers on a line. ticks: round ones, from zero. start: where zero stands; end: the last tick."""

    ticks: tuple[int, ...]
    start: float
    end: float

    def at(self, number: int) -> float:
        return self.start + (self.end - self.start) * (number / self.ticks[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLabel:
    """Below a month, counted from 0. year: in the line below, where it says one."""

    index: int
    text: str
    year: str = ""


def ticks(highest: int, *, most: int) -> tuple[int, ...]:
    """Round numbers from zero to this or above, in one to `most` steps of 1, 2 or 5 with zeros."""
    step = next(step for step in _steps() if step * most >= highest)
    last = -(-max(highest, 1) // step)
    return tuple(range(0, last * step + 1, step))


def _steps() -> Iterator[int]:
    """1, 2, 5, 10, 20 and so on."""
    for zeros in count():
        yield from (digit * 10**zeros for digit in (1, 2, 5))


def month_labels(months: Sequence[str], band: float) -> tuple[MonthLabel, ...]:
    """The labels that fit below months (`YYYY-MM`, one after the other) that are `band` wide each.

    The first three letters of each, each second or each third month, counted from January, and its year
    below where a new one starts; where even these are too many, years alone, below their January. Twelve
    months have room for a year: those of a report, 121 at most, always have.
    """
    room = max(text_width(month_name(month), LABEL_SIZE) for month in months) + _GAP
    for step in _MONTH_STEPS:
        if step * band >= room or len(months) == 1:
            return _with_years(
                months, [i for i, month in enumerate(months) if _number(month) % step == 0], band
            )
    januaries = [i for i, month in enumerate(months) if month.endswith("-01")]
    return tuple(MonthLabel(index=i, text=months[i][:4]) for i in januaries)


def _with_years(months: Sequence[str], indices: Sequence[int], band: float) -> tuple[MonthLabel, ...]:
    """The year stands below the first label too, unless that of its first January is too near."""
    room = text_width("0000", LABEL_SIZE) + _GAP
    januaries = [i for i in indices if months[i].endswith("-01")]
    with_year = set(januaries)
    if not januaries or (januaries[0] - indices[0]) * band >= room:
        with_year.add(indices[0])
    return tuple(
        MonthLabel(index=i, text=month_name(months[i]), year=months[i][:4] if i in with_year else "")
        for i in indices
    )


def _number(month: str) -> int:
    """The number of the month, from 0 for January."""
    return int(month[5:7]) - 1
