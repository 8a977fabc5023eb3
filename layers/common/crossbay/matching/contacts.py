"""What phones and e-mails of a pair weigh, given how many names share them."""

from collections.abc import Mapping

from crossbay.matching.levels import email_level, phone_level
from crossbay.matching.part import Part, part_of, strongest
from crossbay.matching.record import MatchRecord
from crossbay.matching.shared import SharedContact, part_of_several


def compare_phones(a: MatchRecord, b: MatchRecord, shared: Mapping[str, SharedContact]) -> Part | None:
    """The most telling pair of numbers; None where a record has none."""
    if not (a.phones and b.phones):
        return None
    return strongest(
        [
            part_of_several(part_of("phone", phone_level(x, y)), shared.get(x), shared.get(y))
            for x in a.phones
            for y in b.phones
        ]
    )


def compare_emails(a: MatchRecord, b: MatchRecord, shared: Mapping[str, SharedContact]) -> Part | None:
    """The most telling pair of addresses; None where a record has none."""
    if not (a.emails and b.emails):
        return None
    return strongest(
        [
            part_of_several(part_of("e-mail", email_level(x, y)), shared.get(x), shared.get(y))
            for x in a.emails
            for y in b.emails
        ]
    )
