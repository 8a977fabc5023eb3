"""Ids that a file has named already, in a few bytes each."""

from array import array
from hashlib import blake2b

_FIRST_SLOTS = 1 << 12
_FULLEST = 0.6

MOST_NOTED = 2_500_000
"""Ids that are noted: 34 MB of them; no shop has as many records of a kind. Later ones are only looked up."""


class SeenIds:
    """A set of texts that keeps 64 bits of each: 8 to 27 bytes an id, where a set of Python takes over 100.

    Two of ten million ids share their 64 bits with a probability of 3 in a million (birthday bound); the
    later one would be reported as doubled.
    """

    def __init__(self, most: int = MOST_NOTED) -> None:
        self._most = most
        self._slots = array("Q", bytes(8 * _FIRST_SLOTS))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, text: str) -> bool:
        """Whether the text is new."""
        digest = int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=8).digest()) or 1
        if self._count >= self._most:
            return not _holds(self._slots, digest)
        if not _put(self._slots, digest):
            return False
        self._count += 1
        if self._count > _FULLEST * len(self._slots):
            self._grow()
        return True

    def _grow(self) -> None:
        wider = array("Q", bytes(8 * 2 * len(self._slots)))
        for digest in self._slots:
            if digest:
                _put(wider, digest)
        self._slots = wider


def _holds(slots: "array[int]", digest: int) -> bool:
    return slots[_place(slots, digest)] == digest


def _put(slots: "array[int]", digest: int) -> bool:
    at = _place(slots, digest)
    if slots[at]:
        return False
    slots[at] = digest
    return True


def _place(slots: "array[int]", digest: int) -> int:
    """Where the digest stands or would: open addressing with linear steps; 0 marks a free slot."""
    mask = len(slots) - 1
    at = digest & mask
    while slots[at] and slots[at] != digest:
        at = (at + 1) & mask
    return at
