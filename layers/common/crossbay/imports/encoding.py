"""Text that isn't UTF-8, read as Windows-1252 where it can only be that."""

import re

READ_AS_WINDOWS_1252 = (
    "isn't UTF-8: it was read as Windows-1252, so look at its letters, or save the file as UTF-8"
)

# What other old encodings turn into when they are read so: signs where a letter belongs. CP437 and CP850 have
# their accented letters where Windows-1252 has quotes and signs of money, Mac Roman has them below.
_SIGNS = (
    "\u0080-\u00a9\u00ab-\u00b9\u00bb-\u00bf\u00d7\u00f7\u0192\u02c6\u02dc"
    "\u2013-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
)
_LETTER = "[^\\W\\d_]"
_SIGN_IN_WORD = re.compile(f"{_LETTER}(?![\u2019\u2018\u00b4\u2013\u2014])[{_SIGNS}]{_LETTER}")
_SIGN_AT_END = re.compile(
    f"{_LETTER}[\u201a\u201e\u0192\u02c6\u02dc\u00a4\u00a2\u00a5\u00a1\u00a7\u2021\u2030\u2018](?=\\W|$)"
)
_SIGN_AT_START = re.compile(f"(?:^|\\W)[\u00a4\u00a2\u00a5\u00a6\u00d7\u00f7\u00b5]{_LETTER}")
_DASH_IN_WORD = re.compile("[a-z][\u2013\u2014][a-z]")
_CAPITAL_IN_WORD = re.compile("\u0178[a-z]|[A-Za-z]\u00b5|[a-z][\u00c0-\u00de\u0160\u017d\u0152\u0178]")


def windows_1252(content: bytes) -> str | None:
    """The text of bytes that aren't UTF-8; None where they make no plausible text in Windows-1252 either."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    odd = (_SIGN_IN_WORD, _SIGN_AT_END, _SIGN_AT_START, _DASH_IN_WORD, _CAPITAL_IN_WORD)
    return None if any(pattern.search(text) for pattern in odd) else text
