"""A drawing of amounts: a bar a row from a line of zero, its number beside it, further numbers in columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crossbay.rendering.chart_scale import LABEL_SIZE, Scale, ticks
from crossbay.rendering.chart_text import shortened, text_width
from crossbay.rendering.drawing import (
    GRID,
    INK,
    MARGIN,
    MUTED,
    SUB_FILL,
    TOTAL_FILL,
    WIDTH,
    Anchor,
    Box,
    Drawing,
    Line,
    Text,
    heading,
)
from crossbay.rendering.source_words import units_text

_SIZE = 14.0
_HEADING_Y, _TOP = 106.0, 116.0
_NAMES_RIGHT, _LEFT = 262.0, 276.0
_INDENT = 16.0
_ROW, _SUB_ROW = 32.0, 24.0
_BAR, _SUB_BAR = 20.0, 13.0
_ROOM_ABOVE_TOTAL = 8.0
_GAP, _COLUMN_GAP = 6.0, 26.0
_MOST_TICKS = 5
_NEAREST_MARK = 8.0
"""To the line of zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """number: hundredths. text: beside the bar. cells: in the columns. fill: also says what kind of row."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    row: Row
    top: float

    @property
    def middle(self) -> float:
        return self.top + self.row.height / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A dashed line across all bars at a number, in hundredths, and what it says."""

    number: int
    text: str


def money_drawing(
    title: str,
    subtitle: str,
    rows: Sequence[Row],
    columns: Sequence[str],
    mark: Mark | None = None,
    *,
    note: str = "",
) -> Drawing:
    """columns: their headings. The mark is left out where it would stand on the line of zero.

    note: below all.
    """
    placed = tuple(_placed(rows))
    bottom = placed[-1].top + placed[-1].row.height
    rights = _column_rights(rows, columns)
    across = _scale(rows, mark, end=_bars_right(rows, columns, rights))
    marks = [mark] if mark and across.at(mark.number) - across.at(0) >= _NEAREST_MARK else []
    note_y = bottom + (48 if marks else 26)
    return Drawing(
        height=note_y + (18 if note else -4),
        grid=tuple(_upright(across.at(tick), bottom, GRID) for tick in across.ticks),
        boxes=tuple(_bar(one, across) for one in placed if one.row.number),
        lines=(
            _upright(across.at(0), bottom),
            *(_above(one) for one in placed if one.row.fill == TOTAL_FILL),
            *(_upright(across.at(one.number), bottom + 6, is_dashed=True) for one in marks),
        ),
        texts=(
            *heading(title, subtitle),
            *_tick_texts(across),
            *_column_texts(columns, rights),
            *(text for one in placed for text in _row_texts(one, across, rights)),
            *(_mark_text(one, across, bottom) for one in marks),
            *([_note_text(note, note_y)] if note else []),
        ),
    )


def _placed(rows: Sequence[Row]) -> Iterator[_Placed]:
    top = _TOP
    for row in rows:
        top += _ROOM_ABOVE_TOTAL if row.fill == TOTAL_FILL else 0
        yield _Placed(row=row, top=top)
        top += row.height


def _column_rights(rows: Sequence[Row], columns: Sequence[str]) -> tuple[float, ...]:
    """The right edges of the columns, as wide as their widest cell."""
    rights = [WIDTH - MARGIN]
    for number in range(len(columns) - 1, 0, -1):
        rights.insert(0, rights[0] - _column_width(rows, columns, number) - _COLUMN_GAP)
    return tuple(rights)


def _column_width(rows: Sequence[Row], columns: Sequence[str], number: int) -> float:
    cells = max(text_width(row.cells[number], _SIZE) for row in rows)
    return max(cells, text_width(columns[number], _SIZE, is_strong=True))


def _bars_right(rows: Sequence[Row], columns: Sequence[str], rights: Sequence[float]) -> float:
    """Where the longest bar ends, so that each number fits between its bar and the first column.

    What is said of a row without a bar stands at zero, where there is room unless bars go to the left.
    """
    beside_bars = [row.text for row in rows if row.number or min(row.number for row in rows) < 0]
    widest = max((text_width(text, _SIZE, is_strong=True) for text in beside_bars), default=0.0)
    return rights[0] - _column_width(rows, columns, 0) - _COLUMN_GAP - widest - _GAP


def _scale(rows: Sequence[Row], mark: Mark | None, *, end: float) -> Scale:
    """With as many ticks as have room for their labels."""
    numbers = [row.number for row in rows] + ([mark.number] if mark else [])
    for most in range(_MOST_TICKS, 0, -1):
        across = Scale(ticks=ticks(numbers, most=most), start=_LEFT, end=end)
        room = (end - _LEFT) / (len(across.ticks) - 1)
        if max(text.width for text in _tick_texts(across)) + 8 <= room:
            break
    return across


def _tick_texts(across: Scale) -> tuple[Text, ...]:
    """Without decimals where none of them has any."""
    are_whole = all(tick % 100 == 0 for tick in across.ticks)
    return tuple(
        Text(
            x=across.at(tick),
            y=_HEADING_Y,
            text=f"{tick // 100:,}" if are_whole else units_text(tick),
            size=LABEL_SIZE,
            anchor=Anchor.MIDDLE,
        )
        for tick in across.ticks
    )


def _bar(placed: _Placed, across: Scale) -> Box:
    zero, end = across.at(0), across.at(placed.row.number)
    height = _SUB_BAR if placed.row.is_sub else _BAR
    return Box(
        x=min(zero, end),
        y=placed.middle - height / 2,
        width=abs(end - zero),
        height=height,
        fill=placed.row.fill,
    )


def _row_texts(placed: _Placed, across: Scale, rights: Sequence[float]) -> Iterator[Text]:
    row, y = placed.row, placed.middle + 5
    size, is_strong = (13.0, False) if row.is_sub else (_SIZE, True)
    x = MARGIN + (_INDENT if row.is_sub else 0)
    name = shortened(row.name, _NAMES_RIGHT - x, size, is_strong=is_strong)
    yield Text(x=x, y=y, text=name, size=size, is_strong=is_strong)
    beside = max(across.at(0), across.at(row.number)) + _GAP
    yield Text(x=beside, y=y, text=row.text, size=size, is_strong=is_strong, on_plate=True)
    for cell, right in zip(row.cells, rights, strict=True):
        yield Text(x=right, y=y, text=cell, size=size, anchor=Anchor.END)


def _above(placed: _Placed) -> Line:
    y = placed.top - _ROOM_ABOVE_TOTAL / 2
    return Line(x1=MARGIN, y1=y, x2=WIDTH - MARGIN, y2=y)


def _upright(x: float, bottom: float, color: str = INK, *, is_dashed: bool = False) -> Line:
    return Line(x1=x, y1=_TOP, x2=x, y2=bottom, color=color, is_dashed=is_dashed)


def _column_texts(columns: Sequence[str], rights: Sequence[float]) -> Iterator[Text]:
    for name, right in zip(columns, rights, strict=True):
        yield Text(x=right, y=_HEADING_Y, text=name, size=_SIZE, anchor=Anchor.END, is_strong=True)


def _mark_text(mark: Mark, across: Scale, bottom: float) -> Text:
    x, y = across.at(mark.number), bottom + 22
    return Text(x=x, y=y, text=mark.text, size=LABEL_SIZE, anchor=Anchor.MIDDLE, color=MUTED)


def _note_text(note: str, y: float) -> Text:
    text = shortened(note, WIDTH - 2 * MARGIN, LABEL_SIZE)
    return Text(x=MARGIN, y=y, text=text, size=LABEL_SIZE, color=MUTED)
