"""What becomes of each type of item after a restore: as the backup has it, or the newer one of the old table.

The types are those of `tests/contracts/stored_examples`; a test fails for one that says nothing here.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class AfterRestore(StrEnum):
    """AS_RESTORED: what came since is gone. NEWER: what came since is copied. STRICTER: opt-outs of both."""

    AS_RESTORED = "as restored"
    NEWER = "newer"
    STRICTER = "stricter"


AFTER_RESTORE: Mapping[str, AfterRestore] = MappingProxyType(
    dict.fromkeys(
        (
            # Who was written to, and what came of it.
            "message",
            "slot",
            "written",
            "watched",
            "batch",
            "note mail",
            # Who asked not to be, or to be forgotten; and by what they are known again.
            "stops",
            "sending",
            "erased",
            "gone",
            "privacy request",
            "token keys",
        ),
        AfterRestore.NEWER,
    )
    | {"customer": AfterRestore.STRICTER}
    | dict.fromkeys(
        (
            "appointment",
            "audit",
            "brought",
            "campaign",
            "card",
            "case",
            "case note",
            "circuit",
            "cleanup",
            "contact settings",
            "contact settings as they were",
            "correction",
            "counter",
            "cursor key",
            "day's counts",
            "declined",
            "destination",
            "dismissal",
            "dispatch",
            "due",
            "equipment",
            "equipment job",
            "erasing",
            "export",
            "fleet",
            "idempotency",
            "import",
            "index",
            "inspections",
            "jobs",
            "last done",
            "link event",
            "linked by",
            "links",
            "mark",
            "member",
            "month's counts",
            "newcomer",
            "night",
            "note",
            "number",
            "operator entry",
            "organization",
            "partner settings",
            "partners",
            "pending",
            "person",
            "photo",
            "place",
            "plate look-up terms",
            "problem report",
            "quote",
            "repair order",
            "resave",
            "shop",
            "source",
            "source categories",
            "source settings",
            "spend",
            "template",
            "told",
            "vehicle",
            "visits",
        ),
        AfterRestore.AS_RESTORED,
    )
)
