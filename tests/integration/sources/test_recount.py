"""Figures by marketing source, counted again day by day, against a full count of the records themselves."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossbay.app.sources.recount import SETTLED_AFTER, Recounted, recount_shop
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.sources.source import MOST_SOURCES, UNLISTED, Figures, spelling_id, sum_of
from crossbay.domain.work.repair_order import Authorization, Job, RepairOrder, RepairOrderStatus
from crossbay.errors import Contended
from crossbay.privacy.depersonalized import erased_customer
from crossbay.store.customers.customers import CustomerFile, read_file, save_erased, save_file
from crossbay.store.reads import Reads
from crossbay.store.sources.counts import counted_of, days_query, list_months, read_month, save_days
from crossbay.store.sources.day_marks import list_brought, list_marked_shops, list_marks
from crossbay.store.sources.sources import list_sources
from crossbay.store.transaction import Transaction
from crossbay.store.work.repair_orders import find_order, save_order
from local.doors import entry
from tests.helpers.campaign_walk import WorkerContext, sqs_event
from tests.integration.conftest import Aws

STAMP = Stamp(by="advisor", at="2026-11-22T12:00:00.000Z")
DAYS = ("2026-09-30", "2026-10-01", "2026-10-02", "2026-11-15")
SPELLINGS = ("", "Yelp", " yelp", "YELP  ", "Google Ads", "Friend")


class Killed(BaseException):
    """The process ends here: nothing catches it."""


@dataclass
class Books:
    """A shop of its own, whose records are saved as the doors save them, and remembered."""

    reads: Reads
    shop_id: str = field(default_factory=lambda: str(uuid4()))
    customers: dict[str, Customer] = field(default_factory=dict)
    orders: dict[str, RepairOrder] = field(default_factory=dict)

    def new_customer(self, source: str, day: str, *, chosen: str = "") -> str:
        customer = Customer(
            id=f"c{len(self.customers)}",
            organization_id="o1",
            shop_id=self.shop_id,
            last_name="Quill",
            source=source,
            organization_source_id=chosen,
            since_on=day,
        )
        saved = save_file(None, CustomerFile(customer=customer), stamp=STAMP).customer
        self.customers[saved.id] = saved
        return saved.id

    def change_customer(self, customer_id: str, **fields: Any) -> None:
        before = read_file(self.reads, "o1", CustomerRef(shop_id=self.shop_id, customer_id=customer_id))
        after = replace(before, customer=replace(before.customer, **fields))
        self.customers[customer_id] = save_file(before, after, stamp=STAMP).customer

    def erase(self, customer_id: str) -> None:
        before = read_file(self.reads, "o1", CustomerRef(shop_id=self.shop_id, customer_id=customer_id))
        after = erased_customer(before.customer, source=before.customer.source, at=STAMP.at)
        save_erased(before, after, stamp=STAMP, also=Transaction())
        self.customers[customer_id] = after

    def save(self, before: RepairOrder | None, after: RepairOrder) -> str:
        self.orders[after.id] = save_order(self.reads, before, after, stamp=STAMP)
        return after.id

    def new_order(self, customer_id: str, status: RepairOrderStatus, day: str, cents: int) -> str:
        blank = RepairOrder(
            id=f"r{len(self.orders)}",
            organization_id="o1",
            shop_id=self.shop_id,
            customer_id=customer_id,
            number="1",
            opened_on="2026-09-01",
        )
        return self.save(None, _worked(blank, status, day, cents))

    def change_order(self, order_id: str, status: RepairOrderStatus, day: str, cents: int) -> None:
        before = find_order(self.reads, ShopRef(organization_id="o1", shop_id=self.shop_id), order_id)
        assert before is not None
        if before.status is not RepairOrderStatus.VOID:
            self.save(before, _worked(before, status, day, cents))

    def recount(self) -> Recounted:
        return recount_shop(
            self.reads,
            ShopRef(organization_id="o1", shop_id=self.shop_id),
            now=settled(),
            has_time=lambda: True,
        )

    @property
    def marks(self) -> int:
        """How many there are, up to five."""
        return len(
            list_marks(
                self.reads, ShopRef(organization_id="o1", shop_id=self.shop_id), before=settled(), limit=5
            )
        )

    @property
    def counted(self) -> dict[str, dict[str, Figures]]:
        """By day, then source."""
        items = self.reads.query(
            days_query(ShopRef(organization_id="o1", shop_id=self.shop_id), "2000-01-01", "2099-12-31")
        ).items
        return {day: dict(figures) for day, figures in counted_of(items).items() if figures}

    @property
    def months(self) -> dict[str, dict[str, Figures]]:
        found = list_months(self.reads, ShopRef(organization_id="o1", shop_id=self.shop_id))
        return {month: dict(figures) for month, figures in found.items() if figures}

    @property
    def full_count(self) -> dict[str, dict[str, Figures]]:
        """The same from every customer and every RO, by other ways than the product's."""
        tally: Counter[tuple[str, str, int]] = Counter()
        for customer in self.customers.values():
            source = customer.organization_source_id or spelling_id(customer.source)
            visits = sorted(
                (order.invoiced_on, order.approved_cents)
                for order in self.orders.values()
                if order.customer_id == customer.id and order.status is RepairOrderStatus.INVOICED
            )
            is_deleted = bool(customer.deleted_at) and not customer.erased_at
            if not is_deleted:
                tally[customer.since_on, source, 0] += 1
                for day, _ in visits[:1]:
                    tally[day, source, 1] += 1
            for day, cents in visits:
                tally[day, source, 2] += 1
                tally[day, source, 3] += cents
        days: dict[str, dict[str, Figures]] = {}
        for day, source, _ in tally:
            figures = Figures(*(tally[day, source, n] for n in range(4)))
            days.setdefault(day, {})[source] = figures
        return days


