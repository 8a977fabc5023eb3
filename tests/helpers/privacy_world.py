"""A customer with everything a customer can have, in a shop that has others; and the whole of it put back.

Built once for a module through use cases and workers, then put back for each test as it lay in the table and
in the buckets. Types that have no use case here yet are planted as items.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import boto3

from crossbay.app.campaigns import mail_merge
from crossbay.app.campaigns.night import run_night
from crossbay.app.campaigns.postcards.day import run_batch
from crossbay.app.exports import views as export_views
from crossbay.app.imports.imports import Upload, take_upload
from crossbay.app.imports.run import run_import
from crossbay.app.privacy.erase import LAST_LOOK_AFTER, erase
from crossbay.app.privacy.export import hand_out
from crossbay.app.privacy.privacy import ask
from crossbay.app.sources.recount import SETTLED_AFTER, recount_shop
from crossbay.aws.s3 import Bucket
from crossbay.domain.access import Stamp
from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import EventKind, Message, MessageEvent, MessageState, Occasion
from crossbay.domain.campaigns.settings import Days, MessageKind
from crossbay.domain.customers.customer import CustomerRef, DoNotMail, OptOut
from crossbay.domain.link import LinkAction
from crossbay.domain.organization import ShopRef
from crossbay.domain.partner import PartnerCode
from crossbay.domain.privacy_request import PrivacyRequest, RequestKind
from crossbay.domain.work.repair_order import (
    Authorization,
    Inspection,
    InspectionItem,
    Job,
    LaborLine,
    PartLine,
    Rating,
    RepairOrder,
    RepairOrderStatus,
)
from crossbay.ids import derived_id, new_id
from crossbay.imports.run import ImportCounts, ImportRun
from crossbay.privacy.fates import TREATMENTS
from crossbay.store import keys
from crossbay.store.campaigns.messages import claim, plan, settle, to_sending
from crossbay.store.customers.customers import find_file, save_file
from crossbay.store.operation import StoredItem
from crossbay.store.organizations import read_shop
from crossbay.store.privacy.privacy import read_request
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction
from crossbay.store.work.repair_orders import read_order
from local.partners.servers import PartnerServers
from local.privacy_scan import FoundPlace, scan
from tests.helpers.export_walk import FIRST_NIGHT, ExportShop, vin
from tests.helpers.import_worker import json_lines
from tests.helpers.snapshot import Items, items_of, put_back
from tests.integration.conftest import Aws

NIGHT = FIRST_NIGHT
"""Partner files of this night tell of the visit."""

ASKED_AT = NIGHT + timedelta(days=3)

POS_ID = "C-7711"
CANARY = {
    "first_name": "Zyxandra",
    "last_name": "Wvucanary",
    "company_name": "Quopcanary Freight",
    "phone_1": "(212) 555-0188",
    "phone_2": "212.555.0189",
    "email_1": "zyxandra.wvu@example.com",
    "billing_line1": "4711 Canaryway",
    "service_1_line1": "12 Jibcanary Lane",
}
PLATE, EARLIER_NAME = "ZYX 4711", "Oldcanary"
VIN = vin(880_188)
SOURCE = f"Told by {EARLIER_NAME}"
"""What the point of sale says first; the shop's list of sources remembers it."""
VALUES = (
    *CANARY.values(),
    *(PLATE, VIN, EARLIER_NAME, "+12125550188"),
)
"""What a scan must not find afterwards."""

STRANGER = "Bystander"

ROWS: dict[str, dict[str, Any]] = {
    "customers": {"id": POS_ID, **CANARY},
    "vehicles": {"id": "V-1", "customer_id": POS_ID, "vin": VIN, "plate": PLATE},
    "repair_orders": {
        "id": "R-1",
        "number": "77",
        "customer_id": POS_ID,
        "status": "invoiced",
        "opened_on": "2027-03-02",
        "invoiced_on": "2027-03-02",
        "internal_notes": CANARY["first_name"],
    },
    "appointments": {"id": "A-1", "customer_id": POS_ID, "starts_at": "2027-03-22T10:00"},
}
"""What the point of sale may send of the canary, by kind of import."""

