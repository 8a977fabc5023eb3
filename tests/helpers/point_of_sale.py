"""A shop whose point of sale drops files into the bucket, and what they hold."""

import json
from dataclasses import dataclass
from typing import Any

from crossbay.ids import derived_id
from tests.helpers.doors import Caller
from tests.helpers.import_worker import s3_event, sheet, work
from tests.helpers.tenants import Tenant
from tests.integration.conftest import Aws

CUSTOMERS = [
    {
        "id": "C1",
        "kind": "person",
        "first_name": "Rosa",
        "last_name": "Delgado",
        "phone_1": "(206) 555-0142",
        "phone_1_label": "mobile",
        "email_1": "Rosa.Delgado@example.com",
        "billing_line1": "418 Alder St",
        "billing_city": "Tacoma",
        "billing_region": "WA",
        "billing_postal_code": "98402",
        "source": "Google",
        "do_not_mail": "no",
    },
    {
        "id": "C2",
        "kind": "fleet",
        "company_name": "Northgate Couriers",
        "service_1_line1": "77 Pier Rd",
        "service_2_line1": "9 Quay St",
        "do_not_mail": "yes",
    },
]


VEHICLES = [
    {"id": "V1", "customer_id": "C1", "plate": "cbx 1047", "plate_region": "wa", "year": "2016"},
    {"id": "V2", "customer_id": "C2", "plate": "XK4471", "plate_region": "WA", "make": "Ford"},
]


_LABOR = json.dumps([{"description": "Replace front pads", "hours": "1.20", "amount": "168.00"}])


_PARTS = json.dumps([{"description": "Pad set", "part_number": "BP-1047", "amount": "121.00"}])


_ORDER = {
    "id": "R1",
    "number": "10442",
    "customer_id": "C1",
    "vehicle_id": "V1",
    "status": "invoiced",
    "opened_on": "2026-02-26",
    "invoiced_on": "2026-02-27",
    "odometer_miles": "88120",
}


ORDERS = [
    _ORDER
    | {
        "job_id": "1",
        "job_title": "Front brake pads",
        "job_authorization": "declined",
        "job_labor": _LABOR,
        "job_parts": _PARTS,
    },
    _ORDER
    | {"job_id": "2", "job_title": "Air filter", "job_authorization": "approved", "job_amount": "49.95"},
]


INSPECTIONS = [
    {
        "repair_order_id": "R1",
        "inspection_id": "1",
        "inspection_title": "Courtesy",
        "item_name": "Front brake pads",
        "item_rating": "immediate",
        "item_findings": "2 mm left",
    },
    {"repair_order_id": "R1", "inspection_id": "1", "item_name": "Wiper blades", "item_rating": "ok"},
]


APPOINTMENTS = [
    {
        "id": "A1",
        "number": "880",
        "customer_id": "C1",
        "vehicle_id": "V1",
        "starts_at": "2027-03-15T09:30",
        "ends_at": "2027-03-15T10:30",
        "service_category": "Brakes",
        "notes": "Waits in the lounge",
    }
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """The shop North, with its folder in the bucket and its dealer admin."""

    aws: Aws
    tenant: Tenant
    admin: Caller

    @property
    def path(self) -> str:
        return self.tenant.paths[0]

    @property
    def folder(self) -> str:
        return f"{self.tenant.organization.id}/{self.tenant.shops[0].id}"

    def put(self, name: str, content: bytes) -> dict[str, Any]:
        """The file into the shop's folder; gives back what S3 says of it."""
        key = f"{self.folder}/{name}"
        etag = self.aws.client("s3").put_object(Bucket=self.aws.imports_bucket, Key=key, Body=content)["ETag"]
        return s3_event(key, etag)

    def drop(self, name: str, content: bytes) -> dict[str, Any]:
        """The file dropped and worked; gives back its report."""
        assert work(self.put(name, content)) == []
        return self.report(name)

    def report(self, name: str) -> dict[str, Any]:
        return json.loads(self.read(f"{name}.report.json"))  # type: ignore[no-any-return]

    def read(self, name: str) -> str:
        found = self.aws.client("s3").get_object(Bucket=self.aws.imports_bucket, Key=f"{self.folder}/{name}")
        return found["Body"].read().decode()  # type: ignore[no-any-return]

    def drop_all(self) -> list[dict[str, Any]]:
        return [
            self.drop("customers.csv", sheet(CUSTOMERS)),
            self.drop("vehicles.csv", sheet(VEHICLES)),
            self.drop("repair_orders.csv", sheet(ORDERS)),
            self.drop("inspections.csv", sheet(INSPECTIONS)),
            self.drop("appointments.csv", sheet(APPOINTMENTS)),
        ]

    def id(self, kind: str, pos_id: str) -> str:
        return derived_id(kind, self.tenant.organization.id, self.tenant.shops[0].id, pos_id)

    def customer(self, pos_id: str) -> dict[str, Any]:
        return self.get(f"/customers/{self.id('customer', pos_id)}")

    def vehicles(self, pos_id: str) -> list[dict[str, Any]]:
        return self.get(f"/customers/{self.id('customer', pos_id)}/vehicles")["vehicles"]  # type: ignore[no-any-return]

    def order(self, pos_id: str) -> dict[str, Any]:
        return self.get(f"/repair-orders/{self.id('repair order', pos_id)}")

    def get(self, path: str) -> dict[str, Any]:
        answer = self.admin("GET", f"{self.path}{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def table(self) -> list[dict[str, Any]]:
        """Every item of the table but imports and what the doors keep."""
        items = self.aws.client("dynamodb").scan(TableName=self.aws.table_name)["Items"]
        kept = [item for item in items if item["type"]["S"] not in ("import", "idempotency")]
        return sorted(kept, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def counts(report: dict[str, Any]) -> tuple[int, ...]:
    return tuple(report["counts"][name] for name in ("created", "changed", "unchanged", "refused"))
