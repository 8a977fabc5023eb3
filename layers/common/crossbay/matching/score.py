"""The score of a pair: match weights in bits, one part per field, that add up to the total exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log2

from crossbay.matching.addresses import compare_addresses
from crossbay.matching.contacts import compare_emails, compare_phones
from crossbay.matching.context import PairContext
from crossbay.matching.names import NameComparison, compare_names
from crossbay.matching.part import Part
from crossbay.matching.record import MatchRecord
from crossbay.matching.shared import SharedContact, shared_contact
from crossbay.matching.vehicles import compare_vehicles

__all__ = [
    "PairContext",
    "PairScore",
    "Part",
    "SharedContact",
    "match_probability",
    "score_pair",
    "shared_contact",
]

# The highest total of two customers whose names are clearly different, in bits: no evidence either way.
MOST_BITS_OF_A_HOUSEHOLD = 0.0

# How many records of the same customer there are to find, on average, when all others are searched.
EXPECTED_MATCHES = 1.0

# A small organization is taken to be this large: even there a first name and a town are no identity.
LEAST_RECORDS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PairScore:
    """total_bits: the parts' tenths of a bit added up. probability: of one customer, given the prior."""

    total_bits: float
    parts: tuple[Part, ...]
    probability: float

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(part.explanation for part in self.parts)


def score_pair(a: MatchRecord, b: MatchRecord, context: PairContext) -> PairScore:
    """How much evidence there is that two records are one customer. Symmetric."""
    names = compare_names(a, b)
    contacts = (
        compare_phones(a, b, context.phones),
        compare_emails(a, b, context.emails),
        compare_vehicles(a, b),
    )
    parts = names.parts + tuple(part for part in contacts if part)
    may_have_moved = any(part.bits > 0 for part in contacts if part) or _is_a_companys(names)
    address = compare_addresses(
        a,
        b,
        context.addresses,
        may_have_moved=may_have_moved,
        has_households=context.has_households,
    )
    if address:
        parts += (address,)
    if names.is_other and (context.has_households or _has_contact(a, b)):
        parts += _household_part(parts)
    total = _total(parts)
    return PairScore(total_bits=total, parts=parts, probability=match_probability(total, context.records))


def match_probability(total_bits: float, records: int) -> float:
    """P(same customer), from the evidence and the prior that one of `records` customers is the same."""
    odds_bits = total_bits + log2(EXPECTED_MATCHES / max(LEAST_RECORDS, records))
    return float(1 / (1 + 2.0**-odds_bits))


def _total(parts: Iterable[Part]) -> float:
    """The sum of weights in tenths of a bit, as a number of tenths."""
    return round(sum(part.bits for part in parts), 1)


def _has_contact(a: MatchRecord, b: MatchRecord) -> bool:
    return bool(a.phones or a.emails or b.phones or b.emails)


def _is_a_companys(names: NameComparison) -> bool:
    """Whether a company agrees: it has many sites, so that another address is none against it."""
    return any(part.field == "company" and part.bits > 0 for part in names.parts)


def _household_part(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """What takes back the evidence that a household or an office shares."""
    excess = round(_total(parts) - MOST_BITS_OF_A_HOUSEHOLD, 1)
    return (Part("household", "may share all this", -excess),) if excess > 0 else ()
