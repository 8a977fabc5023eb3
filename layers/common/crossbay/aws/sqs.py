"""Messages to one SQS queue."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from crossbay.errors import Busy

_BATCH = 10
"""Messages in one request, at most (SQS's limit)."""


@dataclass
class Queue:
    """One queue. boto3 comes with the first call."""

    url: str

    @cached_property
    def _client(self) -> Any:
        import boto3

        return boto3.client("sqs")

    def send(self, message: Mapping[str, Any], *, delay_s: int = 0) -> None:
        """delay_s: nobody gets it before; 900 at most. Raises Busy where SQS doesn't take it."""
        with _errors_translated():
            self._client.send_message(
                QueueUrl=self.url,
                MessageBody=json.dumps(message),
                **({"DelaySeconds": delay_s} if delay_s else {}),
            )

    def hide(self, receipt: str, *, for_s: int) -> None:
        """Nobody gets the message for so long from now on. receipt: of who received it. Raises Busy."""
        with _errors_translated():
            self._client.change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=receipt, VisibilityTimeout=for_s
            )

    def send_many(self, messages: Iterable[Mapping[str, Any]]) -> None:
        """Ten a request. Raises Busy when SQS didn't take one of them."""
        left = iter(messages)
        while batch := list(islice(left, _BATCH)):
            entries = [
                {"Id": str(number), "MessageBody": json.dumps(message)}
                for number, message in enumerate(batch)
            ]
            with _errors_translated():
                answer = self._client.send_message_batch(QueueUrl=self.url, Entries=entries)
            if answer.get("Failed"):
                raise Busy(f"{len(answer['Failed'])} messages not taken by the queue")


@contextmanager
def _errors_translated() -> Iterator[None]:
    """What the SDK gives up about after its own attempts."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Busy(f"queue: {type(error).__name__}") from error