NOBODY = CustomerRef(shop_id="", customer_id="")


@dataclass(slots=True)
class Clock:
    """Stands still until the test moves it. left: how often there is time still; None for always."""

    at: datetime = ASKED_AT
    left: int | None = None

    def now(self) -> datetime:
        return self.at

    def has_time(self) -> bool:
        if self.left is None:
            return True
        self.left -= 1
        return self.left >= 0


@dataclass(slots=True, kw_only=True)
class World:
    """ref: the canary. other, elsewhere: a bystander here, and the same person in the other shop."""

    aws: Aws
    export: ExportShop
    imports: Bucket
    ref: CustomerRef = NOBODY
    bystander: CustomerRef = NOBODY
    elsewhere: CustomerRef = NOBODY
    order_id: str = ""
    open_order_id: str = ""
    _s3: Any = field(default_factory=partial(boto3.client, "s3"))
    _items: Items = field(default_factory=dict)
    _objects: dict[tuple[str, str], tuple[str, bytes]] = field(default_factory=dict)

    @property
    def reads(self) -> Reads:
        return self.export.books.reads

    @property
    def organization_id(self) -> str:
        return self.export.books.organization_id

    @property
    def shop_id(self) -> str:
        return self.export.books.shop_id

    @property
    def files(self) -> Bucket:
        return self.export.bucket

    @property
    def partition(self) -> str:
        return keys.customer_partition(
            self.organization_id, CustomerRef(shop_id=self.shop_id, customer_id=self.ref.customer_id)
        )

    # ---- asked and done

    def ask(self, kind: RequestKind = RequestKind.ERASURE, ref: CustomerRef | None = None) -> PrivacyRequest:
        stamp = Stamp(by="admin", at=utc_iso(ASKED_AT))
        asked_for = ref or self.ref
        return ask(self.reads, self.organization_id, asked_for, kind, reason="in writing", stamp=stamp)

    def ask_because(self, reason: str) -> PrivacyRequest:
        stamp = Stamp(by="admin", at=utc_iso(ASKED_AT))
        ids = (self.organization_id, self.ref)
        return ask(self.reads, *ids, RequestKind.ERASURE, reason=reason, stamp=stamp)

    def bystander_elsewhere(self) -> CustomerRef:
        """A customer of the other shop who has nothing to do with the canary yet."""
        books = self.export.books
        return books.customer(shop_id=books.other_shop_id, last_name="Farawayson")

    def work(
        self, request: PrivacyRequest, clock: Clock | None = None, again: list[timedelta] | None = None
    ) -> PrivacyRequest:
        """One message of the queue. again: gets the pauses after which it comes once more."""
        pauses = again if again is not None else []
        found = read_request(self.reads, ShopRef.of(self), request.id)
        return erase(self.reads, self.files, self.imports, found, clock=clock or Clock(), again=pauses.append)

    def recount(self) -> None:
        """The shop's figures by marketing source, once all marks so far have settled."""
        now = datetime.now(UTC) + 2 * SETTLED_AFTER
        recount_shop(self.reads, ShopRef.of(self), now=now, has_time=lambda: True)

    def last_look(self, request: PrivacyRequest) -> PrivacyRequest:
        """A quarter of an hour later: what was marked has been counted again by then."""
        self.recount()
        return self.work(request, Clock(ASKED_AT + LAST_LOOK_AFTER))

    def hand_out(self, request: PrivacyRequest, clock: Clock | None = None) -> PrivacyRequest:
        return hand_out(self.reads, self.files, request, clock=clock or Clock())

    def order(self, order_id: str = "") -> RepairOrder:
        return read_order(self.reads, ShopRef.of(self), order_id or self.order_id)

    def take_in(self, kind: str, rows: list[dict[str, Any]], at: datetime = ASKED_AT) -> ImportRun:
        """A file of the point of sale's, through bucket and worker."""
        key = f"{self.organization_id}/{self.shop_id}/{kind}-{new_id()}.jsonl"
        content = json_lines(rows)
        self.imports.put(key, content, "application/jsonl")
        etag = self._s3.head_object(Bucket=self.aws.imports_bucket, Key=key)["ETag"].strip('"')
        upload = Upload(key=key, etag=etag, sequencer=new_id(), at=at)
        ref = take_upload(self.reads, self.imports, upload)
        assert ref is not None
        return run_import(self.reads, self.imports, ref, holder="test", clock=Clock(at))

    def outcome(self, kind: str, row: dict[str, Any]) -> tuple[ImportCounts, str]:
        """What an import of the row counts, and its report."""
        run = self.take_in(kind, [row])
        report = self.imports.read(f"{run.key}.report.json")
        return run.counts, (report or b"").decode()

    def forget_files_of_the_point_of_sale(self) -> None:
        """It tells of whom it likes: the import takes nothing of it."""
        self.imports.delete([key for key in self.imports.keys("") if key.endswith(".jsonl")])

    # ---- looked through

    def scan(self, *values: str) -> list[FoundPlace]:
        buckets = (self.aws.files_bucket, self.aws.imports_bucket)
        return scan(self.aws.table_name, buckets, values or VALUES)

    def items(self) -> list[dict[str, Any]]:
        """Everything of the customer's partition, by sort key."""
        asked = {":pk": {"S": self.partition}}
        found = boto3.client("dynamodb").query(
            TableName=self.aws.table_name, KeyConditionExpression="pk = :pk", ExpressionAttributeValues=asked
        )
        return list(found["Items"])

    # ---- kept and put back

    def keep(self) -> None:
        self._items = items_of(self.aws)
        self._objects = {place: (tag, self._content(*place)) for place, tag in self._tags()}

    def put_back(self) -> None:
        """Table and buckets as they were kept; only what differs is written."""
        put_back(self.aws, self._items)
        there = dict(self._tags())
        for bucket in self._buckets:
            bucket.delete([key for name, key in there.keys() - self._objects.keys() if name == bucket.name])
        for place, (tag, content) in self._objects.items():
            if there.get(place) != tag:
                self._s3.put_object(Bucket=place[0], Key=place[1], Body=content)

    def _tags(self) -> Iterator[tuple[tuple[str, str], str]]:
        for bucket in self._buckets:
            for item in self._s3.list_objects_v2(Bucket=bucket.name).get("Contents", []):
                yield (bucket.name, item["Key"]), item["ETag"]

    def _content(self, bucket: str, key: str) -> bytes:
        content: bytes = self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        return content

    @property
    def _buckets(self) -> tuple[Bucket, Bucket]:
        return self.files, self.imports


