"""What the profile of a customer with many years of history costs, and how long it takes over HTTP: JSON out.

    DYNAMODB_LOCAL=<folder> python -m benchmarks.profile

Two customers of one shop, each at one service address: one with ten years of history (500 repair orders with
three jobs each, as many appointments, 2,000 photos, 300 notes, 100 quotes, 40 pieces of equipment, 120
messages), one with ten times that. All records are made by the product's own saves and lie in DynamoDB Local.

- reads: what the page reads of the table, as DynamoDB counts it, and the bytes of the answer;
- inside: the door's handler called with API Gateway's event in a process of its own;
- over_http: template.yaml deployed to the emulator, whose Lambdas read DynamoDB Local: sign-in token, API
  Gateway, Lambda. The two customers take turns, so that both see the same machine.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import requests

from benchmarks.door_event import get_event
from benchmarks.night_reads import Loader, MeteredReads, NothingYet, create_table
from benchmarks.search_latency import claims_of, door_environment, spread
from benchmarks.search_table import dynamodb_local
from crossbay.app.profile.profile import Question, read_profile
from crossbay.domain.access import Caller, Stamp
from crossbay.domain.address import Address
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Message, MessageState, Occasion
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.customers.customer import Customer, CustomerRef, ServiceAddress
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.equipment import Component, Equipment
from crossbay.domain.organization import Entitlement, Member, Organization, Role, Shop
from crossbay.domain.photo import Photo, PhotoFile, PhotoStatus, PhotoType
from crossbay.domain.profile.note import Note
from crossbay.domain.quote import Quote, QuoteLine, QuoteStatus
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.repair_order import (
    Authorization,
    Job,
    LaborLine,
    PartLine,
    RepairOrder,
    RepairOrderStatus,
)
from crossbay.ids import derived_id
from crossbay.store.reads import Reads
from local import members
from local.client import signed_in
from local.deploy import build, deploy
from local.emulator import free_port, running

TIMES = (1, 10)
TURNS, WARM_UP = 200, 5
LOADED_AT_ONCE = 2_000
ROUTE = "/shops/{shop_id}/customers/{customer_id}/profile"
LAST_DAY = date(2026, 11, 25)
STAMP = Stamp(by="benchmark", at="2026-11-25T12:00:00.000Z")
COUNTS = {
    "repair_orders": 500,
    "appointments": 500,
    "photos": 2_000,
    "notes": 300,
    "quotes": 100,
    "equipment": 40,
    "messages": 120,
}
"""Of ten years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The shop that the customers are of."""

    organization_id: str
    shop_id: str

    def customer(self, times: int) -> CustomerRef:
        return CustomerRef(shop_id=self.shop_id, customer_id=derived_id("customer", str(times)))

    def address_id(self, times: int) -> str:
        return derived_id("address", str(times))


# ---- ten years


def history(home: Home, times: int) -> Iterator[None]:
    """Makes one of the customers, a save at each step."""
    from crossbay.store.campaigns.messages import plan
    from crossbay.store.customers.customers import CustomerFile, save_file
    from crossbay.store.equipment import save_equipment
    from crossbay.store.photos import save_photo
    from crossbay.store.profile.notes import save_note
    from crossbay.store.quotes import save_quote
    from crossbay.store.work.appointments import save_appointment
    from crossbay.store.work.repair_orders import save_order

    nothing = cast(Reads, NothingYet())
    customer, vehicles = person(home, times)
    save_file(None, CustomerFile(customer=customer, vehicles=vehicles), stamp=STAMP)
    yield
    of_one: dict[str, Any] = {
        "organization_id": home.organization_id,
        "shop_id": home.shop_id,
        "customer_id": customer.id,
    }
    here = of_one | {"service_address_id": home.address_id(times)}
    for number, day, uid in dated("repair_orders", times):
        order = repair_order(here, vehicles[number % 3], uid, number, day)
        save_order(nothing, None, order, stamp=STAMP)
        yield
    for number, day, uid in dated("appointments", times):
        appointment = Appointment(
            id=uid,
            date=day,
            starts_at=f"{day}T14:00:00.000Z",
            ends_at=f"{day}T16:00:00.000Z",
            number=f"A-{number}",
            vehicle_id=vehicles[number % 3].id,
            service_category="Brakes",
            department="Bay 2",
            job_number=f"RO-{number}",
            invoice_number=f"RO-{number}",
            **here,
        )
        save_appointment(None, appointment, stamp=STAMP)
        yield
    for number, day, uid in dated("photos", times):
        photo = Photo(
            id=uid,
            taken_on=day,
            content_type=PhotoType.JPEG,
            upload_bytes=3_500_000,
            caption=f"Front left, wear indicator {number}",
            vehicle_id=vehicles[number % 3].id,
            status=PhotoStatus.READY,
            file=PhotoFile(name="0" * 32, width=4032, height=3024, size_bytes=2_100_000),
            created_by="benchmark",
            **here,
        )
        save_photo(None, photo, stamp=STAMP)
        yield
    for number, _, uid in dated("notes", times):
        text = f"Visit {number}: gate code changed, call ahead, the dog is friendly. " * 3
        note = Note(id=uid, text=text, author_id="benchmark", author_name="Kim Rivers", **here)
        save_note(None, note, stamp=STAMP)
        yield
    statuses = tuple(QuoteStatus)
    for number, day, uid in dated("quotes", times):
        quote = Quote(
            id=uid,
            number=f"Q-{number}",
            title="Four tires with alignment",
            status=statuses[number % len(statuses)],
            lines=tuple(QuoteLine(description=f"Tire {n}", amount_cents=18900) for n in range(4)),
            total_cents=75600,
            quoted_on=day,
            **here,
        )
        save_quote(None, quote, stamp=STAMP)
        yield
    for number, day, uid in dated("equipment", times):
        parts = tuple(Component(name=name, make="Ajax", model="C-7") for name in ("Pump", "Hose", "Reel"))
        machine = Equipment(
            id=uid, name=f"Lift {number}", make="Ajax", installed_on=day, components=parts, **here
        )
        save_equipment(None, machine, stamp=STAMP)
        yield
    for number, day, uid in dated("messages", times):
        occasion = Occasion(
            kind=MessageKind.THANK_YOU, customer_id=customer.id, vehicle_id="", reason_id=f"{number}"
        )
        message = Message(
            id=uid,
            occasion=occasion,
            channel=Channel.EMAIL,
            due_on=day,
            date=day,
            state=MessageState.DELIVERED,
            address="ada@example.com",
            subject="Thank you from North",
            **of_one,
        )
        plan([message], at=STAMP.at)
        yield


def dated(kind: str, times: int) -> Iterator[tuple[int, str, str]]:
    """Number, civil day and id of each record, spread over ten years for each `times`, oldest first."""
    count = COUNTS[kind] * times
    for number in range(count):
        day = LAST_DAY - timedelta(days=round(3650 * times * (count - 1 - number) / count))
        yield number, day.isoformat(), f"{number:012}-{derived_id(kind, str(times))[:23]}"


def person(home: Home, times: int) -> tuple[Customer, tuple[Vehicle, ...]]:
    ref = home.customer(times)
    place = Address(line1="1 Pier Rd", city="Cove", region="NY", postal_code="12545")
    customer = Customer(
        id=ref.customer_id,
        organization_id=home.organization_id,
        shop_id=home.shop_id,
        first_name="Ada",
        last_name=f"Quill{'x' * times}",
        emails=("ada@example.com",),
        billing_address=place,
        service_addresses=(ServiceAddress(id=home.address_id(times), address=place),),
    )
    vehicles = tuple(
        Vehicle(
            id=derived_id("vehicle", str(times), str(number)),
            organization_id=home.organization_id,
            shop_id=home.shop_id,
            customer_id=customer.id,
            plate=f"QX{times}{number:03}",
            make="Honda",
            model="Civic",
            year=2019,
        )
        for number in range(3)
    )
    return customer, vehicles


def repair_order(here: dict[str, Any], vehicle: Vehicle, uid: str, number: int, day: str) -> RepairOrder:
    from crossbay.app.work.repair_orders import snapshot

    jobs = tuple(
        Job(
            id=f"{uid[:34]}{at:02}",
            title=f"Service package {(3 * number + at) % 60}",
            authorization=Authorization.APPROVED if at < 2 else Authorization.DECLINED,
            labor=(LaborLine(description="Remove, clean, refit", hundredth_hours=120, amount_cents=16800),),
            parts=(PartLine(description="Part set", part_number="BP-1047", amount_cents=12100),),
            amount_cents=28900,
        )
        for at in range(3)
    )
    return RepairOrder(
        id=uid,
        number=f"RO-{number}",
        opened_on=day,
        invoiced_on=day,
        status=RepairOrderStatus.INVOICED,
        vehicle=snapshot(vehicle),
        jobs=jobs,
        **here,
    )


def load(saves: Iterable[None], address: str) -> int:
    """What the saves write, into DynamoDB Local; the number of items that a profile might read."""
    from crossbay.store import table  # takes the table's name as it is imported

    loader, count = Loader(address=address, table=os.environ["TABLE_NAME"]), 0
    table.write = loader.take
    for _ in saves:
        if len(loader.items) > LOADED_AT_ONCE:
            count += len(loader.items)
            loader.flush()
    count += len(loader.items)
    loader.flush()
    return count


# ---- measured


def reads_of(home: Home, times: int) -> dict[str, Any]:
    """What the page reads, as DynamoDB counts it."""
    asked = Question(customer=home.customer(times), service_address_id=home.address_id(times))
    metered = MeteredReads(os.environ["AWS_ENDPOINT_URL_DYNAMODB"], os.environ["TABLE_NAME"])
    read_profile(cast(Reads, metered), caller(home), asked, now="2026-11-26T12:00:00.000Z")
    return asdict(metered.cost)


def caller(home: Home) -> Caller:
    return Caller(
        member=Member(
            id="m", organization_id=home.organization_id, email="", roles=frozenset({Role.ADVISOR})
        ),
        organization=Organization(
            id=home.organization_id, name="", entitlements=frozenset({Entitlement.MULTI_SHOP})
        ),
        shops={
            home.shop_id: Shop(id=home.shop_id, organization_id=home.organization_id, business_name="North")
        },
    )


def inside(environment: dict[str, str], events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The customers in turns, in a process that starts with this environment."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        seconds, size = process.submit(ask_door, environment, events).result()
    return {"bytes": size, "times": {t: spread(some) for t, some in zip(TIMES, seconds, strict=True)}}


def ask_door(
    environment: dict[str, str], events: Sequence[dict[str, Any]]
) -> tuple[list[list[float]], list[int]]:
    """Seconds of each request, and bytes of the answer, for each event."""
    os.environ |= environment
    seconds: list[list[float]] = [[] for _ in events]
    sizes = [0 for _ in events]
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):  # its log lines
        from local.doors import door
        from tests.helpers.doors import LambdaContext

        handler: Callable[..., dict[str, Any]] = door("functions/profile").lambda_handler
        for turn in range(WARM_UP + TURNS):
            for at, event in enumerate(events):
                started = time.perf_counter()
                answer = handler(event, LambdaContext())
                if turn >= WARM_UP:
                    seconds[at].append(time.perf_counter() - started)
                assert answer["statusCode"] == 200, answer["body"]
                sizes[at] = len(answer["body"])
    return seconds, sizes


def over_http(api_url: str, token: str, home: Home) -> dict[int, dict[str, float]]:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    seconds: dict[int, list[float]] = {times: [] for times in TIMES}
    for turn in range(WARM_UP + TURNS):
        for times in TIMES:
            started = time.perf_counter()
            answer = session.get(api_url + path(home, times), params=query(home, times), timeout=60)
            if turn >= WARM_UP:
                seconds[times].append(time.perf_counter() - started)
            assert answer.status_code == 200, answer.text
    return {times: spread(some) for times, some in seconds.items()}


def path(home: Home, times: int) -> str:
    return ROUTE.format(shop_id=home.shop_id, customer_id=home.customer(times).customer_id)


def query(home: Home, times: int) -> dict[str, str]:
    return {"service_address_id": home.address_id(times)}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="crossbay-profile-") as folder, dynamodb_local() as address:
        build(Path(folder))
        pointed = {"AWS_ENDPOINT_URL_DYNAMODB": address}
        with running(port=free_port(), environment=pointed) as emulator:
            deployment = deploy(Path(folder), emulator.endpoint)
            create_table(address, deployment.table_name)
            with redirect_stdout(sys.stderr):
                home, token = opened_shop(deployment)
            os.environ |= pointed | {"TABLE_NAME": deployment.table_name}
            items = {times: load(history(home, times), address) for times in TIMES}
            environment = door_environment(address, deployment.table_name) | {
                "FILES_BUCKET": deployment.files_bucket
            }
            claims = claims_of(token)
            events = [get_event(ROUTE, path(home, t), query(home, t), claims) for t in TIMES]
            result = {
                "load": round(os.getloadavg()[0], 1),
                "turns": TURNS,
                "items": items,
                "reads": {times: reads_of(home, times) for times in TIMES},
                "inside": inside(environment, events),
                "over_http": over_http(deployment.api_url, token, home),
            }
    print(json.dumps(result, indent=1))


def opened_shop(deployment: Any) -> tuple[Home, str]:
    """A new organization with a shop, through the API, and its admin's sign-in token."""
    members.make_operator(deployment)
    operator = signed_in(deployment, members.OPERATOR_EMAIL)
    email = f"admin-{uuid4()}@example.com"
    new = {"name": "Harborline", "entitlements": ["multi_shop"], "admin_email": email}
    organization = operator("POST", "/organizations", body=new).json()
    members.set_password(deployment, email=email)
    admin = signed_in(deployment, email)
    shop = admin("POST", "/shops", body={"business_name": "North"}).json()
    return Home(organization_id=organization["id"], shop_id=shop["id"]), admin.token


if __name__ == "__main__":
    main()
