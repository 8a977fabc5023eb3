"""The demo organizations, made through the API alone: operator, admins, shops, members, import files.

Every part is looked for first, so that a start that broke off is finished by the next one.
"""

import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from crossbay.domain.organization import Entitlement
from local import members
from local.client import Client, checked, signed_in
from local.demo.build import build_demo
from local.demo.files import manifest, write_demo
from local.demo.model import Demo
from local.deploy import Deployment
from local.example import Example, find_example
from local.night_walk import run_recounts, wait_for_exports
from local.partners.servers import PartnerServers
from local.progress import step
from local.seed_cases import FLEET_USER_EMAIL, give_a_case
from local.seed_contacts import give_contacts
from local.seed_partners import set_destinations, switch_partners_on
from local.seed_profile import give_a_profile
from local.seed_sources import give_sources
from local.seed_visits import give_something_to_tell
from local.upload import import_folder

SEED = 7
SHOPS = 6
CUSTOMERS = 1000
SHOPS_AT_ONCE = 2
"""The emulator and a worker keep a core busy each."""

CAMPAIGNS: dict[str, Any] = {
    "feedback": "https://example.com/feedback",
    "send_hour": 9,
    "channels": {
        "email": {
            "on": True,
            "days": {
                "reminder_1": 30,
                "reminder_2": 7,
                "no_show": 2,
                "thank_you": 3,
                "deferred": 30,
                "inactive": 90,
                "interval": 30,
                "dead": 730,
            },
        },
        "postcard": {
            "days": {"deferred": 45, "inactive": 90, "interval": 60, "dead": 730},
            "account": "DEMO-0100",
            "cost_cents": 68,
        },
    },
}
"""What a demo shop has set up: letters to those with an e-mail, fewer cards to the others."""

