"""Marking a customer as erased: in one transaction nothing of the person is read or found any more (X6).

The request is kept in that transaction, too; a worker walks through the rest after it. Every save under
way fails by it, gathers again and finds the customer gone.
"""

from dataclasses import replace

from crossbay.app.campaigns.stops.address_stops import put_do_not_mail
from crossbay.app.privacy.sources import source_ids_of
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import Former, FormerName
from crossbay.domain.privacy_request import PrivacyRequest
from crossbay.privacy.depersonalized import erased_customer
from crossbay.privacy.mentions import Mentions, Whom, whom
from crossbay.store.audit import list_entries
from crossbay.store.codec import to_body
from crossbay.store.customers.customers import CustomerFile, save_erased
from crossbay.store.privacy.erased import put_erased
from crossbay.store.privacy.privacy import put_request
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

PORTAL = "e-mail addresses that may have a portal account"
"""Left from the mark on: the portal's pool serves every organization, and an account in it is the person's
own sign-in, perhaps to another's shops, where this organization can't look."""

_HASHES_WITH_IT = 50
"""Of addresses and numbers, in the mark's transaction: the index items of a large customer go in it, too."""


def mark(
    reads: Reads,
    file: CustomerFile,
    before: PrivacyRequest | None,
    request: PrivacyRequest,
    *,
    at: str,
    also: Transaction | None = None,
) -> PrivacyRequest:
    """All in one: the person's own fields, card and index; what keeps the person away; the request.

    before: as the request is stored, None for a new one. at: UTC now. Raises Contended where the customer or
    somebody's hash changed meanwhile, and whatever `also` refuses with.
    """
    earlier = _earlier(reads, file.partition)
    known = whom(file.customer, file.vehicles, earlier)
    sources = [file.customer.source, *(str(body.get("source", "")) for body in earlier)]
    naming = Mentions(known).among(sources)
    source = "" if file.customer.source in naming else file.customer.source
    transaction = also or Transaction()
    transaction.put(profile_keys.erasing(file.partition), "erasing", to_body(known))
    put_erased(transaction, reads, file.customer, _former(known), at=at, most=_HASHES_WITH_IT)
    stamp = Stamp(by=request.asked_by, at=at)
    put_do_not_mail(transaction, reads, file.customer, file.customer, stamp=stamp)
    emails = {email.lower() for one in known.people for email in one.emails}
    marked = put_request(
        transaction,
        before,
        replace(
            request,
            removed={"card": 1} if file.card_version else {},
            kept={"customer": 1},
            left={PORTAL: len(emails)} if emails else {},
            source_ids=source_ids_of(naming),
        ),
    )
    after = erased_customer(file.customer, source=source, at=at)
    save_erased(file, after, stamp=stamp, also=transaction)
    return marked


def _former(known: Whom) -> Former:
    """What is known of the person by record and audit, what holds now first."""
    people = known.people
    names = (
        FormerName(first_name=one.given_name, last_name=one.surname, company_name=one.company_name)
        for one in people
    )
    return Former(
        names=tuple(dict.fromkeys(names)),
        phones=tuple(dict.fromkeys(phone for one in people for phone in one.phones)),
        emails=tuple(dict.fromkeys(email.lower() for one in people for email in one.emails)),
    )


def _earlier(reads: Reads, partition: str) -> list[dict[str, object]]:
    """What the customer and its vehicles were called before, as the audit noted it."""
    return [
        body
        for entry in list_entries(reads, partition)
        if entry.what.startswith(("customer", "vehicle"))
        for body in (entry.before, entry.after)
    ]
