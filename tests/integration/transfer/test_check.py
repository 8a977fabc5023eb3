"""The test of a connection, as whoever sets a partner up sees it."""

from dataclasses import replace

import pytest

from crossbay.transfer.check import check
from crossbay.transfer.folder import Credential
from crossbay.transfer.hosts import Hosts
from local.partners.faults import PartnerMode
from local.partners.servers import PartnerServer, PartnerServers
from tests.integration.transfer.walk import LOOPBACK


@pytest.mark.rule("C24")
def test_a_destination_that_works_is_told_so_and_left_as_it_was(
    server: PartnerServer, credential: Credential
) -> None:
    (server.folder / "ro.txt").write_bytes(b"theirs")

    checked = check(server.destination, credential, LOOPBACK)

    assert (checked.ok, checked.code) == (True, "ok")
    assert "written, renamed and removed" in checked.message
    assert checked.host_key == server.destination.host_key
    assert server.files() == {"ro.txt": b"theirs"}


@pytest.mark.rule("C24")
def test_a_key_that_nobody_pinned_is_told_so_that_it_can_be(servers: PartnerServers) -> None:
    credential = Credential(password=servers.sftp.password)
    unpinned = replace(servers.sftp.destination, host_key="")

    first = check(unpinned, credential, LOOPBACK)
    second = check(replace(unpinned, host_key=first.host_key), credential, LOOPBACK)

    assert (first.ok, first.code) == (False, "wrong-host-key")
    assert first.host_key in first.message
    assert second.ok


@pytest.mark.rule("C24", "C25")
@pytest.mark.parametrize(
    ("mode", "code"),
    [
        (PartnerMode.REFUSE_LOGIN, "login-refused"),
        (PartnerMode.FULL, "no-room"),
        (PartnerMode.CUT, "connection-lost"),
    ],
)
def test_what_does_not_work_is_told_with_what_to_do_and_without_the_password(
    server: PartnerServer, credential: Credential, mode: PartnerMode, code: str
) -> None:
    server.faults.order(mode)

    checked = check(server.destination, credential, LOOPBACK)

    assert (checked.ok, checked.code) == (False, code)
    assert server.password not in repr(checked)


def test_a_check_that_finds_no_room_leaves_no_half_file(
    server: PartnerServer, credential: Credential
) -> None:
    server.faults.order(PartnerMode.FULL, after_bytes=10)

    assert check(server.destination, credential, LOOPBACK).code == "no-room"
    assert server.files() == {}


@pytest.mark.rule("C24")
def test_a_server_inside_can_be_neither_reached_nor_probed(
    server: PartnerServer, credential: Credential
) -> None:
    """An open port and a closed one look the same."""
    open_port = check(server.destination, credential, Hosts())
    closed_port = check(replace(server.destination, port=1), credential, Hosts())

    assert open_port == closed_port
    assert open_port.code == "inside-address"


@pytest.mark.rule("C24")
def test_a_server_that_takes_files_away_at_once_is_told_by_what_was_seen(
    server: PartnerServer, credential: Credential
) -> None:
    server.faults.order(PartnerMode.TAKE)
    server.faults.taken.clear()

    checked = check(server.destination, credential, LOOPBACK)
    as_such = check(replace(server.destination, write_only=True), credential, LOOPBACK)

    assert (checked.ok, checked.code) == (False, "taken-at-once")
    assert "wrote" in checked.message
    assert "may not" not in checked.message
    assert (as_such.ok, as_such.code) == (True, "ok")
    assert len(server.faults.taken) == 2


@pytest.mark.rule("C24")
def test_a_drop_box_is_told_and_usable_once_somebody_says_that_it_is_one(
    server: PartnerServer, credential: Credential
) -> None:
    server.faults.order(PartnerMode.DROP_BOX)

    checked = check(server.destination, credential, LOOPBACK)
    as_such = check(replace(server.destination, write_only=True), credential, LOOPBACK)

    assert not checked.ok
    assert checked.code in ("taken-at-once", "may-not-look")
    assert "write_only" in checked.message
    assert (as_such.ok, as_such.code) == (True, "ok")
