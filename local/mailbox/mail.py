"""The messages that came: each an .eml file as it was handed over, with a .json beside it that says how."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Lock
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMail:
    """What one SendEmail call handed over.

    id: SES's message id. at: UTC. sender: as in the From header. recipients: bare addresses. path: of the
    .eml file. events: types of the SES events of it so far, such as `Delivery`.
    """

    id: str
    at: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    size_bytes: int
    path: Path
    configuration_set: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    events: tuple[str, ...] = ()

    @property
    def raw(self) -> bytes:
        """The message, byte for byte."""
        return self.path.read_bytes()

    @property
    def parsed(self) -> EmailMessage:
        return parsed(self.raw)


def parsed(raw: bytes) -> EmailMessage:
    """A message as the standard library reads it."""
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101 (the policy's own class)
    return message


class Mails:
    """The messages of one folder, oldest first. Safe for threads of one process."""

    def __init__(self, folder: Path) -> None:
        """folder: made where it isn't there; the messages in it are there again."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = Lock()
        kept = (_read(path) for path in folder.glob("*.json"))
        self._mails = {mail.id: mail for mail in sorted(kept, key=lambda mail: (mail.at, mail.id))}

    def path(self, mail_id: str) -> Path:
        """Where that message's bytes lie, or will."""
        return self._folder / f"{mail_id}.eml"

    def keep(self, mail: KeptMail, raw: bytes) -> None:
        mail.path.write_bytes(raw)
        with self._lock:
            self._set(mail)

    def note(self, mail_id: str, event_type: str) -> None:
        """An SES event of that type was published."""
        with self._lock:
            mail = self._mails.get(mail_id)
            if mail is not None:
                self._set(replace(mail, events=(*mail.events, event_type)))

    def find(self, mail_id: str) -> KeptMail | None:
        return self._mails.get(mail_id)

    def list(self) -> tuple[KeptMail, ...]:
        with self._lock:
            return tuple(self._mails.values())

    def _set(self, mail: KeptMail) -> None:
        described = asdict(replace(mail, path=Path(mail.path.name)))
        mail.path.with_suffix(".json").write_text(json.dumps(described, default=str))
        self._mails[mail.id] = mail


def found(mails: Iterable[KeptMail], text: str) -> list[KeptMail]:
    """Those in whose addresses, subject or tags every word of the text stands, in any case."""
    words = text.casefold().split()
    return [mail for mail in mails if all(word in _searched(mail) for word in words)]


def _searched(mail: KeptMail) -> str:
    return " ".join(
        [mail.sender, *mail.recipients, mail.subject, *mail.tags.values(), *mail.events]
    ).casefold()


def _read(path: Path) -> KeptMail:
    described: dict[str, Any] = json.loads(path.read_text())
    lists = {name: tuple(described[name]) for name in ("recipients", "events")}
    return KeptMail(**described | lists | {"path": path.with_suffix(".eml")})
