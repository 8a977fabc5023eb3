"""What a shop's night came to, in words: what went out, what waits, what didn't go out and why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date

from crossbay.campaigns.reach import REACH
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Message, MessageState
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.store.campaigns.messages import list_by_date
from crossbay.store.campaigns.nights import CardBatch, list_batches, read_night
from crossbay.store.customers.customers import find_file
from crossbay.store.reads import Reads
from local.deploy import Deployment
from local.night_shops import ShopOn

_MOST_EXAMPLES = 3
_LEFT_OUT = (MessageState.SKIPPED, MessageState.STOPPED)
_WENT_OUT = (
    MessageState.SENT,
    MessageState.DELIVERED,
    MessageState.BOUNCED,
    MessageState.COMPLAINED,
)


def of_shop(deployment: Deployment, one: ShopOn, day: date) -> str:
    """Some lines on a shop's night, with the addresses of its postcards."""
    reads, shop_ref = Reads(deployment.table_name), one.shop.ref
    night = read_night(reads, shop_ref, day.isoformat())
    messages = _messages(reads, shop_ref, day.isoformat())
    batches = list_batches(reads, shop_ref, day.isoformat(), day.isoformat())
    left_out = [message for message in messages if message.state in _LEFT_OUT]
    lines = [
        f"\n{one.shop.business_name}, {day:%A} {day}, {one.settings.send_hour}:00 {one.shop.time_zone}",
        *_went_out(messages, batches),
        *_still_waiting(messages),
        *line("waits", listed(night.counts, {"held"}), "for a day of its own: one message a day"),
        *line("not sent", listed(night.counts, set(night.counts) - {"planned", "held"}) or "nobody left out"),
        *(f"                 {text}" for text in _examples(reads, left_out)),
        *_postcards(deployment, batches),
    ]
    return "\n".join(lines)


def _messages(reads: Reads, shop_ref: ShopRef, day: str) -> list[Message]:
    messages: list[Message] = []
    position = None
    while True:
        page, position = list_by_date(reads, shop_ref, day, day, limit=500, after=position)
        messages += page
        if position is None:
            return messages


def _went_out(messages: Iterable[Message], batches: Iterable[CardBatch]) -> Iterable[str]:
    sent = [message for message in messages if message.state in _WENT_OUT]
    if not sent:
        yield "    went out     nothing"
    for channel in Channel:
        name = REACH[channel].words
        of_channel = [message for message in sent if message.channel is channel]
        kinds = _counted(message.occasion.kind.replace("_", " ") for message in of_channel)
        cost = sum(batch.cost_cents for batch in batches) if channel is Channel.POSTCARD else 0
        more = f" for ${cost / 100:.2f}" if cost else ""
        if of_channel:
            plural = "" if len(of_channel) == 1 else "s"
            yield f"    went out     {len(of_channel)} {name}{plural}{more}: {kinds}"
    settled = [message.state.value for message in sent if message.state is not MessageState.SENT]
    yield from line("since then", _counted(settled))


def _still_waiting(messages: Iterable[Message]) -> Iterable[str]:
    states = (*_WENT_OUT, *_LEFT_OUT, MessageState.HELD)
    open_ones = [message.state.value for message in messages if message.state not in states]
    yield from line("under way", _counted(open_ones))


def _examples(reads: Reads, left_out: Sequence[Message]) -> Iterable[str]:
    """A few customers by name, with their kind and reason, each reason once as far as there are others."""
    by_reason = {message.reason: message for message in reversed(left_out)}
    for message in list(by_reason.values())[:_MOST_EXAMPLES]:
        file = find_file(reads, message.organization_id, CustomerRef.of(message))
        name = file.customer.display_name if file else "(deleted)"
        yield f"{name}: {message.occasion.kind.replace('_', ' ')}: {message.reason}"


def _postcards(deployment: Deployment, batches: Iterable[CardBatch]) -> Iterable[str]:
    """The emulator gives away any object, as no bucket on AWS does."""
    for batch in batches:
        for name, key in (("postcards", batch.pdf_key), ("addresses", batch.addresses_key)):
            yield f"    {name:<12} {deployment.endpoint}/{deployment.files_bucket}/{key}"


def line(title: str, text: str, more: str = "") -> Iterable[str]:
    if text:
        yield f"    {title:<12} {text} {more}".rstrip()


def _counted(words: Iterable[str]) -> str:
    counts = Counter(words)
    return listed(counts, set(counts))


def listed(counts: Mapping[str, int], names: Set[str]) -> str:
    """`3 thank you, 1 deferred`, the most frequent first."""
    listed = sorted((-count, word) for word, count in counts.items() if word in names)
    return ", ".join(f"{-count} {word.replace('_', ' ')}" for count, word in listed)
