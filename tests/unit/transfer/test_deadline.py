"""A wait is bounded whatever is waited for."""

from threading import Event

import pytest

from crossbay.transfer.deadline import within
from crossbay.transfer.errors import Stalled


def test_a_block_that_takes_too_long_is_hung_up_on_and_fails_as_stalled() -> None:
    hung_up = Event()

    @within(0.01, hung_up.set)
    def read() -> None:
        assert hung_up.wait(5)
        raise EOFError

    with pytest.raises(Stalled) as stalled:
        read()

    assert isinstance(stalled.value.__cause__, EOFError)


def test_a_block_that_takes_too_long_has_failed_also_when_it_thinks_otherwise() -> None:
    hung_up = Event()

    with pytest.raises(Stalled), within(0.01, hung_up.set):
        hung_up.wait(5)


def test_a_block_that_fails_in_time_keeps_its_error_and_its_connection() -> None:
    hung_up = Event()

    with pytest.raises(EOFError), within(60, hung_up.set):
        raise EOFError

    assert not hung_up.is_set()
