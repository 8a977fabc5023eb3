"""Runs imports: told of uploads by S3 through the queue, and by itself when its time was up."""

from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.typing import LambdaContext

from crossbay.app.imports.imports import Upload, take_upload
from crossbay.app.imports.run import keep_alive, run_import
from crossbay.aws.s3 import Bucket
from crossbay.aws.sqs import Queue
from crossbay.entry.batch import LambdaClock, Told, Worker
from crossbay.imports.run import ImportRef, ImportRun
from crossbay.settings import settings
from crossbay.store import wall

COUNTED_AFTER_S = 15
"""A recount leaves marks younger than ten seconds to the next one."""


def act(message: dict[str, Any], context: LambdaContext) -> Told:
    """Run the imports that the message asks for: `{"import": …}` of ours, or S3's event."""
    names = settings().require("imports_bucket", "imports_queue_url")
    bucket = Bucket(names.imports_bucket)
    if "import" in message:
        refs = [ImportRef(**message["import"])]
    else:
        uploads = (_upload(record) for record in message.get("Records", ()))
        refs = [ref for upload in uploads if (ref := take_upload(worker.reads, bucket, upload))]
    told = []
    for ref in refs:
        wall.work_for(ref.organization_id)
        clock, holder = LambdaClock(context), context.aws_request_id
        worker.while_alive(partial(keep_alive, worker.reads, ref, holder=holder, clock=clock))
        run = run_import(worker.reads, bucket, ref, holder=holder, clock=clock)
        if not run.status.is_final:
            Queue(names.imports_queue_url).send({"import": asdict(ref)})
        elif run.counts.created or run.counts.changed:
            _count_anew(ref)
        told.append(_outcome(run))
    return {"imports": told}


def _count_anew(ref: ImportRef) -> None:
    """The shop's figures by source follow in seconds, not when the schedule comes round."""
    job = {"organization_id": ref.organization_id, "shop_id": ref.shop_id}
    queue = Queue(settings().require("recount_queue_url").recount_queue_url)
    queue.send({"recount": job}, delay_s=COUNTED_AFTER_S)


def _upload(record: dict[str, Any]) -> Upload:
    item = record["s3"]["object"]
    return Upload(
        key=unquote_plus(item["key"]),
        etag=item["eTag"].strip('"'),
        sequencer=item.get("sequencer", record["eventTime"]),
        at=datetime.fromisoformat(record["eventTime"]),
    )


def _outcome(run: ImportRun) -> dict[str, object]:
    ids = {"import_id": run.id, "shop_id": run.shop_id, "kind": run.kind.value}
    return ids | {"status": run.status.value, "offset": run.offset, **asdict(run.counts)}


worker = Worker("imports", act, queue="imports_queue_url")
lambda_handler = worker.handler
