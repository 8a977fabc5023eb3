"""Charts of the marketing source report: what they say, draw and leave out."""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from PIL import Image

from crossbay.domain.sources.source import Category, SubCategory
from crossbay.rendering.charts.chart import Chart, png
from crossbay.rendering.charts.drawing import INK, MUTED, WIDTH, OutlinedBox, Text
from crossbay.rendering.charts.fills import FILLS, SERIES_FILLS, UNKNOWN_FILL
from crossbay.rendering.charts.mix import series, source_mix
from crossbay.rendering.charts.money import cost_per_new_customer, return_on_spend
from crossbay.rendering.charts.sources import source_charts
from crossbay.reports.sources import SourceReport
from tests.unit.rendering.source_reports import figures, named, report_of, reports

Draw = Callable[[SourceReport], Chart]
CHARTS = (source_mix, cost_per_new_customer, return_on_spend)
SVG = "{http://www.w3.org/2000/svg}"
COUNTED = {
    "yelp": figures(30, 900_000, cars=60),
    "friend": figures(50, 600_000, cars=90),
    "location": figures(5, 100_000, cars=7),
    "none": figures(15, 100_000, cars=20),
}
SPEND = {"yelp": 30_000, "ads": 60_000, "friend": 10_000}
STRANGE = (
    "Advertising & <promotions> \"of\" 'all' kinds, newspapers and the county fair included",
    "שלום לכולם",
    "مرحبا بالعالم",
    "网络广告和社交媒体推广",
    "\N{AUTOMOBILE}\N{VARIATION SELECTOR-16} Friends \N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}",
    "\x00\x1b\ud800\uffff]]><script>",
)


def _texts(chart: Chart) -> list[str]:
    """What the SVG shows, as another parser reads it."""
    return ["".join(text.itertext()) for text in ElementTree.fromstring(chart.svg).iter(f"{SVG}text")]  # noqa: S314 (our own)


def _number(text: str) -> int:
    """Of a whole number, or an amount in cents."""
    return int(text.replace(",", "").replace(".", ""))


def _years(count: int) -> SourceReport:
    return report_of(COUNTED, SPEND, first=date(2027 - count, 3, 1), last=date(2027, 2, 28))


def _meet(one: OutlinedBox, other: OutlinedBox) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@pytest.mark.parametrize("draw", CHARTS)
def test_a_screen_reader_hears_title_and_description(draw: Draw) -> None:
    chart = draw(report_of(COUNTED, SPEND))
    root = ElementTree.fromstring(chart.svg)  # noqa: S314 (our own)
    title, description = root[0], root[1]

    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert (title.tag, title.text) == (f"{SVG}title", chart.title)
    assert (description.tag, description.text) == (f"{SVG}desc", chart.description)


@pytest.mark.rule("M8")
@pytest.mark.parametrize("spend", [SPEND, {}], ids=["drawn", "nothing to draw"])
@pytest.mark.parametrize("draw", CHARTS)
def test_a_chart_says_whose_it_is_and_of_when_to_eyes_and_to_screen_readers(
    draw: Draw, spend: dict[str, int]
) -> None:
    chart = draw(report_of(COUNTED if spend else {}, spend, whose="All shops of Bay Auto"))

    assert "All shops of Bay Auto" in _texts(chart)
    assert any("Jan 1, 2027 to Feb 28, 2027" in text for text in _texts(chart))
    assert f"{chart.title}, All shops of Bay Auto, Jan 1, 2027 to Feb 28, 2027" in chart.description


def test_the_mix_says_the_largest_source_the_range_and_how_much_is_unknown() -> None:
    assert source_mix(report_of(COUNTED)).description == (
        "New customers a month by marketing source, Jan 1, 2027 to Feb 28, 2027, 1 shop. "
        "200 in all, between 100 (Jan 2027) and 100 (Jan 2027) a month. "
        "The largest source is Referral: 100 (50%). The source of 30 (15%) is unknown."
    )


def test_the_mix_has_the_numbers_as_a_table() -> None:
    table = source_mix(report_of(COUNTED)).table

    assert table.columns == ("Month", "Internet", "Referral", "Location", "Unknown", "Total")
    assert table.rows == (
        ("Jan 2027", "30", "50", "5", "15", "100"),
        ("Feb 2027", "30", "50", "5", "15", "100"),
        ("Total", "60", "100", "10", "30", "200"),
    )


