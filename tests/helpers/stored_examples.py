"""One stored item of every type and schema number, as it was written when the number was new (X9).

`pytest --keep-examples tests/integration` writes those that are missing yet: of every item that the tests'
saves write, the one that says most, with something in the fields that it leaves out. What is kept already is
never written anew.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from boto3.dynamodb.types import TypeDeserializer

from crossbay.domain.campaigns.campaign import Campaign
from crossbay.domain.campaigns.message import Message
from crossbay.domain.campaigns.template import ShopTemplate
from crossbay.domain.cases.case import Case
from crossbay.domain.cases.note import CaseNote, NoteMail
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.customers.card import CustomerCard
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.customers.fleet import Fleet
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.equipment import Equipment
from crossbay.domain.link import LinkEvent, LinkSet
from crossbay.domain.organization import Member, Organization, Shop
from crossbay.domain.partner import PartnerDestination, PartnerSettings
from crossbay.domain.photo import Photo
from crossbay.domain.privacy_request import PrivacyRequest
from crossbay.domain.profile.note import Note
from crossbay.domain.profile.problem_report import ProblemReport
from crossbay.domain.quote import Quote
from crossbay.domain.sources.source import Categories, Source, SourceSettings
from crossbay.domain.vin.terms import Acceptance
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.history import HistoryRow, LastDone
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.exports.run import ExportRun, Telling
from crossbay.imports.run import ImportRun
from crossbay.privacy.mentions import Whom
from crossbay.store.audit import AuditEntry
from crossbay.store.campaigns.nights import CardBatch, DispatchLease, Night
from crossbay.store.campaigns.settings import Switch
from crossbay.store.campaigns.stops import _Record
from crossbay.store.campaigns.stored_settings import StoredSettings
from crossbay.store.codec import from_body, to_body
from crossbay.store.due import DueShop
from crossbay.store.exports.circuits import Circuit
from crossbay.store.exports.marks import Pending
from crossbay.store.exports.partners import ShopPartners
from crossbay.store.id_index import RecordPlace
from crossbay.store.privacy.erased import _Trace
from crossbay.store.resaves.position import Resave
from crossbay.store.sources.counts import SourceCounts
from crossbay.store.sources.day_marks import Brought, RecountMark
from crossbay.store.sources.spend import MonthSpend
from crossbay.store.work.corrections import Correction
from crossbay.store.work.visits import LastVisits

FOLDER = Path(__file__).parents[1] / "contracts" / "stored_examples"

Example = Mapping[str, Any]
"""An item as `store/reads.py` gives it, and as `record` what its body is read as."""

KINDS: Mapping[str, type] = {
    "organization": Organization,
    "sending": Switch,
    "due": DueShop,
    "destination": PartnerDestination,
    "circuit": Circuit,
    "resave": Resave,
    "shop": Shop,
    "member": Member,
    "fleet": Fleet,
    "plate look-up terms": Acceptance,
    "dispatch": DispatchLease,
    "stops": _Record,
    "audit": AuditEntry,
    "vehicle": Vehicle,
    "card": CustomerCard,
    "customer": Customer,
    "repair order": RepairOrder,
    **dict.fromkeys(("jobs", "declined", "inspections", "equipment job"), HistoryRow),
    "last done": LastDone,
    "visits": LastVisits,
    "message": Message,
    "appointment": Appointment,
    "equipment": Equipment,
    "quote": Quote,
    "note": Note,
    "photo": Photo,
    "problem report": ProblemReport,
    "person": Contact,
    "case": Case,
    "case note": CaseNote,
    "note mail": NoteMail,
    "place": RecordPlace,
    "links": LinkSet,
    "link event": LinkEvent,
    **dict.fromkeys(("linked by", "newcomer"), CustomerRef),
    "told": Telling,
    "erasing": Whom,
    "import": ImportRun,
    **dict.fromkeys(("contact settings", "contact settings as they were"), StoredSettings),
    "template": ShopTemplate,
    "campaign": Campaign,
    "night": Night,
    "batch": CardBatch,
    "partner settings": PartnerSettings,
    "partners": ShopPartners,
    "export": ExportRun,
    "correction": Correction,
    "pending": Pending,
    "privacy request": PrivacyRequest,
    "erased": _Trace,
    "source categories": Categories,
    "source": Source,
    "source settings": SourceSettings,
    "spend": MonthSpend,
    **dict.fromkeys(("month's counts", "day's counts"), SourceCounts),
    "brought": Brought,
    "mark": RecountMark,
}
"""What is read of each type of item, by type."""

WITHOUT_KIND: Mapping[str, frozenset[str]] = {
    "cursor key": frozenset({"key"}),
    "token keys": frozenset({"keys"}),
    "watched": frozenset({"since"}),
    "written": frozenset({"at", "mail"}),
    "cleanup": frozenset({"keys"}),
    "slot": frozenset({"date", "message_id", "at"}),
    "idempotency": frozenset({"request_sha256", "ids"}),
    "number": frozenset({"id"}),
    "dismissal": frozenset({"unmapped"}),
    **dict.fromkeys(("gone", "counter", "operator entry", "index"), frozenset[str]()),
}
"""What the bodies of the other types hold, which are read by name."""

_plain_of = TypeDeserializer().deserialize


def path_of(item_type: str, number: int) -> Path:
    return FOLDER / f"{item_type.replace(' ', '-')}.{number}.json"


def kept_examples() -> dict[tuple[str, int], Example]:
    """By item type and schema number."""
    items = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))]
    return {(item["type"], item.get("schema", 1)): item for item in items}


class Keeping:
    """The best example of each type and number among the items shown to it."""

    def __init__(self) -> None:
        self._best: dict[tuple[str, int], Example] = {}

    def look_at(self, items: Iterable[Mapping[str, Any]]) -> None:
        """items: as DynamoDB gives them."""
        for stored in items:
            item = plain_item(stored)
            if not _is_ours(item):
                continue
            key = item["type"], item.get("schema", 1)
            if key not in self._best or _rank(item) > _rank(self._best[key]):
                self._best[key] = item

    def write_missing(self) -> list[Path]:
        missing = {path_of(*key): item for key, item in self._best.items() if not path_of(*key).exists()}
        for path, item in missing.items():
            if kind := KINDS.get(item["type"]):
                body = to_body(filled(from_body(kind, item["body"])))
                item = {**item, "body": body, "record": whole_record(item["type"], body)}
            path.write_text(json.dumps(item, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
        return sorted(missing)


KEEPING = pytest.StashKey[Keeping]()
"""Where pytest's configuration has it, when asked to keep examples."""


