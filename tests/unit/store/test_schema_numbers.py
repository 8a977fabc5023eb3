"""How stored items of another schema number are read."""

from collections.abc import Mapping
from typing import Any

import pytest

from crossbay.store import codec

pytestmark = pytest.mark.rule("X9")


@pytest.fixture(autouse=True)
def _numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buoys are written as number 3; 1 called the depth `depth_feet`, 2 called the name `title`, 4 says what
    color it has by a code."""

    def in_meters(body: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"title": body["title"], "depth_m": body["depth_feet"] * 0.3}

    def named(body: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"name": body["title"], "depth_m": body["depth_m"]}

    def colored(body: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"name": body["name"], "depth_m": body["depth_m"], "color": {1: "red"}[body["color"]]}

    monkeypatch.setitem(codec.NUMBERS, "buoy", 3)
    monkeypatch.setitem(codec.STEPS, ("buoy", 1), in_meters)
    monkeypatch.setitem(codec.STEPS, ("buoy", 2), named)
    monkeypatch.setitem(codec.STEPS, ("buoy", 4), colored)


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ({"body": {"title": "A", "depth_feet": 10}}, {"name": "A", "depth_m": 3.0}),
        ({"schema": 2, "body": {"title": "A", "depth_m": 3}}, {"name": "A", "depth_m": 3}),
        ({"schema": 3, "body": {"name": "A", "more": 1}}, {"name": "A", "more": 1}),
        (
            {"schema": 4, "body": {"name": "A", "depth_m": 3, "color": 1}},
            {"name": "A", "depth_m": 3, "color": "red"},
        ),
    ],
    ids=["no number", "older", "today's", "next"],
)
def test_every_number_with_a_way_to_todays_is_read_as_todays(
    stored: dict[str, Any], read: dict[str, Any]
) -> None:
    assert codec.as_today({"type": "buoy", "pk": "o"} | stored)["body"] == read


def test_a_body_newer_than_that_is_shown_as_it_lies() -> None:
    item = {"type": "buoy", "schema": 5, "body": {"name": "A"}}

    assert codec.as_today(item) == item


def test_an_item_without_a_number_of_a_type_without_one_is_left_alone() -> None:
    item = {"type": "note", "pk": "o"}

    assert codec.as_today(item) is item
