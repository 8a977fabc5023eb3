"""A picture's file without what isn't its pixels.

Texts, comments and previews are thrown away in any case, so a broken one doesn't make a picture damaged.

Sources: PNG (W3C, third edition) 5, JPEG (ITU T.81) B.1, WebP (RFC 9649) 2.7.
"""

import re
import struct
from collections.abc import Iterator

PNG_SIGNATURE, JPEG_START, JPEG_END = b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"\xff\xd9"

_PNG_PIXELS = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT"))
_PNG_LOOKS = _PNG_PIXELS | {b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"eXIf"}
"""With the chunks that say how the pixels are meant: colors, and which way is up."""
_PNG_END = struct.pack(">I4sI", 0, b"IEND", 0xAE426082)

_JFIF, _EXIF, _ICC, _ADOBE, _COMMENT, _SCAN = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE, 0xDA
_JPEG_APPLICATIONS = range(0xE0, 0xF0)
_JPEG_PIXELS = frozenset((_JFIF, _ADOBE))

_WEBP_PIXELS = frozenset((b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"))


_LEAD = re.compile(
    rb"(?:\xef\xbb\xbf|\xfe\xff|\xff\xfe|[\0\t\r\n ]){1,64}?"
    rb"(?=\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF.{4}WEBP|\0\0\0.ftyp)",
    re.DOTALL,
)
"""Byte-order marks, zeros and line breaks that a program on the way put before a picture's own start."""


def without_lead(content: bytes) -> bytes:
    """The file from its own start on."""
    found = _LEAD.match(content)
    return content[found.end() :] if found else content


def fewer_parts(content: bytes) -> Iterator[bytes]:
    """The file without its texts, then without all that isn't pixels; nothing for other kinds of file."""
    if content.startswith(PNG_SIGNATURE):
        yield from (_png(content, _PNG_LOOKS), _png(content, _PNG_PIXELS))
    elif content.startswith(JPEG_START):
        yield from (_jpeg(content, _JPEG_PIXELS | {_EXIF, _ICC}), _jpeg(content, _JPEG_PIXELS))
    elif content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        yield _webp(content)


def _png(content: bytes, kept: frozenset[bytes]) -> bytes:
    """Chunks of these types, then an end: one that is missing or cut off holds no pixels."""
    parts, at = [PNG_SIGNATURE], len(PNG_SIGNATURE)
    while at + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if kind in kept:
            parts.append(content[at : at + 12 + length])
        at += 12 + length
    return b"".join((*parts, _PNG_END))


def _jpeg(content: bytes, kept: frozenset[int]) -> bytes:
    """The file without comments and applications' segments but these; all from the first scan on stays."""
    parts, at = [JPEG_START], len(JPEG_START)
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != _SCAN:
        kind, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        is_text = kind == _COMMENT or kind in _JPEG_APPLICATIONS
        if not is_text or kind in kept:
            parts.append(content[at : at + 2 + length])
        at += 2 + length
    return b"".join((*parts, content[at:]))


def _webp(content: bytes) -> bytes:
    """A simple file has no header of its own; an extended one gets a header without flags for what went."""
    parts, at = [], 12
    while at + 8 <= len(content):
        kind, length = struct.unpack_from("<4sI", content, at)
        chunk = content[at : at + 8 + length + length % 2]
        if kind == b"VP8X":
            alpha_and_animation = chunk[8] & 0b0001_0010 if len(chunk) > 8 else 0
            parts.append(chunk[:8] + bytes([alpha_and_animation]) + chunk[9:])
        elif kind in _WEBP_PIXELS:
            parts.append(chunk)
        at += 8 + length + length % 2
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body
