"""Reported problems, in their customer's partition and by status within the shop."""

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.profile.problem_report import ProblemReport, ReportStatus
from crossbay.errors import NotFound
from crossbay.store import keys
from crossbay.store.codec import from_body
from crossbay.store.id_index import find_placed
from crossbay.store.keys import Key
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Position, Query, Reads
from crossbay.store.rekeyed_records import put_record
from crossbay.store.transaction import Transaction

KIND = "problem report"


def read_report(reads: Reads, shop_ref: ShopRef, report_id: str) -> ProblemReport:
    """Raises NotFound."""
    item = find_placed(reads, shop_ref, report_id, KIND)
    if item is None:
        raise NotFound(KIND)
    return from_body(ProblemReport, item["body"])


def list_reports(
    reads: Reads, shop_ref: ShopRef, status: ReportStatus, *, limit: int, after: Position | None = None
) -> tuple[tuple[ProblemReport, ...], Position | None]:
    """A page of a shop's reports of that status, newest first, and where the next starts."""
    by_status = profile_keys.by_report_status(shop_ref, status, "")
    page = reads.query(
        Query(pk=by_status.pk, prefix=by_status.sk, index="GSI1", limit=limit, after=after, newest_first=True)
    )
    return tuple(from_body(ProblemReport, item["body"]) for item in page.items), page.next


def save_report(
    before: ProblemReport | None, after: ProblemReport, *, stamp: Stamp, also: Transaction | None = None
) -> ProblemReport:
    """Save the report, give it back as saved. Raises Stale, Conflict, what `also` refuses with."""
    transaction = also or Transaction()
    by_status = profile_keys.by_report_status(ShopRef.of(after), after.status, after.id)
    saved = put_record(transaction, KIND, before, after, key_of=_key, stamp=stamp, gsi1=by_status)
    transaction.commit()
    return saved


def _key(report: ProblemReport) -> Key:
    partition = keys.customer_partition(report.organization_id, CustomerRef.of(report))
    return profile_keys.report(partition, report.id)
