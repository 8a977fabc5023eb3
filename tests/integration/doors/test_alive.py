"""What the answers say of work whose worker died: when it was last alive, and when another goes on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from crossbay.app.imports import run as import_run
from crossbay.app.imports.run import keep_alive
from crossbay.app.privacy import export as privacy_export
from crossbay.domain.calendar import utc_iso
from crossbay.domain.organization import Role
from crossbay.domain.partner import PartnerCode
from crossbay.exports.run import ExportRun
from crossbay.imports.run import ImportRef
from crossbay.store.exports.exports import save_export
from crossbay.store.imports import read_run
from crossbay.store.reads import Reads
from local.doors import entry
from tests.helpers.campaign_walk import sqs_event
from tests.helpers.doors import Caller
from tests.helpers.factories import make_customer, path_of
from tests.helpers.import_worker import WorkerContext, sheet, work
from tests.helpers.point_of_sale import CUSTOMERS, Shop
from tests.helpers.tenants import Tenant
from tests.integration.conftest import Aws

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)
GOES_ON = timedelta(minutes=3)


class Killed(BaseException):
    """The process is gone: nothing after this happens."""


def die(*_: object, **__: object) -> Any:
    raise Killed


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def admin(tenant: Tenant) -> Caller:
    return tenant.join(*Role)


def life(told: dict[str, Any]) -> tuple[str, str]:
    return told["alive_at"], told["goes_on_by"]


def of(at: datetime) -> tuple[str, str]:
    return utc_iso(at), utc_iso(at + GOES_ON)


@pytest.mark.rule("S25")
def test_an_import_says_when_its_worker_was_last_alive_and_when_another_goes_on(
    aws: Aws, tenant: Tenant, admin: Caller, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(aws=aws, tenant=tenant, admin=admin)
    message = shop.put("customers.csv", sheet(CUSTOMERS))

    def told() -> dict[str, Any]:
        (one,) = admin("GET", f"{shop.path}/imports").json()["imports"]
        assert life(admin("GET", f"{shop.path}/imports/{one['id']}").json()) == life(one)
        return dict(one)

    with monkeypatch.context() as patch:
        patch.setattr(import_run, "_through_file", die)
        with pytest.raises(Killed):
            work(message)
    assert (told()["status"], life(told())) == ("running", of(NOW))

    clock.shift(timedelta(seconds=100))
    ids, reads = (tenant.shops[0].ref, told()["id"]), Reads(aws.table_name)
    ref = ImportRef(organization_id=ids[0].organization_id, shop_id=ids[0].shop_id, import_id=ids[1])
    before = read_run(reads, *ids)
    for holder in ("another", WorkerContext().aws_request_id):
        keep_alive(reads, ref, holder=holder, clock=_Clock())
    assert life(told()) == of(NOW + timedelta(seconds=100))
    assert read_run(reads, *ids).version == before.version

    clock.shift(timedelta(seconds=119))
    assert len(work(message)) == 1
    clock.shift(timedelta(seconds=2))
    assert work(message) == []
    assert (told()["status"], life(told())) == ("done", ("", ""))


@pytest.mark.rule("X6")
def test_a_privacy_request_says_when_its_worker_was_last_alive_and_when_another_goes_on(
    aws: Aws, tenant: Tenant, admin: Caller, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer(admin, tenant.paths[0], last_name="Quill")
    where = admin("POST", f"{path_of(customer)}/data-export").headers["location"]
    (queued,) = aws.client("sqs").receive_message(QueueUrl=aws.privacy_queue_url)["Messages"]
    worker = entry("functions/privacy/carry_out.py")

    def told() -> dict[str, Any]:
        return dict(admin("GET", where).json()["request"])

    def dies(*_: object) -> None:
        clock.shift(timedelta(seconds=100))
        worker.worker._heartbeat.tell()
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(privacy_export, "write_archive", dies)
        with pytest.raises(Killed):
            worker.lambda_handler(sqs_event(queued["Body"]), WorkerContext())
    assert (told()["state"], life(told())) == ("running", of(NOW + timedelta(seconds=100)))

    assert worker.lambda_handler(sqs_event(queued["Body"]), WorkerContext()) == {"batchItemFailures": []}
    assert (told()["state"], life(told())) == ("done", ("", ""))


@pytest.mark.rule("C24")
def test_a_partner_file_says_when_its_worker_was_last_alive_and_when_another_goes_on(
    aws: Aws, tenant: Tenant, admin: Caller
) -> None:
    run = ExportRun(
        organization_id=tenant.organization.id,
        shop_id=tenant.shops[0].id,
        partner=PartnerCode.CARFAX,
        date="2027-03-01",
        holder="a worker",
        held_until=utc_iso(NOW + timedelta(minutes=2)),
    )
    save_export(None, run)
    path = f"{tenant.paths[0]}/partners/carfax/exports"

    (listed,) = admin("GET", path).json()["exports"]
    read = admin("GET", f"{path}/2027-03-01/1").json()

    assert life(listed) == life(read) == of(NOW)


class _Clock:
    """The worker's, which never runs out."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def has_time(self) -> bool:
        return True
