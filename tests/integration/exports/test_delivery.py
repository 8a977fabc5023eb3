"""Delivery of partner files with all that goes wrong: once, whole, or said to be uncertain (C23, C24)."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from crossbay.app.alive import BEAT, LEASE
from crossbay.app.exports import views as export_views
from crossbay.app.exports.deliver import TRIED_FOR, Delivered, DeliveryJob, deliver, keep_alive
from crossbay.app.exports.files import RunFiles
from crossbay.app.exports.send import UncertifiedFile
from crossbay.aws.s3 import Bucket
from crossbay.domain.partner import PartnerCode
from crossbay.errors import Busy, Conflict, Contended
from crossbay.exports.run import ExportState
from crossbay.exports.service_record import ExportChange
from crossbay.store.transaction import Transaction
from crossbay.transfer.ftp import FtpFolder
from crossbay.transfer.sftp import SftpFolder
from local.doors import entry
from local.partners.faults import PartnerMode
from local.partners.servers import PartnerServer, PartnerServers
from tests.helpers.campaign_walk import WorkerContext, sqs_event
from tests.helpers.export_walk import CARFAX, CUSTOMERLINK, MECHANICNET, ExportShop
from tests.integration.conftest import Aws


@pytest.fixture
def shop(aws: Aws, servers: PartnerServers) -> Iterator[ExportShop]:
    """CARFAX is on since yesterday, and has two visits to hear of."""
    every = (servers.sftp, servers.ftp, servers.ftps)
    for server in every:
        server.faults.taken.clear()
        for path in Path(server.folder).iterdir():
            path.unlink()
    shop = ExportShop.open(aws, servers)
    shop.switch(CARFAX)
    for title in ("Front brake pads", "Oil change"):
        shop.visit(title)
    yield shop
    for server in every:
        server.faults.order(PartnerMode.OK)


class Killed(BaseException):
    """The worker is gone; nothing of it catches this."""


Before = Callable[[str, int], None]


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[Before]:
    """What is called before each write to table, bucket and server, with its name and number from 0."""
    listeners: list[Before] = []
    counted: list[str] = []

    def guarded(name: str, write: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            if listeners:
                counted.append(name)
                for listener in list(listeners):
                    listener(name, len(counted) - 1)
            return write(*args, **kwargs)

        return run

    places = [(Transaction, "commit"), (Bucket, "put"), (Bucket, "put_file"), (Bucket, "put_once")]
    places += [(SftpFolder, "put"), (SftpFolder, "rename"), (FtpFolder, "put"), (FtpFolder, "rename")]
    for owner, name in places:
        monkeypatch.setattr(owner, name, guarded(f"{owner.__name__}.{name}", getattr(owner, name)))
    return listeners


def kill_at(steps: list[Before], number: int) -> None:
    def stop(_: str, count: int) -> None:
        if count == number:
            raise Killed

    steps.append(stop)


def before(steps: list[Before], wanted: str, act: Callable[[], object]) -> None:
    """Do something once, right before the first write of that name."""

    def listen(name: str, _: int) -> None:
        if name == wanted:
            steps.remove(listen)
            act()

    steps.append(listen)


def assert_delivered_once(shop: ExportShop, server: PartnerServer) -> None:
    """One file, the one that is kept; told once; nothing left to tell."""
    delivered = [run for run in shop.runs(CARFAX) if run.state is ExportState.ACCEPTED]
    (run,) = delivered
    assert run.file is not None
    assert server.files() == {run.file.name: shop.kept_file(run)}
    assert run.file.rows == 2
    assert shop.pending(CARFAX) == set()
    for line in (line for line in shop.lines(run) if not line.reason):
        assert [told.run_date for told in shop.told(line.vin)] == [run.date]


# ---- killed, doubled, at once

STEPS = (
    "Transaction.commit",  # the run is begun
    "Transaction.commit",  # the lease
    "Bucket.put_file",  # what it tells
    "Bucket.put_file",  # the file
    "Bucket.put",  # the certificate
    "Bucket.put_once",  # the manifest
    "Transaction.commit",  # BUILT
    "Transaction.commit",  # SENDING
    "SftpFolder.put",
    "Transaction.commit",  # RENAMING
    "SftpFolder.rename",
    "Transaction.commit",  # ACCEPTED
    "Bucket.put",  # that it was, beside the files
    "Transaction.commit",  # marks and tellings
    "Transaction.commit",  # finished
)


@pytest.mark.rule("C23", "C24")
def test_a_delivery_writes_in_this_order(shop: ExportShop, steps: list[Before]) -> None:
    names: list[str] = []
    steps.append(lambda name, _: names.append(name))

    shop.export(CARFAX)

    assert tuple(names) == STEPS


@pytest.mark.rule("C23", "C24")
@pytest.mark.parametrize("number", range(len(STEPS)))
def test_a_worker_killed_at_any_step_leaves_one_delivery_after_the_next(
    shop: ExportShop, steps: list[Before], number: int
) -> None:
    kill_at(steps, number)
    with pytest.raises(Killed):
        shop.export(CARFAX)
    steps.clear()
    assert all(name.endswith(".part") for name in shop.servers.sftp.files()) or number > 10

    shop.now += LEASE
    shop.export(CARFAX)

    assert_delivered_once(shop, shop.servers.sftp)


@pytest.mark.rule("C23", "C24")
@pytest.mark.parametrize("number", [7, 9, 13], ids=["sending", "renaming", "settling"])
def test_what_a_killed_worker_left_is_finished_by_the_next_night_before_its_own(
    shop: ExportShop, steps: list[Before], number: int
) -> None:
    kill_at(steps, number)
    with pytest.raises(Killed):
        shop.export(CARFAX)
    steps.clear()
    shop.next_night()
    late = shop.visit("The next day")

    done = shop.export(CARFAX)

    assert done.files == 2
    first, second = shop.runs(CARFAX)
    assert {first.state, second.state} == {ExportState.ACCEPTED}
    assert [line.number for line in shop.lines(second)] == [late.number]


@pytest.mark.rule("C24")
def test_a_file_that_may_have_been_taken_is_uncertain_and_never_sent_again_by_itself(
    shop: ExportShop, steps: list[Before]
) -> None:
    uncertain(shop, steps)
    (run,) = shop.runs(CARFAX)
    assert run.state is ExportState.UNCERTAIN

    shop.next_night()
    shop.visit("The next day")
    shop.export(CARFAX)

    (name,) = shop.servers.sftp.files()
    assert name.endswith("_03032027.txt")
    _, second = shop.runs(CARFAX)
    assert second.file is not None
    assert second.file.rows == 1


def uncertain(shop: ExportShop, steps: list[Before]) -> Delivered:
    """Tonight's file is renamed, its worker dies, and the partner takes it away."""
    kill_at(steps, STEPS.index("SftpFolder.rename") + 1)
    with pytest.raises(Killed):
        shop.export(CARFAX)
    steps.clear()
    (path,) = Path(shop.servers.sftp.folder).iterdir()
    path.unlink()
    shop.now += LEASE
    done = shop.export(CARFAX)
    assert (done.outcome, done.uncertain) == ("uncertain", 1)
    return done


