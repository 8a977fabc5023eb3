"""A cell's text as a partner's file can hold it."""

import re
import unicodedata

# Typed characters that have an everyday ASCII spelling but no decomposition in Unicode.
_SPELLINGS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ´", "'"),  # noqa: RUF001 - the look-alikes people type
        **dict.fromkeys("‐‑‒–—―−", "-"),  # noqa: RUF001
        **{"€": "EUR ", "£": "GBP "},
        **{"⁄": "/", "×": "x", "•": "-", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"},  # noqa: RUF001
        **{"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ð": "d", "þ": "th", "\u0131": "i"},
    }
)
# Cyrillic and Greek letters that look like Latin ones: read as what a reader takes them for.
_LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјкморсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορν",
    "ABESIJKMHOPCTYXaesijkmopcyxABEZHIKMNOPTYXaopv",
)
_WILD = re.compile(r"[^\x20-\x7e]|[\"|]")
_ACROSS = 2
"""Words on either side: a name of two on each, or a title and a name."""
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def ascii_cell(text: str) -> str:
    """Printable ASCII without `"` and `|`, on one line, for a format that escapes nothing.

    Accents go, look-alike letters become Latin, invisible characters vanish; what has no ASCII spelling
    becomes a blank. A text of allowed characters stays as it is, so cleaning twice changes nothing.
    """
    if text.isascii() and text.isprintable() and '"' not in text and "|" not in text:
        return text
    spelled = unicodedata.normalize("NFKD", text.translate(_SPELLINGS)).translate(_SPELLINGS)
    letters = (letter for letter in spelled.translate(_LOOK_ALIKES) if not _is_invisible(letter))
    return " ".join(_WILD.sub(" ", "".join(letters)).split())


def across(first: str, second: str) -> str:
    """The end of a cell and the start of the next: what is read over both as one."""
    return " ".join((*first.split()[-_ACROSS:], *second.split()[:_ACROSS]))


def plain_account(account: str) -> str:
    """A shop's id at a partner as a file's name can hold it: all but letters and digits as `-`."""
    return _NOT_PLAIN.sub("-", account)


def without_controls(text: str) -> str:
    """The text with control characters and line breaks as blanks, else exact: CSV quotes the rest."""
    return _CONTROL.sub(" ", text) if not text.isprintable() else text


def _is_invisible(letter: str) -> bool:
    """A combining mark, or a format character such as a zero-width space."""
    return unicodedata.category(letter) in ("Mn", "Me", "Mc", "Cf")
