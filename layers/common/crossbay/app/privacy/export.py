"""A customer's data as one archive: all of it as JSON, the same as a page to read, letters, pictures (X6).

Records are read once and set down by their type, so that memory stays flat however many there are. Left out
is what shows other people's records, and what only repeats these (`privacy/fates.py`), and of the records
themselves what others are called (`privacy/third_parties.py`).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import msgspec

from crossbay.app.privacy.alive import with_life
from crossbay.aws.s3 import Bucket
from crossbay.domain.address import Address
from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.message import Message
from crossbay.domain.cases.case import Case
from crossbay.domain.cases.note import CaseNote, NoteMail
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.customers.customer import Customer
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.equipment import Equipment
from crossbay.domain.link import LinkSet
from crossbay.domain.organization import Shop, ShopRef
from crossbay.domain.photo import Photo, PhotoSize
from crossbay.domain.privacy_request import PrivacyRequest, RequestKind, RequestState
from crossbay.domain.profile.note import Note
from crossbay.domain.profile.problem_report import ProblemReport
from crossbay.domain.quote import Quote
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.errors import Conflict
from crossbay.exports.run import Telling
from crossbay.privacy.fates import TREATMENTS, treatment_of
from crossbay.privacy.third_parties import without_others
from crossbay.rendering.privacy.page import About, ArchiveSection, page_parts
from crossbay.store import keys
from crossbay.store.audit import AuditEntry
from crossbay.store.codec import body_of, record_of
from crossbay.store.customers.customers import find_file
from crossbay.store.organizations import read_shop
from crossbay.store.privacy.privacy import save_request
from crossbay.store.reads import Item, Reads, list_stored
from crossbay.store.shops import list_shops


class PackingClock(Protocol):
    """The time, and whether this worker may pack one more file."""

    def now(self) -> datetime: ...
    def has_time(self) -> bool: ...


ARCHIVES = "privacy"
"""Folder of the files bucket; its archives go after `KEPT` (template.yaml)."""

KEPT = timedelta(days=7)

_FOLDERS = {"messages": ZIP_DEFLATED, "photos": ZIP_STORED}
"""Of the customer's files, with how they are packed: pictures are small already."""


_RECORDS: Mapping[str, type] = {
    "customer": Customer,
    "vehicle": Vehicle,
    "repair order": RepairOrder,
    "appointment": Appointment,
    "equipment": Equipment,
    "quote": Quote,
    "note": Note,
    "problem report": ProblemReport,
    "person": Contact,
    "message": Message,
    "links": LinkSet,
}
"""Types whose fields at their default are written out, too; of others there is what the table holds."""

_IN_ORDER: Mapping[str, type] = {
    "photo": Photo,
    "case": Case,
    "case note": CaseNote,
    "note mail": NoteMail,
    "told": Telling,
    "audit": AuditEntry,
}
"""Types whose fields come in their order, which the table doesn't keep."""


def archive_key(request: PrivacyRequest) -> str:
    return "/".join((ARCHIVES, *request.ids, f"{request.id}.zip"))


def kept_until(request: PrivacyRequest) -> str:
    """When the archive is deleted (UTC); empty where there is none."""
    if request.kind is not RequestKind.EXPORT or request.state is not RequestState.DONE:
        return ""
    return utc_iso(datetime.fromisoformat(request.finished_at) + KEPT)


def hand_out(reads: Reads, files: Bucket, request: PrivacyRequest, *, clock: PackingClock) -> PrivacyRequest:
    """The request, done or failed; made anew where an earlier worker broke off. Raises Contended."""
    if request.state in (RequestState.DONE, RequestState.FAILED):
        return request
    now = clock.now()
    begun = replace(request, state=RequestState.RUNNING, started_at=request.started_at or utc_iso(now))
    request = save_request(request, with_life(begun, now))
    try:
        with TemporaryFile() as archive:
            counts = write_archive(reads, files, request, archive, clock)
            size = archive.tell()
            archive.seek(0)
            files.put_file(archive_key(request), archive, "application/zip")
    except Conflict as error:
        return _ended(request, RequestState.FAILED, clock, problem=error.public)
    return _ended(request, RequestState.DONE, clock, handed_out=counts, archive_bytes=size)


def _ended(request: PrivacyRequest, state: RequestState, clock: PackingClock, **more: Any) -> PrivacyRequest:
    now = clock.now()
    finished = replace(request, state=state, finished_at=utc_iso(now), **more)
    return save_request(request, with_life(finished, now))


def write_archive(
    reads: Reads, files: Bucket, request: PrivacyRequest, archive: IO[bytes], clock: PackingClock
) -> dict[str, int]:
    """What is in it, counted. Raises Conflict for someone erased, and for more than one archive takes."""
    made_at = clock.now()
    shop = read_shop(reads, ShopRef.of(request))
    with ExitStack() as stack, ZipFile(archive, "w", ZIP_DEFLATED) as out:
        records = _Records(stack=stack)
        records.take(reads, request)
        shops = {one.id: one.business_name for one in list_shops(reads, request.organization_id)}
        about = _about(shop, request, records, shops, utc_iso(made_at))
        with out.open(_named("customer.json", made_at, ZIP_DEFLATED), "w", force_zip64=True) as document:
            for part in _document(about, records):
                document.write(part)
        with out.open(_named("customer.html", made_at, ZIP_DEFLATED), "w", force_zip64=True) as page:
            for text in page_parts(about, records.sections()):
                page.write(text.encode())
        counts = dict(records.counts)
        for folder, packing in _FOLDERS.items():
            prefix = f"{folder}/{'/'.join(request.ids)}/"
            for key in files.keys(prefix):
                if not clock.has_time():
                    raise Conflict("There are more files than one archive takes. Ask the Crossbay operator.")
                _pack(out, files, key, f"{folder}/{key.removeprefix(prefix)}", made_at, packing)
                counts[f"{folder} as files"] = counts.get(f"{folder} as files", 0) + 1
    archive.seek(0, 2)
    return counts


