"""SES's events as SNS and SQS hand them on: in an envelope or raw, JSON, JSON in JSON, a line of text."""

import json
from collections.abc import Mapping
from typing import Any

from crossbay.errors import BadInput

_DEEPEST = 4
"""Envelopes around an event: SNS's own, and those of whoever passes it on as text."""

_TEST = "successfully validated sns topic"
"""How SES begins the line of text by which it tries a topic out."""


def event_in(notification: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The event of SES in a message of the queue; None for the text by which SES tries a topic out.

    Raises BadInput for anything else.
    """
    found: Any = notification
    for _ in range(_DEEPEST):
        if isinstance(found, Mapping) and ("eventType" in found or "notificationType" in found):
            return found
        if isinstance(found, Mapping) and "Message" in found:
            found = found["Message"]
        elif isinstance(found, str):
            if found.strip().lower().startswith(_TEST):
                return None
            found = _parsed(found)
        else:
            break
    if isinstance(found, Mapping) and ("eventType" in found or "notificationType" in found):
        return found
    raise BadInput("This is no notification of SES.")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInput("This is no notification of SNS.") from error
