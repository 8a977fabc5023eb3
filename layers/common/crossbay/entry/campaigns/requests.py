"""What clients send about campaigns: settings, templates, previews, lists, stops."""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.settings import CampaignSettings, ChannelSettings, Days, MessageKind
from crossbay.domain.campaigns.template import Template
from crossbay.domain.organization import Organization
from crossbay.entry.fields import Day, Instant, Line, ListFormat, RecordId, Short, Title
from crossbay.entry.inputs import Input, example
from crossbay.errors import BadInput
from crossbay.rendering.merge import ListReader

Number = Annotated[int, Field(ge=-100_000, le=100_000)]
"""Of days; what can't mean anything is refused with its reason by `checked_settings`, not here."""

_TEMPLATE_CHARACTERS = 100_000
Body = Annotated[str, StringConstraints(max_length=_TEMPLATE_CHARACTERS, pattern=r"^[^\x00]*$")]


class DaysInput(Input):
    """One channel's numbers, in days; 0 switches a number off."""

    reminder_1: Number = 0
    reminder_2: Number = 0
    no_show: Number = 0
    thank_you: Number = 0
    deferred: Number = 0
    inactive: Number = 0
    interval: Number = 0
    dead: Number = 0

    def days(self) -> Days:
        return Days(**self.model_dump())


class ChannelInput(Input):
    """One channel of a shop. account, cost_cents: of postcards, the shop's account and what one costs."""

    on: bool = False
    days: DaysInput = DaysInput()
    account: Short = ""
    cost_cents: Annotated[int, Field(ge=0, le=100_000)] = 0

    def chosen(self) -> ChannelSettings:
        return ChannelSettings(
            on=self.on, days=self.days.days(), account=self.account, cost_cents=self.cost_cents
        )


class CampaignSettingsInput(Input):
    """The whole set-up of a shop; its name, owner, phone and e-mail stand on the shop itself.

    channels: one that is left out is off.
    """

    model_config = example(
        channels={
            "email": {
                "on": True,
                "days": {
                    "reminder_1": 30,
                    "reminder_2": 7,
                    "no_show": 1,
                    "thank_you": 3,
                    "deferred": 30,
                    "inactive": 90,
                    "interval": 90,
                    "dead": 365,
                },
            }
        },
        feedback="mailto:owner@example.com",
        send_hour=9,
    )

    channels: dict[Annotated[Channel, Field(strict=False)], ChannelInput] = {}
    feedback: Line = ""
    send_hour: Annotated[int, Field(ge=0, le=23)] = 9

    def onto(self, before: CampaignSettings) -> CampaignSettings:
        """The settings as sent; what isn't sent is at its default."""
        return replace(
            before,
            channels={channel: self.channels.get(channel, ChannelInput()).chosen() for channel in Channel},
            feedback=self.feedback,
            send_hour=self.send_hour,
        )


class TemplateInput(Input):
    """html: MJML or HTML. card: the postcard's text, its first line the heading."""

    subject: Line
    html: Body
    text: Body
    card: Body

    def template(self) -> Template:
        """The template as it was sent, not checked yet."""
        return Template(subject=self.subject, html=self.html, text=self.text, card=self.card)


class PreviewFormat(StrEnum):
    HTML = "html"
    TEXT = "text"
    PDF = "pdf"
    PNG = "png"


class PreviewInput(Input):
    """template: one not saved yet, else the shop's own or ours. customer_id: empty for a sample customer."""

    template: TemplateInput | None = None
    customer_id: RecordId = ""
    format: Annotated[PreviewFormat, Field(strict=False)] = PreviewFormat.HTML


class CampaignListInput(Input):
    """kinds: every kind where none is named. first, last: civil days, both included.

    csv_for: `letters` leaves cells as they are printed; `spreadsheets` keeps them from being computed. An
    XLSX serves both.
    """

    model_config = example(first="2027-03-01", last="2027-03-31", kinds=["inactive"], format="xlsx")

    first: Day
    last: Day
    kinds: Annotated[list[Annotated[MessageKind, Field(strict=False)]], Field(max_length=6)] = []
    format: Annotated[ListFormat, Field(strict=False)] = ListFormat.CSV
    csv_for: Annotated[ListReader, Field(strict=False)] = ListReader.SPREADSHEETS


class StopInput(Input):
    """reason: in the words of who stops it, shown where someone asks why nothing went out."""

    reason: Line = ""


class OptOutInput(Input):
    """hold_for_all_shops: whether an opt-out of an e-mail address in one shop holds for all of them."""

    model_config = example(hold_for_all_shops=True)

    hold_for_all_shops: bool

    def onto(self, organization: Organization) -> Organization:
        return replace(organization, shares_opt_outs=self.hold_for_all_shops)


class BounceInput(Input):
    """Which hard bounces to take back: those of one `email`, or all that came between `since` and `until`.

    reason: why mail is to go there again, in words that name nobody; the audit keeps it.
    """

    model_config = example(
        since="2027-03-01T09:00:00-05:00", until="2027-03-01T15:00:00-05:00", reason="the provider mended it"
    )

    email: Line = ""
    since: Instant | None = None
    until: Instant | None = None
    reason: Title

    def between(self) -> tuple[str, str] | None:
        """The two instants (UTC), None where it is about one address. Raises BadInput for neither or both."""
        if self.since and self.until and not self.email:
            return utc_iso(self.since), utc_iso(self.until)
        if self.email and not self.since and not self.until:
            return None
        asked = "is needed alone, or else since and until together"
        raise BadInput("Name one address, or the time between two instants.", fields={"email": asked})


class SendingInput(Input):
    """The kill switch. reason: shown to whoever asks why nothing goes out; stopping needs one."""

    stopped: bool
    reason: Line = ""
