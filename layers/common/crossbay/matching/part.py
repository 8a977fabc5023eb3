"""The parts that a score is made of."""

from dataclasses import dataclass
from functools import cache

from crossbay.matching.levels import MatchLevel
from crossbay.matching.weights import weight


@dataclass(frozen=True, slots=True)
class Part:
    """One field's say. bits: match weight, in tenths; level: in words, `exact`, `differs`."""

    field: str
    level: str
    bits: float

    @property
    def explanation(self) -> str:
        """What a person reads: `phone exact +6.1`."""
        return f"{self.field} {self.level} {self.bits:+.1f}"


@cache
def part_of(field: str, level: MatchLevel) -> Part:
    """The part of a level whose weight doesn't depend on the value."""
    return Part(field, level, weight(field, level))


def strongest(parts: list[Part]) -> Part | None:
    """The most telling of several values' parts; the wording breaks ties, so that no order shows."""
    if len(parts) == 1:
        return parts[0]
    return max(parts, key=lambda part: (part.bits, part.level), default=None)
