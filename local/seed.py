"""The demo organizations, made through the API alone: operator, admins, and import files."""

from dataclasses import dataclass

from local import members
from local.deploy import Deployment
from local.progress import step


class SeedFailed(Exception):
    """The API refused the demo data; the message holds its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the tour shows."""

    operator_email: str


def seed(deployment: Deployment) -> Demo:
    """The demo data, made now or found from the last time. Raises SeedFailed."""
    with step("Demo data"):
        members.make_operator(deployment)
    return Demo(operator_email=members.OPERATOR_EMAIL)
