"""NHTSA's vPIC decodes a VIN: free, no account, vehicles sold in the United States from 1981 on.

Source: vPIC's API page (`DecodeVinValues`) and its list of the variable "Error Code".
"""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from crossbay.domain.customers.vehicle_facts import Decoding, DecodingState, VehicleFacts
from crossbay.errors import ProviderFailed
from crossbay.lookup.exchange import Exchange

_NAME = "NHTSA's vPIC"
_TRUSTED = {"0", "8", "9", "10", "14"}
"""Clean; no detailed data; a glider; an off-road vehicle; not every character known: right as far as it goes.

Every other code doubts the VIN itself: 1 a check digit that doesn't calculate, 2 to 5 characters that vPIC
has changed, 6 an incomplete one, 7 a maker who sells nothing here, 11 and 12 its model year, 400 its letters.
"""
_MOST_OF_MESSAGE = 500


@dataclass
class Vpic:
    """url: of the API's folder `vehicles`, without a slash at its end."""

    url: str
    exchange: Exchange = field(default_factory=lambda: Exchange(_NAME))

    def decode(self, vin: str, year: int | None) -> Decoding:
        """What vPIC says of a VIN of 17 characters; year: the model year where it is known.

        Raises ProviderFailed.
        """
        query = {"format": "json"} | ({"modelyear": str(year)} if year else {})
        path = f"DecodeVinValues/{quote(vin, safe='')}?{urlencode(query)}"
        content = self.exchange.ask("GET", f"{self.url}/{path}")
        try:
            row = json.loads(content)["Results"][0]
            codes = {code.strip() for code in str(row["ErrorCode"]).split(",")}
            facts = _facts(row)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise ProviderFailed(_NAME, f"unreadable: {type(error).__name__}") from None
        state = DecodingState.TRUSTED if codes <= _TRUSTED else DecodingState.DOUBTFUL
        return Decoding(state=state, message=_text(row, "ErrorText")[:_MOST_OF_MESSAGE], facts=facts)


def _facts(row: dict[str, Any]) -> VehicleFacts:
    return VehicleFacts.of_texts(
        year=_text(row, "ModelYear"),
        make=_text(row, "Make"),
        model=_text(row, "Model"),
        sub_model=_text(row, "Trim") or _text(row, "Series"),
        engine=_engine(row),
    )


def _engine(row: dict[str, Any]) -> str:
    """Such as `3.5L 6 cylinders, Gasoline`; `Electric` where there is no displacement."""
    try:
        liters = f"{float(_text(row, 'DisplacementL')):.1f}L"
    except ValueError:
        liters = ""
    cylinders = _text(row, "EngineCylinders")
    size = " ".join(part for part in (liters, cylinders and f"{cylinders} cylinders") if part)
    return ", ".join(part for part in (size, _text(row, "FuelTypePrimary")) if part)


def _text(row: dict[str, Any], name: str) -> str:
    """A field's text; empty where it is null, missing or not applicable."""
    text = str(row.get(name) or "")
    return "" if text == "Not Applicable" else text
