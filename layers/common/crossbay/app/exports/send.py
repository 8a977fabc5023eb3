"""A built file on its way to a partner's server: under a temporary name, checked by size, renamed (C24).

A server that lets files be written and nothing else (`write_only`) gets it under its own name.

The state is written before each step that a partner could see, so that who takes a broken one up knows where
to look: under SENDING the partner has seen nothing; under RENAMING the server tells, or nobody can.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from tempfile import TemporaryFile
from typing import IO

from crossbay.app.exports.files import RunFiles, sha256_of
from crossbay.domain.partner import Destination
from crossbay.exports.registry import PARTNERS
from crossbay.exports.run import ExportFile, ExportRun, ExportState
from crossbay.store.exports.exports import save_export
from crossbay.transfer.errors import (
    CutShort,
    MayNotLook,
    MayNotRename,
    MayNotWrite,
    NameTaken,
    NotAllowed,
    SizeUnknown,
    TransferFailed,
)
from crossbay.transfer.folder import Folder

TEMPORARY = ".part"
"""Put behind a file's name while it isn't whole: partners look for the names of whole files."""

Open = Callable[[], AbstractContextManager[Folder]]
"""The partner's folder, signed in."""


class UncertifiedFile(Exception):
    """A file that must not leave: a bug, or somebody's hand in the bucket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSending:
    """at: when it is sent (UTC). held_until: until when the run is this worker's, asked at each step."""

    files: RunFiles
    destination: Destination
    open: Open
    at: str
    held_until: Callable[[], str]

    def send(self, run: ExportRun) -> ExportRun:
        """The run, ACCEPTED or UNCERTAIN. Raises TransferFailed, with the run's state as it was noted last.

        Raises Contended when another worker took the run over.
        """
        file = built_file(run)
        with self.open() as folder:
            if run.state is ExportState.RENAMING:
                return self._taken_up(folder, run, file)
            with self._content(run, file) as content:
                if (found := self._found(folder, file.name)) is not None:
                    return self._there_already(folder, run, file, found, content)
                if self.destination.write_only:
                    return self._handed_in(folder, run, file, content)
                run = self._noted(run, ExportState.SENDING)
                folder.put(file.name + TEMPORARY, content)
                if (arrived := folder.size(file.name + TEMPORARY)) is None:
                    return self._ended(run, ExportState.UNCERTAIN, _TAKEN_AT_ONCE)
            if arrived != file.bytes:
                raise CutShort
            run = self._noted(run, ExportState.RENAMING)
            return self._renamed(folder, run, file)

    def _found(self, folder: Folder, name: str) -> int | None:
        """The size of what has the name already, as far as the server shows it."""
        try:
            return folder.size(name)
        except (MayNotLook, SizeUnknown):
            if self.destination.write_only:
                return None
            raise

    def _there_already(
        self, folder: Folder, run: ExportRun, file: ExportFile, found: int, content: IO[bytes]
    ) -> ExportRun:
        """A file that somebody put there is this one if it has its bytes. Else raises NameTaken."""
        if found == file.bytes and _holds(folder, file.name, content):
            return self._ended(run, ExportState.ACCEPTED)
        raise NameTaken

    def _handed_in(self, folder: Folder, run: ExportRun, file: ExportFile, content: IO[bytes]) -> ExportRun:
        """Written under its own name, as this server wants it: its yes counts, and all else is uncertain."""
        run = self._noted(run, ExportState.RENAMING)
        try:
            folder.put(file.name, content)
        except MayNotWrite:  # refused before the first byte
            self._noted(run, ExportState.BUILT)
            raise
        except TransferFailed as error:
            return self._ended(run, ExportState.UNCERTAIN, error)
        return self._ended(run, ExportState.ACCEPTED)

    def _renamed(self, folder: Folder, run: ExportRun, file: ExportFile) -> ExportRun:
        """A partner may take the file the moment it has its name: gone after our own rename is taken."""
        try:
            folder.rename(file.name + TEMPORARY, file.name)
        except MayNotRename:
            if folder.size(file.name + TEMPORARY) is None and folder.size(file.name) is None:
                return self._ended(run, ExportState.UNCERTAIN, _TAKEN_AT_ONCE)
            raise
        found = folder.size(file.name)
        is_whole = found is None or found == file.bytes
        return self._ended(run, ExportState.ACCEPTED if is_whole else ExportState.UNCERTAIN)

    def _taken_up(self, folder: Folder, run: ExportRun, file: ExportFile) -> ExportRun:
        """Whoever was at it didn't say how it ended. Name and size are no proof that a file is this one."""
        found = self._found(folder, file.name)
        if found is None and not self.destination.write_only:
            if folder.size(file.name + TEMPORARY) == file.bytes:
                return self._renamed(folder, run, file)
        elif found == file.bytes:
            with self._content(run, file) as content:
                if _holds(folder, file.name, content):
                    return self._ended(run, ExportState.ACCEPTED)
        return self._ended(run, ExportState.UNCERTAIN)

    @contextmanager
    def _content(self, run: ExportRun, file: ExportFile) -> Iterator[IO[bytes]]:
        """The file as it was built and certified. Raises UncertifiedFile."""
        with TemporaryFile() as content:
            self.files.bucket.fetch(self.files.file_key(file.sha256), content)
            if sha256_of(content) != file.sha256:
                raise UncertifiedFile(f"file of run {run.id} isn't the one that was built")
            if PARTNERS[run.partner].needs_certificate and not self.files.has_certificate(file):
                raise UncertifiedFile(f"file of run {run.id} has no certificate")
            content.seek(0)
            yield content

    def _noted(self, run: ExportRun, state: ExportState) -> ExportRun:
        return save_export(run, replace(run, state=state, held_until=self.held_until()))

    def _ended(
        self, run: ExportRun, state: ExportState, why: "TransferFailed | _Why | None" = None
    ) -> ExportRun:
        place = self.destination
        ended = replace(
            run,
            state=state,
            held_until=self.held_until(),
            delivered_at=self.at,
            delivered_to=f"{place.protocol.value}://{place.server}:{place.port}/{place.directory.strip('/')}",
            problem_code=why.code if why else "",
            problem=why.public if why else "",
        )
        return save_export(run, ended)


@dataclass(frozen=True, slots=True)
class _Why:
    """Stands in for a TransferFailed: what a person reads of a file that nobody knows of."""

    code: str
    public: str


_TAKEN_AT_ONCE = _Why(
    "taken-at-once",
    "The server took the file, and right after it wasn't there any more: nothing proves that it arrived. "
    "Ask the partner. If its server takes files away at once, set `write_only`: its yes counts as arrival.",
)


def _holds(folder: Folder, name: str, content: IO[bytes]) -> bool:
    """Whether the file there is this one; a server that lets nobody read proves nothing."""
    content.seek(0)
    try:
        return folder.holds(name, content)
    except NotAllowed:
        return False


def built_file(run: ExportRun) -> ExportFile:
    if run.file is None:
        raise ValueError(f"run {run.id} has no file yet")
    return run.file
