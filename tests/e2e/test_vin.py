"""The vehicle form on the deployed stack: a plate's VIN fills the card, a mistyped VIN is mended."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from local.client import Client
from local.vin_providers.server import VinProviders
from tests.helpers.vins import ACCORD


@pytest.mark.rule("C26", "X1")
def test_from_accepted_terms_over_a_plate_to_a_card_and_from_a_mistyped_vin_to_the_right_one(
    operator: Client, sign_in: Callable[[str], Client], providers: VinProviders
) -> None:
    admin_email, advisor_email = (f"{role}-{uuid4()}@example.com" for role in ("admin", "advisor"))
    new = {"name": "Harborline", "entitlements": ["vin_lookup"], "admin_email": admin_email}
    assert operator("POST", "/organizations", body=new).status_code == 201
    admin = sign_in(admin_email)
    shop = f"/shops/{admin('POST', '/shops', body={'business_name': 'North'}).json()['id']}"
    admin("POST", "/members", body={"email": advisor_email, "roles": ["advisor"], "all_shops": True})
    advisor = sign_in(advisor_email)
    plate = {"plate": "CBX 1047", "plate_region": "NY"}

    too_early = advisor("POST", f"{shop}/plate-lookups", body=plate)
    terms = {"terms_version": advisor("GET", "/vin-lookup-terms").json()["terms_version"]}
    accepted = admin("PUT", "/vin-lookup-terms", body=terms, headers={"If-Match": '"0"'})
    found = advisor("POST", f"{shop}/plate-lookups", body=plate)
    mistyped = advisor("GET", f"{shop}/vin-check", query={"vin": ACCORD.replace("0", "O", 1)})
    mended = advisor("GET", f"{shop}/vin-check", query={"vin": mistyped.json()["repairs"][0]["vin"]})

    assert (too_early.status_code, accepted.status_code) == (403, 200)
    assert found.status_code == 200, found.text
    (card,) = found.json()["vins"]
    assert (card["vin"], card["vehicle"]["model"], card["decoded"]["maker"]) == (ACCORD, "Accord", "Honda")
    assert mistyped.json()["status"] == "invalid"
    assert (mended.json()["vin"], mended.json()["decoding"]["state"]) == (ACCORD, "trusted")
