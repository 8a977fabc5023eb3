"""The unsubscribe link: opened by anybody and anything, clicked once or often, cut, forged, and undone."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import boto3
import pytest
from itsdangerous import Signer

from crossbay.app.campaigns.stops.unsubscribe import set_customer_opt_out
from crossbay.app.campaigns.stops.unsubscribe_token import make_token
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Message, MessageState, Occasion
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.opt_out import COMPLAINT
from crossbay.domain.organization import Role
from crossbay.ids import new_id
from crossbay.settings import settings
from crossbay.store.campaigns.messages import find_message, plan
from crossbay.store.reads import Reads
from crossbay.store.token_keys import read_token_keys
from tests.helpers.at_once import Request, at_once
from tests.helpers.doors import Answer, Caller, Doors
from tests.helpers.factories import etag, make_customer, path_of
from tests.helpers.tenants import NewTenant, Tenant
from tests.integration.conftest import Aws

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MULTIPART = {"Content-Type": "multipart/form-data; boundary=7f3a"}
CLICKS: dict[str, tuple[dict[str, str], bytes]] = {
    "urlencoded": (FORM, b"List-Unsubscribe=One-Click"),
    "multipart": (
        MULTIPART,
        b'--7f3a\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--7f3a--\r\n',
    ),
    "the page's own form": (FORM, b""),
    "a body that lies": (FORM, b"List-Unsubscribe=Keep&customer=another"),
    "no text": ({"Content-Type": "application/octet-stream"}, b"\xff\xfe\x00"),
}
AT = "2027-03-01T17:00:00.000Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A customer of a shop, the link of a message to them, and who looks at what became of it."""

    staff: Caller
    admin: Caller
    customer: dict[str, Any]
    token: str

    @property
    def link(self) -> str:
        return f"/unsubscribe/{self.token}"

    def open(self, method: str = "GET") -> Answer:
        return nobody(method, self.link)

    def click(self, kind: str = "urlencoded") -> Answer:
        headers, body = CLICKS[kind]
        return nobody("POST", self.link, headers=headers, body=body)

    def undo(self) -> Answer:
        return nobody("POST", f"{self.link}/undo", headers=FORM, body=b"")

    @property
    def flags(self) -> dict[str, Any]:
        found: dict[str, Any] = self.staff("GET", path_of(self.customer)).json()["do_not_mail"]
        return found

    @property
    def changes(self) -> list[dict[str, Any]]:
        """The audit's entries on changes of the customer, oldest first."""
        entries = self.admin("GET", f"{path_of(self.customer)}/audit").json()["entries"]
        return [entry for entry in reversed(entries) if entry["what"] == "customer changed"]


def nobody(method: str, path: str, **sent: Any) -> Answer:
    """Someone who isn't signed in."""
    return Caller(doors=Doors(), claims={})(method, path, **sent)


@pytest.fixture
def recipient(reads: Reads, tenant: Tenant, advisor: Caller) -> Recipient:
    admin = tenant.join(Role.DEALER_ADMIN)
    customer = make_customer(advisor, tenant.paths[0], emails=["ada@example.com"])
    return Recipient(
        staff=advisor, admin=admin, customer=customer, token=token_of(reads, customer, tenant=tenant)
    )


@pytest.fixture
def items(table: str, endpoint: str) -> Callable[[], list[Any]]:
    """Everything in the table."""
    client = boto3.client("dynamodb", endpoint_url=endpoint)
    return lambda: sorted(
        client.scan(TableName=table, ConsistentRead=True)["Items"],
        key=lambda item: (item["pk"]["S"], item["sk"]["S"]),
    )


def token_of(reads: Reads, customer: dict[str, Any], *, tenant: Tenant, message_id: str = "") -> str:
    ids = (tenant.organization.id, CustomerRef(shop_id=customer["shop_id"], customer_id=customer["id"]))
    return make_token(read_token_keys(reads), *ids, message_id)


@pytest.mark.rule("C9")
@pytest.mark.parametrize("unsubscribed", [False, True])
def test_scanners_that_get_and_head_every_link_change_nothing(
    recipient: Recipient, items: Callable[[], list[Any]], unsubscribed: bool
) -> None:
    if unsubscribed:
        recipient.click()
    before = items()

    opened = [recipient.open(method) for method in ("GET", "HEAD", "GET", "HEAD")]
    wandered = nobody("GET", f"{recipient.link}/undo")

    assert [answer.status_code for answer in opened] == [200] * 4
    assert [bool(answer.text) for answer in opened] == [True, False, True, False]
    assert wandered.status_code == 404
    assert items() == before