def test_the_legend_stands_in_the_order_of_the_stack() -> None:
    chart = source_mix(report_of(COUNTED))
    names = [text for text in _texts(chart) if text in ("Internet", "Referral", "Location", "Unknown")]
    january = [box for box in chart.drawing.boxes if box.x < 300]
    swatches = [box for box in chart.drawing.boxes if box.x > 700]

    assert names == ["Unknown", "Location", "Internet", "Referral"]
    assert [box.fill for box in swatches] == [box.fill for box in sorted(january, key=lambda box: box.y)]


def test_bars_are_as_high_as_their_numbers_and_stand_on_each_other() -> None:
    chart = source_mix(report_of(COUNTED))
    january = sorted((box for box in chart.drawing.boxes if box.x < 300), key=lambda box: -box.y)
    unit = january[0].height / 50

    assert [round(box.height / unit) for box in january] == [50, 30, 5, 15]
    for below, above in pairwise(january):
        assert above.y + above.height == pytest.approx(below.y)


def test_the_unknown_has_a_plain_fill_of_its_own_and_is_in_the_legend_when_it_is_nothing() -> None:
    chart = source_mix(report_of({"yelp": figures(3)}))

    assert FILLS[UNKNOWN_FILL].motif == ""
    assert UNKNOWN_FILL not in SERIES_FILLS
    assert "Unknown" in _texts(chart)
    assert "0 (0%)" in _texts(chart)


def test_a_category_keeps_its_fill_from_period_to_period() -> None:
    one = {layer.name: layer.fill for layer in series(report_of({"yelp": figures(9), "friend": figures(1)}))}
    other = {layer.name: layer.fill for layer in series(report_of({"friend": figures(9)}))}

    assert one["Referral"] == other["Referral"] != one["Internet"]


def test_of_fifty_categories_the_largest_nine_and_the_others_are_drawn_and_the_table_has_all() -> None:
    names = [f"Source {number}" for number in range(50)]
    categories = named(*names)
    counted = {one.id: figures(number + 1) for number, one in enumerate(categories)}
    spend = {one.id: 100 * (number + 1) for number, one in enumerate(categories)}
    report = report_of(counted, spend, categories=categories)

    for chart in (source_mix(report), cost_per_new_customer(report)):
        shown = [text for text in _texts(chart) if text.startswith(("Source", "Other"))]
        assert set(shown) == {*names[-9:], "Other categories"}
        assert len(shown) == 10
    assert set(source_mix(report).table.columns) >= set(names)
    assert {row[0] for row in cost_per_new_customer(report).table.rows} >= set(names)
    assert "2 (41)" not in _texts(source_mix(report))
    assert f"{2 * sum(range(1, 42)):,} (68%)" in _texts(source_mix(report))


def test_more_sub_categories_than_there_is_room_for_are_summed_up() -> None:
    subs = tuple(SubCategory(id=f"sub-{number}", name=f"Source {number}") for number in range(41))
    spend = {sub.id: 1000 + number for number, sub in enumerate(subs)}
    internet = Category(id="internet", name="Internet", sub_categories=subs)

    chart = cost_per_new_customer(report_of({}, spend, categories=[internet]))

    drawn = [text.text for text in chart.drawing.texts if text.x < 50 and text.y > 100]
    most = {f"Source {number}" for number in range(21, 41)}
    assert set(drawn) == {"Internet", *most, "21 other sub-categories", "Unknown", "Total, all sources"}
    assert [row[1] for row in chart.table.rows if row[1]] == [sub.name for sub in subs]


def test_cost_shows_categories_with_spend_by_their_cost_then_the_unknown_and_all() -> None:
    chart = cost_per_new_customer(report_of(COUNTED, SPEND))

    assert chart.table.columns == (
        "Category", "Sub-category", "Spend", "New customers", "Cost per new customer",
    )  # fmt: skip
    assert chart.table.rows == (
        ("Referral", "", "200.00", "100", "2.00"),
        ("Referral", "Friend", "200.00", "100", "2.00"),
        ("Internet", "", "1,800.00", "60", "30.00"),
        ("Internet", "Yelp", "600.00", "60", "10.00"),
        ("Internet", "Search ads", "1,200.00", "0", "no new customers"),
        ("Unknown", "", "0.00", "30", "no spend"),
        ("Total, all sources", "", "2,000.00", "200", "10.00"),
    )
    assert "no new customers" in _texts(chart)


