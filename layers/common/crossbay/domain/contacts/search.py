"""Looking through a customer's contacts: by what was typed, and for those that may be the same person (K3).

A merged contact leads to its main one, which alone is found.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.contacts.contact import Contact, ContactKind, mains
from crossbay.domain.email import email_letters, typed_email
from crossbay.domain.name import name_tokens, nickname_roots
from crossbay.domain.phone import national_digits, normalize_phone, read_typed_phone
from crossbay.domain.text import fold

_FEWEST_DIGITS = 4
"""Of a phone number; fewer say too little."""

_FORGIVEN_FROM = 4
"""Letters of a name's word from which on one edit is forgiven, as in the search for customers."""


class Trait(StrEnum):
    """What contacts may share."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedTrait:
    """value: as the oldest of the contacts has it."""

    trait: Trait
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Contacts that may be one person, the oldest first, and what all of them share."""

    contacts: tuple[Contact, ...]
    shared: tuple[SharedTrait, ...]


def offered(contacts: Sequence[Contact]) -> tuple[Contact, ...]:
    """Those offered, by name; the nameless last."""
    found = (contact for contact in contacts if contact.is_offered)
    return tuple(sorted(found, key=lambda one: (not one.name, fold(one.name), one.email, one.id)))


def find_contacts(contacts: Sequence[Contact], text: str, country: str) -> tuple[Contact, ...]:
    """Those offered whose name, e-mail or phone is like the text, or that of one merged into them, by name.

    Forgiving: the start of a word, words in any order, nicknames, one edit, accents; the start of an e-mail
    or the letters before its `@`; the first or last 4 or more digits of a phone.
    contacts: all of the customer. country: the shop's, for phones.
    """
    stands_for = mains(contacts)
    digits = _typed_digits(text, country)
    found = {stands_for[one.id].id for one in contacts if _is_like(one, text, digits)}
    return tuple(contact for contact in offered(contacts) if contact.id in found)


def suggest_merges(contacts: Sequence[Contact]) -> tuple[Suggestion, ...]:
    """Contacts that share a name, e-mail or phone and of which the shop may merge one at least.

    What shares most comes first, then the smaller group. contacts: all of the customer.
    """
    by_id = {contact.id: contact for contact in contacts}
    traits: dict[frozenset[str], list[SharedTrait]] = {}
    for (trait, _), (ids, value) in sorted(_sharing(contacts).items()):
        if len(ids) > 1:
            traits.setdefault(frozenset(ids), []).append(SharedTrait(trait=trait, value=value))
    suggestions = [
        Suggestion(
            contacts=tuple(by_id[contact_id] for contact_id in sorted(group)),
            shared=tuple(one for ids, shared in traits.items() if group <= ids for one in shared),
        )
        for group in traits
    ]
    mergeable = (one for one in suggestions if _can_merge(one.contacts))
    return tuple(
        sorted(
            mergeable,
            key=lambda one: (-len(one.shared), len(one.contacts), [contact.id for contact in one.contacts]),
        )
    )


def _can_merge(contacts: Sequence[Contact]) -> bool:
    return any(contact.kind is ContactKind.LOCAL for contact in contacts)


def _sharing(contacts: Sequence[Contact]) -> dict[tuple[Trait, str], tuple[set[str], str]]:
    """The ids of those offered who have it, by trait and compared value, and how it is spelled.

    What a merged contact has counts as its main one's.
    """
    stands_for = mains(contacts)
    sharing: dict[tuple[Trait, str], tuple[set[str], str]] = {}
    for contact in sorted(contacts, key=lambda contact: contact.id):
        main = stands_for[contact.id]
        if main.is_offered:
            for trait, compared, spelled in _traits(contact):
                ids, _ = sharing.setdefault((trait, compared), (set(), spelled))
                ids.add(main.id)
    return sharing


def _traits(contact: Contact) -> Iterator[tuple[Trait, str, str]]:
    """Trait, value as it is compared, value as it is spelled."""
    if words := name_tokens(contact.name):
        yield Trait.NAME, " ".join(sorted(words)), contact.name
    if contact.email:
        yield Trait.EMAIL, contact.email.lower(), contact.email
    for phone in contact.phones:
        if digits := national_digits(phone.number):
            yield Trait.PHONE, digits, phone.number


def _typed_digits(text: str, country: str) -> str:
    """The national digits of what may be a phone or a part of one; empty for anything else."""
    typed = read_typed_phone(text)
    if typed is None or len(typed.digits) < _FEWEST_DIGITS:
        return ""
    return national_digits(normalize_phone(text, country))


def _is_like(contact: Contact, text: str, digits: str) -> bool:
    return (
        _is_like_name(contact.name, text)
        or _is_like_email(contact.email, text)
        or any(_is_like_phone(phone.number, digits) for phone in contact.phones)
    )


def _is_like_phone(number: str, digits: str) -> bool:
    national = national_digits(number)
    return bool(digits) and (national.startswith(digits) or national.endswith(digits))


def _is_like_email(email: str, text: str) -> bool:
    typed = typed_email(text)
    if not typed or not email:
        return False
    letters = "" if "@" in typed or " " in typed else email_letters(typed)
    return email.startswith(typed) or (bool(letters) and email_letters(email).startswith(letters))


def _is_like_name(name: str, text: str) -> bool:
    typed, words = name_tokens(text), name_tokens(name)
    return bool(typed) and all(any(_is_like_word(word, one) for word in words) for one in typed)


def _is_like_word(word: str, typed: str) -> bool:
    if word.startswith(typed) or not nickname_roots(word).isdisjoint(nickname_roots(typed)):
        return True
    from rapidfuzz.distance import OSA

    return len(typed) >= _FORGIVEN_FROM and OSA.distance(word, typed, score_cutoff=1) <= 1