def _pack(out: ZipFile, files: Bucket, key: str, name: str, made_at: datetime, packing: int) -> None:
    content = files.read(key)
    if content is not None:  # deleted since it was listed
        out.writestr(_named(name, made_at, packing), content)


def _named(name: str, made_at: datetime, packing: int) -> ZipInfo:
    info = ZipInfo(name, date_time=made_at.timetuple()[:6])
    info.compress_type = packing
    return info


@dataclass(slots=True, kw_only=True)
class _Records:
    """Records set down by type, one JSON document a line. names: what their ids stand for."""

    stack: ExitStack
    customer: Customer | None = None
    own_emails: frozenset[str] = frozenset()
    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    _spools: dict[str, IO[bytes]] = field(default_factory=dict)

    def take(self, reads: Reads, request: PrivacyRequest) -> None:
        """Raises Conflict where the customer was erased meanwhile."""
        partition = keys.customer_partition(request.organization_id, request.customer)
        if file := find_file(reads, request.organization_id, request.customer):
            self.own_emails = frozenset(email.lower() for email in file.customer.emails)
        for item in list_stored(reads, partition):
            if treatment_of(item["type"]).handed_out:
                self._set_down(item)
        if self.customer is None or self.customer.erased_at:
            raise Conflict("This customer's data was erased before it could be handed out.")

    def _set_down(self, item: Item) -> None:
        kind = item["type"]
        record = record_of(_RECORDS[kind], item) if kind in _RECORDS else _in_order(kind, body_of(item))
        if isinstance(record, Customer):
            self.customer = record
        if kind not in self._spools:
            self._spools[kind] = self.stack.enter_context(TemporaryFile())  # noqa: SIM115 (closed by the stack)
        shown = without_others(kind, msgspec.to_builtins(record), self.own_emails)
        self.names |= names_of(record)
        if kind == "photo" and body_of(item).get("file"):
            shown["picture"] = _name_of_picture(record_of(Photo, item))
        self._spools[kind].write(msgspec.json.encode(shown) + b"\n")
        self.counts[kind] = self.counts.get(kind, 0) + 1

    @property
    def kinds(self) -> list[str]:
        """The kinds in the order in which people look for them."""
        return [*(kind for kind in TREATMENTS if kind in self._spools), *sorted(self._unnamed)]

    @property
    def _unnamed(self) -> set[str]:
        return set(self._spools) - set(TREATMENTS)

    def lines(self, kind: str) -> Iterator[bytes]:
        spool = self._spools[kind]
        spool.seek(0)
        return (line.rstrip(b"\n") for line in spool)

    def sections(self) -> Iterator[ArchiveSection]:
        for kind in self.kinds:
            records = (msgspec.json.decode(line) for line in self.lines(kind))
            yield ArchiveSection(kind=kind, count=self.counts[kind], records=records)


def names_of(record: object) -> dict[str, str]:
    """What the ids of a record are called where other records name them."""
    match record:
        case Customer():
            return {place.id: _one_line(place.address) for place in record.service_addresses}
        case Vehicle():
            car = f"{record.year or ''} {record.make} {record.model}".strip()
            return {record.id: ", ".join(part for part in (car, record.plate or record.vin) if part)}
        case RepairOrder():
            return {record.id: record.number or f"repair order of {record.opened_on}"}
        case Equipment():
            return {record.id: record.name}
    return {}


def _in_order(kind: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    if kind not in _IN_ORDER:
        return body
    places = [one.name for one in fields(_IN_ORDER[kind])]
    return {name: body[name] for name in (*places, *sorted(body.keys() - set(places))) if name in body}


def _one_line(address: Address) -> str:
    return ", ".join(part for part in (address.line1, address.line2, address.city, address.region) if part)


def _name_of_picture(photo: Photo) -> str:
    """Where the picture lies in the archive."""
    ids = (photo.organization_id, photo.shop_id, photo.customer_id)
    return f"photos/{photo.key(PhotoSize.SMALL).removeprefix('/'.join(('photos', *ids, '')))}"


def _about(
    shop: Shop, request: PrivacyRequest, records: _Records, shops: Mapping[str, str], made_at: str
) -> About:
    return About(
        customer=records.customer.display_name if records.customer else "",
        customer_id=request.customer_id,
        shop=shop.business_name,
        shop_email=shop.email,
        shop_phone=shop.phone,
        time_zone=shop.time_zone,
        made_at=made_at,
        request_id=request.id,
        names={**shops, **records.names},
    )


def _document(about: About, records: _Records) -> Iterator[bytes]:
    """One JSON document, a list for each type."""
    told = {name: value for name, value in asdict(about).items() if name != "names"}
    yield b'{"about": ' + json.dumps(told).encode() + b',\n"records": {'
    for place, kind in enumerate(records.kinds):
        yield (b",\n" if place else b"\n") + json.dumps(kind).encode() + b": [\n"
        for number, line in enumerate(records.lines(kind)):
            yield (b",\n" if number else b"") + line
        yield b"\n]"
    yield b"\n}}\n"
