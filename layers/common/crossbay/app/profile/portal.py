"""The customers' portal: a password reset sent to the e-mail on file (P7)."""

from typing import Protocol

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.email import normalize_email
from crossbay.errors import BadInput, Conflict
from crossbay.store import audit, keys
from crossbay.store.customers.customers import read_file
from crossbay.store.idempotency import remember
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


class ResettableAccounts(Protocol):
    """The portal's accounts, as far as a reset needs them (`aws/cognito.py`)."""

    def reset_password(self, email: str) -> None:
        """Have a code mailed to the account's owner. Raises Conflict where there is no such account."""


def email_on_file(reads: Reads, organization_id: str, ref: CustomerRef, email: str) -> str:
    """Which of the customer's e-mails a reset goes to: the one asked for, or the first where it is empty.

    Raises BadInput for one that isn't on file, Conflict where none is.
    """
    on_file = read_file(reads, organization_id, ref).customer.emails
    if not on_file:
        raise Conflict("This customer has no e-mail on file. Add one first.")
    chosen = _normalized(email) if email else on_file[0]
    if chosen not in on_file:
        raise BadInput("A reset goes to an e-mail on file alone.", fields={"email": "isn't on file"})
    return chosen


def send_password_reset(
    reads: Reads,
    accounts: ResettableAccounts,
    organization_id: str,
    ref: CustomerRef,
    email: str,
    *,
    stamp: Stamp,
) -> None:
    """Have a reset mailed. email: as `email_on_file` chose it. Raises Conflict where there is no account."""
    accounts.reset_password(email)
    transaction = Transaction()
    remember(transaction, stamp.mark)
    partition = keys.customer_partition(organization_id, ref)
    what = "portal password reset sent"
    told = {"email": email}
    audit.write_entry(transaction, partition, stamp, what, ref.customer_id, before=None, after=told)
    transaction.commit()


def _normalized(email: str) -> str:
    try:
        return normalize_email(email)
    except ValueError as error:
        raise BadInput("This e-mail address can't be used.", fields={"email": str(error)}) from error
