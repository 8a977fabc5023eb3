"""Units of DynamoDB against values worked out by hand from AWS's rule."""

from typing import Any

import pytest

from benchmarks.bill.units import Index, item_bytes, read_units, write_units

BY_DAY = Index(name="GSI1", pk="gsi1pk", sk="gsi1sk")
LEAN = Index(name="GSI2", pk="gsi2pk", sk="gsi2sk", carries=frozenset({"type"}))


def item(size: int, **keys: str) -> dict[str, Any]:
    """An item of so many bytes: its key, the keys of indexes, and a filling."""
    made: dict[str, Any] = {"pk": {"S": "o"}, "sk": {"S": "s"}, "type": {"S": "t"}, "body": {"S": ""}}
    made |= {name: {"S": text} for name, text in keys.items()}
    return made | {"body": {"S": "x" * (size - item_bytes(made))}}


def test_an_item_is_its_names_and_values_in_bytes() -> None:
    made: dict[str, Any] = {
        "pk": {"S": "né"},  # 2 + 3
        "version": {"N": "12345"},  # 7 + 3 + 1
        "body": {"M": {"on": {"BOOL": True}, "jobs": {"L": [{"S": "ab"}]}}},
        # 4 + 3 for the map; on: 2 + 1 + 1 as its element; jobs: 4 + a list of 3 + (2 + 1) + 1 as its element
    }

    assert item_bytes(made) == 5 + 11 + (4 + 3 + 4 + 11)


@pytest.mark.parametrize(("size", "units"), [(40, 1), (1024, 1), (1025, 2), (7200, 8)])
def test_a_write_is_a_unit_for_each_kilobyte_begun_and_two_in_a_transaction(size: int, units: int) -> None:
    assert write_units(None, item(size), in_transaction=False) == units
    assert write_units(None, item(size), in_transaction=True) == 2 * units


def test_the_larger_of_both_items_counts_and_a_deletion_by_what_was_there() -> None:
    assert write_units(item(3000), item(100), in_transaction=False) == 3
    assert write_units(item(3000), None, in_transaction=True) == 6


def test_an_index_costs_by_what_changes_in_it() -> None:
    old, same_key = item(2000, gsi1pk="a", gsi1sk="1"), item(900, gsi1pk="a", gsi1sk="1")
    moved = item(900, gsi1pk="a", gsi1sk="2")

    assert BY_DAY.write_units(None, item(2000)) == 0
    assert BY_DAY.write_units(None, old) == 2
    assert BY_DAY.write_units(old, None) == 2
    assert BY_DAY.write_units(old, same_key) == 2
    assert BY_DAY.write_units(old, moved) == 2 + 1
    assert BY_DAY.write_units(old, dict(old)) == 0


def test_an_index_that_carries_little_costs_little() -> None:
    large = item(9000, gsi2pk="a", gsi2sk="1")
    edited = large | {"body": {"S": "y" * 8000}}

    assert LEAN.write_units(None, large) == 1
    assert LEAN.write_units(large, edited) == 0
    assert set(LEAN.of(large) or ()) == {"pk", "sk", "gsi2pk", "gsi2sk", "type"}


@pytest.mark.parametrize(("size", "units"), [(0, 1), (4096, 1), (4097, 2), (25_000, 7)])
def test_a_read_is_a_unit_for_four_kilobytes_begun_and_half_where_it_may_be_old(
    size: int, units: int
) -> None:
    assert read_units(size, consistent=True) == units
    assert read_units(size, consistent=False) == units / 2
