"""Whether a shop writes at all, and how it reaches a customer: switches, addresses, opt-outs (C1, C9-C11)."""

from collections.abc import Callable, Collection, Iterator, Mapping

from crossbay.campaigns.decision import Check
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.domain.address import Address
from crossbay.domain.calendar import local_date
from crossbay.domain.campaigns.message import TextFailure
from crossbay.domain.campaigns.settings import Channel
from crossbay.domain.customers.customer import Customer, OptOut
from crossbay.domain.organization import Entitlement

_NEEDED = {Channel.EMAIL: Entitlement.CUSTOMER_CONTACT, Channel.POSTCARD: Entitlement.POSTCARDS}
CHANNEL_WORDS = {Channel.EMAIL: "e-mail", Channel.POSTCARD: "postcard"}


def open_channels(rules: Rules) -> tuple[Channel, ...]:
    """Those switched on that the organization is entitled to."""
    return tuple(c for c in rules.settings.channels_on if _NEEDED[c] in rules.entitlements)


def email_to(facts: CustomerFacts) -> str:
    """The customer's first e-mail that lives and whose owner took mail; empty where there is none."""
    left = (e for e in facts.customer.emails if e not in facts.dead_emails and e not in facts.opted_out)
    return next(left, "")


def postal_address(customer: Customer) -> Address | None:
    """Where a card reaches the customer: the billing address, else the first service address that will do."""
    addresses = [customer.billing_address, *(service.address for service in customer.service_addresses)]
    return next((a for a in addresses if a.line1.strip() and (a.postal_code or a.city).strip()), None)


_REACHES: Mapping[Channel, Callable[[CustomerFacts], bool]] = {
    Channel.EMAIL: lambda facts: bool(email_to(facts)),
    Channel.POSTCARD: lambda facts: postal_address(facts.customer) is not None,
}


def channel_to(rules: Rules, facts: CustomerFacts, failures: Collection[TextFailure] = ()) -> Channel | None:
    """The first channel, in their own order, that is open, reaches the customer and hasn't failed.

    An address whose owner asked for no mail is none to write to, nor is it none: nothing goes in its place.
    """
    channels = open_channels(rules)
    if Channel.EMAIL in channels and facts.opted_out:
        reached = [Channel.EMAIL]
    else:
        reached = [channel for channel in channels if _REACHES[channel](facts)]
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
        yield Check(code="channel", text=f"reached by {CHANNEL_WORDS[channel]}", passed=True)
    else:
        yield Check(code="channel", text=_why_not_reached(rules, facts, failures), passed=False)


def _campaigns_are_on(rules: Rules) -> Check:
    if rules.stopped:
        since = f" since {local_date(rules.stopped_at, rules.shop.time_zone)}" if rules.stopped_at else ""
        return Check(code="stopped", text=f"sending stopped{since}: {rules.stopped}", passed=False)
    if not rules.settings.is_on:
        return Check(code="contact", text="e-mail and postcards switched off", passed=False)
    if not open_channels(rules):
        lacking = " and ".join(_NEEDED[channel].value for channel in rules.settings.channels_on)
        return Check(code="entitlement", text=f"organization without {lacking}", passed=False)
    return Check(code="contact", text="campaigns switched on", passed=True)


def _why_not_reached(rules: Rules, facts: CustomerFacts, failures: Collection[TextFailure]) -> str:
    lacking = {
        Channel.EMAIL: "e-mail bounced" if facts.customer.emails else "no e-mail",
        Channel.POSTCARD: "no postal address",
    }
    failed = {failure.channel for failure in failures}
    unreached = (c for c in open_channels(rules) if c not in failed and not _REACHES[c](facts))
    return ", ".join([*map(failure_words, failures), *(lacking[channel] for channel in unreached)])


def failure_words(failure: TextFailure) -> str:
    """`no postcard: no font has the letter ...`."""
    return f"no {CHANNEL_WORDS[failure.channel]}: {failure.reason.rstrip('.')}"


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
