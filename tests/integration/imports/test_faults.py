"""Imports under faults: killed at each write, run by two workers at once, out of time, hostile files."""

import csv
import io
import json
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from crossbay.app.alive import LEASE
from crossbay.app.imports import run as import_run
from crossbay.aws.s3 import Bucket
from crossbay.domain.organization import Role
from crossbay.errors import Busy
from crossbay.store.transaction import Transaction
from tests.helpers.import_worker import s3_event, sheet, work, worker
from tests.helpers.point_of_sale import CUSTOMERS, ORDERS, VEHICLES, Shop, counts
from tests.helpers.tenants import Tenant
from tests.integration.conftest import Aws

BAD_ROW = {"id": "C9", "kind": "alien"}


@pytest.fixture
def shop(aws: Aws, tenant: Tenant) -> Shop:
    return Shop(aws=aws, tenant=tenant, admin=tenant.join(Role.DEALER_ADMIN))


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows a batch, so that a short file has checkpoints; a dead worker loses its lease at once."""
    monkeypatch.setattr(import_run, "BATCH_ROWS", 2)
    monkeypatch.setattr(import_run, "LEASE", LEASE * 0)


class Killed(BaseException):
    """The process is gone: nothing after this happens."""


@contextmanager
def killed_at(write: int) -> Iterator[Counter[str]]:
    """The worker dies at its nth write to table or bucket: even ones are done, their answer is lost."""
    done: Counter[str] = Counter()
    lock = threading.Lock()

    def deadly(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            with lock:
                done["writes"] += 1
                number = done["writes"]
            if number > write or (number == write and write % 2):
                raise Killed
            answer = real(*args, **kwargs)
            if number == write:
                raise Killed
            return answer

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Transaction, "commit", deadly(Transaction.commit))
        for name in ("put", "put_file", "delete"):
            patch.setattr(Bucket, name, deadly(getattr(Bucket, name)))
        yield done


def run_until_through(message: dict[str, Any], *, kill_at: Callable[[int], int]) -> int:
    """Workers one after the other, each killed at the write that `kill_at` says; how many it took."""
    for attempt in range(1, 100):
        with killed_at(kill_at(attempt)) as done:
            try:
                assert work(message) == []
            except Killed:
                continue
            assert done["writes"] < kill_at(attempt)
            return attempt
    raise AssertionError("never through")


def audits(shop: Shop, what: str) -> int:
    items = shop.aws.client("dynamodb").scan(TableName=shop.aws.table_name)["Items"]
    return sum(item["type"]["S"] == "audit" and item["body"]["M"]["what"]["S"] == what for item in items)


@pytest.mark.rule("S25")
@pytest.mark.timeout(300)
@pytest.mark.usefixtures("small_batches")
def test_an_import_killed_at_each_write_goes_on_and_ends_as_if_nothing_had_happened(shop: Shop) -> None:
    rows = [{"id": "C1", "last_name": "Quill"}, BAD_ROW, {"id": "C2", "last_name": "Quill"}]

    for write in range(1, 40):
        rows = [row | {"id": f"{row['id'].partition('-')[0]}-{write}"} for row in rows]
        message = shop.put("customers.csv", sheet(rows))
        attempts = run_until_through(message, kill_at=lambda attempt: write if attempt == 1 else 1000)  # noqa: B023

        report = shop.report("customers.csv")
        assert (report["status"], counts(report)) == ("done", (2, 0, 0, 1)), write
        bad = list(csv.DictReader(io.StringIO(shop.read("customers.csv.errors.csv"))))
        assert [(row["line"], row["id"]) for row in bad] == [("3", f"C9-{write}")]
        if attempts == 1:
            break
    else:
        raise AssertionError("the import has more writes than were tried")
    assert audits(shop, "customer created") == 2 * write
    left = shop.aws.client("s3").list_objects_v2(Bucket=shop.aws.imports_bucket)["Contents"]
    assert not [item["Key"] for item in left if item["Key"].partition(".csv.")[2].count("/")]


@pytest.mark.rule("S25")
@pytest.mark.usefixtures("small_batches")
def test_vehicles_handed_to_another_customer_and_orders_survive_workers_that_keep_dying(shop: Shop) -> None:
    shop.drop("customers.csv", sheet(CUSTOMERS))
    shop.drop("vehicles.csv", sheet(VEHICLES))
    handed_over = [VEHICLES[0] | {"customer_id": "C2"}, VEHICLES[1]]

    for name, rows in (("vehicles.csv", handed_over), ("repair_orders.csv", ORDERS)):
        attempts = run_until_through(shop.put(name, sheet(rows)), kill_at=lambda attempt: attempt)
        assert attempts > 2

    assert shop.vehicles("C1") == []
    assert sorted(car["plate"] for car in shop.vehicles("C2")) == ["CBX 1047", "XK4471"]
    assert counts(shop.report("vehicles.csv"))[2:] == (1, 0)
    order = shop.order("R1")
    assert (order["version"], len(order["jobs"])) == (1, 2)
    assert order["vehicle"]["plate"] == "CBX 1047"
    assert counts(shop.report("repair_orders.csv")) == (1, 0, 0, 0)


@pytest.mark.rule("S25")
@pytest.mark.usefixtures("small_batches")
def test_an_import_that_two_workers_run_at_once_brings_each_record_once(shop: Shop) -> None:
    """With leases that end at once, each takes the import from the other."""
    rows = [{"id": f"C{n}", "last_name": "Quill", "phone_1": f"206 555 01{n:02}"} for n in range(12)]
    message = shop.put("customers.csv", sheet(rows))
    failures: list[list[str]] = []

    def run() -> None:
        failures.append(work(message))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while work(message):
        pass

    assert len(failures) == 2
    assert audits(shop, "customer created") == 12
    assert audits(shop, "customer changed") == 0
    assert counts(shop.report("customers.csv")) == (12, 0, 0, 0)


@pytest.mark.rule("S25")
def test_a_second_worker_leaves_a_running_import_alone_and_its_message_comes_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = shop.put("customers.csv", sheet(CUSTOMERS))
    seen: list[list[str]] = []
    real = import_run._taken_in

    def meanwhile(*args: Any) -> Any:
        monkeypatch.setattr(import_run, "_taken_in", real)
        seen.append(work(message))
        return real(*args)

    monkeypatch.setattr(import_run, "_taken_in", meanwhile)

    assert work(message) == []
    assert len(seen[0]) == 1
    assert counts(shop.report("customers.csv")) == (2, 0, 0, 0)


@pytest.mark.rule("S25")
@pytest.mark.usefixtures("small_batches")
def test_a_worker_that_runs_out_of_time_hands_on_to_the_next_through_the_queue(shop: Shop) -> None:
    rows = [*CUSTOMERS, BAD_ROW, {"id": "C3", "last_name": "Quill"}, {"id": "C1", "last_name": "Twice"}]
    sqs = shop.aws.client("sqs")
    message, workers = shop.put("customers.csv", sheet(rows)), 0

    while message:
        assert work(message, left_ms=100_000) == []
        workers += 1
        got = sqs.receive_message(QueueUrl=shop.aws.imports_queue_url).get("Messages", [])
        for one in got:
            sqs.delete_message(QueueUrl=shop.aws.imports_queue_url, ReceiptHandle=one["ReceiptHandle"])
        message = json.loads(got[0]["Body"]) if got else {}

    assert workers == 4
    report = shop.report("customers.csv")
    assert counts(report) == (3, 0, 0, 2)
    assert [problem["line"] for problem in report["problems"]] == [4, 6]


def test_the_same_news_of_an_upload_twice_is_one_import(shop: Shop) -> None:
    message = shop.put("customers.csv", sheet(CUSTOMERS))

    assert [work(message), work(message)] == [[], []]

    assert len(shop.get("/imports")["imports"]) == 1
    assert counts(shop.report("customers.csv")) == (2, 0, 0, 0)


def test_a_file_that_was_replaced_or_is_gone_is_refused_and_its_successor_imported(shop: Shop) -> None:
    old = shop.put("customers.csv", sheet(CUSTOMERS[:1]))
    new = shop.put("customers.csv", sheet(CUSTOMERS))

    assert work(old) == []
    assert "was replaced" in shop.report("customers.csv")["reason"]
    assert work(new) == []
    assert counts(shop.report("customers.csv")) == (2, 0, 0, 0)
    gone = s3_event(f"{shop.folder}/vehicles.csv", "00")
    assert work(gone) == []
    assert shop.report("vehicles.csv")["reason"] == "The file isn't there any more."


def test_files_of_no_shop_or_no_kind_get_a_report_and_reports_start_nothing(shop: Shop) -> None:
    shop.drop("contacts.csv", b"id\n1\n")
    assert "must start with one of customers" in shop.report("contacts.csv")["reason"]

    stray = f"{shop.tenant.organization.id}/nowhere/customers.csv"
    assert work(s3_event(stray, "00")) == []
    assert work(s3_event(f"{shop.folder}/customers.csv.errors.csv", "00")) == []
    assert work(s3_event("customers.csv", "00")) == []

    listed = shop.aws.client("s3").list_objects_v2(Bucket=shop.aws.imports_bucket)["Contents"]
    keys = [item["Key"] for item in listed]
    assert f"{stray}.report.json" in keys
    assert f"{shop.folder}/customers.csv.errors.csv.report.json" not in keys
    assert shop.get("/imports")["imports"] == []


@pytest.mark.rule("S25")
def test_hostile_rows_are_named_and_the_good_ones_go_in(shop: Shop) -> None:
    """Fault 24: wrong encoding, NUL, a 10 MB cell, a stray quote, a short row, doubled ids."""
    content = b"\n".join(
        [
            b"\xef\xbb\xbfid,last_name,source",
            b"C1,Quill,Google",
            b"C2,Pe\x81a,Google",
            b"C3,Nul\x00,Google",
            b"C4," + b"x" * 10_000_000 + b",Google",
            b'C5,"open,Google',
            b"C6,Short",
            b'"C7","Qu\xc3\xadll, Jr",Google\r',
            b"C1,Again,Google",
            b"C8,Last,Google",
        ]
    )

    report = shop.drop("customers.csv", content)

    assert counts(report) == (5, 0, 0, 4)
    names = [shop.customer(pos_id)["last_name"] for pos_id in ("C1", "C3", "C6", "C7", "C8")]
    assert names == ["Quill", "Nul", "Short", "Quíll, Jr", "Last"]
    assert {problem["line"]: problem["id"] for problem in report["problems"]} == {
        3: "C2",
        5: "",
        6: "C5",
        9: "C1",
    }


@pytest.mark.rule("S25", "X5")
def test_logs_of_imports_hold_no_personal_data(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    """Fault 25: a canary customer in good rows and bad ones is in no log line and no report."""
    canary = {
        "first_name": "Canarella",
        "last_name": "Canarybird",
        "phone_1": "206 555 0177",
        "email_1": "canary@example.org",
        "billing_line1": "77 Canary Wharf",
    }
    rows = [canary | {"id": "C1"}, canary | {"id": "C2", "kind": "canary"}, canary | {"id": ""}]
    car = {"id": "V1", "customer_id": "C1", "plate": "CANARY7", "year": "canary"}

    ours = logging.getLogger("imports").handlers
    lines = io.StringIO()
    worker()
    for handler in ours:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(lines)

    shop.drop("customers.csv", sheet(rows))
    shop.drop("vehicles.csv", sheet([car]))
    with pytest.raises(ZeroDivisionError):
        worker().worker._record(_Broken())

    logged = lines.getvalue() + caplog.text
    assert logged.count('"message":"message"') == 2
    assert '"import_id"' in logged
    reports = "".join(
        shop.read(name)
        for name in (
            *("customers.csv.report.json", "customers.csv.errors.csv", "customers.csv.warnings.csv"),
            *("vehicles.csv.report.json", "vehicles.csv.warnings.csv"),
        )
    )
    for text in (logged, reports):
        for value in ("canar", "0177"):
            assert value not in text.lower()


class _Broken:
    """A message whose content breaks the worker, with personal data in the error's text."""

    message_id = "m1"
    receipt_handle = "0"

    @property
    def json_body(self) -> dict[str, Any]:
        raise ZeroDivisionError("Canarella")


