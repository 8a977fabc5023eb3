"""What a row makes of the record that is there."""

from dataclasses import replace

import pytest

from crossbay.domain.access import Stamp
from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Customer, DoNotMail, Imported, OptOut, ServiceAddress
from crossbay.domain.work.repair_order import Authorization, Job, Rating, RepairOrder
from crossbay.ids import new_id
from crossbay.imports.cells.row import Cells
from crossbay.imports.columns import Format, ImportKind
from crossbay.imports.customers import merged_customer, read_customer
from crossbay.imports.groups import grouped
from crossbay.imports.repair_orders import merged_order, read_order
from crossbay.imports.rows import BadRow, ImportRow
from crossbay.imports.stream import read_rows

STAMP = Stamp(by="import:1", at="2027-03-01T17:00:00.000Z")
IMPORTED = Imported(pos_id="1", row_sha256="00")
NEW = Customer(id=new_id(), organization_id=new_id(), shop_id=new_id())
ORDER = {"number": "1", "customer_id": "C1", "status": "estimate", "opened_on": "2027-03-01"}


def merged(before: Customer, **cells: object) -> Customer:
    read = Cells(cells)
    row = read_customer(read)
    assert read.wrong == {}
    return merged_customer(before, row, IMPORTED, STAMP)


def lines(customer: Customer) -> list[str]:
    return [place.address.line1 for place in customer.service_addresses]


def test_without_service_addresses_the_billing_address_is_the_one() -> None:
    assert lines(merged(NEW, billing_line1="418 Alder St")) == ["418 Alder St"]
    assert lines(merged(NEW, last_name="Quill")) == [""]


def test_service_addresses_keep_their_ids_by_content_then_by_position() -> None:
    before = merged(NEW, service_1_line1="A St", service_2_line1="B St", service_3_line1="C St")
    a, b, c = (place.id for place in before.service_addresses)

    swapped = merged(before, service_1_line1="B St", service_2_line1="A St", service_3_line1="C St")
    moved = merged(before, service_1_line1="A St", service_2_line1="New St", service_3_line1="C St")
    added = merged(
        before,
        service_1_line1="New St",
        service_2_line1="A St",
        service_3_line1="B St",
        service_4_line1="C St",
    )

    assert [place.id for place in swapped.service_addresses] == [b, a, c]
    assert [place.id for place in moved.service_addresses] == [a, b, c]
    assert [place.id for place in added.service_addresses][1:] == [a, b, c]
    assert len({place.id for place in added.service_addresses}) == 4


def test_a_service_address_added_here_stays_behind_those_of_the_file() -> None:
    before = merged(NEW, service_1_line1="A St")
    own = ServiceAddress(id=new_id(), address=Address(line1="Annex"))
    before = replace(before, service_addresses=(own, *before.service_addresses))

    assert lines(merged(before, service_1_line1="A St", service_2_line1="B St")) == ["A St", "B St", "Annex"]
    assert merged(before, last_name="Quill").service_addresses == before.service_addresses


@pytest.mark.rule("S25")
def test_a_place_without_an_address_moves_no_other_to_its_id() -> None:
    before = merged(NEW, service_1_line1="A St", service_2_line1="B St", service_3_line1="C St")
    a, b, c = (place.id for place in before.service_addresses)

    emptied = merged(before, service_1_line1="", service_2_line1="B Way", service_3_line1="C St")
    filled = merged(emptied, service_1_line1="New St", service_2_line1="B Road", service_3_line1="C St")
    unread = merged(before, service_addresses=["A St", {"line1": "B Way"}, {"line1": "C St"}])

    assert [place.id for place in emptied.service_addresses] == [b, c]
    assert emptied.imported == replace(IMPORTED, addresses=("", b, c))
    assert [place.id for place in filled.service_addresses][1:] == [b, c]
    assert [(place.id, place.address.line1) for place in unread.service_addresses] == [
        *((a, "A St"), (b, "B Way"), (c, "C St")),
    ]


@pytest.mark.rule("S25")
def test_a_part_of_an_address_that_was_left_out_stays_where_all_else_is_as_it_stands() -> None:
    home = {"line1": "418 Alder St", "city": "Tacoma", "region": "WA", "postal_code": "98402"}

    def row(**changed: str) -> dict[str, str]:
        place = home | changed
        billing = {f"billing_{name}": value for name, value in place.items()}
        return billing | {f"service_2_{name}": value for name, value in place.items()}

    before = merged(NEW, **row())
    kept = merged(before, **row(postal_code="00000"))
    moved = merged(before, **row(postal_code="99999", line1="9 Quay St"))
    emptied = merged(before, **row(postal_code=""))
    nothing = merged(before, service_2_line1="", service_2_postal_code="00000")

    assert [one.billing_address.postal_code for one in (kept, moved, emptied)] == ["98402", "", ""]
    assert [one.service_addresses[0].address.postal_code for one in (kept, moved, emptied)] == [
        "98402",
        "",
        "",
    ]
    assert nothing.service_addresses == before.service_addresses
    assert len(merged(NEW, service_2_postal_code="00000").service_addresses) == 1


