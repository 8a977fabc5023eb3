"""What the contacts' door answers with."""

from dataclasses import dataclass

from crossbay.app.contacts.cleanup import UnusedContact
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.contacts.search import Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedContacts:
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionList:
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusedContactList:
    contacts: tuple[UnusedContact, ...]
