"""A shop's files for a partner: what is open is finished, oldest first, then tonight's is made (C23, C24).

One file at a time and in order: while a partner takes nothing, marks gather in the outbox and the next file
tells them all. Whoever works on a run holds it by a lease; each step is written on the version that was read,
so a worker that lost its turn stops at its next step.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, Self

from crossbay.app.alive import LEASE, left_of
from crossbay.app.exports.build import build
from crossbay.app.exports.circuit import note_answer, note_failure, wait_before
from crossbay.app.exports.files import RunFiles
from crossbay.app.exports.send import FileSending, built_file
from crossbay.app.exports.settle import settle
from crossbay.aws.s3 import Bucket
from crossbay.domain.calendar import utc_iso
from crossbay.domain.organization import ShopRef
from crossbay.domain.partner import Destination, PartnerCode, PartnerSettings
from crossbay.errors import BadInput, Busy, Contended
from crossbay.exports.run import ExportRun, ExportState
from crossbay.store.exports.exports import (
    find_export,
    list_open_exports,
    read_export,
    renew_export,
    save_export,
)
from crossbay.store.exports.partners import read_destination, read_partner_settings
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Reads
from crossbay.transfer.connect import connected
from crossbay.transfer.errors import TransferFailed
from crossbay.transfer.folder import Credential, Folder
from crossbay.transfer.hosts import Hosts

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15))
"""Before the second, third and fourth try, and the last one before all further (SQS waits no longer)."""

TRIED_FOR = timedelta(hours=3)
"""Then a person hears of it, and the next night begins anew."""


class ReadSecrets(Protocol):
    def read(self, name: str) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a worker delivers with. holder: names it. now: the time."""

    reads: Reads
    bucket: Bucket
    secrets: ReadSecrets
    hosts: Hosts
    holder: str
    now: Callable[[], datetime]

    def held_until(self) -> str:
        """The time (UTC) until when a run is this worker's from now on: renewed at each step, and while one
        lasts.
        """
        return utc_iso(self.now() + LEASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryJob:
    """What is asked for. night: the civil day whose file is made too; empty: only what is open.

    attempt: from 1. since: when the first one was (UTC).
    """

    organization_id: str
    shop_id: str
    partner: PartnerCode
    night: str = ""
    attempt: int = 1
    since: str = ""

    @property
    def ids(self) -> tuple[ShopRef, PartnerCode]:
        return ShopRef.of(self), self.partner

    @classmethod
    def of(cls, about: Mapping[str, Any]) -> Self:
        """Reads a job out of a queue message. Raises BadInput for what is no such job."""
        try:
            return cls(**{**about, "partner": PartnerCode(about["partner"])})
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput("This is no export to make.") from error

    def message(self) -> dict[str, object]:
        return {"export": asdict(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """outcome: of the last run looked at, or why nothing was done. files, rows, left_out: of those finished.

    again: the job to do again after `pause`. given_up, uncertain: 1 where a person has to look.
    """

    outcome: str
    files: int = 0
    rows: int = 0
    left_out: int = 0
    uncertain: int = 0
    given_up: int = 0
    problem: str = ""
    again: DeliveryJob | None = None
    pause: timedelta = timedelta()

    def told(self) -> dict[str, object]:
        """What the log says: ids and counts."""
        return {name: value for name, value in asdict(self).items() if name not in ("again", "pause")}


def deliver(desk: Desk, job: DeliveryJob) -> Delivered:
    """Finish the partner's open runs and tonight's.

    Raises Contended when another worker came in between, and Busy while one is at it.
    """
    settings = read_partner_settings(desk.reads, *job.ids)
    if not settings.is_on:
        return Delivered(outcome="off")
    place = place_of(desk.reads, settings)
    if place is None:
        return Delivered(outcome="no destination", given_up=1)
    worker = _Worker(desk=desk, job=job, settings=settings, destination=place[0], secret=place[1])
    told = Delivered(outcome="nothing to do")
    while (run := worker.next_run()) is not None:
        done = worker.work_off(run)
        if isinstance(done, Delivered):
            return replace(done, files=told.files, rows=told.rows, left_out=told.left_out)
        told = _with_run(told, done)
    return told


def keep_alive(desk: Desk, job: DeliveryJob) -> None:
    """The worker says that it lives, on the run that it holds. Raises Contended while it writes itself."""
    for run in list_open_exports(desk.reads, *job.ids):
        if run.holder == desk.holder:
            renew_export(replace(run, held_until=desk.held_until()))


def place_of(reads: Reads, settings: PartnerSettings) -> tuple[Destination, str] | None:
    """Where a shop's files for a partner go, and the secret's name: its own place, or the deployment's."""
    if settings.destination.server:
        return settings.destination, settings.secret
    ours = read_destination(reads, settings.partner)
    return (ours.destination, ours.secret) if ours.version else None


def credential_of(secrets: ReadSecrets, name: str) -> Credential:
    """What the secret of a partner's settings holds. Raises Busy where a newer one just took its place."""
    kept = secrets.read(name)
    if kept is None:
        raise Busy("a partner's password was replaced just now")
    return Credential(**json.loads(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Worker:
    """One job's work. destination, secret: where the files go."""

    desk: Desk
    job: DeliveryJob
    settings: PartnerSettings
    destination: Destination
    secret: str

    @property
    def at(self) -> str:
        return utc_iso(self.desk.now())

    def next_run(self) -> ExportRun | None:
        """The oldest run that isn't finished, then tonight's."""
        opened = list_open_exports(self.desk.reads, *self.job.ids)
        if opened or not self.job.night:
            return opened[0] if opened else None
        if find_export(self.desk.reads, *self.job.ids, self.job.night, 1) is not None:
            return None
        return save_export(
            None,
            ExportRun(
                organization_id=self.job.organization_id,
                shop_id=self.job.shop_id,
                partner=self.job.partner,
                date=self.job.night,
                created_at=self.at,
            ),
        )

    def work_off(self, run: ExportRun) -> ExportRun | Delivered:
        """The run, finished; or what kept it from that. Raises Busy while another worker is at it."""
        if run.holder != self.desk.holder and run.held_until > self.at:
            wait = left_of(run.held_until, self.desk.now())
            raise Busy(f"another worker has export {run.id} of shop {run.shop_id}", wait=wait)
        run = save_export(run, replace(run, holder=self.desk.holder, held_until=self.desk.held_until()))
        files = RunFiles(bucket=self.desk.bucket, run=run)
        if run.state is ExportState.BUILDING:
            run = self._build(files, run)
        if run.state in (ExportState.BUILT, ExportState.SENDING, ExportState.RENAMING):
            sent = self._send(files, run)
            if isinstance(sent, Delivered):
                return sent
            run = sent
        return settle(self.desk.reads, files, run)

    def _build(self, files: RunFiles, run: ExportRun) -> ExportRun:
        shop = read_shop(self.desk.reads, ShopRef.of(run))
        file = build(self.desk.reads, files, run, self.settings, shop)
        until = self.desk.held_until()
        built = replace(run, state=ExportState.BUILT, file=file, built_at=self.at, held_until=until)
        if not file.rows:
            built = replace(built, state=ExportState.EMPTY)
        elif before := files.delivery():  # the table was restored from a backup since
            built = replace(built, state=before.state, delivered_at=before.at, delivered_to=before.to)
        return save_export(run, built)

    def _send(self, files: RunFiles, run: ExportRun) -> ExportRun | Delivered:
        reads, now = self.desk.reads, self.desk.now()
        wait = wait_before(reads, self.destination, now)
        if wait:
            return self._put_off(run, "its host fails others too", pause=wait, attempt=self.job.attempt)
        sending = FileSending(
            files=files,
            destination=self.destination,
            open=self._open,
            at=self.at,
            held_until=self.desk.held_until,
        )
        try:
            run = sending.send(run)
        except TransferFailed as error:
            if error.is_hosts_fault:
                note_failure(reads, self.destination, now)
            else:
                note_answer(reads, self.destination, now)
            return self._failed(run, error)
        note_answer(reads, self.destination, now)
        return run

    def _open(self) -> AbstractContextManager[Folder]:
        credential = credential_of(self.desk.secrets, self.secret)
        return connected(self.destination, credential, self.desk.hosts)

    def _failed(self, run: ExportRun, error: TransferFailed) -> Delivered:
        """Note why, as far as the run got. Raises Contended where it is another worker's by now."""
        run = read_export(self.desk.reads, *self.job.ids, run.date, run.number)
        if run.holder != self.desk.holder:
            raise Contended(f"export {run.id} of shop {run.shop_id}")
        noted = replace(run, attempts=run.attempts + 1, problem_code=error.code, problem=error.public)
        run = save_export(run, noted)
        if not error.is_passing:
            return self._put_off(run, error.code)
        pause = PAUSES[min(self.job.attempt, len(PAUSES)) - 1]
        return self._put_off(run, error.code, pause=pause, attempt=self.job.attempt + 1)

    def _put_off(
        self, run: ExportRun, problem: str, *, pause: timedelta | None = None, attempt: int = 1
    ) -> Delivered:
        """Free for the next worker: the same job after a pause, or where that won't help, a person."""
        save_export(run, replace(run, holder="", held_until=""))
        since = self.job.since or self.at
        if pause is None or self.at > utc_iso(datetime.fromisoformat(since) + TRIED_FOR):
            return Delivered(outcome="given up for tonight", problem=problem, given_up=1)
        again = replace(self.job, attempt=attempt, since=since)
        return Delivered(outcome="tried again later", problem=problem, again=again, pause=pause)


def _with_run(told: Delivered, run: ExportRun) -> Delivered:
    file = built_file(run)
    return replace(
        told,
        outcome=run.state.value,
        files=told.files + (file.rows > 0),
        rows=told.rows + file.rows,
        left_out=told.left_out + sum(file.left_out.values()),
        uncertain=told.uncertain + (run.state is ExportState.UNCERTAIN),
    )
