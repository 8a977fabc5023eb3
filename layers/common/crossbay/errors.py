"""Everything that goes wrong on purpose, split by what the reader does about it.

    CrossbayError
    |-- MendInput                  the caller changes the request
    |   |-- BadInput               400  a field is wrong; `fields` says which and why
    |   |   `-- UnreadableBody     400  a body that isn't one JSON object in UTF-8
    |   |       `-- UnsupportedMedia 415  a body that is compressed or no JSON at all
    |   |-- BadCursor              400  a cursor that isn't ours, or of another list
    |   |-- NotSignedIn            401  no membership behind the token
    |   |-- Forbidden              403  the role or the shop doesn't allow it
    |   |-- NotEntitled            403  the organization lacks a feature; says how to get it
    |   |-- TermsNotAccepted       403  a dealer admin has to accept a feature's terms first
    |   |-- NotFound               404  no such record, or another organization's
    |   |-- Conflict               409  the record's state doesn't allow it
    |   |   `-- LikelyDuplicate    409  a customer like this exists; `candidates` lists them
    |   |-- Stale                  412  someone else saved in between
    |   |-- KeyReused              422  an Idempotency-Key with another request
    |   `-- PreconditionRequired   428  a change without If-Match
    `-- Retry                      the same request may work later
        |-- Busy                   503  the table refused for now
        |   `-- Contended          503  another write came in between; the use case gathers and decides again
        |-- SavedByNewerRelease    409  read-only until the release that wrote the record is everywhere
        `-- ProviderFailed         503  a service that we ask didn't answer as it should
            `-- ProviderRefused    503  it turned our account away: the operator mends that

`public` is safe to show; `str(error)` is for logs and names ids only. A bug is none of these: it stays what
it is and becomes a 500 at the door. `entry/problems.py` turns the tree into RFC 9457 problem details.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar


class CrossbayError(Exception):
    """public: a sentence a person understands and can act on."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "Error"

    def __init__(self, public: str, *, fields: dict[str, str] | None = None) -> None:
        super().__init__(public)
        self.public = public
        self.fields = fields or {}


class MendInput(CrossbayError):
    """The request can't work as it is."""


class BadInput(MendInput):
    status, slug, title = 400, "bad-input", "The request has a mistake"


class UnreadableBody(BadInput):
    """No field of it could be looked at."""


class UnsupportedMedia(UnreadableBody):
    status, slug, title = 415, "unsupported-media", "Send JSON"


class BadCursor(MendInput):
    status, slug, title = 400, "bad-cursor", "This page doesn't exist"


class NotSignedIn(MendInput):
    status, slug, title = 401, "not-signed-in", "Sign in first"


class Forbidden(MendInput):
    status, slug, title = 403, "forbidden", "Your role doesn't allow this"


class NotEntitled(MendInput):
    status, slug, title = 403, "not-entitled", "Your organization doesn't have this feature"


class TermsNotAccepted(MendInput):
    status, slug, title = 403, "terms-not-accepted", "Terms have to be accepted first"


class NotFound(MendInput):
    status, slug, title = 404, "not-found", "Not found"

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no such {what}.")


class Conflict(MendInput):
    status, slug, title = 409, "conflict", "The record doesn't allow this now"


class LikelyDuplicate(Conflict):
    """candidates: the likely duplicates, best first, as the door shows them."""

    slug, title = "likely-duplicate", "This customer may exist already"

    def __init__(self, public: str, *, candidates: Sequence[object]) -> None:
        super().__init__(public)
        self.candidates = tuple(candidates)


class Stale(MendInput):
    status, slug, title = 412, "stale", "Someone else changed this record"

    def __init__(self, what: str) -> None:
        super().__init__(f"The {what} was changed since you read it. Read it again and repeat your change.")


class KeyReused(MendInput):
    status, slug, title = 422, "idempotency-key-reused", "This Idempotency-Key was used for another request"


class PreconditionRequired(MendInput):
    status, slug, title = 428, "precondition-required", "Say which version you change"


class Retry(CrossbayError):
    """Nothing is wrong with the request."""


class Busy(Retry):
    """wait: where it is known, how long until it makes sense to try again."""

    status, slug, title = 503, "busy", "Try again in a moment"

    def __init__(self, detail: str, *, wait: timedelta | None = None) -> None:
        super().__init__("The system is busy. Nothing was changed; try again in a moment.")
        self.args = (detail,)
        self.wait = wait


class Contended(Busy):
    """Raised for a derived item, never for a version the caller named: that is Stale."""


class SavedByNewerRelease(Retry):
    """A record has a schema number that this code reads, at best, and doesn't write. what: its item type."""

    status, slug, title = 409, "saved-by-newer-release", "A newer release saved this record"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The {what} was saved by a newer release of Crossbay, which is being deployed. It can be read; "
            "repeat your change once the deployment is through, in some minutes."
        )


class ProviderFailed(Retry):
    """provider: as people know it. detail: for logs; never a plate, a VIN or an address."""

    status, slug, title = 503, "provider-failed", "A service that we ask didn't answer"

    def __init__(self, provider: str, detail: str) -> None:
        super().__init__(f"{provider} doesn't answer just now. Try again in a moment, or go on by hand.")
        self.args = (f"{provider}: {detail}",)


class ProviderRefused(ProviderFailed):
    slug, title = "provider-refused", "A service that we ask turned us away"

    def __init__(self, provider: str, detail: str) -> None:
        super().__init__(provider, detail)
        self.public = f"{provider} turns this deployment away. Go on by hand, and tell the Crossbay operator."
