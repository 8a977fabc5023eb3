"""Partner files night after night: what goes in, what is left out and why, what is told again."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from crossbay.app.exports import views as export_views
from crossbay.app.exports.views import DryRun
from crossbay.domain.address import Address
from crossbay.domain.calendar import utc_iso
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.customers.customer import Phone
from crossbay.domain.partner import PartnerCode
from crossbay.domain.work.repair_order import RepairOrderStatus
from crossbay.exports.run import ExportState
from crossbay.exports.service_record import ExportChange
from crossbay.store.contacts.contacts import save_contact
from crossbay.store.organizations import read_shop
from local.partners.servers import PartnerServers
from tests.helpers.export_walk import CARFAX, CUSTOMERLINK, MECHANICNET, ExportShop, owner_of, vin
from tests.integration.conftest import Aws


@pytest.fixture
def shop(aws: Aws, servers: PartnerServers) -> ExportShop:
    for server in (servers.sftp, servers.ftp, servers.ftps):
        for path in Path(server.folder).iterdir():
            path.unlink()
    return ExportShop.open(aws, servers)


# ---- a night


@pytest.mark.rule("C20", "C21", "C22", "C23", "C24")
@pytest.mark.parametrize("partner", [CUSTOMERLINK, MECHANICNET, CARFAX])
def test_a_night_delivers_one_whole_file_equal_to_the_one_that_is_kept(
    shop: ExportShop, partner: PartnerCode
) -> None:
    shop.switch(partner)
    order = shop.visit("Front brake pads")
    shop.visit("Oil change")

    done = shop.export(partner)

    assert (done.outcome, done.files, done.rows) == ("accepted", 1, 2)
    (run,) = shop.runs(partner)
    assert run.file is not None
    assert shop.server_of(partner).files() == {run.file.name: shop.kept_file(run)}
    content = shop.kept_file(run)
    assert hashlib.sha256(content).hexdigest() == run.file.sha256
    assert len(content) == run.file.bytes
    assert order.number.encode() in content
    assert b"Front brake pads" in content
    assert b"Harbor" in content
    assert shop.pending(partner) == set()


@pytest.mark.rule("C23")
def test_without_anything_to_tell_there_is_no_file(shop: ExportShop) -> None:
    shop.switch(CARFAX)

    done = shop.export(CARFAX)

    assert (done.outcome, done.files) == ("empty", 0)
    assert shop.servers.sftp.files() == {}


@pytest.mark.rule("C23")
def test_a_night_that_runs_again_delivers_nothing_again(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    shop.visit()
    shop.export(CARFAX)
    before = shop.servers.sftp.files()
    shop.visit()

    done = shop.export(CARFAX)

    assert done.outcome == "nothing to do"
    assert shop.servers.sftp.files() == before


@pytest.mark.rule("C23")
def test_what_was_invoiced_while_the_partner_was_off_is_not_sent(shop: ExportShop) -> None:
    shop.visit("Before it was on")
    shop.switch(CARFAX)
    shop.visit("Since then")

    shop.export(CARFAX)

    (content,) = shop.servers.sftp.files().values()
    assert b"Since then" in content
    assert b"Before it was on" not in content


@pytest.mark.rule("C23")
def test_a_back_dated_repair_order_is_not_lost(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    shop.export(CARFAX)
    shop.next_night()
    shop.visit("Typed in late", day="2026-11-20")

    shop.export(CARFAX)

    (content,) = shop.servers.sftp.files().values()
    assert b"11/20/2026" in content
    assert b"Typed in late" in content


@pytest.mark.rule("C23")
def test_a_schedule_that_did_not_come_for_days_loses_nothing(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    shop.visit("First day")
    for _ in range(3):
        shop.next_night()
    shop.visit("Fourth day")

    done = shop.export(CARFAX)

    assert done.rows == 2


# ---- what is told again


@pytest.mark.rule("C23")
def test_a_changed_repair_order_is_told_again_and_an_unchanged_one_is_not(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    changed, same = shop.visit("Oil change"), shop.visit("Brakes")
    shop.export(CARFAX)
    shop.next_night()
    shop.books.change_order(changed, odometer_miles=98_765)
    shop.books.change_order(same, internal_notes="nobody's business")

    shop.export(CARFAX)

    _, second = shop.runs(CARFAX)
    rows = shop.kept_file(second).decode().splitlines()[1:]
    assert len(rows) == 1
    assert '"98765"' in rows[0]
    assert changed.number in rows[0]
    assert rows[0].endswith('"AMENDED"')
    assert shop.left_out(second) == {same.number: "told_already"}
    assert shop.pending(CARFAX) == set()


@pytest.mark.rule("C23")
def test_a_void_before_delivery_is_left_out_and_one_after_it_takes_back(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    never, told = shop.visit("Tires"), shop.visit("Muffler")
    shop.books.void(never)
    shop.export(CARFAX)
    shop.next_night()
    shop.books.void(told)
    shop.export(CARFAX)

    first, second = shop.runs(CARFAX)
    assert shop.left_out(first) == {never.number: "void_never_told"}
    rows = shop.kept_file(second).decode().splitlines()[1:]
    assert len(rows) == 1
    assert told.number in rows[0]
    assert told.vehicle.vin in rows[0]
    assert rows[0].endswith('"VOIDED"')
    assert "Muffler" not in rows[0]


@pytest.mark.rule("C23")
def test_a_reopened_repair_order_waits_until_it_is_invoiced_again(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    order = shop.visit("Struts")
    shop.export(CARFAX)
    shop.next_night()
    shop.books.change_order(order, status=RepairOrderStatus.IN_PROGRESS, invoiced_on="")
    shop.export(CARFAX)
    shop.next_night()
    shop.books.change_order(order, status=RepairOrderStatus.INVOICED, invoiced_on=shop.day)
    shop.export(CARFAX)

    _, reopened, again = shop.runs(CARFAX)
    assert shop.left_out(reopened) == {order.number: "not_invoiced"}
    assert reopened.state is ExportState.EMPTY
    assert [line.change for line in shop.lines(again)] == [ExportChange.AMENDED]


@pytest.mark.rule("C23")
def test_correcting_a_vehicle_tells_its_repair_orders_again(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    wrong, right = vin(), vin()
    order = shop.visit("Oil change", vin=wrong)
    other = shop.visit("Oil change")
    shop.export(CARFAX)
    shop.next_night()
    file = shop.books.file(owner_of(order))
    shop.books.change_vehicle(file.vehicle(order.vehicle.id), vin=right, engine="3.0L V6")
    shop.correct()

    shop.export(CARFAX)

    _, second = shop.runs(CARFAX)
    back, row = shop.kept_file(second).decode().splitlines()[1:]
    assert back.startswith(f'"{wrong}"')
    assert back.endswith('"VOIDED"')
    assert right in row
    assert '"3.0L V6"' in row
    assert row.endswith('"NEW"')
    assert other.number not in back + row
    assert [told.change for told in shop.told(right)] == [ExportChange.NEW]
    assert [told.change for told in shop.told(wrong)] == [ExportChange.VOIDED, ExportChange.NEW]
    assert shop.pending(CARFAX) == set()


@pytest.mark.rule("C23", "C26")
def test_plausible_vins_go_and_invalid_or_missing_ones_are_withheld_until_corrected(
    shop: ExportShop,
) -> None:
    shop.switch(CARFAX)
    plausible = shop.visit(vin="WVWZZZ1JZ3W386752")
    invalid = shop.visit(vin="1HGCM82633A004353")
    missing = shop.visit(vin="")

    shop.export(CARFAX)

    (first,) = shop.runs(CARFAX)
    assert plausible.number in shop.kept_file(first).decode()
    assert shop.left_out(first) == {invalid.number: "vin_invalid", missing.number: "no_vin"}
    assert shop.pending(CARFAX) == set(), "looked at again when somebody mends it"

    shop.next_night()
    file = shop.books.file(owner_of(invalid))
    shop.books.change_vehicle(file.vehicle(invalid.vehicle.id), vin="1HGCM82633A004352")
    shop.correct()
    shop.export(CARFAX)

    _, second = shop.runs(CARFAX)
    (row,) = shop.kept_file(second).decode().splitlines()[1:]
    assert invalid.number in row
    assert row.endswith('"NEW"')


# ---- nobody in CARFAX's file


@pytest.mark.rule("C22")
def test_a_title_that_names_a_customer_is_withheld_and_the_rest_goes(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    lopez = shop.customer(first_name="Ana", last_name="Lopez")
    named = shop.visit("Mrs Lopez says brakes squeal", ref=lopez)
    elsewhere = shop.visit("Same noise as Lopez")
    fine = shop.visit("Front brake pads")

    done = shop.export(CARFAX)

    (run,) = shop.runs(CARFAX)
    assert done.rows == 1
    assert fine.number in shop.kept_file(run).decode()
    assert shop.left_out(run) == {named.number: "personal", elsewhere.number: "personal"}
    assert run.file is not None
    assert run.file.certificate_sha256
    shop.next_night()
    shop.books.change_order(named, jobs=(replace(named.jobs[0], title="Brake noise"),))
    shop.export(CARFAX)
    _, second = shop.runs(CARFAX)
    assert "Brake noise" in shop.kept_file(second).decode()


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    "title",
    [
        *("Per Delacourt: brakes", "call 206 555 0177", "send to wendel.delacourt@example.com"),
        *("Mrs Vandersloot waits", "Vandersloot brakes", "lives at 4410 Yakima Ave"),
        *("4410 Yakima Avenue tow", "call 206-555-0188", "old.address@example.com"),
    ],
)
def test_contacts_and_what_a_customer_was_called_and_reached_by_before_stay_out_of_carfaxs_file(
    shop: ExportShop, title: str
) -> None:
    shop.switch(CARFAX)
    owner = shop.customer(
        first_name="Ana",
        last_name="Vandersloot",
        phones=(Phone(number="+12065550188"),),
        emails=("old.address@example.com",),
        billing_address=Address(line1="4410 Yakima Ave", city="Cove", postal_code="12545"),
    )
    shop.books.change_customer(
        owner,
        last_name="Quist",
        phones=(),
        emails=(),
        billing_address=Address(line1="7 Fernbridge Lane", city="Cove", postal_code="12545"),
    )
    contact = Contact(
        id="0190b0a0-0000-7000-8000-000000000001",
        organization_id=shop.ref.organization_id,
        shop_id=shop.ref.shop_id,
        customer_id=owner.customer_id,
        name="Wendel Delacourt",
        email="wendel.delacourt@example.com",
        phones=(Phone(number="+12065550177"),),
    )
    save_contact(None, contact, stamp=shop.books.stamp())
    named, fine = shop.visit(title, ref=owner), shop.visit("Front brake pads", ref=owner)

    shop.export(CARFAX)

    (run,) = shop.runs(CARFAX)
    assert shop.left_out(run) == {named.number: shop.left_out(run)[named.number]}
    assert shop.left_out(run)[named.number] in ("personal", "doubtful")
    assert fine.number in shop.kept_file(run).decode()


@pytest.mark.rule("C22")
def test_a_name_over_two_titles_of_one_repair_order_is_withheld(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    owner = shop.customer(first_name="Ana", last_name="Vandersloot")
    torn = shop.visit("Brakes for Vander", "sloot, rotate tires", ref=owner)
    fine = shop.visit("Front brake pads", "Oil change", ref=owner)

    shop.export(CARFAX)

    (run,) = shop.runs(CARFAX)
    assert shop.left_out(run) == {torn.number: "personal"}
    assert fine.number in shop.kept_file(run).decode()


@pytest.mark.rule("C22")
def test_a_ford_owned_by_mr_ford_goes(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    ford = shop.customer(first_name="Grant", last_name="Ford")
    order = shop.visit("Oil change per Ford spec", ref=ford, make="Ford", model="Focus")

    shop.export(CARFAX)

    (run,) = shop.runs(CARFAX)
    assert order.number in shop.kept_file(run).decode()
    assert shop.left_out(run) == {}


@pytest.mark.rule("C22")
def test_what_is_doubtful_is_looked_at_again_the_next_night(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    shop.visit("Oil change", ref=shop.customer(first_name="Wilhelmina", last_name="Tarkov"))
    doubtful = shop.visit("Wilhelmina noise from the rear")
    shop.export(CARFAX)
    (first,) = shop.runs(CARFAX)
    assert shop.left_out(first) == {doubtful.number: "doubtful"}

    shop.next_night()
    done = shop.export(CARFAX)

    assert done.rows == 1, "tonight nobody of that name is in the file"


# ---- history files, per VIN


@pytest.mark.rule("C23")
def test_per_vin_it_can_be_asked_what_each_partner_was_told_and_read_to_the_byte(shop: ExportShop) -> None:
    for partner in (CARFAX, CUSTOMERLINK):
        shop.switch(partner)
    order = shop.visit("Alignment")
    shop.visit("Oil change")
    for partner in (CARFAX, CUSTOMERLINK):
        shop.export(partner)

    told = shop.told(order.vehicle.vin)

    assert sorted(one.partner for one in told) == [CARFAX, CUSTOMERLINK]
    for one in told:
        run = next(run for run in shop.runs(one.partner) if run.date == one.run_date)
        row = shop.kept_file(run)[one.offset : one.offset + one.length]
        assert order.number.encode() in row
        assert b"Alignment" in row
        assert row.count(b"\n") == 1


# ---- what waits, what is withheld, and where an RO went


def tried(shop: ExportShop, partner: PartnerCode) -> DryRun:
    card = read_shop(shop.books.reads, shop.ref)
    return export_views.dry_run(shop.books.reads, shop.bucket, card, partner, now=utc_iso(shop.now))


@pytest.mark.rule("C23")
def test_a_partner_just_switched_on_says_how_many_repair_orders_wait_for_a_history_file(
    shop: ExportShop,
) -> None:
    for _ in range(3):
        shop.visit("Before it was on")
    withheld = shop.visit("Before it was on", vin="")
    shop.books.void(shop.visit("Never mind"))
    shop.switch(CARFAX)
    shop.visit("Since then")

    shown = tried(shop, CARFAX)

    assert shown.rows == 1
    assert (shown.earlier.rows, shown.earlier.is_whole) == (3, True)
    assert shown.earlier.left_out == {"no_vin": 1}
    assert [line.number for line in shown.earlier.left_out_rows] == [withheld.number]
    assert shown.earlier.first <= "2027-03-01" <= shown.earlier.last


@pytest.mark.rule("C22", "C23")
def test_all_that_is_withheld_now_is_listed_with_title_and_word_that_keep_it_back(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    lopez = shop.customer(first_name="Ana", last_name="Lopez")
    named = shop.visit("Oil change", "Same noise as Lopez, front", ref=lopez)
    shop.visit("Front brake pads")

    shop.export(CARFAX)
    (run,) = shop.runs(CARFAX)
    (left,), _ = export_views.list_left_out(shop.books.reads, shop.bucket, run, limit=10, skip=0)
    (earlier,) = tried(shop, CARFAX).earlier.left_out_rows

    for line in (left, earlier):
        assert (line.number, line.reason) == (named.number, "personal")
        assert 'title 2: "Same noise as Lopez, front" ("Lopez,")' in line.words
    (kept,) = [line for line in shop.lines(run) if line.reason]
    assert (kept.place, kept.word_number) == ("title 2", 4)
    assert "Lopez" not in kept.words, "no list keeps the text"


@pytest.mark.rule("C23")
def test_what_was_told_of_a_vin_shows_that_its_repair_order_moved_to_another(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    order, other = shop.visit("Muffler"), vin()
    shop.export(CARFAX)
    shop.next_night()
    file = shop.books.file(owner_of(order))
    shop.books.change_vehicle(file.vehicle(order.vehicle.id), vin=other)
    shop.correct()
    shop.export(CARFAX)

    told = [
        export_views.told_row(shop.books.reads, shop.bucket, shop.ref.organization_id, one)
        for one in shop.told(order.vehicle.vin)
    ]

    assert [one.telling.change for one in told] == [ExportChange.VOIDED, ExportChange.NEW]
    assert {one.vin_now for one in told} == {other}
