"""A chart, for eyes, for screen readers and for slides: its drawing, a sentence, and the numbers as a table.

The SVG says its title and description to screen readers, and is told apart by patterns when it is printed in
black and white. Decision 0149.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from crossbay.rendering.charts.drawing import WIDTH, Drawing
from crossbay.rendering.merge import without_controls

PNG_WIDTH = 1600
"""Pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartTable:
    """Exactly the numbers that are drawn, and those that a drawing sums up; names whole."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """id: what callers and its SVG's ids know it by. description: sentences for who can't see the drawing."""

    id: str
    title: str
    description: str
    table: ChartTable
    drawing: Drawing

    @cached_property
    def svg(self) -> str:
        return str(_template().render(chart=self, drawing=self.drawing, width=WIDTH))


def png(chart: Chart) -> bytes:
    """The picture, 1600 pixels wide, set in Source Sans Pro, whose letters are Latin, Greek and Cyrillic:
    others, also emoji, are boxes in it, while a browser shows those of the SVG in its own fonts."""
    from resvg_py import svg_to_bytes

    folder = files("font_source_sans_pro").joinpath("files")
    fonts = [str(folder.joinpath(f"SourceSansPro-{weight}.ttf")) for weight in ("Regular", "Semibold")]
    return svg_to_bytes(
        svg_string=chart.svg,
        width=PNG_WIDTH,
        skip_system_fonts=True,
        font_files=fonts,
        font_family="Source Sans Pro",
    )


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    source = files(__package__).joinpath("chart.svg").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["n"] = _number
    environment.filters["clean"] = without_controls
    return environment.from_string(source)


def _number(number: float) -> str:
    """Shortly, to a hundredth."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
