"""Campaign lists as files for mail merge: who is due for which kind between two dates (C15).

A shop that has switched sending off uses these in its place: then every channel counts as on. Customers who
want no mail are not in them. Days that have passed list what was due by the facts of now, also what went out.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from io import BytesIO

from crossbay.app.campaigns.any_day import days_ahead
from crossbay.app.campaigns.facts import candidates, gather
from crossbay.app.campaigns.rules import read_rules
from crossbay.app.campaigns.stops.unsubscribe_token import make_token
from crossbay.app.fetched_files import offer_file
from crossbay.aws.s3 import Bucket
from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import Hold, Send
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.campaigns.reach import REACH, email_to, postal_address
from crossbay.domain.address import Address
from crossbay.domain.calendar import local_date
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.organization import ShopRef
from crossbay.rendering.letter import LetterFacts, letter_facts
from crossbay.rendering.merge import ListReader, write_csv, write_xlsx
from crossbay.store.reads import Reads
from crossbay.store.token_keys import read_token_keys

_ADDRESS = ("line1", "line2", "city", "region", "postal_code", "country")
COLUMNS = (
    "due_on",
    "kind",
    "channel",
    "email",
    *_ADDRESS,
    *(field.name for field in fields(LetterFacts)),
)
"""The last ones are the template variables, each under its own name."""


_NOTES = {
    ListReader.SPREADSHEETS: (
        "For spreadsheets: an apostrophe stands before cells that a spreadsheet would compute, such as "
        "+61 ... or - front brake pads. For letters ask for xlsx, or for csv with csv_for letters."
    ),
    ListReader.LETTERS: (
        "For letters: every cell is as it will be printed. Don't open it in a spreadsheet, which would take "
        "cells that start with =, +, - or @ for formulas."
    ),
}
_OF_XLSX = "For letters and for spreadsheets: every cell is text, as it will be printed."


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignList:
    """url: where the file can be fetched for a quarter of an hour. rows: below the heading.

    note: which reader the file is for.
    """

    url: str
    rows: int
    note: str


Due = tuple[CustomerFacts, Send | Hold]
"""One row: a customer, and the message due."""


def write_list(
    reads: Reads,
    bucket: Bucket,
    shop_ref: ShopRef,
    first: date,
    last: date,
    kinds: Collection[MessageKind],
    *,
    file_format: str,
    csv_for: ListReader = ListReader.SPREADSHEETS,
    public_url: str,
    now: str,
) -> CampaignList:
    """The list of these civil days, both included, as `csv` or `xlsx`. kinds: all where none is named.

    csv_for: who reads the CSV; the XLSX is for both.
    """
    rules = _with_a_channel(read_rules(reads, shop_ref))
    today = local_date(now, rules.shop.time_zone)
    token_keys = read_token_keys(reads)

    def row(due: Due) -> tuple[str, ...]:
        token = make_token(token_keys, shop_ref.organization_id, due[0].customer.ref)
        return _row(rules, due, f"{public_url}/unsubscribe/{token}")

    due = (one for one in _due(reads, rules, first, last, today) if not kinds or one[1].kind in kinds)
    content = BytesIO()
    rows = map(row, due)
    if file_format == "csv":
        count = write_csv(COLUMNS, rows, content, reader=csv_for)
    else:
        count = write_xlsx(COLUMNS, rows, content)
    folder = f"lists/{shop_ref.organization_id}/{shop_ref.shop_id}"
    url = offer_file(bucket, folder, content.getvalue(), file_format)
    return CampaignList(url=url, rows=count, note=_NOTES[csv_for] if file_format == "csv" else _OF_XLSX)


def _with_a_channel(rules: Rules) -> Rules:
    """The rules with every channel on where the shop sends nothing itself, and no kill switch."""
    rules = replace(rules, stopped="")
    if rules.settings.is_on:
        return rules
    return replace(
        rules,
        settings=rules.settings.with_all(on=True),
        entitlements=rules.entitlements | {reach.needs for reach in REACH.values()},
    )


def _due(reads: Reads, rules: Rules, first: date, last: date, today: date) -> Iterator[Due]:
    past = min(last, today - timedelta(days=1))
    for day in (first + timedelta(days=n) for n in range((past - first).days + 1)):
        for facts in gather(reads, rules, candidates(reads, rules, day), day):
            decisions = decide(rules, replace(facts, messages={}, slots={}), day)
            yield from ((facts, one) for one in decisions if isinstance(one, Send | Hold))
    if last < today:
        return
    for day, found in days_ahead(reads, rules, today, (last - today).days + 1):
        if day >= first:
            yield from (
                (facts, one) for facts, decisions in found for one in decisions if isinstance(one, Send)
            )


def _row(rules: Rules, due: Due, unsubscribe_url: str) -> tuple[str, ...]:
    facts, decision = due
    letter = letter_facts(rules, facts, decision, unsubscribe_url)
    address = postal_address(facts.customer) or Address()
    return (
        decision.due_on,
        decision.kind.value,
        decision.channel.value,
        email_to(facts),
        *(getattr(address, name) for name in _ADDRESS),
        *(_cell(getattr(letter, field.name)) for field in fields(LetterFacts)),
    )


def _cell(value: object) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value)