@pytest.mark.rule("C24")
@pytest.mark.parametrize("delivered", [True, False])
def test_a_person_says_what_became_of_an_uncertain_file(
    shop: ExportShop, steps: list[Before], delivered: bool
) -> None:
    uncertain(shop, steps)
    (run,) = shop.runs(CARFAX)
    vin = shop.lines(run)[0].vin
    assert [told.is_certain for told in shop.told(vin)] == [False]
    queued: list[dict[str, Any]] = []

    export_views.settle_uncertain(
        shop.books.reads, run, delivered=delivered, stamp=shop.books.stamp(), enqueue=queued.append
    )
    shop.export(CARFAX, job=DeliveryJob.of(queued[0]["export"]))

    (run,) = shop.runs(CARFAX)
    assert run.is_finished
    if delivered:
        assert run.state is ExportState.ACCEPTED
        assert [told.is_certain for told in shop.told(vin)] == [True]
        assert shop.pending(CARFAX) == set()
    else:
        assert run.state is ExportState.NOT_DELIVERED
        assert shop.told(vin) == []
        shop.next_night()
        shop.export(CARFAX)
        _, again = shop.runs(CARFAX)
        assert [line.change for line in shop.lines(again)] == [ExportChange.NEW, ExportChange.NEW]
        assert shop.pending(CARFAX) == set()
    with pytest.raises(Conflict):
        export_views.settle_uncertain(
            shop.books.reads, run, delivered=True, stamp=shop.books.stamp(), enqueue=queued.append
        )


