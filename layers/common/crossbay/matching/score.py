"""The score of a pair: match weights in bits, one part per field, that add up to the total exactly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crossbay.matching.record import MatchRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedContact:
    """Who bears one phone or e-mail. customers: how many records; names: how many clearly different names among them."""

    customers: int = 1
    names: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PairContext:
    """What a score may know beyond the pair.

    phones, emails: by normalized value (as in `MatchRecord`), for the values that both records have; a value left
    out counts as the pair's own. records: how many customers the candidates were searched among.
    """

    phones: Mapping[str, SharedContact] = field(default_factory=dict)
    emails: Mapping[str, SharedContact] = field(default_factory=dict)
    records: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One field's say. bits: match weight; explanation: `phone exact +6.1`."""

    field: str
    level: str
    bits: float
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairScore:
    """total_bits: the exact sum of the parts' bits. probability: that both are one customer, given the prior."""

    total_bits: float
    parts: tuple[Part, ...]
    probability: float


def shared_contact(names: Iterable[tuple[str, str]]) -> SharedContact:
    """Counts the customers of one phone or e-mail and their clearly different names.

    names: (first name, last name) of every customer that has it, a fleet as ("", company name).
    Nicknames and typos of one name count once; the order doesn't matter.
    """
    raise NotImplementedError


def score_pair(a: MatchRecord, b: MatchRecord, context: PairContext) -> PairScore:
    """How much evidence there is that two records are one customer. Symmetric."""
    raise NotImplementedError
