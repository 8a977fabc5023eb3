"""Text as it is compared: without case, accents and punctuation."""

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


def fold(text: str) -> str:
    """The text casefolded, accents off, each run of punctuation and white space one blank, none at the ends.

    Letters and digits of every script stay. Folding twice changes nothing.
    """
    if text.isascii():
        return _NOT_ASCII_WORD.sub(" ", text.lower()).strip()
    letters = _without_marks(_without_marks(text).casefold()).translate(_UNDECOMPOSED)
    words = "".join(letter if letter.isalnum() else " " for letter in letters)
    return " ".join(words.split())


def without_apostrophes(text: str) -> str:
    """The text with apostrophes of every typing taken out, so that `O'Brien` folds to one word."""
    return text.translate(_APOSTROPHES)


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.category(letter).startswith("M"))
