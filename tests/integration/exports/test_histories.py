"""What a partner believes after any history of repair orders: what is so, and nothing else (C23).

The partner here keeps what its files say, by VIN and RO number: a row replaces what it had, a voided one
takes it away.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossbay.app.exports import views as export_views
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus
from crossbay.exports.run import ExportState
from crossbay.store.exports.exports import save_export
from crossbay.store.organizations import read_shop
from crossbay.store.work.repair_orders import read_order
from local.partners.servers import PartnerServers
from tests.helpers.export_walk import CARFAX, CUSTOMERLINK, ExportShop, owner_of, vin
from tests.integration.conftest import Aws

OPEN, INVOICED, VOID = RepairOrderStatus.IN_PROGRESS, RepairOrderStatus.INVOICED, RepairOrderStatus.VOID
Told = dict[tuple[str, str], tuple[str, ...]]


def empty(servers: PartnerServers) -> None:
    for server in (servers.sftp, servers.ftp, servers.ftps):
        for path in Path(server.folder).iterdir():
            path.unlink()


@pytest.fixture
def shop(aws: Aws, servers: PartnerServers) -> ExportShop:
    empty(servers)
    return ExportShop.open(aws, servers)


def carfax_believes(shop: ExportShop) -> Told:
    """Titles by VIN and RO number, after all files in the order in which they were made."""
    believed: Told = {}
    files = shop.servers.sftp.files()
    for run in shop.runs(CARFAX):
        if run.file is None or run.file.name not in files:
            continue
        rows: Told = {}
        for line in files[run.file.name].decode().splitlines()[1:]:
            cells = line.strip('"').split('"|"')
            name = (cells[0], cells[5])
            if cells[-1] == "VOIDED":
                believed.pop(name)
            else:
                assert (cells[-1] == "AMENDED") is (name in believed), "it is said what the row is to them"
                rows[name] = (*rows.get(name, ()), cells[6])
        believed |= rows
    return believed


# ---- one history after another


def reopened_then_voided(shop: ExportShop, order: RepairOrder) -> None:
    shop.books.change_order(order, status=OPEN, invoiced_on="")
    shop.books.void(order)


def reopened_for_a_night_then_voided(shop: ExportShop, order: RepairOrder) -> None:
    shop.books.change_order(order, status=OPEN, invoiced_on="")
    night(shop)
    shop.books.void(order)


def vin_gone(shop: ExportShop, order: RepairOrder) -> None:
    corrected(shop, order, "")


def vin_invalid(shop: ExportShop, order: RepairOrder) -> None:
    corrected(shop, order, "1HGCM82633A004353")


def vin_gone_then_voided(shop: ExportShop, order: RepairOrder) -> None:
    corrected(shop, order, "")
    shop.books.void(order)


def corrected_then_voided(shop: ExportShop, order: RepairOrder) -> None:
    corrected(shop, order, vin())
    shop.books.void(order)


def other_vehicle_then_voided(shop: ExportShop, order: RepairOrder) -> None:
    another = shop.books.vehicle(owner_of(order), vin=vin())
    shop.books.change_order(order, vehicle=replace(order.vehicle, id=another.id))
    shop.books.void(order)


def reopened_without_its_vehicle(shop: ExportShop, order: RepairOrder) -> None:
    shop.books.change_order(order, status=OPEN, invoiced_on="")
    night(shop)
    shop.books.change_order(order, vehicle=replace(order.vehicle, id=""))


def no_work_left(shop: ExportShop, order: RepairOrder) -> None:
    shop.books.change_order(order, jobs=())


def voided_while_the_partner_was_off(shop: ExportShop, order: RepairOrder) -> None:
    shop.switch(CARFAX, on=False)
    shop.books.void(order)
    shop.switch(CARFAX)


def reopened_moved_and_voided(shop: ExportShop, order: RepairOrder) -> None:
    shop.books.change_order(order, status=OPEN, invoiced_on="")
    shop.books.change_order(order, opened_on="2027-02-20")
    shop.books.void(order)


def corrected(shop: ExportShop, order: RepairOrder, to: str) -> None:
    file = shop.books.file(owner_of(order))
    shop.books.change_vehicle(file.vehicle(order.vehicle.id), vin=to)
    shop.correct()


def night(shop: ExportShop, partner: Any = CARFAX) -> None:
    shop.next_night()
    shop.export(partner)


@pytest.mark.rule("C23")
@pytest.mark.parametrize(
    "history",
    [
        reopened_then_voided,
        reopened_for_a_night_then_voided,
        vin_gone,
        vin_invalid,
        vin_gone_then_voided,
        corrected_then_voided,
        other_vehicle_then_voided,
        reopened_without_its_vehicle,
        no_work_left,
        voided_while_the_partner_was_off,
        reopened_moved_and_voided,
    ],
)
def test_what_was_told_is_taken_back_once_it_is_not_so_whatever_led_there(
    shop: ExportShop, history: Callable[[ExportShop, RepairOrder], None]
) -> None:
    shop.switch(CARFAX)
    order, stays = shop.visit("Muffler"), shop.visit("Oil change")
    shop.export(CARFAX)

    history(shop, order)
    night(shop)

    assert carfax_believes(shop) == {(stays.vehicle.vin, stays.number): ("Oil change",)}
    assert shop.pending(CARFAX) == set()
    count = len(shop.servers.sftp.files())
    night(shop)
    assert len(shop.servers.sftp.files()) == count, "taken back once"


@pytest.mark.rule("C23")
def test_a_vin_corrected_twice_between_two_nights_is_told_once_and_only_the_told_one_taken_back(
    shop: ExportShop,
) -> None:
    shop.switch(CARFAX)
    order = shop.visit("Muffler")
    shop.export(CARFAX)
    between, last = vin(), vin()

    corrected(shop, order, between)
    corrected(shop, order, last)
    night(shop)

    assert carfax_believes(shop) == {(last, order.number): ("Muffler",)}
    assert between.encode() not in b"".join(shop.servers.sftp.files().values())


@pytest.mark.rule("C23")
def test_a_vin_that_goes_and_comes_back_is_taken_back_and_told_anew(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    order = shop.visit("Muffler")
    shop.export(CARFAX)
    corrected(shop, order, "")
    night(shop)
    assert carfax_believes(shop) == {}

    corrected(shop, order, order.vehicle.vin)
    night(shop)

    assert carfax_believes(shop) == {(order.vehicle.vin, order.number): ("Muffler",)}


@pytest.mark.rule("C23")
def test_a_row_that_takes_back_says_the_day_and_number_that_were_told_and_nothing_of_the_other_car(
    shop: ExportShop,
) -> None:
    shop.switch(CARFAX)
    order = shop.visit("Muffler", make="Honda")
    shop.export(CARFAX)

    corrected(shop, order, vin())
    shop.books.change_order(order, status=OPEN, invoiced_on="")
    shop.books.void(order)
    night(shop)

    (row,) = shop.servers.sftp.files()[shop.runs(CARFAX)[-1].file.name].decode().splitlines()[1:]  # type: ignore[union-attr]
    assert row.startswith(f'"{order.vehicle.vin}"|"03/01/2027"|"03/01/2027"|""|"MI"|"{order.number}"|""')
    assert "Honda" not in row
    assert row.endswith('"VOIDED"')


@pytest.mark.rule("C23")
def test_a_partner_that_knows_visits_by_number_hears_of_a_corrected_vin_as_amended(shop: ExportShop) -> None:
    shop.switch(CUSTOMERLINK)
    order = shop.visit("Muffler")
    shop.export(CUSTOMERLINK)
    right = vin()

    corrected(shop, order, right)
    night(shop, CUSTOMERLINK)
    shop.books.change_order(order, status=OPEN, invoiced_on="")
    shop.books.void(order)
    night(shop, CUSTOMERLINK)

    _, amended, voided = (shop.kept_file(run).decode() for run in shop.runs(CUSTOMERLINK))
    assert amended.count("\r\n") == 2
    assert f",amended,Harbor,+12125550100,{order.number}," in amended
    assert right in amended
    assert f",voided,Harbor,+12125550100,{order.number},2027-03-01," in voided


@pytest.mark.rule("C23", "C24")
@pytest.mark.parametrize("delivered", [True, False])
def test_a_file_of_which_nobody_knew_leaves_the_partner_with_what_is_so_whatever_a_person_says(
    shop: ExportShop, delivered: bool
) -> None:
    shop.switch(CARFAX)
    order = shop.visit("Muffler")
    shop.export(CARFAX)
    right = vin()
    corrected(shop, order, right)
    night(shop)
    *_, run = shop.runs(CARFAX)
    if not delivered:
        assert run.file is not None
        (Path(shop.servers.sftp.folder) / run.file.name).unlink()
    run = save_export(run, replace(run, state=ExportState.UNCERTAIN))

    queued: list[dict[str, Any]] = []
    export_views.settle_uncertain(
        shop.books.reads, run, delivered=delivered, stamp=shop.books.stamp(), enqueue=queued.append
    )
    shop.export(CARFAX, night=False)
    night(shop)

    assert carfax_believes(shop) == {(right, order.number): ("Muffler",)}


@pytest.mark.rule("C23")
def test_the_dry_run_shows_what_is_taken_back_beside_what_was_told(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    order = shop.visit("Muffler")
    shop.export(CARFAX)
    corrected(shop, order, vin())

    tried = export_views.dry_run(
        shop.books.reads,
        shop.bucket,
        read_shop(shop.books.reads, shop.ref),
        CARFAX,
        now=shop.books.now,
    )

    assert tried.changes == {"new": 1, "amended": 0, "voided": 1}
    (changed,) = tried.changed_rows
    assert changed.change == "voided"
    assert order.vehicle.vin in changed.told
    assert order.vehicle.vin in changed.now


# ---- any history

VINS = tuple(vin(900_000 + number) for number in range(4))
TITLES = ("Muffler", "Oil change", "Tire rotation")
STEPS = ("invoice", "reopen", "void", "vin", "no vin", "vehicle", "title", "no title", "night", "off", "on")


@dataclass
class Model:
    """What one RO is, and what the partner must believe of it after a night."""

    status: RepairOrderStatus = INVOICED
    vin: str = ""
    titles: tuple[str, ...] = ("Muffler",)
    believed: Told = field(default_factory=dict)
    heard_on: bool = False
    """Whether it was saved as invoiced while the partner was on, or told before: else nobody has to hear."""

    def after_night(self, number: str) -> Told:
        own = (self.vin, number)
        if self.status is INVOICED and self.vin and self.titles and (self.heard_on or self.believed):
            return {own: self.titles}
        waits = self.status is OPEN and self.vin and own in self.believed
        return {own: self.believed[own]} if waits else {}


@pytest.mark.rule("C23")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1), st.integers(0, 3)), min_size=3, max_size=14)
)
def test_after_any_history_a_night_leaves_the_partner_with_what_is_so(
    aws: Aws, servers: PartnerServers, steps: list[tuple[str, int, int]]
) -> None:
    empty(servers)
    shop = ExportShop.open(aws, servers)
    shop.switch(CARFAX)
    cars = [VINS[0], VINS[1]]
    orders = [shop.visit("Muffler", vin=cars[which]) for which in (0, 1)]
    models = [Model(vin=order.vehicle.vin, heard_on=True) for order in orders]
    is_on = True
    for step, which, choice in (*steps, ("on", 0, 0), ("night", 0, 0)):
        order, model = orders[which], models[which]
        if step == "night":
            night(shop)
            if is_on:
                for one, made in zip(models, orders, strict=True):
                    one.believed = one.after_night(made.number)
                wanted = {name: titles for one in models for name, titles in one.believed.items()}
                assert carfax_believes(shop) == wanted, steps
        elif step in ("off", "on"):
            shop.switch(CARFAX, on=step == "on")
            is_on = step == "on"
        elif model.status is not VOID:
            apply(shop, order, model, step, choice)
            model.heard_on |= is_on and model.status is INVOICED


def apply(shop: ExportShop, order: RepairOrder, model: Model, step: str, choice: int) -> None:
    """Do it in the shop's books and in the model."""
    if step == "invoice":
        shop.books.change_order(order, status=INVOICED, invoiced_on=shop.day)
        model.status = INVOICED
    elif step == "reopen":
        shop.books.change_order(order, status=OPEN, invoiced_on="")
        model.status = OPEN
    elif step == "void":
        shop.books.void(order)
        model.status = VOID
    elif step in ("vin", "no vin"):
        model.vin = "" if step == "no vin" else VINS[choice]
        named = read_order(shop.books.reads, shop.ref, order.id).vehicle
        corrected(shop, replace(order, vehicle=named), model.vin)
    elif step == "vehicle":
        other = shop.books.vehicle(owner_of(order), vin=VINS[choice])
        shop.books.change_order(order, vehicle=replace(order.vehicle, id=other.id))
        model.vin = VINS[choice]
    else:
        model.titles = (TITLES[choice % 3],) if step == "title" else ()
        jobs = tuple(replace(order.jobs[0], title=title) for title in model.titles)
        shop.books.change_order(order, jobs=jobs)
