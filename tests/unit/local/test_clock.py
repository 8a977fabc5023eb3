"""The time of the night's doors, which `make night` sets ahead."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from crossbay.entry import clock
from crossbay.entry.batch import LambdaClock
from crossbay.settings import settings


@pytest.fixture
def clock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "clock"
    monkeypatch.setenv("CLOCK_FILE", str(path))
    settings.cache_clear()
    yield path
    settings.cache_clear()


def test_a_clock_that_is_set_ahead_runs_on_from_there(clock_file: Path) -> None:
    clock_file.write_text(str(timedelta(days=99).total_seconds()))

    assert clock.of_the_night() - datetime.now(UTC) == pytest.approx(
        timedelta(days=99), abs=timedelta(seconds=5)
    )


def test_without_its_file_the_clock_tells_the_real_time(clock_file: Path) -> None:
    assert clock.of_the_night() - datetime.now(UTC) == pytest.approx(timedelta(), abs=timedelta(seconds=5))


def test_a_worker_that_is_not_the_nights_goes_by_the_real_time_beside_a_night(clock_file: Path) -> None:
    clock_file.write_text(str(timedelta(days=99).total_seconds()))

    times = [LambdaClock(LambdaContext(), is_nights=is_nights).now() for is_nights in (False, True)]

    ahead = [time - datetime.now(UTC) for time in times]
    assert [round(one / timedelta(days=1)) for one in ahead] == [0, 99]
