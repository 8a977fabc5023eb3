"""A case of one customer, and someone who writes in it."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import Member, Role
from crossbay.store.organizations import save_member
from local.mailbox.mail import KeptMail
from tests.helpers.campaign_walk import Walk
from tests.helpers.doors import Answer, Caller, Doors

AUTHOR = Member(
    id="5f0c6c0a-2a43-4a4e-9d0b-7c1e2f3a4b5c",
    organization_id="",
    email="kim@example.com",
    name="Kim Rivers",
    roles=frozenset({Role.ADVISOR}),
    all_shops=True,
)


@dataclass(slots=True, kw_only=True)
class Desk:
    """A case of one customer, with someone assigned to it who writes over HTTP."""

    walk: Walk
    author: Caller
    ref: CustomerRef
    case: str = ""
    contacts: dict[str, str] = field(default_factory=dict)

    def contact(self, email: str, name: str = "Ana Diaz") -> str:
        body = {"name": name, "email": email}
        answer = self.author(
            "POST", f"/shops/{self.ref.shop_id}/customers/{self.ref.customer_id}/contacts", body=body
        )
        assert answer.status_code == 201, answer.text
        self.contacts[answer.json()["id"]] = email
        return str(answer.json()["id"])

    def ask(self, *recipients: str, **fields: Any) -> Answer:
        body = {"kind": "note", "text": "It is ready.", "recipients": list(recipients)} | fields
        return self.author("POST", f"{self.case}/notes", body=body)

    def write(self, *recipients: str, **fields: Any) -> dict[str, Any]:
        answer = self.ask(*recipients, **fields)
        assert answer.status_code == 201, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def queued(self) -> list[str]:
        """The mails' messages that the queue hands out now, in the order of the contacts."""
        bodies = {
            json.loads(body)["mail"]["recipient_id"]: body
            for _ in range(2)
            for body in self.walk.take("notify")
        }
        return [bodies[one] for one in self.contacts if one in bodies]

    def states(self) -> list[str]:
        """Of the newest note's recipients."""
        notes = self.author("GET", f"{self.case}/notes").json()["notes"]
        return [one["state"] for one in notes[0]["recipients"]]

    def mails_to(self, contact_id: str) -> list[KeptMail]:
        return [mail for mail in self.walk.box.messages() if self.contacts[contact_id] in mail.recipients]


def at_desk(walk: Walk) -> Desk:
    Doors.forget()
    shop = walk.shop
    author = replace(AUTHOR, organization_id=shop.organization_id)
    save_member(None, author, stamp=shop.stamp())
    claims = {"sub": author.id, "custom:organization": shop.organization_id, "email": author.email}
    desk = Desk(walk=walk, author=Caller(doors=Doors(), claims=claims), ref=shop.customer())
    body = {"customer_id": desk.ref.customer_id, "title": "Brake noise", "assignee_ids": [author.id]}
    opened = desk.author("POST", f"/shops/{shop.shop_id}/cases", body=body)
    assert opened.status_code == 201, opened.text
    desk.case = f"/shops/{shop.shop_id}/cases/{opened.json()['id']}"
    return desk
