"""Links and forms are those that boto3's client makes, which a door would have to load for them."""

import json
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import time_machine
from botocore.config import Config

from crossbay.aws.s3 import Bucket
from crossbay.settings import settings

BUCKET, KEY = "crossbay-files-prod", "photos/o1/s 1/ü'~(c)/p.jpg"


@pytest.fixture(
    params=[
        ("us-east-1", ""),
        ("eu-west-1", ""),
        ("us-gov-west-1", ""),
        ("cn-north-1", ""),
        ("us-east-1", "http://127.0.0.1:4566"),
    ],
    ids=lambda param: param[1] or param[0],
)
def client(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """boto3's with the environment of a Lambda, told to name the bucket's region, as AWS advises."""
    region, endpoint = request.param
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of/a+Lambda==")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    if endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    settings.cache_clear()
    named: Any = (
        {} if endpoint else {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
    )
    with time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC), tick=False):
        yield boto3.Session().client("s3", config=Config(signature_version="s3v4", s3=named))
    settings.cache_clear()


def test_a_link_is_the_same_to_the_letter(client: Any) -> None:
    named = {"Bucket": BUCKET, "Key": KEY}
    theirs = client.generate_presigned_url("get_object", Params=named, ExpiresIn=900)

    ours = Bucket(BUCKET).link(KEY, lasts_s=900)

    assert _parts(ours) == _parts(theirs)


def test_a_form_is_the_same_and_holds_whoever_uses_it_to_its_conditions(client: Any) -> None:
    conditions: list[Any] = [{"Content-Type": "image/heic"}, ["content-length-range", 1000, 1000]]
    fields = {"Content-Type": "image/heic"}
    theirs = client.generate_presigned_post(BUCKET, KEY, fields, conditions, ExpiresIn=600)

    ours = Bucket(BUCKET).upload_form(
        KEY, least_bytes=1000, most_bytes=1000, content_type="image/heic", lasts_s=600
    )

    assert ours.url == theirs["url"].removesuffix("/")
    signed = {"policy", "x-amz-signature"}
    assert {name: value for name, value in ours.fields.items() if name not in signed} == {
        name: value for name, value in theirs["fields"].items() if name not in signed
    }
    policy, expected = (json.loads(b64decode(one["policy"])) for one in (ours.fields, theirs["fields"]))
    assert policy["expiration"] == expected["expiration"] == "2027-03-01T12:10:00Z"
    assert sorted(map(str, policy["conditions"])) == sorted(map(str, expected["conditions"]))


def _parts(url: str) -> tuple[str, str, str, dict[str, list[str]]]:
    split = urlsplit(url)
    return split.scheme, split.netloc, split.path, parse_qs(split.query)
