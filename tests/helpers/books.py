"""One organization's records, one of each kind, and a valid request for every route of the template."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from crossbay.app.customers.fleets import create_fleet
from crossbay.domain.access import Stamp
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Message, MessageState, Occasion
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.customers.fleet import Fleet
from crossbay.domain.organization import Role, ShopRef
from crossbay.domain.partner import PartnerCode
from crossbay.exports.run import ExportRun, ExportState
from crossbay.ids import new_id
from crossbay.store.campaigns.messages import plan
from crossbay.store.contacts.contacts import save_contact
from crossbay.store.exports.exports import save_export
from local.template import Route, routes
from tests.helpers.doors import Answer, Caller
from tests.helpers.factories import (
    job,
    link,
    make_customer,
    make_equipment,
    make_fleet_records,
    make_order,
    make_quote,
    make_source,
    make_vehicle,
    path_of,
)
from tests.helpers.tenants import SETUP, Tenant
from tests.integration.conftest import PORTAL_EMAIL

T = TypeVar("T")

NOWHERE = "0197c2f0-5d1e-7c3a-9b1f-2a6d4e8f0b13"
"""An id that nothing has."""

PARTS = {
    **{"kind": "jobs", "message_kind": "thank_you", "partner": "mechanicnet"},
    **{"day": "2027-03-01", "month": "2027-03", "number": "1"},
}
"""What routes name beside ids."""

QUERY = {
    "search": {"text": "quill"},
    "vin-check": {"vin": "1HGCM82633A004352"},
    "repair-orders": {"day": "2026-01-05"},
    "appointments": {"day": "2026-12-01"},
    "{customer_id}/appointments": {"when": "past"},
    "messages": {"first": "2027-02-01", "last": "2027-03-01"},
    "message-statistics": {"first": "2027-02-01", "last": "2027-03-01"},
    "partner-tellings": {"vin": "1HGCM82633A004352"},
    "postcard-batches": {"first": "2027-02-01", "last": "2027-03-01"},
    "vehicles-of-day": {"day": "2026-12-01"},
    "source-report": {"first": "2026-01-01", "last": "2026-12-31"},
}

CONFIRMED = {("DELETE", one): {"confirm": "true"} for one in ("{contact_id}", "{fleet_contact_id}")}
"""What else than a GET asks for in its query."""


LETTER = {
    "subject": "Thank you from {{ business_name }}",
    "html": '<p>Thank you!</p><p>{{ postal_address }} <a href="{{ unsubscribe_link }}">No more</a></p>',
    "text": "Thank you! {{ postal_address }} {{ unsubscribe_link }}",
    "card": "Thank you\n\n{{ business_name }}",
}
"""A letter of a shop's own."""

FIRST_SAVED = (
    *("campaign-settings", "{message_kind}", "sending", "vin-lookup-terms"),
    *("customerlink", "carfax", "source-settings", "{month}"),
)
"""Last parts of routes to what has a default until it is saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """admin: may do everything in both shops. ids: real ones, by the names that routes and bodies use."""

    tenant: Tenant
    admin: Caller
    ids: dict[str, str]

    def send(
        self,
        caller: Caller,
        route: Route,
        other: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A valid request of this route, about these records but for `other` ids."""
        ids = self.ids | dict(other or {})
        path = route.path.format(**ids, **PARTS)
        return caller(
            route.method,
            path,
            body=body_of(route, ids),
            query=query_of(route),
            headers={"If-Match": '"1"'} | dict(headers or {}),
        )

    def save_first(self, route: Route) -> None:
        """Save what the route changes at version 1, where only its default stands yet."""
        if route.path.rpartition("/")[2] in FIRST_SAVED:
            saving = replace(route, method="PUT")
            assert self.send(self.admin, saving, headers={"If-Match": '"0"'}).status_code == 200


def query_of(route: Route) -> dict[str, str]:
    """What the route asks for in its query."""
    asked = {("GET", ending): query for ending, query in QUERY.items()} | CONFIRMED
    return by_ending(asked, route) or {}


