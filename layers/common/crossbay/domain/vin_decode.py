"""What a VIN tells without asking anybody: maker, country, region and model year.

Maker and country by the first three characters (ISO 3780), from the tables of `vininfo`. A maker is who built
the vehicle, which need not be the make on its nose: a Jeep's is Dodge.
"""

from dataclasses import dataclass

from crossbay.domain.text import fold
from crossbay.domain.vin import VinStatus, check_vin, normalize_vin

_CYCLE_YEARS = 30  # after which the code of a model year comes again (49 CFR 565.15)

_SISTERS = (
    {"acura", "honda"},
    {"audi", "volkswagen", "vw"},
    {"bmw", "mini"},
    {
        "buick",
        "cadillac",
        "chevrolet",
        "chevy",
        "general",
        "gmc",
        "hummer",
        "oldsmobile",
        "pontiac",
        "saturn",
    },
    {"chrysler", "dodge", "fca", "fiat", "jeep", "plymouth", "ram"},
    {"daimler", "daimlerchrysler", "mercedes", "smart"},
    {"ford", "lincoln", "mercury"},
    {"genesis", "hyundai", "kia"},
    {"infiniti", "nissan"},
    {"lexus", "nummi", "scion", "toyota"},
)
"""Makes that share makers' codes, each by a word of its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VinDecoded:
    """Empty where the VIN doesn't tell. region: the part of the world, such as Europe."""

    maker: str = ""
    country: str = ""
    region: str = ""
    year: int | None = None


def decode_vin(vin: str, *, this_year: int) -> VinDecoded:
    """What the VIN tells; nothing of an invalid one, the year of a valid one only (decision 0011).

    this_year: a model year comes out the year before at the earliest, so that a later one is of the cycle
    before: position 7 tells the cycle of cars and light trucks alone.
    """
    vin = normalize_vin(vin)
    check = check_vin(vin)
    if check.status is VinStatus.INVALID:
        return VinDecoded()
    year = check.year
    if year is not None and year > this_year + 1:
        year -= _CYCLE_YEARS
    return VinDecoded(maker=maker_of(vin), country=_country_of(vin), region=_region_of(vin), year=year)


def maker_of(vin: str) -> str:
    """Who built it, by the first three characters or, else two; empty for unknown ones."""
    from vininfo.dicts import WMI

    found = WMI.get(vin[:3]) or WMI.get(vin[:2]) or ""
    return found if isinstance(found, str) else str(found.manufacturer)


def is_make_of(make: str, maker: str) -> bool:
    """Whether a vehicle sold under this make may come from this maker: a word in common, or a sister's."""
    named, built = set(fold(make).split()), set(fold(maker).split())
    return bool(named & built) or any(named & sisters and built & sisters for sisters in _SISTERS)


def _country_of(vin: str) -> str:
    from vininfo.dicts import COUNTRIES

    return str(COUNTRIES.get(vin[:2], ""))


def _region_of(vin: str) -> str:
    from vininfo.dicts import REGIONS

    return next((str(name) for first, name in REGIONS.items() if vin[0] in first), "")
