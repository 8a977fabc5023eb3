"""The terms of plate look-up: accepted or withdrawn by a dealer admin, asked for at each look-up (C26)."""

from crossbay.domain.access import Stamp
from crossbay.domain.vin.terms import TERMS_VERSION, Acceptance
from crossbay.errors import BadInput, Stale, TermsNotAccepted
from crossbay.store import vin_terms as store
from crossbay.store.idempotency import remember
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


def accept_terms(
    reads: Reads, organization_id: str, terms_version: str, *, version: int, stamp: Stamp
) -> Acceptance:
    """Accept the terms of that version; empty withdraws.

    Raises BadInput for terms that aren't today's, Stale unless the acceptance stands at `version`.
    """
    if terms_version not in ("", TERMS_VERSION):
        reason = f"isn't of today's terms, {TERMS_VERSION}: read them again"
        raise BadInput("These terms can't be accepted.", fields={"terms_version": reason})
    before = store.read_acceptance(reads, organization_id)
    if before.version != version:
        raise Stale("acceptance")
    transaction = Transaction()
    remember(transaction, stamp.mark)
    return store.save_acceptance(before, terms_version, stamp=stamp, also=transaction)


def require_terms(reads: Reads, organization_id: str) -> None:
    """Raises TermsNotAccepted unless today's terms are."""
    if not store.read_acceptance(reads, organization_id).is_current:
        raise TermsNotAccepted(
            "Your organization hasn't accepted today's terms of plate look-up. Ask your administrator, or "
            "type the VIN."
        )
