"""What becomes of a case note's mail: forward only, whatever is heard in whatever order."""

from dataclasses import replace
from itertools import permutations

import pytest

from crossbay.domain.campaigns.message import EventKind, MessageEvent
from crossbay.domain.cases.note import MailState, NoteMail, advanced
from crossbay.domain.cases.recipients import RecipientKind

MAIL = NoteMail(
    note_id="n",
    case_id="case",
    organization_id="o",
    shop_id="s",
    customer_id="c",
    recipient_id="ana",
    recipient_kind=RecipientKind.CONTACT,
    name="Ana",
    email="ana@example.com",
    state=MailState.SENDING,
)


def heard(*kinds: EventKind, mail: NoteMail = MAIL) -> NoteMail:
    """Each kind at the second of its place among the kinds."""
    for kind in kinds:
        at = f"2027-03-01T12:00:{list(EventKind).index(kind):02}.000Z"
        mail = advanced(mail, MessageEvent(kind=kind, at=at, reason=kind.value))
    return mail


@pytest.mark.parametrize(
    "kinds",
    [
        (EventKind.SENT, EventKind.DELIVERED, EventKind.COMPLAINED),
        (EventKind.SENT, EventKind.BOUNCED, EventKind.BOUNCED),
        (EventKind.SENT, EventKind.OPENED),
    ],
)
def test_any_order_and_doubling_ends_in_the_same_mail(kinds: tuple[EventKind, ...]) -> None:
    ends = {heard(*order, *order) for order in permutations(kinds)}

    assert {(end.state, end.sent_at) for end in ends} == {(heard(*kinds).state, heard(*kinds).sent_at)}


def test_unknown_counts_while_sending_alone_and_gives_way_to_whatever_is_heard_later() -> None:
    unknown = heard(EventKind.UNKNOWN)

    assert (unknown.state, unknown.reason, unknown.sent_at) == (MailState.UNKNOWN, "unknown", "")
    assert heard(EventKind.SENT, mail=unknown).state is MailState.SENT
    assert heard(EventKind.SENT, EventKind.UNKNOWN).state is MailState.SENT
    queued = replace(MAIL, state=MailState.QUEUED)
    assert heard(EventKind.UNKNOWN, mail=queued) == queued
