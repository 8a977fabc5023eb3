"""What a customer was called and reached by before, whatever order it changed in (X6)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Customer, FormerName, Phone, ServiceAddress
from crossbay.domain.customers.former import MOST_KEPT, ever, with_former

WORDS = st.sampled_from(["", "Ana", "Bea", "Quillon", "Smith"])
NUMBERS = st.lists(st.sampled_from([f"+1212555{n:04}" for n in range(142, 148)]), max_size=3, unique=True)
EMAILS = st.lists(st.sampled_from([f"e{n}@example.com" for n in range(5)]), max_size=3, unique=True)


def state(first: str, last: str, numbers: list[str], emails: list[str], street: str) -> Customer:
    return Customer(
        id="c",
        organization_id="o",
        shop_id="s",
        first_name=first,
        last_name=last,
        phones=tuple(Phone(number=number) for number in numbers),
        emails=tuple(emails),
        service_addresses=(ServiceAddress(id="a", address=Address(line1=street)),),
    )


STATES = st.builds(state, WORDS, WORDS, NUMBERS, EMAILS, st.sampled_from(["", "1 Elm St", "2 Elm St"]))


@pytest.mark.rule("X6")
@given(st.lists(STATES, min_size=1, max_size=12))
def test_whatever_a_customer_was_called_and_reached_by_stays_on_the_record(history: list[Customer]) -> None:
    record = history[0]
    for after in history[1:]:
        record = with_former(record, replace(after, former=record.former))

    known = ever(record)

    assert {phone.number for one in history for phone in one.phones} == set(known.phones)
    assert {email for one in history for email in one.emails} == set(known.emails)
    named = {(one.first_name, one.last_name) for one in history} - {("", "")}
    assert named == {(name.first_name, name.last_name) for name in known.names}
    assert {place.address.line1 for one in history for place in one.service_addresses} - {""} == set(
        known.streets
    )


def test_what_holds_now_comes_first_and_then_the_newest() -> None:
    first, second, third = (state(name, "", [], [], "") for name in ("Ana", "Bea", "Cleo"))

    record = with_former(with_former(first, second), replace(third, former=with_former(first, second).former))

    assert ever(record).names == tuple(FormerName(first_name=name) for name in ("Cleo", "Bea", "Ana"))


def test_the_newest_are_kept_of_more_than_a_record_holds() -> None:
    record = state("Ana", "", ["0"], [], "")
    for number in range(1, MOST_KEPT + 3):
        record = with_former(record, replace(record, phones=(Phone(number=str(number)),)))

    assert record.former.phones == tuple(str(number) for number in range(2, MOST_KEPT + 2))