# ---- built


def build(aws: Aws, servers: PartnerServers) -> World:
    """The canary and whom it meets, with the table and the buckets kept as they are then."""
    export = ExportShop.open(aws, servers)
    for partner in PartnerCode:
        export.switch(partner)
    world = World(aws=aws, export=export, imports=Bucket(aws.imports_bucket))
    _people(world)
    _visits(world)
    for partner in PartnerCode:
        export.export(partner)
    _links(world)
    _cards(world)
    _letter(world)
    _passing_files(world)
    _planted(world)
    world.hand_out(world.ask(RequestKind.EXPORT))
    world.recount()
    world.keep()
    return world


def _people(world: World) -> None:
    """The canary comes with the point of sale's file, under an earlier name that the audit remembers."""
    books = world.export.books
    place = {"billing_city": "Cove", "billing_region": "NY", "billing_postal_code": "12545"}
    row = {"id": POS_ID, **CANARY, **place, "last_name": EARLIER_NAME, "do_not_mail": "yes"}
    world.take_in("customers", [row | {"source": SOURCE}], books.at)
    shop_id = books.shop_id
    world.recount()
    customer_id = derived_id("customer", books.organization_id, shop_id, POS_ID)
    world.ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    asked = OptOut(by="customer", at=books.now, how="unsubscribe link")
    books.change_customer(
        world.ref, last_name=CANARY["last_name"], do_not_mail=DoNotMail(by_customer=asked), source="Yelp"
    )
    world.bystander = books.customer(first_name="Ada", last_name=STRANGER)
    world.elsewhere = books.customer(
        shop_id=books.other_shop_id, first_name="Zoe", last_name="Hillcustomer", emails=("zoe@example.com",)
    )


