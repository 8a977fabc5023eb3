"""A file's size out of a server's listing of it (RFC 3659, 7.7)."""

import pytest

from crossbay.transfer.ftp import _listed_size


@pytest.mark.parametrize(
    "reply",
    [
        "250-Listing a.txt\n Type=file;Size=123;Modify=20260101000000; a.txt\n250 End",
        "250-Begin\n size=123; odd size=7; name\n250 End",
    ],
)
def test_a_listed_size_is_the_fact_of_that_name(reply: str) -> None:
    assert _listed_size(reply) == 123


@pytest.mark.parametrize(
    "reply", ["250 a.txt", "250-x\n Type=file; size=1\n250 End", "250-x\n Size=many; a\n250 End", "250-x"]
)
def test_a_listing_without_a_size_has_none(reply: str) -> None:
    with pytest.raises(ValueError, match=r"invalid literal"):
        _listed_size(reply)
