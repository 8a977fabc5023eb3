"""A shop's postcards of a day, as one print-ready PDF with its address file (C10, C12).

A batch is made by the one write of its item, which comes last and names its cards and files. What broke off
before that is printed anew by the next run; what broke off after it only has its cards noted as sent. Every
attempt writes files of its own, so a PDF and an address file that belong together never mix with others.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby, islice
from tempfile import TemporaryFile
from typing import IO

from crossbay.app.campaigns.dispatch import GIVEN_UP_AFTER
from crossbay.app.campaigns.facts import DueCandidate
from crossbay.app.campaigns.letters import card_sender
from crossbay.app.campaigns.postcards.claims import OPEN, ClaimedCard, Claims, each
from crossbay.app.campaigns.rules import read_rules
from crossbay.app.retry import again_when_contended
from crossbay.aws.s3 import Bucket
from crossbay.campaigns.facts import Rules
from crossbay.domain.calendar import local_date, utc_iso
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Message, MessageState
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.ids import derived_id, new_id
from crossbay.rendering.merge import write_csv
from crossbay.rendering.postcards.postcard import ADDRESS_COLUMNS, address_lines, address_rows, write_cards
from crossbay.store.campaigns.messages import list_by_date, read_message, save_message
from crossbay.store.campaigns.nights import MOST_CARDS, CardBatch, list_batches, save_batch
from crossbay.store.reads import Reads

_PAGE = 500


@again_when_contended
def run_batch(
    reads: Reads,
    bucket: Bucket,
    shop_ref: ShopRef,
    day: str,
    *,
    now: datetime,
    public_url: str,
    most_cards: int = MOST_CARDS,
) -> Counter[str]:
    """Print what waits as postcard under this civil day or the week before; outcomes, counted.

    Where the day is over, the cards are today's. More than `most_cards` make several batches. public_url:
    where customers' links lead. Raises Contended when other workers are at it all the time.
    """
    rules = read_rules(reads, shop_ref)
    on = max(date.fromisoformat(day), local_date(now, rules.shop.time_zone))
    press = _Press(reads=reads, bucket=bucket, rules=rules, on=on.isoformat(), at=utc_iso(now))
    first = (on - GIVEN_UP_AFTER).isoformat()
    made = list_batches(reads, shop_ref, first, press.on)
    waiting, noted_late = press.without_printed(_waiting(reads, rules, first, press.on), made)
    claims = Claims(reads=reads, rules=rules, on=on, now=now, public_url=public_url)
    claims.tally["noted_late"] += noted_late
    if rules.stopped:
        claims.tally["stopped"] += len(waiting)
        return +claims.tally
    number = max((batch.number for batch in made if batch.date == press.on), default=0) + 1
    customers = iter(_of_each_customer(waiting))
    while some := list(islice(customers, most_cards)):
        taken = claims.take(batch_id(shop_ref, press.on, number), some)
        if taken:
            batch = press.print_batch(number, taken)
            claims.tally += Counter(batches=1, cards=len(taken), cost_cents=batch.cost_cents)
            number += 1
    return +claims.tally


def batch_id(shop_ref: ShopRef, day: str, number: int) -> str:
    """The same for the same day and number: workers at the same moment claim for one batch."""
    return derived_id("postcards", shop_ref.organization_id, shop_ref.shop_id, day, str(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Press:
    """on: the civil day that the cards go out. at: UTC now."""

    reads: Reads
    bucket: Bucket
    rules: Rules
    on: str
    at: str

    def without_printed(
        self, messages: Iterable[Message], made: Sequence[CardBatch]
    ) -> tuple[list[Message], int]:
        """Those that no batch has printed, and how many others weren't noted as sent yet, but are now."""
        batches = {batch.id: batch for batch in made}
        printed = {message_id: batch for batch in made for _, message_id in batch.message_ids}
        waiting: list[Message] = []
        noted_late = 0
        for message in messages:
            if message.id in printed:
                noted_late += _note_sent(self.reads, printed[message.id], message, at=self.at)
            elif message.state is MessageState.CLAIMED and message.batch_id in batches:
                # Claimed for a batch that another worker made without it: free.
                free = replace(message, state=MessageState.PLANNED, batch_id="", claimed_until="")
                waiting.append(save_message(message, free, at=self.at))
            else:
                waiting.append(message)
        return waiting, noted_late

    def print_batch(self, number: int, taken: Sequence[ClaimedCard]) -> CardBatch:
        """The batch, made. Raises Contended when another worker has made the one of this number."""
        each(self._keep_text, taken)
        batch = save_batch(None, self._written(number, taken))
        each(lambda one: _note_sent(self.reads, batch, one.message, at=self.at), taken)
        return batch

    def _keep_text(self, taken: ClaimedCard) -> None:
        """Both sides of the card as plain text, below the customer's prefix."""
        card, country = taken.card, self.rules.shop.country
        lines = (card.text, "", *address_lines(card.to_name, card.to_address, sender_country=country), "")
        content = "\n".join(lines).encode()
        self.bucket.put(taken.message.content_key, content, "text/plain; charset=utf-8")

    def _written(self, number: int, taken: Sequence[ClaimedCard]) -> CardBatch:
        """The batch as it will be, its two files in S3; nobody is offered them before it is saved."""
        sender, cards = card_sender(self.rules), [one.card for one in taken]
        shop = self.rules.shop
        stem = f"postcards/{shop.organization_id}/{shop.id}/{self.on}-{number:04}-{new_id()}"
        self._put(f"{stem}.pdf", "application/pdf", lambda out: write_cards(sender, cards, out))
        rows = address_rows(sender, cards)
        self._put(f"{stem}.csv", "text/csv; charset=utf-8", lambda out: write_csv(ADDRESS_COLUMNS, rows, out))
        return CardBatch(
            id=batch_id(shop.ref, self.on, number),
            organization_id=shop.organization_id,
            shop_id=shop.id,
            date=self.on,
            number=number,
            message_ids=tuple((one.message.customer_id, one.message.id) for one in taken),
            pdf_key=f"{stem}.pdf",
            addresses_key=f"{stem}.csv",
            pages=2 * len(cards),
            cost_cents=sum(one.message.cost_cents for one in taken),
            made_at=self.at,
        )

    def _put(self, key: str, content_type: str, write: Callable[[IO[bytes]], object]) -> None:
        with TemporaryFile() as file:
            write(file)
            file.seek(0)
            self.bucket.put_file(key, file, content_type)


@again_when_contended
def _note_sent(reads: Reads, batch: CardBatch, message: Message, *, at: str) -> bool:
    """Whether the ledger didn't say so yet."""
    before = read_message(reads, batch.organization_id, CustomerRef.of(message), message.id)
    if before.state not in OPEN:
        return False
    sent = replace(before, state=MessageState.SENT, sent_at=batch.made_at, claimed_until="")
    save_message(before, sent, at=at)
    return True


def _waiting(reads: Reads, rules: Rules, first: str, last: str) -> Iterator[Message]:
    """The cards under these civil days that haven't gone out."""
    shop_ref, position = rules.shop.ref, None
    while True:
        page, position = list_by_date(reads, shop_ref, first, last, limit=_PAGE, after=position)
        yield from (m for m in page if m.channel is Channel.POSTCARD and m.state in OPEN)
        if position is None:
            return


def _of_each_customer(messages: Iterable[Message]) -> Iterator[DueCandidate]:
    ordered = sorted(messages, key=lambda message: (message.customer_id, message.due_on, message.id))
    for _, own in groupby(ordered, key=lambda message: message.customer_id):
        together = list(own)
        yield DueCandidate(ref=CustomerRef.of(together[0]), messages=together)
