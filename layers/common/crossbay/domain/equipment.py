"""Equipment at a customer's service address: a lift, a compressor, a roof rack, a generator (P3)."""

from dataclasses import dataclass

from crossbay.domain.calendar import still_to_come
from crossbay.domain.customers.customer import Imported
from crossbay.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A part of a piece of equipment that is known by itself. installed_on: a civil date, or empty."""

    name: str
    make: str = ""
    model: str = ""
    serial_number: str = ""
    installed_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FromJob:
    """The job, on a repair order of the same customer, that a technician noted the equipment from."""

    repair_order_id: str
    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """name: what it is, in free words. vehicle_id: the vehicle that carries it, or empty.

    installed_on: a civil date, or empty. created_from: None where it was noted without a job, or imported.
    """

    id: str
    organization_id: str
    shop_id: str
    customer_id: str
    service_address_id: str = ""
    vehicle_id: str = ""
    name: str = ""
    make: str = ""
    model: str = ""
    serial_number: str = ""
    installed_on: str = ""
    components: tuple[Component, ...] = ()
    created_from: FromJob | None = None
    imported: Imported | None = None
    version: int = 1
    created_at: str = ""
    updated_at: str = ""
    deleted_at: str = ""


def require_installed(before: Equipment | None, after: Equipment, *, today: str) -> None:
    """Raises BadInput for equipment or a component that says it was installed on a day to come.

    A day that stood there before refuses no change of something else.
    """
    stood = {before.installed_on, *(one.installed_on for one in before.components)} if before else set()
    named = {"installed_on": after.installed_on} | {
        f"components.{at}.installed_on": one.installed_on for at, one in enumerate(after.components)
    }
    wrong = {
        name: why for name, day in named.items() if day not in stood and (why := still_to_come(day, today))
    }
    if wrong:
        raise BadInput("Nothing was installed on a day to come.", fields=wrong)


def checked_equipment(equipment: Equipment) -> Equipment:
    """The equipment, once somebody could tell it. Raises BadInput for one with nothing to be told by."""
    if not (equipment.name or equipment.make or equipment.model or equipment.serial_number):
        raise BadInput(
            "Say what this equipment is.",
            fields={"name": "is needed where there is no make, model or serial number"},
        )
    return equipment
