"""VINs as the index holds them: letters that no VIN has read as the digits they were meant to be."""

from crossbay.domain.vin import normalize_vin

_NO_VIN_LETTERS = str.maketrans("IOQ", "100")


def vin_characters(text: str) -> str:
    return normalize_vin(text).translate(_NO_VIN_LETTERS)
