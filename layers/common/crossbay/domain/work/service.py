"""Titles of service packages as they are compared."""

from crossbay.domain.text import fold, without_apostrophes

_TRIVIAL_WORDS = frozenset({"a", "an", "and", "the"})


def service_key(title: str) -> str:
    """What two spellings of one service package title have in common, for "done since".

    Case, accents and punctuation are off, and so are `&`, `+` and the words a, an, and, the; the others keep
    their order: `The Oil & Filter Change` gives `oil filter change`. A title of such words only is kept
    whole; one without a letter or digit gives an empty key, which is no work to compare.
    """
    folded = fold(without_apostrophes(title))
    return " ".join(word for word in folded.split() if word not in _TRIVIAL_WORDS) or folded