@pytest.mark.rule("S25")
@pytest.mark.usefixtures("small_batches")
def test_a_table_that_is_busy_for_a_while_slows_an_import_down_and_loses_and_doubles_no_row(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_run, "FIRST_PAUSE_S", 0.001)
    rows = [{"id": f"C{number}", "last_name": f"Quill {number}"} for number in range(6)]
    message = shop.put("customers.csv", sheet(rows))
    commit, refused = Transaction.commit, Counter[str]()

    def busy_for_a_while(transaction: Transaction) -> None:
        refused["tries"] += 1
        if 4 <= refused["tries"] < 12:
            raise Busy("throttled")
        commit(transaction)

    monkeypatch.setattr(Transaction, "commit", busy_for_a_while)

    assert work(message) == []
    report = shop.report("customers.csv")
    assert (report["status"], counts(report)) == ("done", (6, 0, 0, 0))
    assert audits(shop, "customer created") == 6


@pytest.mark.rule("S25")
@pytest.mark.usefixtures("small_batches")
def test_an_import_whose_table_stays_busy_is_handed_on_and_is_no_failed_message(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"id": f"C{number}", "last_name": f"Quill {number}"} for number in range(4)]
    message = shop.put("customers.csv", sheet(rows))

    def busy(*_: Any) -> Any:
        raise Busy("throttled")

    with monkeypatch.context() as patch:
        patch.setattr(import_run, "_taken_in", busy)
        assert work(message, left_ms=1_000) == []
    assert work(message) == []

    report = shop.report("customers.csv")
    assert (report["status"], counts(report)) == ("done", (4, 0, 0, 0))
