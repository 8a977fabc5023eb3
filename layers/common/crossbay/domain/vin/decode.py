"""What a VIN tells without asking anybody: maker, country, region and model year.

Maker and country by the first three characters (ISO 3780), from the tables of `vininfo`. A maker is who built
the vehicle, which need not be the make on its nose: a Jeep's is Dodge.
"""

from dataclasses import dataclass

from crossbay.domain.text import fold
from crossbay.domain.vin.vin import (
    VinStatus,
    check_vin,
    has_compulsory_check_digit,
    model_years,
    normalize_vin,
)

_BOTH_CYCLES = {
    **dict.fromkeys(("1FU", "1FV", "2FU", "2FV", "3AK", "3AL"), "Freightliner"),
    **dict.fromkeys(("1XP", "1NP", "2NP", "2XP", "3BP"), "Peterbilt"),
    **dict.fromkeys(("1XK", "1NK", "2NK", "2XK", "3BK", "6F5"), "Kenworth"),
    **dict.fromkeys(("1M1", "1M2", "1M3", "1M4"), "Mack"),
    **dict.fromkeys(("1HT", "1HS", "2HS", "3HS", "3HT"), "International"),
    **dict.fromkeys(("4V1", "4V2", "4V4", "4V5", "4VA", "YV2"), "Volvo Trucks"),
    **dict.fromkeys(("2WK", "2WL", "2WM", "5KJ"), "Western Star"),
    **dict.fromkeys(("JHB", "5PV"), "Hino"),
    **dict.fromkeys(("JAL", "4KL", "54D"), "Isuzu Trucks"),
    **dict.fromkeys(("4UZ", "4DR", "1BA", "2NV", "4RK"), "bus maker"),
    **{"2FZ": "Sterling", "JL6": "Mitsubishi Fuso"},
    **dict.fromkeys(("1HD", "5HD"), "Harley-Davidson"),
    **dict.fromkeys(("JH2", "1HF", "RLH"), "Honda Motorcycles"),
    **dict.fromkeys(("JYA", "JY4", "VG5"), "Yamaha"),
    **dict.fromkeys(("JS1", "VTT"), "Suzuki Motorcycles"),
    **dict.fromkeys(("JKA", "JKB"), "Kawasaki"),
    **dict.fromkeys(("WB1", "WB3"), "BMW Motorrad"),
    **{"56K": "Indian", "5VP": "Victory", "4XA": "Polaris", "57X": "Polaris"},
    **{
        "SMT": "Triumph",
        "ZDM": "Ducati",
        "VBK": "KTM",
        "ZD4": "Aprilia",
        "ZAP": "Piaggio",
        "ZGU": "Moto Guzzi",
    },
}
"""Makers of heavy trucks, buses and motorcycles by their codes: position 7 of those tells no cycle.

49 CFR 565.15 binds it for passenger cars, multipurpose vehicles and trucks up to 10,000 pounds alone. Codes
as vPIC lists them; the list isn't complete, so the year on file counts for every maker.
"""

_MAKERS_OF_BOTH_CYCLES = frozenset(
    (*_BOTH_CYCLES.values(), "Bajaj", "Lifan", "Merato Motorcycle Taizhou Zhongneng")
)
"""The same makers under other codes, and those of two wheels that `vininfo` alone knows, in its words."""

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
    """What a VIN tells; empty where it doesn't. region: the part of the world, such as Europe.

    years: all that the model year may be, where the VIN tells one or two, the likelier first.
    """

    maker: str = ""
    country: str = ""
    region: str = ""
    year: int | None = None
    years: tuple[int, ...] = ()


def decode_vin(vin: str, *, this_year: int, year_on_file: int | None = None) -> VinDecoded:
    """What the VIN tells; nothing of an invalid one, the year of a valid one only (decision 0011). Where no
    check digit is compulsory and nobody knows the maker (a scooter's, mostly), one in eleven is right by
    chance, and position 10 may be no year: none then (decision 0208).

    this_year: a model year comes out the year before at the earliest, so that a later one is of the cycle
    before. year_on_file: decides between the two where it is one of them. Of a heavy truck or a motorcycle
    nothing else does, and the year stays open.
    """
    vin = normalize_vin(vin)
    check = check_vin(vin)
    if check.status is VinStatus.INVALID:
        return VinDecoded()
    maker = maker_of(vin)
    tells_year = check.status is VinStatus.VALID and (maker != "" or has_compulsory_check_digit(vin))
    years = tuple(year for year in model_years(vin) if year <= this_year + 1) if tells_year else ()
    is_open = len(years) > 1 and maker in _MAKERS_OF_BOTH_CYCLES
    year = year_on_file if year_on_file in years else None if is_open else next(iter(years), None)
    return VinDecoded(
        maker=maker,
        country=_country_of(vin),
        region=_region_of(vin),
        year=year,
        years=years if is_open or year is None else (year,),
    )


def maker_of(vin: str) -> str:
    """Who built it, by the first three characters or, else two; empty for unknown ones."""
    from vininfo.dicts import WMI

    found = _BOTH_CYCLES.get(vin[:3]) or WMI.get(vin[:3]) or WMI.get(vin[:2]) or ""
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
