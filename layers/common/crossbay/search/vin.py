"""VINs as the index holds them: letters that no VIN has read as the digits they were meant to be."""

import re

from crossbay.domain.vin.vin import VIN_LENGTH as VIN_LENGTH
from crossbay.domain.vin.vin import normalize_vin

_LABEL = re.compile(r"\A\s*vin\b[\s.:#-]*", re.IGNORECASE)
_NO_DIGIT = re.compile(r"(?:^|\s)[^\s\d]+(?=\s|$)")  # a word of letters: `Vin Smith 1204` is a man
_FEWEST = 4
_NO_VIN_LETTERS = str.maketrans("IOQ", "100")


def names_vin(text: str) -> bool:
    """Whether the text says that a VIN, or the end of one, stands behind it: `VIN# 256651`."""
    label, characters = _LABEL.match(text), vin_characters(text)
    is_end = _FEWEST <= len(characters) <= VIN_LENGTH and characters[-_FEWEST:].isdecimal()
    return is_end and label is not None and _NO_DIGIT.search(text[label.end() :]) is None


def vin_characters(text: str) -> str:
    return normalize_vin(_LABEL.sub("", text)).translate(_NO_VIN_LETTERS)
