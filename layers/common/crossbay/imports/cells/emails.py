"""E-mail addresses out of a cell that may hold several, a name beside one, or a remark."""

import re
from contextlib import suppress
from dataclasses import dataclass

from crossbay.domain.email import normalize_email

_NONE = "can't be an e-mail address"

_ADDRESS = re.compile(
    r"[^\s<>()\[\]{},;:|\"'\u2018-\u201f\u00ab\u00bb]+@[^\s<>()\[\]{},;:|\"'\u2018-\u201f\u00ab\u00bb/\\]+"
)
# What sets one address apart from the next where a blank alone would not be seen as such.
_BETWEEN_TWO = re.compile(
    r"(?<=@)([^\s@/\\&+,;|<>()]+)(?:\s*[/\\&+]\s*|\s+(?:y|e|et|ou|o|u|oder|und)\s+)(?=[^\s@]+@)",
    re.IGNORECASE,
)
_TRAILING = ".-_!?*"
_BETWEEN = re.compile(r"\s*(?:[;,|/&+\n]|\bor\b|\band\b|\s)\s*", re.IGNORECASE)
# What may stand around addresses: a name before <…>, something in brackets, a word for whose or which.
_NAMED = re.compile(r"(?:^|(?<=[;,|/\n]))\s*\"?[^<>@;|\n]*?\"?\s*<\s*(?=[^<>\s]+@[^<>\s]+\s*>)")
_REMARK = re.compile(r"\([^()@]*\)|\[[^\[\]@]*\]|\{[^{}@]*\}")
_LABEL = re.compile(
    r"\b(?:e-?mails?|mailto|mail|home|work|office|business|personal|private|primary|secondary|main|other|alt"
    r"|alternate|husband|wife|spouse|his|hers?|mom|dad|son|daughter|address)\b\s*[:=-]?",
    re.IGNORECASE,
)
_MARKS = re.compile(
    r"[\s<>()\[\]{};,|/&+:\"'\u2018-\u201f\u00ab\u00bb.\-_!?*]*|(?:(?:or|and)\s*)*", re.IGNORECASE
)
_PIECES = re.compile(r"[;|\n]")
_NOBODYS = re.compile(
    r"(?:no[-._]?e?-?mail(?:address)?|none|nobody|donot(?:e?mail|reply))@.+"
    r"|(?:no|na|n-a|null|nil|declined|refused|unknown|email|test|x+)"
    r"@(?:no|none|na|n-a|null|nil|nobody|e?mail|no[-._]?e?mail|declined|refused|unknown|test|x+)\.[a-z.]+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailCell:
    """emails: normalized, in their order, each once. left: why something stays out, empty for nothing."""

    emails: tuple[str, ...] = ()
    left: str = ""


def read_emails(text: str) -> EmailCell:
    """The addresses that the cell surely holds; pieces set apart by semicolons are read one by one."""
    pieces = [_read(piece) for piece in _PIECES.split(text) if piece.strip()]
    emails = dict.fromkeys(email for piece in pieces for email in piece.emails)
    return EmailCell(emails=tuple(emails), left=next((piece.left for piece in pieces if piece.left), ""))


def _read(text: str) -> EmailCell:
    """The addresses of a cell. Where what is left beside them is no name, remark or label, one may have been
    broken in two (`rosa@example,com`): none is taken then.
    """
    with suppress(ValueError):
        return _kept([normalize_email(text)])
    named = _NAMED.sub("", _REMARK.sub(" ", _BETWEEN_TWO.sub(r"\1 ", text)))
    found = [_trimmed(one) for one in _ADDRESS.findall(named)]
    rest = _LABEL.sub(" ", _ADDRESS.sub(" ", named))
    if not found or _MARKS.fullmatch(" ".join(_BETWEEN.sub(" ", rest).split())) is None:
        return EmailCell(left=_NONE)
    normalized = []
    for one in found:
        with suppress(ValueError):
            normalized.append(normalize_email(one))
    kept = _kept(normalized)
    return kept if len(normalized) == len(found) else EmailCell(emails=kept.emails, left=_NONE)


def _kept(emails: list[str]) -> EmailCell:
    real = [email for email in emails if _NOBODYS.fullmatch(email) is None]
    left = "" if len(real) == len(emails) else "is an address that stands for none"
    return EmailCell(emails=tuple(dict.fromkeys(real)), left=left)


def _trimmed(text: str) -> str:
    return text.removeprefix("mailto:").strip("'`").rstrip(_TRAILING)