def by_ending(table: Mapping[tuple[str, str], T], route: Route) -> T | None:
    """What is listed for the route's method and the longest ending of its path; None where nothing is."""
    parts = route.path.split("/")
    endings = ((route.method, "/".join(parts[start:])) for start in range(len(parts)))
    return next((table[one] for one in endings if one in table), None)


def body_of(route: Route, ids: Mapping[str, str]) -> dict[str, Any] | None:
    """A body that fits the route; None for routes without."""
    other = {"shop_id": ids["other_shop_id"], "customer_id": ids["other_customer_id"]}
    bodies: dict[tuple[str, str], dict[str, Any]] = {
        ("POST", "organizations"): {"name": "Newline", "admin_email": "first@example.com"},
        ("PATCH", "{organization_id}"): {"name": "Newer"},
        ("POST", "shops"): {"business_name": "West"},
        ("PATCH", "{shop_id}"): {"owner": "Kim Rivers"},
        ("POST", "members"): {"email": "new@example.com", "roles": ["advisor"], "shop_ids": [ids["shop_id"]]},
        ("PATCH", "{member_id}"): {"roles": ["advisor"]},
        ("POST", "customers"): {"last_name": "Quillsend", "insist": True},
        ("PATCH", "{customer_id}"): {"first_name": "Bea"},
        ("POST", "addresses"): {"address": {"line1": "1 Pier Rd"}},
        ("PUT", "{address_id}"): {"address": {"line1": "2 Pier Rd"}},
        ("PUT", "do-not-mail"): {"do_not_mail": True},
        ("PUT", "consent"): {"basis": "express", "given_on": "2026-11-02", "ends_on": "2028-11-01"},
        ("POST", "customer-copies"): other,
        ("POST", "vehicles"): {"plate": "NEW 1"},
        ("PATCH", "{vehicle_id}"): {"plate": "NEW 2"},
        ("POST", "vehicle-copies"): other | {"vehicle_id": ids["other_vehicle_id"]},
        ("POST", "contacts"): {"name": "Ana Diaz", "email": "ana@example.com", "role": "office manager"},
        ("PATCH", "{contact_id}"): {"role": "fleet manager"},
        ("POST", "{fleet_customer_id}/contacts"): {"name": "Lou Vale", "email": "lou@example.com"},
        ("PATCH", "{fleet_contact_id}"): {"role": "dispatch"},
        ("POST", "fleets"): {"name": "Acme Haulage"},
        ("PATCH", "{fleet_id}"): {"name": "Acme Freight"},
        ("POST", "cases"): {
            "customer_id": ids["customer_id"],
            "title": "Brake noise",
            "vehicle_id": ids["vehicle_id"],
            "service_address_id": ids["address_id"],
            "repair_order_id": ids["repair_order_id"],
            "assignee_ids": [ids["member_id"]],
            "one_time_contacts": [{"name": "Robin Vale", "email": "robin@example.com"}],
        },
        ("PATCH", "{case_id}"): {"title": "Brake noise again", "assignee_ids": [ids["member_id"]]},
        ("POST", "one-time-contacts"): {"name": "Kit Vale", "email": "kit@example.com"},
        ("POST", "{case_id}/notes"): {
            "kind": "notification",
            "subject": "Your van",
            "text": "It is ready.",
            "recipients": [ids["one_time_contact_id"]],
        },
        ("POST", "merge"): {"contact_ids": [ids["other_contact_id"]]},
        ("POST", "unmerge"): {"contact_ids": [ids["merged_contact_id"]]},
        ("POST", "deletions"): {"contact_ids": [ids["other_contact_id"]], "confirm": True},
        ("POST", "links"): {"customers": [other]},
        ("POST", "not-same"): {"customers": [other]},
        ("POST", "undo"): {},
        ("PUT", "history-settings"): {"show_linked_history": False},
        ("POST", "repair-orders"): {
            "customer_id": ids["customer_id"],
            "vehicle_id": ids["vehicle_id"],
            "service_address_id": ids["address_id"],
            "appointment_id": ids["appointment_id"],
        },
        ("PATCH", "{repair_order_id}"): {"number": "A-1", "appointment_id": ids["appointment_id"]},
        ("POST", "copies"): {
            "shop_id": ids["other_shop_id"],
            "repair_order_id": ids["other_repair_order_id"],
            "item_id": ids["other_item_id"],
        },
        ("POST", "appointments"): {
            "customer_id": ids["customer_id"],
            "vehicle_id": ids["vehicle_id"],
            "service_address_id": ids["address_id"],
            "repair_order_id": ids["repair_order_id"],
            "starts_at": "2026-12-02T09:00:00-05:00",
        },
        ("PATCH", "{appointment_id}"): {"notes": "window seat", "repair_order_id": ids["repair_order_id"]},
        ("POST", "equipment"): {
            "name": "Two-post lift",
            "vehicle_id": ids["vehicle_id"],
            "service_address_id": ids["address_id"],
            "components": [{"name": "Power unit"}],
            "created_from": {"repair_order_id": ids["repair_order_id"], "job_id": ids["job_id"]},
        },
        ("PATCH", "{equipment_id}"): {"serial_number": "SN-2", "service_address_id": ids["address_id"]},
        ("POST", "quotes"): {
            "title": "Front brakes",
            "status": "open",
            "lines": [{"description": "Pads", "amount_cents": 12900}],
            "quoted_on": "2026-03-01",
            "vehicle_id": ids["vehicle_id"],
            "service_address_id": ids["address_id"],
            "repair_order_id": ids["repair_order_id"],
        },
        ("PATCH", "{quote_id}"): {"title": "Rear brakes", "repair_order_id": ids["repair_order_id"]},
        ("POST", "notes"): {"text": "Gate code 4711", "service_address_id": ids["address_id"]},
        ("PATCH", "{note_id}"): {"text": "Gate code 4712"},
        ("POST", "problem-reports"): {"about": "vehicle", "text": "The plate is the old one."},
        ("PATCH", "{report_id}"): {"status": "resolved", "resolution": "Asked, plate corrected."},
        ("POST", "portal-password-reset"): {},
        ("POST", "photos"): {
            "content_type": "image/jpeg",
            "size_bytes": 1000,
            "caption": "front left rotor",
            "vehicle_id": ids["vehicle_id"],
            "service_address_id": ids["address_id"],
            "repair_order_id": ids["repair_order_id"],
            "job_id": ids["job_id"],
        },
        ("PATCH", "{photo_id}"): {"caption": "front right rotor", "service_address_id": ids["address_id"]},
        ("PUT", "campaign-settings"): {
            "channels": {"email": {"on": False, "days": {"thank_you": 3}}},
            "feedback": "https://example.com/feedback",
            "send_hour": 9,
        },
        ("PUT", "{message_kind}"): LETTER,
        ("POST", "preview"): {"customer_id": ids["customer_id"], "format": "text"},
        ("POST", "stop"): {"reason": "they called"},
        ("POST", "campaign-forecast"): {"channels": {"email": {"on": True}}},
        ("POST", "campaign-lists"): {"first": "2027-02-01", "last": "2027-03-01"},
        ("POST", "take-back"): {
            "since": "2027-03-01T09:00:00-05:00",
            "until": "2027-03-01T15:00:00-05:00",
            "reason": "the provider mended it",
        },
        ("PUT", "opt-outs"): {"hold_for_all_shops": False},
        ("PUT", "sending"): {"stopped": False, "reason": "prices are mended"},
        ("POST", "plate-lookups"): {"plate": "CBX 1047", "plate_region": "NY"},
        ("PUT", "vin-lookup-terms"): {"terms_version": ""},
        ("PUT", "customerlink"): {"account_number": "A-1", "server": "ftp.example.com", "password": "s3cret"},
        ("PUT", "mechanicnet"): {"is_on": True, "shop_number": "M-8"},
        ("PUT", "carfax"): {"is_on": False},
        ("PUT", "{partner}"): {"server": "ftp.example.com", "password": "s3cret"},
        ("POST", "connection-test"): {},
        ("POST", "exports"): {"first": "2026-01-01", "last": "2026-01-31"},
        ("POST", "settlement"): {"delivered": True},
        ("POST", "erasure"): {"confirm": True, "reason": "asked for in writing"},
        ("PUT", "source-categories"): {
            "categories": [
                {"name": "Internet", "sub_categories": [{"name": "Yelp"}]},
                {"id": "other-new-customers", "name": "Other New Customers"},
            ]
        },
        ("POST", "sources/suggestions"): {"source_ids": [ids["source_id"]]},
        ("PATCH", "{source_id}"): {"category_id": ids["category_id"]},
        ("PUT", "source-settings"): {"organization_only": False},
        ("PUT", "source-spend/{month}"): {"amounts_cents": {ids["category_id"]: 5_000}},
        ("POST", "source-report-files"): {"first": "2026-01-01", "last": "2026-12-31", "format": "xlsx"},
        ("POST", "source-charts"): {"first": "2026-01-01", "last": "2026-12-31"},
        ("PUT", "{customer_id}/source"): {"source_id": ids["source_id"]},
        ("POST", "imports"): {"kind": "customers", "rows": [{"id": "C1", "last_name": "Quillrow"}]},
    }
    return by_ending(bodies, route)


