"""How bars and areas are filled: by pattern and by how dark they are, told apart in black and white too."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """motif: an SVG path, drawn with ink on each tile of the ground, 8 by 8; plain fills have none."""

    ground: str
    ink: str = ""
    motif: str = ""
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
