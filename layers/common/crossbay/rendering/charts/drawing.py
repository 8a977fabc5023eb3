"""What a chart is made of, in SVG's units: x to the right, y down, 960 of them wide.

A drawing is data; `chart.svg` writes it down. Fills differ by pattern and by how dark they are, so
that they are told apart in black and white too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from crossbay.rendering.charts.text import text_width

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
    """One line of text; y: its base line. on_plate: on a white plate, where it stands on a pattern."""

    x: float
    y: float
    text: str
    size: float = 13.0
    anchor: Anchor = Anchor.START
    is_strong: bool = False
    color: str = INK
    on_plate: bool = False

    @property
    def width(self) -> float:
        return text_width(self.text, self.size, is_strong=self.is_strong)

    @property
    def plate(self) -> "Box":
        """White room for it on a pattern."""
        box = self.box
        return Box(x=box.x - 2, y=box.y - 1.5, width=box.width + 4, height=box.height + 2)

    @property
    def box(self) -> "Box":
        """What it takes at most."""
        before = {Anchor.START: 0.0, Anchor.MIDDLE: 0.5, Anchor.END: 1.0}[self.anchor]
        return Box(
            x=self.x - self.width * before,
            y=self.y - self.size * _ASCENT,
            width=self.width,
            height=self.size,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
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
class Line:
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
    grid: tuple[Line, ...] = ()
    boxes: tuple[Box, ...] = ()
    areas: tuple[Area, ...] = ()
    lines: tuple[Line, ...] = ()
    texts: tuple[Text, ...] = ()

    @property
    def width(self) -> float:
        return WIDTH

    @property
    def fills(self) -> Mapping[str, "Fill"]:
        used = {box.fill for box in self.boxes} | {area.fill for area in self.areas}
        return {key: fill for key, fill in FILLS.items() if key in used}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """motif: an SVG path, drawn with ink on each tile of the ground; empty for a plain fill."""

    ground: str
    ink: str = INK
    motif: str = ""
    tile: int = 8
    stroke: float = 2.0
    cap: str = "square"


UNKNOWN_FILL = "unknown"
SERIES_FILLS = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
MAIN_FILL, SUB_FILL, TOTAL_FILL = "main", "sub", "total"
"""Of bars that are named beside them."""

_RISING = "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4"
_FALLING = "M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4"
_DOTS = "M2,2 h.01 M6,6 h.01"

FILLS: Mapping[str, Fill] = {
    UNKNOWN_FILL: Fill(ground="#ffffff"),
    "0": Fill(ground="#1f4e79"),
    "1": Fill(ground="#fbe3b8", ink="#9a5b00", motif=_RISING, stroke=2.2),
    "2": Fill(ground="#6fae9b"),
    "3": Fill(ground="#ffffff", ink="#7a1f3d", motif=_DOTS, cap="round", stroke=2.8),
    "4": Fill(ground="#8a2f4f", ink="#ffffff", motif=_FALLING, stroke=1.6),
    "5": Fill(ground="#dbe9f6", ink="#1f4e79", motif="M4,0 v8", stroke=2.2),
    "6": Fill(ground="#ead9f2", ink="#5b2a86", motif=f"{_RISING} {_FALLING}", stroke=1.1),
    "7": Fill(ground="#eef3d2", ink="#4c6b12", motif="M0,4 h8", stroke=2.2),
    "8": Fill(ground="#4d4d4d", ink="#ffffff", motif=_DOTS, cap="round", stroke=2.4),
    "9": Fill(ground="#fbe0d6", ink="#a03c14", motif="M0,2 h8 M0,6 h8 M2,2 v4 M6,6 v2 M6,0 v2", stroke=0.9),
    MAIN_FILL: Fill(ground="#1f4e79"),
    SUB_FILL: Fill(ground="#a9c9e6"),
    TOTAL_FILL: Fill(ground="#6b6b6b"),
}


def heading(title: str, subtitle: str) -> tuple[Text, ...]:
    return (
        Text(x=MARGIN, y=42, text=title, size=24, is_strong=True),
        Text(x=MARGIN, y=66, text=subtitle, size=14, color=MUTED),
    )


def empty_drawing(title: str, subtitle: str, nothing: str) -> Drawing:
    """A drawing that says that there is nothing to draw."""
    middle = Text(x=WIDTH / 2, y=170, text=nothing, size=20, anchor=Anchor.MIDDLE)
    return Drawing(height=280, texts=(*heading(title, subtitle), middle))
