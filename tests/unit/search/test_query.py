"""What a text is a search for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.search.plan import MOST_QUERIES, Scope, plan_search
from crossbay.search.query import Criterion, SearchTextTooShort, SearchTextUnusable, criteria_of


@pytest.mark.parametrize("text", ["", "abc", " a - b, c ", "(41) 5", "日本 a", "A&B", "J.B.", "3M&1"])
def test_fewer_than_four_letters_or_digits_are_refused(text: str) -> None:
    with pytest.raises(SearchTextTooShort, match="at least 4"):
        criteria_of(text, None)


def test_a_phone_search_needs_four_digits() -> None:
    with pytest.raises(SearchTextTooShort, match="digits"):
        criteria_of("phone 555", Criterion.PHONE)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("jo@example.com", Criterion.EMAIL),
        ("1HGCM82633A004352", Criterion.VIN),
        ("(415) 555-0123", Criterion.PHONE),
        ("0123", Criterion.PHONE),
        ("7ABC 123", Criterion.PLATE),
        ("7abc123", Criterion.PLATE),
        ("Smith, John", Criterion.NAME),
        ("123 Main", Criterion.STREET),
        ("jo.smith77", Criterion.EMAIL),
    ],
)
def test_the_shape_of_the_text_decides_where_no_criterion_is_picked(text: str, first: Criterion) -> None:
    assert criteria_of(text, None)[0] is first


@given(
    text=st.one_of(st.text(max_size=60), st.from_regex(r"[a-z0-9@ ]{4,40}", fullmatch=True)),
    by=st.sampled_from([None, *Criterion]),
    scope=st.sampled_from(Scope),
)
def test_no_text_asks_for_more_than_fourteen_queries(text: str, by: Criterion | None, scope: Scope) -> None:
    try:
        plan = plan_search(text, by, scope)
    except SearchTextUnusable:
        return

    assert len(plan.near) + len(plan.fuzzy) <= MOST_QUERIES
    assert all(stream.head for stream in (*plan.near, *plan.fuzzy))
