"""Hard bounces taken back by a dealer admin: providers refuse living mailboxes for hours now and then (C28).

Here, and on SES's own suppression list, which would refuse the next mail in its turn. A complaint stays.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from typing import Protocol

from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Stamp
from crossbay.domain.campaigns.stop import MailIds
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.email import normalize_email
from crossbay.errors import BadInput, Conflict
from crossbay.ids import new_id
from crossbay.store import audit
from crossbay.store.campaigns.messages import find_message
from crossbay.store.campaigns.stops import StandingBounce, bounces_of, lift_bounces, list_bounces
from crossbay.store.cases.notes import MailRef, find_mail
from crossbay.store.idempotency import remember
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

MOST_AT_ONCE = 50
"""Of mailboxes in one request: each is an item of its transaction, and a call to SES."""


class Suppression(Protocol):
    """SES's list of addresses to which it sends nothing (`aws/ses.py`)."""

    def remove(self, email: str) -> None:
        """Take the address off the list; nothing where it isn't on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """taken_back: bounces that stop no mail any more. complained: met and left, as the mailbox complained.

    unknown: of those taken back, how many whose address nobody can read any more: SES may refuse it still.
    more: whether the time holds others that can be: ask again.
    """

    taken_back: int = 0
    complained: int = 0
    unknown: int = 0
    more: bool = False

    @property
    def remembered(self) -> tuple[str, ...]:
        """What is kept for the answer to the same request sent again."""
        return tuple(str(int(number)) for number in astuple(self))

    @classmethod
    def recalled(cls, remembered: Sequence[str]) -> "TakenBack":
        """An earlier release remembered the first number alone."""
        taken_back, complained, unknown, more = (*map(int, remembered), 0, 0, 0)[:4]
        return cls(taken_back=taken_back, complained=complained, unknown=unknown, more=bool(more))


NOTHING = TakenBack()


def take_back_one(
    reads: Reads, suppression: Suppression, organization_id: str, email: str, *, reason: str, stamp: Stamp
) -> TakenBack:
    """Let mail go to one address again. Raises BadInput for what is none, Conflict where it complained."""
    _require_no_address(reason)
    try:
        email = normalize_email(email)
    except ValueError as error:
        raise BadInput("This is no e-mail address.", fields={"email": str(error)}) from error
    found = bounces_of(reads, organization_id, email)
    if any(bounce.complained for bounce in found):
        raise Conflict("Someone complained about mail to this address. That can't be taken back.")
    if found:
        suppression.remove(email)
    return _taken_back(reads, organization_id, found, {"reason": reason}, stamp)


def take_back_between(
    reads: Reads,
    suppression: Suppression,
    organization_id: str,
    since: str,
    until: str,
    *,
    reason: str,
    stamp: Stamp,
) -> TakenBack:
    """Let mail go again to the addresses that bounced between two instants (UTC), some fifty a request."""
    _require_no_address(reason)
    if until < since:
        raise BadInput("A time ends after it starts.", fields={"until": "is before since"})
    listed = list_bounces(reads, organization_id, since, until, limit=MOST_AT_ONCE)
    emails = [_address(reads, organization_id, bounce.mail) for bounce in listed.found]
    for email in filter(None, emails):
        suppression.remove(email)
    told = {"reason": reason, "since": since, "until": until}
    taken = TakenBack(complained=listed.complained, unknown=emails.count(""), more=listed.more)
    return _taken_back(reads, organization_id, listed.found, told, stamp, taken)


def _require_no_address(reason: str) -> None:
    """The audit keeps the reason when the person is gone."""
    if "@" in reason:
        raise BadInput(
            "The reason is kept.", fields={"reason": "names an e-mail address: say why without it"}
        )


@again_when_contended
def _taken_back(
    reads: Reads,
    organization_id: str,
    found: Sequence[StandingBounce],
    told: dict[str, str],
    stamp: Stamp,
    taken: TakenBack = NOTHING,
) -> TakenBack:
    """Lifted in one transaction, with who asked and why; the audit names mails by their ids, no address."""
    transaction = Transaction()
    count = lift_bounces(transaction, reads, found, at=stamp.at, by=stamp.by)
    mails = [mail for bounce in found if (mail := bounce.mail)]
    noted = {**told, "taken_back": count, "mails": mails}
    audit.write_entry(
        transaction, organization_id, stamp, "bounces taken back", new_id(), before=None, after=noted
    )
    taken = replace(taken, taken_back=count)
    remember(transaction, stamp.mark, *taken.remembered)
    transaction.commit()
    return taken


def _address(reads: Reads, organization_id: str, mail: MailIds | None) -> str:
    """Where the mail went; empty where nobody knows any more."""
    if mail is None:
        return ""
    if mail.message_id:
        ref = CustomerRef.of(mail)
        message = find_message(reads, organization_id, ref, mail.message_id)
        return message.address if message else ""
    note_mail = find_mail(
        reads,
        MailRef(
            organization_id=organization_id,
            shop_id=mail.shop_id,
            customer_id=mail.customer_id,
            note_id=mail.note_id,
            recipient_id=mail.recipient_id,
        ),
    )
    return note_mail.email if note_mail else ""
