"""Whether a shop writes at all, and how it reaches a customer: switches, addresses, opt-outs (C1, C9-C11)."""

from collections.abc import Iterator

from crossbay.campaigns.decision import Check
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.domain.address import Address
from crossbay.domain.calendar import local_date
from crossbay.domain.contact import Channel
from crossbay.domain.customer import Customer, DoNotMail
from crossbay.domain.organization import Entitlement

_NEEDED = {Channel.EMAIL: Entitlement.CUSTOMER_CONTACT, Channel.POSTCARD: Entitlement.POSTCARDS}
CHANNEL_WORDS = {Channel.EMAIL: "e-mail", Channel.POSTCARD: "postcard"}


def open_channels(rules: Rules) -> tuple[Channel, ...]:
    """Those switched on that the organization is entitled to."""
    return tuple(c for c in rules.settings.channels_on if _NEEDED[c] in rules.entitlements)


def living_email(customer: Customer, dead_emails: frozenset[str] = frozenset()) -> str:
    """The customer's first e-mail that has not bounced; empty where there is none."""
    return next((email for email in customer.emails if email not in dead_emails), "")


def postal_address(customer: Customer) -> Address | None:
    """Where a card reaches the customer: the billing address, else the first service address that will do."""
    addresses = [customer.billing_address, *(service.address for service in customer.service_addresses)]
    return next((a for a in addresses if a.line1.strip() and (a.postal_code or a.city).strip()), None)


def channel_to(rules: Rules, facts: CustomerFacts) -> Channel | None:
    """E-mail where it is on and an address lives, else postcard where that is on and there is an address."""
    channels = open_channels(rules)
    if Channel.EMAIL in channels and living_email(facts.customer, facts.dead_emails):
        return Channel.EMAIL
    return Channel.POSTCARD if Channel.POSTCARD in channels and postal_address(facts.customer) else None


def standing_checks(rules: Rules, facts: CustomerFacts, channel: Channel | None) -> Iterator[Check]:
    """What holds of the customer whatever the kind: contact is on, on file, reached by a channel."""
    yield _contact_is_on(rules)
    deleted = bool(facts.customer.deleted_at)
    yield Check(
        code="customer", text="customer deleted" if deleted else "customer on file", passed=not deleted
    )
    if channel:
        yield Check(code="channel", text=f"reached by {CHANNEL_WORDS[channel]}", passed=True)
    else:
        yield Check(code="channel", text=_why_not_reached(rules, facts), passed=False)


def _contact_is_on(rules: Rules) -> Check:
    if rules.stopped:
        since = f" since {local_date(rules.stopped_at, rules.shop.time_zone)}" if rules.stopped_at else ""
        return Check(code="stopped", text=f"sending stopped{since}: {rules.stopped}", passed=False)
    if not rules.settings.is_on:
        return Check(code="contact", text="e-mail and postcards switched off", passed=False)
    if not open_channels(rules):
        lacking = " and ".join(_NEEDED[channel].value for channel in rules.settings.channels_on)
        return Check(code="entitlement", text=f"organization without {lacking}", passed=False)
    return Check(code="contact", text="contact switched on", passed=True)


def _why_not_reached(rules: Rules, facts: CustomerFacts) -> str:
    reasons = []
    if Channel.EMAIL in open_channels(rules):
        reasons.append("e-mail bounced" if facts.customer.emails else "no e-mail")
    if Channel.POSTCARD in open_channels(rules):
        reasons.append("no postal address")
    return ", ".join(reasons)


def do_not_mail_check(do_not_mail: DoNotMail, time_zone: str) -> Check:
    """`do-not-mail since 2027-01-14 by unsubscribe link`: the customer's own word before staff's."""
    opt_out = do_not_mail.by_customer or do_not_mail.by_staff
    if opt_out is None:
        return Check(code="do_not_mail", text="no do-not-mail", passed=True)
    since = f" since {local_date(opt_out.at, time_zone)}" if opt_out.at else ""
    how = f" by {opt_out.how}" if opt_out.how else ""
    return Check(code="do_not_mail", text=f"do-not-mail{since}{how}", passed=False)
