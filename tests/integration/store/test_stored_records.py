"""Stored records that another release wrote: what a save by this code leaves of them (X9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import TypeSerializer

from crossbay.errors import SavedByNewerRelease, Stale
from crossbay.store import codec
from crossbay.store.codec import from_body, to_body
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Query, Reads
from crossbay.store.transaction import Transaction
from tests.helpers.stored_examples import KINDS, kept_examples, plain_item

pytestmark = pytest.mark.rule("X9")

KEY, ELSEWHERE = Key("o#s#c", "BUOY#1"), Key("o#s#c", "BUOY#2")

EXAMPLES = {key: example for key, example in kept_examples().items() if key[0] in KINDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Buoy:
    name: str


@pytest.fixture
def reads(table: str) -> Reads:
    return Reads(table)


@pytest.fixture
def _numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buoys are written as number 2, which says `name` where 1 said `title`."""
    monkeypatch.setitem(codec.NUMBERS, "buoy", 2)
    monkeypatch.setitem(codec.STEPS, ("buoy", 1), _named)


def _named(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"name" if name == "title" else name: value for name, value in body.items()}


def lay(table: str, item: Mapping[str, Any]) -> None:
    serialize = TypeSerializer().serialize
    stored = {name: serialize(value) for name, value in item.items()}
    boto3.client("dynamodb").put_item(TableName=table, Item=stored)


def lies(table: str) -> list[dict[str, Any]]:
    return [plain_item(one) for one in boto3.client("dynamodb").scan(TableName=table)["Items"]]


def buoy(**item: Any) -> dict[str, Any]:
    return {"pk": KEY.pk, "sk": KEY.sk, "type": "buoy", "version": 3} | item


def save(body: Mapping[str, Any], **how: Any) -> None:
    transaction = Transaction()
    item = StoredItem(type="buoy", body=body, version=4)
    transaction.replace(how.pop("key", KEY), item, expected_version=3, refusal=Stale("buoy"), **how)
    transaction.commit()


@pytest.mark.parametrize("key", EXAMPLES, ids=lambda key: f"{key[0]} {key[1]}")
def test_a_save_keeps_what_a_newer_release_added_to_a_record_of_any_type(
    table: str, reads: Reads, key: tuple[str, int]
) -> None:
    kind, example = KINDS[key[0]], EXAMPLES[key]
    body = _with_additions(to_body(from_body(kind, example["body"])))
    item = {"pk": "o", "sk": "1", "type": key[0], "version": 3, "body": body}
    lay(table, item)

    found = reads.get(Key("o", "1"))
    assert found
    transaction = Transaction()
    after = StoredItem(type=key[0], body=to_body(from_body(kind, found["body"])), version=4)
    transaction.replace(Key("o", "1"), after, expected_version=3, refusal=Stale("record"))
    transaction.commit()

    assert lies(table) == [item | {"version": 4}]


def _with_additions(value: Any) -> Any:
    """With a field more in every map that is a dataclass's."""
    if isinstance(value, Mapping):
        added = {"added_later": {"list": [1, "a", None, True]}} if hasattr(value, "defaults") else {}
        return {name: _with_additions(inner) for name, inner in value.items()} | added
    return [_with_additions(inner) for inner in value] if isinstance(value, list) else value


def test_a_record_that_moves_takes_along_what_was_added(table: str) -> None:
    lay(table, buoy(body={"name": "A", "added": 1}))

    save(to_body(_Buoy(name="B")), key=ELSEWHERE, was_at=KEY)

    assert lies(table) == [buoy(sk=ELSEWHERE.sk, version=4, body={"name": "B", "added": 1})]


def test_what_is_to_be_forgotten_or_follows_from_others_keeps_nothing(table: str) -> None:
    lay(table, buoy(body={"name": "A", "added": 1}))

    save(to_body(_Buoy(name="B")), keeps_added=False)

    assert lies(table) == [buoy(version=4, body={"name": "B"})]


def test_a_record_changed_meanwhile_is_refused_as_ever(table: str) -> None:
    lay(table, buoy(version=9, body={"name": "A", "added": 1}))

    with pytest.raises(Stale):
        save(to_body(_Buoy(name="B")))


def test_a_record_of_a_newer_number_can_be_read_and_nothing_of_a_save_over_it_happens(
    table: str, reads: Reads
) -> None:
    newer = buoy(schema=2, body={"name": "A"})
    lay(table, newer)
    transaction = Transaction()
    transaction.put(ELSEWHERE, "card", {"x": 1})
    item = StoredItem(type="buoy", body={"name": "B"}, version=4)
    transaction.replace(KEY, item, expected_version=3, refusal=Stale("buoy"))

    with pytest.raises(SavedByNewerRelease, match="can be read") as refused:
        transaction.commit()

    found = reads.get(KEY)
    assert refused.value.status == 409
    assert found
    assert found["body"] == {"name": "A"}
    assert lies(table) == [newer]


@pytest.mark.usefixtures("_numbers")
def test_an_older_record_is_read_as_todays_and_saved_as_it(table: str, reads: Reads) -> None:
    lay(table, buoy(body={"title": "A", "added": 1}))

    read = [reads.get(KEY), *reads.batch_get([KEY]).values(), *reads.query(Query(pk=KEY.pk)).items]
    save(to_body(_Buoy(name="B")))

    assert [item and item["body"] for item in read] == [{"name": "A", "added": 1}] * 3
    assert lies(table) == [buoy(version=4, schema=2, body={"name": "B", "added": 1})]
