"""What can't be done as it is asked: no version, an old one, or bodies that nobody should send."""

import json
from collections import defaultdict
from typing import Any

import pytest

from crossbay.store.reads import Reads
from local.template import Route, routes
from tests.helpers.books import NOWHERE, PARTS, WRITES, Books, body_of, make_books, named
from tests.helpers.described import document
from tests.helpers.doors import Answer
from tests.helpers.tenants import tenant_maker
from tests.integration.conftest import Aws

VERSIONED = [
    route
    for route in WRITES
    if (
        route.method != "POST"
        or route.path.endswith(("/void", "/addresses", "/one-time-contacts", "/merge", "/unmerge"))
    )
    and not route.path.endswith(("/history-settings", "{other_customer_id}"))
]


@pytest.fixture(scope="module")
def lasting(aws_of_module: Aws) -> Books:
    """Records of which no test changes any."""
    return make_books(tenant_maker(Reads(aws_of_module.table_name))("North", "South"))


@pytest.mark.rule("X3")
@pytest.mark.parametrize("route", VERSIONED, ids=named)
def test_a_change_needs_the_version_it_was_read_at(lasting: Books, route: Route) -> None:
    refused = {
        value: lasting.send(lasting.admin, route, headers={"If-Match": value}).status_code
        for value in ('"7"', "", "three", '"3", "4"', "*")
    }

    assert refused == {'"7"': 412, "": 428, "three": 400, '"3", "4"': 400, "*": 400}


@pytest.mark.rule("X3")
def test_a_record_that_is_not_there_is_not_made_by_a_change(lasting: Books) -> None:
    answer = lasting.admin(
        "PATCH",
        f"/shops/{lasting.ids['shop_id']}/customers/{NOWHERE}",
        body={"first_name": "Bea"},
        headers={"If-Match": '"1"'},
    )

    assert answer.status_code == 404


BODIED = [route for route in routes() if route.method in ("POST", "PATCH", "PUT") and route.members_only]
BODILESS = (
    "/void",
    "/close",
    "/reopen",
    "/token-keys",
    "/dry-run",
    "/data-export",
    "/mapping-done",
    "/dismiss",
)
NOT_ENTITLED = ("/plate-lookups",)
"""Told before what is wrong with the body."""

DEEP = b'{"a":' * 20_000 + b"1" + b"}" * 20_000
ODD_BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "a list around": b'[{"last_name": "Quill"}]',
    "a number": b"1",
    "null": b"null",
    "nested deeply": DEEP,
    "lists nested deeply": b"[" * 100_000,
    "no UTF-8": b'{"last_name": "\xff\xfe"}',
    "a number of many digits": b'{"year": ' + b"9" * 5_000 + b"}",
    "not a number": b'{"year": NaN}',
    "a key of half a letter": b'{"\\ud800": 1}',
    "an unknown field": b'{"__class__": "x"}',
    "a form": b"last_name=Quill",
}


@pytest.mark.rule("X2")
@pytest.mark.parametrize("body", ODD_BODIES.values(), ids=ODD_BODIES.keys())
def test_a_body_that_no_route_can_read_is_a_400_with_a_sentence_on_every_route(
    lasting: Books, body: bytes
) -> None:
    operator = type(lasting.admin)(
        doors=lasting.admin.doors, claims={**lasting.admin.claims, "cognito:groups": "operator"}
    )
    for route in BODIED:
        if route.path.endswith(BODILESS) or (not body and _needs_no_body(route)):
            continue
        path = route.path.format(**lasting.ids, **PARTS)
        answer = operator(route.method, path, body=body, headers={"If-Match": '"1"'})

        _assert_problem(answer, 403 if route.path.endswith(NOT_ENTITLED) else 400)


def _needs_no_body(route: Route) -> bool:
    asked = document()["paths"][route.path][route.method.lower()]["requestBody"]
    return not asked.get("required")


