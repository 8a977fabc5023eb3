"""A message as its customer got it (C14): what was kept when it went out."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from crossbay.aws.s3 import Bucket
from crossbay.domain.campaigns.message import Message
from crossbay.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContent:
    """headers: of an e-mail, in their order. html: empty for a postcard, whose words are its text."""

    subject: str
    headers: tuple[tuple[str, str], ...]
    html: str
    text: str


def read_content(bucket: Bucket, message: Message) -> MessageContent:
    """Raises NotFound for a message that never went out, or whose content was erased."""
    kept = bucket.read(message.content_key) if message.content_key else None
    if kept is None:
        raise NotFound("content of this message: it didn't go out")
    if not message.content_key.endswith(".eml"):
        return MessageContent(subject=message.subject, headers=(), html="", text=kept.decode())
    mail = message_from_bytes(kept, _class=EmailMessage, policy=default)
    return MessageContent(
        subject=str(mail["Subject"]),
        headers=tuple((name, str(value)) for name, value in mail.items()),
        html=_part(mail, "html"),
        text=_part(mail, "plain"),
    )


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    content: str = part.get_content() if part else ""
    return content
