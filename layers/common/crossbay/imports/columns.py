"""The columns of each kind of file, and how a file's own names are told to be ours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crossbay.errors import BadInput

ADDRESS = ("line1", "line2", "city", "region", "postal_code", "country")
PHONES, EMAILS, SERVICE_ADDRESSES = 3, 3, 4
"""How many a CSV row carries; JSON Lines has lists."""

_LONGEST_NAME_SHOWN = 40
_MOST_NAMES_SHOWN = 50


class Kind(StrEnum):
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

COLUMNS: Mapping[Kind, tuple[str, ...]] = {
    Kind.CUSTOMERS: _CUSTOMER,
    Kind.VEHICLES: _VEHICLE,
    Kind.REPAIR_ORDERS: (*ORDER_HEAD, *(f"job_{name}" for name in JOB)),
    Kind.INSPECTIONS: _INSPECTION,
    Kind.APPOINTMENTS: _APPOINTMENT,
    Kind.EQUIPMENT: _EQUIPMENT,
    Kind.QUOTES: _QUOTE,
}
NAMES: Mapping[Kind, tuple[str, ...]] = {
    Kind.CUSTOMERS: (*_CUSTOMER, "phones", "emails", "billing_address", "service_addresses"),
    Kind.VEHICLES: _VEHICLE,
    Kind.REPAIR_ORDERS: (*ORDER_HEAD, "jobs", "inspections"),
    Kind.INSPECTIONS: _INSPECTION,
    Kind.APPOINTMENTS: _APPOINTMENT,
    Kind.EQUIPMENT: _EQUIPMENT,
    Kind.QUOTES: _QUOTE,
}
"""What stands at the top of an object in JSON Lines."""

REQUIRED: Mapping[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.CUSTOMERS: (("id",), ("first_name", "last_name", "company_name")),
    Kind.VEHICLES: (("id",), ("customer_id",)),
    Kind.REPAIR_ORDERS: (("id",), ("number",), ("customer_id",), ("status",), ("opened_on",)),
    Kind.INSPECTIONS: (("repair_order_id",), ("inspection_id",), ("item_name",), ("item_rating",)),
    Kind.APPOINTMENTS: (("id",), ("customer_id",), ("starts_at",)),
    Kind.EQUIPMENT: (("id",), ("customer_id",), ("name", "make", "model", "serial_number")),
    Kind.QUOTES: (("id",), ("customer_id",), ("status",), ("quoted_on",)),
}
"""Of each group, a file has at least one."""

ID_COLUMN: Mapping[Kind, str] = dict.fromkeys(Kind, "id") | {Kind.INSPECTIONS: "repair_order_id"}
"""The column that says which record a row is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """columns: ours for each of a CSV file's, empty where there is none. ignored: the file's own names of
    those.
    """

    columns: tuple[str, ...]
    ignored: tuple[str, ...]


def check_mapping(kind: Kind, file_format: Format, mapping: Mapping[str, str]) -> None:
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


def own_name(kind: Kind, file_format: Format, mapping: Mapping[str, str], theirs: str) -> str:
    """Our name for a column of the file, empty where there is none.

    Upper case, blanks and hyphens don't matter where the mapping has no entry: `Customer ID` is
    `customer_id`.
    """
    if theirs.strip() in mapping:
        return mapping[theirs.strip()]
    plain = "_".join(theirs.strip().lower().replace("-", " ").split())
    known = COLUMNS[kind] if file_format is Format.CSV else NAMES[kind]
    return plain if plain in known else ""


def layout(kind: Kind, found: Sequence[str], mapping: Mapping[str, str]) -> Layout:
    """What the columns of a CSV file are. Raises BadInput for a file that can't be read with these."""
    columns = tuple(own_name(kind, Format.CSV, mapping, name) for name in found)
    missing = [" or ".join(group) for group in REQUIRED[kind] if not set(group) & set(columns)]
    doubled = sorted({name for name in columns if name and columns.count(name) > 1})
    if missing:
        raise BadInput(
            f"The file lacks {', '.join(missing)}. Its first line names {_shown(found)}. "
            "Where the point of sale calls a column otherwise, say so in a mapping."
        )
    if doubled:
        raise BadInput(f"More than one column is {', '.join(doubled)}. Leave one of them out of the file.")
    ignored = [name for name, ours in zip(found, columns, strict=True) if not ours]
    return Layout(columns=columns, ignored=shown_names(ignored))


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
    text = " ".join(name.split())[:_LONGEST_NAME_SHOWN]
    is_value = "@" in text or sum(letter.isdigit() for letter in text) > 3
    return "(a value)" if is_value else text or "(no name)"
