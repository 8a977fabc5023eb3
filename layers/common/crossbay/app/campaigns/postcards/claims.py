"""Which of the waiting postcards go into a batch: decided again, written, claimed for it (C10, C12).

A claim names its batch and what the card costs and says, so that the ledger needs nothing more than the
batch's item to know what was sent. Two workers at one batch count each other's claims as their own.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from crossbay.app.campaigns.facts import DueCandidate, gather
from crossbay.app.campaigns.letters import card_sender, letter_template
from crossbay.app.campaigns.stops.unsubscribe_token import make_token
from crossbay.app.campaigns.stored_facts import with_message
from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import Decision, Hold, Send, Skip
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.campaigns.reach import postal_address
from crossbay.domain.address import Address
from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Message, MessageState
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.campaigns.template import Template
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.text import one_line
from crossbay.errors import BadInput, Contended
from crossbay.rendering.letter import letter_facts
from crossbay.rendering.postcards.card import make_card
from crossbay.rendering.postcards.postcard import Postcard
from crossbay.store.campaigns.messages import claim, find_message, save_message
from crossbay.store.reads import Reads
from crossbay.store.token_keys import read_token_keys
from crossbay.store.wall import carried

LEASE = timedelta(minutes=20)
"""Longer than a worker lives (template.yaml, NightFunction): who let a claim run out prints nothing more."""

OPEN = (MessageState.PLANNED, MessageState.CLAIMED)
"""States of a card that waits."""

_AT_ONCE = 8
"""Cards claimed, kept and noted side by side."""

_ROUNDS = 3
"""Of deciding again about customers who changed in between; who still does waits for the next run."""

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedCard:
    """A card claimed for a batch."""

    message: Message
    card: Postcard


def each(act: Callable[[T], R], things: Sequence[T]) -> list[R]:
    """What it gives back for each, in their order; several are under way at once."""
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="postcards") as threads:
        return list(threads.map(carried(act), things))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What became of one customer's messages. words: of those that aren't in the batch, for counting."""

    taken: tuple[ClaimedCard, ...]
    words: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Claims:
    """The claims of one run. on: the civil day that the cards go out. tally: what became of the others."""

    reads: Reads
    rules: Rules
    on: date
    now: datetime
    public_url: str
    tally: Counter[str] = field(default_factory=Counter)
    _templates: dict[MessageKind, Template] = field(default_factory=dict)
    _token_keys: tuple[str, ...] = ()

    def take(self, batch_id: str, customers: Sequence[DueCandidate]) -> list[ClaimedCard]:
        """The cards of these customers that are claimed for the batch now, in print order."""
        taken: list[ClaimedCard] = []
        left = list(customers)
        for _ in range(_ROUNDS):
            facts = gather(self.reads, self.rules, left, self.on, consistent=True)
            known = {one.customer.id: one for one in facts}
            found = [(one, known[one.ref.customer_id]) for one in left if one.ref.customer_id in known]
            self._prepare(message.occasion.kind for one, _ in found for message in one.messages)
            outcomes = each(lambda pair: self._of_customer(batch_id, *pair), found)
            for outcome in filter(None, outcomes):
                taken += outcome.taken
                self.tally.update(outcome.words)
            again = [one for (one, _), outcome in zip(found, outcomes, strict=True) if outcome is None]
            left = each(self._read_again, again)
            if not left:
                break
        self.tally["contended"] += len(left)
        return sorted(taken, key=lambda one: (one.message.customer_id, one.message.id))

    def _of_customer(self, batch_id: str, candidate: DueCandidate, facts: CustomerFacts) -> _Outcome | None:
        """What became of the customer's cards; None where something changed since it was read."""
        try:
            became = [self._of_message(batch_id, message, facts) for message in candidate.messages]
        except Contended:
            return None
        taken = tuple(one for one in became if isinstance(one, ClaimedCard))
        return _Outcome(taken=taken, words=tuple(one for one in became if isinstance(one, str)))

    def _of_message(self, batch_id: str, message: Message, facts: CustomerFacts) -> ClaimedCard | str:
        """The card, claimed; or a word for what became of the message. Raises Contended."""
        if message.state not in OPEN:
            return "settled"
        decision = self._decided_again(message, facts)
        is_held = not message.is_claimable(utc_iso(self.now))
        if is_held and message.batch_id != batch_id:
            return "with another worker"
        if isinstance(decision, Send) and decision.channel is Channel.POSTCARD:
            try:
                held = ClaimedCard(message=message, card=self._card(message, facts, decision))
            except BadInput as error:  # this card alone stays behind, and says why
                failing = message.failing(error.public, at=utc_iso(self.now))
                decided = self._decided_again(failing, with_message(facts, failing))
                return self._not_by_card(failing, decided)
            return held if is_held else self._claimed(batch_id, held, facts)
        return "with another worker" if is_held else self._not_by_card(message, decision)

    def _not_by_card(self, message: Message, decision: Decision | None) -> str:
        """Bring the message to where it was decided to be; a word for that."""
        match decision:
            case Send(channel=channel):  # by e-mail: the next step of the dispatch hands it out
                return self._moved(message, date=self.on.isoformat(), channel=channel)
            case Hold(until=until):
                return self._moved(message, state=MessageState.HELD, date=until)
            case Skip(reason=reason):
                return self._moved(message, state=MessageState.SKIPPED, reason=reason.text)
            case None:
                return "waits"

    def _decided_again(self, message: Message, facts: CustomerFacts) -> Decision | None:
        decisions = decide(self.rules, facts, self.on, known_until=message.run_at)
        return next((one for one in decisions if one.occasion == message.occasion), None)

    def _claimed(self, batch_id: str, taken: ClaimedCard, facts: CustomerFacts) -> ClaimedCard:
        """The card, its message claimed for the batch. Raises Contended."""
        message = taken.message
        ready = replace(
            message,
            date=self.on.isoformat(),
            batch_id=batch_id,
            subject=taken.card.text.partition("\n")[0],
            content_key=f"messages/{message.organization_id}/{message.shop_id}/{message.customer_id}/{message.id}.txt",
            cost_cents=self.rules.settings.channels[Channel.POSTCARD].cost_cents,
        )
        until, version = utc_iso(self.now + LEASE), facts.customer.version
        at = utc_iso(self.now)
        claimed = claim(self.reads, ready, customer_version=version, until=until, at=at)
        return replace(taken, message=claimed)

    def _moved(self, message: Message, **changes: object) -> str:
        changes = {"state": MessageState.PLANNED, "claimed_until": "", "batch_id": ""} | changes
        after = replace(message, **changes)  # type: ignore[arg-type]
        save_message(message, after, at=utc_iso(self.now))
        return "by e-mail" if after.channel is Channel.EMAIL else after.state.value

    def _card(self, message: Message, facts: CustomerFacts, decision: Send) -> Postcard:
        """Raises BadInput for one that can't be printed."""
        token = make_token(self._token_keys, message.organization_id, CustomerRef.of(message), message.id)
        letter = letter_facts(self.rules, facts, decision, f"{self.public_url}/unsubscribe/{token}")
        return make_card(
            self._templates[decision.kind],
            letter,
            card_sender(self.rules),
            message_id=message.id,
            to_name=one_line(facts.customer.display_name),
            to_address=postal_address(facts.customer) or Address(),
        )

    def _prepare(self, kinds: Iterable[MessageKind]) -> None:
        """What every card needs, read once."""
        self._token_keys = self._token_keys or tuple(read_token_keys(self.reads))
        for kind in set(kinds) - set(self._templates):
            self._templates[kind] = letter_template(self.reads, self.rules.shop.ref, kind)

    def _read_again(self, candidate: DueCandidate) -> DueCandidate:
        ref, organization_id = candidate.ref, self.rules.shop.organization_id
        found = (find_message(self.reads, organization_id, ref, message.id) for message in candidate.messages)
        return DueCandidate(ref=ref, messages=[message for message in found if message])
