"""The columns of each kind of file, and how a file's own names are told to be ours."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from crossbay.domain.text import without_unseen
from crossbay.errors import BadInput

ADDRESS = ("line1", "line2", "city", "region", "postal_code", "country")
PHONES, EMAILS, SERVICE_ADDRESSES = 3, 3, 4
"""How many a CSV row carries; JSON Lines has lists."""

_LONGEST_NAME_SHOWN = 40
_MOST_NAMES_SHOWN = 50


class ImportKind(StrEnum):
    """What the rows of a file are."""

    CUSTOMERS = "customers"
    VEHICLES = "vehicles"
    REPAIR_ORDERS = "repair_orders"
    INSPECTIONS = "inspections"
    APPOINTMENTS = "appointments"
    EQUIPMENT = "equipment"
    QUOTES = "quotes"


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


def _numbered(prefix: str, names: Iterable[str], most: int) -> tuple[str, ...]:
    return tuple(f"{prefix}_{n}_{name}" for n in range(1, most + 1) for name in names)


_CUSTOMER = (
    *("id", "kind", "first_name", "last_name", "company_name"),
    *(name for n in range(1, PHONES + 1) for name in (f"phone_{n}", f"phone_{n}_label")),
    *(f"email_{n}" for n in range(1, EMAILS + 1)),
    *(f"billing_{name}" for name in ADDRESS),
    *_numbered("service", ("label", *ADDRESS), SERVICE_ADDRESSES),
    *("taxability", "source", "since_on", "do_not_mail", "consent", "consent_given_on", "consent_ends_on"),
)
_VEHICLE = (
    *("id", "customer_id", "vin", "plate", "plate_region", "year", "make", "model", "sub_model", "engine"),
    "odometer_miles",
)
ORDER_HEAD = (
    *("id", "number", "customer_id", "vehicle_id", "service_address", "status", "opened_on", "invoiced_on"),
    *("odometer_miles", "internal_notes"),
)
JOB = ("id", "title", "category", "authorization", "amount", "labor", "parts", "notes", "internal_notes")
_INSPECTION = (
    *("repair_order_id", "inspection_id", "inspection_title", "item_name", "item_rating", "item_findings"),
)
_APPOINTMENT = (
    *("id", "number", "customer_id", "vehicle_id", "service_address", "starts_at", "ends_at"),
    *("service_category", "department", "status", "notes", "repair_order_id"),
)
_EQUIPMENT = (
    *("id", "customer_id", "vehicle_id", "service_address", "name", "make", "model", "serial_number"),
    *("installed_on", "components"),
)
_QUOTE = (
    *("id", "number", "customer_id", "vehicle_id", "service_address", "repair_order_id", "title", "status"),
    *("quoted_on", "expires_on", "lines", "total", "notes"),
)

COLUMNS: Mapping[ImportKind, tuple[str, ...]] = {
    ImportKind.CUSTOMERS: _CUSTOMER,
    ImportKind.VEHICLES: _VEHICLE,
    ImportKind.REPAIR_ORDERS: (*ORDER_HEAD, *(f"job_{name}" for name in JOB)),
    ImportKind.INSPECTIONS: _INSPECTION,
    ImportKind.APPOINTMENTS: _APPOINTMENT,
    ImportKind.EQUIPMENT: _EQUIPMENT,
    ImportKind.QUOTES: _QUOTE,
}
NAMES: Mapping[ImportKind, tuple[str, ...]] = {
    ImportKind.CUSTOMERS: (*_CUSTOMER, "phones", "emails", "billing_address", "service_addresses"),
    ImportKind.VEHICLES: _VEHICLE,
    ImportKind.REPAIR_ORDERS: (*ORDER_HEAD, "jobs", "inspections"),
    ImportKind.INSPECTIONS: _INSPECTION,
    ImportKind.APPOINTMENTS: _APPOINTMENT,
    ImportKind.EQUIPMENT: _EQUIPMENT,
    ImportKind.QUOTES: _QUOTE,
}
"""What stands at the top of an object in JSON Lines."""

REQUIRED: Mapping[ImportKind, tuple[tuple[str, ...], ...]] = {
    ImportKind.CUSTOMERS: (("id",), ("first_name", "last_name", "company_name")),
    ImportKind.VEHICLES: (("id",), ("customer_id",)),
    ImportKind.REPAIR_ORDERS: (("id",), ("number",), ("customer_id",), ("status",), ("opened_on",)),
    ImportKind.INSPECTIONS: (("repair_order_id",), ("inspection_id",), ("item_name",), ("item_rating",)),
    ImportKind.APPOINTMENTS: (("id",), ("customer_id",), ("starts_at",)),
    ImportKind.EQUIPMENT: (("id",), ("customer_id",), ("name", "make", "model", "serial_number")),
    ImportKind.QUOTES: (("id",), ("customer_id",), ("status",), ("quoted_on",)),
}
"""Of each group, a file has at least one."""

ID_COLUMN: Mapping[ImportKind, str] = dict.fromkeys(ImportKind, "id") | {
    ImportKind.INSPECTIONS: "repair_order_id"
}
"""The column that says which record a row is about."""


DATES: frozenset[str] = frozenset(
    {
        *(
            "since_on",
            "consent_given_on",
            "consent_ends_on",
            "opened_on",
            "invoiced_on",
            "starts_at",
            "ends_at",
        ),
        *("installed_on", "quoted_on", "expires_on"),
    }
)
"""The columns that hold days and times."""

IDS: frozenset[str] = frozenset(
    {"id", "customer_id", "vehicle_id", "repair_order_id", "inspection_id", "job_id"}
)
"""The columns that hold ids of the point of sale's."""

