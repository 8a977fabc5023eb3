"""What keeps a shop's letter from being taken, by line: all of it is told at once (C6)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Mistake(Exception):
    """What keeps a template from being taken. line: in the source, from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line or 1}: {reason}")
        self.line = line or 1


class Mistakes(Exception):
    """All that keeps a template from being taken, by line."""

    def __init__(self, found: Iterable[Mistake]) -> None:
        self.found = sorted(found, key=lambda mistake: mistake.line)
        super().__init__("\n".join(dict.fromkeys(map(str, self.found))))


@contextmanager
def noting(found: list[Mistake]) -> Iterator[None]:
    """Goes on behind the block after a mistake in it, which is kept."""
    try:
        yield
    except Mistake as mistake:
        found.append(mistake)
