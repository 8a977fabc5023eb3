"""What the equipment door answers with."""

from dataclasses import dataclass

from crossbay.domain.equipment import Equipment
from crossbay.domain.work.history import HistoryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentPage:
    """next: the cursor of the following page, null on the last."""

    equipment: tuple[Equipment, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceHistoryPage:
    """rows: jobs of this shop, newest first. next: as of `EquipmentPage`."""

    rows: tuple[HistoryRow, ...]
    next: str | None
