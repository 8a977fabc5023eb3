"""Identifiers: UUIDs as text, 36 characters."""

from datetime import datetime
from uuid import UUID, uuid5

import uuid_utils

_IMPORTED = UUID("6d1c2f0e-7a3b-5c4d-9e8f-0a1b2c3d4e5f")
"""Namespace of ids that follow from what they stand for; drawn once, never to change."""


def new_id() -> str:
    """A UUIDv7: sorts by the millisecond it was made in (RFC 9562)."""
    return str(uuid_utils.uuid7())


def first_id_of(instant: datetime) -> str:
    """Sorts before every `new_id` made at this instant or later, to the millisecond."""
    milliseconds = int(instant.timestamp() * 1000)
    return f"{milliseconds >> 16:08x}-{milliseconds & 0xFFFF:04x}"


def derived_id(*parts: str) -> str:
    """The same id for the same parts, always: an import or a copy made twice finds the first one's record."""
    return str(uuid5(_IMPORTED, "\x1f".join(parts)))


def is_derived(record_id: str) -> bool:
    """Whether the id follows from something else (UUIDv5); what people make here has a UUIDv7."""
    return record_id[14:15] == "5"