@pytest.mark.rule("C23", "C24")
def test_two_workers_at_once_deliver_once(shop: ExportShop) -> None:
    def work(_: int) -> str:
        try:
            return shop.export(CARFAX).outcome
        except Busy:
            return "comes again"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(work, range(2)))

    assert "accepted" in outcomes or "nothing to do" in outcomes
    shop.now += LEASE
    shop.export(CARFAX)
    assert_delivered_once(shop, shop.servers.sftp)


@pytest.mark.rule("C23")
def test_two_builders_of_one_run_keep_one_manifest(shop: ExportShop, steps: list[Before]) -> None:
    """The first is taken for dead in between; what it built later is nobody's."""

    def another() -> None:
        shop.now += LEASE
        changed = shop.visit("Between the two")
        shop.books.void(changed)
        shop.export(CARFAX)

    before(steps, "Bucket.put_once", another)

    with pytest.raises(Contended):
        shop.export(CARFAX)

    assert_delivered_once(shop, shop.servers.sftp)


@pytest.mark.rule("C24")
@pytest.mark.parametrize("step", ["Bucket.put_once", "SftpFolder.put", "SftpFolder.rename"])
def test_a_worker_that_says_it_lives_keeps_its_turn_however_long_a_step_takes(
    shop: ExportShop, steps: list[Before], step: str
) -> None:
    desk, job = shop.desk(), shop.job(CARFAX)
    waits = list[timedelta | None]()

    def takes_long() -> None:
        for _ in range(8):
            shop.now += BEAT
            keep_alive(desk, job)
        with pytest.raises(Busy) as refused:
            shop.export(CARFAX)
        waits.append(refused.value.wait)

    before(steps, step, takes_long)

    assert deliver(desk, job).outcome == "accepted"

    assert waits == [LEASE + timedelta(seconds=1)]
    assert_delivered_once(shop, shop.servers.sftp)
    keep_alive(desk, job)
    assert shop.runs(CARFAX)[0].held_until == ""


@pytest.mark.rule("C24")
@pytest.mark.parametrize("step", ["SftpFolder.put", "SftpFolder.rename"])
def test_a_worker_that_lost_its_turn_stops_at_its_next_step(
    shop: ExportShop, steps: list[Before], step: str
) -> None:
    def another() -> None:
        shop.now += LEASE
        assert shop.export(CARFAX).outcome == "accepted"

    before(steps, step, another)

    with pytest.raises(Contended):
        shop.export(CARFAX)

    names = set(shop.servers.sftp.files())
    for name in names:
        if name.endswith(".part"):  # what the late one had begun to write
            (Path(shop.servers.sftp.folder) / name).unlink()
    assert_delivered_once(shop, shop.servers.sftp)


@pytest.mark.rule("C23")
def test_a_repair_order_saved_while_its_file_is_under_way_is_told_again(
    shop: ExportShop, steps: list[Before]
) -> None:
    order = shop.visit("Tires")
    before(steps, "SftpFolder.put", lambda: shop.books.change_order(order, odometer_miles=77_001))

    shop.export(CARFAX)

    assert shop.pending(CARFAX) == {order.id}
    shop.next_night()
    shop.export(CARFAX)
    _, second = shop.runs(CARFAX)
    assert [(line.number, line.change) for line in shop.lines(second)] == [
        (order.number, ExportChange.AMENDED)
    ]


# ---- servers that fail


