"""A vehicle, and what makes two records of it the same vehicle."""

from dataclasses import dataclass
from typing import Protocol

from crossbay.domain.customers.customer import CopiedFrom, Imported
from crossbay.domain.customers.plate_lookalikes import fold_plate
from crossbay.domain.text import fold
from crossbay.domain.vin.vin import VinStatus, check_vin, normalize_vin


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A vehicle of one customer. odometer_miles: last read. plate_region: state or province (`CA`)."""

    id: str
    organization_id: str
    shop_id: str
    customer_id: str
    vin: str = ""
    plate: str = ""
    plate_region: str = ""
    year: int | None = None
    make: str = ""
    model: str = ""
    sub_model: str = ""
    engine: str = ""
    odometer_miles: int | None = None
    is_sold: bool = False
    do_not_contact: bool = False
    imported: Imported | None = None
    copied_from: CopiedFrom | None = None
    version: int = 1
    created_at: str = ""
    updated_at: str = ""
    deleted_at: str = ""

    @property
    def title(self) -> str:
        return " ".join(str(part) for part in (self.year, self.make, self.model) if part)


def vehicle_identity(vin: str, plate: str, plate_region: str) -> str:
    """What two records of one vehicle have in common; empty where nothing tells.

    `vin:<VIN>` where the VIN is valid or plausible, else `plate:<region>:<folded plate>`, the region empty
    where the shop doesn't note it.
    """
    if check_vin(vin).status is not VinStatus.INVALID:
        return f"vin:{normalize_vin(vin)}"
    folded = fold_plate(plate)
    return f"plate:{fold(plate_region).upper()}:{folded}" if folded else ""


class HasVehicle(Protocol):
    @property
    def vehicle_id(self) -> str: ...


def is_of_vehicle(record: HasVehicle, vehicle_id: str) -> bool:
    """Whether a record is of this vehicle, or of none. vehicle_id: empty for any."""
    return not vehicle_id or record.vehicle_id in ("", vehicle_id)
