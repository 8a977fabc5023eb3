"""What phones and e-mails of a pair weigh, given how many names share them."""

from collections.abc import Mapping
from math import log2

from crossbay.matching.levels import Level, email_level, phone_level
from crossbay.matching.part import Part, part_of, strongest
from crossbay.matching.record import MatchRecord
from crossbay.matching.shared import MOST_NAMES_OF_ONE_CONTACT, SharedContact


def compare_phones(a: MatchRecord, b: MatchRecord, shared: Mapping[str, SharedContact]) -> Part | None:
    """The most telling pair of numbers; None where a record has none."""
    if not (a.phones and b.phones):
        return None
    return strongest(
        [_contact_part("phone", phone_level(x, y), shared.get(x)) for x in a.phones for y in b.phones]
    )


def compare_emails(a: MatchRecord, b: MatchRecord, shared: Mapping[str, SharedContact]) -> Part | None:
    """The most telling pair of addresses; None where a record has none."""
    if not (a.emails and b.emails):
        return None
    return strongest(
        [_contact_part("e-mail", email_level(x, y), shared.get(x)) for x in a.emails for y in b.emails]
    )


def _contact_part(field: str, level: Level, shared: SharedContact | None) -> Part:
    """A contact of several names could be any one's: each name takes its share, too many take it all."""
    part = part_of(field, level)
    names = shared.names if shared and level is Level.EXACT else 1
    if names > MOST_NAMES_OF_ONE_CONTACT:
        return Part(field, f"{level}, but of {names} different names", 0.0)
    if names > 1:
        return Part(field, f"{level}, of {names} names", round(part.bits - log2(names), 1))
    return part