def test_do_not_mail_is_set_once_and_never_lifted() -> None:
    opted_out = merged(NEW, do_not_mail="yes")
    by_customer = DoNotMail(by_customer=OptOut(by="customer", at="2026-01-01", how="unsubscribe link"))

    assert opted_out.do_not_mail.by_staff == OptOut(by="import:1", at=STAMP.at, how="import")
    for word in ("no", "", "yes"):
        assert merged(opted_out, do_not_mail=word).do_not_mail == opted_out.do_not_mail
        kept = merged(replace(NEW, do_not_mail=by_customer), do_not_mail=word).do_not_mail
        assert kept.by_customer == by_customer.by_customer


def test_a_fleet_set_here_stays_with_a_fleet_and_leaves_what_the_file_makes_a_person() -> None:
    before = replace(merged(NEW, kind="fleet", company_name="Acme"), fleet_id="acme")

    assert merged(before, kind="fleet").fleet_id == "acme"
    assert merged(before, last_name="Quill").fleet_id == "acme"
    assert merged(before, kind="person").fleet_id == ""


def test_an_empty_cell_empties_and_a_missing_column_keeps() -> None:
    before = merged(NEW, first_name="Rosa", last_name="Delgado", phone_1="206 555 0142", source="Google")

    assert merged(before, last_name="Quill").first_name == "Rosa"
    emptied = merged(before, first_name="", phone_1="", source="")
    assert (emptied.first_name, emptied.phones, emptied.source) == ("", (), "")
    by_hand = replace(before, source="Walk-in", source_set_by_hand=True)
    assert merged(by_hand, source="Yelp").source == "Walk-in"


def order_of(before: RepairOrder, **cells: object) -> RepairOrder:
    read = Cells(ORDER | cells)
    row = read_order(read)
    assert read.wrong == {}
    return merged_order(before, row, IMPORTED)


NEW_ORDER = RepairOrder(
    id=new_id(), organization_id="o", shop_id="s", customer_id="c", number="", opened_on="2027-03-01"
)


def test_jobs_keep_their_ids_and_those_added_here_stay() -> None:
    first = order_of(NEW_ORDER, jobs=[{"id": "1", "title": "Brakes"}, {"title": "Oil"}])
    copied = Job(id=new_id(), title="Brought over", authorization=Authorization.PENDING)
    before = replace(first, jobs=(*first.jobs, copied))

    after = order_of(before, jobs=[{"id": "2", "title": "Wipers"}, {"id": "1", "title": "Brakes, rear"}])

    assert [job.title for job in after.jobs] == ["Wipers", "Brakes, rear", "Brought over"]
    assert after.jobs[1].id == first.jobs[0].id
    assert order_of(before).jobs == before.jobs


def test_an_inspection_keeps_the_id_by_which_its_photos_name_it() -> None:
    listed = [{"id": "1", "title": "Courtesy", "items": [{"name": "Pads", "rating": "ok"}]}]
    before = order_of(NEW_ORDER, inspections=listed)

    listed[0]["items"] = [{"name": "Pads", "rating": "immediate"}, {"name": "Wipers", "rating": "ok"}]
    (after,) = order_of(before, inspections=listed).inspections

    assert after.id == before.inspections[0].id
    assert [(item.name, item.rating) for item in after.items] == [
        ("Pads", Rating.IMMEDIATE),
        ("Wipers", Rating.OK),
    ]
    assert order_of(before).inspections == before.inspections


def groups(content: bytes) -> list[ImportRow | BadRow]:
    rows = read_rows([content], ImportKind.REPAIR_ORDERS, Format.CSV, {}).rows
    return list(grouped(rows, ImportKind.REPAIR_ORDERS, Format.CSV))


HEAD = b"id,number,customer_id,status,opened_on,job_id,job_title\n"


def test_rows_of_one_repair_order_become_one_with_their_jobs() -> None:
    two, none = groups(
        HEAD
        + b"R1,1,C1,estimate,2027-03-01,1,Brakes\n"
        + b"R1,1,C1,estimate,2027-03-01,2,Oil\n"
        + b"R2,2,C1,estimate,2027-03-01,,\n"
    )

    assert isinstance(two, ImportRow)
    assert isinstance(none, ImportRow)
    assert two.cells["jobs"] == [{"id": "1", "title": "Brakes"}, {"id": "2", "title": "Oil"}]
    assert none.cells["jobs"] == []


def test_a_bad_row_holds_back_its_own_repair_order_and_no_other() -> None:
    found = groups(
        HEAD
        + b"R1,1,C1,estimate,2027-03-01,1,Brakes\n"
        + b"R2,2,C1,estimate,2027-03-01,1,Brakes\n"
        + b"R2,2,short\n"
        + b"R2,2,C1,estimate,2027-03-01,2,Oil\n"
        + b"R3,3,C1,estimate,2027-03-01,1,Brakes\n"
        + b"R4,4,C1,estimate,2027-03-01,1,Brakes\n"
        + b"R4,9,C1,estimate,2027-03-01,2,Oil\n"
    )

    assert [row.id for row in found if isinstance(row, ImportRow)] == ["R1", "R3"]
    assert [(row.id, row.line) for row in found if isinstance(row, BadRow)] == [
        ("R2", 3),
        ("R2", 4),
        ("R2", 5),
        ("R4", 7),
    ]
    assert found[-1].reason == "differs between the rows of this repair order, at line 8"  # type: ignore[union-attr]
