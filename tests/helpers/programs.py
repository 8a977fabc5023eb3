"""Servers, clients and a browser that nobody here wrote, for the tests that need them."""

import os
from pathlib import Path

import pytest

from local.programs import NEEDED, find_program, install_command


def program(name: str) -> Path:
    """Where a program or file of `NEEDED` is. Without it the test isn't run; in CI it fails."""
    if found := find_program(name):
        return found
    what = f"{name} is missing: {install_command([NEEDED[name]])}"
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)
