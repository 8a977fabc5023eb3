"""A shop's campaign: since when its messages go out, and through which day its nights are finished."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """on_since, next_run_at: UTC, empty while campaigns are off. finished_through: a civil day of the shop.

    version 0: campaigns were never on.
    """

    organization_id: str
    shop_id: str
    on_since: str = ""
    finished_through: str = ""
    next_run_at: str = ""
    version: int = 0
