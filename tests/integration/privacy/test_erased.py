"""What is left once a customer is erased, what isn't, and who imports can't bring back (X6)."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pypdfium2
import pytest

from crossbay.app.campaigns.statistics import read_statistics
from crossbay.app.campaigns.stops.unsubscribe import opt_out, show, undo
from crossbay.app.campaigns.stops.unsubscribe_token import make_token
from crossbay.app.exports import views as export_views
from crossbay.app.exports.files import RunFiles
from crossbay.app.privacy.mark import PORTAL
from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.message import MessageState
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.seen import SeenRecord
from crossbay.domain.organization import ShopRef
from crossbay.domain.partner import PartnerCode
from crossbay.domain.privacy_request import PrivacyRequest, RequestState
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus
from crossbay.exports.run import ExportRun
from crossbay.imports.run import ImportCounts
from crossbay.privacy.depersonalized import REMOVED
from crossbay.reports.messages import MessageStatistics
from crossbay.store.audit import AuditEntry, read_entries
from crossbay.store.campaigns.messages import list_of_customer
from crossbay.store.campaigns.nights import list_batches
from crossbay.store.links.links import list_events, read_links
from crossbay.store.token_keys import read_token_keys
from local.partners.servers import PartnerServers
from tests.helpers.doors import Caller, Doors
from tests.helpers.export_walk import CARFAX
from tests.helpers.privacy_world import ASKED_AT, ROWS, STRANGER, VALUES, World, build
from tests.integration.conftest import Aws

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """found: numbers of the values that a scan found."""

    found: frozenset[int]
    order: RepairOrder
    statistics: MessageStatistics
    entries: tuple[AuditEntry, ...]
    runs: dict[PartnerCode, ExportRun]
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """request: as it stands after the last look."""

    world: World
    before: Before
    request: PrivacyRequest


@pytest.fixture(scope="module")
def erased(aws_of_module: Aws, servers: PartnerServers) -> Erased:
    world = build(aws_of_module, servers)
    before = Before(
        found=frozenset(place.number for place in world.scan()),
        order=world.order(),
        statistics=statistics(world),
        entries=read_entries(world.reads, world.partition, limit=50)[0],
        runs={partner: world.export.runs(partner)[0] for partner in PartnerCode},
        token=make_token(
            read_token_keys(world.reads),
            world.organization_id,
            CustomerRef(shop_id=world.shop_id, customer_id=world.ref.customer_id),
        ),
    )
    assert show(world.reads, before.token).by_customer
    assert read_links(world.reads, world.organization_id, world.elsewhere).linked == (world.ref,)
    request = world.last_look(world.work(world.ask()))
    world.keep()
    return Erased(world=world, before=before, request=request)


def statistics(world: World) -> MessageStatistics:
    return read_statistics(world.reads, ShopRef.of(world), date(2027, 3, 1), date(2027, 3, 9))


@pytest.mark.rule("X6")
def test_a_scan_finds_every_value_before_and_none_after(erased: Erased) -> None:
    assert erased.before.found == set(range(1, len(VALUES) + 1))
    assert erased.world.scan() == []
    assert erased.world.scan(STRANGER), "the other customer is there still"


@pytest.mark.rule("X6")
def test_the_request_says_who_asked_when_and_what_went_by_type_and_number(erased: Erased) -> None:
    request = erased.request

    assert (request.asked_by, request.reason, request.state) == ("admin", "in writing", RequestState.DONE)
    assert request.asked_at <= request.started_at <= request.finished_at < request.checked_at
    assert request.removed["vehicle"] == request.removed["appointment"] == request.removed["card"] == 1
    assert request.removed["photo"] == request.removed["case"] == request.removed["person"] == 1
    assert {"customer", "repair order", "message", "audit", "told", "visits"} == set(request.kept)
    assert request.kept["repair order"] == 3
    assert request.files["exports"] == 3
    assert set(request.files) == {
        *("messages", "photos", "quarantine", "privacy", "previews", "lists"),
        *("exports", "imports", "postcards"),
    }
    assert dict(request.told) == {"customerlink": 2, "mechanicnet": 2, "carfax": 1}
    assert dict(request.left) == {PORTAL: 1}, "who knows whose sign-in that account is elsewhere"


@pytest.mark.rule("X6")
def test_repair_orders_stay_for_accounting_with_their_amounts_and_without_the_person(erased: Erased) -> None:
    before, after = erased.before.order, erased.world.order()

    assert after.approved_cents == before.approved_cents == 16_050
    assert [job.amount_cents for job in after.jobs] == [job.amount_cents for job in before.jobs]
    assert (after.number, after.invoiced_on) == (before.number, before.invoiced_on)
    assert after.status is RepairOrderStatus.INVOICED
    assert [job.title for job in after.jobs] == ["Oil change", REMOVED, REMOVED]
    assert after.jobs[1].labor[0].description == REMOVED
    assert after.jobs[1].parts[0].description == "Belt"
    assert (after.vehicle.year, after.vehicle.make, after.vehicle.model) == (2003, "Honda", "Accord")
    assert (after.vehicle.vin, after.vehicle.plate, after.vehicle.plate_region) == ("", "", "")
    assert (after.internal_notes, after.inspections) == ("", ())
    assert after.erased_at == utc_iso(ASKED_AT)


@pytest.mark.rule("X6", "C14")
def test_statistics_stay_as_they_were(erased: Erased) -> None:
    world = erased.world

    states = {m.state for m in list_of_customer(world.reads, world.organization_id, world.ref)}

    assert statistics(world) == erased.before.statistics
    assert states == {MessageState.SENT, MessageState.DELIVERED, MessageState.SKIPPED}


@pytest.mark.rule("X6", "X5")
def test_audit_and_ledger_keep_a_tombstone(erased: Erased) -> None:
    world = erased.world

    left, _ = read_entries(world.reads, world.partition, limit=50)

    assert {(one.id, one.at, one.by, one.what) for one in erased.before.entries} < {
        (one.id, one.at, one.by, one.what) for one in left
    }
    assert {(str(one.before), str(one.after)) for one in left} == {("{}", "{}")}
    assert left[0].what == "customer erased"
    for message in list_of_customer(world.reads, world.organization_id, world.ref):
        assert message.erased_at
        assert (message.address, message.subject, message.content_key) == ("", "", "")


@pytest.mark.rule("X6", "S12")
def test_nobody_links_to_the_person_any_more_and_events_keep_the_decision_alone(erased: Erased) -> None:
    world = erased.world

    events, _ = list_events(world.reads, world.organization_id, world.elsewhere, limit=50)

    assert read_links(world.reads, world.organization_id, world.elsewhere).linked == ()
    assert [event.action.value for event in events] == ["unlink", "link", "unlink", "link"]
    assert {pair.other for event in events for pair in event.pairs} == {SeenRecord(ref=world.ref)}
    assert events[-1].own.name == "Zoe Hillcustomer"


@pytest.mark.rule("X6", "C22", "C23")
@pytest.mark.parametrize("partner", PartnerCode)
def test_a_partner_file_that_held_the_person_goes_and_hash_and_certificate_stay(
    erased: Erased, partner: PartnerCode
) -> None:
    world, file = erased.world, erased.before.runs[partner].file
    assert file is not None

    (after,) = world.export.runs(partner)
    files = RunFiles(bucket=world.files, run=after)
    shown = export_views.view(world.files, after)

    assert (after.file, after.file_removed_at) == (file, utc_iso(ASKED_AT))
    assert world.files.read(files.file_key(file.sha256)) is None
    assert files.committed() == file
    assert files.has_certificate(file) == (partner is CARFAX)
    assert [line.customer_id for line in files.lines(file)] == [world.bystander.customer_id]
    assert (shown.file_url, bool(shown.certificate_url)) == ("", partner is CARFAX)


@pytest.mark.rule("X6", "C10")
def test_a_postcard_batch_is_written_anew_without_the_card(erased: Erased) -> None:
    world = erased.world
    shop_ref = ShopRef.of(world)

    (batch,) = list_batches(world.reads, shop_ref, "2027-03-01", "2027-03-09")
    sheet, pdf = (world.files.read(key) for key in (batch.addresses_key, batch.pdf_key))

    assert sheet is not None
    assert pdf is not None
    (row,) = csv.DictReader(StringIO(sheet.decode("utf-8-sig")))
    assert (row["card"], row["name"]) == ("1", f"Ada {STRANGER}")
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    assert len(document) == 2
    assert STRANGER.upper() in document[1].get_textpage().get_text_bounded()


@pytest.mark.rule("X6", "C9")
def test_the_persons_unsubscribe_link_says_that_no_mail_will_come_and_nothing_of_the_person(
    erased: Erased,
) -> None:
    reads, token = erased.world.reads, erased.before.token
    nobody = Caller(doors=Doors(), claims={})
    link = f"/unsubscribe/{token}"

    shown = [
        show(reads, token),
        opt_out(reads, token, utc_iso(ASKED_AT)),
        undo(reads, token, utc_iso(ASKED_AT)),
    ]
    pages = [nobody("GET", link), nobody("POST", link, headers=FORM, body=b"")]

    assert all(standing.is_erased for standing in shown)
    for page in pages:
        assert page.status_code == 200
        assert "No more mail will come" in page.text
        assert "<button" not in page.text
        assert not any(value in page.text for value in VALUES)


# ---- not coming back


@pytest.fixture
def taking_in(erased: Erased) -> Iterator[World]:
    """Put back for each test as it was once the customer was erased."""
    yield erased.world
    erased.world.put_back()


@pytest.mark.rule("X6", "S25", "C19")
@pytest.mark.parametrize("kind", ROWS)
def test_an_import_refuses_rows_of_the_person_and_says_why(taking_in: World, kind: str) -> None:
    counts, report = taking_in.outcome(kind, ROWS[kind])

    assert counts == ImportCounts(refused=1)
    assert "erased on request on 2027-03-05; not brought back by an import" in report
    taking_in.forget_files_of_the_point_of_sale()
    assert taking_in.scan() == []


@pytest.mark.rule("X6", "S25")
@pytest.mark.parametrize(
    "row",
    [
        {"last_name": "Married", "email_1": "ZYXANDRA.wvu@example.com"},
        {"first_name": "Zyxandra", "last_name": "Wvucanary", "phone_1": "212 555 0189"},
        {"first_name": "Wvucanary", "last_name": "ZYXANDRA", "phone_1": "+1 212-555-0188"},
    ],
    ids=["e-mail", "phone and name", "name the other way round"],
)
def test_an_import_refuses_the_person_under_another_id_too(taking_in: World, row: dict[str, Any]) -> None:
    counts, report = taking_in.outcome("customers", {"id": "C-9", **row})

    assert counts == ImportCounts(refused=1)
    assert "erased on request" in report


@pytest.mark.rule("S25", "X6")
@pytest.mark.parametrize(
    "row",
    [{"first_name": "Bea", "phone_1": "212-555-0188"}, {"first_name": "Zyxandra"}],
    ids=["phone", "name"],
)
def test_who_shares_a_phone_or_a_name_alone_is_someone_else(taking_in: World, row: dict[str, Any]) -> None:
    counts, _ = taking_in.outcome("customers", {"id": "C-9", "last_name": "Elsewho", **row})

    assert counts == ImportCounts(created=1)
