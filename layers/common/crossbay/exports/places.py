"""Where in a repair order a text stands that is left out of CARFAX's file: told by its place, so that no list
keeps the text, which may name somebody; quoted from the repair order itself when somebody asks.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from crossbay.domain.work.repair_order import Authorization, RepairOrder
from crossbay.exports.cells import across, ascii_cell
from crossbay.exports.reading import words_of

_VEHICLE = ("make", "model", "sub-model", "engine")


def place_of(cells: Sequence[str], cell: str, word: str) -> tuple[str, int]:
    """The cell's name, and which of its words it is, from 1 (0: unknown). cells: a row's free text."""
    names = _names(len(cells))
    name = next((name for name, text in zip(names, cells, strict=False) if text == cell), "")
    folded = ["".join(words_of(part)) for part in cell.split()]
    number = next((at for at, part in enumerate(folded, 1) if word and word in part), 0)
    return name, number


def quoted(order: RepairOrder, name: str, word_number: int) -> str:
    """`"Mrs Lopez says" ("Lopez")`, as the RO has it now; empty where it has no such text any more."""
    vehicle = order.vehicle
    titles = [
        ascii_cell(job.title)
        for job in order.jobs
        if job.authorization is Authorization.APPROVED and job.title.strip()
    ]
    texts = [order.number, vehicle.make, vehicle.model, vehicle.sub_model, vehicle.engine]
    cells = [*map(ascii_cell, texts), *titles, *(across(*pair) for pair in pairwise(titles))]
    text = dict(zip(_names(len(cells)), cells, strict=False)).get(name, "")
    parts = text.split()
    word = f' ("{parts[word_number - 1]}")' if 0 < word_number <= len(parts) else ""
    return f'"{text}"{word}' if text else ""


def _names(count: int) -> Iterator[str]:
    """What the cells of a row's free text are called: with n titles, n - 1 are read across two."""
    yield "the RO number"
    yield from (f"the vehicle's {name}" for name in _VEHICLE)
    titles = (count - len(_VEHICLE)) // 2
    yield from (f"title {number}" for number in range(1, titles + 1))
    yield from (f"titles {number} and {number + 1}" for number in range(1, titles))
