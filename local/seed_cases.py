"""A fleet with one of its users and an open case in the demo, through the API alone."""

from typing import Any

from local.client import Client, checked

FLEET_USER_EMAIL = "fleet.user@example.com"
_FLEET = "Winslow Freight"


def give_a_case(admin: Client, advisor: Client, shop_id: str, customer_id: str) -> None:
    """Gives the fleet's customer a case, unless it has one: with a mail to everybody whom it offers."""
    customer = f"/shops/{shop_id}/customers/{customer_id}"
    if checked(advisor("GET", f"{customer}/cases"))["cases"]:
        return
    fleets = {fleet["name"]: fleet["id"] for fleet in checked(admin("GET", "/fleets"))["fleets"]}
    fleet_id = fleets.get(_FLEET) or checked(admin("POST", "/fleets", body={"name": _FLEET}))["id"]
    if FLEET_USER_EMAIL not in {one["email"] for one in checked(admin("GET", "/members"))["members"]}:
        user = {"name": "Lou Winslow", "email": FLEET_USER_EMAIL, "roles": ["fleet_user"]}
        checked(admin("POST", "/members", body=user | {"fleet_ids": [fleet_id]}))
    headers = {"If-Match": f'"{checked(advisor("GET", customer))["version"]}"'}
    checked(advisor("PATCH", customer, body={"fleet_id": fleet_id}, headers=headers))
    asked: dict[str, Any] = {
        "customer_id": customer_id,
        "title": "Brake noise after service",
        "description": "Came back two days after the visit; the driver hears it on the left.",
        "assignee_ids": [checked(advisor("GET", "/me"))["member"]["id"]],
        "one_time_contacts": [{"name": "Robin Vale", "email": "robin.vale@example.com"}],
    }
    case = f"/shops/{shop_id}/cases/{checked(advisor('POST', f'/shops/{shop_id}/cases', body=asked))['id']}"
    offered = checked(advisor("GET", f"{case}/recipients"))["recipients"]
    news = {
        "kind": "notification",
        "subject": "Your van is back in the bay",
        "text": "We hear it too.\n\nThe left caliper comes off today; pick the van up at five.",
        "recipients": [one["id"] for one in offered],
    }
    checked(advisor("POST", f"{case}/notes", body=news))
