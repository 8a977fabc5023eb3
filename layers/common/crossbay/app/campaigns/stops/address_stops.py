"""A customer's do-not-mail, kept with the mailboxes: it holds for the address on whichever record (C27)."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from crossbay.domain.access import Stamp
from crossbay.domain.campaigns.stop import (
    Stop,
    StopReason,
    StopSource,
    bounced_at,
    complained_at,
    first_opt_out,
    with_flags,
)
from crossbay.domain.customers.customer import AddressStop, Customer
from crossbay.domain.customers.former import ever
from crossbay.domain.customers.opt_out import BY_CUSTOMER
from crossbay.domain.organization import Organization
from crossbay.store.campaigns.stops import Edit, Stops, note_stop, put_stops, read_stops
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


def put_do_not_mail(
    transaction: Transaction,
    reads: Reads,
    before: Customer | None,
    after: Customer,
    *,
    stamp: Stamp,
    also: Iterable[str] = (),
) -> None:
    """Bring the stops of a customer's mailboxes in line with its do-not-mail, in the save of that.

    also: addresses that mail to the customer went to. One that the record had once keeps what was asked then,
    until that is taken back. A customer who never asked for anything costs no read.
    Refuses with Contended.
    """
    if not after.do_not_mail.is_set and not (before and before.do_not_mail.is_set):
        return
    source = StopSource(shop_id=after.shop_id, customer_id=after.id)
    edit = partial(with_flags, source=source, flags=after.do_not_mail, at=stamp.at, by=stamp.by)
    edits: dict[str, Edit] = {email: partial(edit, adds=False) for email in ever(after).emails}
    edits |= dict.fromkeys((*after.emails, *filter(None, also)), edit)
    put_stops(transaction, reads, after.organization_id, edits)


def with_address_stops(reads: Reads, organization: Organization, customer: Customer) -> Customer:
    """The customer as it is shown: with what keeps mail from its addresses, on whichever record it stands."""
    if not customer.emails:
        return customer
    stops = read_stops(reads, organization.id, customer.emails)
    shown = [_shown(organization, customer, email, stops.get(email, ())) for email in customer.emails]
    kept = (one for one in shown if one.do_not_mail_since or one.bounced_at or one.complained_at)
    return replace(customer, address_stops=tuple(kept))


def _shown(organization: Organization, customer: Customer, email: str, stops: Stops) -> AddressStop:
    others = tuple(stop for stop in stops if not _is_own(stop, customer))
    stop = first_opt_out(others, customer.shop_id, shared=organization.shares_opt_outs)
    own = first_opt_out(stops, customer.shop_id, shared=organization.shares_opt_outs)
    told = stop or own
    return AddressStop(
        email=email,
        do_not_mail_since=told.at if told else "",
        how=told.how if told else "",
        by_other_record=stop is not None,
        bounced_at=bounced_at(stops),
        complained_at=complained_at(stops),
    )


def _is_own(stop: Stop, customer: Customer) -> bool:
    return (stop.shop_id, stop.customer_id) == (customer.shop_id, customer.id)


def complaint_of(shop_id: str, customer_id: str, *, at: str, how: str) -> Stop:
    """A complaint about what a person wrote for a customer: it is asked about before anyone writes again."""
    return Stop(
        reason=StopReason.COMPLAINT, at=at, noted_at=at, shop_id=shop_id, customer_id=customer_id, how=how
    )


def stop_everywhere(reads: Reads, organization_id: str, email: str, *, how: str, at: str) -> None:
    """No shop of the organization writes campaigns to an address whose owner told nobody knows which."""
    stop = Stop(reason=StopReason.OPT_OUT, at=at, noted_at=at, by=BY_CUSTOMER, how=how)
    note_stop(reads, organization_id, email, stop)
    note_stop(reads, organization_id, email, complaint_of("", "", at=at, how=how))