def settled() -> datetime:
    """When every mark made so far has settled."""
    return datetime.now(UTC) + 2 * SETTLED_AFTER


def _worked(order: RepairOrder, status: RepairOrderStatus, day: str, cents: int) -> RepairOrder:
    jobs = (
        Job(id="j1", title="Brakes", authorization=Authorization.APPROVED, amount_cents=cents),
        Job(id="j2", title="Tires", authorization=Authorization.DECLINED, amount_cents=99_900),
    )
    keeps_day = status in (RepairOrderStatus.INVOICED, RepairOrderStatus.VOID)
    return replace(order, status=status, invoiced_on=day if keeps_day else "", jobs=jobs)


@pytest.fixture
def reads(table: str) -> Reads:
    return Reads(table)


@contextmanager
def _killed_after(writes: int) -> Iterator[None]:
    """The process dies before the transaction after so many."""
    left = iter(range(writes))
    commit = Transaction.commit

    def until_killed(transaction: Transaction) -> None:
        if next(left, None) is None:
            raise Killed
        commit(transaction)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Transaction, "commit", until_killed)
        yield


_SOURCE, _DAY, _CENTS, _WHICH = (
    st.sampled_from(SPELLINGS),
    st.sampled_from(DAYS),
    st.integers(-5_000, 50_000),
    st.integers(0, 7),
)
_STATUS = st.sampled_from(list(RepairOrderStatus))
_NEW_CUSTOMER = st.tuples(st.just("customer"), _SOURCE, _DAY, st.sampled_from(("", "internet-yelp")))
_VISIT = st.tuples(st.just("order"), _WHICH, st.just(RepairOrderStatus.INVOICED), _DAY, _CENTS)
_STEP = st.one_of(
    _NEW_CUSTOMER,
    _VISIT,
    st.tuples(st.just("source"), _WHICH, _SOURCE, st.sampled_from(("", "internet-yelp"))),
    st.tuples(st.just("since"), _WHICH, _DAY),
    st.tuples(st.just("delete"), _WHICH),
    st.tuples(st.just("erase"), _WHICH),
    st.tuples(st.just("order"), _WHICH, _STATUS, _DAY, _CENTS),
    st.tuples(st.just("correct"), _WHICH, st.just(RepairOrderStatus.INVOICED), _DAY, _CENTS),
    st.tuples(st.just("correct"), _WHICH, _STATUS, _DAY, _CENTS),
    st.tuples(st.just("recount")),
    st.tuples(st.just("killed"), st.integers(0, 4)),
)


