"""The headers of every mail, written so that any name and any subject arrive as they are.

Python's own fold is not used for what people have named: over a line's length it loses the quotes of a name
with commas, pushes an unbroken one and all that follows into the body, and loses blanks between encoded words
(Python up to 3.13, gh-92081). Here text either stands whole, or is told in encoded words (RFC 2047).
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from email.headerregistry import AddressHeader, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import SMTP, Policy
from typing import Any

LONGEST_LINE = 998
"""Characters of a header's line (RFC 5322, 2.1.1)."""

_LINE = 76
"""The longest line with encoded words (RFC 2047, 2), and of quoted-printable text (RFC 2045, 6.7)."""

_BEFORE, _AFTER = "=?utf-8?b?", "?="
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~ ]+")
"""What a name holds that needs no quotes (RFC 5322, 3.2.3)."""


class _AsItIs(UnstructuredHeader, BaseHeader):
    """A header whose value is taken for nothing but itself: Python would decode a subject that talks of
    encoded words.
    """

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        kwds["decoded"] = value
        kwds["parse_tree"] = None


class _LinkHeader(_AsItIs):
    """A header that is a link: in two lines no mail program would find it."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Words(_AsItIs):
    """A subject."""

    def fold(self, *, policy: Policy) -> str:
        first = len(self.name) + len(": ")
        lines = _plain_lines(str(self), first) or list(_encoded_words(str(self), first))
        return f"{self.name}: {f'{policy.linesep} '.join(lines)}{policy.linesep}"


class _Person(AddressHeader, BaseHeader):  # type: ignore[misc]  # as `email` itself makes them
    """One address, with a name or without."""

    def fold(self, *, policy: Policy) -> str:
        (address,) = self.addresses
        if not address.display_name:
            return f"{self.name}: {address.addr_spec}{policy.linesep}"
        lines = _phrase(address.display_name, len(self.name) + len(": "))
        target = f"<{address.addr_spec}>"
        if len(lines) == 1 and len(f"{self.name}: {lines[0]} {target}") <= _LINE:
            return f"{self.name}: {lines[0]} {target}{policy.linesep}"
        return f"{self.name}: {f'{policy.linesep} '.join((*lines, target))}{policy.linesep}"


def _phrase(name: str, first: int) -> list[str]:
    """The name's lines as RFC 5322 wants a phrase. first: characters before it on the first line."""
    if _is_plain(name):
        escaped = name.replace("\\", r"\\").replace('"', r"\"")
        phrase = name if _ATOMS.fullmatch(name) else f'"{escaped}"'
        if first + len(phrase) <= LONGEST_LINE:
            return [phrase]  # never broken: older readers keep the line break inside the quotes
    return list(_encoded_words(name, first))


def _plain_lines(text: str, first: int) -> list[str]:
    """The text broken at its blanks; nothing where it can't stand as it is."""
    if not _is_plain(text):
        return []
    lines, room = [""], _LINE - first
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
            room = _LINE - 1
        else:
            lines[-1] += f" {word}" if lines[-1] else word
        if len(lines[-1]) > room:
            return []
    return lines


def _is_plain(text: str) -> bool:
    """Whether readers take the text for nothing but itself."""
    return text.isascii() and text.isprintable() and "=?" not in text


def _encoded_words(text: str, first: int) -> Iterator[str]:
    """The text as encoded words, one a line; no letter is split between two."""
    room = _LINE - first
    word = b""
    for letter in text:
        bytes_ = letter.encode()
        if word and len(_encoded(word + bytes_)) > room:
            yield _encoded(word)
            word, room = b"", _LINE - 1
        word += bytes_
    yield _encoded(word)


def _encoded(word: bytes) -> str:
    return f"{_BEFORE}{b64encode(word).decode()}{_AFTER}"


def _registry() -> HeaderRegistry:
    headers = HeaderRegistry()
    headers.map_to_type("subject", _Words)
    for name in ("from", "to", "reply-to"):
        headers.map_to_type(name, _Person)
    for name in ("list-unsubscribe", "message-id"):
        headers.map_to_type(name, _LinkHeader)
    return headers


POLICY = SMTP.clone(header_factory=_registry(), max_line_length=_LINE)
"""What every mail is made under."""
