"""A photo on the deployed stack: form, S3, event, queue, worker, links; the client is one of others."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import requests

from local.client import Client
from local.deploy import Deployment
from tests.helpers import pictures
from tests.helpers.photo_worker import PATIENCE_S, post

DEVELOPED_WITHIN_S = 120


@pytest.fixture(scope="module")
def technician(operator: Client, sign_in: Callable[[str], Client]) -> Client:
    admin_email, technician_email = (f"{role}-{uuid4()}@example.com" for role in ("admin", "technician"))
    new = {"name": "Photos", "admin_email": admin_email}
    assert operator("POST", "/organizations", body=new).status_code == 201
    admin = sign_in(admin_email)
    assert admin("POST", "/shops", body={"business_name": "North"}).status_code == 201
    member = {"email": technician_email, "roles": ["technician", "advisor"], "all_shops": True}
    assert admin("POST", "/members", body=member).status_code == 201
    return sign_in(technician_email)


@pytest.fixture(scope="module")
def path(technician: Client) -> str:
    """Of a customer's photos."""
    shop = f"/shops/{technician('GET', '/shops').json()['shops'][0]['id']}"
    customer = technician("POST", f"{shop}/customers", body={"last_name": "Quillpost"}).json()
    return f"{shop}/customers/{customer['id']}/photos"


def announced(technician: Client, path: str, content: bytes) -> dict[str, Any]:
    body = {"content_type": "image/heic", "size_bytes": len(content), "caption": "Rotor"}
    answer = technician("POST", path, body=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


@pytest.mark.rule("P5")
def test_a_phones_photo_goes_straight_to_s3_and_is_seen_in_three_sizes_without_its_place(
    deployment: Deployment, technician: Client, path: str
) -> None:
    content = pictures.heic(pictures.picture(1600, 1200))

    photo = announced(technician, path, content)
    assert post(photo["upload"], content).status_code == 204

    deadline = time.monotonic() + DEVELOPED_WITHIN_S
    while photo["status"] == "awaiting_file" and time.monotonic() < deadline:
        time.sleep(0.2)
        photo = technician("GET", f"/shops/{photo['shop_id']}/photos/{photo['id']}").json()
    assert photo["status"] == "ready", photo
    shown = [requests.get(photo["picture"][f"{size}_url"], timeout=PATIENCE_S) for size in SIZES]
    assert [pictures.opened(one.content).size for one in shown] == list(SIZES.values())
    for one in shown:
        assert set(pictures.segments(one.content)) == set(pictures.PLAIN_JPEG)
        assert requests.get(one.url.partition("?")[0], timeout=PATIENCE_S).status_code == 403
    listed = deployment.client("s3").list_objects_v2(Bucket=deployment.files_bucket, Prefix="quarantine/")
    assert listed["KeyCount"] == 0


SIZES = {"small": (320, 240), "large": (1280, 960), "full": (1600, 1200)}


@pytest.mark.rule("P5")
def test_s3_refuses_a_file_that_is_not_the_one_that_was_announced(technician: Client, path: str) -> None:
    content = pictures.heic()
    upload = announced(technician, path, content)["upload"]

    answers = [
        post(upload, content + b"\x00"),
        post(upload, content[:-1]),
        post(upload | {"fields": upload["fields"] | {"Content-Type": "text/html"}}, content),
        post(upload | {"fields": upload["fields"] | {"key": upload["fields"]["key"] + "x"}}, content),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 403, 403]