def _assert_problem(answer: Answer, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:crossbay:problem:")
    assert len(problem["detail"]) > 10
    assert "Traceback" not in answer.text
    assert ".py" not in answer.text


NULLABLE = ("rows", "basis", "password", "category_id")
"""Null rows: a file will come. A null basis: consent is forgotten. A null password: the one kept stays.
A null category: the source is unmapped."""


def _takes_null(route: Route, name: str) -> bool:
    """Whether the description says that null empties the field."""
    operation = document()["paths"][route.path][route.method.lower()]
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    field = document()["components"]["schemas"][reference.rpartition("/")[2]]["properties"][name]
    return {"type": "null"} in field.get("anyOf", ())


WRONG: list[Any] = [None, 7, -1, 1e308, True, [], {}, [[]], "\x00", "\ud800", "x" * 20_000]


@pytest.mark.rule("X2")
@pytest.mark.parametrize("route", [r for r in WRITES if body_of(r, defaultdict(str))], ids=named)
def test_a_value_of_a_wrong_kind_is_told_field_by_field_and_changes_nothing(
    lasting: Books, route: Route
) -> None:
    body = body_of(route, lasting.ids) or {}
    for name in body:
        for value in WRONG[1:] if name in NULLABLE or _takes_null(route, name) else WRONG:
            if isinstance(value, bool) == isinstance(body[name], bool) and type(value) is type(body[name]):
                continue
            path = route.path.format(**lasting.ids, **PARTS)
            sent = json.dumps(body | {name: value}).encode()
            answer = lasting.admin(route.method, path, body=sent, headers={"If-Match": '"7"'})

            _assert_problem(answer, 400)
            assert [one["field"].split(".")[0] for one in answer.json()["errors"]] == [name]


@pytest.mark.rule("X2")
def test_a_days_and_times_that_no_calendar_has_are_refused_with_the_field(lasting: Books) -> None:
    shop = f"/shops/{lasting.ids['shop_id']}"
    customer = {"customer_id": lasting.ids["customer_id"]}
    for day in (
        "2026-02-31",
        "2026-13-01",
        "0000-01-01",
        "9999-12-31",
        "\u0662\u0660\u0662\u0666-01-01",
        "20260101",
    ):
        sent = lasting.admin("POST", f"{shop}/repair-orders", body=customer | {"opened_on": day})
        asked = lasting.admin("GET", f"{shop}/appointments", query={"day": day})

        assert [one["field"] for one in sent.json()["errors"]] == ["opened_on"]
        assert [one["field"] for one in asked.json()["errors"]] == ["day"]
    for time in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-12:00", "2026-01-05T09:00:00", "1e9", 5):
        answer = lasting.admin("POST", f"{shop}/appointments", body=customer | {"starts_at": time})

        assert [one["field"] for one in answer.json()["errors"]] == ["starts_at"]


LETTERS = {
    "one letter made of eighteen": "\ufdfa" * 100,
    "emoji": "👩‍🔧" * 20,
    "right to left": "\u202emoc.live\u202c",
    "marks upon marks": "z" + "\u0301" * 99,
    "beyond the basic plane": "\U0001d54f" * 100,
    "no width": "\u200b\u200d\ufeff" * 10 + "a",
}


MARKS = (0x202E, 0x202C, 0x200B, 0x200D, 0xFEFF)
"""Of those letters the ones that turn or hide text; within an emoji they join its parts."""


@pytest.mark.rule("X2")
@pytest.mark.parametrize("text", LETTERS.values(), ids=LETTERS.keys())
def test_any_letters_of_unicode_are_kept_but_for_marks_that_turn_or_hide_text_or_refused_with_the_field(
    lasting: Books, text: str
) -> None:
    shop = f"/shops/{lasting.ids['shop_id']}"
    names = {"first_name": text, "last_name": text, "company_name": text, "insist": True}
    made = lasting.admin(
        "POST",
        f"{shop}/customers",
        body=names
        | {
            "phones": [{"number": text[:40]}],
            "billing_address": {"line1": text, "city": text, "region": text, "postal_code": text},
        },
    )
    assert made.status_code in (201, 400), made.text
    if made.status_code == 400:
        return
    customer = made.json()
    vehicle = lasting.admin(
        "POST",
        f"{shop}/customers/{customer['id']}/vehicles",
        body={"plate": text[:15], "vin": text[:30], "plate_region": text[:10], "make": text},
    )
    order = lasting.admin(
        "POST",
        f"{shop}/repair-orders",
        body={
            "customer_id": customer["id"],
            "number": text,
            "status": "invoiced",
            "jobs": [{"title": (text * 2)[:200], "authorization": "approved"}],
        },
    )
    found = lasting.admin("GET", f"{shop}/search", query={"text": text[:200]})

    kept = text if "\U0001f469" in text else text.translate(dict.fromkeys(MARKS))
    assert (customer["first_name"], customer["last_name"]) == (kept, kept)
    assert vehicle.status_code in (201, 400), vehicle.text
    assert order.status_code in (201, 400), order.text
    assert found.status_code in (200, 400), found.text


@pytest.mark.rule("X2")
def test_a_repair_order_of_megabytes_is_refused_and_nothing_of_it_is_kept(lasting: Books) -> None:
    job = {"title": "Brakes", "notes": "n" * 10_000, "internal_notes": "i" * 10_000}
    path = f"/shops/{lasting.ids['shop_id']}/repair-orders/{lasting.ids['repair_order_id']}"

    answer = lasting.admin("PATCH", path, body={"jobs": [job] * 30}, headers={"If-Match": '"1"'})

    _assert_problem(answer, 400)
    assert len(lasting.admin("GET", path).json()["jobs"]) == 1


@pytest.mark.rule("X2")
def test_repeated_query_parameters_odd_paths_and_unknown_routes_are_problems(lasting: Books) -> None:
    shop = f"/shops/{lasting.ids['shop_id']}"
    twice = lasting.admin("GET", f"{shop}/repair-orders?day=2026-01-05&day=2026-01-06")
    nothing = lasting.admin("GET", f"{shop}/no-such-thing")
    odd = [lasting.admin("GET", f"{shop}/customers/{odd}") for odd in ("%00", "a%20b", "..", "é", "a" * 99)]

    _assert_problem(twice, 400)
    _assert_problem(nothing, 404)
    assert {answer.status_code for answer in odd} <= {400, 404}
    assert all(answer.headers["content-type"] == "application/problem+json" for answer in odd)
