"""Visits: invoiced repair orders, as what follows customers up counts them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinedItem:
    """A declined job of a visit. declined_on: the day the RO was opened. The other two as in `HistoryRow`."""

    job_id: str
    root_item_id: str
    title: str
    declined_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An invoiced RO. invoiced_on: civil day; recorded_at: UTC, when the shop's records had it first.

    declined: its declined jobs, where the reader needs them: a visit that is only counted leaves them out.
    """

    repair_order_id: str
    repair_order_number: str
    invoiced_on: str
    vehicle_id: str = ""
    vehicle_identity: str = ""
    recorded_at: str = ""
    declined: tuple[DeclinedItem, ...] = ()

    @property
    def vehicle_key(self) -> str:
        """What tells this visit's vehicle from the customer's others."""
        return self.vehicle_id or self.vehicle_identity
