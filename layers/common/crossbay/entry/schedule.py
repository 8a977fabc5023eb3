"""A door that EventBridge Scheduler opens by the clock: one log line a run."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from crossbay.entry.logs import places, quiet_libraries
from crossbay.settings import settings
from crossbay.store import wall
from crossbay.store.reads import Reads


class Schedule:
    """One Lambda's clock side: `handler` is what Lambda calls. Scheduler tries a run that raises again."""

    def __init__(self, name: str, act: Callable[[Reads], Mapping[str, object]]) -> None:
        self._act = act
        quiet_libraries()
        self._log = Logger(service=name)
        self._reads: Reads | None = None

    def handler(self, event: Any, context: LambdaContext) -> None:
        started = time.perf_counter()
        if self._reads is None:
            self._reads = Reads(settings().require("table_name").table_name)
        try:
            with wall.raised():
                wall.work_across(wall.Across.SCHEDULE)
                said = dict(self._act(self._reads))
        except Exception as error:
            self._log.error("run failed", extra={"error": type(error).__name__, "at": places(error)})
            raise
        self._log.info("run", extra=said | {"ms": round((time.perf_counter() - started) * 1000)})
