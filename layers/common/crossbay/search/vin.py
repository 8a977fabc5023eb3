"""VINs as the index holds them: letters that no VIN has read as the digits they were meant to be."""

import re

from crossbay.domain.vin import VIN_LENGTH as VIN_LENGTH
from crossbay.domain.vin import normalize_vin

_LABEL = re.compile(r"\A\s*vin\b[\s.:#-]*", re.IGNORECASE)
_NO_VIN_LETTERS = str.maketrans("IOQ", "100")


def vin_characters(text: str) -> str:
    return normalize_vin(_LABEL.sub("", text)).translate(_NO_VIN_LETTERS)
