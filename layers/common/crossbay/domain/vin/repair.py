"""A mistyped VIN's repairs: the valid VINs that one slip of the finger away may have been meant.

The check digit finds every wrong character but one that counts the same (A for 1 or J, B for 2, K or S, and
so on): such a slip leaves a valid VIN, and only the year or the make on file can give it away.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crossbay.domain.vin.decode import decode_vin, is_make_of
from crossbay.domain.vin.vin import VIN_LENGTH, VinStatus, check_vin, normalize_vin

_CHARACTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
_NO_CHARACTERS = str.maketrans({"I": "1", "O": "0", "Q": "0"})
"""The letters that no VIN has, as what they are taken for."""

_ALIKE = (
    "0ODQ",
    "1ILT7",
    "2Z",
    "3E",
    "4A",
    "5S",
    "6G",
    "8B",
    "CG",
    "EF",
    "HN",
    "MN",
    "PR",
    "UV",
    "VWY",
    "KX",
)
_KEYBOARD = ("1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_ROWS_BEGIN = (0, 0.5, 0.75, 1.25)  # widths of a key to the right of the digits' row
_LOOK, _SWAP, _NEIGHBOR, _OTHER = range(4)  # slips, the likeliest first


@dataclass(frozen=True, slots=True, kw_only=True)
class OnFile:
    """What the vehicle form holds beside the VIN; None and empty for nothing yet."""

    year: int | None = None
    make: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A VIN that may have been meant. change: what differs, in words. fits: nothing on file contradicts."""

    vin: str
    change: str
    maker: str
    year: int | None
    fits: bool


def repairs(text: str, on_file: OnFile, *, this_year: int) -> tuple[Repair, ...]:
    """The valid VINs one slip away, best first: those that fit what is on file, those of a known maker, then
    by the likelier slip.

    None for a valid VIN. Some fifty come out at most: each position has one to four characters that make the
    sum right. A VIN of a region without check digits is right as it is, unless the form contradicts it: if
    the car was sold in North America it has one, and a slip.
    """
    vin = normalize_vin(text)
    if len(vin) != VIN_LENGTH or _is_right(vin, on_file, this_year):
        return ()
    found: dict[str, tuple[tuple[bool, bool, int, int], Repair]] = {}
    for slip, position, meant in _slips(vin):
        if meant not in found and _is_offered(meant, slip, vin):
            repair = _repair(vin, meant, on_file, this_year)
            found[meant] = ((not repair.fits, not repair.maker, slip, position), repair)
    return tuple(repair for _, repair in sorted(found.values(), key=lambda ranked: ranked[0]))


def _is_right(vin: str, on_file: OnFile, this_year: int) -> bool:
    match check_vin(vin).status:
        case VinStatus.VALID:
            return True
        case VinStatus.PLAUSIBLE:
            decoded = decode_vin(vin, this_year=this_year, year_on_file=on_file.year)
            return not contradiction(decoded.years, decoded.maker, on_file)
    return False


def contradiction(years: Sequence[int], maker: str, on_file: OnFile) -> str:
    """What a VIN's year and maker say against the form, in words; empty where nothing does.

    years: all that its model year may be.
    """
    said = []
    if years and on_file.year is not None and on_file.year not in years:
        told = " or ".join(map(str, sorted(years)))
        said.append(f"the VIN is of model year {told}, the form says {on_file.year}")
    if maker and on_file.make and not is_make_of(on_file.make, maker):
        said.append(f"the VIN is of {maker}, the form says {on_file.make}")
    return "; ".join(said)


def _slips(vin: str) -> Iterator[tuple[int, int, str]]:
    """Each VIN that is one slip away, with the slip and its position, the likeliest slip of a VIN first."""
    read = vin.translate(_NO_CHARACTERS)
    if read != vin:
        yield _LOOK, 0, read
    slips = [
        (_slip(typed, meant), position, vin[:position] + meant + vin[position + 1 :])
        for position, typed in enumerate(vin)
        for meant in _CHARACTERS
        if meant != typed
    ]
    slips += [(_SWAP, at, vin[:at] + vin[at + 1] + vin[at] + vin[at + 2 :]) for at in range(len(vin) - 1)]
    yield from sorted(slips)


def _is_offered(meant: str, slip: int, vin: str) -> bool:
    """A valid VIN, or a plausible one where only letters that no VIN has were read as what they look like."""
    status = check_vin(meant).status
    is_reading = slip == _LOOK and meant == vin.translate(_NO_CHARACTERS)
    return status is VinStatus.VALID or (status is VinStatus.PLAUSIBLE and is_reading)


def _repair(vin: str, meant: str, on_file: OnFile, this_year: int) -> Repair:
    decoded = decode_vin(meant, this_year=this_year, year_on_file=on_file.year)
    return Repair(
        vin=meant,
        change=_change(vin, meant),
        maker=decoded.maker,
        year=decoded.year,
        fits=not contradiction(decoded.years, decoded.maker, on_file),
    )


def _change(vin: str, meant: str) -> str:
    places = [place for place, (typed, right) in enumerate(zip(vin, meant, strict=True)) if typed != right]
    if len(places) == 2 and vin[places[0]] == meant[places[1]] and vin[places[1]] == meant[places[0]]:
        return f"positions {places[0] + 1} and {places[1] + 1} exchanged"
    return ", ".join(f"position {place + 1}: {meant[place]} in place of {vin[place]}" for place in places)


def _slip(typed: str, meant: str) -> int:
    if any(typed in group and meant in group for group in _ALIKE):
        return _LOOK
    return _NEIGHBOR if _are_neighbors(typed, meant) else _OTHER


def _are_neighbors(one: str, other: str) -> bool:
    """Whether two keys touch on an American keyboard."""
    keys = [
        (row, begin + keys.index(key))
        for key in (one, other)
        for row, (begin, keys) in enumerate(zip(_ROWS_BEGIN, _KEYBOARD, strict=True))
        if key in keys
    ]
    return len(keys) == 2 and abs(keys[0][0] - keys[1][0]) <= 1 and abs(keys[0][1] - keys[1][1]) <= 1
