"""What a partner module is: three names, checked by a Protocol and by `tests/contracts/test_partners.py`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from crossbay.domain.partner import PartnerCode

Row = TypeVar("Row", contravariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRun:
    """What a file's name may say. account: the shop's id at the partner; where it has none, a code of ours.
    shop: that code in any case, as two shops may share an account and a folder.

    made_on: the shop's civil day. is_history: a one-off file of past visits. number: of that day's, from 1.
    """

    account: str
    made_on: date
    is_history: bool = False
    number: int = 1
    shop: str = ""


class Partner(Protocol[Row]):
    """A partner's file format. Versioned in its docs page; unconfirmed until the partner has said so."""

    code: PartnerCode

    def file_name(self, run: FileRun) -> str:
        """ASCII letters, digits, `_`, `-` and `.` alone: it is a name on the partner's server."""

    def render(self, rows: Iterable[Row], run: FileRun) -> Iterator[bytes]:
        """The header, then a part for each row, flat in memory; the same bytes for the same rows and run."""
