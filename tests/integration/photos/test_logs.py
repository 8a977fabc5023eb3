"""A canary's photos through every way a photo can go: no log line shows caption, file, place or customer."""

import logging
from typing import Any

import pytest
from PIL import Image

from crossbay.domain.organization import Role
from crossbay.store.reads import Reads
from tests.helpers import pictures
from tests.helpers.doors import Caller, started
from tests.helpers.factories import etag, make_customer, path_of
from tests.helpers.log_lines import OUTSIDE, as_written
from tests.helpers.photo_worker import arrived, post, work
from tests.helpers.tenants import tenant_maker
from tests.integration.conftest import Aws

CAPTION = "the dog Canaryfang, Wvucanary's porch"
CANARIES = ("canary", "5550147", "canaryfang")


def send(caller: Caller, customer: dict[str, Any], content: bytes, content_type: str) -> dict[str, Any]:
    """Announced, posted and developed, with the canary as its caption."""
    body = {"content_type": content_type, "size_bytes": len(content), "caption": CAPTION}
    asked: dict[str, Any] = caller("POST", f"{path_of(customer)}/photos", body=body).json()
    post(asked["upload"], content)
    assert work(arrived(asked["upload"]["fields"]["key"])) == 0
    return asked


@pytest.mark.rule("P5", "X5")
def test_no_log_line_of_a_photo_shows_whose_it_is_what_it_shows_or_where_it_was_taken(
    aws: Aws, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    tenant = tenant_maker(Reads(aws.table_name))("North")
    member = tenant.join(*Role)
    customer = make_customer(
        member, tenant.paths[0], last_name="Wvucanary", phones=[{"number": "212-555-0147"}]
    )
    sent = [
        send(member, customer, pictures.heic(), "image/heic"),
        send(member, customer, pictures.jpeg(), "image/jpeg"),
        send(member, customer, pictures.png(), "image/png"),
        send(member, customer, pictures.webp()[:100], "image/webp"),
        send(member, customer, pictures.gif(), "image/png"),
    ]
    path = f"{tenant.paths[0]}/photos/{sent[0]['id']}"
    ready = member("GET", path).json()
    assert ready["status"] == "ready"
    links = ready["picture"].values()
    member("GET", f"{path_of(customer)}/photos", query={"vehicle_id": "Canaryfang"})
    member("GET", f"{path_of(customer)}/photos", query={"service_address_id": "Canary fang"})
    member("PATCH", path, body={"caption": CAPTION + "!", "taken_on": "Canary"}, headers=etag(ready))
    member("PATCH", path, body={"caption": CAPTION + "!"}, headers=etag(ready))
    member("DELETE", path, headers={"If-Match": '"3"', "Idempotency-Key": "Canaryfang"})

    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError(CAPTION)

    monkeypatch.setattr(Image, "open", breaks)
    broken = member(
        "POST", f"{path_of(customer)}/photos", body={"content_type": "image/png", "size_bytes": 4}
    ).json()
    post(broken["upload"], b"Bird")
    assert work(arrived(broken["upload"]["fields"]["key"]), {"photo": {"caption": CAPTION}}) == 2
    monkeypatch.setattr(started("functions/photos"), "view", breaks)
    assert member("GET", f"{tenant.paths[0]}/photos/{sent[1]['id']}").status_code == 500

    lines = [as_written(record).lower() for record in caplog.records if not record.name.startswith(OUTSIDE)]
    assert len([line for line in lines if '"service":"develop"' in line]) == 7
    assert len([line for line in lines if '"error":"zerodivisionerror"' in line]) == 2
    told = [line for line in lines if '"outcome":"refused"' in line]
    assert len(told) == 2
    forms = [photo["upload"]["fields"]["x-amz-signature"] for photo in sent]
    signatures = [url.rpartition("=")[2] for url in links if isinstance(url, str)]
    for word in (*CANARIES, *forms, *signatures, "gps"):
        assert not [line for line in lines if word in line], word