def _visits(world: World) -> None:
    """An invoiced RO that names its customer, one that doesn't, an open one, an appointment; and a visit of
    another customer."""
    books, export = world.export.books, world.export
    car = books.vehicle(world.ref, vin=VIN, plate=PLATE, plate_region="NY", year=2003, model="Accord")
    order = export.visit("Oil change", ref=world.ref, vehicle=car)
    world.order_id = order.id
    jobs = (
        replace(order.jobs[0], amount_cents=12_050, category="Maintenance"),
        Job(
            id=new_id(),
            title=f"Mrs {CANARY['last_name']} says it squeaks",
            authorization=Authorization.APPROVED,
            amount_cents=4_000,
            labor=(LaborLine(description="Call 212-555-0188 first", amount_cents=4_000),),
            parts=(PartLine(description="Belt", part_number="BP-1047"),),
            notes=f"ask {CANARY['first_name']}",
        ),
        Job(id=new_id(), title=f"Wipers of {PLATE}", authorization=Authorization.DECLINED),
    )
    item = InspectionItem(name="Horn", rating=Rating.OK, findings=f"{CANARY['first_name']} likes it")
    books.change_order(
        order,
        jobs=jobs,
        internal_notes=f"{CANARY['last_name']} pays late",
        inspections=(Inspection(id=new_id(), title="Winter check", items=(item,)),),
    )
    export.visit("Rotate tires", ref=world.ref, vehicle=car)
    opened = books.order(world.ref, export.day, vehicle=car)
    world.open_order_id = opened.id
    books.appointment(world.ref, "2027-03-20T15:00:00.000Z", vehicle_id=car.id, notes=CANARY["first_name"])
    export.visit("Alignment", ref=world.bystander)


def _links(world: World) -> None:
    """Both ways, and one that was taken back."""
    books = world.export.books
    books.link(world.ref, world.elsewhere)
    books.link(world.elsewhere, world.ref)
    books.link(world.elsewhere, world.ref, LinkAction.UNLINK)
    books.link(world.elsewhere, world.ref, LinkAction.LINK)


def _cards(world: World) -> None:
    """A postcard each for the canary, before it wanted none, and for the bystander."""
    books = world.export.books
    books.change_customer(world.ref, do_not_mail=DoNotMail())
    books.settings(
        postcard_on=True,
        postcard_days=Days(thank_you=2),
        postcard_account="PC-1",
        postcard_cost_cents=64,
    )
    shop_ref, night = ShopRef.of(books), datetime(2027, 3, 3, 14, tzinfo=UTC)
    run_night(books.reads, shop_ref, now=night, has_time=lambda: True)
    tally = run_batch(
        books.reads, world.files, shop_ref, "2027-03-03", now=night, public_url="https://shops.example.com"
    )
    assert tally["cards"] == 2, tally
    books.at = night
    asked = OptOut(by="customer", at=books.now, how="unsubscribe link")
    books.change_customer(world.ref, do_not_mail=DoNotMail(by_customer=asked))


def _letter(world: World) -> None:
    """An e-mail that arrived, and one that waits."""
    books = world.export.books
    for kind, waits in ((MessageKind.INACTIVE, False), (MessageKind.DEFERRED, True)):
        occasion = Occasion(
            kind=kind, customer_id=world.ref.customer_id, vehicle_id="", reason_id=world.order_id
        )
        message = Message(
            id=occasion.message_id(ShopRef.of(books)),
            organization_id=books.organization_id,
            shop_id=books.shop_id,
            customer_id=world.ref.customer_id,
            occasion=occasion,
            channel=Channel.EMAIL,
            due_on="2027-03-04",
            date="2027-03-04",
            state=MessageState.PLANNED,
        )
        plan([message], at=books.now)
        if not waits:
            _sent(world, replace(message, version=1))


