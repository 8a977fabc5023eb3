"""Rows of equipment, and what a row makes of the equipment that is there."""

from dataclasses import dataclass, replace
from typing import Any

from crossbay.domain.customers.customer import Imported
from crossbay.domain.equipment import Component, Equipment, checked_equipment
from crossbay.domain.limits import LINE, MOST_COMPONENTS
from crossbay.imports.cells.row import Cells
from crossbay.imports.repair_orders import service_position


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentRow:
    """Ids are the point of sale's.

    given: the fields that the file carries. service_position: as of `OrderRow`.
    """

    customer_id: str
    vehicle_id: str | None
    service_position: int | None
    given: dict[str, Any]


def read_equipment(cells: Cells) -> EquipmentRow:
    """The row; what is wrong with it is in `cells.wrong`, what was left out in `cells.warned`."""
    values: dict[str, Any] = {
        **{name: cells.text(name) for name in ("name", "make", "model")},
        "serial_number": cells.code("serial_number"),
        "installed_on": cells.past_day("installed_on"),
        "components": _components(cells),
    }
    return EquipmentRow(
        customer_id=cells.id("customer_id", required=True),
        vehicle_id=cells.id("vehicle_id") if cells.has("vehicle_id") else None,
        service_position=service_position(cells),
        given={name: value for name, value in values.items() if cells.gives(name) or values[name]},
    )


def merged_equipment(before: Equipment, row: EquipmentRow, imported: Imported) -> Equipment:
    """The equipment as the row has it; vehicle and service address are settled by the caller.

    Raises BadInput where nothing is left to tell it by.
    """
    return checked_equipment(replace(before, **row.given, imported=imported))


def _components(cells: Cells) -> tuple[Component, ...]:
    """Those that have a name; without one nobody knows what it is."""
    found = [_component(one) for one in cells.objects("components", MOST_COMPONENTS)]
    return tuple(component for component in found if component.name)[:MOST_COMPONENTS]


def _component(cells: Cells) -> Component:
    name = cells.text("name", LINE)
    if not name:
        cells.leave_out("name", "is missing")
    return Component(
        name=name,
        make=cells.text("make"),
        model=cells.text("model"),
        serial_number=cells.code("serial_number"),
        installed_on=cells.past_day("installed_on"),
    )
