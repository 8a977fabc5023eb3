"""Lines out of a stream of bytes, in memory that doesn't grow with the file or its longest line."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crossbay.errors import BadInput

LINE_LIMIT = 1024 * 1024
"""Bytes of one line, or of one CSV record over several lines, at most."""

_NOT_TEXT = {
    b"PK\x03\x04": "is an Excel workbook or a ZIP",
    b"\x1f\x8b": "is compressed",
    b"\xff\xfe": "is UTF-16",
    b"\xfe\xff": "is UTF-16",
    b"%PDF": "is a PDF",
    b"\xd0\xcf\x11\xe0": "is an Excel workbook",
}
_OLD_LINE_ENDS = (
    "The file's lines end as on old Macs, in a carriage return alone. Save it with the line ends of Windows "
    "or Unix: in a spreadsheet program, choose plain CSV instead of CSV (Macintosh)."
)
# UTF-8's byte order mark, also where a program took it for letters and wrote those; as often as it stands.
_BYTE_ORDER_MARKS = re.compile(rb"(?:\xef\xbb\xbf|\xc3\xaf\xc2\xbb\xc2\xbf)+")


class FileLine(NamedTuple):
    """content: the bytes with their line end, None where it passed the limit. end: offset of the first byte
    after it.
    """

    number: int
    end: int
    content: bytes | None


def lines_of(chunks: Iterable[bytes]) -> Iterator[FileLine]:
    """The lines of a file, from 1. Raises BadInput for one that is no UTF-8 text file at all."""
    number, end, rest, is_cut = 0, 0, b"", False
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for content in whole:
            number += 1
            end += len(content) + 1
            yield _line(number, end, None if is_cut else content + b"\n")
            is_cut = False
        if len(rest) > LINE_LIMIT:
            end += len(rest)
            rest, is_cut = b"", True
    if rest or is_cut:
        yield _line(number + 1, end + len(rest), None if is_cut else rest)


def _is_two_bytes_a_letter(content: bytes) -> bool:
    """Whether most letters have an empty byte beside them, as UTF-16 without its byte order mark has it."""
    start = content[: len(content) // 2 * 2]
    return bool(start) and max(start[::2].count(0), start[1::2].count(0)) * 4 > len(start)


def _line(number: int, end: int, content: bytes | None) -> FileLine:
    if content is not None and len(content) > LINE_LIMIT:
        content = None
    if number == 1 and content is not None:
        for start, reason in _NOT_TEXT.items():
            if content.startswith(start):
                raise BadInput(f"The file {reason}. Send plain text, CSV or JSON Lines, as UTF-8.")
        if _is_two_bytes_a_letter(content):
            raise BadInput("The file is UTF-16. Send plain text, CSV or JSON Lines, as UTF-8.")
        if b"\r" in content.strip() and not content.endswith(b"\n"):
            raise BadInput(_OLD_LINE_ENDS)
    if content is not None and content[:1] in (
        b"\xef",
        b"\xc3",
    ):  # files put one behind the other have several
        content = (
            _BYTE_ORDER_MARKS.sub(b"", content, count=1) if _BYTE_ORDER_MARKS.match(content) else content
        )
    return FileLine(number, end, content)
