"""The proof that a finished file names nobody: its bytes are read again and held to watch and layout (C22).

Only a file with a certificate may leave, and it is known by its hash.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from operator import itemgetter

from crossbay.exports.carfax_layout import COLUMNS, HEADER, line_pattern
from crossbay.exports.cells import across
from crossbay.exports.name_watch import CLEAN, Watch

CHECKER_VERSION = 3
"""Of the rules by which a cell is read and judged; goes up with each change of them or of `words.txt`."""

_BETWEEN = '"|"'
_FREE = itemgetter(*(place for place, column in enumerate(COLUMNS) if column.is_free_text))
_ORDER_AND_TITLE = itemgetter(
    *(
        [column.name for column in COLUMNS].index(name)
        for name in ("VIN", "RO_INVOICE_NUMBER", "SERVICE_DESCRIPTION")
    )
)
_SHOP = itemgetter(*(place for place, column in enumerate(COLUMNS) if column.is_shop))


class NotCertified(Exception):
    """The file must not leave. Says which line and why, never what stands there: this goes to logs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """file_sha256: of the whole file, hexadecimal. lines: below the header. people: those looked for.

    withheld_leaks, withheld_doubtful: rows that were left out of the file for naming someone, or perhaps.
    """

    file_sha256: str
    size_bytes: int
    lines: int
    people: int
    withheld_leaks: int
    withheld_doubtful: int
    checker_version: int = CHECKER_VERSION


def certify(
    file: Iterable[bytes], watch: Watch, *, withheld_leaks: int = 0, withheld_doubtful: int = 0
) -> Certificate:
    """The certificate of a CARFAX file, read line by line (a file opened as binary gives these).

    Raises NotCertified for a value of anyone in the watch, a cell that wasn't noted, a line that isn't laid
    out as CARFAX's (its labor and part cells are empty), a shop that changes, no line, or no person.
    """
    if not watch.people:
        raise NotCertified("nobody's values were looked for")
    digest, size, count = sha256(), 0, -1
    pattern, shop, before = line_pattern(), None, ("", "", "")
    for count, line in enumerate(file):
        digest.update(line)
        size += len(line)
        text = line.decode("latin-1")
        if count == 0:
            if text != HEADER:
                raise NotCertified("the header isn't CARFAX's")
            continue
        if not pattern.fullmatch(text):
            raise NotCertified(f"line {count} isn't laid out as CARFAX's file")
        cells = text[1:-2].split(_BETWEEN)
        if shop != _SHOP(cells):
            if shop is not None:
                raise NotCertified(f"line {count} is of another shop")
            shop = _SHOP(cells)
        _require_clean(watch, _FREE(cells), count)
        *order, title = _ORDER_AND_TITLE(cells)
        if order == [*before[:2]] and watch.has_noted(joined := across(before[2], title)):
            _require_clean(watch, ("", joined), count)
        before = (*order, title)
    if count < 1:
        raise NotCertified("the file has no line")
    return Certificate(
        file_sha256=digest.hexdigest(),
        size_bytes=size,
        lines=count,
        people=watch.people,
        withheld_leaks=withheld_leaks,
        withheld_doubtful=withheld_doubtful,
    )


def _require_clean(watch: Watch, cells: tuple[str, ...], line: int) -> None:
    try:
        verdict = watch.verdict(cells)
    except ValueError as error:
        raise NotCertified(f"line {line} has a cell that wasn't noted") from error
    if verdict is not CLEAN:
        raise NotCertified(f"line {line} has {verdict!r}")
