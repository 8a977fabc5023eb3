"""A drawing of counts by month: layers stacked as bars, or as areas where months are many, and a legend."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from crossbay.rendering.charts.drawing import (
    GRID,
    MARGIN,
    MUTED,
    WIDTH,
    Anchor,
    Area,
    Drawing,
    DrawnLine,
    Head,
    OutlinedBox,
    Text,
    heading,
)
from crossbay.rendering.charts.scale import LABEL_SIZE, MonthLabel, Scale, month_labels, ticks
from crossbay.rendering.charts.text import shortened, text_width
from crossbay.rendering.sources.words import share_text, whole_text

_HEIGHT = 540.0
_TOP, _BOTTOM = 100.0, 484.0
_LEGEND_LEFT, _RIGHT = 724.0, 700.0
_LEGEND_ROW = 34.0
_SWATCH_WIDTH, _SWATCH_HEIGHT = 30.0, 24.0
_WIDEST_BAR, _SHARE_OF_BAND = 96.0, 0.74
_NARROWEST_BAND = 11.0
"""Of a month that has a bar of its own; narrower ones touch, so that patterns can still be seen."""

_VALUE_SIZE = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One layer of the stack. counts: new customers of each month."""

    name: str
    fill: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


def mix_drawing(head: Head, shown: Sequence[Series], months: Sequence[str]) -> Drawing:
    """shown: from the bottom of the stack. months: `YYYY-MM`, one after the other."""
    totals = [sum(counts) for counts in zip(*(one.counts for one in shown), strict=True)]
    up = Scale(ticks=ticks(max(totals), most=6), start=_BOTTOM, end=_TOP)
    left = MARGIN + max(text_width(whole_text(tick), LABEL_SIZE) for tick in up.ticks) + 8
    band = (_RIGHT - left) / len(months)
    plot = _Plot(left=left, band=band, up=up)
    bars = tuple(plot.bars(shown)) if plot.has_bars else ()
    labels = month_labels(months, band)
    return Drawing(
        height=_HEIGHT,
        grid=tuple(
            DrawnLine(x1=left, y1=up.at(tick), x2=_RIGHT, y2=up.at(tick), color=GRID) for tick in up.ticks
        ),
        boxes=(*(bar for bar, _ in bars), *_swatches(shown)),
        areas=() if plot.has_bars else tuple(plot.steps(shown)),
        lines=(DrawnLine(x1=left, y1=_BOTTOM, x2=_RIGHT, y2=_BOTTOM), *plot.month_ticks(labels)),
        texts=(
            *heading(head),
            *plot.tick_texts(),
            *plot.month_texts(labels),
            *plot.total_texts(totals),
            *_values(bars),
            *_legend_texts(shown),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plot:
    """Where the months stand. band: the width of one."""

    left: float
    band: float
    up: Scale

    @property
    def has_bars(self) -> bool:
        return self.band >= _NARROWEST_BAND

    def middle(self, index: int) -> float:
        return self.left + self.band * (index + 0.5)

    def bars(self, shown: Sequence[Series]) -> Iterator[tuple[OutlinedBox, int]]:
        """Each with the number that it stands for."""
        width = min(_WIDEST_BAR, self.band * _SHARE_OF_BAND)
        for one, (lows, highs) in zip(shown, _layers(shown), strict=True):
            for index, (low, high) in enumerate(zip(lows, highs, strict=True)):
                if high > low:
                    top, bottom = self.up.at(high), self.up.at(low)
                    x = self.middle(index) - width / 2
                    yield OutlinedBox(x=x, y=top, width=width, height=bottom - top, fill=one.fill), high - low

    def steps(self, shown: Sequence[Series]) -> Iterator[Area]:
        """Bars that touch, as one shape for each run of months in which a layer has something."""
        for one, (lows, highs) in zip(shown, _layers(shown), strict=True):
            for run in _runs(one.counts):
                tops, bottoms = self._edge(run, highs), self._edge(run, lows)
                yield Area(points=(*tops, *reversed(bottoms)), fill=one.fill)

    def _edge(self, indices: Sequence[int], heights: Sequence[int]) -> list[tuple[float, float]]:
        return [
            (self.left + self.band * side, self.up.at(heights[index]))
            for index in indices
            for side in (index, index + 1)
        ]

    def month_ticks(self, labels: Sequence[MonthLabel]) -> Iterator[DrawnLine]:
        for label in labels:
            x = self.middle(label.index)
            yield DrawnLine(x1=x, y1=_BOTTOM, x2=x, y2=_BOTTOM + 5)

    def tick_texts(self) -> Iterator[Text]:
        for tick in self.up.ticks:
            y = self.up.at(tick) + 4
            yield Text(x=self.left - 8, y=y, text=whole_text(tick), size=LABEL_SIZE, anchor=Anchor.END)

    def month_texts(self, labels: Sequence[MonthLabel]) -> Iterator[Text]:
        for label in labels:
            for line, text in enumerate((label.text, label.year)):
                if text:
                    x, y = self.middle(label.index), _BOTTOM + 20 + line * 16
                    yield Text(x=x, y=y, text=text, size=LABEL_SIZE, anchor=Anchor.MIDDLE)

    def total_texts(self, totals: Sequence[int]) -> Iterator[Text]:
        """Above each month, or above the highest alone where they would touch."""
        widths = [text_width(whole_text(total), _VALUE_SIZE, is_strong=True) for total in totals]
        shown = range(len(totals)) if max(widths) + 4 <= self.band else (totals.index(max(totals)),)
        for index in shown:
            half = widths[index] / 2
            if totals[index]:
                yield Text(
                    x=min(max(self.middle(index), self.left + half), _RIGHT - half),
                    y=self.up.at(totals[index]) - 5,
                    text=whole_text(totals[index]),
                    size=_VALUE_SIZE,
                    anchor=Anchor.MIDDLE,
                    is_strong=True,
                    has_plate=True,
                )


def _layers(shown: Sequence[Series]) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """The start and end of each layer in each month."""
    lows = [0] * len(shown[0].counts)
    for one in shown:
        highs = [low + count for low, count in zip(lows, one.counts, strict=True)]
        yield lows, highs
        lows = highs


def _runs(counts: Sequence[int]) -> Iterator[Sequence[int]]:
    """The indices of each run of numbers that are not zero."""
    for has_some, run in groupby(range(len(counts)), key=lambda index: counts[index] > 0):
        if has_some:
            yield tuple(run)


def _values(bars: Sequence[tuple[OutlinedBox, int]]) -> Iterator[Text]:
    """The numbers that fit into their bars."""
    for box, number in bars:
        text = Text(
            x=box.x + box.width / 2,
            y=box.y + box.height / 2 + 4,
            text=whole_text(number),
            size=_VALUE_SIZE,
            anchor=Anchor.MIDDLE,
            has_plate=True,
        )
        if text.plate.width <= box.width - 2 and text.plate.height <= box.height - 2:
            yield text


def _swatches(shown: Sequence[Series]) -> Iterator[OutlinedBox]:
    """The swatches in the order of the stack, its top first."""
    for row, one in enumerate(reversed(shown)):
        y = _TOP + row * _LEGEND_ROW
        yield OutlinedBox(x=_LEGEND_LEFT, y=y, width=_SWATCH_WIDTH, height=_SWATCH_HEIGHT, fill=one.fill)


def _legend_texts(shown: Sequence[Series]) -> Iterator[Text]:
    x = _LEGEND_LEFT + _SWATCH_WIDTH + 10
    whole = sum(one.total for one in shown)
    for row, one in enumerate(reversed(shown)):
        y = _TOP + row * _LEGEND_ROW
        yield Text(x=x, y=y + 10, text=shortened(one.name, WIDTH - MARGIN - x, 14), size=14)
        share = f"{whole_text(one.total)} ({share_text(one.total, whole)})"
        yield Text(x=x, y=y + 24, text=share, size=12.5, color=MUTED)
