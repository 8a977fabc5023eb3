"""The imports worker in this process: files dropped into the bucket, told of as S3 and SQS tell it."""

import csv
import importlib.util
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from types import ModuleType
from typing import Any
from urllib.parse import quote_plus

from local.emulator import ROOT

_uploads = count(1)
_FIRST_UPLOAD = datetime(2027, 3, 1, 17, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerContext:
    """Lambda's invocation, with this much of its time left."""

    left_ms: int = 900_000
    function_name: str = "imports-worker"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:000000000000:function:imports-worker"
    aws_request_id: str = "11111111-1111-1111-1111-111111111111"

    def get_remaining_time_in_millis(self) -> int:
        return self.left_ms


def worker() -> ModuleType:
    """The worker's entry module, loaded anew as in a Lambda of its own."""
    spec = importlib.util.spec_from_file_location("imports_worker", ROOT / "functions/imports/worker.py")
    if spec is None or spec.loader is None:
        raise ImportError("functions/imports/worker.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def work(message: Mapping[str, Any], *, left_ms: int = 900_000) -> list[str]:
    """Hand the worker one message as SQS does; gives back the ids of messages that must come again."""
    event = json.loads((ROOT / "events/imports_continue.json").read_text())
    event["Records"][0]["body"] = json.dumps(message)
    answer = worker().lambda_handler(event, WorkerContext(left_ms=left_ms))
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def s3_event(key: str, etag: str, *, sequencer: str = "") -> dict[str, Any]:
    """What S3 says of an upload under this key; each has a sequencer of its own unless one is given."""
    number = next(_uploads)
    event: dict[str, Any] = json.loads(
        json.loads((ROOT / "events/imports_upload.json").read_text())["Records"][0]["body"]
    )
    event["Records"][0]["eventTime"] = (_FIRST_UPLOAD + timedelta(seconds=number)).isoformat()
    event["Records"][0]["s3"]["object"] |= {
        "key": quote_plus(key, safe="/"),
        "eTag": etag.strip('"'),
        "sequencer": sequencer or f"{number:016X}",
    }
    return event


def sheet(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows as a CSV file with the columns of all of them."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def json_lines(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
