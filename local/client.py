"""Calls the deployed API as a client of ours would, for the demo data and the e2e tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from local import members
from local.deploy import Deployment

ANSWER_TIMEOUT_S = 60
"""A cold door on a busy machine takes some seconds."""


class ApiRefused(Exception):
    """The API refused; the message holds its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The API as one member sees it, or as nobody does where `token` is empty."""

    api_url: str
    token: str = ""

    def __call__(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The API's answer. path starts with a slash; body goes as JSON, bytes and text as they are."""
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        content = {"data": body} if isinstance(body, bytes | str) else {"json": body}
        return requests.request(
            method,
            f"{self.api_url}{path}",
            params=query,
            headers=sent | dict(headers or {}),
            timeout=ANSWER_TIMEOUT_S,
            **content,
        )


def checked(answer: requests.Response) -> Any:
    """What the API answered. Raises ApiRefused."""
    if not answer.ok:
        asked = answer.request
        raise ApiRefused(f"{asked.method} {asked.path_url}: {answer.status_code} {answer.text}")
    return answer.json()


def signed_in(deployment: Deployment, email: str, *, password: str = members.DEMO_PASSWORD) -> Client:
    """A client with the member's ID token. A wrong password is Cognito's NotAuthorizedException."""
    token = members.sign_in(deployment, email=email, password=password)
    return Client(api_url=deployment.api_url, token=token)
