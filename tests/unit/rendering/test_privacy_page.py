"""A customer's data as a page that people read (X6)."""

from typing import Any
from xml.etree import ElementTree

import pytest

from crossbay.rendering.privacy.page import About, ArchiveSection, page_parts

ABOUT = About(
    customer="Ana Quill",
    customer_id="c",
    shop="Harbor",
    shop_email="harbor@example.com",
    shop_phone="+12125550100",
    time_zone="America/New_York",
    made_at="2027-03-09T15:00:00.000Z",
    request_id="r",
    names={"v1": "2003 Honda Accord, ZYX 4711", "a1": "9 Elm St, Cove", "s2": "Harbor South"},
)


def page(kind: str, *records: dict[str, Any]) -> str:
    return "".join(page_parts(ABOUT, [ArchiveSection(kind=kind, count=len(records), records=records)]))


def texts(html: str) -> str:
    tree = ElementTree.fromstring(html.replace("<!DOCTYPE html>", "").strip())  # noqa: S314 (our own)
    return " ".join(" ".join(tree.itertext()).split())


@pytest.mark.rule("X6")
def test_ids_stand_as_what_they_name_and_times_by_the_shops_clock() -> None:
    record = {
        "id": "f3b1",
        "number": "A-7",
        "starts_at": "2027-03-20T15:00:00.000Z",
        "status": "no_show",
        "vehicle_id": "v1",
        "service_address_id": "a1",
        "customer_id": "0192-c",
    }

    said = texts(page("appointment", record))

    assert "March 20, 2027, 11:00 AM no show A-7 2003 Honda Accord, ZYX 4711 9 Elm St, Cove" in said
    assert "f3b1" not in said
    assert "0192-c" not in said


@pytest.mark.rule("X6")
def test_the_audit_tells_each_change_in_a_row_by_what_it_was_and_became() -> None:
    entry = {
        "at": "2027-03-01T13:06:00.000Z",
        "by": "6f2d",
        "what": "customer changed",
        "before": {"last_name": "Quill", "phones": [{"number": "+12125550177", "label": "home"}]},
        "after": {"last_name": "Married"},
    }

    said = texts(
        page("audit", entry, {**entry, "by": "customer", "what": "customer opted out", "before": {}})
    )

    assert "March 1, 2027, 8:06 AM a member of staff Customer changed Last name: Quill → Married" in said
    assert "Phones: +12125550177, home → nothing" in said
    assert "you Customer opted out Last name: Married" in said


@pytest.mark.rule("X6")
def test_a_picture_is_shown_from_beside_the_page() -> None:
    html = page("photo", {"taken_on": "2027-03-01", "caption": "Bumper", "picture": "photos/p/x-small.jpg"})

    assert '<img src="photos/p/x-small.jpg"' in html
    assert "img-src 'self' file:" in html
    assert "March 1, 2027" in texts(html)


@pytest.mark.rule("X6")
def test_jobs_are_a_table_with_amounts_as_money() -> None:
    jobs = [
        {"title": "Oil change", "amount_cents": 12_050, "labor": []},
        {"title": "Belt", "amount_cents": 4_000, "labor": [{"description": "Fit", "hundredth_hours": 150}]},
    ]

    said = texts(page("repair order", {"number": "RO-4", "jobs": jobs}))

    assert "Title Amount Labor Oil change $120.50 Belt $40.00 Fit, Hours 1.5" in said


@pytest.mark.rule("X6")
def test_whatever_stands_in_a_field_is_text() -> None:
    html = page("note", {"text": "<script>alert(1)</script> & more"})

    assert "<script>" not in html
    assert "<script>alert(1)</script> & more" in texts(html)
