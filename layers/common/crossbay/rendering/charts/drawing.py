"""What a chart is made of, in SVG's units: x to the right, y down, 960 of them wide.

A drawing is data; `chart.svg` writes it down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from crossbay.rendering.charts.fills import FILLS, Fill
from crossbay.rendering.charts.text import shortened, text_width

WIDTH = 960.0
MARGIN = 24.0
INK = "#1a1a1a"
MUTED = "#444444"
"""Of lesser texts: 9.7 to 1 on white."""
GRID = "#c4c4c4"

_ASCENT = 0.8
"""How far letters rise above their base line, of their size."""


class Anchor(StrEnum):
    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line of text; y: its base line. has_plate: white below it, where it stands on a pattern."""

    x: float
    y: float
    text: str
    size: float = 13.0
    anchor: Anchor = Anchor.START
    is_strong: bool = False
    color: str = INK
    has_plate: bool = False

    @property
    def width(self) -> float:
        return text_width(self.text, self.size, is_strong=self.is_strong)

    @property
    def plate(self) -> "OutlinedBox":
        """White room for it on a pattern."""
        box = self.box
        return OutlinedBox(x=box.x - 2, y=box.y - 1.5, width=box.width + 4, height=box.height + 2)

    @property
    def box(self) -> "OutlinedBox":
        """What it takes at most."""
        before = {Anchor.START: 0.0, Anchor.MIDDLE: 0.5, Anchor.END: 1.0}[self.anchor]
        return OutlinedBox(
            x=self.x - self.width * before,
            y=self.y - self.size * _ASCENT,
            width=self.width,
            height=self.size,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlinedBox:
    """An outlined bar, swatch or plate. fill: the key of one of `FILLS`."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An outlined shape. points: (x, y), the last one is joined to the first."""

    points: tuple[tuple[float, float], ...]
    fill: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLine:
    x1: float
    y1: float
    x2: float
    y2: float
    color: str = INK
    is_dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Grid below bars and areas, lines above them, texts above all."""

    height: float
    grid: tuple[DrawnLine, ...] = ()
    boxes: tuple[OutlinedBox, ...] = ()
    areas: tuple[Area, ...] = ()
    lines: tuple[DrawnLine, ...] = ()
    texts: tuple[Text, ...] = ()

    @property
    def fills(self) -> Mapping[str, Fill]:
        used = {box.fill for box in self.boxes} | {area.fill for area in self.areas}
        return {key: fill for key, fill in FILLS.items() if key in used}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above a drawing: whose it is, what it shows, and of when."""

    whose: str
    title: str
    subtitle: str


def heading(head: Head) -> tuple[Text, ...]:
    whose = shortened(head.whose, WIDTH - 2 * MARGIN, 13, is_strong=True)
    return (
        *([Text(x=MARGIN, y=16, text=whose, is_strong=True)] if whose else []),
        Text(x=MARGIN, y=42, text=head.title, size=24, is_strong=True),
        Text(x=MARGIN, y=66, text=head.subtitle, size=14, color=MUTED),
    )


def empty_drawing(head: Head, nothing: str) -> Drawing:
    """A drawing that says that there is nothing to draw."""
    middle = Text(x=WIDTH / 2, y=170, text=nothing, size=20, anchor=Anchor.MIDDLE)
    return Drawing(height=280, texts=(*heading(head), middle))
