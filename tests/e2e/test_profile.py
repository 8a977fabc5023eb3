"""The profile on the deployed stack: from a search hit and a repair order, and a portal password reset."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from local.client import Client
from local.deploy import Deployment


@pytest.mark.rule("P1", "P2", "P6", "P7", "P9")
def test_a_technician_opens_the_profile_where_search_and_the_repair_order_lead(
    deployment: Deployment, operator: Client, sign_in: Callable[[str], Client]
) -> None:
    admin_email, tech_email, customer_email = (
        f"{who}-{uuid4()}@example.com" for who in ("admin", "tech", "customer")
    )
    new = {"name": "Harborline", "entitlements": ["multi_shop"], "admin_email": admin_email}
    assert operator("POST", "/organizations", body=new).status_code == 201
    admin = sign_in(admin_email)
    shop = f"/shops/{admin('POST', '/shops', body={'business_name': 'North'}).json()['id']}"
    admin("POST", "/members", body={"email": tech_email, "roles": ["technician"], "all_shops": True})
    technician = sign_in(tech_email)
    person = {
        "last_name": "Ferncastle",
        "emails": [customer_email],
        "service_addresses": [{"address": {"line1": f"{n} Pier Rd"}} for n in (1, 2)],
    }
    customer = admin("POST", f"{shop}/customers", body=person).json()
    path = f"{shop}/customers/{customer['id']}"
    home, work = (one["id"] for one in customer["service_addresses"])
    booked = admin(
        "POST",
        f"{shop}/appointments",
        body={
            "customer_id": customer["id"],
            "service_address_id": work,
            "starts_at": "2026-01-05T09:00:00-05:00",
        },
    ).json()
    order = admin(
        "POST",
        f"{shop}/repair-orders",
        body={"customer_id": customer["id"], "service_address_id": work, "appointment_id": booked["id"]},
    ).json()
    for place in (home, work):
        body = {"text": f"at {place}", "service_address_id": place}
        assert technician("POST", f"{path}/notes", body=body).status_code == 201
    portal = deployment.cognito
    account = {"UserPoolId": deployment.portal_pool_id, "Username": customer_email}
    verified = [{"Name": "email", "Value": customer_email}, {"Name": "email_verified", "Value": "true"}]
    portal.admin_create_user(**account, UserAttributes=verified)  # type: ignore[arg-type]
    portal.admin_set_user_password(**account, Password="Portal-4711-pier", Permanent=True)

    found = technician("GET", f"{shop}/search", query={"text": "2 pier rd"}).json()["entries"]
    hit = next(one for one in found if one["service_address"]["address"]["line1"] == "2 Pier Rd")
    asked = {"service_address_id": hit["service_address"]["id"]}
    from_search = technician("GET", f"{path}/profile", query=asked)
    from_order = technician("GET", f"{shop}/repair-orders/{order['id']}/profile")
    sent = admin("POST", f"{path}/portal-password-reset", body={})

    for answer in (from_search, from_order):
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        assert shown["service_address"]["id"] == work
        assert [row["text"] for row in shown["notes"]["rows"]] == [f"at {work}"]
        assert [row["job_number"] for row in shown["past"]["rows"]] == [order["number"]]
    assert (sent.status_code, sent.json()) == (202, {"email": customer_email})
    assert portal.admin_get_user(**account)["UserStatus"] == "RESET_REQUIRED"
