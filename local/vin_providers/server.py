"""Both services behind one loopback port, with the faults that they are told to have."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Event as Flag
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from local.vin_providers.answers import quickvin_answer, vpic_answer
from local.vin_providers.cars import Cars

LOOPBACK = "127.0.0.1"
PLATES, VINS = "/quickvin/1", "/api/vehicles"
_DECODE = f"{VINS}/DecodeVinValues/"
_HELD_S = 60.0
"""An answer that never comes ends at last."""
_HUGE_BYTES = 4 * 1024 * 1024
_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><carfax-response>&b;</carfax-response>'


class ProviderService(StrEnum):
    PLATES = "plates"
    VINS = "vins"


class ProviderMode(StrEnum):
    """OK: answers. TIMEOUT: says nothing. DRIP: a byte now and then. ERROR: 500. REFUSE: 403. MOVED: 302.

    GARBAGE: bytes of neither form. HUGE: megabytes. ENTITIES: XML that grows. BUSY: 429. HEADERS: malformed.
    """

    OK = "ok"
    TIMEOUT = "timeout"
    DRIP = "drip"
    ERROR = "error"
    REFUSE = "refuse"
    MOVED = "moved"
    GARBAGE = "garbage"
    HUGE = "huge"
    ENTITIES = "entities"
    BUSY = "busy"
    HEADERS = "headers"


_STATUSES = {
    ProviderMode.ERROR: 500,
    ProviderMode.REFUSE: 403,
    ProviderMode.MOVED: 302,
    ProviderMode.BUSY: 429,
}
_BODIES = {
    ProviderMode.GARBAGE: b"\x00\xff<html>no",
    ProviderMode.HUGE: b" " * _HUGE_BYTES,
    ProviderMode.ENTITIES: _LAUGHS.encode(),
}


@dataclass
class VinProviders:
    """The running services. asked: what came in, a service and what it was asked about each."""

    cars: Cars
    url: str = ""
    modes: dict[ProviderService, ProviderMode] = field(default_factory=dict)
    asked: list[tuple[ProviderService, str]] = field(default_factory=list)

    @property
    def plates_url(self) -> str:
        """The address for VIN_LOOKUP_URL."""
        return self.url + PLATES

    @property
    def vins_url(self) -> str:
        """The address for VPIC_URL."""
        return self.url + VINS

    def fail(self, service: ProviderService | str, mode: ProviderMode | str) -> None:
        """Does as POST /_control: fails until told otherwise."""
        self.modes[ProviderService(service)] = ProviderMode(mode)


@contextmanager
def vin_providers(cars: Cars, *, port: int = 0) -> Iterator[VinProviders]:
    """Both services on loopback for as long as the block runs. port: 0 for a free one."""
    providers = VinProviders(cars)
    with _Server((LOOPBACK, port), providers) as server:
        providers.url = f"http://{LOOPBACK}:{server.server_port}"
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        serving.start()
        try:
            yield providers
        finally:
            server.stopping.set()
            server.shutdown()
            serving.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], providers: VinProviders) -> None:
        self.providers = providers
        self.stopping = Flag()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Binds without the name look-up that HTTPServer adds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is none of our errors."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if not address.path.startswith(_DECODE):
            return self._answer(404, "text/plain", b"no such thing")
        vin = unquote(address.path.removeprefix(_DECODE))
        year = parse_qs(address.query).get("modelyear", [""])[0]
        self.server.providers.asked.append((ProviderService.VINS, vin))
        if not self._failed(ProviderService.VINS):
            told = vpic_answer(vin, year, self.server.providers.cars)
            self._answer(200, "application/json", json.dumps(told).encode())
        return None

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/_control":
            return self._control(body)
        if self.path != PLATES:
            return self._answer(404, "text/plain", b"no such thing")
        self.server.providers.asked.append((ProviderService.PLATES, body.decode()))
        if not self._failed(ProviderService.PLATES):
            self._answer(200, "text/xml", quickvin_answer(body, self.server.providers.cars).encode())
        return None

    def _control(self, body: bytes) -> None:
        try:
            wanted = json.loads(body)
            self.server.providers.fail(wanted["service"], wanted["mode"])
        except (ValueError, KeyError, TypeError):
            example = b'{"service": "plates", "mode": "timeout"}'
            return self._answer(400, "text/plain", b"Send " + example)
        return self._answer(200, "application/json", body)

    def _failed(self, service: ProviderService) -> bool:
        """Whether an order held, and was carried out."""
        mode = self.server.providers.modes.get(service, ProviderMode.OK)
        if mode in _STATUSES:
            self._answer(_STATUSES[mode], "text/plain", b"by order", location=mode is ProviderMode.MOVED)
        elif mode in _BODIES:
            self._answer(200, "text/xml", _BODIES[mode])
        elif mode is ProviderMode.HEADERS:
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 200 OK\r\nno header\r\n\r\nnothing")
        elif mode is ProviderMode.TIMEOUT:
            self._drip(b"", _HELD_S)
        elif mode is ProviderMode.DRIP:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            self._drip(b" ", _HELD_S)
        return mode is not ProviderMode.OK

    def _drip(self, byte: bytes, seconds: float) -> None:
        """That byte ten times a second until the client goes, then the connection's end."""
        self.close_connection = True
        until = time.monotonic() + seconds
        with suppress(OSError):
            while time.monotonic() < until and not self.server.stopping.wait(0.1):
                self.wfile.write(byte)

    def _answer(self, status: int, content_type: str, body: bytes, *, location: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", self.server.providers.url + "/elsewhere")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: plates and VINs stand in the requests."""
