"""Organizations whose day is simulated: how many, how large, where, and when their people are at work."""

from dataclasses import dataclass

ZONES = {"America/New_York": (-5, 0.47), "America/Chicago": (-6, 0.29), "America/Denver": (-7, 0.07)}
ZONES |= {"America/Los_Angeles": (-8, 0.17)}
"""Hours from UTC in winter, and the part of the shops: as the people of the United States live."""

OPENS = 8
SHARES = (0.14, 0.14, 0.12, 0.10, 0.08, 0.09, 0.10, 0.09, 0.08, 0.06)
"""Of a shop's day, by hour from `OPENS` on, in its own time."""

SEND_HOUR = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """shops: of each organization."""

    name: str
    organizations: int
    shops: int

    @property
    def all_shops(self) -> int:
        return self.organizations * self.shops


SCENARIOS = (
    Scenario(name="one organization of 200 shops", organizations=1, shops=200),
    Scenario(name="one organization of 10,000 shops", organizations=1, shops=10_000),
    Scenario(name="5,000 organizations of 2 shops", organizations=5_000, shops=2),
)


def share_of_hour(utc_hour: int) -> float:
    """Of a day's work of all shops, the part that falls into this hour."""
    return sum(part * _share(utc_hour + offset) for offset, part in ZONES.values())


def _share(local_hour: int) -> float:
    number = local_hour % 24 - OPENS
    return SHARES[number] if 0 <= number < len(SHARES) else 0.0
