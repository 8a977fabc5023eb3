"""Campaigns set up: settings, letters with their previews, kill switches, postcard batches."""

from functools import partial
from typing import Annotated

from crossbay.app.campaigns import settings as campaign_settings
from crossbay.app.campaigns import templates
from crossbay.app.campaigns.postcards.batches import PostcardFiles, list_postcard_batches, offer_files
from crossbay.app.campaigns.rules import read_rules
from crossbay.app.campaigns.stops import bounces
from crossbay.app.campaigns.stops.bounces import TakenBack
from crossbay.app.organizations import change_organization
from crossbay.aws.s3 import Bucket
from crossbay.aws.ses import SuppressionList
from crossbay.domain.access import Action, Caller, Stamp
from crossbay.domain.calendar import local_date
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.entry.answers import versioned
from crossbay.entry.campaigns.answers import (
    CampaignSending,
    CampaignSetup,
    MessagePreview,
    MessageTemplate,
    MessageTemplateList,
    OptOutRule,
    PostcardBatchList,
)
from crossbay.entry.campaigns.requests import (
    BounceInput,
    CampaignSettingsInput,
    OptOutInput,
    PreviewFormat,
    PreviewInput,
    SendingInput,
    TemplateInput,
)
from crossbay.entry.fields import Day
from crossbay.entry.http import (
    Door,
    Id,
    IdempotencyKey,
    IfMatch,
    Path,
    Query,
    Response,
    expected_version,
)
from crossbay.settings import settings
from crossbay.store.campaigns.settings import read_switches
from crossbay.store.organizations import read_organization, read_shop

door = Door("campaigns")
app = door.app
lambda_handler = door.handler

First = Annotated[Day, Query(description="The first civil day of the shop.")]
Last = Annotated[Day, Query(description="The last civil day, itself included.")]
Number = Annotated[int, Path(ge=1, le=9999, description="Of the batches of that day.")]
SHOP = "/shops/<shop_id>"

_AS_SAVED = PreviewInput()


# ---- settings


@app.get(f"{SHOP}/campaign-settings", tags=["campaigns"], summary="A shop's campaign settings")
def read_campaign_settings(shop_id: Id) -> Response[CampaignSetup]:
    """Everything off, at version 0, until settings are saved."""
    return _setup(door.caller(Action.READ_CAMPAIGNS, shop_id), shop_id)