def test_a_category_without_spend_is_left_out_and_said_so() -> None:
    chart = cost_per_new_customer(report_of(COUNTED, SPEND))
    note = "Left out, since nothing was spent on them: Location."

    assert "Location" not in _texts(chart)
    assert note in _texts(chart)
    assert note in chart.description
    assert "Of unknown source: 30 of 200 new customers." in chart.description


def test_return_is_highest_first_with_a_line_where_revenue_equals_spend() -> None:
    chart = return_on_spend(report_of(COUNTED, {"yelp": 450_000, "friend": 500_000}))

    assert [row[-1] for row in chart.table.rows] == ["2.00", "2.00", "1.20", "1.20", "no spend", "1.79"]
    assert [line.is_dashed for line in chart.drawing.lines].count(True) == 1
    assert "1.00: revenue equals spend" in _texts(chart)


@pytest.mark.rule("M8")
@pytest.mark.parametrize("highest", ["0.50", "1.00", "16.00", "705.00", "90000.00"])
def test_the_line_of_break_even_stands_apart_from_zero_and_is_hidden_by_no_text(highest: str) -> None:
    counted = {"yelp": figures(1, _number(highest)), "friend": figures(1, 60), "location": figures(1, 120)}
    spend = {"yelp": 100, "friend": 100, "location": 100, "ads": 100}
    drawing = return_on_spend(report_of(counted, spend)).drawing
    [zero] = [line.x1 for line in drawing.lines if line.x1 == line.x2 and not line.is_dashed]
    [line] = [line for line in drawing.lines if line.is_dashed]

    assert line.x1 - zero >= 24
    assert not [
        one for one in drawing.texts if one.has_plate and one.plate.x < line.x1 < one.plate.x + one.width
    ]
    of_friend = next(text for text in drawing.texts if text.text == "Friend")
    bar = next(box for box in drawing.boxes if box.y < of_friend.y < box.y + box.height + 5)
    assert bar.width == pytest.approx(0.6 * (line.x1 - zero))


@pytest.mark.rule("M8")
def test_a_bar_too_long_for_the_line_of_break_even_is_cut_and_says_so() -> None:
    counted = {"yelp": figures(1, 70_500), "friend": figures(1, 120)}
    spend = {"yelp": 100, "friend": 100}
    cut, whole = return_on_spend(report_of(counted, spend)), cost_per_new_customer(report_of(counted, spend))
    note = "A bar with a gap is longer than there is room for: the number beside it counts."

    assert len(cut.drawing.areas) == 3
    assert note in _texts(cut)
    assert {"705.00", "1.20"} <= set(_texts(cut))
    assert (whole.drawing.areas, note in _texts(whole)) == ((), False)


def test_revenue_below_zero_has_no_bar_and_its_number_stands_at_the_line_of_zero() -> None:
    counted = {"yelp": figures(1, -500), "friend": figures(1, 500)}
    drawing = return_on_spend(report_of(counted, {"yelp": 100, "friend": 100})).drawing
    [zero] = [line.x1 for line in drawing.lines if line.x1 == line.x2 and not line.is_dashed]

    assert [box.x for box in drawing.boxes] == [zero] * 2
    assert {text.x for text in drawing.texts if text.text == "-5.00"} == {zero + 6}


def test_bars_of_money_are_as_long_as_their_numbers() -> None:
    bars = cost_per_new_customer(report_of(COUNTED, SPEND)).drawing.boxes

    assert [bar.width / bars[0].width for bar in bars] == pytest.approx([1, 1, 15, 5, 5])


@pytest.mark.parametrize("draw", CHARTS)
def test_a_chart_of_nothing_says_so(draw: Draw) -> None:
    chart = draw(report_of({}))
    nothing = "No new customers" if draw is source_mix else "No spend"

    assert f"{nothing} in this period" in _texts(chart)
    assert f"{nothing} in this period." in chart.description
    assert not chart.drawing.boxes


def test_months_that_are_only_partly_in_the_period_are_named() -> None:
    whole = source_mix(report_of(COUNTED, first=date(2027, 1, 1), last=date(2027, 2, 28)))
    part = source_mix(report_of(COUNTED, first=date(2027, 1, 15), last=date(2027, 3, 30)))

    assert not [text for text in _texts(whole) if "in part" in text]
    assert "Jan 15, 2027 to Mar 30, 2027, 1 shop; Jan 2027 and Mar 2027 in part" in _texts(part)


def test_months_too_many_for_bars_are_one_shape_a_category() -> None:
    chart = source_mix(_years(10))

    assert len(chart.drawing.areas) == 4
    assert {area.fill for area in chart.drawing.areas} >= {UNKNOWN_FILL}


