"""Cars with VINs and plates of their own.

Makes, models, their years and the first three characters of their VINs are facts; the rest of each VIN is
random, with the right check digit and model year (49 CFR 565).
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from crossbay.domain.vin.vin import check_digit
from local.demo.model import Car, Site
from local.demo.places import filled

_YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"  # 49 CFR 565.15, from 1980 and again from 2010
_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class _ModelLine:
    """A model line. share: how often it is drawn; maker: position 1 to 3 of its VINs."""

    share: int
    maker: str
    make: str
    model: str
    sub_models: str
    engines: str
    first_year: int
    last_year: int


_LINES = (
    _ModelLine(9, "1FT", "Ford", "F-150", "XL|XLT|Lariat", "2.7L V6|3.5L V6|5.0L V8", 2004, 2026),
    _ModelLine(5, "1FM", "Ford", "Escape", "S|SE|Titanium", "1.5L I4|2.5L I4", 2006, 2026),
    _ModelLine(4, "1FM", "Ford", "Explorer", "Base|XLT|Limited", "2.3L I4|3.5L V6", 2004, 2026),
    _ModelLine(2, "1FT", "Ford", "Transit", "250|350", "3.5L V6", 2015, 2026),
    _ModelLine(8, "3GC", "Chevrolet", "Silverado 1500", "WT|LT|LTZ", "4.3L V6|5.3L V8", 2004, 2026),
    _ModelLine(5, "2GN", "Chevrolet", "Equinox", "LS|LT|Premier", "1.5L I4|2.4L I4", 2005, 2026),
    _ModelLine(3, "1GC", "Chevrolet", "Express", "2500|3500", "4.3L V6|6.0L V8", 2004, 2026),
    _ModelLine(5, "1C6", "Ram", "1500", "Tradesman|Big Horn|Laramie", "3.6L V6|5.7L V8", 2012, 2026),
    _ModelLine(4, "1C4", "Jeep", "Grand Cherokee", "Laredo|Limited", "3.6L V6|5.7L V8", 2012, 2026),
    _ModelLine(3, "1C4", "Jeep", "Wrangler", "Sport|Sahara|Rubicon", "3.6L V6|2.0L I4", 2012, 2026),
    _ModelLine(2, "2C4", "Chrysler", "Town & Country", "Touring|Limited", "3.6L V6", 2012, 2016),
    _ModelLine(8, "4T1", "Toyota", "Camry", "LE|SE|XLE", "2.5L I4|3.5L V6", 2004, 2026),
    _ModelLine(6, "2T1", "Toyota", "Corolla", "L|LE|S", "1.8L I4", 2004, 2019),
    _ModelLine(8, "2T3", "Toyota", "RAV4", "LE|XLE|Limited", "2.5L I4", 2009, 2026),
    _ModelLine(3, "5TD", "Toyota", "Highlander", "LE|XLE|Limited", "3.5L V6", 2008, 2026),
    _ModelLine(3, "3TM", "Toyota", "Tacoma", "SR|SR5|TRD", "2.7L I4|3.5L V6", 2005, 2026),
    _ModelLine(7, "2HG", "Honda", "Civic", "LX|EX|Touring", "1.5L I4|2.0L I4", 2004, 2026),
    _ModelLine(6, "1HG", "Honda", "Accord", "LX|EX|Sport", "1.5L I4|2.4L I4|3.5L V6", 2004, 2026),
    _ModelLine(7, "2HK", "Honda", "CR-V", "LX|EX|EX-L", "1.5L I4|2.4L I4", 2007, 2026),
    _ModelLine(4, "5FN", "Honda", "Odyssey", "LX|EX|EX-L", "3.5L V6", 2005, 2026),
    _ModelLine(5, "5N1", "Nissan", "Rogue", "S|SV|SL", "2.5L I4", 2014, 2026),
    _ModelLine(4, "1N4", "Nissan", "Altima", "S|SV|SR", "2.5L I4", 2004, 2026),
    _ModelLine(4, "5NP", "Hyundai", "Sonata", "GLS|SE|SEL", "2.4L I4", 2006, 2026),
    _ModelLine(3, "5NM", "Hyundai", "Santa Fe", "SE|SEL|Limited", "2.4L I4|3.3L V6", 2007, 2026),
    _ModelLine(3, "5XY", "Kia", "Sorento", "LX|EX|SX", "2.4L I4|3.3L V6", 2011, 2026),
    _ModelLine(5, "4S4", "Subaru", "Outback", "Base|Premium|Limited", "2.5L H4|3.6L H6", 2005, 2026),
    _ModelLine(3, "JF2", "Subaru", "Forester", "Base|Premium|Touring", "2.5L H4", 2004, 2026),
    _ModelLine(2, "JM1", "Mazda", "Mazda3", "i|s|Touring", "2.0L I4|2.5L I4", 2004, 2026),
    _ModelLine(2, "3VW", "Volkswagen", "Jetta", "S|SE|SEL", "1.4L I4|2.0L I4|2.5L I5", 2005, 2026),
    _ModelLine(2, "WBA", "BMW", "328i", "Base|xDrive", "2.0L I4|3.0L I6", 2007, 2016),
    _ModelLine(1, "WDD", "Mercedes-Benz", "C300", "Base|4MATIC", "2.0L I4|3.0L V6", 2008, 2021),
    _ModelLine(2, "5YJ", "Tesla", "Model 3", "Standard|Long Range", "Electric", 2017, 2026),
)
NAMES = tuple(f"{line.make} {line.model}" for line in _LINES)
"""What the demo's cars are called."""
_FLEET_MODELS = ("Transit", "Express", "F-150", "Silverado 1500", "1500")
_MOST_YEARS = 18  # the oldest car on the road of the demo


