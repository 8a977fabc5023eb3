"""Who may be the same person: records found by the index, scored pair by pair (S9, S23).

The score of a pair knows the pair, published name frequencies, and who in the organization has that very
phone, e-mail or address; the order of imports and other customers don't enter it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from crossbay.app.links.decided import DecidedPair, decided_pairs
from crossbay.domain.access import Caller
from crossbay.domain.customers.card import CustomerCard
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.link import LinkSet, LinkVerdict
from crossbay.domain.organization import Entitlement
from crossbay.matching.blocking import blocking_keys
from crossbay.matching.context import PairContext, context_of
from crossbay.matching.propose import is_likely_duplicate, rank
from crossbay.matching.record import MatchRecord, record_of
from crossbay.matching.score import PairScore, score_pair
from crossbay.store.customers.customers import CustomerFile, read_file
from crossbay.store.links.links import read_links
from crossbay.store.links.lookups import find_cards, read_cards
from crossbay.store.reads import Reads

CUSTOMERS_OF_A_SHOP = 2_000
"""For the prior of a match only: twice as many move every probability by one bit, and no score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateReason:
    """One field's say: `phone exact +6.1`."""

    field: str
    level: str
    bits: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A customer that may be the same person.

    score_bits: the exact sum of the reasons' bits, in tenths. probability: in thousandths, from .001 to .999.
    """

    shop_name: str
    card: CustomerCard
    score_bits: float
    probability: float
    reasons: tuple[CandidateReason, ...]
    is_linked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenScore:
    """A pair's score as a link event keeps it."""

    bits: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """customer: the one asked about. candidates: of other shops, best first, linked ones at any score.

    told_apart: those of whom someone said that they aren't the same person, who are no candidates.
    """

    customer: CustomerCard
    candidates: tuple[Candidate, ...]
    told_apart: tuple[DecidedPair, ...]


def propose(reads: Reads, caller: Caller, own: CustomerRef) -> Proposals:
    """Who may be the same person as the customer. Raises NotFound."""
    organization_id = caller.organization.id
    file = read_file(reads, organization_id, own)
    links = read_links(reads, organization_id, own)
    apart = [decision for decision in links.decisions if decision.verdict is LinkVerdict.NOT_SAME]
    told_apart = {decision.other for decision in apart}
    found = _candidates(reads, caller, file, links)
    return Proposals(
        customer=file.card,
        candidates=tuple(
            one
            for one in found
            if one.card.shop_id != own.shop_id and ref_of_card(one.card) not in told_apart
        ),
        told_apart=decided_pairs(reads, caller, file.card, apart),
    )


def find_duplicates(
    reads: Reads, caller: Caller, file: CustomerFile, newcomers: Collection[CustomerRef] = ()
) -> tuple[Candidate, ...]:
    """Customers that a new one likely is: in every shop, or in the own one without `multi_shop`.

    newcomers: taken in a moment ago, whom the index may not tell of yet.
    """
    own_shop = file.customer.shop_id
    shop_id = "" if caller.has(Entitlement.MULTI_SHOP) else own_shop
    also = [ref for ref in newcomers if shop_id in ("", ref.shop_id)]
    found = _candidates(reads, caller, file, LinkSet(), also, shop_id=shop_id, likely=True)
    return tuple(sorted(found, key=lambda one: one.card.shop_id != own_shop))


def explain_pairs(reads: Reads, mine: CustomerFile, theirs: Sequence[CustomerFile]) -> tuple[SeenScore, ...]:
    """The score of each pair as it is now, whatever it is."""
    own = record_of(mine.customer, mine.living_vehicles)
    cards = find_cards(reads, mine.customer.organization_id, blocking_keys(own))
    context = _context(own, map(record_of_card, cards))
    scores = (score_pair(own, record_of(f.customer, f.living_vehicles), context) for f in theirs)
    return tuple(SeenScore(bits=f"{score.total_bits:+.1f}", reasons=score.reasons) for score in scores)


def _candidates(
    reads: Reads,
    caller: Caller,
    file: CustomerFile,
    links: LinkSet,
    newcomers: Collection[CustomerRef] = (),
    *,
    shop_id: str = "",
    likely: bool = False,
) -> list[Candidate]:
    """The records of the organization (or one shop) that reach the threshold, best first."""
    own = record_of(file.customer, file.living_vehicles)
    cards = {
        ref_of_card(card): card
        for card in find_cards(reads, file.customer.organization_id, blocking_keys(own), shop_id=shop_id)
    }
    cards |= read_cards(reads, file.customer.organization_id, newcomers, consistent=True)
    cards.pop(own.ref, None)
    shops = 1 if shop_id else len(caller.shops)
    context = _context(own, map(record_of_card, cards.values()), shops=shops)
    linked = set(links.linked)
    cards |= read_cards(reads, file.customer.organization_id, sorted(linked - cards.keys()))
    records = [record_of_card(card) for _, card in sorted(cards.items())]
    proposals = rank(own, records, context, always=linked)
    return [
        _candidate(caller, cards[proposal.ref], proposal.score, is_linked=proposal.ref in linked)
        for proposal in proposals
        if not likely or is_likely_duplicate(proposal.score)
    ]


def _candidate(caller: Caller, card: CustomerCard, score: PairScore, *, is_linked: bool) -> Candidate:
    return Candidate(
        shop_name=caller.shop_name(card.shop_id),
        card=card,
        score_bits=score.total_bits,
        probability=_shown(score.probability),
        reasons=tuple(
            CandidateReason(field=part.field, level=part.level, bits=part.bits, text=part.explanation)
            for part in score.parts
        ),
        is_linked=is_linked,
    )


def _shown(probability: float) -> float:
    """The probability in thousandths, as more is neither known nor read; never certain either way."""
    return min(0.999, max(0.001, round(probability, 3)))


def _context(own: MatchRecord, others: Iterable[MatchRecord], *, shops: int = 1) -> PairContext:
    """Who shares the values of the own record, and among how many customers these were looked for."""
    found = [one for one in others if one.ref != own.ref]
    return context_of([own, *found], records=shops * CUSTOMERS_OF_A_SHOP)


def ref_of_card(card: CustomerCard) -> CustomerRef:
    return CustomerRef.of(card)


def record_of_card(card: CustomerCard) -> MatchRecord:
    return record_of(card, card.vehicles)
