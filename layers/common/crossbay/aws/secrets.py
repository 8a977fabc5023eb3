"""Secrets in Secrets Manager: read by name, made under a new name, deleted. One never changes in place."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

TIMEOUT_S = 5


@dataclass
class Secrets:
    """The secrets of this account and region. boto3 comes with the first call; no value is kept here."""

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        return boto3.client(
            "secretsmanager", config=Config(connect_timeout=TIMEOUT_S, read_timeout=TIMEOUT_S)
        )

    def read(self, name: str) -> str | None:
        """The secret's text, None where there is none of that name."""
        try:
            text: str = self._client.get_secret_value(SecretId=name)["SecretString"]
        except self._client.exceptions.ResourceNotFoundException:
            return None
        return text

    def create(self, name: str, value: str) -> None:
        """Keep a text under a name that nothing has, nor had: another is the caller's bug."""
        self._client.create_secret(Name=name, SecretString=value)

    def delete(self, name: str) -> None:
        """Delete the secret for good, at once; nothing where there is none."""
        try:
            self._client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        except self._client.exceptions.ResourceNotFoundException:
            return
