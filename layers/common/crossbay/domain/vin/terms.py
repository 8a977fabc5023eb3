"""The terms under which an organization looks plates up, and whether it has accepted them."""

from dataclasses import dataclass

TERMS_VERSION = "2026-11-26"
"""Changes with TERMS: who accepted others is asked again."""

TERMS = """\
A plate look-up sends the plate and its state to the provider that this deployment has a contract with,
which may charge for each request. Look a plate up only for a vehicle that is serviced or booked in at one of
your shops. Use the answer for that vehicle's card alone: don't collect it, and don't pass it on. Check the
VIN on the vehicle before you rely on it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What an organization has accepted last. terms_version: empty for none. by: the member; at: UTC.

    version: 0 while nobody has decided.
    """

    organization_id: str
    terms_version: str = ""
    by: str = ""
    at: str = ""
    version: int = 0

    @property
    def is_current(self) -> bool:
        return self.terms_version == TERMS_VERSION
