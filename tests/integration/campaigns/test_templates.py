"""A shop's letters over HTTP: default or its own, previews, and what no letter may do (C6, C7)."""

from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import requests
from PIL import Image

from crossbay.domain.organization import Entitlement, Role
from crossbay.store.reads import Reads
from tests.helpers.books import LETTER
from tests.helpers.doors import Answer, Caller
from tests.helpers.factories import job, make_customer, make_order, make_vehicle, path_of
from tests.helpers.tenants import NewTenant, Tenant, tenant_maker
from tests.integration.conftest import Aws

KINDS = ("reminder_2", "reminder_1", "no_show", "thank_you", "deferred", "inactive")
VARIABLES = {
    "mailing_name",
    "year",
    "make",
    "model",
    "plate",
    "appointment_date",
    "appointment_time",
    "business_phone",
    "owner",
    "business_name",
    "business_email",
    "feedback_link",
    "deferred_items",
    "last_service_date",
    "unsubscribe_link",
    "postal_address",
}
"""C6's own list."""


@pytest.fixture(scope="module")
def new_tenant(aws_of_module: Aws) -> NewTenant:
    return tenant_maker(Reads(aws_of_module.table_name))


@pytest.fixture
def tenant(new_tenant: NewTenant) -> Tenant:
    """One shop, North, with its whole contact card."""
    tenant = new_tenant("North", entitlements=(Entitlement.CUSTOMER_CONTACT, Entitlement.POSTCARDS))
    card = {
        "business_name": "Harbor Point Auto Care",
        "owner": "Pat Reyes",
        "phone": "+15035550142",
        "email": "pat@example.com",
        "address": {
            "line1": "100 Example St",
            "city": "Portland",
            "region": "OR",
            "postal_code": "97201",
        },
    }
    admin = tenant.join(Role.DEALER_ADMIN)
    assert admin("PATCH", tenant.paths[0], body=card, headers={"If-Match": '"1"'}).status_code == 200
    return tenant


@pytest.fixture
def marketing(tenant: Tenant) -> Caller:
    return tenant.join(Role.MARKETING)


def path(tenant: Tenant, kind: str = "thank_you") -> str:
    return f"{tenant.paths[0]}/message-templates/{kind}"


def save(caller: Caller, path: str, *, version: int = 0, **parts: Any) -> Answer:
    return caller("PUT", path, body=LETTER | parts, headers={"If-Match": f'"{version}"'})


