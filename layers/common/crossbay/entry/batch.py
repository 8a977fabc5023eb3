"""A queue worker: messages one by one, those that failed reported back, one log line each."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from crossbay.aws.sqs import Queue
from crossbay.entry import clock
from crossbay.entry.heartbeat import Heartbeat
from crossbay.entry.logs import places, quiet_libraries
from crossbay.errors import CrossbayError, Retry
from crossbay.settings import settings
from crossbay.store import wall
from crossbay.store.reads import Reads

Told = Mapping[str, object]
"""What a message's log line says: ids and counts."""


LEFT_FOR_OTHERS_MS = 120_000
"""With less than two minutes of Lambda's fifteen left, another worker goes on."""


@dataclass(frozen=True, slots=True)
class LambdaClock:
    """The time, and what Lambda leaves of it. is_nights: the time as the doors of the night see it."""

    context: LambdaContext
    is_nights: bool = False

    def now(self) -> datetime:
        return clock.of_the_night() if self.is_nights else clock.real()

    def has_time(self) -> bool:
        return self.context.get_remaining_time_in_millis() > LEFT_FOR_OTHERS_MS


class Worker:
    """One Lambda's queue side: `handler` is what Lambda calls. A message that raises comes again.

    act: carries a message out, and says first by `wall.work_for` which organization it is about.

    queue: the setting with the queue's address, of a worker that works for minutes. If it dies, its message
    comes again within two minutes, and so does one that raises.
    """

    def __init__(
        self, name: str, act: Callable[[dict[str, Any], LambdaContext], Told], *, queue: str = ""
    ) -> None:
        self._act = act
        self._queue = queue
        self._heartbeat: Heartbeat | None = None
        quiet_libraries()
        self._log = Logger(service=name)
        self._reads: Reads | None = None
        self._context: LambdaContext | None = None
        self._processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

    @property
    def reads(self) -> Reads:
        if self._reads is None:
            self._reads = Reads(settings().require("table_name").table_name)
        return self._reads

    def while_alive(self, tell: Callable[[], None]) -> None:
        """Have it told from time to time, from a thread, until the message is through; Contended is taken."""
        if self._heartbeat:
            self._heartbeat.tell = tell

    def handler(self, event: dict[str, Any], context: LambdaContext) -> Any:
        self._context = context
        return process_partial_response(
            event=event, record_handler=self._record, processor=self._processor, context=context
        )

    def _record(self, record: SQSRecord) -> None:
        started = time.perf_counter()
        said: dict[str, object] = {"message_id": record.message_id}
        try:
            with wall.raised(), self._alive(record):
                said |= self._act(record.json_body, self._context or LambdaContext())
        except Retry as error:
            self._log.warning("message comes again", extra=said | {"why": str(error)})
            raise
        except CrossbayError as error:
            self._log.error("message refused", extra=said | {"problem": error.slug, "at": places(error)})
            raise
        except Exception as error:
            self._log.error("bug", extra=said | {"error": type(error).__name__, "at": places(error)})
            raise
        self._log.info("message", extra=said | {"ms": round((time.perf_counter() - started) * 1000)})

    def _alive(self, record: SQSRecord) -> AbstractContextManager[None]:
        if not self._queue:
            return nullcontext()

        def missed(error: Exception) -> None:
            told = {"message_id": record.message_id, "error": type(error).__name__}
            self._log.warning("heartbeat missed", extra=told)

        url: str = getattr(settings().require(self._queue), self._queue)
        self._heartbeat = Heartbeat(queue=Queue(url), receipt=record.receipt_handle, missed=missed)
        return self._heartbeat