def _sent(world: World, message: Message) -> None:
    books = world.export.books
    version = books.file(world.ref).customer.version
    claimed = claim(
        books.reads, message, customer_version=version, until=utc_iso(books.at + timedelta(1)), at=books.now
    )
    key = f"messages/{books.organization_id}/{books.shop_id}/{world.ref.customer_id}/{message.id}.eml"
    content = f"To: {CANARY['email_1']}\nSubject: Hello\n\nDear {CANARY['first_name']}"
    world.files.put(key, content.encode(), "message/rfc822")
    written = replace(
        claimed, address=CANARY["email_1"], subject=f"Hello {CANARY['first_name']}", content_key=key
    )
    to_sending(claimed, written, customer_version=version, at=books.now)
    event = MessageEvent(kind=EventKind.DELIVERED, at=books.now, ses_message_id="ses-1")
    settle(books.reads, books.organization_id, world.ref, message.id, event, at=books.now)


def _passing_files(world: World) -> None:
    """A dry run's preview, a mail-merge list, and a picture and one that is still to be checked."""
    books = world.export.books
    shop = read_shop(books.reads, ShopRef.of(books))
    late = replace(world.order(), internal_notes="told again")
    books.change_order(late, odometer_miles=88_120)
    export_views.dry_run(books.reads, world.files, shop, PartnerCode.MECHANICNET, now=books.now)
    mail_merge.write_list(
        books.reads,
        world.files,
        ShopRef.of(books),
        date(2027, 3, 1),
        date(2027, 3, 9),
        (),
        file_format="xlsx",
        public_url="https://shops.example.com",
        now=books.now,
    )
    own = f"{books.organization_id}/{books.shop_id}/{world.ref.customer_id}"
    for key in (f"photos/{own}/{new_id()}.jpg", f"quarantine/{own}/{new_id()}"):
        world.files.put(key, b"a picture of Zyxandra", "image/jpeg")


def _planted(world: World) -> None:
    """Items of every type that the customer has none of yet, with the canary in them and a place: one of each
    way in which their sort keys start.
    """
    rows = [line.split("|") for line in (keys.__doc__ or "").splitlines() if line.startswith("| ")]
    starts = {row[1].split("(")[0].strip(): row[3].strip() for row in rows}
    present = {item["type"]["S"] for item in world.items()}
    missing = sorted(TREATMENTS.keys() - present - {"erasing"})
    for kind, start in [(one, start.strip()) for one in missing for start in starts[one].split(",")]:
        transaction, record_id = Transaction(), new_id()
        words = f"{CANARY['first_name']} {CANARY['phone_1']}"
        ids = dict(zip(("organization_id", "shop_id", "customer_id"), _ids(world), strict=True))
        body: dict[str, Any] = {"id": record_id, **ids, "text": words, "name": words, "notes": words}
        if kind == "cleanup":
            index = f"{world.organization_id}#{world.shop_id}#N:zyxa"
            transaction.put(keys.Key(index, f"zyxandra#{world.shop_id}#x"), "index", {})
            body = {"keys": [[index, f"zyxandra#{world.shop_id}#x"]]}
        sk = f"{start.partition('#')[0]}#{record_id}"
        gsi = keys.Key(f"{world.organization_id}#{kind}", CANARY["last_name"])
        transaction.replace(
            keys.Key(world.partition, sk),
            StoredItem(type=kind, body=body, version=1, gsi1=gsi),
            expected_version=0,
            refusal=AssertionError(kind),
        )
        place = {"kind": kind, "customer_id": world.ref.customer_id, "sk": sk}
        transaction.put(keys.place(ShopRef.of(world), record_id), "place", place)
        transaction.commit()


def _ids(world: World) -> tuple[str, str, str]:
    return world.organization_id, world.shop_id, world.ref.customer_id


def void(world: World, order_id: str) -> None:
    """A shop voids an RO whose customer was erased."""
    world.export.books.change_order(world.order(order_id), status=RepairOrderStatus.VOID)


def resave(world: World) -> None:
    """Someone saves the customer as it was read."""
    file = find_file(
        world.reads,
        world.organization_id,
        CustomerRef(shop_id=world.shop_id, customer_id=world.ref.customer_id),
    )
    assert file is not None
    changed = replace(file, customer=replace(file.customer, first_name="Zyxandra"))
    save_file(file, changed, stamp=world.export.books.stamp())
