"""One partner file of one shop, from the night that makes it to the partner's yes, and what it told.

    BUILDING -> BUILT -> SENDING -> RENAMING -> ACCEPTED
       |          ^---------'          `------> UNCERTAIN -> ACCEPTED, or NOT_DELIVERED by a person's word
       `-> EMPTY: nothing to tell, no file

A file is frozen once built. SENDING can be begun anew: the partner sees no file under its name. RENAMING is
written before the rename, so that who takes it up knows to look first; where nobody can know, it is
UNCERTAIN, and never sent again by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from crossbay.domain.partner import PartnerCode
from crossbay.exports.service_record import ExportChange


class ExportState(StrEnum):
    BUILDING = "building"
    BUILT = "built"
    SENDING = "sending"
    RENAMING = "renaming"
    ACCEPTED = "accepted"
    UNCERTAIN = "uncertain"
    NOT_DELIVERED = "not_delivered"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """A built file: its name at the partner, hash, size, rows. Without rows there is no file, just the list.

    lines_sha256: of the list of what it told (`ExportLine`, a JSON document a line), kept beside it.
    certificate_sha256: of its certificate; empty for a partner whose file is about people.
    """

    name: str
    sha256: str
    bytes: int
    rows: int
    lines_sha256: str
    certificate_sha256: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRun:
    """date: the shop's civil day. number: of that day's runs: the night's is 1, history files follow.

    first, last: civil days of a history file, else empty. is_finished: nothing is left to do by itself.
    attempts: to deliver it, tonight; problem, problem_code: why the last one failed. holder, held_until:
    whose turn it is (UTC). settled_by: who said what became of an uncertain one. file_removed_at: when (UTC)
    its file went, as someone in it was erased; hash and certificate stay.
    """

    organization_id: str
    shop_id: str
    partner: PartnerCode
    date: str
    number: int = 1
    first: str = ""
    last: str = ""
    state: ExportState = ExportState.BUILDING
    is_finished: bool = False
    file: ExportFile | None = None
    attempts: int = 0
    problem_code: str = ""
    problem: str = ""
    holder: str = ""
    held_until: str = ""
    created_at: str = ""
    built_at: str = ""
    delivered_at: str = ""
    delivered_to: str = ""
    settled_by: str = ""
    file_removed_at: str = ""
    version: int = 0

    @property
    def is_history(self) -> bool:
        return bool(self.first)

    @property
    def id(self) -> str:
        """`2027-03-01-0001`."""
        return f"{self.date}-{self.number:04}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLine:
    """What became of one repair order in a run. version: of the RO as it was read.

    reason, words: why it was left out, empty for a row of the file. offset, length: of its row, in bytes.
    told_sha256: of what was said, whatever `change` says: the same again is not told again.
    keeps_mark: whether the next night looks at it again. part: 0 for what is said of the RO itself; from 1 on
    what takes back that it was told under another VIN or number. invoiced_on: the civil day in its row.
    place, word_number: where the text stands that names somebody (`places.py`).
    """

    repair_order_id: str
    number: str
    customer_id: str
    version: int
    change: ExportChange
    vin: str = ""
    told_sha256: str = ""
    offset: int = 0
    length: int = 0
    reason: str = ""
    words: str = ""
    keeps_mark: bool = False
    part: int = 0
    invoiced_on: str = ""
    place: str = ""
    word_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """That a partner was told of a repair order, in which run and row. at: when its file was delivered (UTC).

    is_certain: False where nobody can know whether the partner took the file. part, invoiced_on: see
    `ExportLine`.
    """

    partner: PartnerCode
    shop_id: str
    customer_id: str
    repair_order_id: str
    number: str
    run_date: str
    run_number: int
    at: str
    change: ExportChange
    vin: str
    told_sha256: str
    file_sha256: str
    offset: int
    length: int
    is_certain: bool = True
    part: int = 0
    invoiced_on: str = ""
