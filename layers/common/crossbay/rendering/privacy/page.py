"""A customer's data as a page to read and print: of one file, without a script, all escaped (X6).

Records with a few fields are rows of one table, those with many a table each; pictures lie beside the page.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

from crossbay.rendering.privacy.words import TITLES, Words, is_for_people, label_of


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whose data it is, from which shop, made when (UTC). time_zone: the shop's.

    names: what ids stand for, such as a vehicle's plate and make.
    """

    customer: str
    customer_id: str
    shop: str
    shop_email: str
    shop_phone: str
    time_zone: str
    made_at: str
    request_id: str
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSection:
    """The records of one type, as JSON has them."""

    kind: str
    count: int
    records: Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ArchiveTable:
    """columns: labels; rows: a text for each column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One field: its text, or a table of what it lists."""

    label: str
    text: str = ""
    table: ArchiveTable | None = None


@dataclass(frozen=True, slots=True)
class ArchiveBlock:
    """A record as its fields, under what it is called; or rows of a table. picture: where it lies."""

    heading: str = ""
    fields: tuple[Shown, ...] = ()
    picture: str = ""
    columns: tuple[str, ...] = ()
    rows: Iterable[tuple[str, ...]] = ()


def page_parts(about: About, sections: Iterable[ArchiveSection]) -> Iterator[str]:
    """The page as HTML, as it is made: it may be long."""
    words = Words(about.names, about.time_zone)
    made = words.say("made_at", about.made_at)
    shown = ((_title(one), one.count, _blocks(one, words)) for one in sections)
    yield from _template().generate(about=about, made=made, sections=shown)


def _blocks(section: ArchiveSection, words: Words) -> Iterator[ArchiveBlock]:
    if section.kind == "audit":
        yield ArchiveBlock(
            columns=("When", "By", "What"), rows=(_change(one, words) for one in section.records)
        )
    elif columns := _ROWS.get(section.kind):
        yield from _as_rows(columns, section.records, words)
    else:
        yield from (_block(record, words) for record in section.records)


def _as_rows(
    columns: tuple[str, ...], records: Iterable[Mapping[str, Any]], words: Words
) -> Iterator[ArchiveBlock]:
    rows = (tuple(words.say(name, record.get(name) or "") for name in columns) for record in records)
    yield ArchiveBlock(columns=tuple(label_of(name) for name in columns), rows=rows)


def _change(entry: Mapping[str, Any], words: Words) -> tuple[str, ...]:
    """An entry of the audit in a row: the fields that it changed, what they were and became."""
    before, after = entry.get("before") or {}, entry.get("after") or {}
    changes = []
    for name in sorted(before.keys() | after.keys()):
        was, became = (words.say(name, one.get(name) or "") for one in (before, after))
        if was != became and (is_for_people(name, before.get(name)) or is_for_people(name, after.get(name))):
            changes.append(f"{label_of(name)}: {f'{was} → ' if was else ''}{became or 'nothing'}")
    what = "\n".join((str(entry["what"]).capitalize(), *changes))
    return words.say("at", entry["at"]), words.say("by", entry["by"]), what


def _block(record: Mapping[str, Any], words: Words) -> ArchiveBlock:
    given = ((name, value) for name, value in record.items() if name != "shop_id")
    shown = (_shown(name, value, words) for name, value in given if is_for_people(name, value))
    return ArchiveBlock(
        heading=words.say("", next((record[name] for name in _TELLING if record.get(name)), "")),
        fields=tuple(one for one in shown if one.text or one.table),
        picture=record.get("picture") or "",
    )


def _shown(name: str, value: Any, words: Words) -> Shown:
    """Lists of records with many fields are tables: a column for each field that one of them has."""
    label = label_of(name)
    if not isinstance(value, list) or name not in _TABLES:
        return Shown(label, words.say(name, value))
    given = dict.fromkeys(chain.from_iterable(one for one in value))
    columns = [column for column in given if any(is_for_people(column, one.get(column)) for one in value)]
    rows = (tuple(words.say(column, one.get(column) or "") for column in columns) for one in value)
    return Shown(label, table=ArchiveTable(tuple(label_of(column) for column in columns), tuple(rows)))


def _title(section: ArchiveSection) -> str:
    return TITLES.get(section.kind) or f"{section.kind}s".capitalize()


_ROWS: Mapping[str, tuple[str, ...]] = {
    "appointment": ("starts_at", "status", "number", "vehicle_id", "service_address_id", "notes"),
    "message": ("date", "occasion", "channel", "state", "address", "subject", "reason"),
    "note": ("created_at", "service_address_id", "text"),
    "note mail": ("sent_at", "name", "email", "state", "reason"),
    "problem report": ("created_at", "about", "text", "status", "resolution"),
    "told": ("at", "partner", "number", "change", "vin", "run_date"),
}
"""Types whose records are rows of one table, with the fields that it shows."""

_TABLES = frozenset(("jobs", "lines", "components"))
"""Fields that list records of many fields."""

_TELLING = ("number", "title", "what", "subject", "caption", "plate", "vin", "name", "text")
"""The first of what tells records of a type apart."""


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    source = files("crossbay.rendering").joinpath("templates/privacy.html").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source)
