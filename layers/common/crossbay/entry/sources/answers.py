"""What the sources door answers with."""

from dataclasses import dataclass

from crossbay.app.sources.vehicles_of_day import VehicleOfDay
from crossbay.domain.sources.lists import ListedSource, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """sources: those with most customers first. unmapped, mapped, dropped: how many the shop has in all.

    unlisted_customers: who have one of the spellings past the 2,000 that are told apart in a shop.
    organization_only: the shop goes by the organization's categories only, and these count for nothing.
    """

    sources: tuple[ListedSource, ...]
    unmapped: int
    mapped: int
    dropped: int
    unlisted_customers: int
    organization_only: bool
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingDone:
    """mapped: how many sources were unmapped, and map to "Other New Customers" now.

    is_up_to_date: false while sources of what an import brought aren't listed yet, so that they weren't
    mapped: ask again in a minute.
    """

    mapped: int
    is_up_to_date: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VehiclesOfDayPage:
    """day: the shop's civil day. notice: about sources that are left to map, null where there is none."""

    day: str
    vehicles: tuple[VehicleOfDay, ...]
    notice: Notice | None
    next: str | None
