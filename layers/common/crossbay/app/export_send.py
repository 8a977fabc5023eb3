"""A built file on its way to a partner's server: under a temporary name, checked by size, renamed (C24).

The state is written before each step that a partner could see, so that who takes a broken one up knows where
to look: under SENDING the partner has seen nothing; under RENAMING the server tells, or nobody can.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from tempfile import TemporaryFile

from crossbay.app.export_files import RunFiles, sha256_of
from crossbay.domain.partner import Destination
from crossbay.exports.registry import PARTNERS
from crossbay.exports.run import ExportFile, ExportRun, ExportState
from crossbay.store.exports import save_export
from crossbay.transfer.errors import CutShort, NameTaken
from crossbay.transfer.folder import Folder

TEMPORARY = ".part"
"""Put behind a file's name while it isn't whole: partners look for the names of whole files."""

Open = Callable[[], AbstractContextManager[Folder]]
"""The partner's folder, signed in."""


class NotCertified(Exception):
    """A file that must not leave: a bug, or somebody's hand in the bucket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """at: when it is sent (UTC)."""

    files: RunFiles
    destination: Destination
    open: Open
    at: str

    def send(self, run: ExportRun) -> ExportRun:
        """The run, ACCEPTED or UNCERTAIN. Raises TransferFailed, with the run's state as it was noted last.

        Raises Contended when another worker took the run over.
        """
        file = built_file(run)
        with self.open() as folder:
            if run.state is not ExportState.RENAMING:
                run = self._upload(folder, run, file)
            return self._under_its_name(folder, run, file)

    def _upload(self, folder: Folder, run: ExportRun, file: ExportFile) -> ExportRun:
        if folder.size(file.name) is not None:
            raise NameTaken
        with TemporaryFile() as content:
            self.files.bucket.fetch(self.files.file_key(file.sha256), content)
            if sha256_of(content) != file.sha256:
                raise NotCertified(f"file of run {run.id} isn't the one that was built")
            if PARTNERS[run.partner].needs_certificate and not self.files.has_certificate(file):
                raise NotCertified(f"file of run {run.id} has no certificate")
            run = save_export(run, replace(run, state=ExportState.SENDING))
            content.seek(0)
            folder.put(file.name + TEMPORARY, content)
        if folder.size(file.name + TEMPORARY) != file.bytes:
            raise CutShort
        return save_export(run, replace(run, state=ExportState.RENAMING))

    def _under_its_name(self, folder: Folder, run: ExportRun, file: ExportFile) -> ExportRun:
        """A partner may take the file the moment it has its name: gone after our own rename is taken."""
        found = folder.size(file.name)
        if found is None and folder.size(file.name + TEMPORARY) == file.bytes:
            folder.rename(file.name + TEMPORARY, file.name)
            found = file.bytes if (renamed := folder.size(file.name)) is None else renamed
        state = ExportState.ACCEPTED if found == file.bytes else ExportState.UNCERTAIN
        place = self.destination
        to = f"{place.protocol.value}://{place.server}:{place.port}/{place.directory.strip('/')}"
        return save_export(
            run, replace(run, state=state, delivered_at=self.at, delivered_to=to, problem_code="", problem="")
        )


def built_file(run: ExportRun) -> ExportFile:
    if run.file is None:
        raise ValueError(f"run {run.id} has no file yet")
    return run.file
