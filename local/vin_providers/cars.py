"""The cars that the stand-ins know: the demo's, by VIN and by plate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from crossbay.domain.customers.plate_lookalikes import plate_characters
from crossbay.domain.customers.vehicle import Vehicle
from local.demo.model import Demo

Plate = tuple[str, str]
"""Letters and digits, and the state."""

_EVERY_SO_MANY = 25
"""Of so many plates one was on another car before, and leads to both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cars:
    """vins: of each plate, the newest first. vehicles: by VIN."""

    vins: Mapping[Plate, tuple[str, ...]]
    vehicles: Mapping[str, Vehicle]


def cars_of(vehicles: Iterable[Vehicle]) -> Cars:
    """Those that have a VIN; by plate, those that have one too."""
    with_vin = {vehicle.vin: vehicle for vehicle in vehicles if vehicle.vin}
    vins: dict[Plate, tuple[str, ...]] = {
        (plate_characters(one.plate), one.plate_region): (one.vin,) for one in with_vin.values() if one.plate
    }
    for number, (plate, other) in enumerate(pairwise(sorted(vins))):
        if number % _EVERY_SO_MANY == 0:
            vins[plate] += vins[other][:1]
    return Cars(vins=vins, vehicles=with_vin)


def cars_of_demo(demo: Demo) -> Cars:
    shops = (shop for organization in demo.organizations for shop in organization.shops)
    return cars_of(vehicle for shop in shops for vehicle in shop.vehicles)
