"""What is stored of a record that this code doesn't know all fields of."""

from dataclasses import dataclass
from typing import Any

import pytest

from crossbay.store.codec import from_body, to_body, with_added

pytestmark = pytest.mark.rule("X9")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    text: str
    cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    id: str
    title: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    is_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    jobs: tuple[Job, ...] = ()
    wish: Wish = Wish()
    asked: Wish | None = None
    amounts: dict[str, int] | None = None


def saved(stored: dict[str, Any], **changes: Any) -> Any:
    """What lies in the table after a save of the record as read, but for these fields."""
    record = from_body(Order, stored)
    values = {name: getattr(record, name) for name in ("jobs", "wish", "asked", "amounts")} | changes
    return with_added(to_body(Order(**values)), stored)


def test_a_record_saved_as_it_was_read_keeps_every_field_at_any_depth() -> None:
    stored = {
        "added": {"deep": [1, None, True, {"x": "y"}]},
        "jobs": [{"id": "a", "added": 1, "lines": [{"text": "Pads", "added": 2}]}],
        "wish": {"added": 3},
        "asked": {"is_on": True, "added": 4},
    }

    assert saved(stored) == stored


def test_elements_with_an_id_keep_their_own_fields_when_changed_and_moved() -> None:
    stored = {"jobs": [{"id": "a", "added": 1}, {"id": "b", "added": 2}, {"id": "c", "added": 3}]}

    now = saved(stored, jobs=(Job(id="c", title="new"), Job(id="d"), Job(id="a")))

    assert now["jobs"] == [{"id": "c", "title": "new", "added": 3}, {"id": "d"}, {"id": "a", "added": 1}]


def test_elements_without_an_id_keep_them_while_they_say_the_same() -> None:
    lines = [{"text": "Pads", "added": 1}, {"text": "Pads", "added": 2}, {"text": "Oil", "added": 3}]
    stored = {"jobs": [{"id": "a", "lines": lines}]}
    changed = (Line(text="Oil"), Line(text="Pads", cents=5), Line(text="Pads"))

    now = saved(stored, jobs=(Job(id="a", lines=changed),))

    assert now["jobs"][0]["lines"] == [
        {"text": "Oil", "added": 3},
        {"text": "Pads", "cents": 5},
        {"text": "Pads", "added": 1},
    ]


def test_what_is_taken_away_takes_its_added_fields_along_and_a_map_keeps_no_key_that_went() -> None:
    stored = {
        "asked": {"is_on": True, "added": 1},
        "amounts": {"a": 1, "b": 2},
        "jobs": [{"id": "a", "added": 1}],
    }

    assert saved(stored, asked=None, amounts={"b": 3}, jobs=()) == {"amounts": {"b": 3}}


def test_a_field_back_at_its_default_is_left_out_but_for_what_was_added_to_it() -> None:
    stored = {"wish": {"is_on": True, "added": 1}}

    assert saved(stored, wish=Wish()) == {"wish": {"added": 1}}
    assert saved({"wish": {"is_on": True}}, wish=Wish()) == {}


def test_a_new_record_is_made_of_plain_maps() -> None:
    made = with_added(to_body(Order(jobs=(Job(id="a"),), asked=Wish(is_on=True))), None)

    assert {type(made), type(made["jobs"][0]), type(made["asked"])} == {dict}