class CarDealer:
    """Makes cars; no VIN and no plate comes twice."""

    def __init__(self, rng: Random, this_year: int) -> None:
        self._rng = rng
        self._this_year = this_year
        self._taken: set[str] = set()

    def car(self, site: Site, *, for_fleet: bool = False) -> Car:
        oldest_year = self._this_year - _MOST_YEARS
        lines = [
            line
            for line in _LINES
            if line.first_year <= self._this_year
            and line.last_year >= oldest_year
            and (not for_fleet or line.model in _FLEET_MODELS)
        ]
        line = self._rng.choices(lines, [line.share for line in lines])[0]
        newest, oldest = min(line.last_year, self._this_year), max(line.first_year, oldest_year)
        year = round(self._rng.triangular(oldest, newest, oldest + 0.6 * (newest - oldest)))
        return Car(
            vin=self._once(lambda: _vin(self._rng, line.maker, year)),
            plate=self._once(lambda: filled(self._rng, site.plate_pattern)),
            plate_region=site.address.region,
            year=year,
            make=line.make,
            model=line.model,
            sub_model=self._rng.choice(line.sub_models.split("|")),
            engine=self._rng.choice(line.engines.split("|")),
            miles_a_year=self._rng.randrange(7_000, 26_000 if for_fleet else 16_000),
            year_started=year - self._rng.random() / 2,
        )

    def _once(self, make: Callable[[], str]) -> str:
        value = make()
        while value in self._taken:
            value = make()
        self._taken.add(value)
        return value


def _vin(rng: Random, maker: str, year: int) -> str:
    """Position 7 is a letter from model year 2010 on, a digit before; position 9 makes the sum right."""
    model, plant = "".join(rng.choices(_VIN_LETTERS, k=3)), rng.choice(_VIN_LETTERS)
    cycle = rng.choice(_VIN_LETTERS) if year >= 2010 else rng.choice("123456789")
    serial = f"{rng.randrange(1_000, 999_999):06}"
    code = _YEAR_CODES[(year - 1980) % len(_YEAR_CODES)]
    unchecked = f"{maker}{model}{cycle}{rng.choice('123456789')}0{code}{plant}{serial}"
    return unchecked[:8] + check_digit(unchecked) + unchecked[9:]