@pytest.mark.parametrize("draw", CHARTS)
def test_strange_names_are_escaped_in_the_drawing_and_whole_in_the_table(draw: Draw) -> None:
    categories = named(*STRANGE)
    counted = {one.id: figures(1, 100) for one in categories}
    chart = draw(report_of(counted, dict.fromkeys(counted, 100), categories=categories))

    assert "<script" not in chart.svg
    assert "שלום לכולם" in _texts(chart)
    assert any(text.startswith("Advertising") and text.endswith("…") for text in _texts(chart))
    cells = {*chart.table.columns, *(cell for row in chart.table.rows for cell in row)}
    assert cells >= set(STRANGE)
    chart.svg.encode()


@pytest.mark.parametrize("draw", CHARTS)
@pytest.mark.parametrize("years", [1, 3, 10])
def test_the_picture_is_as_wide_as_a_slide(draw: Draw, years: int) -> None:
    picture = Image.open(BytesIO(png(draw(_years(years)))))

    assert picture.format == "PNG"
    assert picture.width == 1600
    assert len(picture.convert("RGB").getcolors(2**20) or ()) > 20


def test_letters_that_the_font_lacks_and_nothing_at_all_are_pictures_too() -> None:
    categories = named(*STRANGE)

    for counted in ({}, {one.id: figures(1) for one in categories}):
        assert png(source_mix(report_of(counted, categories=categories))).startswith(b"\x89PNG")


def test_fills_differ_without_color() -> None:
    """By their pattern, or else by how dark they are."""
    fills = [FILLS[key] for key in (UNKNOWN_FILL, *SERIES_FILLS)]

    for one, other in combinations(fills, 2):
        assert one.motif != other.motif or abs(_gray(one.ground) - _gray(other.ground)) > 0.25


def _gray(color: str) -> float:
    """How light it is when it is printed without color, from 0 to 1."""
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def _luminance(color: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("color", [INK, MUTED])
def test_texts_stand_out_from_white(color: str) -> None:
    assert 1.05 / (_luminance(color) + 0.05) >= 4.5


def _shapes(chart: Chart) -> Iterator[OutlinedBox]:
    drawing = chart.drawing
    yield from drawing.boxes
    yield from (text.box for text in drawing.texts)
    for area in drawing.areas:
        for x, y in area.points:
            yield OutlinedBox(x=x, y=y, width=0, height=0)
    for line in (*drawing.grid, *drawing.lines):
        x, y = min(line.x1, line.x2), min(line.y1, line.y2)
        yield OutlinedBox(x=x, y=y, width=abs(line.x2 - line.x1), height=abs(line.y2 - line.y1))


def _is_readable(text: Text, chart: Chart) -> bool:
    """On white: on its plate, or beside all bars."""
    return text.has_plate or not any(_meet(text.box, box) for box in chart.drawing.boxes)


@settings(max_examples=60, deadline=None)
@given(reports())
def test_any_report_is_drawn_inside_its_frame_and_no_texts_overlap(report: SourceReport) -> None:
    for chart in source_charts(report):
        assert ElementTree.fromstring(chart.svg).tag == f"{SVG}svg"  # noqa: S314 (our own)
        drawing = chart.drawing
        for shape in _shapes(chart):
            assert 0 <= shape.x <= shape.x + shape.width <= WIDTH + 1e-6
            assert 0 <= shape.y <= shape.y + shape.height <= drawing.height
        for one, other in combinations(drawing.texts, 2):
            assert not _meet(one.box, other.box), (one.text, other.text)
        assert all(_is_readable(text, chart) for text in drawing.texts)


@settings(max_examples=40, deadline=None)
@given(reports())
def test_the_tables_of_any_report_add_up_to_its_totals(report: SourceReport) -> None:
    mix, cost = source_mix(report).table, cost_per_new_customer(report).table

    *months, total = ([_number(cell) for cell in row[1:]] for row in mix.rows)
    assert total == [sum(column) for column in zip(*months, strict=True)]
    assert total == [
        *(one.row.new_customers for one in report.categories),
        report.unknown.row.new_customers,
        report.total.new_customers,
    ]
    if cost.rows:
        *rows, last = cost.rows
        assert sum(_number(row[2]) for row in rows if not row[1]) == report.total.spend_cents
        assert (_number(last[2]), _number(last[3])) == (report.total.spend_cents, report.total.new_customers)
