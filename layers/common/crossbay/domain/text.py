"""Text as it is compared, without case, accents and punctuation; and as one line that anything can show."""

import re
import unicodedata

# Letters that Unicode doesn't decompose into a base letter and a mark.
_UNDECOMPOSED = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "ħ": "h",
        "ŧ": "t",
    }
)
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘ʼ`´′"))  # noqa: RUF001 - the look-alikes people type
_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
# What no reader sees: controls but line breaks, direction marks, joiners, fillers, half of a pair, tags.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
# The two joiners mean something between letters of Persian or Hindi and between parts of an emoji only.
_LOOSE_JOINER = re.compile(r"(?<![^\x00-\x7f\s])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f\s])")


def fold(text: str) -> str:
    """The text casefolded, accents off, each run of punctuation and white space one blank, none at the ends.

    Letters and digits of every script stay. Folding twice changes nothing.
    """
    if text.isascii():
        return _NOT_ASCII_WORD.sub(" ", text.lower()).strip()
    letters = _without_marks(_without_marks(text).casefold()).translate(_UNDECOMPOSED)
    words = "".join(letter if letter.isalnum() else " " for letter in letters)
    return " ".join(words.split())


def without_unseen(text: str) -> str:
    """The text without what no reader sees or what turns its direction (U+202E); line breaks stay."""
    if text.isascii() and text.isprintable():
        return text
    return _LOOSE_JOINER.sub("", _UNSEEN.sub("", text))


def without_turning(text: str) -> str:
    """The text without marks that turn or hide what follows (U+202E, U+200B); its control characters stay."""
    if text.isascii():
        return text
    controls = {letter for letter in text if unicodedata.category(letter) in ("Cc", "Cs")}
    return text if controls else without_unseen(text)


def without_apostrophes(text: str) -> str:
    """The text with apostrophes of every typing taken out, so that `O'Brien` folds to one word."""
    return text.translate(_APOSTROPHES)


def one_line(text: str) -> str:
    """The text with each run of white space and control characters as one blank, none at the ends.

    Names come from files and forms: a line break in one must reach neither a header nor a table's row.
    """
    return " ".join("".join(" " if _is_control(letter) else letter for letter in text).split())


def has_controls(text: str) -> bool:
    """Whether the text holds a line break or another control character."""
    return any(_is_control(letter) for letter in text)


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.category(letter).startswith("M"))


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}
