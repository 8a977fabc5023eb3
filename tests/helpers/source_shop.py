"""A shop with marketing sources, the people who look after them, and what they ask of the doors."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from crossbay.app.sources.recount import SETTLED_AFTER, recount_shop
from crossbay.domain.organization import Role, ShopRef
from crossbay.domain.sources.source import Source
from crossbay.settings import settings
from crossbay.store.reads import Reads
from local.doors import entry
from local.emulator import ROOT
from tests.helpers.campaign_walk import WorkerContext, sqs_event
from tests.helpers.doors import Answer, Caller
from tests.helpers.factories import etag, make_customer, make_order, make_source
from tests.helpers.tenants import Tenant

OTHER = {"id": "other-new-customers", "name": "Other New Customers"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShop:
    """The tenant's first shop, with its marketing manager and an advisor."""

    tenant: Tenant
    marketing: Caller
    advisor: Caller

    @classmethod
    def of(cls, tenant: Tenant) -> "SourceShop":
        return cls(tenant=tenant, marketing=tenant.join(Role.MARKETING), advisor=tenant.join(Role.ADVISOR))

    @property
    def path(self) -> str:
        return self.tenant.paths[0]

    @property
    def ref(self) -> ShopRef:
        return self.tenant.shops[0].ref

    def customer(self, **fields: Any) -> dict[str, Any]:
        return make_customer(self.advisor, self.path, **fields)

    def count(self, reads: Reads) -> None:
        """What the worker does some minutes after the saves."""
        recount_shop(reads, self.ref, now=datetime.now(UTC) + 2 * SETTLED_AFTER, has_time=lambda: True)

    def listed(self, *spellings: str, **fields: Any) -> Source:
        return make_source(self.ref, *spellings, **fields)

    def today(self, days: int = 0) -> str:
        """The civil day here, or one some days from it."""
        return self.tenant.shops[0].day_of(datetime.now(UTC) + timedelta(days=days))

    def order(self, customer: dict[str, Any], days: int = 0, **fields: Any) -> dict[str, Any]:
        """A repair order opened today, or some days from it."""
        return make_order(self.advisor, customer, **{"opened_on": self.today(days)} | fields)

    def here(self, **fields: Any) -> dict[str, Any]:
        """A customer with a repair order of today."""
        customer = self.customer(**fields)
        self.order(customer)
        return customer

    def of_day(self, caller: Caller | None = None, **query: Any) -> dict[str, Any]:
        answer = (caller or self.advisor)("GET", f"{self.path}/vehicles-of-day", query=query)
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def mark_of(self, customer: dict[str, Any]) -> str | None:
        """Beside the customer, who is here today."""
        rows = [row["customer"] for row in self.of_day()["vehicles"]]
        (mark,) = {one["mark"] for one in rows if one["id"] == customer["id"]}
        return mark  # type: ignore[no-any-return]

    def sources(self, **query: Any) -> dict[str, Any]:
        answer = self.marketing("GET", f"{self.path}/sources", query=query)
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def source(self, source_id: str) -> dict[str, Any]:
        answer = self.marketing("GET", f"{self.path}/sources/{source_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def decide(self, source_id: str, **body: Any) -> dict[str, Any]:
        """What the marketing manager makes of a source, as it stands now."""
        path = f"{self.path}/sources/{source_id}"
        answer = self.marketing("PATCH", path, body=body, headers=etag(self.source(source_id)))
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def mapping_done(self, **headers: str) -> Answer:
        return self.marketing("POST", f"{self.path}/sources/mapping-done", headers=headers)

    def set_source(self, customer: dict[str, Any], source_id: str) -> Answer:
        path = f"{self.path}/customers/{customer['id']}"
        now = self.advisor("GET", path).json()
        return self.advisor("PUT", f"{path}/source", body={"source_id": source_id}, headers=etag(now))

    def go_by_organization_only(self) -> None:
        settings = self.marketing("GET", f"{self.path}/source-settings").json()
        answer = self.marketing(
            "PUT",
            f"{self.path}/source-settings",
            body={"organization_only": True},
            headers=etag(settings),
        )
        assert answer.status_code == 200, answer.text

    def save_categories(self, *categories: dict[str, Any]) -> Answer:
        now = self.marketing("GET", "/source-categories").json()
        return self.marketing(
            "PUT", "/source-categories", body={"categories": list(categories)}, headers=etag(now)
        )


def recount() -> int:
    """Count every marked shop again; how many were queued."""
    entry("functions/sources/queue_recounts.py").lambda_handler(_tick(), WorkerContext())
    queued = _taken()
    worker, settled = entry("functions/sources/recount.py"), datetime.now(UTC) + 2 * SETTLED_AFTER
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crossbay.entry.clock.real", lambda: settled)
        failed = worker.lambda_handler(sqs_event(*queued), WorkerContext())
    assert failed == {"batchItemFailures": []}
    return len(queued)


def _tick() -> Any:
    return json.loads((ROOT / "events" / "sources_queue_recounts.json").read_text())


def _taken() -> list[str]:
    sqs, url = boto3.client("sqs"), settings().recount_queue_url
    bodies: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            bodies.append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return bodies
