"""Today's code reads every kept example of a stored item, and writes what the newest one looks like (X9)."""

from typing import Any

import pytest

from crossbay.store import codec, keys
from crossbay.store.codec import from_body, to_body
from tests.helpers.stored_examples import KINDS, WITHOUT_KIND, kept_examples, whole_record

pytestmark = pytest.mark.rule("X9")

EXAMPLES = kept_examples()
NEWEST = {item_type: EXAMPLES[item_type, number] for item_type, number in sorted(EXAMPLES)}

SAME_TYPE = {"export due": "due", "correction due": "due"}
"""Rows of the data model whose items are of a type that has a row already."""


def named(key: tuple[str, int]) -> str:
    return f"{key[0]} {key[1]}"


def test_every_type_of_item_has_a_kept_example_of_every_number_up_to_the_one_written() -> None:
    rows = [line.split("|") for line in (keys.__doc__ or "").splitlines() if line.startswith("| ")]
    types = {row[1].split("(")[0].strip() for row in rows[2:]} - SAME_TYPE.keys() | {"index"}

    missing = sorted(
        (one, number)
        for one in types
        for number in range(1, codec.number_written(one) + 1)
        if (one, number) not in EXAMPLES
    )

    assert KINDS.keys() | WITHOUT_KIND.keys() == types
    assert not missing, "let a test save them and run `pytest --keep-examples` with it"


def test_every_older_number_leads_to_the_one_written() -> None:
    missing = [key for key in EXAMPLES if key[1] < codec.number_written(key[0]) and key not in codec.STEPS]

    assert missing == []


@pytest.mark.parametrize("key", EXAMPLES, ids=named)
def test_a_kept_example_is_read_as_the_record_that_it_was(key: tuple[str, int]) -> None:
    item = EXAMPLES[key]
    body = codec.as_today(item).get("body") or {}
    if key[0] in WITHOUT_KIND:
        assert body.keys() <= WITHOUT_KIND[key[0]]
        return

    assert _differs(item["record"], whole_record(key[0], body)) == []


@pytest.mark.parametrize("item_type", sorted(KINDS.keys() & NEWEST.keys()))
def test_a_record_is_written_as_the_newest_example_of_its_type_or_its_number_rises(item_type: str) -> None:
    item = NEWEST[item_type]

    written = to_body(from_body(KINDS[item_type], item["body"]))

    assert written == item["body"], (
        f"a field of {item_type} went or changed: give it the next number (store/codec.py)"
    )
    assert item.get("schema", 1) == codec.number_written(item_type)


def _differs(expected: Any, read: Any, path: str = "") -> list[str]:
    """Where the record read isn't the one expected; fields added since don't count."""
    if isinstance(expected, dict) and isinstance(read, dict):
        return [
            where
            for name, inner in expected.items()
            for where in _differs(inner, read.get(name), f"{path}.{name}")
        ]
    if isinstance(expected, list) and isinstance(read, list) and len(expected) == len(read):
        return [
            where for n, inner in enumerate(expected) for where in _differs(inner, read[n], f"{path}.{n}")
        ]
    return [] if expected == read else [f"{path}: {expected!r} is read as {read!r}"]
