"""Unsubscribing by the link in a message: what its page tells, the one click, and undoing it (C9)."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from crossbay.app.campaigns.stops.address_stops import put_do_not_mail, with_address_stops
from crossbay.app.campaigns.stops.unsubscribe_token import Link, open_token
from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Stamp
from crossbay.domain.campaigns.message import EventKind, MessageEvent
from crossbay.domain.campaigns.stop import StopReason
from crossbay.domain.customers.customer import Customer, CustomerRef, DoNotMail
from crossbay.domain.customers.former import ever
from crossbay.domain.customers.opt_out import BY_CUSTOMER, UNSUBSCRIBE_LINK, is_undoable, opted_out, undone
from crossbay.domain.organization import Shop
from crossbay.errors import Contended, NotFound, Stale
from crossbay.store import wall
from crossbay.store.campaigns.messages import find_message, settle
from crossbay.store.campaigns.stops import read_stops
from crossbay.store.customers.customers import CustomerFile, find_file, save_file
from crossbay.store.organizations import read_organization, read_shop
from crossbay.store.privacy.erased import put_gone
from crossbay.store.reads import Reads
from crossbay.store.token_keys import read_token_keys
from crossbay.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingOptOut:
    """What the page tells: whose opt-out stands. by_link: the customer's own, and a link set it.

    by_address: someone else asked for no mail to the customer's mailbox, so that none comes (C27).
    is_erased: the customer was, and nobody writes to it any more.
    """

    shop: Shop
    by_customer: bool = False
    by_link: bool = False
    by_staff: bool = False
    by_address: bool = False
    is_erased: bool = False


def show(reads: Reads, token: str) -> StandingOptOut:
    """How things stand; nothing changes. Raises NotFound for a token that leads to nobody (any more)."""
    link = _opened(reads, token)
    return _of_erased(reads, link) or _standing(
        reads, link, _file(reads, link.organization_id, link.customer)
    )


def opt_out(reads: Reads, token: str, at: str) -> StandingOptOut:
    """Set the customer's own opt-out, once, and note it with the message. at: UTC now.

    Raises like `show`, and Busy: again, then.
    """
    link = _opened(reads, token)
    if erased := _of_erased(reads, link):
        return erased
    ids, how = (link.organization_id, link.customer), UNSUBSCRIBE_LINK
    file = set_customer_opt_out(reads, *ids, how=how, at=at, address=_went_to(reads, link))
    if link.message_id:
        event = MessageEvent(kind=EventKind.UNSUBSCRIBED, at=at)
        with suppress(NotFound):  # a link of a preview, say
            settle(reads, link.organization_id, link.customer, link.message_id, event, at=at)
    return _standing(reads, link, file)


def undo(reads: Reads, token: str, at: str) -> StandingOptOut:
    """Lift what the link set, and nothing else. Raises like `opt_out`.

    Where the record was deleted and entered anew it is lifted from the new one, too: it was taken over there.
    """
    link = _opened(reads, token)
    if erased := _of_erased(reads, link):
        return erased
    ids, address = (link.organization_id, link.customer), _went_to(reads, link)
    before = _file(reads, *ids).customer
    if before.deleted_at and is_undoable(before.do_not_mail):
        _undo_where_taken_over(reads, before, address, at)
    return _standing(reads, link, _change(reads, *ids, undone, at, address=address))


def _opened(reads: Reads, token: str) -> Link:
    """Whom the link is for, whose organization is worked for from here on."""
    link = open_token(read_token_keys(reads), token)
    wall.work_for(link.organization_id)
    return link


def _undo_where_taken_over(reads: Reads, gone: Customer, address: str, at: str) -> None:
    taken_over = gone.do_not_mail.by_customer
    emails = [*ever(gone).emails, *filter(None, [address])]
    stops = read_stops(reads, gone.organization_id, emails)
    refs = {
        CustomerRef.of(stop)
        for found in stops.values()
        for stop in found
        if stop.reason is StopReason.OPT_OUT and stop.opt_out == taken_over and stop.shop_id == gone.shop_id
    }

    def without(flags: DoNotMail) -> DoNotMail:
        return undone(flags) if flags.by_customer == taken_over else flags

    for ref in sorted(refs - {CustomerRef(shop_id=gone.shop_id, customer_id=gone.id)}):
        with suppress(NotFound):  # erased since
            _change(reads, gone.organization_id, ref, without, at)


def _went_to(reads: Reads, link: Link) -> str:
    """The address that the link's message went to, which may not be the customer's any more; or none."""
    if not link.message_id:
        return ""
    message = find_message(reads, link.organization_id, link.customer, link.message_id)
    return message.address if message else ""


def set_customer_opt_out(
    reads: Reads, organization_id: str, ref: CustomerRef, *, how: str, at: str, address: str = ""
) -> CustomerFile:
    """Set the customer's own opt-out, once: a click, or a complaint that came back from a mailbox.

    It holds for the customer and each of its addresses, also where the record was deleted since. how:
    `UNSUBSCRIBE_LINK` or `COMPLAINT` of `domain/customers/opt_out.py`. address: that the mail went to.
    Raises NotFound where the customer is gone.
    """
    return _change(
        reads, organization_id, ref, lambda flags: opted_out(flags, how=how, at=at), at, address=address
    )


@again_when_contended
def _change(
    reads: Reads,
    organization_id: str,
    ref: CustomerRef,
    edit: Callable[[DoNotMail], DoNotMail],
    at: str,
    *,
    address: str = "",
) -> CustomerFile:
    """The flags changed on the record, and with them what stands for its addresses, in one transaction."""
    before = _file(reads, organization_id, ref)
    flags, stamp = edit(before.customer.do_not_mail), Stamp(by=BY_CUSTOMER, at=at)
    after = replace(before, customer=replace(before.customer, do_not_mail=flags))
    transaction = Transaction()
    put_do_not_mail(transaction, reads, before.customer, after.customer, stamp=stamp, also=[address])
    if before.customer.deleted_at:
        put_gone(transaction, reads, before.customer, after.customer, at=at)
    if after == before:
        if len(transaction):
            transaction.commit()
        return before
    try:
        return save_file(before, after, stamp=stamp, also=transaction)
    except Stale as error:  # someone else saved the customer: with what they saved, then
        raise Contended(f"customer {ref.customer_id}") from error


def _file(reads: Reads, organization_id: str, ref: CustomerRef) -> CustomerFile:
    """The customer's file, deleted or not. Raises NotFound for one who was erased, or never there."""
    file = find_file(reads, organization_id, ref)
    if file is None or file.customer.erased_at:
        raise NotFound("customer")
    return file


