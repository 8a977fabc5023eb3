"""What an FTP server's replies mean (RFC 959, 4.2), and a file's size out of its listing (RFC 3659, 7.7)."""

import ftplib

import pytest

from crossbay.transfer.errors import (
    ConnectionLost,
    FolderMissing,
    HostBusy,
    LoginRefused,
    NoDataConnection,
    NoRoom,
    NotAllowed,
    NotUnderstood,
    ServerTrouble,
    TlsRefused,
    TransferFailed,
)
from crossbay.transfer.ftp import _listed_size, _meaning


@pytest.mark.rule("C24")
@pytest.mark.parametrize(
    ("code", "asked", "expected"),
    [
        (421, NotAllowed, HostBusy),
        (425, NotAllowed, NoDataConnection),
        (426, NotAllowed, ConnectionLost),
        (450, NotAllowed, ServerTrouble),
        (451, NotAllowed, ServerTrouble),
        (452, NotAllowed, NoRoom),
        (552, NotAllowed, NoRoom),
        (530, NotAllowed, LoginRefused),
        (530, TlsRefused, TlsRefused),
        (534, LoginRefused, TlsRefused),
        (550, FolderMissing, FolderMissing),
        (553, NotAllowed, NotAllowed),
        (502, TlsRefused, TlsRefused),
    ],
)
def test_a_reply_means_what_its_number_says_whatever_its_text(
    code: int, asked: type[TransferFailed], expected: type[TransferFailed]
) -> None:
    kind = ftplib.error_temp if code < 500 else ftplib.error_perm

    assert _meaning(kind(f"{code} 530 no space, login incorrect"), asked) is expected


@pytest.mark.parametrize("kind", [ftplib.error_proto, ftplib.error_reply])
@pytest.mark.parametrize("reply", ["331 What?", "HTTP/1.1 400 Bad Request", ""])
def test_a_reply_that_does_not_belong_there_is_not_understood(kind: type[ftplib.Error], reply: str) -> None:
    assert _meaning(kind(reply), NotAllowed) is NotUnderstood


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
