"""`make demo-linkage`: the main job on data that nobody here wrote, through the deployed stack alone.

FEBRL4 is 5,000 made-up Australians in one file and a copy of each, with errors typed into it, in another.
The files become two shops of an organization, by import; then the API is asked for candidates of customers of
the first shop, and the answers are held against the labels. Names and addresses only: Crossbay holds neither
birth dates nor social-security numbers.

`python -m local.demo_linkage FOLDER`, the folder with FEBRL's CSV files; the last line printed is JSON.
"""

import argparse
import csv
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import requests

from crossbay.ids import derived_id
from local import members
from local.client import Client, signed_in
from local.deploy import DeployFailed, Deployment, build, deploy
from local.emulator import EmulatorFailed, free_port, running
from local.progress import step
from local.upload import ImportFailed, UploadCounts, import_file

SAMPLE = 200
SEED = 20261122
ASKED_AT_ONCE = 2
ADMIN_EMAIL = "linkage@example.com"
FILES = {"org": "dataset4a.csv", "dup-0": "dataset4b.csv"}
"""By what a record's id ends with: `rec-7-org` in the first is the person of `rec-7-dup-0` in the second."""

COLUMNS = {
    "rec_id": "id",
    "given_name": "first_name",
    "surname": "last_name",
    "address_2": "billing_line2",
    "suburb": "billing_city",
    "state": "billing_region",
    "postcode": "billing_postal_code",
}
"""FEBRL's columns and ours; the street's number and name come together in `billing_line1`."""


class LinkageFailed(Exception):
    """The API refused something; the message holds its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The candidates proposed for a customer, best first, by FEBRL's ids. seconds: of the request."""

    asked: str
    proposed: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Counts pairs of a customer asked about and one proposed; everyone asked about has one true partner.

    A partner that the import refused counts as missed.
    """

    precision: float
    recall: float
    f1: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("febrl", type=Path, help="the folder of FEBRL's CSV files")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="customers asked about; 0 for all")
    arguments = parser.parse_args()
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, _as_interrupt)
    try:
        with tempfile.TemporaryDirectory(prefix="crossbay-linkage-") as folder:
            _demonstrate(arguments.febrl, arguments.sample, Path(folder))
    except KeyboardInterrupt:
        print("Stopped; nothing is left of it.")
        return 1
    except (EmulatorFailed, DeployFailed, ImportFailed, LinkageFailed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _demonstrate(febrl: Path, sample: int, folder: Path) -> None:
    with step("Building the doors and the layer (some 15 seconds)"):
        build(folder)
    with running(port=free_port()) as emulator:
        with step("Deploying template.yaml to the emulator (some 25 seconds)"):
            deployment = deploy(folder, emulator.endpoint)
        organization_id, shops = _organization(deployment)
        started = time.monotonic()
        counts = _import(deployment, febrl, shops, folder)
        imported_s = time.monotonic() - started
        first, second = (_ids(febrl / name) for name in FILES.values())
        asked = sorted(random.Random(SEED).sample(first, sample)) if sample else first
        known = {
            derived_id("customer", organization_id, shops[1], record_id): record_id for record_id in second
        }
        customers = {
            record_id: derived_id("customer", organization_id, shops[0], record_id) for record_id in asked
        }
        started = time.monotonic()
        with step(f"Asking for the candidates of {len(asked)} customers"):
            client = signed_in(deployment, ADMIN_EMAIL)
            with _side_by_side(ASKED_AT_ONCE) as threads:
                answers = list(
                    threads.map(lambda one: _ask(client, shops[0], one, customers[one], known), asked)
                )
        asked_s = time.monotonic() - started
    result = {
        "imported": {name: asdict(one) for name, one in zip(FILES.values(), counts, strict=True)},
        "import_s": round(imported_s, 1),
        "asked": len(asked),
        "asking_s": round(asked_s, 1),
        **measured(answers),
    }
    print(table(result))
    print(json.dumps(result))


def _organization(deployment: Deployment) -> tuple[str, tuple[str, str]]:
    """An organization with two shops: its id and theirs."""
    members.make_operator(deployment)
    operator = signed_in(deployment, members.OPERATOR_EMAIL)
    body = {"name": "FEBRL4", "entitlements": ["multi_shop"], "admin_email": ADMIN_EMAIL}
    organization = _checked(operator("POST", "/organizations", body=body))
    members.set_password(deployment, email=ADMIN_EMAIL)
    admin = signed_in(deployment, ADMIN_EMAIL)
    first, second = (
        _checked(
            admin(
                "POST",
                "/shops",
                body={"business_name": name, "country": "AU", "time_zone": "Australia/Sydney"},
            )
        )["id"]
        for name in ("Originals", "Copies")
    )
    return organization["id"], (first, second)


def _import(deployment: Deployment, febrl: Path, shops: Sequence[str], folder: Path) -> list[UploadCounts]:
    """Both files, side by side. Records without any name are refused, as the import has it."""
    client = signed_in(deployment, ADMIN_EMAIL)

    def one(file: str, shop_id: str) -> UploadCounts:
        path = folder / shop_id / "customers.csv"
        path.parent.mkdir()
        write_customers(febrl / file, path)
        return import_file(client, shop_id, "customers", path, may_refuse=True)

    with step("Importing two files of 5,000 customers (some minutes)"), _side_by_side(len(FILES)) as threads:
        return list(threads.map(one, FILES.values(), shops))


def write_customers(febrl: Path, to: Path) -> None:
    """FEBRL's records in the columns of our import."""
    with to.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*COLUMNS.values(), "billing_line1"])
        writer.writeheader()
        for record in read_febrl(febrl):
            row = {ours: record[theirs] for theirs, ours in COLUMNS.items()}
            writer.writerow(
                row | {"billing_line1": f"{record['street_number']} {record['address_1']}".strip()}
            )


