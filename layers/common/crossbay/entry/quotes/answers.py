"""What the quotes door answers with."""

from dataclasses import dataclass

from crossbay.domain.quote import Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotePage:
    """quotes: newest first, as they stand today. next: the cursor of the following page, null on the last."""

    quotes: tuple[Quote, ...]
    next: str | None
