"""What becomes of each type of item in a customer's partition when the customer is erased, and what of it is
handed out on request (X6).

The types are those of `store/keys.py`; a test fails for one that has no fate here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Fate(StrEnum):
    """GONE: deleted. KEPT: it stays for accounting, without the person. TOMBSTONE: that it was stays."""

    GONE = "gone"
    KEPT = "kept"
    TOMBSTONE = "tombstone"


@dataclass(frozen=True, slots=True)
class Treatment:
    """how: what stays, or why it goes. handed_out: whether an export of the customer's data holds it."""

    fate: Fate
    how: str
    handed_out: bool = True


_REPEATS = "repeats what another item says"
_OWN = "the person's own"

TREATMENTS: Mapping[str, Treatment] = MappingProxyType(
    {
        "customer": Treatment(
            Fate.KEPT, "ids, kind, since when, source and do-not-mail: its repair orders lead somewhere"
        ),
        "vehicle": Treatment(Fate.GONE, "VIN and plate name a person"),
        "repair order": Treatment(
            Fate.KEPT,
            "number, days, status, amounts, titles and lines that name nobody, the model of car",
        ),
        "appointment": Treatment(Fate.GONE, _OWN),
        "equipment": Treatment(Fate.GONE, _OWN),
        "quote": Treatment(Fate.GONE, "an offer is no account"),
        "note": Treatment(Fate.GONE, _OWN),
        "photo": Treatment(Fate.GONE, "with the pictures in S3"),
        "problem report": Treatment(Fate.GONE, _OWN),
        "person": Treatment(Fate.GONE, _OWN),
        "case": Treatment(Fate.GONE, _OWN),
        "case note": Treatment(Fate.GONE, _OWN),
        "note mail": Treatment(Fate.GONE, _OWN),
        "message": Treatment(
            Fate.TOMBSTONE, "kind, occasion, channel, state, times and cost, so that statistics stay right"
        ),
        "links": Treatment(Fate.GONE, "says who the person is elsewhere"),
        "told": Treatment(
            Fate.KEPT, "which partner was told of which repair order, in which file, when; no VIN"
        ),
        "audit": Treatment(Fate.TOMBSTONE, "who changed which record, and when; not from what to what"),
        "card": Treatment(Fate.GONE, _REPEATS, handed_out=False),
        "jobs": Treatment(Fate.GONE, _REPEATS, handed_out=False),
        "declined": Treatment(Fate.GONE, _REPEATS, handed_out=False),
        "inspections": Treatment(Fate.GONE, _REPEATS, handed_out=False),
        "equipment job": Treatment(Fate.GONE, _REPEATS, handed_out=False),
        "last done": Treatment(Fate.GONE, "its key holds a VIN or a plate", handed_out=False),
        "visits": Treatment(Fate.TOMBSTONE, "that no night is to look for it", handed_out=False),
        "slot": Treatment(Fate.GONE, _REPEATS, handed_out=False),
        "cleanup": Treatment(Fate.GONE, "with the index items that it names", handed_out=False),
        "link event": Treatment(Fate.GONE, "it shows other records as they were", handed_out=False),
        "linked by": Treatment(Fate.GONE, "with what the links of other shops say", handed_out=False),
        "erasing": Treatment(Fate.GONE, "last of all: whom to look for in texts", handed_out=False),
    }
)


def treatment_of(item_type: str) -> Treatment:
    """Erasure wins: what nobody thought of goes, and an export holds it."""
    return TREATMENTS.get(item_type, Treatment(Fate.GONE, "nobody said that it may stay"))