def try_again(shop: ExportShop, put_off: Delivered) -> Delivered:
    """The job that was put off, once its pause is over."""
    assert put_off.again is not None
    shop.now += put_off.pause
    return shop.export(put_off.again.partner, job=put_off.again)


@pytest.mark.rule("C24")
@pytest.mark.parametrize(
    ("mode", "problem"),
    [(PartnerMode.CUT, "connection-lost"), (PartnerMode.FULL, "no-room")],
    ids=["cut", "full"],
)
@pytest.mark.parametrize("partner", [CUSTOMERLINK, MECHANICNET, CARFAX])
def test_a_transfer_that_breaks_off_shows_no_half_file_and_is_done_again(
    shop: ExportShop, partner: PartnerCode, mode: PartnerMode, problem: str
) -> None:
    if partner is not CARFAX:
        shop.switch(partner)
        shop.visit("Alignment")
    server = shop.server_of(partner)
    server.faults.order(mode, after_bytes=100)

    broken = shop.export(partner)

    assert broken.outcome == "tried again later"
    assert broken.problem in (problem, "not-kept", "server-trouble")
    assert broken.pause == timedelta(minutes=1)
    assert all(name.endswith(".part") for name in server.files())
    server.faults.order(PartnerMode.OK)
    assert try_again(shop, broken).outcome == "accepted"
    (run,) = shop.runs(partner)
    assert run.file is not None
    assert server.files() == {run.file.name: shop.kept_file(run)}


@pytest.mark.rule("C24")
def test_a_refused_login_is_not_tried_again_by_itself_and_the_next_night_brings_the_same_file(
    shop: ExportShop,
) -> None:
    shop.servers.sftp.faults.order(PartnerMode.REFUSE_LOGIN)

    refused = shop.export(CARFAX)

    assert (refused.given_up, refused.again, refused.problem) == (1, None, "login-refused")
    (run,) = shop.runs(CARFAX)
    assert run.problem_code == "login-refused"
    assert "user name" in run.problem
    built = shop.kept_file(run)
    shop.servers.sftp.faults.order(PartnerMode.OK)
    shop.next_night()
    shop.export(CARFAX)
    assert run.file is not None
    assert shop.servers.sftp.files() == {run.file.name: built}


@pytest.mark.rule("C24")
def test_a_server_with_another_key_gets_nothing(shop: ExportShop) -> None:
    other = replace(shop.servers.sftp.destination, host_key=f"SHA256:{'A' * 43}")
    shop.switch(CARFAX, server=replace(shop.servers.sftp, destination=other))

    refused = shop.export(CARFAX)

    assert (refused.problem, refused.given_up) == ("wrong-host-key", 1)
    assert shop.servers.sftp.files() == {}
    shop.switch(CARFAX)


@pytest.mark.rule("C24")
def test_an_outage_is_waited_for_ever_longer_then_a_person_hears_of_it(shop: ExportShop) -> None:
    with shop.servers.sftp.outage():
        done = shop.export(CARFAX)
        pauses = []
        while done.again is not None:
            pauses.append(done.pause)
            done = try_again(shop, done)

    minutes = [pause.total_seconds() / 60 for pause in pauses]
    assert minutes[:3] == [1, 5, 15]
    assert all(pause <= 15 for pause in minutes)
    assert done.given_up == 1
    assert shop.now >= shop.now.replace(hour=9) + TRIED_FOR
    shop.next_night()
    assert shop.export(CARFAX).files == 1
    assert_delivered_once(shop, shop.servers.sftp)


@pytest.mark.rule("C24")
def test_after_three_shops_met_a_dead_host_the_others_wait_and_one_tries_for_all(
    aws: Aws, shop: ExportShop
) -> None:
    others = [ExportShop.open(aws, shop.servers) for _ in range(4)]
    for other in others:
        other.switch(CARFAX)
        other.visit("Oil change")
    with shop.servers.sftp.outage():
        first = [one.export(CARFAX) for one in (shop, *others[:2])]
        spared = others[2].export(CARFAX)
        others[3].now += timedelta(minutes=6)
        probe = others[3].export(CARFAX)
    assert [done.problem for done in first] == ["refused"] * 3
    assert spared.problem == "its host fails others too"
    assert others[2].runs(CARFAX)[0].attempts == 0
    assert probe.problem == "refused"

    assert spared.again is not None
    others[2].now += timedelta(minutes=12)
    assert others[2].export(CARFAX, job=spared.again).outcome == "accepted"
    others[1].now += timedelta(minutes=1)
    assert first[2].again is not None
    assert others[1].export(CARFAX, job=first[2].again).outcome == "accepted"