def preview(caller: Caller, path: str, **asked: Any) -> dict[str, Any]:
    answer = caller("POST", f"{path}/preview", body=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


def reasons(answer: Answer) -> dict[str, str]:
    assert answer.status_code == 400, answer.text
    return {error["field"]: error["reason"] for error in answer.json()["errors"]}


# ---- own or default


@pytest.mark.rule("C6")
def test_each_of_the_six_kinds_has_a_letter_that_a_shop_makes_its_own_and_gives_back(
    tenant: Tenant, marketing: Caller
) -> None:
    listed = marketing("GET", f"{tenant.paths[0]}/message-templates").json()["templates"]
    own = save(marketing, path(tenant), subject="Thanks!")
    read = marketing("GET", path(tenant))
    reset = marketing("DELETE", path(tenant), headers={"If-Match": '"1"'})

    assert tuple(one["kind"] for one in listed) == KINDS
    assert all(one["is_default"] and set(one["variables"]) >= VARIABLES for one in listed)
    assert (own.status_code, own.headers["etag"]) == (200, '"1"')
    assert (read.json()["subject"], read.json()["is_default"]) == ("Thanks!", False)
    assert {part: read.json()[part] for part in ("html", "text", "card")} == {
        part: LETTER[part] for part in ("html", "text", "card")
    }
    assert reset.json() == next(one for one in listed if one["kind"] == "thank_you")


@pytest.mark.rule("C6")
def test_a_default_letter_can_be_taken_over_as_it_is(tenant: Tenant, marketing: Caller) -> None:
    default = marketing("GET", path(tenant, "deferred")).json()

    answer = save(
        marketing,
        path(tenant, "deferred"),
        **{part: default[part] for part in ("subject", "html", "text", "card")},
    )

    assert answer.status_code == 200, answer.text


@pytest.mark.rule("C6")
def test_a_pasted_letter_is_saved_at_once_and_the_answer_says_what_was_left_out(
    tenant: Tenant, marketing: Caller
) -> None:
    pasted = LETTER["html"] + "<o:p>&nbsp;</o:p>\n<link rel=stylesheet href='https://example.com/a.css'>"

    saved = save(marketing, path(tenant), html=pasted)
    read = marketing("GET", path(tenant)).json()

    assert saved.status_code == 200, saved.text
    assert saved.json()["html"] == pasted
    assert [notice.partition(" was left out")[0] for notice in saved.json()["notices"]] == [
        "line 1: `<o:p>`",
        "line 2: `<link>`",
    ]
    assert read == saved.json()
    assert marketing("GET", path(tenant, "deferred")).json()["notices"] == []


@pytest.mark.rule("C6")
def test_everything_wrong_with_a_letter_is_in_one_answer(tenant: Tenant, marketing: Caller) -> None:
    told = reasons(
        save(
            marketing,
            path(tenant),
            subject="Hi {{ unsubscribe_link }}",
            html="<p>{{ modle }}</p>\n<p>{{ mailing_name | default(\u201cyou\u201d) }}</p>",
            text="{{&nbsp;model }}",
        )
    )

    assert "can't stand in a subject" in told["subject"]
    assert "type `model`" in told["html"]
    assert "line 2: the curly quote \u201c, the curly quote \u201d" in told["html"]
    assert "every e-mail needs `{{ unsubscribe_link }}`" in told["html"]
    assert "line 1: `&nbsp;` can't stand inside a tag: type `{{ model }}`" in told["text"]


@pytest.mark.rule("X3", "X5")
def test_a_letter_is_changed_at_its_version_and_each_change_is_in_the_audit(
    tenant: Tenant, marketing: Caller
) -> None:
    save(marketing, path(tenant))
    stale = save(marketing, path(tenant), subject="Too late")
    save(marketing, path(tenant), version=1, subject="Newer")
    marketing("DELETE", path(tenant), headers={"If-Match": '"2"'})

    admin = tenant.join(Role.DEALER_ADMIN)
    entries = admin("GET", "/audit").json()["entries"]
    noted = [entry["what"] for entry in entries if entry["what"].startswith("template")]

    assert stale.status_code == 412
    assert noted == ["template deleted", "template changed", "template changed"]


@pytest.mark.rule("X1")
def test_advisors_read_letters_and_do_not_change_them_and_other_organizations_see_none(
    tenant: Tenant, new_tenant: NewTenant
) -> None:
    advisor, stranger = tenant.join(Role.ADVISOR), new_tenant("Elsewhere").join(Role.MARKETING)

    assert advisor("GET", path(tenant)).status_code == 200
    assert save(advisor, path(tenant)).status_code == 403
    assert stranger("GET", path(tenant)).status_code == 404
    assert save(stranger, path(tenant)).status_code == 404
    assert stranger("POST", f"{path(tenant)}/preview", body={}).status_code == 404


# ---- what no letter may do


@pytest.mark.rule("C6")
@pytest.mark.parametrize(
    "unsafe",
    [
        "{{ nickname }}",
        "{{ ''.__class__ }}",
        "{{ mailing_name|attr('__class__') }}",
        "{{ mailing_name.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{% for i in range(10**9) %}x{% endfor %}",
        "{% for a in deferred_items %}{% for b in deferred_items %}x{% endfor %}{% endfor %}",
        "{% include 'thank_you/letter.txt' %}",
        "{% set x = 'a' * 10000000000 %}",
        "{{ 'a' * 10000000000 }}",
        "{{ lipsum() }}",
        "{% if model %}",
    ],
)
def test_an_unknown_variable_or_unsafe_construct_is_refused_with_line_and_reason_in_every_part(
    tenant: Tenant, marketing: Caller, unsafe: str
) -> None:
    letter = {part: f"{source} {unsafe}" for part, source in LETTER.items()}

    answer = marketing("PUT", path(tenant), body=letter, headers={"If-Match": '"0"'})

    for part, reason in reasons(answer).items():
        line = LETTER[part].count("\n") + 1
        assert reason.startswith(f"line {line}: "), part
    assert list(reasons(answer)) == ["subject", "html", "text", "card"]
    assert marketing("GET", path(tenant)).json()["is_default"]


@pytest.mark.rule("C6")
@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)">x</a>',
        '<iframe src="https://example.com"></iframe>',
        '<form action="https://example.com"><input name="password"></form>',
    ],
)
def test_html_that_acts_by_itself_is_refused(tenant: Tenant, marketing: Caller, html: str) -> None:
    answer = save(marketing, path(tenant), html=LETTER["html"] + html)

    assert list(reasons(answer)) == ["html"]


@pytest.mark.rule("C6")
def test_a_subject_of_two_lines_is_refused(tenant: Tenant, marketing: Caller) -> None:
    answer = save(marketing, path(tenant), subject="Thanks\r\nBcc: everybody@example.com")

    assert list(reasons(answer)) == ["subject"]


@pytest.mark.rule("C6")
def test_a_letter_of_many_megabytes_is_refused_before_it_is_looked_at(
    tenant: Tenant, marketing: Caller
) -> None:
    answer = save(marketing, path(tenant), text="{{ model }}" * 500_000)

    assert answer.status_code in (400, 413)


@pytest.mark.rule("C6", "C7")
def test_a_preview_of_an_unsafe_letter_is_refused_like_saving_it(tenant: Tenant, marketing: Caller) -> None:
    asked = {"template": LETTER | {"text": "{{ ''.__class__ }}"}}

    answer = marketing("POST", f"{path(tenant)}/preview", body=asked)

    assert list(reasons(answer)) == ["text"]


