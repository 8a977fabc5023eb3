"""Messages: the ledger, why and why not on any day, the coming week, statistics, lists for mail merge."""

from datetime import date
from typing import Annotated

from crossbay.app.campaigns import any_day, mail_merge
from crossbay.app.campaigns import statistics as message_statistics
from crossbay.app.campaigns.day_view import AskedDay, stop_of
from crossbay.app.campaigns.forecast import read_forecast
from crossbay.app.campaigns.message_content import MessageContent, read_content
from crossbay.app.campaigns.rules import read_rules
from crossbay.app.campaigns.stop_message import stop_message
from crossbay.aws.s3 import Bucket
from crossbay.campaigns.forecast import Forecast
from crossbay.domain.access import Action
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Message, MessageState
from crossbay.domain.campaigns.settings import CampaignSettings, MessageKind
from crossbay.domain.customers.customer import CustomerRef
from crossbay.entry.answers import versioned
from crossbay.entry.campaigns.message_answers import MessageList, MessagePage, Upcoming
from crossbay.entry.campaigns.requests import CampaignListInput, CampaignSettingsInput, StopInput
from crossbay.entry.fields import Day
from crossbay.entry.http import Cursor, Door, First, Id, IdempotencyKey, Last, Limit, Query, Response
from crossbay.reports.messages import MessageStatistics
from crossbay.settings import settings
from crossbay.store.campaigns import messages as store
from crossbay.store.customers.customers import read_file

door = Door("messages")
app = door.app
lambda_handler = door.handler

_NO_REASON = StopInput()


