"""Where numbers and months stand on a chart's axes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from crossbay.rendering.charts.text import text_width
from crossbay.rendering.source_words import month_name

LABEL_SIZE = 12.0
_GAP = 8.0
"""Between labels."""

_MONTH_STEPS = (1, 2, 3)
_YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Whole numbers on a line. ticks: round ones, the first and the last are the ends. start, end: theirs."""

    ticks: tuple[int, ...]
    start: float
    end: float

    def at(self, number: int) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.start + (self.end - self.start) * ((number - low) / (high - low))


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLabel:
    """Below a month, counted from 0. year: in the line below, where it says one."""

    index: int
    text: str
    year: str = ""


def ticks(numbers: Iterable[int], *, most: int) -> tuple[int, ...]:
    """Round numbers, steps of 1, 2 or 5 with zeros, from zero and around all these: two or more of them, and
    no more than `most` steps, one more where they lie on both sides of zero."""
    known = (0, *numbers)
    low, high = min(known), max(known)
    spans = ((step, low // step, max(-(-high // step), low // step + 1)) for step in _steps())
    step, first, last = next(
        (step, first, last) for step, first, last in spans if last - first <= most or (first, last) == (-1, 1)
    )
    return tuple(range(first * step, last * step + 1, step))


def _steps() -> Iterator[int]:
    """1, 2, 5, 10, 20 and so on."""
    for zeros in count():
        yield from (digit * 10**zeros for digit in (1, 2, 5))


def month_labels(months: Sequence[str], band: float) -> tuple[MonthLabel, ...]:
    """The labels that fit below months (`YYYY-MM`, one after the other) that are `band` wide each.

    The first three letters of each, each second or each third month, counted from January, and its year
    below where a new one starts; where even these are too many, years alone, below their January.
    """
    room = max(text_width(month_name(month), LABEL_SIZE) for month in months) + _GAP
    for step in _MONTH_STEPS:
        if step * band >= room or len(months) == 1:
            return _with_years(
                months, [i for i, month in enumerate(months) if _number(month) % step == 0], band
            )
    room = text_width("0000", LABEL_SIZE) + _GAP
    step = next(step for step in _YEAR_STEPS if step * 12 * band >= room or step == _YEAR_STEPS[-1])
    januaries = [(i, month[:4]) for i, month in enumerate(months) if month.endswith("-01")]
    return tuple(MonthLabel(index=i, text=year) for i, year in januaries if int(year) % step == 0)


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
    """From 0 for January."""
    return int(month[5:7]) - 1
