"""The work shops offer: service packages with labor and parts, and what an inspection finds of each."""

from dataclasses import dataclass
from random import Random

from crossbay.domain.work.repair_order import (
    Authorization,
    Inspection,
    InspectionItem,
    LaborLine,
    PartLine,
    Rating,
)
from local.demo.model import Site, Work


@dataclass(frozen=True, slots=True)
class ServicePackage:
    """A service package. hundredth_hours: labor. parts: description, price in cents. finding: what is wrong.

    routine: done without being recommended first. every: how often it comes up among its like.
    """

    title: str
    category: str
    hundredth_hours: int
    parts: tuple[tuple[str, int], ...]
    inspected: str
    finding: str
    every: int = 3
    routine: bool = False


SERVICES = (
    ServicePackage("Oil & Filter Change", "Maintenance", 50, (("Engine oil, 5 quarts", 4250), ("Oil filter",
    1195)), "Engine oil", "dark, past its mileage", 60, True),
    ServicePackage("Tire Rotation", "Tires", 40, (),
            "Tire wear", "front edges worn", 22, True),
    ServicePackage("State Inspection", "Inspection", 60, (),
            "", "", 8, True),
    ServicePackage("Engine Diagnosis", "Diagnosis", 100, (),
            "Warning lights", "check engine light is on", 9, True),
    ServicePackage("Flat Tire Repair", "Tires", 40, (("Patch", 650),),
            "", "", 6, True),
    ServicePackage("Front Brake Pads & Rotors", "Brakes", 180, (("Front pads", 8900), ("Rotor pair", 15800)),
            "Front brake pads", "2 mm left", 9),
    ServicePackage("Rear Brake Pads", "Brakes", 130, (("Pad set, rear", 7600),),
            "Rear brake pads", "3 mm left", 8),
    ServicePackage("Brake Fluid Flush", "Brakes", 80, (("Brake fluid", 1400),),
            "Brake fluid", "3.5 percent water", 7),
    ServicePackage("Cabin Air Filter", "Maintenance", 20, (("Cabin filter", 2950),),
            "Cabin air filter", "full of leaves", 9),
    ServicePackage("Engine Air Filter", "Maintenance", 20, (("Air filter", 2650),),
            "Engine air filter", "gray", 8),
    ServicePackage("Coolant Flush", "Maintenance", 110, (("Coolant, 2 gallons", 4400),),
            "Coolant", "weak to 10 F", 6),
    ServicePackage("Transmission Service", "Transmission", 150, (("Transmission fluid", 8800), ("Pan gasket",
    2400)), "Transmission fluid", "brown, burnt smell", 5),
    ServicePackage("Battery Replacement", "Electrical", 50, (("Battery", 17900),),
            "Battery", "tests at 45 percent", 7),
    ServicePackage("Spark Plugs", "Engine", 140, (("Spark plug set", 6400),),
            "Spark plugs", "gap too wide", 4),
    ServicePackage("Serpentine Belt", "Engine", 90, (("Belt", 5200),),
            "Drive belt", "cracked", 5),
    ServicePackage("Wiper Blades", "Maintenance", 20, (("Wiper blade pair", 3800),),
            "Wiper blades", "streak", 8),
    ServicePackage("Four Wheel Alignment", "Steering", 120, (),
            "Alignment", "pulls to the right", 6),
    ServicePackage("Front Struts", "Suspension", 320, (("Strut pair, front", 38900),),
            "Front struts", "leak oil", 3),
    ServicePackage("Rear Shocks", "Suspension", 170, (("Shock pair, rear", 21900),),
            "Rear shocks", "weak", 3),
    ServicePackage("Lower Ball Joint", "Steering", 190, (("Ball joint", 9400),),
            "Ball joints", "play on the left", 3),
    ServicePackage("Set of 4 Tires", "Tires", 140, (("Tire", 15900),) * 4,
            "Tire tread", "3/32 left", 5),
    ServicePackage("Muffler", "Exhaust", 120, (("Muffler", 18600),),
            "Exhaust", "rusted through", 2),
    ServicePackage("Water Pump", "Engine", 280, (("Water pump", 14200), ("Gasket", 1800)),
            "Water pump", "weeps coolant", 2),
    ServicePackage("Valve Cover Gasket", "Engine", 210, (("Gasket set", 6800),),
            "Oil leaks", "seeps at the valve cover", 3),
)  # fmt: skip
ROUTINE = tuple(service for service in SERVICES if service.routine)
RECOMMENDED = tuple(service for service in SERVICES if not service.routine)

_NOTES = ("Customer will wait", "Part on order", "Recheck in 500 miles", "Showed the customer the worn part")
_INTERNAL_NOTES = (
    "Quoted a friend's price, don't repeat",
    "Said no twice, ask again in spring",
    "Comeback of last week",
)


class Bench:
    """How one shop writes its work down: its spelling of titles, its labor rate, its prices."""

    def __init__(self, rng: Random, site: Site) -> None:
        self._rng = rng
        self._spell = rng.choice((str, str.upper, lambda title: title.replace("&", "and").capitalize()))
        self._cents_an_hour = rng.randrange(12_900, 18_500, 500)
        self._price_percent = rng.randrange(92, 118)
        self._key = site.key

    def work(self, service: ServicePackage, authorization: Authorization) -> Work:
        rng = self._rng
        return Work(
            title=self._spell(service.title),
            category=service.category,
            authorization=authorization,
            labor=(self._labor(service),),
            parts=tuple(self._part(*part) for part in service.parts),
            notes=rng.choice(_NOTES) if rng.random() < 0.08 else "",
            internal_notes=rng.choice(_INTERNAL_NOTES) if rng.random() < 0.05 else "",
        )

    def inspection(self, found: tuple[ServicePackage, ...]) -> Inspection:
        """A courtesy inspection: what was found to be due, among what is all right."""
        others = [service for service in RECOMMENDED if service not in found]
        fine = self._rng.sample(others, 6)
        items = [
            *(InspectionItem(name=s.inspected, rating=self._urgency(), findings=s.finding) for s in found),
            *(InspectionItem(name=s.inspected, rating=Rating.OK) for s in fine),
        ]
        self._rng.shuffle(items)
        return Inspection(id="1", title="Courtesy Inspection", items=tuple(items))

    def _urgency(self) -> Rating:
        return self._rng.choice((Rating.ATTENTION, Rating.ATTENTION, Rating.IMMEDIATE))

    def _labor(self, service: ServicePackage) -> LaborLine:
        hours = 10 * max(1, round(service.hundredth_hours * self._rng.uniform(0.09, 0.12)))
        amount = hours * self._cents_an_hour // 100
        return LaborLine(description=f"Labor: {service.title}", hundredth_hours=hours, amount_cents=amount)

    def _part(self, description: str, list_cents: int) -> PartLine:
        amount = list_cents * self._price_percent // 100
        number = f"{self._key[:2].upper()}-{self._rng.randrange(10_000, 99_999)}"
        return PartLine(description=description, part_number=number, amount_cents=amount)
