"""What the photos' door answers with."""

from dataclasses import dataclass

from crossbay.app.photos.photos import PhotoDay


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoPage:
    """next: the cursor of the following page, null on the last."""

    days: tuple[PhotoDay, ...]
    next: str | None
