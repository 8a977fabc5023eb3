"""Rows of vehicles, and what a row makes of the vehicle that is there."""

from dataclasses import dataclass, replace
from typing import Any

from crossbay.domain.customers.customer import Imported
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.limits import (
    FIRST_MODEL_YEAR,
    LAST_MODEL_YEAR,
    LONGEST_PLATE,
    LONGEST_PLATE_REGION,
    LONGEST_VIN,
)
from crossbay.imports.cells.row import Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleRow:
    """customer_id: the point of sale's. given: the fields that the file carries."""

    customer_id: str
    given: dict[str, Any]


def read_vehicle(cells: Cells) -> VehicleRow:
    """The row; what is wrong with it is in `cells.wrong`, what was left out in `cells.warned`."""
    values: dict[str, Any] = {
        "vin": cells.code("vin", LONGEST_VIN),
        "plate": cells.code("plate", LONGEST_PLATE),
        "plate_region": cells.code("plate_region", LONGEST_PLATE_REGION),
        "year": cells.whole("year", FIRST_MODEL_YEAR, LAST_MODEL_YEAR),
        "odometer_miles": cells.miles("odometer_miles"),
        "make": cells.text("make"),
        **{name: cells.text(name, decimals=True) for name in ("model", "sub_model", "engine")},
    }
    given = {name: value for name, value in values.items() if cells.gives(name)}
    return VehicleRow(customer_id=cells.id("customer_id", required=True), given=given)


def merged_vehicle(before: Vehicle, row: VehicleRow, imported: Imported) -> Vehicle:
    """The vehicle as the row has it, living, with what the file doesn't carry kept."""
    return replace(before, **row.given, imported=imported, deleted_at="")
