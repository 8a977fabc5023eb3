"""A case note on the deployed stack, from the request to the mailbox and back to who wrote it."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from local.client import Client
from local.mailbox.box import Mailbox

PATIENCE_S = 120
SENDER = "no-reply@mail.example.com"
CARD = {
    "business_name": "Northside Auto",
    "phone": "+13125550100",
    "email": "northside@example.com",
    "address": {"line1": "1 Alder Street", "city": "Chicago", "region": "IL", "postal_code": "60610"},
}


def post(caller: Client, path: str, **body: Any) -> dict[str, Any]:
    answer = caller("POST", path, body=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


@pytest.mark.rule("K5", "K6", "K7")
def test_a_note_reaches_each_recipient_and_its_author_sees_what_became_of_it(
    operator: Client, sign_in: Callable[[str], Client], box: Mailbox
) -> None:
    email = f"admin-{uuid4()}@example.com"
    new = {"name": "Cases", "entitlements": [], "admin_email": email}
    assert operator("POST", "/organizations", body=new).status_code == 201
    admin = sign_in(email)
    shop = f"/shops/{post(admin, '/shops', **CARD)['id']}"
    fleet = post(admin, "/fleets", name="Acme Haulage")
    user_email = f"lou-{uuid4()}@example.com"
    user = post(
        admin, "/members", email=user_email, name="Lou Vale", roles=["fleet_user"], fleet_ids=[fleet["id"]]
    )
    customer = post(
        admin, f"{shop}/customers", kind="fleet", company_name="Acme Haulage", fleet_id=fleet["id"]
    )
    bounces = post(
        admin,
        f"{shop}/customers/{customer['id']}/contacts",
        name="Ana",
        email="bounce+a@simulator.amazonses.com",
    )
    me = admin("GET", "/me").json()["member"]["id"]
    robin = {"name": "Robin Vale", "email": f"robin-{uuid4()}@example.com"}
    case = post(
        admin,
        f"{shop}/cases",
        customer_id=customer["id"],
        title="Brake noise",
        assignee_ids=[me],
        one_time_contacts=[robin],
    )
    path = f"{shop}/cases/{case['id']}"
    offered = {one["id"] for one in admin("GET", f"{path}/recipients").json()["recipients"]}
    assert offered == {user["id"], bounces["id"], case["one_time_contacts"][0]["id"]}

    note = post(
        admin,
        f"{path}/notes",
        kind="notification",
        subject="Your van",
        text="It is ready.\nCome <soon>.",
        recipients=sorted(offered),
    )

    states = settled(admin, f"{path}/notes/{note['id']}")
    assert states == {user_email: "delivered", robin["email"]: "delivered", bounces["email"]: "bounced"}
    mails = [mail for mail in box.messages() if mail.tags.get("note") == note["id"]]
    assert sorted(mail.recipients for mail in mails) == sorted((one,) for one in states)
    for mail in mails:
        message, (address,) = mail.parsed, mail.recipients
        plain, html = (message.get_body((kind,)) for kind in ("plain", "html"))
        assert not message.defects
        assert message["From"] == f"Northside Auto <{SENDER}>"
        assert message["Reply-To"].addresses[0].addr_spec == email
        assert [one.addr_spec for one in message["To"].addresses] == [address]
        assert (message["Subject"], message["List-Unsubscribe"]) == ("Your van", None)
        assert plain is not None
        assert plain.get_content().splitlines()[:4] == ["It is ready.", "Come <soon>.", "", "-- "]
        assert html is not None
        assert "<p>It is ready.<br>\r\nCome &lt;soon&gt;.</p>" in html.get_content()
        assert not [other for other in states if other != address and other.encode() in mail.raw]
    shown = {one["id"]: one["bounced_at"] for one in admin("GET", f"{path}/recipients").json()["recipients"]}
    assert [one for one, bounced_at in shown.items() if bounced_at] == [bounces["id"]]
    lou = sign_in(user_email)
    assert [one["title"] for one in lou("GET", "/fleet/cases").json()["cases"]] == ["Brake noise"]
    assert lou("GET", f"{shop}/cases").status_code == 403


def settled(caller: Client, note: str) -> dict[str, str]:
    """The states of the note's recipients by e-mail, once SES has told of all."""
    give_up_at = time.monotonic() + PATIENCE_S
    while True:
        states = {one["email"]: one["state"] for one in caller("GET", note).json()["recipients"]}
        if set(states.values()) <= {"delivered", "bounced"} or time.monotonic() > give_up_at:
            return states
        time.sleep(0.5)
