"""Problems with a customer's data: reported from the profile, settled by the office (P8)."""

from dataclasses import replace

from crossbay.domain.access import Caller, Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.profile.problem_report import ProblemReport, ReportStatus
from crossbay.errors import Stale
from crossbay.ids import new_id
from crossbay.store.customers.customers import read_file
from crossbay.store.idempotency import remember
from crossbay.store.profile.problem_reports import read_report, save_report
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


def report_problem(reads: Reads, caller: Caller, draft: ProblemReport, *, stamp: Stamp) -> ProblemReport:
    """Keep the drafted report (without id and reporter). Raises NotFound for a customer that isn't there."""
    read_file(reads, caller.organization.id, CustomerRef.of(draft))
    report = replace(
        draft,
        id=new_id(),
        organization_id=caller.organization.id,
        reported_by=caller.member.id,
        reporter_name=caller.member.display_name,
    )
    transaction = Transaction()
    remember(transaction, stamp.mark, report.id)
    return save_report(None, report, stamp=stamp, also=transaction)


def settle_report(
    reads: Reads,
    caller: Caller,
    shop_id: str,
    report_id: str,
    status: ReportStatus,
    resolution: str,
    *,
    version: int,
    stamp: Stamp,
) -> ProblemReport:
    """The report resolved, with what was done about it, or open again. Raises NotFound, Stale."""
    before = read_report(reads, caller.shop_ref(shop_id), report_id)
    if before.version != version:
        raise Stale("problem report")
    is_resolved = status is ReportStatus.RESOLVED
    after = replace(
        before,
        status=status,
        resolution=resolution,
        resolved_by=caller.member.id if is_resolved else "",
        resolved_at=stamp.at if is_resolved else "",
    )
    transaction = Transaction()
    remember(transaction, stamp.mark, after.id)
    return save_report(before, after, stamp=stamp, also=transaction)
