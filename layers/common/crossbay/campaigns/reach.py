"""Whether a shop writes at all, and how it reaches a customer: switches, addresses, opt-outs (C1, C9-C11)."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from crossbay.campaigns.decision import Check
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.domain.address import Address
from crossbay.domain.calendar import local_date
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import TextFailure
from crossbay.domain.customers.customer import Customer, OptOut
from crossbay.domain.organization import Entitlement


def email_to(facts: CustomerFacts) -> str:
    """The customer's first e-mail that lives and whose owner took mail; empty where there is none."""
    left = (e for e in facts.customer.emails if e not in facts.dead_emails and e not in facts.opted_out)
    return next(left, "")


def postal_address(customer: Customer) -> Address | None:
    """Where a card reaches the customer: the billing address, else the first service address that will do."""
    addresses = [customer.billing_address, *(service.address for service in customer.service_addresses)]
    return next((a for a in addresses if a.line1.strip() and (a.postal_code or a.city).strip()), None)


def _email_lacking(facts: CustomerFacts) -> str:
    if email_to(facts):
        return ""
    return "e-mail bounced" if facts.customer.emails else "no e-mail"


def _address_lacking(facts: CustomerFacts) -> str:
    return "" if postal_address(facts.customer) else "no postal address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How a channel gets to a customer.

    words: its name in a sentence. needs: what the organization has to be entitled to. lacking: what a
    customer lacks whom it doesn't reach, empty for one whom it does.
    """

    words: str
    needs: Entitlement
    lacking: Callable[[CustomerFacts], str]


REACH: Mapping[Channel, Reach] = {
    Channel.EMAIL: Reach(words="e-mail", needs=Entitlement.CUSTOMER_CONTACT, lacking=_email_lacking),
    Channel.POSTCARD: Reach(words="postcard", needs=Entitlement.POSTCARDS, lacking=_address_lacking),
}


def open_channels(rules: Rules) -> tuple[Channel, ...]:
    """Those switched on that the organization is entitled to."""
    return tuple(c for c in rules.settings.channels_on if REACH[c].needs in rules.entitlements)


def channel_to(rules: Rules, facts: CustomerFacts, failures: Collection[TextFailure] = ()) -> Channel | None:
    """The first channel, in their own order, that is open, reaches the customer and hasn't failed.

    An address whose owner asked for no mail is none to write to, nor is it none: nothing goes in its place.
    """
    channels = open_channels(rules)
    if Channel.EMAIL in channels and facts.opted_out:
        reached = [Channel.EMAIL]
    else:
        reached = [channel for channel in channels if not REACH[channel].lacking(facts)]
    failed = {failure.channel for failure in failures}
    return next((channel for channel in reached if channel not in failed), None)


def standing_checks(
    rules: Rules, facts: CustomerFacts, channel: Channel | None, failures: Collection[TextFailure] = ()
) -> Iterator[Check]:
    """What holds of the customer whatever the kind: campaigns are on, on file, reached by a channel.

    failures: of the message asked about.
    """
    yield _campaigns_are_on(rules)
    deleted = bool(facts.customer.deleted_at)
    yield Check(
        code="customer", text="customer deleted" if deleted else "customer on file", passed=not deleted
    )
    if channel:
        yield Check(code="channel", text=f"reached by {REACH[channel].words}", passed=True)
    else:
        yield Check(code="channel", text=_why_not_reached(rules, facts, failures), passed=False)


def _campaigns_are_on(rules: Rules) -> Check:
    if rules.stopped:
        since = f" since {local_date(rules.stopped_at, rules.shop.time_zone)}" if rules.stopped_at else ""
        return Check(code="stopped", text=f"sending stopped{since}: {rules.stopped}", passed=False)
    if not rules.settings.is_on:
        return Check(code="contact", text="campaigns switched off", passed=False)
    if not open_channels(rules):
        lacking = " and ".join(REACH[channel].needs.value for channel in rules.settings.channels_on)
        return Check(code="entitlement", text=f"organization without {lacking}", passed=False)
    return Check(code="contact", text="campaigns switched on", passed=True)


def _why_not_reached(rules: Rules, facts: CustomerFacts, failures: Collection[TextFailure]) -> str:
    failed = {failure.channel for failure in failures}
    lacking = (REACH[channel].lacking(facts) for channel in open_channels(rules) if channel not in failed)
    return ", ".join([*map(failure_words, failures), *filter(None, lacking)])


def failure_words(failure: TextFailure) -> str:
    """`no postcard: no font has the letter ...`."""
    return f"no {REACH[failure.channel].words}: {failure.reason.rstrip('.')}"


def do_not_mail_checks(rules: Rules, facts: CustomerFacts, channel: Channel | None) -> Iterator[Check]:
    """`do-not-mail since 2027-01-14 by unsubscribe link`: the customer's own word before staff's, and both
    before what was asked for the address on another record (C27).
    """
    flags = facts.customer.do_not_mail
    opt_out = flags.by_customer or flags.by_staff
    if opt_out:
        yield _asked_for(opt_out, rules, "do-not-mail")
    elif channel is Channel.EMAIL and not email_to(facts):
        first = next(facts.opted_out[email] for email in facts.customer.emails if email in facts.opted_out)
        yield _asked_for(first, rules, "do-not-mail of the e-mail address")
    yield Check(code="do_not_mail", text="no do-not-mail", passed=True)


def _asked_for(opt_out: OptOut, rules: Rules, what: str) -> Check:
    since = f" since {local_date(opt_out.at, rules.shop.time_zone)}" if opt_out.at else ""
    how = f" by {opt_out.how}" if opt_out.how else ""
    return Check(code="do_not_mail", text=f"{what}{since}{how}", passed=False)
