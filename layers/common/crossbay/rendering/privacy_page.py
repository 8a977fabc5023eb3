"""A customer's data as a page to read and print: of one file, without a script, all escaped (X6)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from crossbay.exports.visit_file import dollars


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whose data it is, from which shop, made when (UTC)."""

    customer: str
    customer_id: str
    shop: str
    shop_email: str
    shop_phone: str
    made_at: str
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The records of one type, as JSON has them."""

    kind: str
    count: int
    records: Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Shown:
    """One field: its text, or the parts it has, each a list of fields. label: empty in a list of texts."""

    label: str
    text: str = ""
    parts: tuple[tuple["Shown", ...], ...] = ()


def page_parts(about: About, sections: Iterable[Section]) -> Iterator[str]:
    """The page as HTML, as it is made: it may be long."""
    shown = ((_title(one), one.count, map(_record, one.records)) for one in sections)
    yield from _template().generate(about=about, sections=shown)


def _record(record: Mapping[str, Any]) -> tuple[str, tuple[Shown, ...]]:
    """What it is called, and its fields that say something."""
    return _heading(record), tuple(_fields(record))


def _fields(record: Mapping[str, Any]) -> Iterator[Shown]:
    for name, value in record.items():
        if name not in _INTERNAL and value not in ("", None, [], {}):
            yield _shown(name, value)


def _shown(name: str, value: Any) -> Shown:
    label = _LABELS.get(name) or name.replace("_", " ").capitalize()
    match value:
        case bool():
            return Shown(label, "yes" if value else "no")
        case int() if name.endswith("_cents"):
            return Shown(label.removesuffix(" cents"), f"${dollars(value)}")
        case int() if name in _SCALES:
            named, scale = _SCALES[name]
            return Shown(named, f"{value / scale:g}")
        case Mapping():
            return Shown(label, parts=(tuple(_fields(value)),))
        case list() if all(isinstance(one, Mapping) for one in value):
            return Shown(label, parts=tuple(tuple(_fields(one)) for one in value))
        case list():
            return Shown(label, ", ".join(str(one) for one in value))
    return Shown(label, str(value))


def _heading(record: Mapping[str, Any]) -> str:
    """The first of what tells records of a type apart."""
    return next((str(record[name]) for name in _TELLING if record.get(name)), "")


def _title(section: Section) -> str:
    return _TITLES.get(section.kind) or f"{section.kind}s".capitalize()


_TITLES = {
    "customer": "Who you are to this shop",
    "person": "Contacts",
    "equipment": "Equipment",
    "links": "Records in other shops that were said to be yours",
    "told": "What partners were told",
    "audit": "Who changed what",
    "case note": "Notes of cases",
}

_LABELS = {
    "vin": "VIN",
    "id": "Number in the system",
    "at": "When (UTC)",
    "by": "By (number of the member of staff)",
    "created_at": "Noted on (UTC)",
    "updated_at": "Last changed (UTC)",
    "number": "Number",
}

_SCALES = {"hundredth_hours": ("Hours", 100), "thousandth_units": ("Quantity", 1000)}

_INTERNAL = frozenset({"organization_id", "shop_id", "customer_id", "version", "row_sha256", "told_sha256"})
"""Of no use to a reader; the JSON beside the page has them."""

_TELLING = ("number", "title", "what", "subject", "starts_at", "plate", "vin", "name", "text")


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    source = files(__package__).joinpath("templates/privacy.html").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source)
