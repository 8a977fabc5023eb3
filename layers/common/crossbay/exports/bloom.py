"""What occurred, in memory that doesn't grow."""

_BITS = 25  # 4 MB; at 100,000 different texts, three in a thousand others count as seen


class Seen:
    """A set of texts that may hold more than was put in, never less (a Bloom filter of one hash)."""

    def __init__(self) -> None:
        self._bits = bytearray(1 << (_BITS - 3))

    def add(self, text: str) -> None:
        place = hash(text) & ((1 << _BITS) - 1)
        self._bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, text: str) -> bool:
        place = hash(text) & ((1 << _BITS) - 1)
        return bool(self._bits[place >> 3] & 1 << (place & 7))
