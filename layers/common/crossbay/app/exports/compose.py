"""A file out of what was gathered: what is left out and why, checked for people, written (C22, C23).

What was gathered goes to a temporary file first, since the check has to have seen every row and every person
of the file before it can say anything of one row. Memory stays flat, whatever the number of rows.
"""

import hashlib
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from tempfile import TemporaryFile
from typing import IO, Any

import msgspec

from crossbay.app.exports.gather import Gathered
from crossbay.domain.organization import Shop
from crossbay.domain.partner import PartnerCode
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus
from crossbay.exports.belief import news, standing, taken_back
from crossbay.exports.certificate import Certificate, certify
from crossbay.exports.kinds import PersonalKind
from crossbay.exports.name_watch import CLEAN, Clean, Doubtful, Leak, Verdict, Watch
from crossbay.exports.orders_left_out import (
    LeftOut,
    LeftOutReason,
    left_out,
    left_out_for_good,
    nothing_to_take_back,
    told_already,
)
from crossbay.exports.partner import FileRun
from crossbay.exports.person import PersonalValues, people_of
from crossbay.exports.places import place_of
from crossbay.exports.registry import PARTNERS, RegisteredPartner
from crossbay.exports.row_owner import perhaps_names_owner
from crossbay.exports.run import ExportLine, Telling
from crossbay.exports.service_record import ExportChange

_LENGTH_BYTES = 4

People = tuple[PersonalValues, ...]
"""Whoever must not be named for a repair order, its customer first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What was written. sha256: of the file. Without rows there is no file, whatever was written."""

    name: str
    sha256: str
    bytes: int
    rows: int
    left_out: Counter[str]
    certificate: Certificate | None


def compose(
    partner: PartnerCode,
    shop: Shop,
    run: FileRun,
    gathered: Iterable[Gathered],
    content: IO[bytes],
    lines: IO[bytes],
) -> Composed:
    """Write the file, and a line about each repair order; both start empty.

    Raises NotCertified where the finished file names someone all the same: that is a bug.
    """
    with TemporaryFile() as spool:
        composing = _Composing(
            entry=PARTNERS[partner], shop=shop, run=run, content=content, lines=lines, spool=spool
        )
        composing.take(gathered)
        composing.check_people()
        rows = composing.write()
        is_file = rows > 0
        certificate = composing.certificate() if is_file and composing.entry.needs_certificate else None
    return Composed(
        name=composing.entry.partner.file_name(run) if is_file else "",
        sha256=composing.digest.hexdigest() if is_file else "",
        bytes=composing.offset if is_file else 0,
        rows=rows,
        left_out=composing.left_out,
        certificate=certificate,
    )


