"""Ranks candidates for a person to confirm, and tells likely duplicates. Nothing is ever linked from here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from crossbay.domain.customers.customer import CustomerRef
from crossbay.matching.record import MatchRecord
from crossbay.matching.score import PairContext, PairScore, score_pair

# A pair is proposed when one in four like it is the same customer: a person looks, and a missed one is lost.
PROPOSAL_PROBABILITY = 0.25

# Creating a customer stops and asks when a record is so likely the same one (S23).
DUPLICATE_PROBABILITY = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A candidate worth showing, with its score."""

    ref: CustomerRef
    score: PairScore


def rank(
    own: MatchRecord,
    candidates: Sequence[MatchRecord],
    context: PairContext,
    *,
    always: Collection[CustomerRef] = (),
) -> tuple[Proposal, ...]:
    """The candidates that reach the proposal threshold, best first; ties by shop id, then customer id.

    always: those in whatever their score.
    """
    scored = [Proposal(ref=other.ref, score=score_pair(own, other, context)) for other in candidates]
    return tuple(
        sorted(
            (one for one in scored if is_proposed(one.score) or one.ref in always),
            key=lambda proposal: (-proposal.score.total_bits, proposal.ref),
        )
    )


def is_proposed(score: PairScore) -> bool:
    return score.probability >= PROPOSAL_PROBABILITY


def is_likely_duplicate(score: PairScore) -> bool:
    """Whether creating a customer should stop and ask (S23)."""
    return score.probability >= DUPLICATE_PROBABILITY
