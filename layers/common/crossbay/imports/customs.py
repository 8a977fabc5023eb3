"""How people write where a file comes from: what the shop's country and the file itself tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from crossbay.imports.cells.dates import DayOrder, shown_order

ROWS_LOOKED_AT = 1000
"""Of a file, to see in which order it writes day and month."""

_ONE_ORDER = 0.95
"""Dates that only one order fits, at least so many of a hundred to take it for the file's: slips happen."""

_MONTH_FIRST = frozenset({"US", "PR", "GU", "VI", "AS", "MP", "FM", "MH", "PW"})
_NO_ONE_ORDER = frozenset({"", "CA", "CN", "HU", "IR", "JP", "KE", "KR", "LT", "MN", "PH", "SE", "TW", "ZA"})
"""Two orders are in use, or the year stands first and other dates tell nothing."""

_DOLLARS = {"CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD"}
_SIGNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(_MONTH_FIRST, ("$", "USD", "US$", "US $")),
        **{
            country: ("$", code, f"{code[0]}$", f"{code[:2]}$", f"{code} $")
            for country, code in _DOLLARS.items()
        },
        **dict.fromkeys(("GB", "IM", "JE", "GG"), ("£", "GBP")),
        "MX": ("$", "MXN", "MX$", "M.N."),
        **dict.fromkeys(
            [
                "AT",
                "BE",
                "CY",
                "DE",
                "EE",
                "ES",
                "FI",
                "FR",
                "GR",
                "HR",
                "IE",
                "IT",
                "LT",
                "LU",
                "LV",
                "MT",
                "NL",
                "PT",
                "SI",
                "SK",
            ],
            ("€", "EUR"),
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customs:
    """country: the shop's, ISO 3166-1 alpha-2. today: its civil day, empty where nobody asks.

    day_order: of a date such as 3/4/2026, where day and month could be either.
    """

    country: str = "US"
    today: str = ""
    day_order: DayOrder = DayOrder.MONTH_FIRST

    @property
    def currency_signs(self) -> tuple[str, ...]:
        return _SIGNS.get(self.country, ())


def customs_of(country: str, today: str, rows: Iterable[Mapping[str, Any]], dates: frozenset[str]) -> Customs:
    """The customs of a file. rows: its first ones. dates: which of its columns hold days and times.

    The file's own dates decide where only one order fits nearly all that tell; where none tells, the country
    does.
    """
    orders = [
        order
        for cells in rows
        for name in dates & cells.keys()
        if isinstance(cells[name], str) and (order := shown_order(cells[name])) is not None
    ]
    return Customs(country=country, today=today, day_order=_order(country, orders))


def _order(country: str, shown: list[DayOrder]) -> DayOrder:
    if shown:
        likelier = max((DayOrder.MONTH_FIRST, DayOrder.DAY_FIRST), key=shown.count)
        return likelier if shown.count(likelier) >= _ONE_ORDER * len(shown) else DayOrder.UNKNOWN
    if country in _MONTH_FIRST:
        return DayOrder.MONTH_FIRST
    return DayOrder.UNKNOWN if country in _NO_ONE_ORDER else DayOrder.DAY_FIRST