def _act(books: Books, step: tuple[Any, ...]) -> None:
    living = [one.id for one in books.customers.values() if not one.deleted_at]
    match step:
        case ("customer", source, day, chosen):
            books.new_customer(source, day, chosen=chosen)
        case ("source", which, source, chosen) if living:
            customer_id = living[which % len(living)]
            books.change_customer(customer_id, source=source, organization_source_id=chosen)
        case ("since", which, day) if living:
            books.change_customer(living[which % len(living)], since_on=day)
        case ("delete", which) if living:
            books.change_customer(living[which % len(living)], deleted_at=STAMP.at)
        case ("erase", which) if living:
            books.erase(living[which % len(living)])
        case ("order", which, status, day, cents) if living:
            books.new_order(living[which % len(living)], status, day, cents)
        case ("correct", which, status, day, cents) if books.orders:
            books.change_order(list(books.orders)[which % len(books.orders)], status, day, cents)
        case ("recount",):
            books.recount()
        case ("killed", writes):
            with _killed_after(writes), suppress(Killed):
                books.recount()


@pytest.mark.rule("M6")
@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    begun=st.tuples(_NEW_CUSTOMER, _NEW_CUSTOMER, _VISIT, _VISIT, _VISIT, st.just(("recount",))),
    steps=st.lists(_STEP, min_size=3, max_size=12),
)
def test_after_corrections_voids_crashes_and_replays_a_recount_equals_a_full_count(
    reads: Reads, begun: tuple[tuple[Any, ...], ...], steps: list[tuple[Any, ...]]
) -> None:
    books = Books(reads)
    for step in (*begun, *steps):
        _act(books, step)

    done = books.recount()

    assert done.is_through
    assert books.counted == books.full_count
    by_month: dict[str, dict[str, list[Figures]]] = {}
    for day, figures in books.full_count.items():
        for source, one in figures.items():
            by_month.setdefault(day[:7], {}).setdefault(source, []).append(one)
    totals = {m: {s: sum_of(ones) for s, ones in sources.items()} for m, sources in by_month.items()}
    assert books.months == totals
    assert books.marks == 0


@pytest.mark.parametrize(
    ("status", "day", "first_on"),
    [
        (RepairOrderStatus.INVOICED, DAYS[3], DAYS[2]),
        (RepairOrderStatus.INVOICED, DAYS[1], DAYS[1]),
        (RepairOrderStatus.IN_PROGRESS, "", DAYS[2]),
        (RepairOrderStatus.VOID, DAYS[0], DAYS[2]),
    ],
)
def test_the_first_visit_goes_over_to_the_earliest_that_is_left(
    reads: Reads, status: RepairOrderStatus, day: str, first_on: str
) -> None:
    books = Books(reads)
    customer_id = books.new_customer("Yelp", DAYS[0])
    first = books.new_order(customer_id, RepairOrderStatus.INVOICED, DAYS[0], 10_000)
    books.new_order(customer_id, RepairOrderStatus.INVOICED, DAYS[2], 5_000)
    books.recount()

    books.change_order(first, status, day, 10_000)
    books.recount()

    firsts = {day: sum_of(figures.values()).first_visits for day, figures in books.counted.items()}
    assert {day: n for day, n in firsts.items() if n} == {first_on: 1}
    assert books.counted == books.full_count


def test_counting_twice_changes_nothing(reads: Reads) -> None:
    books = Books(reads)
    customer_id = books.new_customer("Yelp", DAYS[0])
    books.new_order(customer_id, RepairOrderStatus.INVOICED, DAYS[1], 10_000)
    books.recount()
    counted = books.counted

    again = books.recount()

    assert (again.marks, again.days) == (0, 0)
    assert books.counted == counted


def test_a_save_that_changes_no_figure_leaves_no_mark(reads: Reads) -> None:
    books = Books(reads)
    customer_id = books.new_customer("Yelp", DAYS[0])
    order_id = books.new_order(customer_id, RepairOrderStatus.INVOICED, DAYS[1], 10_000)
    books.recount()

    books.change_customer(customer_id, first_name="Ada")
    books.save(books.orders[order_id], replace(books.orders[order_id], internal_notes="paid in cash"))

    assert books.marks == 0


