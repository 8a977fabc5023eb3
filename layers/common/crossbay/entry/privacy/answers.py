"""What the privacy door answers with."""

from dataclasses import dataclass

from crossbay.domain.privacy_request import PrivacyRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequestPage:
    """next: the cursor of the following page, null on the last."""

    requests: tuple[PrivacyRequest, ...]
    next: str | None