@pytest.mark.rule("C24")
def test_a_partners_outage_keeps_no_other_partner_waiting(shop: ExportShop) -> None:
    shop.switch(CUSTOMERLINK)
    shop.visit("Alignment")

    with shop.servers.sftp.outage():
        down, up = shop.export(CARFAX), shop.export(CUSTOMERLINK)

    assert (down.outcome, up.outcome) == ("tried again later", "accepted")


@pytest.mark.rule("C24")
def test_a_name_that_is_taken_at_the_partner_is_not_written_over(shop: ExportShop) -> None:
    shop.export(CARFAX)
    (name,) = shop.servers.sftp.files()
    shop.next_night()
    taken = Path(shop.servers.sftp.folder) / name.replace("03022027", "03032027")
    taken.write_text("theirs")
    shop.visit("The next day")

    refused = shop.export(CARFAX)

    assert refused.problem == "name-taken"
    assert taken.read_text() == "theirs"


@pytest.mark.rule("C23", "C24")
@pytest.mark.parametrize("number", [1, 6, 9, 11, 13, 14])
def test_a_table_that_refuses_in_between_leaves_a_job_that_comes_again(
    shop: ExportShop, steps: list[Before], number: int
) -> None:
    def refuse(_: str, count: int) -> None:
        if count == number:
            raise Busy("throttled")

    steps.append(refuse)
    event = sqs_event(json.dumps(shop.job(CARFAX).message()))

    refused = entry("functions/exporters/deliver.py").lambda_handler(event, WorkerContext())

    steps.clear()
    assert len(refused["batchItemFailures"]) == 1
    shop.now = max(shop.now, datetime.now(UTC)) + LEASE
    shop.export(CARFAX)
    assert_delivered_once(shop, shop.servers.sftp)


@pytest.mark.rule("C24")
def test_a_table_restored_from_a_backup_sends_no_file_again_that_the_partner_has(
    aws: Aws, shop: ExportShop
) -> None:
    dynamodb = aws.client("dynamodb")
    table = aws.table_name
    before = dynamodb.scan(TableName=table)["Items"]
    shop.export(CARFAX)
    (name,) = shop.servers.sftp.files()
    (Path(shop.servers.sftp.folder) / name).unlink()
    for item in dynamodb.scan(TableName=table)["Items"]:
        dynamodb.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
    for item in before:
        dynamodb.put_item(TableName=table, Item=item)
    assert len(shop.pending(CARFAX)) == 2

    done = shop.export(CARFAX)

    assert done.outcome == "accepted"
    assert shop.servers.sftp.files() == {}
    assert shop.pending(CARFAX) == set()
    (run,) = shop.runs(CARFAX)
    assert [told.run_date for told in shop.told(shop.lines(run)[0].vin)] == [run.date]


# ---- what must not leave


@pytest.mark.rule("C22")
def test_a_file_without_its_certificate_is_never_uploaded(shop: ExportShop, steps: list[Before]) -> None:
    kill_at(steps, STEPS.index("SftpFolder.put") - 1)
    with pytest.raises(Killed):
        shop.export(CARFAX)
    steps.clear()
    (run,) = shop.runs(CARFAX)
    assert run.file is not None
    shop.bucket.delete([RunFiles(bucket=shop.bucket, run=run).certificate_key(run.file)])
    shop.now += LEASE

    with pytest.raises(UncertifiedFile):
        shop.export(CARFAX)

    assert shop.servers.sftp.files() == {}


