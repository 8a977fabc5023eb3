"""After a restore: stops sending in the new table, and copies what must not go back from the old one.

    python -m local.merge_after_restore <old table> <restored table>

Who was written to since the backup, who asked for no mail, who was erased (`local/restore_fates.py`). The old
table is only read. Nothing is copied over what is newer in the restored table, so it may run again: broken
off, with `--after` as it printed last; and once more when nobody writes into the old table any more.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3

from crossbay.domain.calendar import utc_iso
from local.restore_fates import AFTER_RESTORE, AfterRestore

if TYPE_CHECKING:
    from crossbay.store.reads import Reads

STOPPED = "The table was restored from a backup. Start sending again when the runbook's steps are done."
BY = "restore"

_TELL_EVERY_S = 10.0

_SAYS_NO = ("do_not_mail", "consent", "erased_at")
"""Fields of a customer, left out at their default."""

Stored = Mapping[str, Mapping[str, Any]]
"""An item as DynamoDB gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tables:
    old: "Reads"
    restored: "Reads"
    dynamodb: Any


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.merge_after_restore", description=__doc__)
    parser.add_argument("old", help="the table as it was used until the restore")
    parser.add_argument("restored", help="the table that the restore made")
    parser.add_argument("--after", type=json.loads, default={}, metavar="KEY", help="as printed last")
    asked = parser.parse_args(arguments)
    done = merge(asked.old, asked.restored, after=asked.after)
    print(f"Sending is stopped. {outcome(done)}.")
    return 0


def outcome(done: Counter[str]) -> str:
    return (
        ", ".join(f"{count:,} {what}" for what, count in sorted(done.items())) or "Nothing was to be copied"
    )


def merge(old: str, restored: str, *, after: Mapping[str, Any] | None = None) -> Counter[str]:
    """Stop sending, then copy; how many items were written, by type, and `erasures to ask for again`.

    after: the key in the old table to go on behind; empty from the start. Raises ValueError for one table.
    """
    if old == restored:
        raise ValueError("the old table and the restored one are the same")
    os.environ["TABLE_NAME"] = restored  # the store takes it when it is imported
    from crossbay.store.reads import Reads

    tables = _Tables(old=Reads(old), restored=Reads(restored), dynamodb=boto3.client("dynamodb"))
    done = Counter[str]()
    stop_sending(tables.restored)
    told_at = time.monotonic()
    for items, position in _pages(tables.dynamodb, old, after or {}):
        for item in items:
            _take(tables, item, done)
        if time.monotonic() - told_at >= _TELL_EVERY_S and position:
            told_at = time.monotonic()
            print(f"{outcome(done)}; --after '{json.dumps(position)}'", flush=True)
    return +done


def stop_sending(reads: "Reads") -> None:
    """Nothing of a campaign goes out of the restored table until the operator starts it."""
    from crossbay.domain.access import Stamp
    from crossbay.store.campaigns.settings import read_switch, save_switch

    before = read_switch(reads)
    if not before.stopped:
        save_switch(before, replace(before, stopped=STOPPED), stamp=Stamp(by=BY, at=_now()))


def _pages(
    dynamodb: Any, table: str, after: Mapping[str, Any]
) -> Iterator[tuple[list[Stored], Mapping[str, Any] | None]]:
    """The old table's items that something is to be done about, and where each page ended."""
    kinds = [kind for kind, fate in AFTER_RESTORE.items() if fate is not AfterRestore.AS_RESTORED]
    names = [f":type{number}" for number in range(len(kinds))]
    asked: dict[str, Any] = {
        "TableName": table,
        "ConsistentRead": True,
        "FilterExpression": f"#type IN ({', '.join(names)})",
        "ExpressionAttributeNames": {"#type": "type"},
        "ExpressionAttributeValues": {name: {"S": kind} for name, kind in zip(names, kinds, strict=True)},
    }
    position: Mapping[str, Any] | None = after
    while position is not None:
        page = dynamodb.scan(**asked, **({"ExclusiveStartKey": position} if position else {}))
        position = page.get("LastEvaluatedKey")
        yield page["Items"], position


def _take(tables: _Tables, item: Stored, done: Counter[str]) -> None:
    kind = item["type"]["S"]
    if kind == "sending" and item["pk"]["S"] == "OPERATOR":
        return
    if AFTER_RESTORE[kind] is AfterRestore.NEWER:
        done[kind] += _put_newer(tables, item)
        return
    _take_customer(tables, item, done)


def _put_newer(tables: _Tables, item: Stored) -> bool:
    """Whether the restored table had none, or one of an earlier version."""
    condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    if "version" in item:
        condition = {
            "ConditionExpression": "attribute_not_exists(pk) OR #version < :version",
            "ExpressionAttributeNames": {"#version": "version"},
            "ExpressionAttributeValues": {":version": item["version"]},
        }
    try:
        tables.dynamodb.put_item(TableName=tables.restored.table_name, Item=item, **condition)
    except tables.dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _take_customer(tables: _Tables, item: Stored, done: Counter[str]) -> None:
    """Every opt-out that the old table has of the customer; who was taken in since, with one, as it is."""
    from crossbay.domain.access import Stamp
    from crossbay.domain.customers.customer import ConsentBasis, Customer, DoNotMail
    from crossbay.domain.customers.opt_out import stricter_consent, stricter_flags
    from crossbay.store.codec import from_body
    from crossbay.store.customers.customers import find_file, save_file
    from crossbay.store.keys import Key

    if item["body"]["M"].keys().isdisjoint(_SAYS_NO):
        return
    found = tables.old.get(Key(item["pk"]["S"], item["sk"]["S"]), consistent=True)
    if found is None:
        return
    old = from_body(Customer, found["body"])
    has_refused = old.consent is not None and old.consent.basis is ConsentBasis.NONE
    if old.do_not_mail == DoNotMail() and not has_refused and not old.erased_at:
        return
    file = find_file(tables.restored, old.organization_id, old.ref)
    if file is None:
        done["customer"] += _put_newer(tables, item)
        return
    if old.erased_at and not file.customer.erased_at:
        done["erasures to ask for again"] += 1
        print(f"Ask again for the erasure of {old.organization_id}, {old.shop_id}, {old.id}.", flush=True)
    now = file.customer
    after = replace(
        now,
        do_not_mail=stricter_flags(now.do_not_mail, old.do_not_mail),
        consent=stricter_consent(now.consent, old.consent) if has_refused else now.consent,
    )
    if after != now:
        save_file(file, replace(file, customer=after), stamp=Stamp(by=BY, at=_now()))
        done["customer"] += 1


def _now() -> str:
    return utc_iso(datetime.now(UTC))


if __name__ == "__main__":
    sys.exit(main())
