"""Links and forms for S3 that others may use for a while, signed by botocore's own signers.

boto3's client does the same, but takes more than twice as long to load (decision 0130).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from crossbay.settings import settings

if TYPE_CHECKING:
    from botocore.credentials import Credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadForm:
    """Where, and with which fields, to post a file as multipart/form-data, the file last."""

    url: str
    fields: dict[str, str]


def link(bucket: str, key: str, *, lasts_s: int) -> str:
    """An address that anyone may read the object at for a while."""
    from botocore.auth import S3SigV4QueryAuth
    from botocore.awsrequest import AWSRequest

    request = AWSRequest("GET", f"{_address(bucket)}/{quote(key, safe='/-._~')}")
    S3SigV4QueryAuth(_credentials(), "s3", _region(), expires=lasts_s).add_auth(request)
    return str(request.url)


def form(
    bucket: str,
    key: str,
    *,
    fields: dict[str, str],
    conditions: Sequence[object],
    lasts_s: int,
) -> UploadForm:
    """A form that takes one file under exactly this key, with exactly these fields, on these conditions."""
    from botocore.auth import S3SigV4PostAuth
    from botocore.awsrequest import AWSRequest

    until = datetime.now(UTC) + timedelta(seconds=lasts_s)
    sent: dict[str, str] = {"key": key, **fields}
    exactly = [{"bucket": bucket}, *({name: value} for name, value in sent.items())]
    request = AWSRequest("POST", _address(bucket))
    request.context["s3-presign-post-fields"] = sent
    request.context["s3-presign-post-policy"] = {
        "expiration": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "conditions": [*exactly, *conditions],
    }
    S3SigV4PostAuth(_credentials(), "s3", _region()).add_auth(request)
    return UploadForm(url=_address(bucket), fields=sent)


def _address(bucket: str) -> str:
    """The bucket's own, in its region; or below the one address that stands for all of AWS."""
    if endpoint := settings().aws_endpoint_url:
        return f"{endpoint}/{bucket}"
    domain = "amazonaws.com.cn" if _region().startswith("cn-") else "amazonaws.com"
    return f"https://{bucket}.s3.{_region()}.{domain}"


def _region() -> str:
    return settings().aws_default_region


def _credentials() -> "Credentials":
    """The credentials that Lambda gives to each of its processes."""
    from botocore.credentials import EnvProvider

    found = EnvProvider().load()
    if found is None:
        raise RuntimeError("no AWS credentials in the environment")
    return found
