"""What all tests share: test credentials, the report on rules, and a clean end when stopped from outside."""

import os
import signal
from types import FrameType

import pytest

from tests.rules import RulesReport


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rules", action="store_true", help="report each rule's tests; fail when a landed rule has none"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Test credentials before anything makes a client; SIGTERM acts as Ctrl-C, so that fixtures clean up."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
    signal.signal(signal.SIGTERM, _stop)
    if config.getoption("--rules"):
        config.pluginmanager.register(RulesReport())


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
