"""MechanicNET: its layout is not public, so it gets our unconfirmed profile (`visit_file.py`)."""

from collections.abc import Iterable, Iterator

from crossbay.domain.partner import PartnerCode
from crossbay.exports.partner import FileRun
from crossbay.exports.visit_file import visit_file, visit_file_name
from crossbay.exports.visit_record import VisitRecord

code = PartnerCode.MECHANICNET


def file_name(run: FileRun) -> str:
    return visit_file_name(run, "MechanicNET")


def render(rows: Iterable[VisitRecord], run: FileRun) -> Iterator[bytes]:
    return visit_file(rows, run, "shop_id")
