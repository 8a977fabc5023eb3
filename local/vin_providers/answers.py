"""What the two services say of a car, each in its own form."""

import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.vin.decode import maker_of
from crossbay.domain.vin.vin import VinStatus, check_vin
from local.vin_providers.cars import Cars

LONGEST_PLATE, STATE_LETTERS = 10, 2
_ENGINE = re.compile(r"([0-9]\.[0-9])L [A-Z]([0-9]+)")
_TEXTS = {
    "0": "0 - VIN decoded clean. Check Digit (9th position) is correct",
    "1": "1 - Check Digit (9th position) does not calculate properly",
    "8": "8 - No detailed data available currently",
    "12": "12 - Model Year Warning - Model Year entered differs from the VIN's",
}
"""Of vPIC's error codes."""


def quickvin_answer(request: bytes, cars: Cars) -> str:
    """The XML about the plate in a request, or with the code of what is wrong with it."""
    asked = ElementTree.fromstring(request)  # noqa: S314 (our own client's)
    plate, state = (asked.findtext(name) or "" for name in ("license-plate", "state"))
    if not asked.findtext("product-data-id") or not asked.findtext("location-id"):
        return _document(error="302 Invalid credentials")
    if len(plate) > LONGEST_PLATE:
        return _document(error="102 License plate is too long")
    if len(state) != STATE_LETTERS or state == "ZZ":
        return _document(error="105 Invalid state code")
    return _document([cars.vehicles[vin] for vin in cars.vins.get((plate, state), ())])


def vpic_answer(vin: str, year: str, cars: Cars) -> dict[str, Any]:
    """The JSON about a VIN."""
    vehicle = cars.vehicles.get(vin)
    codes = [] if check_vin(vin).status is VinStatus.VALID else ["1"]
    if vehicle is None:
        codes.append("8")
    elif year and year != str(vehicle.year):
        codes.append("12")
    codes = codes or ["0"]
    row = {"VIN": vin, "ErrorCode": ",".join(codes), "ErrorText": "; ".join(_TEXTS[code] for code in codes)}
    row |= _vpic_facts(vehicle) if vehicle else {"Make": maker_of(vin).upper(), "Model": "", "ModelYear": ""}
    return {
        "Count": 1,
        "Message": "Results returned successfully.",
        "SearchCriteria": f"VIN:{vin}",
        "Results": [row],
    }


def _vpic_facts(vehicle: Vehicle) -> dict[str, str]:
    size = _ENGINE.match(vehicle.engine)
    return {
        "Make": vehicle.make.upper(),
        "Model": vehicle.model,
        "ModelYear": str(vehicle.year),
        "Trim": vehicle.sub_model,
        "Series": "",
        "DisplacementL": size[1] if size else "",
        "EngineCylinders": size[2] if size else "",
        "FuelTypePrimary": "Electric" if vehicle.engine == "Electric" else "Gasoline",
        "CustomMotorcycleType": "Not Applicable",
    }


def _document(vehicles: Sequence[Vehicle] = (), error: str = "") -> str:
    infos = "".join(map(_vin_info, vehicles))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<carfax-response><quickvinplus>{infos}</quickvinplus>"
        f"<error-messages>{escape(error)}</error-messages></carfax-response>"
    )


def _vin_info(vehicle: Vehicle) -> str:
    """The answer has two trims to choose from where the demo doesn't say which it is."""
    trims = [vehicle.sub_model] if vehicle.sub_model else ["Base", "Sport"]
    decoded = "".join(_trim(vehicle, trim) for trim in trims)
    return f"<vin-info><vin>{vehicle.vin}</vin><carfax-vin-decode>{decoded}</carfax-vin-decode></vin-info>"


def _trim(vehicle: Vehicle, trim: str) -> str:
    said = {
        "base-year-model": str(vehicle.year),
        "base-make-name": vehicle.make.upper(),
        "nonoem-base-model": vehicle.model,
        "nonoem-submodel1": trim,
        "oem-engine-information": vehicle.engine,
    }
    elements = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in said.items())
    return f"<trim>{elements}</trim>"
