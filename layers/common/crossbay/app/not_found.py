"""Which of the ids that somebody sent stand for nothing, told in one sentence."""

from collections.abc import Collection

from crossbay.errors import NotFound

_MOST_NAMED = 5


def none_as(what: str, ids: Collection[str], *, instead: str) -> NotFound:
    """That there is no such thing as these, the first few by name, the others by number; and what to do."""
    named = ", ".join(sorted(ids)[:_MOST_NAMED])
    more = len(ids) - _MOST_NAMED
    return NotFound(f"{what} as {named}" + (f" and {more} more" if more > 0 else "") + f": {instead}")
