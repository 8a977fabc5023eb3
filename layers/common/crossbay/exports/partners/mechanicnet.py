"""MechanicNET: its layout is not public, so it gets our unconfirmed profile (`visit_file.py`)."""

import re
from collections.abc import Iterable, Iterator

from crossbay.domain.partner import PartnerCode
from crossbay.exports.partner import FileRun
from crossbay.exports.record import VisitRecord
from crossbay.exports.visit_file import visit_file

code = PartnerCode.MECHANICNET

_NOT_ACCOUNT = re.compile(r"[^A-Za-z0-9]+")


def file_name(run: FileRun) -> str:
    """`MechanicNET-<shop's id>-<YYYYMMDD>-<number>.csv`, with `history` before the day for past visits."""
    history = "history-" if run.is_history else ""
    return f"MechanicNET-{_NOT_ACCOUNT.sub('-', run.account)}-{history}{run.made_on:%Y%m%d}-{run.number}.csv"


def render(rows: Iterable[VisitRecord], run: FileRun) -> Iterator[bytes]:
    return visit_file(rows, run, "shop_id")
