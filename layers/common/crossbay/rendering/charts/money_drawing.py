"""A drawing of amounts: a bar a row from a line of zero, its number beside it, further numbers in columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crossbay.rendering.charts.drawing import (
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
from crossbay.rendering.charts.fills import SUB_FILL, TOTAL_FILL, UNKNOWN_FILL
from crossbay.rendering.charts.scale import LABEL_SIZE
from crossbay.rendering.charts.text import shortened, text_width

_SIZE = 14.0
_HEADING_Y, _TOP = 106.0, 116.0
_NAMES_RIGHT, _ZERO = 262.0, 276.0
_INDENT = 16.0
_ROW, _SUB_ROW = 32.0, 24.0
_BAR, _SUB_BAR = 20.0, 13.0
_ROOM_ABOVE_TOTAL = 8.0
_GAP, _COLUMN_GAP = 6.0, 26.0
_LEAST_BREAK_EVEN = 24.0
"""From the line of zero: nearer it couldn't be told from it, so bars that are too long for that are cut."""

_CUT_NOTE = "A bar with a gap is longer than there is room for: the number beside it counts."


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyRow:
    """number: hundredths; none below zero has a bar. text: beside the bar. cells: in the columns.

    fill: also says what kind of row.
    """

    name: str
    fill: str
    number: int
    text: str
    cells: tuple[str, ...]

    @property
    def is_sub(self) -> bool:
        return self.fill == SUB_FILL

    @property
    def height(self) -> float:
        return _SUB_ROW if self.is_sub else _ROW

    @property
    def size(self) -> float:
        """The size of its texts."""
        return 13.0 if self.is_sub else _SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """A dashed line across all bars at a number, in hundredths, and what it says."""

    number: int
    text: str


def money_drawing(
    head: Head,
    rows: Sequence[MoneyRow],
    columns: Sequence[str],
    break_even: BreakEven | None = None,
    *,
    note: str = "",
) -> Drawing:
    """columns: their headings. note: below all."""
    bars_right, *rights = _edges(rows, columns)
    bars = _Bars.of(rows, break_even, bars_right - _ZERO)
    boxes: list[OutlinedBox] = []
    gaps: list[Area] = []
    lines: list[DrawnLine] = []
    texts = [*heading(head), *_column_texts(columns, rights)]
    y = _TOP
    for row in rows:
        if row.fill == TOTAL_FILL:
            lines.append(DrawnLine(x1=MARGIN, y1=y + 4, x2=WIDTH - MARGIN, y2=y + 4))
            y += _ROOM_ABOVE_TOTAL
        if bar := bars.length(row):
            boxes.append(_box(row, y, bar))
        if bars.is_cut(row):
            gaps.append(_gap(boxes[-1]))
        texts += _row_texts(row, y, bars.text_x(row), rights)
        y += row.height
    lines.append(DrawnLine(x1=_ZERO, y1=_TOP, x2=_ZERO, y2=y))
    if break_even:
        x = bars.break_even_x
        lines.append(DrawnLine(x1=x, y1=_TOP, x2=x, y2=y + 6, is_dashed=True))
        y += 22
        texts.append(_small_text(break_even.text, x, y, Anchor.MIDDLE))
    for said in filter(None, (_CUT_NOTE if gaps else "", note)):
        y += 26
        texts.append(_small_text(shortened(said, WIDTH - 2 * MARGIN, LABEL_SIZE), MARGIN, y))
    return Drawing(
        height=y + 20, boxes=tuple(boxes), areas=tuple(gaps), lines=tuple(lines), texts=tuple(texts)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bars:
    """How long bars are. unit: of a hundredth. break_even_x: of its line, or that of zero without one."""

    room: float
    unit: float
    break_even_x: float

    @classmethod
    def of(cls, rows: Sequence[MoneyRow], break_even: BreakEven | None, room: float) -> "_Bars":
        highest = float(max(1, *(row.number for row in rows)))
        if break_even:
            highest = min(max(highest, break_even.number), break_even.number * room / _LEAST_BREAK_EVEN)
        unit = room / highest
        line = break_even.number * unit if break_even else 0.0
        return cls(room=room, unit=unit, break_even_x=_ZERO + line)

    def length(self, row: MoneyRow) -> float:
        return min(self.room, max(0.0, row.number * self.unit))

    def is_cut(self, row: MoneyRow) -> bool:
        return row.number * self.unit > self.room + 0.01

    def text_x(self, row: MoneyRow) -> float:
        """Behind the bar, and behind the line of break-even where it would hide that."""
        x = _ZERO + self.length(row) + _GAP
        width = text_width(row.text, row.size, is_strong=not row.is_sub)
        is_hidden = x - _GAP < self.break_even_x < x + width + _GAP
        return self.break_even_x + _GAP if is_hidden else x


def _edges(rows: Sequence[MoneyRow], columns: Sequence[str]) -> list[float]:
    """The right edges of the longest bar and of the columns, which are as wide as their widest cells."""
    edges = [WIDTH - MARGIN]
    for number in reversed(range(len(columns))):
        heading_width = text_width(columns[number], _SIZE, is_strong=True)
        width = max(heading_width, *(text_width(row.cells[number], _SIZE) for row in rows))
        edges.insert(0, edges[0] - width - _COLUMN_GAP)
    beside = [text_width(row.text, _SIZE, is_strong=True) for row in rows if row.number > 0]
    edges[0] -= max(beside, default=0.0) + _GAP
    return edges


def _box(row: MoneyRow, top: float, width: float) -> OutlinedBox:
    height = _SUB_BAR if row.is_sub else _BAR
    return OutlinedBox(x=_ZERO, y=top + (row.height - height) / 2, width=width, height=height, fill=row.fill)


def _gap(bar: OutlinedBox) -> Area:
    """Across the bar near its end, aslant, from its upper to its lower edge."""
    left, top, bottom = bar.x + bar.width - 30, bar.y - 2, bar.y + bar.height + 2
    corners = ((left + 6, top), (left + 13, top), (left + 7, bottom), (left, bottom))
    return Area(points=corners, fill=UNKNOWN_FILL)


def _row_texts(row: MoneyRow, top: float, text_x: float, rights: Sequence[float]) -> Iterator[Text]:
    y = top + row.height / 2 + 5
    size, is_strong = row.size, not row.is_sub
    x = MARGIN + (_INDENT if row.is_sub else 0)
    name = shortened(row.name, _NAMES_RIGHT - x, size, is_strong=is_strong)
    yield Text(x=x, y=y, text=name, size=size, is_strong=is_strong)
    yield Text(x=text_x, y=y, text=row.text, size=size, is_strong=is_strong, has_plate=True)
    for cell, right in zip(row.cells, rights, strict=True):
        yield Text(x=right, y=y, text=cell, size=size, anchor=Anchor.END)


def _column_texts(columns: Sequence[str], rights: Sequence[float]) -> Iterator[Text]:
    for name, right in zip(columns, rights, strict=True):
        yield Text(x=right, y=_HEADING_Y, text=name, size=_SIZE, anchor=Anchor.END, is_strong=True)


def _small_text(text: str, x: float, y: float, anchor: Anchor = Anchor.START) -> Text:
    return Text(x=x, y=y, text=text, size=LABEL_SIZE, anchor=anchor, color=MUTED)
