"""What the exporters door answers with. A password is in none of it."""

from dataclasses import dataclass

from crossbay.app.exports.views import ExportView, ToldRow
from crossbay.domain.partner import (
    PLAIN_FTP,
    TERMS,
    Accepted,
    Destination,
    PartnerCode,
    PartnerDestination,
    PartnerSettings,
    Terms,
)
from crossbay.exports.run import ExportLine


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSetup:
    """account: the shop's own at the partner. destination: the shop's own, CustomerLink's.

    has_password: one is kept. terms: what somebody must say yes to. accepted: who did. plain_ftp_terms,
    plain_ftp_accepted: the same of sending unencrypted. is_reachable: whether there is somewhere to send to,
    which of MechanicNET and CARFAX the operator sets.
    """

    partner: PartnerCode
    is_on: bool
    account: str
    destination: Destination
    has_password: bool
    terms: Terms | None
    accepted: Accepted | None
    plain_ftp_terms: str
    plain_ftp_accepted: Accepted | None
    is_reachable: bool
    version: int

    @classmethod
    def of(cls, kept: PartnerSettings, ours: PartnerDestination) -> "PartnerSetup":
        """ours: the deployment's own destination of this partner."""
        return cls(
            partner=kept.partner,
            is_on=kept.is_on,
            account=kept.account,
            destination=kept.destination,
            has_password=bool(kept.secret),
            terms=TERMS.get(kept.partner),
            accepted=kept.accepted,
            plain_ftp_terms=PLAIN_FTP,
            plain_ftp_accepted=kept.plain_ftp,
            is_reachable=bool(kept.destination.server or ours.version),
            version=kept.version,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerList:
    partners: tuple[PartnerSetup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationSetup:
    """version: 0 while the operator has set none."""

    partner: PartnerCode
    destination: Destination
    has_credential: bool
    plain_ftp_terms: str
    plain_ftp_accepted: Accepted | None
    version: int

    @classmethod
    def of(cls, kept: PartnerDestination) -> "DestinationSetup":
        return cls(
            partner=kept.partner,
            destination=kept.destination,
            has_credential=bool(kept.secret),
            plain_ftp_terms=PLAIN_FTP,
            plain_ftp_accepted=kept.plain_ftp,
            version=kept.version,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationList:
    destinations: tuple[DestinationSetup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionTest:
    """code: `ok`, or what failed. host_key: the fingerprint that an SFTP server shows."""

    ok: bool
    code: str
    message: str
    host_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPage:
    """next: the cursor of the following page, null on the last."""

    exports: tuple[ExportView, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutPage:
    left_out: tuple[ExportLine, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPage:
    told: tuple[ToldRow, ...]
    next: str | None