@pytest.mark.rule("C22")
def test_a_file_that_was_changed_in_the_bucket_is_never_uploaded(
    shop: ExportShop, steps: list[Before]
) -> None:
    kill_at(steps, STEPS.index("SftpFolder.put") - 1)
    with pytest.raises(Killed):
        shop.export(CARFAX)
    steps.clear()
    (run,) = shop.runs(CARFAX)
    assert run.file is not None
    key = RunFiles(bucket=shop.bucket, run=run).file_key(run.file.sha256)
    shop.bucket.put(key, shop.kept_file(run) + b'"Mrs Lopez"\n', "text/plain")
    shop.now += LEASE

    with pytest.raises(UncertifiedFile):
        shop.export(CARFAX)

    assert shop.servers.sftp.files() == {}


@pytest.mark.rule("C20")
def test_a_partner_that_is_switched_off_gets_nothing_more(shop: ExportShop) -> None:
    shop.switch(CARFAX, on=False)

    done = deliver(shop.desk(holder=str(uuid4())), shop.job(CARFAX))

    assert done.outcome == "off"
    assert shop.servers.sftp.files() == {}


# ---- servers that take files away at once, or let nobody look


def nights(shop: ExportShop, partner: PartnerCode, count: int) -> None:
    for _ in range(count):
        shop.next_night()
        shop.export(partner)


@pytest.mark.rule("C24")
@pytest.mark.parametrize("partner", [CUSTOMERLINK, MECHANICNET, CARFAX])
def test_a_server_that_takes_files_away_at_once_gets_each_once_and_a_person_says_what_became_of_it(
    shop: ExportShop, partner: PartnerCode
) -> None:
    if partner is not CARFAX:
        shop.switch(partner)
        shop.visit("Alignment")
    server = shop.server_of(partner)
    server.faults.order(PartnerMode.TAKE)

    done = shop.export(partner)
    nights(shop, partner, 8)

    (run, *_) = shop.runs(partner)
    assert (done.uncertain, run.state, run.problem_code) == (1, ExportState.UNCERTAIN, "taken-at-once")
    assert "write_only" in run.problem
    assert [content for _, content in server.faults.taken] == [shop.kept_file(run)]
    queued: list[dict[str, Any]] = []
    export_views.settle_uncertain(
        shop.books.reads, run, delivered=True, stamp=shop.books.stamp(), enqueue=queued.append
    )
    shop.export(partner, job=DeliveryJob.of(queued[0]["export"]))
    assert shop.runs(partner)[0].state is ExportState.ACCEPTED
    assert shop.pending(partner) == set()


@pytest.mark.rule("C24")
@pytest.mark.parametrize("mode", [PartnerMode.TAKE, PartnerMode.DROP_BOX])
@pytest.mark.parametrize("partner", [CUSTOMERLINK, MECHANICNET, CARFAX])
def test_where_somebody_said_that_it_is_meant_so_the_servers_yes_is_enough(
    shop: ExportShop, partner: PartnerCode, mode: PartnerMode
) -> None:
    server = shop.server_of(partner)
    as_such = replace(server, destination=replace(server.destination, write_only=True))
    shop.switch(partner, server=as_such)
    shop.visit("Alignment")
    server.faults.order(mode)

    done = shop.export(partner)
    nights(shop, partner, 3)

    (run, *_) = shop.runs(partner)
    assert (done.outcome, run.state) == ("accepted", ExportState.ACCEPTED)
    assert run.file is not None
    found = dict(server.faults.taken) if mode is PartnerMode.TAKE else server.files()
    assert found == {run.file.name: shop.kept_file(run)}
    server.faults.order(PartnerMode.OK)
    shop.switch(partner)


@pytest.mark.rule("C24")
@pytest.mark.parametrize("mode", [PartnerMode.CUT, PartnerMode.FULL])
def test_what_breaks_off_there_is_uncertain_and_not_sent_again_by_itself(
    shop: ExportShop, mode: PartnerMode
) -> None:
    server = shop.servers.sftp
    as_such = replace(server, destination=replace(server.destination, write_only=True))
    shop.switch(CARFAX, server=as_such)
    server.faults.order(mode, after_bytes=100)

    done = shop.export(CARFAX)

    (run,) = shop.runs(CARFAX)
    assert (done.uncertain, run.state) == (1, ExportState.UNCERTAIN)
    assert run.problem
    server.faults.order(PartnerMode.OK)
    left = server.files()
    nights(shop, CARFAX, 2)
    assert server.files() == left
    shop.switch(CARFAX)


