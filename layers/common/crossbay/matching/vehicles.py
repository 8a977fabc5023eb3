"""What the vehicles of a pair weigh."""

from crossbay.matching.levels import MatchLevel, code_level
from crossbay.matching.part import Part, part_of, strongest
from crossbay.matching.record import MatchRecord, MatchVehicle


def compare_vehicles(a: MatchRecord, b: MatchRecord) -> Part | None:
    """The most telling pair of vehicles; None where a record has none."""
    if not (a.vehicles and b.vehicles):
        return None
    return strongest([_vehicle_part(x, y) for x in a.vehicles for y in b.vehicles])


def _vehicle_part(a: MatchVehicle, b: MatchVehicle) -> Part:
    vin = code_level(a.vin, b.vin)
    if vin in (MatchLevel.EXACT, MatchLevel.CLOSE):
        return part_of("VIN", vin)
    if a.plate and a.plate == b.plate:
        if a.plate_region and a.plate_region == b.plate_region:
            return part_of("plate", MatchLevel.EXACT)
        if not (a.plate_region and b.plate_region):
            return Part("plate", "exact, region unknown", part_of("plate", MatchLevel.PARTLY).bits)
    return part_of("vehicle", MatchLevel.DIFFERENT)