_NEVER_SAVED = '"0"'
_SHOP_FIELDS = ("business_name", "owner", "phone", "email", "address", "country", "time_zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """Who signs in, and whom to look at. fleet_user_email: empty where the demo has no fleet."""

    operator_email: str
    admin_email: str
    other_admin_email: str
    advisor_email: str
    fleet_user_email: str
    example: Example | None


def demo_of_today() -> Demo:
    """Who and what there is to find, the same all day."""
    return build_demo(seed=SEED, shops=SHOPS, customers=CUSTOMERS, today=datetime.now(UTC).date())


def seed(deployment: Deployment, partners: PartnerServers | None = None) -> Seeded:
    """The demo data, made now or found from the last time. Raises ApiRefused, ImportFailed and NightFailed.

    partners: where the shops' files for partners go; without them it stays as it is.
    """
    demo = demo_of_today()
    entries = manifest(demo)["organizations"]
    with step("Demo organizations, shops and members"):
        members.make_operator(deployment)
        operator = signed_in(deployment, members.OPERATOR_EMAIL)
        shop_ids = [_organization(deployment, operator, entry) for entry in entries]
    with tempfile.TemporaryDirectory(prefix="crossbay-demo-") as folder:
        write_demo(demo, Path(folder), "jsonl")
        _import_books(deployment, entries, shop_ids, Path(folder))
    with step("Switching campaigns and plate look-up on"):
        for entry, ids in zip(entries, shop_ids, strict=True):
            _switch_campaigns_on(signed_in(deployment, _admin_email(entry)), entry, ids)
            _accept_terms(signed_in(deployment, _admin_email(entry)), entry)
    if partners is not None:
        with step("Switching partners on, some visits of today, CARFAX's files of the last months"):
            _connect_partners(deployment, partners, entries, shop_ids)
            wait_for_exports(deployment)
    shop = entries[0]["shops"][0]
    advisor_email = next(
        one["email"]
        for one in entries[0]["members"]
        if "advisor" in one["roles"] and shop["key"] in one["site_keys"]
    )
    advisor = signed_in(deployment, advisor_email)
    with step("Looking for someone to show"):
        example = find_example(advisor, shop_ids[0][shop["key"]], demo, shop["key"])
    with step("Contacts of a fleet and of a person, a case of the fleet"):
        shop_id = shop_ids[0][shop["key"]]
        customer_id = give_contacts(advisor, shop_id, demo, shop["key"], example)
        if customer_id:
            give_a_case(signed_in(deployment, _admin_email(entries[0])), advisor, shop_id, customer_id)
            members.set_password(deployment, email=FLEET_USER_EMAIL)
    with step("What marketing sources stand for, and what they cost"):
        run_recounts(deployment)
        give_sources(signed_in(deployment, _admin_email(entries[0])), shop_id)
    if example is not None:
        with step("Notes, equipment, quotes and photos on a profile"):
            give_a_profile(advisor, example)
    return Seeded(
        operator_email=members.OPERATOR_EMAIL,
        admin_email=_admin_email(entries[0]),
        other_admin_email=_admin_email(entries[1]),
        advisor_email=advisor_email,
        fleet_user_email=FLEET_USER_EMAIL if customer_id else "",
        example=example,
    )


def _organization(deployment: Deployment, operator: Client, entry: dict[str, Any]) -> dict[str, str]:
    """The organization of a manifest's entry with its shops and members; the shops' ids by their keys."""
    email = _admin_email(entry)
    if entry["name"] not in {one["name"] for one in _get(operator, "/organizations", "organizations")}:
        body = {"name": entry["name"], "entitlements": entry["entitlements"], "admin_email": email}
        checked(operator("POST", "/organizations", body=body))
    members.set_password(deployment, email=email)
    admin = signed_in(deployment, email)
    there = {shop["business_name"]: shop["id"] for shop in _get(admin, "/shops", "shops")}
    ids = {
        shop["key"]: there.get(shop["business_name"])
        or checked(admin("POST", "/shops", body={name: shop[name] for name in _SHOP_FIELDS}))["id"]
        for shop in entry["shops"]
    }
    known = {member["email"] for member in _get(admin, "/members", "members")}
    for member in entry["members"]:
        if member["email"] not in known:
            body = {name: member[name] for name in ("email", "name", "roles", "all_shops")}
            checked(
                admin("POST", "/members", body=body | {"shop_ids": [ids[key] for key in member["site_keys"]]})
            )
        members.set_password(deployment, email=member["email"])
    return ids


def _import_books(
    deployment: Deployment, entries: list[dict[str, Any]], shop_ids: list[dict[str, str]], folder: Path
) -> None:
    """Every shop's files, a few shops at a time; those that went in before are left out."""
    pool = ThreadPoolExecutor(SHOPS_AT_ONCE)
    try:
        imports = {}
        for entry, ids in zip(entries, shop_ids, strict=True):
            admin = signed_in(deployment, _admin_email(entry))
            for shop in entry["shops"]:
                job = pool.submit(import_folder, admin, ids[shop["key"]], folder / shop["folder"])
                imports[job] = shop
        with step(f"Importing what {len(imports)} shops know (some minutes the first time)") as note:
            for job in as_completed(imports):
                if job.result():
                    shop = imports[job]
                    note(f"{shop['business_name']}: {shop['customers']} customers")
    finally:
        # Without waiting: on Ctrl-C the emulator stops next, and that ends what is under way.
        pool.shutdown(wait=False, cancel_futures=True)


def _switch_campaigns_on(admin: Client, entry: dict[str, Any], shop_ids: dict[str, str]) -> None:
    """Switches them on in every shop that has saved no settings yet; postcards where the organization may."""
    for shop in entry["shops"]:
        path = f"/shops/{shop_ids[shop['key']]}/campaign-settings"
        if admin("GET", path).headers["ETag"] != _NEVER_SAVED:
            continue
        channels = CAMPAIGNS["channels"]
        postcard = channels["postcard"] | {"on": Entitlement.POSTCARDS in entry["entitlements"]}
        wanted = CAMPAIGNS | {"channels": channels | {"postcard": postcard}}
        checked(admin("PUT", path, body=wanted, headers={"If-Match": _NEVER_SAVED}))


def _connect_partners(
    deployment: Deployment,
    servers: PartnerServers,
    entries: list[dict[str, Any]],
    shop_ids: list[dict[str, str]],
) -> None:
    """Connects every shop to its partners, with something to tell them."""
    set_destinations(signed_in(deployment, members.OPERATOR_EMAIL), servers)
    numbers = count()
    for entry, ids in zip(entries, shop_ids, strict=True):
        admin = signed_in(deployment, _admin_email(entry))
        for shop in entry["shops"]:
            known = shop | {"id": ids[shop["key"]]}
            switch_partners_on(admin, known, servers)
            give_something_to_tell(admin, known, number=next(numbers))


def _accept_terms(admin: Client, entry: dict[str, Any]) -> None:
    """Accepts those of plate look-up, where the organization has the feature and nobody has decided yet."""
    terms = admin("GET", "/vin-lookup-terms")
    if Entitlement.VIN_LOOKUP in entry["entitlements"] and terms.headers["ETag"] == _NEVER_SAVED:
        wanted = {"terms_version": terms.json()["terms_version"]}
        checked(admin("PUT", "/vin-lookup-terms", body=wanted, headers={"If-Match": _NEVER_SAVED}))


def _admin_email(entry: dict[str, Any]) -> str:
    email: str = next(one["email"] for one in entry["members"] if "dealer_admin" in one["roles"])
    return email


def _get(client: Client, path: str, name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = checked(client("GET", path))[name]
    return entries