def make_books(tenant: Tenant) -> Books:
    """One record of each kind in the first shop, a linked customer in the second."""
    fleet = create_fleet(Fleet(id="", organization_id=tenant.organization.id, name="Acme"), stamp=SETUP)
    admin = tenant.join(*Role, fleets=[fleet.id])
    own, other = tenant.paths
    mine, theirs = (
        make_customer(admin, own, last_name="Quill", emails=[PORTAL_EMAIL]),
        make_customer(admin, other, last_name="Quill"),
    )
    vehicle, their_vehicle = make_vehicle(admin, mine), make_vehicle(admin, theirs)
    order = make_order(admin, mine, jobs=[job("Brakes")])
    their_order = make_order(admin, theirs, jobs=[job("Wipers", "declined")], status="invoiced")
    booked = admin(
        "POST",
        f"{own}/appointments",
        body={"customer_id": mine["id"], "starts_at": "2026-12-01T09:00:00-05:00"},
    ).json()
    lift = make_equipment(admin, mine)
    quote = make_quote(admin, mine)
    note = admin("POST", f"{path_of(mine)}/notes", body={"text": "The dog is friendly"}).json()
    report = admin("POST", f"{path_of(mine)}/problem-reports", body={"text": "The street is wrong"}).json()
    photo = admin(
        "POST",
        f"{own}/customers/{mine['id']}/photos",
        body={"content_type": "image/jpeg", "size_bytes": 1000},
    ).json()
    link(admin, mine, theirs)
    events = admin("GET", f"{own}/customers/{mine['id']}/link-events").json()["events"]
    asked = admin("POST", f"{own}/imports", body={"kind": "customers"}).json()
    message = _message(tenant.organization.id, order)
    plan([message], at="2026-12-01T14:00:00.000Z")
    _partner_files(admin, ShopRef(organization_id=tenant.organization.id, shop_id=mine["shop_id"]))
    asked_for = admin("POST", f"{own}/customers/{mine['id']}/data-export").json()["request"]
    ids = {
        "request_id": asked_for["id"],
        "message_id": message.id,
        "organization_id": tenant.organization.id,
        "shop_id": mine["shop_id"],
        "customer_id": mine["id"],
        "address_id": mine["service_addresses"][0]["id"],
        "vehicle_id": vehicle["id"],
        "repair_order_id": order["id"],
        "job_id": order["jobs"][0]["id"],
        "equipment_id": lift["id"],
        "quote_id": quote["id"],
        "appointment_id": booked["id"],
        **_contacts(tenant.organization.id, mine),
        **make_fleet_records(admin, own, fleet.id),
        **_sources(admin, tenant, mine["shop_id"]),
        "note_id": note["id"],
        "report_id": report["id"],
        "photo_id": photo["id"],
        "event_id": events[0]["id"],
        "import_id": asked["id"],
        "member_id": admin.claims["sub"],
        "other_shop_id": theirs["shop_id"],
        "other_customer_id": theirs["id"],
        "other_vehicle_id": their_vehicle["id"],
        "other_repair_order_id": their_order["id"],
        "other_item_id": their_order["jobs"][0]["id"],
    }
    return Books(tenant=tenant, admin=admin, ids=ids)


