"""A message moves forward only, whatever the order and doubling of what is heard of it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import (
    EventKind,
    Message,
    MessageEvent,
    MessageState,
    Occasion,
    Step,
    advanced,
)
from crossbay.domain.campaigns.settings import MessageKind

HEARD = [kind for kind in EventKind if kind is not EventKind.UNKNOWN]


def _message(**fields: object) -> Message:
    occasion = Occasion(kind=MessageKind.THANK_YOU, customer_id="c", vehicle_id="v", reason_id="r")
    made = {
        "id": "m",
        "organization_id": "o",
        "shop_id": "s",
        "customer_id": "c",
        "occasion": occasion,
        "channel": Channel.EMAIL,
        "due_on": "2027-03-01",
        "date": "2027-03-01",
        "state": MessageState.SENDING,
    }
    return Message(**(made | fields))  # type: ignore[arg-type]


def _event(kind: EventKind, minute: int = 0) -> MessageEvent:
    reason = kind.value if kind is EventKind.BOUNCED else ""
    return MessageEvent(kind=kind, at=f"2027-03-01T14:{minute:02}:00.000Z", ses_message_id="x", reason=reason)


def _after(events: list[MessageEvent], state: MessageState = MessageState.SENDING) -> Message:
    message = _message(state=state)
    for event in events:
        message = advanced(message, event)
    return message


@given(
    events=st.lists(st.builds(_event, st.sampled_from(HEARD), st.integers(0, 59)), min_size=1, max_size=6),
    data=st.data(),
)
def test_events_in_any_order_and_doubled_leave_the_same_message(
    events: list[MessageEvent], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations([*events, *events]))

    assert _after(list(shuffled)) == _after(events)


def test_a_bounce_heard_before_our_own_sent_wins_and_keeps_both_times() -> None:
    message = _after([_event(EventKind.BOUNCED, 2), _event(EventKind.SENT, 1)])

    assert message.state is MessageState.BOUNCED
    assert message.sent_at == "2027-03-01T14:01:00.000Z"
    assert message.bounced_at == "2027-03-01T14:02:00.000Z"
    assert message.reason == "bounced"


def test_no_event_takes_a_message_back() -> None:
    for first, second in itertools.permutations(HEARD, 2):
        states = [kind.value for kind in HEARD[:4]]
        reached = [kind.value for kind in (first, second) if kind.value in states]
        furthest = max(reached, key=states.index, default="sending")

        assert _after([_event(first), _event(second)]).state.value == furthest


def test_an_unknown_outcome_is_settled_by_a_late_event_and_never_unsettles_one() -> None:
    unknown = _after([_event(EventKind.UNKNOWN)])
    assert unknown.state is MessageState.UNKNOWN
    assert advanced(unknown, _event(EventKind.DELIVERED)).state is MessageState.DELIVERED
    for state in (MessageState.PLANNED, MessageState.SENT, MessageState.SKIPPED):
        assert _after([_event(EventKind.UNKNOWN)], state).state is state


@pytest.mark.parametrize(
    ("state", "until", "claimable"),
    [
        (MessageState.PLANNED, "", True),
        (MessageState.HELD, "", True),
        (MessageState.CLAIMED, "2027-03-01T13:59:00.000Z", True),
        (MessageState.CLAIMED, "2027-03-01T14:01:00.000Z", False),
        (MessageState.SENDING, "2027-03-01T13:00:00.000Z", False),
        (MessageState.SENT, "", False),
        (MessageState.STOPPED, "", False),
    ],
)
def test_only_what_waits_or_was_dropped_can_be_claimed(
    state: MessageState, until: str, claimable: bool
) -> None:
    assert _message(state=state, claimed_until=until).is_claimable("2027-03-01T14:00:00.000Z") is claimable


def test_a_message_stood_just_before_an_instant_where_its_last_step_says() -> None:
    steps = tuple(
        Step(at=f"2027-03-0{day}T14:00:00.000Z", state=state, date="2027-03-03")
        for day, state in ((1, MessageState.HELD), (3, MessageState.SENT))
    )
    message = _message(steps=steps)

    assert message.step_before("2027-03-01T14:00:00.000Z") is None
    assert message.step_before("2027-03-02T00:00:00.000Z") == steps[0]
    assert message.step_before("2027-03-04T00:00:00.000Z") == steps[1]