@dataclass(slots=True, kw_only=True)
class _Composing:
    """spool: line, row and people of each RO that may go. offset: bytes written so far.

    takes_back: whether any row does.
    """

    entry: RegisteredPartner[Any]
    shop: Shop
    run: FileRun
    content: IO[bytes]
    lines: IO[bytes]
    spool: IO[bytes]
    watch: Watch = field(default_factory=Watch)
    left_out: Counter[str] = field(default_factory=Counter)
    takes_back: bool = False
    offset: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def take(self, gathered: Iterable[Gathered]) -> None:
        """Set down what may go, and note why the rest does not."""
        for one in gathered:
            line = _line_of(one.order)
            if gone := left_out_for_good(one.customer):
                self._leave_out(line, gone)
                continue
            is_void, needs_vin = one.order.status is RepairOrderStatus.VOID, self.entry.needs_vin
            why = None if is_void else left_out(one.order, needs_vin=needs_vin)
            heard = news(one.order, standing(one.tellings, needs_vin=needs_vin), why, needs_vin=needs_vin)
            has_own_line = not (is_void and heard.change is None and heard.taken_back)
            for part, told in enumerate(heard.taken_back, 1):
                self._take_back(one, told, replace(line, part=part, keeps_mark=has_own_line or part > 1))
            if why is not None:
                self._leave_out(line, why)
            elif heard.change is not None:
                self._tell(one, heard.change, heard.told, line)
            elif has_own_line:
                self._leave_out(line, nothing_to_take_back(was_told=bool(one.tellings)))

    def _tell(self, one: Gathered, change: ExportChange, told: Telling | None, line: ExportLine) -> None:
        """Set down the RO's own row."""
        order, line = one.order, replace(line, change=change)
        if change is ExportChange.VOIDED and told is not None:
            self._take_back(one, told, line)
            return
        if change is ExportChange.AMENDED and told is not None:
            line = replace(line, told_sha256=self._fingerprint(one))
            if line.told_sha256 == told.told_sha256:
                self._leave_out(line, told_already())
                return
        self._set_down(line, order, one)

    def _take_back(self, one: Gathered, told: Telling, line: ExportLine) -> None:
        """Set down a row that takes back what the partner was told."""
        order = taken_back(one.order, told)
        line = replace(
            line,
            change=ExportChange.VOIDED,
            number=order.number,
            vin=order.vehicle.vin,
            invoiced_on=order.invoiced_on,
        )
        self._set_down(line, order, one)

    def check_people(self) -> None:
        """Let the watch see everyone, once it has seen every cell."""
        if self.entry.needs_certificate:
            for _, _, people in self._set_down_rows():
                for person in people:
                    self.watch.note_person(person)

    def write(self) -> int:
        """The file's rows, and how many; those that name someone are left out."""
        waiting: deque[ExportLine] = deque()
        parts = self.entry.partner.render(self._rows_to_go(waiting), self.run)
        self._put(next(parts))
        rows = 0
        for part in parts:
            line = waiting.popleft()
            told = line.told_sha256 or hashlib.sha256(part).hexdigest()
            self._note(replace(line, told_sha256=told, offset=self.offset, length=len(part)))
            self._put(part)
            rows += 1
        return rows

    def certificate(self) -> Certificate:
        """The certificate of the file as it lies there, read again."""
        self.content.seek(0)
        return certify(
            self.content,
            self.watch,
            withheld_leaks=self.left_out[LeftOutReason.PERSONAL],
            withheld_doubtful=self.left_out[LeftOutReason.DOUBTFUL],
        )

    def _rows_to_go(self, waiting: deque[ExportLine]) -> Iterator[Any]:
        for line, row, people in self._in_order():
            match self._verdict(row, people) if self._is_checked else CLEAN:
                case Leak(words=words) as found:
                    line = self._placed(line, row, found)
                    self._leave_out(line, LeftOut(reason=LeftOutReason.PERSONAL, words=words))
                case Doubtful(words=words) as found:
                    line = self._placed(line, row, found)
                    # Perhaps only beside tonight's other rows: looked at again next night.
                    doubtful = LeftOut(reason=LeftOutReason.DOUBTFUL, words=words)
                    self._leave_out(replace(line, keeps_mark=True), doubtful)
                case Clean():
                    waiting.append(line)
                    yield row

    def _placed(self, line: ExportLine, row: Any, found: Leak | Doubtful) -> ExportLine:
        place, word_number = place_of(self.entry.free_text(row), found.cell, found.word)
        return replace(line, place=place, word_number=word_number)

    def _in_order(self) -> Iterator[tuple[ExportLine, Any, People]]:
        """What takes back comes first: another RO may be told under the same name."""
        for is_void in (True, False) if self.takes_back else (False,):
            for found in self._set_down_rows():
                if (found[0].change is ExportChange.VOIDED) is is_void:
                    yield found

    def _verdict(self, row: Any, people: People) -> Verdict:
        cells = self.entry.free_text(row)
        verdict = self.watch.verdict(cells)
        if verdict is CLEAN:
            for person in people:
                if cell := perhaps_names_owner(cells, person):
                    return Doubtful(PersonalKind.NAME, cell)
        return verdict

    @property
    def _is_checked(self) -> bool:
        return self.entry.needs_certificate

    def _fingerprint(self, one: Gathered) -> str:
        """A hash of what is said, whether it is said for the first time or again."""
        row = self.entry.row(one.order, one.customer, self.shop, ExportChange.NEW)
        _, *parts = self.entry.partner.render([row], self.run)
        return hashlib.sha256(b"".join(parts)).hexdigest()

    def _set_down(self, line: ExportLine, order: RepairOrder, one: Gathered) -> None:
        row, people = self.entry.row(order, one.customer, self.shop, line.change), People()
        if self._is_checked:
            self.watch.note_cells(self.entry.free_text(row))
            people = people_of(one.order, one.customer, one.contacts)
        self.takes_back |= line.change is ExportChange.VOIDED
        packed = msgspec.msgpack.encode((line, row, people))
        self.spool.write(len(packed).to_bytes(_LENGTH_BYTES, "big"))
        self.spool.write(packed)

    def _set_down_rows(self) -> Iterator[tuple[ExportLine, Any, People]]:
        self.spool.seek(0)
        decoder: Any = msgspec.msgpack.Decoder(tuple[ExportLine, self.entry.record, People])  # type: ignore[name-defined]
        while length := self.spool.read(_LENGTH_BYTES):
            yield decoder.decode(self.spool.read(int.from_bytes(length, "big")))

    def _leave_out(self, line: ExportLine, why: LeftOut) -> None:
        self.left_out[why.reason] += 1
        self._note(replace(line, reason=why.reason, words=why.words))

    def _note(self, line: ExportLine) -> None:
        self.lines.write(msgspec.json.encode(line) + b"\n")

    def _put(self, part: bytes) -> None:
        self.content.write(part)
        self.digest.update(part)
        self.offset += len(part)


def _line_of(order: RepairOrder) -> ExportLine:
    return ExportLine(
        repair_order_id=order.id,
        number=order.number,
        customer_id=order.customer_id,
        version=order.version,
        change=ExportChange.NEW,
        vin=order.vehicle.vin,
        invoiced_on=order.invoiced_on,
    )