def _sources(admin: Caller, tenant: Tenant, shop_id: str) -> dict[str, str]:
    """One that maps to nothing, spelled as nowhere else, and a category of the organization's own."""
    source = make_source(ShopRef(organization_id=tenant.organization.id, shop_id=shop_id), f"Radio {shop_id}")
    asked = {
        "categories": [
            {"name": "Radio"},
            {"id": "other-new-customers", "name": "Other New Customers"},
        ]
    }
    answer = admin("PUT", "/source-categories", body=asked, headers={"If-Match": '"0"'})
    return {"source_id": source.id, "category_id": answer.json()["categories"][0]["id"]}


def _contacts(organization_id: str, customer: dict[str, Any]) -> dict[str, str]:
    """Two that nobody has written to for years; a third was merged into the first."""
    names = ("contact_id", "other_contact_id", "merged_contact_id")
    ids = {name: new_id() for name in names}
    for name in names:
        is_merged = name == "merged_contact_id"
        contact = Contact(
            id=ids[name],
            organization_id=organization_id,
            shop_id=customer["shop_id"],
            customer_id=customer["id"],
            name=f"Ana {name}",
            merged_into=ids["contact_id"] if is_merged else "",
        )
        save_contact(None, contact, stamp=Stamp(by="books", at="2020-03-01T12:00:00.000Z"))
    return ids


