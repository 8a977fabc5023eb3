"""What all tests share: test credentials, the report on rules, and a clean end when stopped from outside.

Tests run side by side in a process for each core (Makefile): a file's together, as they share fixtures, and
all that need the deployed stack in one process, so that it is deployed once.
"""

import os
import signal
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, settings

from tests.rules import RulesReport, rules_of

# A busy machine is no reason to fail: what takes how long is measured in benchmarks/.
settings.register_profile("crossbay", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("crossbay")


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
    if config.getoption("--rules") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(RulesReport())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test carries its rules to the report, and what it has to run beside."""
    for item in items:
        item.user_properties += [("test", item.nodeid), ("rules", rules_of(item))]
        file = item.path.relative_to(Path(__file__).parent)
        item.add_marker(pytest.mark.xdist_group("e2e" if file.parts[0] == "e2e" else str(file)))


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
