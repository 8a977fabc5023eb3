"""What hangs on a record that goes or changes hands, and what becomes of it: nothing is left stuck.

A test holds the table of customers to the data model: a new type of item has an answer before it lands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Lot(StrEnum):
    """REFUSED: the record can't go while this is there. ALONG: goes with it. HANDED_OVER: to someone who is
    there. STAYS: for the record's history, nobody has to change it any more.
    """

    REFUSED = "refused"
    ALONG = "along"
    HANDED_OVER = "handed over"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Hanging:
    lot: Lot
    how: str


_REPEATS = Hanging(Lot.STAYS, "repeats what another item says")

OF_DELETED_CUSTOMER: Mapping[str, Hanging] = MappingProxyType(
    {
        "customer": Hanging(Lot.STAYS, "itself, marked as deleted"),
        "vehicle": Hanging(Lot.ALONG, "found and changed by nobody any more"),
        "card": Hanging(Lot.ALONG, "with the index items that lead to it"),
        "cleanup": Hanging(Lot.STAYS, "names index items for the next save"),
        "repair order": Hanging(Lot.REFUSED, "while open; others stay for accounting"),
        "jobs": _REPEATS,
        "declined": _REPEATS,
        "inspections": _REPEATS,
        "last done": _REPEATS,
        "equipment job": _REPEATS,
        "visits": Hanging(Lot.ALONG, "no night looks for it"),
        "message": Hanging(Lot.STAYS, "one that waits is skipped when its turn comes"),
        "slot": _REPEATS,
        "appointment": Hanging(Lot.REFUSED, "while to come; one that is left can be cancelled and deleted"),
        "equipment": Hanging(Lot.ALONG, "listed at the customer alone"),
        "quote": Hanging(Lot.REFUSED, "while draft or open"),
        "note": Hanging(Lot.ALONG, "listed at the customer alone"),
        "photo": Hanging(Lot.ALONG, "listed at the customer alone; one under way is thrown away"),
        "problem report": Hanging(Lot.STAYS, "the office lists and settles it as before"),
        "person": Hanging(Lot.ALONG, "listed at the customer alone"),
        "case": Hanging(Lot.REFUSED, "while open; a closed one can't be opened again"),
        "case note": Hanging(Lot.STAYS, "with its case"),
        "note mail": Hanging(Lot.STAYS, "with its case"),
        "links": Hanging(Lot.STAYS, "what this shop decided"),
        "link event": Hanging(Lot.STAYS, "only ever added to"),
        "linked by": Hanging(Lot.ALONG, "with the links of other shops that lead here"),
        "told": Hanging(Lot.STAYS, "what partners were told"),
        "erasing": Hanging(Lot.STAYS, "until an erasure is through"),
        "audit": Hanging(Lot.STAYS, "only ever added to"),
    }
)
"""By type of item in the customer's partition."""

OF_OTHERS: Mapping[str, Mapping[str, Hanging]] = MappingProxyType(
    {
        "service address taken away": {
            "records at it": Hanging(Lot.REFUSED, "or handed over to another address of the customer")
        },
        "customer leaves its fleet": {
            "cases": Hanging(Lot.HANDED_OVER, "to the new fleet, or to none"),
            "contacts of the fleet": Hanging(Lot.HANDED_OVER, "to the shop, which can change them then"),
        },
        "fleet deleted": {
            "customers": Hanging(Lot.REFUSED, "while one names it"),
            "members": Hanging(Lot.REFUSED, "while one belongs to it"),
        },
        "member removed": {
            "open cases": Hanging(
                Lot.STAYS, "listed as unattended where no assignee is left who can write in them"
            )
        },
        "contact deleted": {
            "contacts merged into it": Hanging(
                Lot.ALONG, "named before it is confirmed; of a fleet's the shop's stay"
            )
        },
    }
)
"""By what happens to other records."""
