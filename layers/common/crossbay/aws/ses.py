"""E-mail handed to SES: one attempt, and what is certain after it.

SES has no idempotency token, so a request that is repeated may send twice. The SDK's own retries are off, and
every failure is told as one of three: nothing went out and won't (Refused), nothing went out this time
(Throttled), or nobody knows (Unanswered).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crossbay.errors import ProviderFailed

CONNECT_TIMEOUT_S = 3
READ_TIMEOUT_S = 10
"""SES answers within a second; a worker with ten messages has three minutes."""

_LIST_TIMEOUT_S = 3
"""Of the suppression list: a request takes off fifty within the 29 seconds of API Gateway."""

_NOT_LISTED = "NotFoundException"
_TOO_FAST = {
    "TooManyRequestsException",
    "ThrottlingException",
    "Throttling",
    "LimitExceededException",
}
_BAD_MESSAGE = "BadRequestException"
_FIRST_UNCERTAIN_STATUS = 500


class NotSent(Exception):
    """A definite no, whatever its reason. str: SES's error code."""


class MailRefused(NotSent):
    """SES can't take this message to this address; another try would end the same."""


class Throttled(NotSent):
    """SES takes nothing now: too fast, a quota used up, sending paused, the identity not verified (yet)."""


class Unanswered(Exception):
    """The message may or may not have gone out. str: what came in place of an answer."""


@dataclass
class MailService:
    """SES under one configuration set. boto3 comes with the first call.

    endpoint_url: from the environment (AWS_ENDPOINT_URL_SESV2) where left out.
    """

    configuration_set: str
    read_timeout_s: float = READ_TIMEOUT_S
    endpoint_url: str | None = None

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        once = Config(
            retries={"total_max_attempts": 1},
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=self.read_timeout_s,
        )
        return boto3.client("sesv2", config=once, endpoint_url=self.endpoint_url)

    def send(self, message: bytes, to: str, tags: Mapping[str, str]) -> str:
        """Hand over a whole MIME message; gives back SES's id of it.

        tags: come back with each of SES's events; ASCII letters, digits, `-` and `_`, 256 at most.
        Raises MailRefused, Throttled or Unanswered.
        """
        from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError
        from botocore.exceptions import HTTPClientError as NoAnswer

        try:
            answer = self._client.send_email(
                Destination={"ToAddresses": [to]},
                Content={"Raw": {"Data": message}},
                EmailTags=[{"Name": name, "Value": value} for name, value in tags.items()],
                ConfigurationSetName=self.configuration_set,
            )
        except ClientError as error:
            raise _told(error) from error
        except (ConnectTimeoutError, EndpointConnectionError) as error:
            raise Throttled(type(error).__name__) from error
        except NoAnswer as error:
            raise Unanswered(type(error).__name__) from error
        ses_message_id: str = answer["MessageId"]
        return ses_message_id


@dataclass
class SuppressionList:
    """The account's list of addresses to which SES sends nothing. boto3 comes with the first call.

    endpoint_url: as in `MailService`.
    """

    endpoint_url: str | None = None

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        quick = Config(
            retries={"total_max_attempts": 3},
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=_LIST_TIMEOUT_S,
        )
        return boto3.client("sesv2", config=quick, endpoint_url=self.endpoint_url)

    def remove(self, email: str) -> None:
        """Take the address off the list; nothing where it isn't on it. Raises ProviderFailed: try again."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client.delete_suppressed_destination(EmailAddress=email)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code != _NOT_LISTED:
                raise ProviderFailed("Amazon SES", code) from error
        except BotoCoreError as error:
            raise ProviderFailed("Amazon SES", type(error).__name__) from error


def _told(error: Any) -> Exception:
    """SES's error as one of ours. A bad message is one that no later try mends."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", _FIRST_UNCERTAIN_STATUS))
    if code == _BAD_MESSAGE:
        return MailRefused(code)
    if code not in _TOO_FAST and status >= _FIRST_UNCERTAIN_STATUS:
        return Unanswered(code)
    return Throttled(code)
