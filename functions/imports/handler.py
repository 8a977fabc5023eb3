"""Imports of a shop's point-of-sale data: asked for, listed, read."""

from dataclasses import dataclass, replace

from crossbay.app.imports import imports
from crossbay.aws.s3 import Bucket
from crossbay.domain.access import Action
from crossbay.entry.http import Cursor, Door, Id, IdempotencyKey, Limit, Response
from crossbay.entry.import_requests import NewImport
from crossbay.imports.run import Status
from crossbay.settings import settings
from crossbay.store.imports import list_runs, read_run

door = Door("imports")
app = door.app
lambda_handler = door.handler


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """next: the cursor of the following page, null on the last."""

    imports: tuple[imports.ImportView, ...]
    next: str | None


def bucket() -> Bucket:
    return Bucket(settings().require("imports_bucket").imports_bucket)


@app.post("/shops/<shop_id>/imports", tags=["imports"], summary="Import records", status_code=202)
def create_import(
    shop_id: Id, body: NewImport, idempotency_key: IdempotencyKey = None
) -> Response[imports.ImportView]:
    """Rows in the call are taken in shortly; without them, post the file to `upload.url` with
    `upload.fields`.
    """
    caller = door.caller(Action.IMPORT_RECORDS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.draft(caller.shop_ref(shop_id))
    (import_id,) = door.once(stamp, lambda: (imports.register(door.reads, draft, stamp=stamp).id,))
    run = read_run(door.reads, caller.shop_ref(shop_id), import_id)
    answer = imports.summary(run)
    if run.status is Status.AWAITING_UPLOAD:
        if body.rows is None:
            answer = replace(answer, upload=imports.upload_form(bucket(), run))
        else:
            imports.put_rows(bucket(), run, body.rows)
    location = f"/shops/{shop_id}/imports/{import_id}"
    return Response(202, "application/json", answer, headers={"Location": location})


@app.get("/shops/<shop_id>/imports", tags=["imports"], summary="List the imports")
def list_imports(shop_id: Id, limit: Limit = 20, cursor: Cursor = None) -> ImportPage:
    """Newest first."""
    caller = door.caller(Action.IMPORT_RECORDS, shop_id)
    position = door.position(caller, cursor)
    runs, following = list_runs(door.reads, caller.shop_ref(shop_id), limit=limit, after=position)
    return ImportPage(
        imports=tuple(imports.summary(run) for run in runs), next=door.cursor(caller, following)
    )


@app.get("/shops/<shop_id>/imports/<import_id>", tags=["imports"], summary="Read an import")
def read_import(shop_id: Id, import_id: Id) -> imports.ImportView:
    """How far it is, and links to its report and its bad rows once it is through."""
    caller = door.caller(Action.IMPORT_RECORDS, shop_id)
    return imports.view(bucket(), read_run(door.reads, caller.shop_ref(shop_id), import_id))