@app.get("/shops/<shop_id>/messages", tags=["messages"], summary="Messages of a period, newest first")
def list_messages(
    shop_id: Id,
    first: First,
    last: Last,
    kind: Annotated[MessageKind | None, Query()] = None,
    channel: Annotated[Channel | None, Query()] = None,
    state: Annotated[MessageState | None, Query()] = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> MessagePage:
    """They are of any kind, channel and state, or of those named.

    Pages are full while there is more. Where a thousand messages in a row are of other kinds, a page ends
    early, with a `next` to go on.
    """
    caller = door.caller(Action.READ_CAMPAIGNS, shop_id)

    def fits(message: Message) -> bool:
        return (
            kind in (None, message.occasion.kind)
            and channel in (None, message.channel)
            and state in (None, message.state)
        )

    shop_ref = caller.shop_ref(shop_id)
    found, following = store.list_matching(
        door.reads, shop_ref, (first, last), fits, limit=limit, after=door.position(caller, cursor)
    )
    return MessagePage(messages=found, next=door.cursor(caller, following))


@app.get(
    "/shops/<shop_id>/customers/<customer_id>/messages", tags=["messages"], summary="A customer's messages"
)
def list_customer_messages(shop_id: Id, customer_id: Id) -> MessageList:
    """All of them, newest first."""
    caller = door.caller(Action.READ_CAMPAIGNS, shop_id)
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    read_file(door.reads, caller.organization.id, ref)
    return MessageList(messages=store.list_of_customer(door.reads, caller.organization.id, ref))


@app.get(
    "/shops/<shop_id>/customers/<customer_id>/messages/<message_id>/content",
    tags=["messages"],
    summary="A message as the customer got it",
)
def read_message_content(shop_id: Id, customer_id: Id, message_id: Id) -> MessageContent:
    """Subject, HTML, text and headers as they went out, or the postcard."""
    caller = door.caller(Action.READ_CAMPAIGNS, shop_id)
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    message = store.read_message(door.reads, caller.organization.id, ref, message_id)
    return read_content(Bucket(settings().require("files_bucket").files_bucket), message)


@app.get(
    "/shops/<shop_id>/customers/<customer_id>/campaign-days/<day>",
    tags=["messages"],
    summary="Why a customer gets what on a day, or does not",
)
def read_customer_campaign_day(shop_id: Id, customer_id: Id, day: Day) -> AskedDay:
    """Each of the six kinds with the first condition that failed; a past day as its night saw it."""
    caller = door.caller(Action.READ_CAMPAIGNS, shop_id)
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    asked = date.fromisoformat(day)
    return any_day.explain(door.reads, caller.organization.id, ref, asked, now=door.now())


@app.get(
    "/shops/<shop_id>/campaign-days/<day>", tags=["messages"], summary="What goes out on a day, and why not"
)
def read_campaign_day(shop_id: Id, day: Day) -> AskedDay:
    """Everybody with an occasion on that day, past or to come."""
    caller = door.caller(Action.READ_CAMPAIGNS, shop_id)
    return any_day.ask_day(door.reads, caller.shop_ref(shop_id), date.fromisoformat(day), now=door.now())


@app.get("/shops/<shop_id>/upcoming-messages", tags=["messages"], summary="The coming seven days")
def list_upcoming_messages(shop_id: Id) -> Upcoming:
    """The list takes every appointment as kept. `stop` takes one of them out."""
    caller = door.caller(Action.READ_CAMPAIGNS, shop_id)
    rules = read_rules(door.reads, caller.shop_ref(shop_id))
    found = any_day.upcoming(door.reads, rules, now=door.now())
    return Upcoming(messages=found, stopped=stop_of(rules))


@app.post(
    "/shops/<shop_id>/customers/<customer_id>/messages/<message_id>/stop",
    tags=["messages"],
    summary="Stop one message to come",
)
def stop_campaign_message(
    shop_id: Id,
    customer_id: Id,
    message_id: Id,
    body: StopInput = _NO_REASON,
    idempotency_key: IdempotencyKey = None,
) -> Response[Message]:
    """Only this one: the next interval or appointment has its own.

    409: It went out already, or was stopped, held or skipped.
    """
    caller = door.caller(Action.READ_CAMPAIGNS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    ids = (caller.organization.id, ref, message_id)
    who = caller.member.name or caller.member.email

    def act() -> tuple[str, ...]:
        return (stop_message(door.reads, *ids, who=who, reason=body.reason, stamp=stamp).id,)

    door.once(stamp, act)
    message = store.read_message(door.reads, *ids)
    return versioned(message, message.version)


@app.get(
    "/shops/<shop_id>/message-statistics", tags=["messages"], summary="What went out, and what came of it"
)
def read_message_statistics(shop_id: Id, first: First, last: Last) -> MessageStatistics:
    """The numbers are by day, kind and channel; with the repair orders invoiced within thirty days of a
    message.
    """
    caller = door.caller(Action.READ_CAMPAIGNS, shop_id)
    return message_statistics.read_statistics(
        door.reads, caller.shop_ref(shop_id), date.fromisoformat(first), date.fromisoformat(last)
    )


@app.post(
    "/shops/<shop_id>/campaign-forecast",
    tags=["messages"],
    summary="The next 180 days under settings not saved yet",
)
def forecast_campaigns(shop_id: Id, body: CampaignSettingsInput) -> Forecast:
    """Messages a day, the postcards' cost, and who would get none, with why."""
    caller = door.caller(Action.MANAGE_CAMPAIGNS, shop_id)
    asked = body.onto(CampaignSettings(organization_id=caller.organization.id, shop_id=shop_id))
    return read_forecast(door.reads, caller.shop_ref(shop_id), asked, now=door.now())


@app.post("/shops/<shop_id>/campaign-lists", tags=["messages"], summary="A list for mail merge")
def write_campaign_list(shop_id: Id, body: CampaignListInput) -> mail_merge.CampaignList:
    """Who is due between two days: a column for each template variable, nobody who wants no mail."""
    caller = door.caller(Action.MANAGE_CAMPAIGNS, shop_id)
    first, last = date.fromisoformat(body.first), date.fromisoformat(body.last)
    any_day.check_near(first, last)
    return mail_merge.write_list(
        door.reads,
        Bucket(settings().require("files_bucket").files_bucket),
        caller.shop_ref(shop_id),
        first,
        last,
        body.kinds,
        file_format=body.format.value,
        csv_for=body.csv_for,
        public_url=door.public_url,
        now=door.now(),
    )