def test_a_worker_that_was_overtaken_counts_again(reads: Reads, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another worker counts and a visit comes in, after the first one has read what the day brought."""
    books = Books(reads)
    customer_id = books.new_customer("Yelp", DAYS[1])
    books.new_order(customer_id, RepairOrderStatus.INVOICED, DAYS[1], 10_000)
    overtaken = [True]

    def read_slowly(*args: Any) -> Any:
        found = list_brought(*args)
        if overtaken and overtaken.pop():
            books.new_order(customer_id, RepairOrderStatus.INVOICED, DAYS[1], 5_000)
            books.recount()
        return found

    monkeypatch.setattr("crossbay.app.sources.recount.list_brought", read_slowly)
    books.recount()

    assert books.counted == books.full_count


def test_a_worker_that_saw_what_was_so_for_a_moment_is_refused(
    reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker finds the figures as they were counted before, and takes the marks away."""
    books = Books(reads)
    customer_id = books.new_customer("Yelp", DAYS[1])
    order_id = books.new_order(customer_id, RepairOrderStatus.INVOICED, DAYS[1], 10_000)
    books.recount()
    books.change_order(order_id, RepairOrderStatus.INVOICED, DAYS[1], 20_000)
    overtaken = [True]

    def read_slowly(*args: Any) -> Any:
        found = list_brought(*args)
        if overtaken and overtaken.pop():
            books.change_order(order_id, RepairOrderStatus.INVOICED, DAYS[1], 10_000)
            books.recount()
        return found

    monkeypatch.setattr("crossbay.app.sources.recount.list_brought", read_slowly)
    books.recount()

    assert (books.counted, books.marks) == (books.full_count, 0)


def test_a_first_visit_taken_back_while_another_is_saved_goes_over_to_that(
    reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = Books(reads)
    customer_id = books.new_customer("Yelp", DAYS[0])
    first = books.new_order(customer_id, RepairOrderStatus.INVOICED, DAYS[0], 10_000)
    books.new_order(customer_id, RepairOrderStatus.INVOICED, DAYS[3], 10_000)
    commit, in_between = Transaction.commit, [True]

    def with_another(transaction: Transaction) -> None:
        if in_between and in_between.pop():
            books.new_order(customer_id, RepairOrderStatus.INVOICED, DAYS[1], 5_000)
        commit(transaction)

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "commit", with_another)
        with pytest.raises(Contended):
            books.change_order(first, RepairOrderStatus.VOID, DAYS[0], 10_000)
    books.change_order(first, RepairOrderStatus.VOID, DAYS[0], 10_000)
    books.recount()

    assert books.counted == books.full_count


def test_a_mark_of_the_last_seconds_is_left_to_the_next_run(reads: Reads) -> None:
    books = Books(reads)
    books.new_customer("Yelp", DAYS[1])

    done = recount_shop(
        reads,
        ShopRef(organization_id="o1", shop_id=books.shop_id),
        now=datetime.now(UTC),
        has_time=lambda: True,
    )

    assert (done.marks, done.is_through, books.marks) == (0, True, 1)


def test_a_worker_that_is_always_overtaken_leaves_its_marks(
    reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = Books(reads)
    books.new_customer("Yelp", DAYS[1])

    def refuse(*args: Any) -> bool:
        raise Contended("somebody counts")

    monkeypatch.setattr("crossbay.app.sources.recount.save_days", refuse)
    monkeypatch.setattr("crossbay.app.retry.time.sleep", lambda seconds: None)
    with pytest.raises(Contended):
        books.recount()

    assert books.marks == 1


def test_every_shop_with_a_mark_is_found_once_until_it_is_counted(reads: Reads) -> None:
    shops = [Books(reads) for _ in range(20)]
    for books in shops:
        books.new_customer("Yelp", DAYS[0])
        books.new_customer("Yelp", DAYS[1])
    shops[0].recount()

    found = list_marked_shops(reads)

    assert sorted(shop.shop_id for shop in found) == sorted(books.shop_id for books in shops[1:])
    assert {shop.organization_id for shop in found} == {"o1"}


def test_out_of_time_leaves_the_rest_to_the_next_worker(
    reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crossbay.app.sources.recount.MARKS_AT_ONCE", 2)
    books = Books(reads)
    for day in DAYS:
        books.new_customer("Yelp", day)
    time_left = iter([True, False])

    first = recount_shop(
        reads,
        ShopRef(organization_id="o1", shop_id=books.shop_id),
        now=settled(),
        has_time=lambda: next(time_left),
    )

    assert (first.marks, first.is_through) == (2, False)
    assert books.recount().is_through
    assert books.counted == books.full_count


@pytest.mark.rule("M1")
def test_spellings_that_differ_by_case_and_blanks_are_listed_as_one_source(reads: Reads) -> None:
    books = Books(reads)
    for spelling in ("Yelp", "YELP", "  yelp ", "Friend"):
        books.new_customer(spelling, DAYS[0])

    books.recount()

    found = {
        source.id: set(source.spellings)
        for source in list_sources(reads, ShopRef(organization_id="o1", shop_id=books.shop_id))
    }
    assert found == {
        spelling_id("yelp"): {"Yelp", "YELP", "  yelp "},
        spelling_id("friend"): {"Friend"},
    }


def test_what_a_shop_has_past_its_most_sources_counts_as_unlisted(
    reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crossbay.app.sources.recount.MOST_SOURCES", 2)
    books = Books(reads)
    for spelling in ("A", "B", "C", "D", ""):
        books.new_customer(spelling, DAYS[0])

    books.recount()

    assert len(list_sources(reads, ShopRef(organization_id="o1", shop_id=books.shop_id))) == 2
    assert books.counted[DAYS[0]][UNLISTED] == Figures(new_customers=2)
    assert sum_of(books.counted[DAYS[0]].values()).new_customers == 5


def test_a_list_that_was_full_has_room_again_once_the_point_of_sale_is_tidied_up(
    reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("sources.recount", "sources.list_limit"):
        monkeypatch.setattr(f"crossbay.app.{module}.MOST_SOURCES", 2)
    books = Books(reads)
    customers = [books.new_customer(f"told by {n}", DAYS[n]) for n in range(3)]
    books.recount()
    for customer_id in customers:
        books.change_customer(customer_id, source="Friend")

    books.recount()
    books.recount()

    assert [
        source.name for source in list_sources(reads, ShopRef(organization_id="o1", shop_id=books.shop_id))
    ] == ["Friend"]
    assert books.counted == books.full_count


def test_a_day_and_a_month_of_the_most_sources_fit_their_items(reads: Reads) -> None:
    books = Books(reads)
    figures = {f"{number:016x}": Figures(999, 999, 9_999, 99_999_999) for number in range(MOST_SOURCES)}

    save_days(
        ShopRef(organization_id="o1", shop_id=books.shop_id),
        read_month(reads, ShopRef(organization_id="o1", shop_id=books.shop_id), "2026-10"),
        {DAYS[1]: figures},
    )

    assert books.months == {"2026-10": figures}


def test_a_worker_out_of_time_queues_the_shop_again_and_an_overtaken_one_leaves_it_to_the_schedule(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = Books(Reads(aws.table_name))
    books.new_customer("Yelp", DAYS[0])
    job = {"recount": {"organization_id": "o1", "shop_id": books.shop_id}}
    worker, event = entry("functions/sources/recount.py"), sqs_event(json.dumps(job))
    sqs, queue = boto3.client("sqs"), aws.recount_queue_url

    worker.lambda_handler(event, WorkerContext(left_ms=60_000))
    queued = sqs.receive_message(QueueUrl=queue)["Messages"]
    monkeypatch.setattr(worker, "recount_shop", _always_overtaken)
    answer = worker.lambda_handler(event, WorkerContext())

    assert [json.loads(message["Body"]) for message in queued] == [job]
    assert answer == {"batchItemFailures": []}
    assert books.marks == 1


def _always_overtaken(*args: Any, **more: Any) -> Recounted:
    raise Contended("somebody counts")


def test_a_message_of_no_shop_is_given_back(aws: Aws) -> None:
    worker = entry("functions/sources/recount.py")

    answer = worker.lambda_handler(sqs_event("{}"), WorkerContext())

    assert len(answer["batchItemFailures"]) == 1