def _partner_files(admin: Caller, shop_ref: ShopRef) -> None:
    """MechanicNET is on, and nobody knows what became of one of its files."""
    saved = admin(
        "PUT",
        f"/shops/{shop_ref.shop_id}/partners/mechanicnet",
        body={"is_on": True, "shop_number": "M-7"},
        headers={"If-Match": '"0"'},
    )
    assert saved.status_code == 200, saved.text
    run = ExportRun(
        organization_id=shop_ref.organization_id,
        shop_id=shop_ref.shop_id,
        partner=PartnerCode(PARTS["partner"]),
        date=PARTS["day"],
        state=ExportState.UNCERTAIN,
        is_finished=True,
    )
    save_export(None, run)


def _message(organization_id: str, order: dict[str, Any]) -> Message:
    """A thank-you for the repair order that waits for the night of its day."""
    occasion = Occasion(
        kind=MessageKind.THANK_YOU,
        customer_id=order["customer_id"],
        vehicle_id=order["vehicle"]["id"],
        reason_id=order["id"],
    )
    return Message(
        id=occasion.message_id(ShopRef(organization_id=organization_id, shop_id=order["shop_id"])),
        organization_id=organization_id,
        shop_id=order["shop_id"],
        customer_id=order["customer_id"],
        occasion=occasion,
        channel=Channel.EMAIL,
        due_on=PARTS["day"],
        date=PARTS["day"],
        state=MessageState.PLANNED,
    )


ASKED = (
    *("/preview", "/campaign-forecast", "/campaign-lists", "/plate-lookups"),
    *("/source-report-files", "/source-charts"),
    *("/connection-test", "/dry-run"),
)
"""What is asked about in a body, and changes nothing."""


WRITES = [
    route
    for route in routes()
    if route.method in ("POST", "PATCH", "PUT", "DELETE")
    and route.members_only
    and not route.path.startswith(("/organizations", "/operator", "/token-keys"))
    and not route.path.endswith(ASKED)
]


def named(route: Route) -> str:
    return f"{route.method} {route.path}"
