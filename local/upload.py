"""Hands import files to the API as a point of sale does: ask, post the file, wait for the report."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from local.client import ANSWER_TIMEOUT_S, Client

ORDER = (*("customers", "vehicles", "repair_orders", "inspections", "appointments", "equipment", "quotes"),)
"""Each kind needs those before it."""

_POLL_S = 0.2
_PATIENCE_S = 1800


class ImportFailed(Exception):
    """The API refused a file, or some of its rows; the message holds its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadCounts:
    """What became of the records of a file."""

    created: int
    changed: int
    unchanged: int
    refused: int
    warnings: int = 0


def import_folder(client: Client, shop_id: str, folder: Path) -> dict[str, UploadCounts]:
    """Imports `customers.csv` or `.jsonl` and so on, in the order they need; counts by kind.

    A kind that this shop has imported to its end before is left out: starting again finishes what broke off.
    Raises ImportFailed.
    """
    done = {entry["kind"] for entry in _imports(client, shop_id) if entry["status"] == "done"}
    counts = {}
    for kind in ORDER:
        for file in sorted(folder.glob(f"{kind}.*")):
            if kind not in done:
                counts[kind] = import_file(client, shop_id, kind, file)
    return counts


def import_file(
    client: Client, shop_id: str, kind: str, file: Path, *, may_refuse: bool = False
) -> UploadCounts:
    """Imports one file and waits until it is through.

    A refused file is an ImportFailed, and so is a refused row unless `may_refuse`.
    """
    asked = client(
        "POST", f"/shops/{shop_id}/imports", body={"kind": kind, "format": file.suffix.removeprefix(".")}
    )
    upload = _checked(asked)["upload"]
    with file.open("rb") as content:
        posted = requests.post(
            upload["url"], data=upload["fields"], files={"file": content}, timeout=ANSWER_TIMEOUT_S
        )
    if not posted.ok:
        raise ImportFailed(f"{file.name}: {posted.status_code} {posted.text[:2000]}")
    entry = _finished(client, asked.headers["Location"])
    counts = UploadCounts(**entry["counts"])
    if entry["status"] != "done" or (counts.refused and not may_refuse):
        raise ImportFailed(f"{file.name}: {entry}")
    return counts


def _finished(client: Client, path: str) -> dict[str, Any]:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        entry: dict[str, Any] = _checked(client("GET", path))
        if entry["status"] in ("done", "refused"):
            return entry
        time.sleep(_POLL_S)
    raise ImportFailed(f"{path}: not through after {_PATIENCE_S} s")


def _imports(client: Client, shop_id: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    cursor = None
    while True:
        query = {"limit": 50} | ({"cursor": cursor} if cursor else {})
        page = _checked(client("GET", f"/shops/{shop_id}/imports", query=query))
        entries += page["imports"]
        cursor = page["next"]
        if cursor is None:
            return entries


def _checked(answer: requests.Response) -> Any:
    if not answer.ok:
        raise ImportFailed(
            f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
        )
    return answer.json()