def read_febrl(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="") as file:
        for record in csv.DictReader(file, skipinitialspace=True):
            yield {name: (value or "").strip() for name, value in record.items()}


def _ids(path: Path) -> list[str]:
    return [record["rec_id"] for record in read_febrl(path)]


def _ask(client: Client, shop_id: str, record_id: str, customer_id: str, known: dict[str, str]) -> Answer:
    """What the API proposes; nothing for a customer that the import refused."""
    started = time.perf_counter()
    answer = client("GET", f"/shops/{shop_id}/customers/{customer_id}/candidates")
    seconds = time.perf_counter() - started
    candidates = [] if answer.status_code == 404 else _checked(answer)["candidates"]
    proposed = tuple(known[candidate["card"]["customer_id"]] for candidate in candidates)
    return Answer(asked=record_id, proposed=proposed, seconds=seconds)


def measured(answers: Sequence[Answer]) -> dict[str, Any]:
    """Quality of all that was proposed and of the first candidate alone, recall@1 and @5, times."""
    places = [_place(answer) for answer in answers]
    milliseconds = sorted(answer.seconds * 1000 for answer in answers)
    return {
        "all_proposed": asdict(quality([answer.proposed for answer in answers], places, None)),
        "first_alone": asdict(quality([answer.proposed for answer in answers], places, 1)),
        "recall_at_1": round(_found(places, 1) / len(places), 4),
        "recall_at_5": round(_found(places, 5) / len(places), 4),
        "request_ms_p50": round(milliseconds[len(milliseconds) // 2]),
        "request_ms_p99": round(milliseconds[int(len(milliseconds) * 0.99)]),
    }


def quality(proposed: Sequence[Sequence[str]], places: Sequence[int | None], most: int | None) -> Quality:
    """most: how many candidates of each answer count; None for all."""
    pairs = sum(len(candidates[:most]) for candidates in proposed)
    right = _found(places, most)
    precision, recall = right / max(1, pairs), right / len(places)
    f1 = 2 * right / max(1, pairs + len(places))
    return Quality(precision=round(precision, 4), recall=round(recall, 4), f1=round(f1, 4))


def _place(answer: Answer) -> int | None:
    """Where the true partner stands among the proposed, from 1."""
    first, second = FILES
    partner = answer.asked.removesuffix(first) + second
    return answer.proposed.index(partner) + 1 if partner in answer.proposed else None


def _found(places: Sequence[int | None], most: int | None) -> int:
    return sum(place is not None and (most is None or place <= most) for place in places)


def table(result: dict[str, Any]) -> str:
    lines = [
        "",
        f"FEBRL4, {result['asked']} customers of the first file, the API's candidates in the second",
        "",
        "                      precision   recall       F1",
    ]
    for name, title in (("all_proposed", "every candidate"), ("first_alone", "the first one alone")):
        one = result[name]
        lines.append(f"{title:<20}{one['precision']:>11.4f}{one['recall']:>9.4f}{one['f1']:>9.4f}")
    refused = sum(counts["refused"] for counts in result["imported"].values())
    lines += [
        "",
        f"recall@1 {result['recall_at_1']:.4f}, recall@5 {result['recall_at_5']:.4f}",
        f"import {result['import_s']:.0f} s ({refused} records without any name refused); "
        f"asking {result['asking_s']:.0f} s, a request {result['request_ms_p50']} ms "
        f"(p99 {result['request_ms_p99']} ms, cold starts included)",
        "",
    ]
    return "\n".join(lines)


@contextmanager
def _side_by_side(count: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that nobody waits for on Ctrl-C: the emulator stops next, and that ends what is under way."""
    pool = ThreadPoolExecutor(count)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _checked(answer: requests.Response) -> Any:
    if not answer.ok:
        raise LinkageFailed(
            f"{answer.request.method} {answer.request.path_url}: {answer.status_code} {answer.text}"
        )
    return answer.json()


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
