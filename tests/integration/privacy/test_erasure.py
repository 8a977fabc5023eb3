"""A customer is erased: nothing of the person is left in table and buckets, whatever breaks off (X6)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossbay.app.campaigns.any_day import ask_day
from crossbay.app.campaigns.night import run_night
from crossbay.app.exports import views as export_views
from crossbay.app.privacy.erase import LAST_LOOK_AFTER
from crossbay.app.work.corrections import correct_shop
from crossbay.aws.s3 import Bucket
from crossbay.domain.access import Stamp
from crossbay.domain.calendar import utc_iso
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.privacy_request import PrivacyRequest, RequestKind, RequestState
from crossbay.domain.sources.source import spelling_id
from crossbay.domain.work.repair_order import RepairOrderStatus
from crossbay.errors import BadInput, MendInput, NotFound, Retry
from crossbay.imports.run import ImportCounts
from crossbay.store.customers.customers import find_file, read_file
from crossbay.store.organizations import read_shop
from crossbay.store.sources.sources import list_sources, put_source, read_source
from crossbay.store.transaction import Transaction
from local.partners.servers import PartnerServers
from tests.helpers.export_walk import MECHANICNET
from tests.helpers.privacy_world import (
    ASKED_AT,
    CANARY,
    NIGHT,
    PLATE,
    ROWS,
    SOURCE,
    VIN,
    Clock,
    World,
    build,
    resave,
    void,
)
from tests.integration.conftest import Aws


@pytest.fixture(scope="module")
def built(aws_of_module: Aws, servers: PartnerServers) -> World:
    return build(aws_of_module, servers)


Whole = tuple[object, ...]
STAMP = Stamp(by="marketing", at=utc_iso(ASKED_AT))


@pytest.fixture(scope="module")
def whole(built: World) -> Whole:
    """What one worker that nothing disturbs says that it did."""
    done = told(built.last_look(built.work(built.ask())))
    built.put_back()
    return done


@pytest.fixture
def world(built: World) -> Iterator[World]:
    yield built
    built.put_back()


def told(request: PrivacyRequest) -> Whole:
    """What a request says that it did."""
    counts = (request.removed, request.kept, request.files, request.told, request.left)
    return (request.state, *(dict(one) for one in counts))


# ---- marketing sources


def indexed(world: World) -> list[str]:
    """Sort keys of the search index that lead to the customer."""
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=world.reads.table_name)
    items = (item for page in pages for item in page["Items"])
    keys_of_index = [item["sk"]["S"] for item in items if item["type"]["S"] == "index"]
    return sorted(sk for sk in keys_of_index if world.ref.customer_id in sk)


@pytest.mark.rule("X6", "S26")
def test_nothing_of_the_search_index_leads_to_an_erased_customer_no_number_either(world: World) -> None:
    before = indexed(world)

    world.last_look(world.work(world.ask()))

    assert {"RO#", "APPOINTMENT#"} <= {f"{sk.split('#')[3]}#" for sk in before if sk.count("#") > 3}
    assert indexed(world) == []


@pytest.mark.rule("X6", "X9")
def test_what_a_newer_release_added_to_a_record_goes_with_the_person(world: World) -> None:
    """In every item of the customer, at the top of what it says and further down."""
    dynamodb, added = boto3.client("dynamodb"), {"S": f"Mrs {CANARY['last_name']}"}
    for item in world.items():
        body = item.get("body", {"M": {}})["M"]
        inside = {name: {"M": one["M"] | {"added": added}} for name, one in body.items() if "M" in one}
        body |= inside | {"added": added}
        dynamodb.put_item(TableName=world.reads.table_name, Item=item | {"body": {"M": body}})

    world.last_look(world.work(world.ask()))

    assert world.scan() == []


def source_names(world: World) -> set[str]:
    return {source.name for source in list_sources(world.reads, ShopRef.of(world))}


@pytest.mark.rule("X6")
def test_a_source_that_names_the_person_leaves_the_shops_list_once_the_figures_are_counted_without_it(
    world: World,
) -> None:
    books, named = world.export.books, f"Saw {CANARY['last_name']}'s truck"
    books.change_customer(world.ref, source=named)
    world.recount()
    request = world.work(world.ask())

    waiting = world.work(request, Clock(ASKED_AT + LAST_LOOK_AFTER))
    listed_meanwhile = source_names(world)
    world.last_look(waiting)

    assert (waiting.checked_at, listed_meanwhile) == ("", {named, SOURCE, "Yelp"})
    assert source_names(world) == {"Yelp"}
    assert world.scan() == []


@pytest.mark.rule("X6")
def test_a_source_that_only_seems_to_name_the_person_stays_with_its_mapping_while_others_have_it(
    world: World,
) -> None:
    books, common = world.export.books, f"{CANARY['last_name']} Radio"
    for ref in (world.ref, world.bystander):
        books.change_customer(ref, source=common)
    world.recount()
    shop_ref = ShopRef.of(world)
    before = read_source(world.reads, shop_ref, spelling_id(common))
    transaction = Transaction()
    put_source(transaction, before, replace(before, category_id="advertising-radio"), stamp=STAMP)
    transaction.commit()

    world.last_look(world.work(world.ask()))

    assert read_source(world.reads, shop_ref, spelling_id(common)).category_id == "advertising-radio"


# ---- partners


@pytest.mark.rule("X6", "C23")
def test_later_nights_and_a_history_file_leave_the_person_out_and_say_why(world: World) -> None:
    request = world.work(world.ask())
    export = world.export
    export.now = NIGHT + timedelta(days=4)
    void(world, world.order_id)
    export.visit("Alignment", ref=world.bystander)
    export.books.at = export.now
    stamp, queued = export.books.stamp(), list[dict[str, Any]]()
    shop = read_shop(world.reads, ShopRef.of(world))

    export.export(MECHANICNET)
    export_views.begin_history(
        world.reads, shop, MECHANICNET, "2027-03-01", export.day, stamp=stamp, enqueue=queued.append
    )
    export.export(MECHANICNET, night=False)

    _, night, history = export.runs(MECHANICNET)
    assert night.file is not None
    assert set(export.left_out(night).values()) == {"erased"}
    assert "erased" in export.left_out(history).values()
    assert {line.customer_id for line in export.lines(history) if not line.reason} <= {
        world.bystander.customer_id
    }
    export.now = NIGHT
    assert world.scan() == []
    assert world.last_look(request).files["exports"] == 3, "what only says `erased` is left alone"


@pytest.mark.rule("X6", "C24")
def test_a_file_that_no_partner_has_seen_is_withdrawn_and_the_others_in_it_are_told_anew(
    world: World,
) -> None:
    export = world.export
    export.now = NIGHT + timedelta(days=1)
    day = export.day
    other = export.visit("Alignment", ref=world.bystander, day=day)
    export.visit("Wipers", ref=world.ref, vehicle=export.books.file(world.ref).vehicles[0], day=day)
    with export.servers.ftps.outage():
        assert export.export(MECHANICNET).files == 0
    world.recount()

    request = world.work(world.ask())

    _, withdrawn = export.runs(MECHANICNET)
    assert (withdrawn.state.value, withdrawn.is_finished) == ("not_delivered", True)
    assert other.id in export.pending(MECHANICNET)
    export.now = NIGHT + timedelta(days=2)
    export.export(MECHANICNET)
    *_, again = export.runs(MECHANICNET)
    assert [line.repair_order_id for line in export.lines(again) if not line.reason] == [other.id]
    assert world.scan() == []
    export.now = NIGHT
    assert world.last_look(request).checked_at


# ---- what goes on without the person


@pytest.mark.rule("X6", "C13")
def test_a_past_night_asked_about_leaves_the_person_out_and_nights_go_on(world: World) -> None:
    ids = (world.reads, ShopRef.of(world))
    night = date(2027, 3, 3)
    before = ask_day(*ids, night, now=utc_iso(ASKED_AT))

    world.work(world.ask())

    after = ask_day(*ids, night, now=utc_iso(ASKED_AT))
    assert {m.customer_id for m in before.messages} == {world.ref.customer_id, world.bystander.customer_id}
    assert {m.customer_id for m in after.messages} == {world.bystander.customer_id}
    assert after.differs == ()
    ran = run_night(*ids, now=ASKED_AT + timedelta(hours=5), has_time=lambda: True)
    assert ran.is_through
    for day in range(6, 20):  # the days to come: nobody asks for the appointment that is gone
        ask_day(*ids, date(2027, 3, day), now=utc_iso(ASKED_AT))


@pytest.mark.rule("X6", "C23")
def test_a_correction_that_waits_and_a_void_bring_nothing_back(world: World) -> None:
    books = world.export.books
    books.change_vehicle(books.file(world.ref).vehicles[0], engine="2.0L")

    world.work(world.ask())
    correct_shop(world.reads, ShopRef.of(world), at=utc_iso(ASKED_AT))
    void(world, world.open_order_id)

    assert world.order(world.open_order_id).status is RepairOrderStatus.VOID
    assert world.scan() == []


# ---- not coming back


@pytest.mark.rule("X6", "S25")
def test_a_row_of_an_erased_repair_order_and_its_inspections_stay_out(world: World) -> None:
    order = {**ROWS["repair_orders"], "internal_notes": ""}
    assert world.outcome("repair_orders", order)[0] == ImportCounts(created=1)
    world.work(world.ask())

    late, _ = world.outcome("repair_orders", order | {"internal_notes": CANARY["first_name"]})
    inspected = world.take_in(
        "repair_orders", [{**order, "inspections": [{"title": CANARY["first_name"], "items": []}]}]
    )

    assert late == inspected.counts == ImportCounts(refused=1)


# ---- killed, doubled, at once


class Killed(BaseException):
    """The worker is gone; nothing of it catches this."""


class Mortal:
    """Notes writes to table and bucket; the worker dies before the one after `most`.

    did_as_before: whether a life got no further than the one before: a file is written again before its note.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.most: int | None = None
        self.writes: list[str] = []
        self.earlier: list[str] = []
        for owner, name in (
            (Transaction, "commit"),
            (Bucket, "put_file"),
            (Bucket, "put"),
            (Bucket, "delete"),
        ):
            patch.setattr(owner, name, self._guarded(getattr(owner, name)))

    def _guarded(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def run(owner: Any, *args: Any, **kwargs: Any) -> Any:
            what = args[0] if args else owner.operations
            if what != []:  # no keys, no request
                self.step(f"{write.__name__} {what}")
            return write(owner, *args, **kwargs)

        return run

    def step(self, what: str) -> None:
        if self.most is not None and len(self.writes) >= self.most:
            raise Killed
        self.writes.append(what)

    @property
    def did_as_before(self) -> bool:
        return self.writes == self.earlier

    def lives_for(self, most: int | None) -> None:
        self.most, self.earlier, self.writes = most, self.writes, []


@pytest.mark.rule("X6")
def test_workers_killed_at_each_write_end_as_one_that_was_not(
    world: World, whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each life is one write, and more only where one write is what the life before did already."""
    mortal, request, deaths = Mortal(monkeypatch), world.ask(), 0

    mortal.lives_for(most := 1)
    while True:
        try:
            done = world.work(request)
        except Killed:
            deaths += 1
            most = most + 1 if mortal.did_as_before else 1
            mortal.lives_for(most)
            continue
        if done.state is RequestState.DONE:
            break
    mortal.lives_for(None)

    assert deaths > 20
    assert world.scan() == []
    assert told(world.last_look(request)) == whole


@pytest.mark.rule("X6")
def test_a_worker_whose_time_is_up_leaves_the_rest_to_another(world: World, whole: Whole) -> None:
    request, pauses, turns = world.ask(), list[timedelta](), 0

    while world.work(request, Clock(left=6), pauses).state is not RequestState.DONE:
        turns += 1
        assert pauses[-1] == timedelta()

    assert turns > 1
    assert pauses[-1] == LAST_LOOK_AFTER
    assert world.scan() == []
    assert told(world.last_look(request)) == whole


@pytest.mark.rule("X6")
def test_a_message_that_comes_doubled_or_late_changes_nothing(world: World) -> None:
    request = world.ask()
    first = world.work(request)

    again = world.work(request)
    checked = world.last_look(request)
    late = world.last_look(request)

    assert told(first) == told(again) == told(checked) == told(late)
    assert late == checked


@pytest.mark.rule("X6")
def test_a_last_look_that_comes_too_early_is_asked_for_again(world: World) -> None:
    """By a clock that is slow, or a message that came doubled."""
    request, pauses = world.work(world.ask()), list[timedelta]()

    early = world.work(request, Clock(ASKED_AT + LAST_LOOK_AFTER - timedelta(milliseconds=300)), pauses)
    slow = world.work(request, Clock(ASKED_AT - timedelta(minutes=1)), pauses)

    assert early.checked_at == slow.checked_at == ""
    assert pauses == [timedelta(seconds=1.3), LAST_LOOK_AFTER]


@pytest.mark.rule("X6")
def test_two_workers_at_once_erase_once_and_count_once(world: World, whole: Whole) -> None:
    request = world.ask()

    def work(_: int) -> None:
        with suppress(Retry):  # its message comes again
            world.work(request)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    done = world.work(request)

    assert world.scan() == []
    assert told(done) == whole


def _imported(world: World, kind: str) -> None:
    world.outcome(kind, ROWS[kind])


Write = Callable[[World], object]
WRITES: dict[str, Write] = {
    "the customer saved": resave,
    "a vehicle added": lambda world: world.export.books.vehicle(world.ref, vin=VIN, plate=PLATE),
    "an RO opened": lambda world: world.export.books.order(
        world.ref, "2027-03-05", vehicle=world.export.books.file(world.ref).vehicles[0], done=("Zyxandra",)
    ),
    "an RO changed": lambda world: world.export.books.change_order(
        world.order(), internal_notes=CANARY["last_name"]
    ),
    "an appointment": lambda world: world.export.books.appointment(
        world.ref, "2027-03-20T16:00:00.000Z", notes=CANARY["first_name"]
    ),
    "a link": lambda world: world.export.books.link(world.bystander_elsewhere(), world.ref),
    **{f"imported {kind}": partial(_imported, kind=kind) for kind in ROWS},
}


@pytest.mark.rule("X6", "C19")
@pytest.mark.parametrize("name", WRITES)
def test_a_write_under_way_while_the_customer_is_erased_leaves_nothing_behind(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Right before its first commit to the customer's records, when all is read."""
    done = list[PrivacyRequest]()
    commit = Transaction.commit

    def interrupted(transaction: Transaction) -> None:
        is_of_customer = any(one.key.pk == world.partition for one in transaction.operations)
        if is_of_customer:
            monkeypatch.undo()
            done.append(world.ask())
            world.work(done[0])
        commit(transaction)

    monkeypatch.setattr(Transaction, "commit", interrupted)
    with suppress(MendInput, Retry):  # refused, or to be tried again by whoever asked
        WRITES[name](world)

    assert done, "the erasure came in between"
    checked = world.last_look(done[0])
    world.forget_files_of_the_point_of_sale()
    assert checked.checked_at
    assert world.scan() == []


@pytest.mark.rule("X6")
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=st.lists(st.sampled_from(sorted(ROWS)), min_size=2, max_size=4))
def test_imports_at_the_same_time_never_win(world: World, kinds: list[str]) -> None:
    world.put_back()
    request = world.ask()

    def take_in() -> None:
        for kind in kinds:
            world.outcome(kind, ROWS[kind])

    def erase() -> None:
        try:
            world.work(request)
        except Retry:
            world.work(request)

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(take_in), pool.submit(erase)]:
            one.result()
    world.last_look(request)

    world.forget_files_of_the_point_of_sale()
    assert world.scan() == []
    file = find_file(
        world.reads,
        world.organization_id,
        CustomerRef(shop_id=world.shop_id, customer_id=world.ref.customer_id),
    )
    assert file is not None
    assert file.customer.erased_at


# ---- asked


@pytest.mark.rule("X6")
def test_a_reason_that_names_the_person_is_refused_before_anything_is_kept(world: World) -> None:
    for reason in ("Mrs Wvucanary called", "asked by zyxandra.wvu@example.com", "call 212 555 0188"):
        with pytest.raises(BadInput) as refused:
            world.ask_because(reason)
        assert "reason" in refused.value.fields


@pytest.mark.rule("X6")
def test_an_erased_customer_is_there_to_be_erased_again_and_not_to_be_handed_out(world: World) -> None:
    world.last_look(world.work(world.ask()))

    again = world.work(world.ask())

    assert (again.state, dict(again.removed), dict(again.kept)) == (RequestState.DONE, {}, {})
    with pytest.raises(NotFound):
        world.ask(RequestKind.EXPORT)
    with pytest.raises(NotFound):
        read_file(
            world.reads,
            world.organization_id,
            CustomerRef(shop_id=world.shop_id, customer_id=world.ref.customer_id),
        )
    with pytest.raises(NotFound):
        world.ask(ref=CustomerRef(shop_id=world.shop_id, customer_id="nobody"))
