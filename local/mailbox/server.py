"""HTTP of the stand-in: two calls of SES v2, the control route for tests, and the page to read the mails."""

import json
import select
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from socketserver import TCPServer
from threading import Event as Flag
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from local.mailbox import pages
from local.mailbox.faults import MailboxMode
from local.mailbox.ses import MOST_BYTES, Outgoing, SesRefused, outgoing

if TYPE_CHECKING:
    from local.mailbox.box import Mailbox

SEND_EMAIL = "/v2/email/outbound-emails"
SUPPRESSED = "/v2/email/suppression/addresses/"
MOST_BODY_BYTES = MOST_BYTES * 3 // 2
"""Base64 and JSON around a message."""
HELD_S = 120.0
"""A request without an answer ends at last."""


class MailboxServer(ThreadingHTTPServer):
    """One thread a connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], box: "Mailbox") -> None:
        self.box = box
        self.stopping = Flag()
        super().__init__(address, MailboxHandler)

    def server_bind(self) -> None:
        """Binds without the name look-up that HTTPServer adds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is none of our errors."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class MailboxHandler(BaseHTTPRequestHandler):
    server: MailboxServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        body = self._body()
        if body is None:
            return
        try:
            if path == SEND_EMAIL:
                self._send(outgoing(body, self.server.box.account))
            elif path == "/_control":
                self._control(body)
            else:
                raise SesRefused(404, "UnknownOperationException", "This stand-in knows SendEmail alone.")
        except SesRefused as error:
            self._refuse(error)

    def do_DELETE(self) -> None:
        """DeleteSuppressedDestination: the address comes off the account's list."""
        path = urlsplit(self.path).path
        address = unquote(path.removeprefix(SUPPRESSED)).lower()
        if not path.startswith(SUPPRESSED):
            self._refuse(
                SesRefused(404, "UnknownOperationException", "This stand-in knows no such deletion.")
            )
        elif address not in self.server.box.suppressed:
            self._refuse(
                SesRefused(404, "NotFoundException", "Email address is not on the suppression list.")
            )
        else:
            self.server.box.suppressed.discard(address)
            self._answer_json(200, {})

    def _refuse(self, error: SesRefused) -> None:
        self._answer_json(error.status, {"message": str(error)}, {"x-amzn-ErrorType": error.code})

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        page = pages.page(self.server.box.mails, address.path, query)
        self._answer(page.status, page.body, {"Content-Type": page.content_type} | dict(page.headers))

    do_HEAD = do_GET

    def _send(self, message: Outgoing) -> None:
        """Take the message, or do what the control route has ordered. Events come after the answer."""
        box = self.server.box
        mode = box.faults.next()
        if mode in REFUSALS:
            raise SesRefused(*REFUSALS[mode])
        mail, answered = box.take(message), Flag()
        box.follow(mail, answered)
        try:
            if mode is MailboxMode.OK:
                self._answer_json(200, {"MessageId": mail.id})
                self.wfile.flush()
        finally:
            answered.set()
        if mode is MailboxMode.TIMEOUT:
            self._hold()
        if mode is not MailboxMode.OK:
            self._cut()

    def _control(self, body: bytes) -> None:
        try:
            wanted = json.loads(body)
            numbers = {name: int(wanted.get(name, 0)) for name in ("after", "times")}
            self.server.box.fail(wanted["mode"], **numbers)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            modes = ", ".join(mode.value for mode in MailboxMode)
            example = '{"mode": "throttle", "after": 6, "times": 4}'
            raise SesRefused(400, "BadControl", f"Send {example}; mode is one of {modes}.") from error
        self._answer_json(200, {"mode": wanted["mode"]} | numbers)

    def _hold(self) -> None:
        """Say nothing until the client gives up."""
        waited = 0.0
        while waited < HELD_S and not self.server.stopping.is_set():
            if select.select([self.connection], [], [], 0.05)[0]:
                return
            waited += 0.05

    def _cut(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(SHUT_RDWR)
        except OSError:
            return

    def _body(self) -> bytes | None:
        """The request's body; None once it was refused."""
        length = self.headers.get("Content-Length") or ""
        if not length.isdecimal() or int(length) > MOST_BODY_BYTES:
            self.close_connection = True
            self._answer_json(413, {"message": "Send a Content-Length that this stand-in can take."})
            return None
        return self.rfile.read(int(length))

    def _answer_json(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        kind = {"Content-Type": "application/json"}
        self._answer(status, json.dumps(content).encode(), kind | (headers or {}))

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(HTTPStatus(status))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: addresses stand in the requests."""


REFUSALS = {
    MailboxMode.REFUSE: (400, "MessageRejected", "Refused by order."),
    MailboxMode.THROTTLE: (429, "TooManyRequestsException", "Maximum sending rate exceeded."),
    MailboxMode.ERROR: (500, "InternalServiceErrorException", "Failed by order."),
}
