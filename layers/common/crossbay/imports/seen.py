"""Ids that a file has named already, in a few bytes each."""

from array import array
from hashlib import blake2b

_FIRST_SLOTS = 1 << 12
_FULLEST = 0.6


class SeenIds:
    """A set of texts that keeps 64 bits of each: 8 to 27 bytes an id, where a set of Python takes over 100.

    Two of ten million ids share their 64 bits with a probability of 3 in a million (birthday bound); the
    later one would be reported as doubled.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * _FIRST_SLOTS))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, text: str) -> bool:
        """Whether the text is new."""
        digest = int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=8).digest()) or 1
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


def _put(slots: "array[int]", digest: int) -> bool:
    """Open addressing with linear steps; 0 marks a free slot."""
    mask = len(slots) - 1
    at = digest & mask
    while slots[at]:
        if slots[at] == digest:
            return False
        at = (at + 1) & mask
    slots[at] = digest
    return True
