"""What all tests share: test credentials, the report on rules, and a clean end when stopped from outside.

Tests run side by side in a process for each core (Makefile): a file's together, as they share fixtures, and
all that need the deployed stack in one process, so that it is deployed once.
"""

import os
import signal
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from crossbay.store.wall import open_process
from tests.helpers.rules import RulesReport, rules_of
from tests.helpers.stored_examples import KEEPING, Keeping

# A busy machine is no reason to fail: what takes how long is measured in benchmarks/.
settings.register_profile("crossbay", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("crossbay")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rules", action="store_true", help="report each rule's tests; fail when a landed rule has none"
    )
    parser.addoption(
        "--keep-examples", action="store_true", help="write the examples of stored items that are missing"
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
    open_process()  # what a test calls itself; doors and workers wall themselves in
    signal.signal(signal.SIGTERM, _stop)
    if config.getoption("--rules") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(RulesReport())
    if config.getoption("--keep-examples"):
        config.stash[KEEPING] = Keeping()


def pytest_unconfigure(config: pytest.Config) -> None:
    if KEEPING in config.stash:
        config.stash[KEEPING].write_missing()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test carries its rules to the report."""
    for item in items:
        item.user_properties += [("test", item.nodeid), ("rules", rules_of(item))]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    return _ByFile(config, log)


class _ByFile(LoadFileScheduling):  # type: ignore[misc]  # xdist's own types don't reach mypy
    """A file's tests to one process, and all that need the deployed stack.

    Not by xdist's marks: with pytest 9.2 they have no effect (xdist 3.8 writes them to `_nodeid`).
    """

    def _split_scope(self, nodeid: str) -> str:
        file = str(nodeid.partition("::")[0])
        return "e2e" if file.startswith("tests/e2e/") else file


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