def filled(record: Any) -> Any:
    """The record with a value in every field that stands at its default, and in every field of those."""
    hints = get_type_hints(type(record))
    values = {one.name: getattr(record, one.name) for one in fields(record)}
    return type(record)(
        **{
            one.name: _value(hints[one.name], one.name, values[one.name])
            if values[one.name] == one.default or (one.default is MISSING and not values[one.name])
            else _filled_inside(values[one.name])
            for one in fields(record)
        }
    )


def _filled_inside(value: Any) -> Any:
    if is_dataclass(value):
        return filled(value)
    if isinstance(value, Mapping):
        return {name: _filled_inside(inner) for name, inner in value.items()}
    return tuple(map(_filled_inside, value)) if isinstance(value, tuple) else value


def _value(hint: Any, name: str, default: Any) -> Any:
    """Of this type, and not the default."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _value(next(one for one in arguments if one is not NoneType), name, None)
    if origin is Literal:
        return next(one for one in arguments if one != default)
    if origin is tuple:
        of = arguments[:1] if arguments[-1] is Ellipsis else arguments
        return tuple(_value(one, name, None) for one in of)
    if origin is frozenset:
        return frozenset({_value(arguments[0], name, None)})
    if origin in (dict, Mapping):
        return {_value(arguments[0], name, None): _value(arguments[1], name, None)}
    if is_dataclass(hint):
        return filled(default) if default is not None else _made(hint)
    if hint in (object, Any):
        return name
    if issubclass(hint, Enum):
        return next(one for one in hint if one != default)
    return {bool: default is not True, int: 7, float: 0.5, str: name}[hint]


def _made(kind: Any) -> Any:
    hints = get_type_hints(kind)
    return kind(**{one.name: _value(hints[one.name], one.name, one.default) for one in fields(kind)})


def _is_ours(item: Example) -> bool:
    """Whether this code wrote it, and no test by hand."""
    if item["type"] not in KINDS:
        return True
    try:
        return bool(to_body(from_body(KINDS[item["type"]], item["body"])) == item["body"])
    except msgspec.ValidationError:
        return False


def whole_record(item_type: str, body: Mapping[str, Any]) -> Any:
    """What is read of the body, with the fields at their default."""
    return json.loads(msgspec.json.encode(from_body(KINDS[item_type], body), order="deterministic"))


def plain_item(stored: Mapping[str, Any]) -> dict[str, Any]:
    """An item as DynamoDB gives it, as `store/reads.py` would."""
    return {name: _plain(_plain_of(value)) for name, value in stored.items()}


def _rank(item: Example) -> tuple[int, int]:
    """More that is said first, then the shorter one."""
    return len(set(_paths(item))), -len(json.dumps(item))


def _paths(value: Any, path: str = "") -> Iterable[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _paths(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner, f"{path}[]")
    else:
        yield path


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return int(value) if type(value).__name__ == "Decimal" else value
