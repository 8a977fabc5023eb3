"""Every way in which a transfer fails says all that its readers need."""

import re
from collections.abc import Iterator

import pytest

from crossbay.transfer import errors
from crossbay.transfer.errors import Lasting, Passing, TransferFailed, WrongHostKey


def _leaves(kind: type[TransferFailed] = TransferFailed) -> Iterator[type[TransferFailed]]:
    for below in kind.__subclasses__():
        yield from _leaves(below) if below.__subclasses__() else (below,)


LEAVES = list(_leaves())


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_a_failure_has_a_code_a_sentence_and_says_whether_it_passes(kind: type[TransferFailed]) -> None:
    assert issubclass(kind, Passing | Lasting)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.code)
    assert re.fullmatch(r"[A-Z].{30,230}\.", kind.public)
    assert kind.is_passing == issubclass(kind, Passing)
    assert kind.is_passing or not kind.is_hosts_fault


def test_no_two_failures_share_a_code_or_a_sentence_and_each_stands_in_the_drawing() -> None:
    drawn = dict(re.findall(r"[|`]-- (\w+) +([a-z-]+)  ", f"{errors.__doc__}"))

    assert len({kind.code for kind in LEAVES}) == len({kind.public for kind in LEAVES}) == len(LEAVES) > 20
    assert {kind.__name__: kind.code for kind in LEAVES} == drawn


@pytest.mark.parametrize("pinned", ["SHA256:expected", ""])
def test_a_wrong_host_key_is_told_with_the_presented_and_the_pinned_one(pinned: str) -> None:
    error = WrongHostKey(shown={"SHA256:presented": "RSA"}, pinned=pinned)

    for text in (error.public, str(error)):
        assert "SHA256:presented" in text
        assert pinned in text
