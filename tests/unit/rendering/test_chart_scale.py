"""Axes and the room of texts: nothing overlaps, whatever the numbers and however many months."""

from datetime import date
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont
from reportlab.pdfbase.pdfmetrics import stringWidth

from crossbay.rendering.charts.scale import LABEL_SIZE, Scale, month_labels, ticks
from crossbay.rendering.charts.text import ELLIPSIS, shortened, text_width
from crossbay.reports.sources import months_of

FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"


@pytest.mark.parametrize(
    ("highest", "expected"),
    [(0, (0, 1)), (7, (0, 2, 4, 6, 8)), (457, (0, 100, 200, 300, 400, 500)), (501, (0, 200, 400, 600))],
)
def test_ticks_are_round_and_reach_as_high_as_the_numbers(highest: int, expected: tuple[int, ...]) -> None:
    assert ticks(highest, most=5) == expected


@given(st.integers(0, 10**12), st.integers(1, 8))
def test_ticks_go_from_zero_past_any_number_with_one_step_between(highest: int, most: int) -> None:
    found = ticks(highest, most=most)

    assert found[0] == 0
    assert found[-1] >= highest > found[-2] or (highest, found) == (0, (0, 1))
    assert len({high - low for low, high in pairwise(found)}) == 1
    assert len(found) - 1 <= most


def test_a_scale_puts_its_ends_where_they_belong() -> None:
    scale = Scale(ticks=(0, 10, 20), start=300, end=100)

    assert [scale.at(number) for number in (0, 5, 10, 20)] == [300, 250, 200, 100]


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.integers(0, 120))
def test_labels_of_months_never_touch_and_are_never_missing(first: date, more: int) -> None:
    number = first.year * 12 + first.month - 1 + more
    months = months_of(first, date(number // 12, number % 12 + 1, 1))
    band = 640 / len(months)

    labels = month_labels(months, band)

    assert labels
    for texts in ([(one.index, one.text) for one in labels], [(one.index, one.year) for one in labels]):
        edges = [
            (index * band - text_width(text, LABEL_SIZE) / 2, index * band + text_width(text, LABEL_SIZE) / 2)
            for index, text in texts
            if text
        ]
        assert all(right < left for (_, right), (left, _) in pairwise(edges))


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, ["Mar 2024"]),
        (12, ["Mar 2024", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan 2025", "Feb"]),
        (48, ["Apr 2024", "Jul", "Oct", "Jan 2025", "Apr", "Jul", "Oct", "Jan 2026"]),
        (120, ["2025", "2026", "2027", "2028", "2029", "2030", "2031", "2032"]),
    ],
)
def test_many_months_are_labelled_by_fewer_names_and_in_the_end_by_years(
    count: int, expected: list[str]
) -> None:
    number = 2024 * 12 + 2 + count - 1
    months = months_of(date(2024, 3, 1), date(number // 12, number % 12 + 1, 1))

    found = [f"{one.text} {one.year}".rstrip() for one in month_labels(months, 640 / count)]

    assert found[: len(expected)] == expected


def test_no_letter_of_the_charts_font_is_wider_than_it_is_taken_for() -> None:
    folder = files("font_source_sans_pro").joinpath("files")

    for weight in ("Regular", "Semibold"):
        font = ImageFont.truetype(str(folder.joinpath(f"SourceSansPro-{weight}.ttf")), 1000)
        letters = [chr(code) for code in (*range(0x20, 0x7F), *range(0xA1, 0x180), *range(0x391, 0x460))]
        wide = [
            letter
            for letter in letters
            if font.getlength(letter) > text_width(letter, 1000, is_strong=weight == "Semibold")
        ]
        assert not wide, weight


@pytest.mark.parametrize("font", ["Helvetica", "Helvetica-Bold"])
def test_no_letter_of_arial_is_wider_than_it_is_taken_for(font: str) -> None:
    """Arial's letters are as wide as Helvetica's."""
    is_strong = font.endswith("Bold")

    assert not [
        letter
        for letter in map(chr, range(0x20, 0x7F))
        if stringWidth(letter, font, 1000) > text_width(letter, 1000, is_strong=is_strong)
    ]


def test_a_long_name_is_cut_with_an_ellipsis_and_a_short_one_is_not() -> None:
    cut = shortened("Advertising and promotions of all kinds", 100, 13)

    assert cut.startswith("Advert")
    assert cut.endswith(ELLIPSIS)
    assert text_width(cut, 13) <= 100
    assert shortened(" Direct\n mail\x00", 100, 13) == "Direct mail"


@pytest.mark.parametrize("whole", [FAMILY, "e\N{COMBINING ACUTE ACCENT}\N{COMBINING CEDILLA}"])
def test_a_name_is_never_cut_within_a_letter(whole: str) -> None:
    cuts = {shortened(whole * 5, width, 10).removesuffix(ELLIPSIS) for width in range(10, 200)}

    assert cuts <= {whole * count for count in range(6)}
