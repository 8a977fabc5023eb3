"""What else of a customer who is erased lies in S3: its own folders, and files that hold many customers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from crossbay.app.privacy.export import ARCHIVES
from crossbay.app.privacy.walk import Walk
from crossbay.domain.calendar import utc_iso
from crossbay.imports.run import ImportRun, Status
from crossbay.store.imports import list_runs, save_run
from crossbay.store.reads import Position

WAITS = "imports under way"

OWN_FOLDERS = ("messages", "photos", "quarantine", ARCHIVES)
"""Folders of the files bucket that have one for each customer: letters, pictures, archives handed out."""

PASSING_FOLDERS = ("previews", "lists")
"""Those of a shop that go within a day anyway: whoever asks again gets them without the customer."""

_MAPPING = ".mapping.json"
"""What a shop's columns are called: no person, and the next file needs it."""

_KEPT = timedelta(days=31)
"""Import files are a day less in the bucket (template.yaml)."""

_PAGE = 100


def erase_folders(walk: Walk) -> None:
    """Safe to do again."""
    own = "/".join(walk.request.ids)
    shop = f"{walk.organization_id}/{walk.ref.shop_id}"
    folders = [f"{name}/{own}/" for name in OWN_FOLDERS] + [f"{name}/{shop}/" for name in PASSING_FOLDERS]
    for folder in folders:
        if found := list(walk.files.keys(folder)):
            walk.go_on()
            walk.count_files(folder.partition("/")[0], len(found))
            walk.files.delete(found)


def erase_import_files(walk: Walk) -> None:
    """The shop's import files of before the customer was marked, with their reports, once they are through.

    An import under way waits, and is noted in `walk.waits`; it doesn't take the customer in. What a point of
    sale sends later is its own word, and goes after thirty days. Safe to do again.
    """
    under_way: list[str] = []
    for run in _runs(walk):
        if not run.status.is_final:
            under_way.append(run.key)
            walk.waits[WAITS] += run.status is not Status.AWAITING_UPLOAD
        elif not run.file_removed_at:
            walk.go_on()
            walk.imports.delete(_of(walk, run.key))
            with walk.counting_file("imports") as transaction:
                save_run(run, replace(run, file_removed_at=walk.at), also=transaction)
    if walk.is_last_look:
        walk.imports.delete([key for key in _left_over(walk) if not key.startswith(tuple(under_way))])


def _runs(walk: Walk) -> Iterator[ImportRun]:
    """Those of before the customer was marked whose files may still be there."""
    oldest = utc_iso(walk.marked_at - _KEPT)
    after: Position | None = None
    while True:
        runs, after = list_runs(walk.reads, walk.ref.shop_ref(walk.organization_id), limit=_PAGE, after=after)
        yield from (run for run in runs if oldest <= run.created_at <= walk.erased_at)
        if after is None or runs[-1].created_at < oldest:
            return


def _of(walk: Walk, key: str) -> list[str]:
    """A file and what lies beside it: its report, its bad rows and their parts."""
    return list(walk.imports.keys(key))


def _left_over(walk: Walk) -> Iterator[str]:
    """Files of before that no import took, such as those under a name that tells no kind."""
    for key, put_at in walk.imports.dated_keys(f"{walk.organization_id}/{walk.ref.shop_id}/"):
        if put_at <= walk.marked_at and not key.endswith(_MAPPING):
            yield key
