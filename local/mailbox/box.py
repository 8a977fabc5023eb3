"""The mailbox as tests and `make run` hold it: where it answers, what came, what it does next."""

import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Event as Flag
from threading import Thread
from uuid import uuid4

from local.mailbox.events import BROWSER, Event, Publish, clicked, events_of, now, opened, publisher
from local.mailbox.faults import MailboxFaults, MailboxMode
from local.mailbox.mail import KeptMail, Mails
from local.mailbox.server import MailboxServer
from local.mailbox.ses import Account, Outgoing

LOOPBACK = "127.0.0.1"
MOST_EVENTS = 10_000
"""That are remembered."""


class Mailbox:
    """A running stand-in. `url` is what AWS_ENDPOINT_URL_SESV2 wants, and the page to read the mails.

    suppressed: the account's suppression list, lower case.
    """

    def __init__(self, folder: Path, account: Account) -> None:
        self.url = ""
        self.account = account
        self.faults = MailboxFaults()
        self.mails = Mails(folder)
        self.suppressed: set[str] = set()
        self._events: deque[Event] = deque(maxlen=MOST_EVENTS)
        self._publish: Publish | None = None
        self._waiting: Queue[Callable[[], Iterable[Event]] | None] = Queue()
        self._failures: list[Exception] = []
        Thread(target=self._publish_all, daemon=True).start()

    def messages(self) -> tuple[KeptMail, ...]:
        """All mails, oldest first."""
        return self.mails.list()

    def events(self) -> tuple[Event, ...]:
        """The latest events of SES, oldest first; `settle` waits for those that are due."""
        return tuple(self._events)

    def publish_to(self, target: Publish | str | None) -> None:
        """Where events go from now on: a function (`publisher`), a topic's ARN, a queue's URL, or nowhere."""
        self._publish = publisher(target) if isinstance(target, str) else target

    def fail(self, mode: MailboxMode | str, *, after: int = 0, times: int = 0) -> None:
        """Does as POST /_control: `after` messages go well, then `mode` for `times` (0: until told
        otherwise).
        """
        self.faults.order(MailboxMode(mode), after=after, times=times)

    def open(self, mail_id: str, *, user_agent: str = BROWSER) -> None:
        """Someone, or something, opens the mail. Raises KeyError where there is none."""
        event = opened(self._mail(mail_id), user_agent=user_agent)
        self._waiting.put(lambda: [event])

    def click(self, mail_id: str, link: str, *, user_agent: str = BROWSER) -> None:
        """Someone, or something, follows a link of the mail. Raises KeyError where there is none."""
        event = clicked(self._mail(mail_id), link, user_agent=user_agent)
        self._waiting.put(lambda: [event])

    def take(self, message: Outgoing) -> KeptMail:
        """Keep the message, as SES accepts it."""
        mail_id = f"{time.time_ns() // 1_000_000:016x}-{uuid4()}-000000"
        mail = KeptMail(
            id=mail_id,
            at=now(),
            sender=message.sender,
            recipients=message.recipients,
            subject=message.subject,
            size_bytes=len(message.raw),
            path=self.mails.path(mail_id),
            configuration_set=message.configuration_set,
            tags=message.tags,
        )
        self.mails.keep(mail, message.raw)
        return mail

    def follow(self, mail: KeptMail, answered: Flag) -> None:
        """Publish what SES tells of a mail of itself, once its sender got an answer."""

        def events() -> Iterable[Event]:
            answered.wait()
            return events_of(mail, self.suppressed)

        self._waiting.put(events)

    def settle(self) -> None:
        """Wait until every event so far was published. Raises what publishing one of them raised."""
        self._waiting.join()
        if self._failures:
            raise self._failures.pop()

    def close(self) -> None:
        """Publish what waits, then nothing any more."""
        self._waiting.put(None)
        self._waiting.join()

    def _mail(self, mail_id: str) -> KeptMail:
        mail = self.mails.find(mail_id)
        if mail is None:
            raise KeyError(mail_id)
        return mail

    def _publish_all(self) -> None:
        """One after the other, until closed. One that fails is lost, which `settle` tells."""
        while (events := self._waiting.get()) is not None:
            for event in events():
                self._events.append(event)
                self.mails.note(event["mail"]["messageId"], event["eventType"])
                try:
                    if self._publish:
                        self._publish(event)
                except Exception as error:
                    print(f"An event of SES was lost: {error!r}", file=sys.stderr)
                    self._failures.append(error)
            self._waiting.task_done()
        self._waiting.task_done()


@contextmanager
def mailbox(
    folder: Path | None = None,
    events: Publish | str | None = None,
    *,
    port: int = 0,
    identities: Collection[str] | None = None,
    configuration_sets: Collection[str] | None = None,
) -> Iterator[Mailbox]:
    """A stand-in for SES on loopback for as long as the block runs.

    folder: keeps the mails; None forgets them. events: a function that takes each event of SES, the ARN of an
    SNS topic or the URL of an SQS queue; they come after the answer, one by one. port: 0 for a free one.
    identities, configuration_sets: all that this account has; None takes any.
    Raises OSError for a taken port.
    """
    with tempfile.TemporaryDirectory(prefix="crossbay-mailbox-") as forgotten:
        box = Mailbox(
            folder or Path(forgotten), Account(identities=identities, configuration_sets=configuration_sets)
        )
        box.publish_to(events)
        with MailboxServer((LOOPBACK, port), box) as server:
            box.url = f"http://{LOOPBACK}:{server.server_port}"
            serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            serving.start()
            try:
                yield box
            finally:
                server.stop()
                serving.join()
                box.close()
