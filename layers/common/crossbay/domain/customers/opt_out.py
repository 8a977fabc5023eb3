"""Do-not-mail and consent as they change: an opt-out gives way only to the one who set it (C9, C19)."""

from dataclasses import replace

from crossbay.domain.calendar import still_to_come
from crossbay.domain.customers.customer import ConsentBasis, DoNotMail, MailConsent, OptOut

BY_CUSTOMER = "customer"
"""Who acts where nobody is signed in."""

UNSUBSCRIBE_LINK, COMPLAINT = "unsubscribe link", "complaint"
STAFF, IMPORT = "staff", "import"


def opted_out(flags: DoNotMail, *, how: str, at: str) -> DoNotMail:
    """The flags with the customer's own opt-out. how: `UNSUBSCRIBE_LINK` or `COMPLAINT`; at: UTC.

    One that is there stays, but that a complaint takes the place of a click, which could be undone.
    """
    if flags.by_customer is not None and (flags.by_customer.how == how or not is_undoable(flags)):
        return flags
    return replace(flags, by_customer=OptOut(by=BY_CUSTOMER, at=at, how=how))


def undone(flags: DoNotMail) -> DoNotMail:
    """The flags without what the link set; a complaint's opt-out and staff's stay."""
    return replace(flags, by_customer=None) if is_undoable(flags) else flags


def is_undoable(flags: DoNotMail) -> bool:
    """Whether the customer's own opt-out came from the link, which can take it back."""
    return flags.by_customer is not None and flags.by_customer.how == UNSUBSCRIBE_LINK


def stricter_flags(flags: DoNotMail, others: DoNotMail) -> DoNotMail:
    """Every opt-out of either; of two by the same side the first's, unless only the first can be undone."""
    by_customer = flags.by_customer or others.by_customer
    if others.by_customer is not None and is_undoable(flags) and not is_undoable(others):
        by_customer = others.by_customer
    return DoNotMail(by_customer=by_customer, by_staff=flags.by_staff or others.by_staff)


def stricter_consent(consent: MailConsent | None, other: MailConsent | None) -> MailConsent | None:
    """The one of the weaker basis, ending when the first of the two ends; what is noted before nothing."""
    if consent is None or other is None:
        return consent or other
    stricter = min(consent, other, key=lambda one: _WEAKEST_FIRST.index(one.basis))
    ends = [one.ends_on for one in (consent, other) if one.ends_on]
    return replace(stricter, ends_on=min(ends, default=""))


def consent_mistakes(consent: MailConsent | None, *, today: str) -> dict[str, str]:
    """What is wrong with a consent that a person notes, by field. today: the shop's civil day."""
    if consent is None:
        return {}
    wrong = {}
    if why := still_to_come(consent.given_on, today):
        wrong["given_on"] = why
    if consent.basis is ConsentBasis.NONE and consent.ends_on:
        wrong["ends_on"] = "a customer who said no has said it for good"
    if consent.basis is not ConsentBasis.NONE and not consent.given_on:
        wrong["given_on"] = "the day it was given is needed, to prove it by"
    if consent.given_on and consent.ends_on and consent.ends_on < consent.given_on:
        wrong["ends_on"] = "is before the day it was given"
    return wrong


def imported_consent(consent: MailConsent | None, row: MailConsent | None) -> MailConsent | None:
    """What stands after a row of an import; row: None where it says nothing.

    A `none` stays whoever noted it, and what a person noted only gets stricter; other consent that came with
    an import follows the point of sale.
    """
    if row is None or consent is None:
        return row or consent
    if consent.how != IMPORT or consent.basis is ConsentBasis.NONE:
        return stricter_consent(consent, row)
    return consent if _says(consent) == _says(row) else row


def _says(consent: MailConsent) -> MailConsent:
    return replace(consent, by="", at="", how="")


_WEAKEST_FIRST = (ConsentBasis.NONE, ConsentBasis.IMPLIED, ConsentBasis.EXPRESS)