@app.put(f"{SHOP}/campaign-settings", tags=["campaigns"], summary="Set a shop's campaigns up")
def save_campaign_settings(
    shop_id: Id,
    body: CampaignSettingsInput,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[CampaignSetup]:
    """The whole set-up: what isn't sent goes back to its default. The first time, `If-Match` is `"0"`."""
    caller = door.caller(Action.MANAGE_CAMPAIGNS, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    shop_ref = caller.shop_ref(shop_id)
    door.change(
        stamp,
        if_match,
        partial(campaign_settings.save_settings, door.reads, shop_ref, body.onto, stamp=stamp),
    )
    return _setup(caller, shop_id)


def _setup(caller: Caller, shop_id: str) -> Response[CampaignSetup]:
    kept = campaign_settings.read_settings(door.reads, caller.shop_ref(shop_id))
    rules = read_rules(door.reads, caller.shop_ref(shop_id))
    return versioned(CampaignSetup.of(kept, rules, caller.organization), kept.version)


# ---- letters


@app.get(f"{SHOP}/message-templates", tags=["campaigns"], summary="A shop's letters")
def list_message_templates(shop_id: Id) -> MessageTemplateList:
    """Each kind has the shop's own letter, or the default one."""
    caller = door.caller(Action.READ_CAMPAIGNS, shop_id)
    found = templates.list_templates(door.reads, caller.shop_ref(shop_id))
    return MessageTemplateList(templates=tuple(map(MessageTemplate.of, found)))


@app.get(
    f"{SHOP}/message-templates/<message_kind>", tags=["campaigns"], summary="A shop's letter of one kind"
)
def read_message_template(shop_id: Id, message_kind: MessageKind) -> Response[MessageTemplate]:
    """The shop's own, or the default one at version 0."""
    return _template(door.caller(Action.READ_CAMPAIGNS, shop_id), shop_id, message_kind)


@app.put(
    f"{SHOP}/message-templates/<message_kind>", tags=["campaigns"], summary="Write a letter of one's own"
)
def save_message_template(
    shop_id: Id,
    message_kind: MessageKind,
    body: TemplateInput,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[MessageTemplate]:
    """Refused with line and reason where it names an unknown variable or does more than a letter may."""
    caller = door.caller(Action.MANAGE_CAMPAIGNS, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    ids = (caller.shop_ref(shop_id), message_kind)
    door.change(
        stamp, if_match, partial(templates.save_template, door.reads, *ids, body.template(), stamp=stamp)
    )
    return _template(caller, shop_id, message_kind)


@app.delete(f"{SHOP}/message-templates/<message_kind>", tags=["campaigns"], summary="Back to the default")
def reset_message_template(
    shop_id: Id, message_kind: MessageKind, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[MessageTemplate]:
    """Answers with the default letter."""
    caller = door.caller(Action.MANAGE_CAMPAIGNS, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    ids = (caller.shop_ref(shop_id), message_kind)
    door.change(stamp, if_match, partial(templates.reset_template, door.reads, *ids, stamp=stamp))
    return _template(caller, shop_id, message_kind)


def _template(caller: Caller, shop_id: str, kind: MessageKind) -> Response[MessageTemplate]:
    kept = templates.read_template(door.reads, caller.shop_ref(shop_id), kind)
    return versioned(MessageTemplate.of(kept), kept.version)


@app.post(
    f"{SHOP}/message-templates/<message_kind>/preview",
    tags=["campaigns"],
    summary="See a letter first",
)
def preview_message(shop_id: Id, message_kind: MessageKind, body: PreviewInput = _AS_SAVED) -> MessagePreview:
    """It goes to a customer of the shop, or a made-up one, as HTML, text, or the postcard as PDF or PNG.

    Nothing is kept or sent; the unsubscribe link in it leads nowhere.
    """
    caller = door.caller(Action.MANAGE_CAMPAIGNS, shop_id)
    shop = read_shop(door.reads, caller.shop_ref(shop_id))
    shown = templates.preview(
        door.reads,
        caller.shop_ref(shop_id),
        message_kind,
        today=local_date(door.now(), shop.time_zone),
        template=body.template.template() if body.template else None,
        customer_id=body.customer_id,
    )
    if body.format in (PreviewFormat.PDF, PreviewFormat.PNG):
        urls = templates.offer_preview(_bucket(), shown, file_format=body.format.value)
        return MessagePreview.of_card(shown, message_kind, urls)
    return MessagePreview.of_email(shown, message_kind, is_html=body.format is PreviewFormat.HTML)


# ---- kill switches


@app.get("/sending", tags=["campaigns"], summary="Whether campaign messages go out")
def read_campaign_sending() -> Response[CampaignSending]:
    """The answer is for the whole organization; if they don't go out, since when and why."""
    caller = door.caller(Action.READ_CAMPAIGNS)
    own, everybody = read_switches(door.reads, caller.organization.id)
    return versioned(CampaignSending.of(own, everybody), own.version)


@app.put("/sending", tags=["campaigns"], summary="Stop or resume all campaign messages")
def switch_campaign_sending(
    body: SendingInput, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[CampaignSending]:
    """It holds for the whole organization, from the next message on. What is due meanwhile is made up
    afterwards.
    """
    caller = door.caller(Action.STOP_SENDING)
    stamp = door.stamp(caller, idempotency_key)
    _switch(caller.organization.id, body, if_match, stamp)
    return read_campaign_sending()


@app.get("/operator/sending", tags=["operator"], summary="Whether anybody's campaign messages go out")
def read_campaign_sending_of_all() -> Response[CampaignSending]:
    """The answer is for every organization on this deployment."""
    door.operator_stamp(None)
    switch = campaign_settings.read_switch(door.reads)
    return versioned(CampaignSending.of(switch, switch), switch.version)


@app.put("/operator/sending", tags=["operator"], summary="Stop or resume everybody's campaign messages")
def switch_campaign_sending_of_all(
    body: SendingInput, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[CampaignSending]:
    """It holds for every organization, from the next message on. What is due meanwhile is made up
    afterwards.
    """
    _switch("", body, if_match, door.operator_stamp(idempotency_key))
    return read_campaign_sending_of_all()


def _switch(organization_id: str, body: SendingInput, if_match: str | None, stamp: Stamp) -> None:
    def act() -> tuple[str, ...]:
        version = expected_version(if_match)
        if body.stopped:
            reason = body.reason.strip()
            campaign_settings.stop_sending(
                door.reads, organization_id, reason=reason, version=version, stamp=stamp
            )
        else:
            campaign_settings.resume_sending(door.reads, organization_id, version=version, stamp=stamp)
        return ()

    door.once(stamp, act)


# ---- opt-outs


@app.get("/opt-outs", tags=["campaigns"], summary="Whether opt-outs hold for every shop")
def read_opt_outs() -> Response[OptOutRule]:
    """The answer is for the whole organization."""
    return _opt_outs(door.caller(Action.READ_CAMPAIGNS).organization.id)


@app.put("/opt-outs", tags=["campaigns"], summary="Let opt-outs hold for every shop, or for their own alone")
def set_opt_outs(
    body: OptOutInput, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[OptOutRule]:
    """This is for organizations that their customers know under one name. It holds for opt-outs of before,
    too.
    """
    caller = door.caller(Action.MANAGE_ORGANIZATION)
    stamp = door.stamp(caller, idempotency_key)

    ids = (caller.organization.id,)
    door.change(stamp, if_match, partial(change_organization, door.reads, *ids, body.onto, stamp=stamp))
    return _opt_outs(caller.organization.id)


def _opt_outs(organization_id: str) -> Response[OptOutRule]:
    organization = read_organization(door.reads, organization_id)
    rule = OptOutRule(hold_for_all_shops=organization.shares_opt_outs, version=organization.version)
    return versioned(rule, organization.version)


# ---- bounces


@app.post("/bounces/take-back", tags=["campaigns"], summary="Let mail go again to addresses that bounced")
def take_bounces_back(body: BounceInput, idempotency_key: IdempotencyKey = None) -> TakenBack:
    """They are taken back in every shop, and off SES's own list. The next hard bounce stops it again; a
    complaint stays.

    Between two times some fifty a request: ask again while `more` is true. For a dealer admin.

    409: Someone complained about mail to this address: that can't be taken back.
    """
    caller = door.caller(Action.TAKE_BACK_BOUNCES)
    stamp = door.stamp(caller, idempotency_key)
    ids, between = (door.reads, SuppressionList(), caller.organization.id), body.between()

    def act() -> tuple[str, ...]:
        if between:
            return bounces.take_back_between(*ids, *between, reason=body.reason, stamp=stamp).remembered
        return bounces.take_back_one(*ids, body.email, reason=body.reason, stamp=stamp).remembered

    return TakenBack.recalled(door.once(stamp, act))


# ---- postcards


@app.get(f"{SHOP}/postcard-batches", tags=["campaigns"], summary="A shop's postcard batches")
def list_shop_postcard_batches(shop_id: Id, first: First, last: Last) -> PostcardBatchList:
    """Those that are finished, oldest first; of three months at most."""
    caller = door.caller(Action.READ_CAMPAIGNS, shop_id)
    found = list_postcard_batches(door.reads, caller.shop_ref(shop_id), first, last)
    return PostcardBatchList(batches=found)


@app.get(f"{SHOP}/postcard-batches/<day>/<number>", tags=["campaigns"], summary="A batch's files")
def read_postcard_batch(shop_id: Id, day: Day, number: Number) -> PostcardFiles:
    """The files are for the print shop. Both are deleted after 60 days."""
    caller = door.caller(Action.MANAGE_CAMPAIGNS, shop_id)
    shop_ref = caller.shop_ref(shop_id)
    return offer_files(door.reads, _bucket(), shop_ref, day, number, now=door.now())


def _bucket() -> Bucket:
    return Bucket(settings().require("files_bucket").files_bucket)
