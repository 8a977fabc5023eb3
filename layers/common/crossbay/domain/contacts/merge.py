"""Contacts merged into a main one, and taken out again (K3).

A merged contact stays as it was and names its main one; the main one keeps in addition what the contacts
merged into it are found by. Both follow from who is merged into whom, so that undoing a merge restores what
was before, and a merge loses nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from crossbay.domain.contacts.contact import Contact, ContactKind, mains, require_keeper, require_offered
from crossbay.errors import BadInput, Conflict, NotFound

MOST_IN_THE_FLEETS = 40
"""Contacts merged into one that the fleet looks after: all of them are freed in the transaction that deletes
it, two of its hundred items each.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """The contacts as they are after a merge or its undoing. others: those merged or taken out."""

    main: Contact
    others: tuple[Contact, ...]


def merge(contacts: Sequence[Contact], main_id: str, other_ids: Collection[str]) -> Regrouped:
    """The others merged into the main one, which the fleet may look after: the others are the shop's.

    contacts: all of the customer. Raises NotFound for an id that isn't among them, BadInput for the main one
    among the others, Forbidden for another that the fleet looks after: it would lose it; Conflict for one
    that was deleted or merged before, and beyond `MOST_IN_THE_FLEETS`.
    """
    main, others = _chosen(contacts, main_id, other_ids)
    for other in others:
        require_keeper(other, ContactKind.LOCAL)
    for contact in (main, *others):
        require_offered(contact)
    moved = tuple(replace(other, merged_into=main.id) for other in others)
    parts = (*parts_of(contacts, main), *moved)
    if main.kind is ContactKind.FLEET and len(parts) > MOST_IN_THE_FLEETS:
        raise Conflict(f"A contact of the fleet takes {MOST_IN_THE_FLEETS} of the shop's at most.")
    return Regrouped(main=_with_parts(main, parts), others=moved)


def take_out(contacts: Sequence[Contact], main_id: str, other_ids: Collection[str]) -> Regrouped:
    """The others standing for themselves again, as before they were merged into the main one.

    Also where the main one was deleted since. Raises NotFound, Forbidden and BadInput like `merge`, Conflict
    where the main one was merged on, or one of the others isn't merged into it.
    """
    main, others = _chosen(contacts, main_id, other_ids)
    for other in others:
        require_keeper(other, ContactKind.LOCAL)
    by_id = {contact.id: contact for contact in contacts}
    if main.merged_into:
        into = by_id[main.merged_into].title
        raise Conflict(f"{main.title} was merged into {into} since. Take {main.title} out of that one first.")
    for other in others:
        if other.merged_into != main.id:
            raise Conflict(_not_merged_here(by_id, main, other))
    left = (part for part in parts_of(contacts, main) if part not in others)
    freed = tuple(replace(other, merged_into="") for other in others)
    return Regrouped(main=_with_parts(main, tuple(left)), others=freed)


def _not_merged_here(by_id: Mapping[str, Contact], main: Contact, other: Contact) -> str:
    """Why the other can't be taken out of the main one, and what can be done instead."""
    if not other.merged_into:
        return f"{other.title} stands for itself: it isn't merged into {main.title}."
    between = by_id[other.merged_into]
    if mains(by_id.values())[other.id] != main:
        return f"{other.title} is merged into {between.title}, not into {main.title}."
    return (
        f"{other.title} was merged into {between.title}, and that one later. Take {between.title} out of "
        f"{main.title} first, then {other.title} out of {between.title}."
    )


def let_go(contacts: Sequence[Contact], main: Contact) -> Regrouped:
    """All that were merged into the main one standing for themselves again, as before."""
    freed = tuple(replace(part, merged_into="") for part in parts_of(contacts, main))
    return Regrouped(main=_with_parts(main, ()), others=freed)


def parts_of(contacts: Sequence[Contact], main: Contact) -> tuple[Contact, ...]:
    """The contacts that were merged into this one directly."""
    return tuple(contact for contact in contacts if contact.merged_into == main.id)


def _chosen(
    contacts: Sequence[Contact], main_id: str, other_ids: Collection[str]
) -> tuple[Contact, tuple[Contact, ...]]:
    by_id = {contact.id: contact for contact in contacts}
    if main_id not in by_id or not by_id.keys() >= set(other_ids):
        raise NotFound("contact")
    if main_id in other_ids:
        reason = "names the main contact"
        raise BadInput("A contact can't be merged into itself.", fields={"contact_ids": reason})
    return by_id[main_id], tuple(by_id[contact_id] for contact_id in dict.fromkeys(other_ids))


def _with_parts(main: Contact, parts: Sequence[Contact]) -> Contact:
    """The main contact with what these are found by, even what it has itself: it may lose its own later."""
    oldest_first = sorted(parts, key=lambda part: part.id)
    emails = (email for part in oldest_first for email in part.all_emails)
    phones = (
        number
        for part in oldest_first
        for number in (*(phone.number for phone in part.phones), *part.found_by_phones)
    )
    return replace(
        main,
        found_by_emails=tuple(dict.fromkeys(emails)),
        found_by_phones=tuple(dict.fromkeys(phones)),
    )
