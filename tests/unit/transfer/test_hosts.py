"""A server's name never leads into the network that the code runs in."""

import socket
from typing import Any

import pytest

from crossbay.transfer.errors import InsideAddress, NameNotFound, NamesUnanswered, NotListed, TransferFailed
from crossbay.transfer.hosts import Hosts, is_public


def answers(monkeypatch: pytest.MonkeyPatch, *turns: tuple[str, ...] | Exception) -> None:
    """The name service's answers, one after the other."""
    waiting = list(turns)

    def getaddrinfo(*_: Any, **__: Any) -> list[tuple[Any, ...]]:
        turn = waiting.pop(0)
        if isinstance(turn, Exception):
            raise turn
        return [(None, None, 0, "", (address, 0)) for address in turn]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.rule("C24")
@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1"),  # noqa: S104
        *("169.254.169.254", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254"),
        *("ff02::1", "ff0e::1", "fec0::1", "2001:db8::1", "::ffff:8.8.8.8", "::ffff:10.0.0.1"),
        *("64:ff9b::a00:1", "2002:a00:1::1", "2001:0:4136:e378::1", "::8.8.8.8"),
    ],
)
def test_a_server_at_an_address_that_is_not_public_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    answers(monkeypatch, (address,), ("8.8.8.8", address))

    for _ in range(2):  # alone, and hidden behind a public one
        with pytest.raises(InsideAddress):
            Hosts().addresses("partner.example.com")


@pytest.mark.rule("C24")
def test_a_name_is_looked_up_once_and_connected_to_at_the_judged_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connected_to: list[Any] = []
    answers(monkeypatch, ("8.8.8.8",), ("127.0.0.1",))
    monkeypatch.setattr(socket, "create_connection", lambda address, _: connected_to.append(address))

    Hosts().connect("partner.example.com", 22, 1)

    assert connected_to == [("8.8.8.8", 22)]


def test_the_second_address_is_tried_when_the_first_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Any] = []

    def create_connection(address: Any, _: float) -> None:
        tried.append(address)
        if len(tried) == 1:
            raise TimeoutError

    answers(monkeypatch, ("2606:4700::1", "8.8.8.8"))
    monkeypatch.setattr(socket, "create_connection", create_connection)

    Hosts().connect("partner.example.com", 22, 1)

    assert tried == [("2606:4700::1", 22), ("8.8.8.8", 22)]


def test_a_listed_server_may_stand_anywhere_and_no_other_is_spoken_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hosts = Hosts.listed("sftp.inside.example, 10.0.0.7,")
    answers(monkeypatch, ("10.0.0.5",), ("10.0.0.7",))

    assert hosts.addresses(" SFTP.inside.example. ") == ("10.0.0.5",)
    assert hosts.addresses("10.0.0.7") == ("10.0.0.7",)
    with pytest.raises(NotListed):
        hosts.addresses("sftp.example.com")


def test_an_empty_setting_lists_nobody() -> None:
    assert Hosts.listed(" , ") == Hosts()


@pytest.mark.rule("C24")
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (socket.gaierror(socket.EAI_NONAME, "?"), NameNotFound),
        (socket.gaierror(socket.EAI_AGAIN, "?"), NamesUnanswered),
        (UnicodeError(), NameNotFound),
        ((), NameNotFound),
    ],
)
def test_a_name_that_leads_nowhere_is_told_apart_from_a_name_service_that_is_down(
    monkeypatch: pytest.MonkeyPatch, answer: Any, expected: type[TransferFailed]
) -> None:
    answers(monkeypatch, answer)

    with pytest.raises(expected):
        Hosts().connect("partner.example.com", 22, 1)


def test_a_server_without_a_name_is_not_found() -> None:
    with pytest.raises(NameNotFound):
        Hosts().addresses(" ")