_LIKE_AN_ID = re.compile(
    r"(?:^|[^a-z])(?:id|no|nr|num|number|key|code|account|acct|ref|#)(?:[^a-z]|$)|#", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """columns: ours for each of a CSV file's, empty where there is none. ignored: the file's own names of
    those. names: the file's own name of each of ours, as a report may show it.
    """

    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    names: Mapping[str, str]


def check_mapping(kind: ImportKind, file_format: Format, mapping: Mapping[str, str]) -> None:
    """Raises BadInput with a reason for each entry that can't be followed."""
    known = COLUMNS[kind] if file_format is Format.CSV else NAMES[kind]
    wrong = {
        f"mapping.{theirs}": f"names `{ours}`, which is no column of {kind.value}"
        for theirs, ours in mapping.items()
        if ours not in known
    }
    taken: dict[str, str] = {}
    for theirs, ours in mapping.items():
        if ours in taken:
            wrong[f"mapping.{theirs}"] = f"names `{ours}`, as `{taken[ours]}` does"
        taken.setdefault(ours, theirs)
    if wrong:
        raise BadInput("The mapping can't be followed.", fields=wrong)


def own_name(kind: ImportKind, file_format: Format, mapping: Mapping[str, str], theirs: str) -> str:
    """Our name for a column of the file, empty where there is none.

    Upper case, blanks, hyphens and underscores don't matter where the mapping has no entry, nor what nobody
    sees: `Customer ID` and `CustomerId` are `customer_id`.
    """
    name = without_unseen(theirs).strip()
    if name in mapping:
        return mapping[name]
    compact = _compact(name)
    mapped = {ours for spelled, ours in mapping.items() if compact and _compact(spelled) == compact}
    if len(mapped) == 1:
        return mapped.pop()
    return _known(kind, file_format).get(compact, "")


def layout(kind: ImportKind, found: Sequence[str], mapping: Mapping[str, str]) -> Layout:
    """What the columns of a CSV file are. Raises BadInput for a file that can't be read with these."""
    columns = _unlike([own_name(kind, Format.CSV, mapping, name) for name in found], found, mapping)
    missing = [" or ".join(group) for group in REQUIRED[kind] if not set(group) & set(columns)]
    doubled = sorted({name for name in columns if name and columns.count(name) > 1})
    if missing:
        raise BadInput(
            f"The file lacks {', '.join(missing)}. Its first line names {_shown(found)}. "
            + _how_to_say(
                kind, missing, [name for name, ours in zip(found, columns, strict=True) if not ours]
            )
        )
    if doubled:
        raise BadInput(f"More than one column is {', '.join(doubled)}. Leave one of them out of the file.")
    ignored = [name for name, ours in zip(found, columns, strict=True) if not ours and _compact(name)]
    names = {ours: _masked(name) for name, ours in zip(found, columns, strict=True) if ours}
    return Layout(columns=columns, ignored=shown_names(ignored), names=names)


def _unlike(columns: list[str], found: Sequence[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Picks of two columns that are the same of ours the one that is spelled so or mapped, where only one
    is.
    """
    surely = {
        name: [at for at, ours in enumerate(columns) if ours == name and _is_sure(found[at], ours, mapping)]
        for name in set(columns)
        if name and columns.count(name) > 1
    }
    return tuple(
        "" if len(surely.get(ours, ())) == 1 and at not in surely[ours] else ours
        for at, ours in enumerate(columns)
    )


def _is_sure(theirs: str, ours: str, mapping: Mapping[str, str]) -> bool:
    plain = "_".join(theirs.strip().lower().replace("-", " ").split())
    return plain == ours or mapping.get(theirs.strip()) == ours


def _how_to_say(kind: ImportKind, missing: Sequence[str], others: Sequence[str]) -> str:
    """What whoever sent the file can do about a column that it seems to lack."""
    if len(missing) > 1 and not others:
        return "Does the first line name the columns? Records begin in the second."
    alike = next((name for name in others if _LIKE_AN_ID.search(name)), next(iter(others), "Cust No"))
    ours = missing[0].partition(" ")[0]
    what = f"{ours} is what the point of sale itself tells one of its {kind.value.replace('_', ' ')} by. "
    return (
        what if ours == ID_COLUMN[kind] else ""
    ) + f'Where a column is called otherwise, say so in a mapping, such as {{"{_masked(alike)}": "{ours}"}}.'


def _compact(name: str) -> str:
    """The letters and digits of a column's name, in lower case."""
    folded = unicodedata.normalize("NFKC", without_unseen(name)).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


@cache
def _known(kind: ImportKind, file_format: Format) -> Mapping[str, str]:
    """Our columns by their letters and digits."""
    return {_compact(name): name for name in (COLUMNS if file_format is Format.CSV else NAMES)[kind]}


def shown_names(names: Sequence[str]) -> tuple[str, ...]:
    """Names of columns as a report may show them.

    A file without its first line has a person there: what looks like a phone, an e-mail or an address is
    masked.
    """
    return tuple(_masked(name) for name in names[:_MOST_NAMES_SHOWN])


def _shown(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"one column only, {_masked(names[0])}: the cells must be separated by commas"
    return ", ".join(shown_names(names))


def _masked(name: str) -> str:
    text = " ".join(without_unseen(name).split())[:_LONGEST_NAME_SHOWN]
    is_value = "@" in text or sum(letter.isdigit() for letter in text) > 3
    return "(a value)" if is_value else text or "(no name)"
