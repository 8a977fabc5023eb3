"""A fleet with one of its users and an open case in the demo, through the API alone."""

from typing import Any

from local.client import Client, checked

FLEET_USER_EMAIL = "fleet.user@example.com"
_FLEET = "Winslow Freight"


def give_a_case(admin: Client, advisor: Client, shop_id: str, customer_id: str) -> None:
    """To the fleet's customer, unless there is a fleet: with a mail to everybody whom the case offers."""
    if checked(admin("GET", "/fleets"))["fleets"]:
        return
    fleet_id = checked(admin("POST", "/fleets", body={"name": _FLEET}))["id"]
    user = {"name": "Lou Winslow", "email": FLEET_USER_EMAIL, "roles": ["fleet_user"]}
    checked(admin("POST", "/members", body=user | {"fleet_ids": [fleet_id]}))
    customer = f"/shops/{shop_id}/customers/{customer_id}"
    version = checked(advisor("GET", customer))["version"]
    headers = {"If-Match": f'"{version}"'}
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
