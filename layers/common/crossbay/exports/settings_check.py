"""Which settings of a partner make sense, and what must be there before anything is sent (C20 to C22)."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from crossbay.domain.access import Stamp
from crossbay.domain.host_key import NoHostKey, fingerprints_of
from crossbay.domain.organization import Shop
from crossbay.domain.partner import (
    PLAIN_FTP,
    TERMS,
    Accepted,
    Destination,
    PartnerCode,
    PartnerSettings,
    TransferProtocol,
)
from crossbay.errors import BadInput

_HOST = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9][A-Za-z0-9-]{0,62})*\Z")
"""A host name (RFC 1123) or an IPv4 address; an IPv6 address stands in none of the partners' papers."""


def with_acceptance(
    before: PartnerSettings, after: PartnerSettings, accepted: str | None, stamp: Stamp
) -> PartnerSettings:
    """The settings with who said yes, now or before.

    accepted: the version of the terms said yes to just now, empty where they have none; None: nobody did. A
    yes is to an account on a server: with another one it is asked for anew. Raises BadInput for terms that
    aren't today's.
    """
    terms = TERMS.get(after.partner)
    if terms is None:
        return after
    if accepted is not None:
        if accepted != terms.version:
            raise BadInput(
                "These terms aren't today's. Read them again and accept those.",
                fields={"accept_terms": f"today's are {terms.version}"},
            )
        yes = Accepted(by=stamp.by, at=stamp.at, terms_version=terms.version)
        return replace(after, accepted=yes)
    return after if _place(before) == _place(after) else replace(after, accepted=None)


def require_own_password(kept: PartnerSettings, wanted: Destination) -> None:
    """A password goes to the server it was given for. Raises BadInput where another one is to get it."""
    known = (kept.destination.protocol, kept.destination.server, kept.destination.port)
    if kept.secret and known != (wanted.protocol, wanted.server.lower(), wanted.port):
        raise BadInput(
            "Send the password too: the one that is kept was given for another server.",
            fields={"password": "is needed where protocol, server or port change"},
        )


def plain_ftp_yes(
    before: Destination, kept: Accepted | None, wanted: Destination, *, yes: bool, stamp: Stamp
) -> Accepted | None:
    """Who said yes to sending to this server unencrypted, now or before; None where it isn't so sent.

    What was set up before that was asked goes on. Raises BadInput where nobody said yes.
    """
    if wanted.protocol is not TransferProtocol.FTP or not wanted.server:
        return None
    if yes:
        return Accepted(by=stamp.by, at=stamp.at)
    if (before.protocol, before.server) == (wanted.protocol, wanted.server.lower()):
        return kept
    raise BadInput(
        "Plain FTP needs a yes of its own. " + PLAIN_FTP,
        fields={
            "accept_plain_ftp": "true, if it has to be plain FTP; else choose ftps or sftp as the protocol"
        },
    )


def _place(settings: PartnerSettings) -> tuple[str, str]:
    return settings.account, settings.destination.server


def checked_partner_settings(settings: PartnerSettings, shop: Shop, *, lets_active: bool) -> PartnerSettings:
    """The settings, host in lower case. Raises BadInput, a reason per field, where they can't work."""
    destination = replace(settings.destination, server=settings.destination.server.lower())
    settings = replace(settings, destination=destination)
    wrong = dict(wrong_destination(destination, lets_active=lets_active)) if destination.server else {}
    if settings.is_on:
        wrong |= dict(_missing(settings, shop))
    if wrong:
        raise BadInput("These partner settings don't work yet.", fields=wrong)
    return settings


def require_testable(destination: Destination, *, lets_active: bool) -> None:
    """Raises BadInput for what can't even be tried; a server's key is what a test is to find."""
    wrong = dict(wrong_destination(destination, lets_active=lets_active))
    if not destination.host_key:
        wrong.pop("host_key", None)
    if wrong:
        raise BadInput("This server can't be tried so.", fields=wrong)


def wrong_destination(destination: Destination, *, lets_active: bool) -> Iterator[tuple[str, str]]:
    """Field and reason, for each thing about a destination that can't work.

    lets_active: whether servers can connect to where this runs, as active mode has them do.
    """
    if not _HOST.match(destination.server):
        yield "server", "is a host name such as ftp.example.com, without ftp:// and folder"
    if not 1 <= destination.port <= 65_535:
        yield "port", "is from 1 to 65535"
    if destination.protocol is TransferProtocol.SFTP and not destination.host_key:
        yield "host_key", "SFTP needs the server's key: test the connection to see it, then send it here"
    try:
        fingerprints_of(destination.host_key)
    except NoHostKey as error:
        yield "host_key", str(error)
    if not (destination.passive or lets_active or destination.protocol is TransferProtocol.SFTP):
        yield "passive", "active mode can't work here: servers can't connect to this deployment; leave it on"


def missing_for_partners(partners: Collection[PartnerCode], shop: Shop) -> str:
    """What these partners' files say of the shop and its card lacks, in words; empty where nothing."""
    if partners and not (shop.address.line1 and shop.address.city):
        return "postal address"
    return "phone" if PartnerCode.CARFAX in partners and not shop.phone else ""


def _missing(settings: PartnerSettings, shop: Shop) -> Iterator[tuple[str, str]]:
    """What must be there before a partner is switched on."""
    if missing := missing_for_partners((settings.partner,), shop):
        yield "is_on", f"the shop has no {missing} yet, which stands in the files"
    elif settings.partner in TERMS and settings.accepted is None:
        yield "is_on", "somebody must say yes first: send accept_terms, or confirmed"
    match settings.partner:
        case PartnerCode.CUSTOMERLINK:
            named = {
                "account_number": settings.account,
                "user_name": settings.destination.user_name,
                "server": settings.destination.server,
                "password": settings.secret,
            }
            yield from ((name, "is needed to switch CustomerLink on") for name, v in named.items() if not v)
        case PartnerCode.MECHANICNET:
            if not settings.account:
                yield "shop_number", "is needed to switch MechanicNET on"
