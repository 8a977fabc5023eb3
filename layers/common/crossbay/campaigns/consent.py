"""Consent to e-mail, where the law asks for it before a shop writes: Canada (C19).

Source: Canada's Anti-Spam Legislation (S.C. 2010, c. 23), section 10: a purchase implies consent for two
years, an inquiry for six months. What a shop noted about a customer is honoured in every country.
"""

from crossbay.campaigns.context import Moment
from crossbay.campaigns.decision import Check
from crossbay.domain.calendar import months_later
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.customers.customer import ConsentBasis
from crossbay.domain.work.appointment import Appointment

IMPLIED_DAYS = 730
"""The shortest two years."""

_IMPLIED_MONTHS = 24
_INQUIRY_MONTHS = 6

_ABOUT_AN_APPOINTMENT = frozenset({MessageKind.REMINDER_1, MessageKind.REMINDER_2})
"""Reminders of what the customer booked are no advertising."""


def asks_consent(country: str) -> bool:
    return country.upper() == "CA"


def consent_check(moment: Moment, kind: MessageKind, appointment: Appointment | None) -> Check:
    """Whether this kind may go out on the day. appointment: the missed one, which counts as an inquiry."""
    if moment.channel is not Channel.EMAIL or kind in _ABOUT_AN_APPOINTMENT:
        return _passed("no consent needed")
    noted = moment.facts.customer.consent
    if noted and noted.basis is ConsentBasis.NONE:
        return _failed("no consent to e-mail" + (f" since {noted.given_on}" if noted.given_on else ""))
    if noted and noted.ends_on:
        words = f"{noted.basis.value} consent"
        if noted.ends_on < moment.today:
            return _failed(f"{words} ended on {noted.ends_on}")
        return _passed(f"{words} until {noted.ends_on}")
    if noted and noted.basis is ConsentBasis.EXPRESS:
        return _passed("express consent")
    if not asks_consent(moment.rules.shop.country):
        return _passed("no consent needed")
    return _implied(moment, appointment)


def _implied(moment: Moment, appointment: Appointment | None) -> Check:
    ends = [months_later(visit.invoiced_on, _IMPLIED_MONTHS) for visit in moment.visits[:1]]
    if appointment:
        ends.append(months_later(appointment.date, _INQUIRY_MONTHS))
    if not ends:
        return _failed("no consent to e-mail")
    if max(ends) < moment.today:
        return _failed(f"implied consent ended on {max(ends)}")
    return _passed(f"implied consent until {max(ends)}")


def _passed(text: str) -> Check:
    return Check(code="consent", text=text, passed=True)


def _failed(text: str) -> Check:
    return Check(code="consent", text=text, passed=False)