@pytest.mark.rule("C9")
def test_the_page_asks_for_one_click_in_the_shops_name_and_says_nothing_of_the_customer(
    tenant: Tenant, recipient: Recipient
) -> None:
    card = {
        "business_name": "Kim & Sons <Auto>",
        "phone": "212 555 0100",
        "address": {"line1": "12 Pier Rd", "city": "Albany", "region": "NY", "postal_code": "12207"},
    }
    answer = recipient.admin("PATCH", tenant.paths[0], body=card, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text

    page = recipient.open().text

    assert "Kim &amp; Sons &lt;Auto&gt;" in page
    assert "(212) 555-0100" in page
    assert "12 Pier Rd" in page
    assert "Albany, NY 12207" in page
    assert page.count("<button") == 1
    assert "<script" not in page
    for known in (recipient.customer["last_name"], recipient.customer["first_name"], "ada@example.com"):
        assert known not in page


@pytest.mark.rule("C9", "X5")
def test_the_page_is_kept_by_nobody_and_loads_nothing(recipient: Recipient) -> None:
    for answer in (
        recipient.open(),
        recipient.open("HEAD"),
        recipient.click(),
        nobody("GET", "/unsubscribe/x"),
    ):
        policy = answer.headers["content-security-policy"]

        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.rule("C9", "X5")
@pytest.mark.parametrize("kind", CLICKS)
def test_one_click_sets_the_customers_own_do_not_mail_at_once_whatever_the_body(
    recipient: Recipient, kind: str
) -> None:
    answer = recipient.click(kind)

    assert answer.status_code == 200
    assert "You are unsubscribed" in answer.text
    by_customer = recipient.flags["by_customer"]
    assert (by_customer["by"], by_customer["how"]) == ("customer", "unsubscribe link")
    assert recipient.flags["by_staff"] is None
    (change,) = recipient.changes
    assert change["by"] == "customer"
    assert change["before"] == {}
    assert change["after"] == {"do_not_mail": {"by_customer": by_customer}}


@pytest.mark.rule("C9")
def test_clicks_repeated_and_in_parallel_set_one_flag_and_leave_one_audit_entry(recipient: Recipient) -> None:
    sent = [
        Request(claims={}, method="POST", path=recipient.link, headers=headers, body=body)
        for headers, body in (CLICKS["urlencoded"], CLICKS["multipart"]) * 2
    ]

    answers = at_once(*sent)
    first = recipient.flags
    again = [recipient.click(kind) for kind in ("urlencoded", "multipart")]

    assert [answer.status_code for answer in [*answers, *again]] == [200] * 6
    assert recipient.flags == first
    assert first["by_customer"]["how"] == "unsubscribe link"
    assert len(recipient.changes) == 1


@pytest.mark.rule("C9")
def test_a_click_while_staff_saves_the_customer_is_not_lost_and_loses_nothing(recipient: Recipient) -> None:
    headers, body = CLICKS["urlencoded"]
    save = Request(
        claims=recipient.staff.claims,
        method="PATCH",
        path=path_of(recipient.customer),
        body={"company_name": "Quill Freight"},
        headers=etag(recipient.customer),
    )
    click = Request(claims={}, method="POST", path=recipient.link, headers=headers, body=body)

    saved, clicked = at_once(save, click)

    assert clicked.status_code == 200
    assert saved.status_code in (200, 412)
    customer = recipient.staff("GET", path_of(recipient.customer)).json()
    assert customer["do_not_mail"]["by_customer"]["how"] == "unsubscribe link"
    assert customer["company_name"] == ("Quill Freight" if saved.status_code == 200 else "")


def _altered(token: str) -> list[str]:
    """The token with each of its letters in turn another one, cut and lengthened."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    changed = [
        token[:at] + letters[letters.index(letter) ^ 32] + token[at + 1 :]
        for at, letter in enumerate(token)
        if letter in letters
    ]
    return [
        *changed,
        token[:-1],
        token[:40],
        token.partition(".")[0],
        f"{token}A",
        f"A{token}",
        token * 2,
        "x",
    ]


@pytest.mark.rule("C9")
def test_a_token_that_was_cut_or_changed_anywhere_leads_to_a_plain_page_and_writes_nothing(
    recipient: Recipient, items: Callable[[], list[Any]]
) -> None:
    before = items()

    pages = {
        (answer.status_code, answer.text)
        for token in _altered(recipient.token)
        for answer in (nobody("GET", f"/unsubscribe/{token}"), nobody("POST", f"/unsubscribe/{token}"))
    }

    ((status, page),) = pages
    assert status == 404
    assert "North" not in page
    assert items() == before


@pytest.mark.rule("C9", "X1")
def test_a_token_re_signed_or_of_another_purpose_tenant_or_nobodys_leads_to_that_same_page(
    reads: Reads,
    tenant: Tenant,
    new_tenant: NewTenant,
    recipient: Recipient,
    items: Callable[[], list[Any]],
) -> None:
    others = new_tenant("East")
    stranger = make_customer(others.join(Role.ADVISOR), others.paths[0])
    keys, organization_id = read_token_keys(reads), tenant.organization.id
    own = CustomerRef(shop_id=recipient.customer["shop_id"], customer_id=recipient.customer["id"])
    payload = recipient.token.partition(".")[0]
    tokens = {
        "another key": make_token(("not a key of ours",), organization_id, own),
        "another purpose": Signer(list(keys), salt=b"confirm").sign(payload).decode(),
        "itsdangerous' defaults": Signer(keys[0]).sign(payload).decode(),
        "another tenant's customer": make_token(
            keys, organization_id, replace(own, customer_id=stranger["id"])
        ),
        "another tenant's shop": make_token(
            keys, organization_id, CustomerRef(shop_id=stranger["shop_id"], customer_id=stranger["id"])
        ),
        "another tenant": make_token(keys, others.organization.id, own),
        "nobody": make_token(keys, organization_id, replace(own, customer_id=new_id())),
    }
    before = items()
    plain = nobody("GET", "/unsubscribe/x")

    for name, token in tokens.items():
        for method, path in (("GET", token), ("HEAD", token), ("POST", token), ("POST", f"{token}/undo")):
            answer = nobody(method, f"/unsubscribe/{path}")

            assert answer.status_code == 404, name
            assert answer.text == plain.text, name
    assert items() == before


@pytest.mark.rule("C9")
def test_a_link_of_long_ago_works_after_the_keys_were_rotated_many_times(
    reads: Reads, tenant: Tenant, recipient: Recipient, operator: Caller
) -> None:
    old = recipient.token

    counts = [operator("POST", "/token-keys").json()["count"] for _ in range(18)]
    new = token_of(reads, recipient.customer, tenant=tenant)

    assert counts == list(range(2, 20))
    assert new != old
    assert nobody("GET", f"/unsubscribe/{new}").status_code == 200
    assert recipient.click().status_code == 200
    assert recipient.flags["by_customer"]["how"] == "unsubscribe link"


@pytest.mark.rule("C9", "X3", "X7")
def test_only_the_operator_rotates_keys_once_a_request_and_no_answer_holds_one(
    reads: Reads, tenant: Tenant, advisor: Caller, operator: Caller
) -> None:
    refused = tenant.join(*Role)("POST", "/token-keys")

    answers = [operator("POST", "/token-keys", headers={"Idempotency-Key": "march"}) for _ in range(2)]

    assert refused.status_code == 403
    assert [answer.json() for answer in answers] == [{"count": 2}] * 2
    assert len(read_token_keys(reads)) == 2


@pytest.mark.rule("C9")
def test_undo_on_the_page_leads_back_to_it_and_mail_goes_on(recipient: Recipient) -> None:
    recipient.click()

    undone = [recipient.undo(), recipient.undo()]

    assert [answer.status_code for answer in undone] == [303, 303]
    assert {answer.headers["location"] for answer in undone} == {f"../{recipient.token}?undone=true"}
    assert recipient.flags == {"by_customer": None, "by_staff": None}
    assert recipient.open().text.count(">Unsubscribe</button>") == 1
    assert [change["by"] for change in recipient.changes] == ["customer", "customer"]


@pytest.mark.rule("C9")
def test_the_page_after_undoing_says_that_it_worked_and_only_where_it_did(
    reads: Reads, tenant: Tenant, recipient: Recipient
) -> None:
    after = {"query": {"undone": "true"}}
    recipient.click()
    still = nobody("GET", recipient.link, **after).text
    recipient.undo()
    recipient.undo()
    undone = nobody("GET", recipient.link, **after).text
    plain = recipient.open().text
    ref = CustomerRef(shop_id=recipient.customer["shop_id"], customer_id=recipient.customer["id"])
    set_customer_opt_out(reads, tenant.organization.id, ref, how=COMPLAINT, at=AT)
    final = nobody("GET", recipient.link, **after).text

    assert "You\u2019re back on the list" in undone
    assert 'role="status"' in undone
    assert ">Unsubscribe</button>" in undone
    assert not any("back on the list" in text for text in (still, plain, final))


@pytest.mark.rule("C9")
def test_a_link_cut_before_its_token_leads_to_a_page_in_plain_words(recipient: Recipient) -> None:
    pages = [nobody("GET", path) for path in ("/unsubscribe", f"/unsubscribe/{recipient.token[:30]}")]

    assert [page.status_code for page in pages] == [200, 404]
    assert pages[0].text == pages[1].text
    assert "Part of the link is missing or changed" in pages[0].text


@pytest.mark.rule("C9", "C19")
def test_undo_lifts_only_what_the_link_set(tenant: Tenant, reads: Reads, recipient: Recipient) -> None:
    ref = CustomerRef(shop_id=recipient.customer["shop_id"], customer_id=recipient.customer["id"])
    recipient.staff(
        "PUT",
        f"{path_of(recipient.customer)}/do-not-mail",
        body={"do_not_mail": True},
        headers=etag(recipient.customer),
    )
    by_staff = recipient.open().text
    recipient.click()
    recipient.undo()
    staffs = recipient.flags
    recipient.click()
    set_customer_opt_out(reads, tenant.organization.id, ref, how=COMPLAINT, at=AT)
    page = recipient.click().text
    recipient.undo()

    assert "at the moment" in by_staff
    assert staffs["by_customer"] is None
    assert staffs["by_staff"]["how"] == "staff"
    assert recipient.flags["by_customer"] == {"by": "customer", "at": AT, "how": "complaint"}
    assert recipient.flags["by_staff"] == staffs["by_staff"]
    assert "<button" not in page


@pytest.mark.rule("C9")
def test_staff_lift_their_own_do_not_mail_and_never_the_customers(recipient: Recipient) -> None:
    recipient.click()
    path = f"{path_of(recipient.customer)}/do-not-mail"
    for wish in (True, False, False):
        customer = recipient.staff("GET", path_of(recipient.customer)).json()
        answer = recipient.staff("PUT", path, body={"do_not_mail": wish}, headers=etag(customer))
        assert answer.status_code == 200

        assert answer.json()["do_not_mail"]["by_customer"]["how"] == "unsubscribe link"
    assert recipient.flags["by_staff"] is None


@pytest.mark.rule("C14")
def test_the_message_whose_link_was_clicked_notes_when(
    reads: Reads, tenant: Tenant, recipient: Recipient
) -> None:
    ref = CustomerRef(shop_id=recipient.customer["shop_id"], customer_id=recipient.customer["id"])
    occasion = Occasion(
        kind=MessageKind.THANK_YOU, customer_id=ref.customer_id, vehicle_id="", reason_id=new_id()
    )
    sent = Message(
        id=occasion.message_id(ref.shop_ref(tenant.organization.id)),
        organization_id=tenant.organization.id,
        shop_id=ref.shop_id,
        customer_id=ref.customer_id,
        occasion=occasion,
        channel=Channel.EMAIL,
        due_on="2027-03-01",
        date="2027-03-01",
        state=MessageState.SENT,
    )
    plan([sent], at=AT)
    token = token_of(reads, recipient.customer, tenant=tenant, message_id=sent.id)

    nobody("GET", f"/unsubscribe/{token}")
    opened = find_message(reads, tenant.organization.id, ref, sent.id)
    nobody("POST", f"/unsubscribe/{token}")
    first = find_message(reads, tenant.organization.id, ref, sent.id)
    nobody("POST", f"/unsubscribe/{token}")

    assert opened is not None
    assert opened.unsubscribed_at == ""
    assert first is not None
    assert first.unsubscribed_at == recipient.flags["by_customer"]["at"]
    assert first.state is MessageState.SENT
    assert find_message(reads, tenant.organization.id, ref, sent.id) == first


@pytest.mark.rule("X5", "C9")
def test_log_lines_hold_the_route_and_never_a_token(
    recipient: Recipient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for answer in (recipient.open(), recipient.click(), recipient.undo()):
        assert answer.status_code < 400
    nobody("POST", f"/unsubscribe/{recipient.token}A")

    lines = [
        f"{logging.getLogger(record.name).handlers[0].format(record)} {record.__dict__}"
        for record in caplog.records
        if record.name == "unsubscribe"
    ]
    assert len(lines) == 4
    assert all('"route":"/unsubscribe/{token}' in line for line in lines)
    for word in (recipient.token, recipient.token[:30], recipient.token[-30:], recipient.customer["id"]):
        assert not [line for line in lines if word in line]


@pytest.mark.rule("X2")
def test_a_bug_behind_the_link_is_a_page_without_a_trace(
    aws: Aws, recipient: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ValueError("Ada Quill")

    monkeypatch.setattr("crossbay.app.campaigns.stops.unsubscribe.read_shop", breaks)

    answer = recipient.open()

    assert answer.status_code == 500
    assert "Please try again in a moment" in answer.text
    assert "Quill" not in answer.text
    assert "Traceback" not in answer.text


# ---- the address


@pytest.mark.rule("C27", "X5")
def test_the_other_records_of_the_address_show_whose_word_keeps_mail_from_it(
    tenant: Tenant, recipient: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FILES_BUCKET", "files")  # the profile's photos lie there
    settings.cache_clear()
    address = recipient.customer["emails"][0]
    other = make_customer(recipient.staff, tenant.paths[0], emails=["x@example.com", address], insist=True)
    elsewhere = make_customer(recipient.staff, tenant.paths[1], emails=[address], insist=True)
    before = recipient.staff("GET", path_of(other)).json()

    recipient.click()
    shown = recipient.staff("GET", path_of(other)).json()
    profile = recipient.staff("GET", f"{path_of(other)}/profile").json()["customer"]
    own = recipient.staff("GET", path_of(recipient.customer)).json()

    (stop,) = shown["address_stops"]
    assert before["address_stops"] == []
    assert (stop["email"], stop["how"], stop["by_other_record"]) == (address, "unsubscribe link", True)
    assert stop["do_not_mail_since"]
    assert profile["address_stops"] == [stop]
    assert [one["by_other_record"] for one in own["address_stops"]] == [False]
    assert recipient.staff("GET", path_of(elsewhere)).json()["address_stops"] == []


@pytest.mark.rule("C9", "C27")
def test_the_page_promises_no_mail_while_a_housemates_word_holds_for_the_mailbox(
    reads: Reads, tenant: Tenant, recipient: Recipient
) -> None:
    address = recipient.customer["emails"][0].upper()
    housemate = make_customer(recipient.staff, tenant.paths[0], emails=[address], insist=True)
    theirs = replace(recipient, customer=housemate, token=token_of(reads, housemate, tenant=tenant))
    theirs.click()
    recipient.click()

    def shown() -> str:
        return nobody("GET", recipient.link, query={"undone": "true"}).text

    recipient.undo()
    held = shown()
    theirs.undo()
    free = shown()
    theirs.click()
    path = path_of(recipient.customer)
    more = {"emails": [recipient.customer["emails"][0], "ada.work@example.com"]}
    recipient.staff("PATCH", path, body=more, headers=etag(recipient.staff("GET", path).json()))
    reached = shown()

    assert "no mail will come yet" in held
    assert "Someone else who uses your e&#8209;mail address has asked for none" in held
    assert "back on the list" not in held
    assert housemate["last_name"] not in held
    assert ">Unsubscribe</button>" in held
    assert "back on the list" in free
    assert "back on the list" in reached


@pytest.mark.rule("C27", "X1", "X5")
def test_the_dealer_admin_lets_opt_outs_hold_for_every_shop_and_the_audit_tells(
    tenant: Tenant, recipient: Recipient
) -> None:
    admin, marketing = recipient.admin, tenant.join(Role.MARKETING)
    address = recipient.customer["emails"][0]
    elsewhere = make_customer(recipient.staff, tenant.paths[1], emails=[address], insist=True)
    recipient.click()
    etag_ = {"If-Match": marketing("GET", "/opt-outs").headers["etag"]}

    refused = marketing("PUT", "/opt-outs", body={"hold_for_all_shops": True}, headers=etag_)
    stale = admin("PUT", "/opt-outs", body={"hold_for_all_shops": True}, headers={"If-Match": '"99"'})
    saved = admin("PUT", "/opt-outs", body={"hold_for_all_shops": True}, headers=etag_)

    assert (refused.status_code, stale.status_code, saved.status_code) == (403, 412, 200)
    assert saved.json()["hold_for_all_shops"] is True
    Doors.forget()  # doors know of a change within a minute
    assert len(recipient.staff("GET", path_of(elsewhere)).json()["address_stops"]) == 1
    entry = admin("GET", "/audit").json()["entries"][0]
    assert (entry["what"], entry["after"]) == ("organization changed", {"shares_opt_outs": True})
