"""Messages to one SQS queue."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass
class Queue:
    """One queue. boto3 comes with the first call."""

    url: str

    @cached_property
    def _client(self) -> Any:
        import boto3

        return boto3.client("sqs")

    def send(self, message: Mapping[str, Any]) -> None:
        self._client.send_message(QueueUrl=self.url, MessageBody=json.dumps(message))
