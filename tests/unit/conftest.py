"""Unit tests are pure: a socket is a mistake."""

import pytest


@pytest.fixture(autouse=True)
def no_sockets(socket_disabled: None) -> None:
    """Opening a socket fails the test."""
