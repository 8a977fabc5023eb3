"""The wall between organizations, as reads, transactions, doors and workers meet it (X8)."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from crossbay.domain.organization import Role
from crossbay.entry.batch import Worker
from crossbay.entry.http import Door
from crossbay.entry.schedule import Schedule
from crossbay.errors import Contended
from crossbay.store import wall
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.organizations import read_organization
from crossbay.store.reads import Query, Reads
from crossbay.store.shops import list_shops
from crossbay.store.transaction import Transaction
from crossbay.store.wall import OutsideOrganization
from local.emulator import ROOT
from tests.helpers import quick_moto
from tests.helpers.doors import LambdaContext
from tests.helpers.tenants import NewTenant, Tenant

OURS, THEIRS = "0197c2f0-aaaa", "0197c2f0-bbbb"
HERE, THERE = Key(f"{OURS}#shop", "CUSTOMER"), Key(f"{THEIRS}#shop", "CUSTOMER")

READS: dict[str, Callable[[Reads, Key], object]] = {
    "one item": lambda reads, key: reads.get(key),
    "some items": lambda reads, key: reads.batch_get([HERE, key]),
    "a query": lambda reads, key: reads.query(Query(pk=key.pk)),
    "queries": lambda reads, key: reads.query_many([Query(pk=HERE.pk), Query(pk=key.pk)]),
    "the first index": lambda reads, key: reads.query(Query(pk=key.pk, index="GSI1")),
    "the second index": lambda reads, key: reads.query(Query(pk=key.pk, index="GSI2")),
}

WRITES: dict[str, Callable[[Transaction, Key], object]] = {
    "put": lambda change, key: change.put(key, "card", {}),
    "create": lambda change, key: change.create(key, StoredItem(type="card", body={}), refusal=KeyError()),
    "delete": lambda change, key: change.delete(key),
    "condition": lambda change, key: change.require_version(key, 0, refusal=Contended("card")),
    "first index": lambda change, key: change.put(HERE, "card", {}, gsi1=key),
    "second index": lambda change, key: change.put(HERE, "card", {}, gsi2=key),
    "copy of a record": lambda change, key: change.put(HERE, "card", {}, added_from=key),
}


@pytest.mark.rule("X8")
@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_read_of_another_organization_is_refused_before_the_table_is_asked(
    reads: Reads, read: Callable[[Reads, Key], object]
) -> None:
    with wall.raised(OURS), quick_moto.listening() as asked:
        with pytest.raises(OutsideOrganization):
            read(reads, THERE)
        assert not asked

        read(reads, HERE)
        read(reads, Key("OPERATOR", "SENDING"))

    assert asked


@pytest.mark.rule("X8")
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_transaction_that_touches_another_organization_is_refused_whole(
    reads: Reads, write: Callable[[Transaction, Key], object]
) -> None:
    own = Key(f"{OURS}#shop", "CARD")

    def committed(key: Key) -> None:
        transaction = Transaction()
        transaction.put(own, "card", {})
        write(transaction, key)
        transaction.commit()

    with wall.raised(OURS):
        with pytest.raises(OutsideOrganization), quick_moto.listening() as asked:
            committed(THERE)
        assert not asked
        assert reads.get(own, consistent=True) is None

        committed(HERE._replace(sk="OTHER"))
        assert reads.get(own, consistent=True)


@pytest.mark.rule("X8")
def test_a_door_that_reads_another_organization_answers_500_and_logs_no_key(
    tenant: Tenant, new_tenant: NewTenant, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = new_tenant("East").organization.id
    door = Door("door-with-a-hole")

    @door.app.get("/openapi.json")
    def ask() -> dict[str, str]:
        own = read_organization(door.reads, door.caller().organization.id)
        return {"own": own.name, "theirs": read_organization(door.reads, theirs).name}

    event = json.loads((ROOT / "events" / "api_docs_http.json").read_text())
    event["requestContext"]["authorizer"] = {"claims": dict(tenant.join(Role.ADVISOR).claims)}
    with caplog.at_level(logging.INFO):
        answer = door.handler(event, LambdaContext())  # type: ignore[arg-type]

    assert answer["statusCode"] == 500
    assert theirs not in answer["body"]
    logged = [vars(record) for record in caplog.records if record.name == "door-with-a-hole"]
    assert [one["levelname"] for one in logged] == ["ERROR", "INFO"]
    assert logged[0]["error"] == "OutsideOrganization"
    assert theirs not in str(logged)


@pytest.mark.rule("X8")
def test_a_door_without_a_sign_in_reaches_no_organization(tenant: Tenant) -> None:
    door = Door("open-door")

    @door.app.get("/openapi.json")
    def ask() -> dict[str, str]:
        return {"name": read_organization(door.reads, tenant.organization.id).name}

    event = json.loads((ROOT / "events" / "api_docs_http.json").read_text())

    assert door.handler(event, LambdaContext())["statusCode"] == 500  # type: ignore[arg-type]


@pytest.mark.rule("X8")
def test_a_worker_reaches_the_organization_it_says_and_one_that_says_none_reaches_none(
    tenant: Tenant, new_tenant: NewTenant
) -> None:
    ours, theirs = tenant.organization.id, new_tenant("East").organization.id

    def act(job: dict[str, Any], _: Any) -> dict[str, object]:
        if "for" in job:
            wall.work_for(job["for"])
        return {"shops": len(list_shops(worker.reads, job["asked"]))}

    worker = Worker("worker", act)
    jobs = [
        {"for": ours, "asked": ours},
        {"asked": ours},
        {"for": ours, "asked": theirs},
        {"for": theirs, "asked": theirs},
    ]
    records = [
        {"messageId": str(number), "body": json.dumps(job), "eventSource": "aws:sqs"}
        for number, job in enumerate(jobs)
    ]
    answer = worker.handler({"Records": records}, LambdaContext())  # type: ignore[arg-type]

    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == ["1", "2"]


@pytest.mark.rule("X8")
def test_a_schedule_works_for_every_organization(tenant: Tenant, new_tenant: NewTenant) -> None:
    ids, found = (tenant.organization.id, new_tenant("East").organization.id), list[str]()

    def act(reads: Reads) -> dict[str, object]:
        found.extend(read_organization(reads, one).id for one in ids)
        return {}

    Schedule("schedule", act).handler({}, LambdaContext())  # type: ignore[arg-type]

    assert found == list(ids)
