"""Whose mail an event of SES is about that brings no tags of ours: by SES's id, else by who wrote there.

The older form of SES's notifications carries no tags. The ledger knows SES's id of each mail; it is found
through the organizations that wrote to the address.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.stop import MailIds
from crossbay.domain.customers.customer import CustomerRef
from crossbay.store.campaigns.messages import list_of_customer
from crossbay.store.cases.notes import MailRef, find_mail
from crossbay.store.contacts.correspondence import Writer, list_writers
from crossbay.store.organizations import list_organization_ids
from crossbay.store.reads import Reads

CLOCKS_DIFFER = timedelta(minutes=10)
"""Of SES's time of a mail and of ours, when its answer came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The organization that sent a mail to this address; mail: which one, None where only that is known."""

    organization_id: str
    email: str
    mail: MailIds | None = None


def find_owners(
    reads: Reads, emails: Iterable[str], *, ses_message_id: str, sent_at: datetime, organization_id: str = ""
) -> list[Owner]:
    """Whose mail it is, if SES's id tells; else every organization that wrote there since it was sent.

    organization_id: where the tags name it.
    """
    ids = [organization_id] if organization_id else list_organization_ids(reads)
    since = utc_iso(sent_at - CLOCKS_DIFFER)
    writers = [writer for writer in list_writers(reads, ids, emails) if writer.at >= since]
    for writer in writers:
        mail = _mail_of(reads, writer, ses_message_id)
        if mail:
            return [Owner(organization_id=writer.organization_id, email=writer.email, mail=mail)]
    found = {(writer.organization_id, writer.email) for writer in writers}
    return [Owner(organization_id=organization, email=email) for organization, email in sorted(found)]


def _mail_of(reads: Reads, writer: Writer, ses_message_id: str) -> MailIds | None:
    """The mail of SES's id: the last that the organization sent there, or an earlier one to that customer."""
    last = writer.mail
    if last is None:
        return None
    if last.note_id:
        ref = MailRef(
            organization_id=writer.organization_id,
            shop_id=last.shop_id,
            customer_id=last.customer_id,
            note_id=last.note_id,
            recipient_id=last.recipient_id,
        )
        mail = find_mail(reads, ref)
        if mail and mail.ses_message_id == ses_message_id:
            return last
    customer = CustomerRef.of(last)
    messages = list_of_customer(reads, writer.organization_id, customer)
    found = next((one for one in messages if one.ses_message_id == ses_message_id), None)
    if found is None:
        return None
    return MailIds(shop_id=last.shop_id, customer_id=last.customer_id, message_id=found.id)
