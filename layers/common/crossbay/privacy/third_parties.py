"""Who else is named in a customer's records: an export hands out nothing of them (X6, decision 0147).

Told by names of fields, so that the audit's before and after lose the same as the record itself.
"""

from collections.abc import Collection, Mapping
from typing import Any

OF_STAFF = frozenset({"author_name", "author_email", "reporter_name"})
"""Fields of any record; the member's id stays beside them."""

ADDRESSED = frozenset({"note mail", "one_time_contacts"})
"""Types of item, and fields, whose `email` may be anybody's."""

OF_ADDRESSEES = frozenset({"name", "email", "reason"})
"""Fields of those; a bounce's reason may repeat the address. Id, kind, state and times stay."""


def without_others(kind: str, record: Mapping[str, Any], own_emails: Collection[str]) -> dict[str, Any]:
    """The record as JSON has it, without what is of others.

    kind: the item's type, or the field that the record stands in. own_emails: the customer's, in small
    letters.
    """
    is_to_another = kind in ADDRESSED and str(record.get("email", "")).lower() not in own_emails
    others = OF_STAFF | OF_ADDRESSEES if is_to_another else OF_STAFF
    return {name: _kept(name, value, own_emails) for name, value in record.items() if name not in others}


def _kept(name: str, value: Any, own_emails: Collection[str]) -> Any:
    match value:
        case Mapping():
            return without_others(name, value, own_emails)
        case list() | tuple():
            return [_kept(name, one, own_emails) for one in value]
    return value
