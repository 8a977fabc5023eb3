"""A shop whose visits go to partners: set up, its nights lived through, and what the partners' servers got.

The clock is the test's. Partners' servers are real ones on loopback (`local/partners`).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from crossbay.app.exports import partners
from crossbay.app.exports.deliver import Delivered, DeliveryJob, Desk, deliver
from crossbay.app.exports.files import RunFiles
from crossbay.app.exports.partners import PartnerChange, Vault
from crossbay.app.work.corrections import correct_shop
from crossbay.aws.s3 import Bucket
from crossbay.aws.secrets import Secrets
from crossbay.domain.address import Address
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import ShopRef
from crossbay.domain.partner import TERMS, PartnerCode, PartnerSettings
from crossbay.domain.vin.vin import check_digit
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.exports.run import ExportLine, ExportRun, Telling
from crossbay.store.exports.exports import list_exports, list_told_of_vin
from crossbay.store.exports.marks import list_pending
from crossbay.store.exports.partners import read_destination, read_partner_settings
from crossbay.store.organizations import read_shop, save_shop
from crossbay.transfer.hosts import Hosts
from local.partners.servers import PartnerServer, PartnerServers
from tests.helpers.campaign_shop import ContactShop
from tests.integration.conftest import Aws

CUSTOMERLINK, MECHANICNET, CARFAX = PartnerCode
FIRST_NIGHT = datetime(2027, 3, 2, 9, tzinfo=UTC)
"""4:00 in New York."""

_numbers = count(1)


def vin(number: int | None = None) -> str:
    """A valid VIN of a 2003 Honda, another one each time."""
    serial = f"{next(_numbers) if number is None else number:06}"
    draft = f"1HGCM82603A{serial}"
    return draft[:8] + check_digit(draft) + draft[9:]


@dataclass(slots=True, kw_only=True)
class ExportShop:
    """now: tonight's hour; visits are of the day before."""

    books: ContactShop
    bucket: Bucket
    servers: PartnerServers
    now: datetime = FIRST_NIGHT

    @classmethod
    def open(cls, aws: Aws, servers: PartnerServers) -> "ExportShop":
        books = ContactShop.open(aws.table_name)
        books.at = FIRST_NIGHT - timedelta(hours=20)
        here = cls(books=books, bucket=Bucket(aws.files_bucket), servers=servers)
        shop = read_shop(books.reads, ShopRef.of(books))
        card = replace(shop, phone="+12125550100")
        save_shop(shop, card, stamp=books.stamp())
        return here

    @property
    def ref(self) -> ShopRef:
        return ShopRef.of(self.books)

    @property
    def day(self) -> str:
        """Of the visits that tonight's files tell."""
        return (self.now - timedelta(days=1)).date().isoformat()

    @property
    def night(self) -> str:
        return self.now.date().isoformat()

    # ---- set-up

    def vault(self) -> Vault:
        return Vault(secrets=Secrets(), prefix="crossbay-test/partners")

    def settings(self, partner: PartnerCode) -> PartnerSettings:
        return read_partner_settings(self.books.reads, self.ref, partner)

    def switch(self, partner: PartnerCode, *, on: bool = True, server: PartnerServer | None = None) -> None:
        """On, at this server or where the deployment sends already; or off."""
        place = server or self.server_of(partner)
        if partner is CUSTOMERLINK:
            edited = {"account": "A-44120", "destination": place.destination}
            password: str | None = place.password
        else:
            self._send_to(partner, place)
            edited, password = {"account": "M-7" if partner is MECHANICNET else ""}, None
        terms = TERMS.get(partner)
        change = PartnerChange(
            edit=lambda before: replace(before, is_on=on, **edited),  # type: ignore[arg-type]
            password=password,
            accepted=terms.version if terms else None,
            accepts_plain_ftp=True,
        )
        version = self.settings(partner).version
        partners.save_partner_settings(
            self.books.reads,
            self.vault(),
            self.ref,
            partner,
            change,
            version=version,
            stamp=self.books.stamp(),
            lets_active=True,
        )

    def server_of(self, partner: PartnerCode) -> PartnerServer:
        return {
            CUSTOMERLINK: self.servers.ftp,
            MECHANICNET: self.servers.ftps,
            CARFAX: self.servers.sftp,
        }[partner]

    def _send_to(self, partner: PartnerCode, server: PartnerServer) -> None:
        kept = read_destination(self.books.reads, partner)
        if kept.destination != server.destination:
            partners.save_destination(
                self.books.reads,
                self.vault(),
                partner,
                lambda before: replace(before, destination=server.destination),
                credential={"password": server.password},
                accepts_plain_ftp=True,
                lets_active=True,
                version=kept.version,
                stamp=self.books.stamp(),
            )

    # ---- visits

    def customer(self, **fields: Any) -> CustomerRef:
        sensible: dict[str, Any] = {
            "first_name": "Beatriz",
            "last_name": "Quillon",
            "billing_address": Address(line1="41 Fernbridge Lane", city="Cove", postal_code="12545"),
        }
        return self.books.customer(**(sensible | fields))

    def visit(
        self,
        *done: str,
        ref: CustomerRef | None = None,
        vehicle: Vehicle | None = None,
        day: str = "",
        **car: Any,
    ) -> RepairOrder:
        """An invoiced RO, of the day before tonight unless said otherwise, of a car with a valid VIN."""
        owner = ref or self.customer()
        known = {"vin": vin(), "year": 2003, "make": "Honda", "model": "Accord", "engine": "2.4L"}
        vehicle = vehicle or self.books.vehicle(owner, **(known | car))
        on = day or self.day
        return self.books.order(owner, on, invoiced_on=on, vehicle=vehicle, done=done or ("Oil change",))

    def correct(self) -> int:
        """Repair orders follow their vehicles, as they do right after a save over HTTP."""
        return correct_shop(self.books.reads, self.ref, at=self.books.stamp().at)

    # ---- nights

    def next_night(self) -> None:
        self.now += timedelta(days=1)
        self.books.at = max(self.books.at, self.now - timedelta(hours=20))

    def desk(self, *, holder: str = "") -> Desk:
        return Desk(
            reads=self.books.reads,
            bucket=self.bucket,
            secrets=Secrets(),
            hosts=Hosts.listed("127.0.0.1"),
            holder=holder or str(uuid4()),
            now=lambda: self.now,
        )

    def job(self, partner: PartnerCode, *, night: bool = True) -> DeliveryJob:
        tonight = self.night if night else ""
        return DeliveryJob(
            organization_id=self.ref.organization_id, shop_id=self.ref.shop_id, partner=partner, night=tonight
        )

    def export(
        self, partner: PartnerCode, *, night: bool = True, job: DeliveryJob | None = None
    ) -> Delivered:
        """One job, as a worker of its own does it."""
        return deliver(self.desk(), job or self.job(partner, night=night))

    def runs(self, partner: PartnerCode) -> list[ExportRun]:
        """Oldest first."""
        runs, _ = list_exports(self.books.reads, self.ref, partner, limit=50)
        return list(reversed(runs))

    def lines(self, run: ExportRun) -> list[ExportLine]:
        assert run.file is not None
        return list(RunFiles(bucket=self.bucket, run=run).lines(run.file))

    def left_out(self, run: ExportRun) -> dict[str, str]:
        """Reason by RO number."""
        return {line.number: line.reason for line in self.lines(run) if line.reason}

    def kept_file(self, run: ExportRun) -> bytes:
        assert run.file is not None
        content = self.bucket.read(RunFiles(bucket=self.bucket, run=run).file_key(run.file.sha256))
        assert content is not None
        return content

    def pending(self, partner: PartnerCode) -> set[str]:
        """Ids of the ROs that the partner has yet to hear of."""
        marks, _ = list_pending(self.books.reads, self.ref, partner, limit=500)
        return {mark.repair_order_id for mark in marks}

    def told(self, of_vin: str) -> list[Telling]:
        """Newest first."""
        told, _ = list_told_of_vin(self.books.reads, self.ref.organization_id, of_vin, limit=50)
        return list(told)


def owner_of(order: RepairOrder) -> CustomerRef:
    return CustomerRef.of(order)
