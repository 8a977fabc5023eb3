"""Ranks candidates for a person to confirm, and tells likely duplicates. Nothing is ever linked from here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crossbay.domain.link import CustomerRef
from crossbay.matching.record import MatchRecord
from crossbay.matching.score import PairContext, PairScore


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A candidate worth showing, with its score."""

    ref: CustomerRef
    score: PairScore


def rank(own: MatchRecord, candidates: Sequence[MatchRecord], context: PairContext) -> tuple[Proposal, ...]:
    """The candidates that reach the proposal threshold, best first; ties by shop id, then customer id."""
    raise NotImplementedError


def is_likely_duplicate(score: PairScore) -> bool:
    """Whether creating a customer should stop and ask (S23)."""
    raise NotImplementedError
