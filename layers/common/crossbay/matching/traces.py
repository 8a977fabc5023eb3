"""What two records of one person have in common at the least: a phone, an e-mail, a name or a street."""

from collections.abc import Iterator
from itertools import islice

from crossbay.matching.record import MatchRecord

_MOST = 20
"""Traces of one record; phones and e-mails stand first."""


def traces(record: MatchRecord) -> tuple[str, ...]:
    """The record's traces, each once. Likely duplicates share one; who shares one need be no duplicate."""
    return tuple(islice(dict.fromkeys(_traces(record)), _MOST))


def _traces(record: MatchRecord) -> Iterator[str]:
    yield from (f"phone:{phone}" for phone in record.phones)
    yield from (f"e-mail:{email}" for email in record.emails)
    name = record.last_name or record.first_name or record.company_name
    if name:
        yield f"name:{name}"
    yield from (f"street:{one.number}:{one.street}" for one in record.addresses if one.number and one.street)