def _of_erased(reads: Reads, link: Link) -> StandingOptOut | None:
    """What stands where the customer was erased: that nothing more is sent. None where it wasn't."""
    file = find_file(reads, link.organization_id, link.customer)
    if file is None or not file.customer.erased_at:
        return None
    return StandingOptOut(
        shop=read_shop(reads, link.customer.shop_ref(link.organization_id)),
        is_erased=True,
    )


def _standing(reads: Reads, link: Link, file: CustomerFile) -> StandingOptOut:
    flags = file.customer.do_not_mail
    return StandingOptOut(
        shop=read_shop(reads, link.customer.shop_ref(link.organization_id)),
        by_customer=flags.by_customer is not None,
        by_link=is_undoable(flags),
        by_staff=flags.by_staff is not None,
        by_address=_is_stopped_by_others(reads, file.customer),
    )


def _is_stopped_by_others(reads: Reads, customer: Customer) -> bool:
    """Whether another record's word leaves no address of the customer's that mail could go to."""
    organization = read_organization(reads, customer.organization_id)
    stops = {stop.email: stop for stop in with_address_stops(reads, organization, customer).address_stops}
    stopped = [stops[email] for email in customer.emails if email in stops]
    is_reached = any(
        email not in stops or not (stops[email].do_not_mail_since or stops[email].bounced_at)
        for email in customer.emails
    )
    return not is_reached and any(stop.by_other_record for stop in stopped)
