"""License plates as they are compared: look-alike letters and digits, such as O and 0, count as one."""

from crossbay.domain.text import fold

# Characters that are taken for each other, on the road and in handwriting.
_CONFUSED = str.maketrans({"O": "0", "I": "1", "B": "8", "S": "5", "Z": "2"})


def plate_characters(text: str) -> str:
    """The plate's letters and digits in upper case."""
    return fold(text).replace(" ", "").upper()


def fold_plate(text: str) -> str:
    """The plate's letters and digits in upper case, with O, I, B, S and Z read as 0, 1, 8, 5 and 2."""
    return plate_characters(text).translate(_CONFUSED)