# ---- previews


@pytest.fixture
def customer(tenant: Tenant) -> dict[str, Any]:
    """Zoë Łukasz, whose Civic was here on 2026-03-02 and is still owed front brake pads."""
    advisor = tenant.join(Role.ADVISOR)
    made = make_customer(
        advisor,
        tenant.paths[0],
        first_name="Zoë",
        last_name="Łukasz",
        billing_address={"line1": "4821 Cove Ter", "city": "Eugene", "region": "OR", "postal_code": "97401"},
    )
    vehicle = make_vehicle(advisor, made, year=2016, make="Honda", model="Civic", plate="TR 4821")
    make_order(
        advisor,
        made,
        vehicle_id=vehicle["id"],
        opened_on="2026-03-02",
        invoiced_on="2026-03-02",
        status="invoiced",
        jobs=[job("Oil change"), job("Front brake pads <premium>", "declined")],
    )
    return made


@pytest.mark.rule("C7")
@pytest.mark.parametrize("kind", KINDS)
def test_each_letter_is_shown_as_html_and_text_with_a_made_up_customer(
    tenant: Tenant, marketing: Caller, kind: str
) -> None:
    html, text = (preview(marketing, path(tenant, kind), format=shown) for shown in ("html", "text"))

    assert html["subject"] == text["subject"] != ""
    assert html["content"].lstrip().lower().startswith("<!doctype html")
    for shown in (html, text):
        assert "Sample" in shown["content"]
        assert "Harbor Point Auto Care" in shown["content"]
        assert "{{" not in shown["content"]


@pytest.mark.rule("C7")
def test_a_letter_is_shown_as_a_real_customer_would_get_it_escaped_and_with_a_link_that_is_nobodys(
    tenant: Tenant, marketing: Caller, customer: dict[str, Any]
) -> None:
    html, text = (
        preview(marketing, path(tenant, "deferred"), format=shown, customer_id=customer["id"])["content"]
        for shown in ("html", "text")
    )

    assert "Zoë Łukasz" in html
    assert "Zoë Łukasz" in text
    assert "Front brake pads &lt;premium&gt;" in html
    assert "Front brake pads <premium>" in text
    assert "https://example.com/unsubscribe/preview" in text
    assert customer["id"] not in html + text


@pytest.mark.rule("C7")
def test_a_letter_is_shown_before_it_is_saved(tenant: Tenant, marketing: Caller) -> None:
    asked = {
        "template": LETTER | {"text": "Bye {{ mailing_name }} {{ postal_address }} {{ unsubscribe_link }}"}
    }

    shown = preview(marketing, path(tenant), format="text", **asked)

    assert shown["content"].startswith("Bye Jordan Sample 100 Example St, Portland, OR 97201")
    assert marketing("GET", path(tenant)).json()["is_default"]


@pytest.mark.rule("C7", "C10")
def test_the_postcard_is_shown_as_pdf_and_as_a_picture_of_each_side(
    tenant: Tenant, marketing: Caller, customer: dict[str, Any]
) -> None:
    pdf, png = (
        preview(marketing, path(tenant, "inactive"), format=shown, customer_id=customer["id"])
        for shown in ("pdf", "png")
    )
    sheets = [requests.get(url, timeout=10) for url in (*pdf["urls"], *png["urls"])]
    document = pypdfium2.PdfDocument(BytesIO(sheets[0].content))
    message_side, address_side = (page.get_textpage().get_text_range() for page in document)
    sides = [Image.open(BytesIO(sheet.content)) for sheet in sheets[1:]]

    assert [sheet.headers["content-type"] for sheet in sheets] == [
        "application/pdf",
        "image/png",
        "image/png",
    ]
    assert "2016 Honda Civic" in message_side.replace("\r\n", " ")
    assert "EUGENE OR 97401" in address_side
    assert [side.size for side in sides] == [(938, 675), (938, 675)]  # 6.25 x 4.5 in with bleed, at 150 dpi


@pytest.mark.rule("C7", "X1")
def test_a_customer_of_another_shop_or_a_deleted_one_is_not_shown(
    tenant: Tenant, new_tenant: NewTenant, marketing: Caller, customer: dict[str, Any]
) -> None:
    other = new_tenant("Elsewhere")
    theirs = make_customer(other.join(Role.ADVISOR), other.paths[0])
    advisor = tenant.join(Role.ADVISOR)
    version = advisor("GET", path_of(customer)).headers["etag"]
    deleted = advisor("DELETE", path_of(customer), headers={"If-Match": version})

    answers = [
        marketing("POST", f"{path(tenant)}/preview", body={"customer_id": one["id"]})
        for one in (theirs, customer)
    ]

    assert deleted.status_code == 204
    assert [answer.status_code for answer in answers] == [404, 404]
