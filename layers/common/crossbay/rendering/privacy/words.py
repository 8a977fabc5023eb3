"""How the page of a customer's data says things: labels, what is left to the JSON, values in words (X6)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from crossbay.domain.calendar import local_moment
from crossbay.exports.visit_file import dollars

TITLES = {
    "customer": "Who you are to this shop",
    "person": "Contacts",
    "equipment": "Equipment",
    "links": "Records in other shops that were said to be yours",
    "told": "What partners were told",
    "audit": "Who changed what",
    "case note": "Notes of cases",
    "note mail": "Mails of cases",
}

_LABELS = {
    "vin": "VIN",
    "at": "When",
    "by": "By",
    "what": "What",
    "since_on": "Customer since",
    "emails": "E-mails",
    "email": "E-mail",
    "created_at": "Noted on",
    "updated_at": "Last changed",
    "imported": "Number in the point of sale",
    "former": "Called and reached by before",
    "copied_from": "Copied from",
    "do_not_mail": "No mail wanted",
    "change": "Told as",
    "run_date": "In the file of",
}

_NOT_FOR_PEOPLE = frozenset(
    (
        *("id", "organization_id", "customer_id", "version", "record_id", "note_id", "recipient_kind"),
        *("row_sha256", "inspections_sha256", "told_sha256", "file_sha256", "offset", "length", "run_number"),
        *(
            "content_key",
            "ses_message_id",
            "claimed_until",
            "reason_id",
            "upload_bytes",
            "content_type",
            "file",
        ),
        *("organization_source_id", "picture", "appointment_id", "slot_date"),
    )
)
"""Of no use to a reader; the JSON beside the page has them."""

_SCALES = {"hundredth_hours": ("Hours", 100), "thousandth_units": ("Quantity", 1000)}

_ADDRESS = ("line1", "line2", "city", "region", "postal_code", "country")

_DAY = re.compile(r"20\d\d-(0[1-9]|1[0-2])-([0-2]\d|3[01])")
_MOMENT = re.compile(_DAY.pattern + r"T\d\d:\d\d:\d\d(\.\d+)?Z")

_STAFF = "a member of staff"


def label_of(name: str) -> str:
    """A field's name as a person reads it."""
    if name in _SCALES:
        return _SCALES[name][0]
    words = name.removesuffix("_cents").removesuffix("_id").removesuffix("_at").replace("_", " ")
    return _LABELS.get(name) or words.capitalize()


def is_for_people(name: str, value: Any) -> bool:
    """Whether a field says something to its reader."""
    return name not in _NOT_FOR_PEOPLE and value not in ("", None, False, [], {})


class Words:
    """Values of fields in words. names: what ids stand for; time_zone: the shop's, for times of day."""

    def __init__(self, names: Mapping[str, str], time_zone: str) -> None:
        self._names = names
        self._time_zone = time_zone

    def say(self, name: str, value: Any) -> str:
        """A field's value in a line; empty for an id that stands for nothing the reader knows."""
        match value:
            case bool():
                return "yes" if value else "no"
            case int() if name.endswith("_cents"):
                return f"${dollars(value)}"
            case int() if name in _SCALES:
                return f"{value / _SCALES[name][1]:g}"
            case Mapping():
                return self._line(value)
            case list():
                return "; ".join(text for one in value if (text := self.say(name.removesuffix("s"), one)))
        return self._text(name, str(value))

    def _text(self, name: str, text: str) -> str:
        if name == "by" or name.endswith("_by"):
            return "you" if text == "customer" else _STAFF
        if name.endswith("_id") and name != "pos_id":
            return self._names.get(text, "")
        if _MOMENT.fullmatch(text):
            return f"{local_moment(text, self._time_zone):%B %-d, %Y, %-I:%M %p}"
        if _DAY.fullmatch(text):
            return f"{date.fromisoformat(text):%B %-d, %Y}"
        return text.replace("_", " ") if name in ("status", "kind", "state", "authorization") else text

    def _line(self, value: Mapping[str, Any]) -> str:
        """The parts that say something, an address as it is written, others with their labels."""
        if set(_ADDRESS) <= value.keys():
            return ", ".join(str(value[name]) for name in _ADDRESS if value[name])
        parts = []
        for name, inner in value.items():
            if is_for_people(name, inner) and (said := self.say(name, inner)):
                is_plain = name in _TELL_THEMSELVES or isinstance(inner, Mapping)
                parts.append(said if is_plain else f"{label_of(name)} {said}")
        return ", ".join(parts)


_TELL_THEMSELVES = frozenset(
    (
        *(
            "number",
            "title",
            "name",
            "kind",
            "description",
            "text",
            "label",
            "email",
            "address",
            "pos_id",
            "how",
        ),
        *(
            "first_name",
            "last_name",
            "company_name",
            "year",
            "make",
            "model",
            "sub_model",
            "plate",
            "shop_id",
        ),
        *("amount_cents", "rating", "findings", "other", "quantity", "part_number"),
    )
)
"""Fields whose value needs no label in a line."""