@pytest.mark.rule("C24")
def test_a_worker_that_died_there_leaves_it_to_a_person_unless_the_file_can_be_read_back(
    shop: ExportShop, steps: list[Before]
) -> None:
    server = shop.servers.sftp
    as_such = replace(server, destination=replace(server.destination, write_only=True))
    shop.switch(CARFAX, server=as_such)
    kill_at(steps, STEPS.index("SftpFolder.put") + 1)
    with pytest.raises(Killed):
        shop.export(CARFAX)
    steps.clear()

    shop.now += LEASE
    shop.export(CARFAX)

    assert_delivered_once(shop, server)
    shop.switch(CARFAX)


@pytest.mark.rule("C24")
def test_a_drop_box_of_which_nobody_said_so_gets_nothing_and_it_is_told_why(shop: ExportShop) -> None:
    shop.servers.sftp.faults.order(PartnerMode.DROP_BOX)

    done = shop.export(CARFAX)

    (run,) = shop.runs(CARFAX)
    assert (done.given_up, run.problem_code) == (1, "may-not-look")
    assert "write_only" in run.problem
    assert shop.servers.sftp.files() == {}


# ---- two shops at one place


@pytest.mark.rule("C20", "C24")
@pytest.mark.parametrize("partner", [CUSTOMERLINK, MECHANICNET])
def test_two_shops_with_one_account_each_deliver_a_file_of_their_own(
    aws: Aws, shop: ExportShop, partner: PartnerCode
) -> None:
    other = ExportShop.open(aws, shop.servers)
    for one in (shop, other):
        one.switch(partner)
        one.visit("Alignment", day="2027-03-01")

    done = [one.export(partner) for one in (shop, other)]

    assert [one.outcome for one in done] == ["accepted", "accepted"]
    kept = {one.runs(partner)[-1].file.name: one.kept_file(one.runs(partner)[-1]) for one in (shop, other)}  # type: ignore[union-attr]
    assert len(kept) == 2
    assert shop.server_of(partner).files() == kept


@pytest.mark.rule("C24")
def test_a_file_of_the_same_name_and_size_is_not_taken_for_ones_own_nor_written_over(
    shop: ExportShop, steps: list[Before]
) -> None:
    """The worker died between two steps, and somebody put another file there."""
    server = shop.servers.sftp
    kill_at(steps, STEPS.index("SftpFolder.rename"))
    with pytest.raises(Killed):
        shop.export(CARFAX)
    steps.clear()
    (part,) = Path(server.folder).iterdir()
    theirs = b"x" * part.stat().st_size
    taken = part.with_name(part.name.removesuffix(".part"))
    taken.write_bytes(theirs)

    shop.now += LEASE
    done = shop.export(CARFAX)

    assert done.outcome != "accepted"
    assert taken.read_bytes() == theirs
    assert shop.pending(CARFAX) == set() or shop.runs(CARFAX)[0].state is not ExportState.ACCEPTED


@pytest.mark.rule("C24")
def test_a_file_that_is_there_with_the_same_bytes_is_the_same_file(
    shop: ExportShop, steps: list[Before]
) -> None:
    """A worker's rename arrived and its note of it did not, nor did that it was about to."""
    kill_at(steps, STEPS.index("SftpFolder.put") - 1)
    with pytest.raises(Killed):
        shop.export(CARFAX)
    steps.clear()
    (run,) = shop.runs(CARFAX)
    assert run.file is not None
    (Path(shop.servers.sftp.folder) / run.file.name).write_bytes(shop.kept_file(run))

    shop.now += LEASE
    shop.export(CARFAX)

    assert_delivered_once(shop, shop.servers.sftp)
