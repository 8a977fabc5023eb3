"""What a customer was called and reached by before: it stays on the record while there is a person on it.

Erasure keeps whoever it was from coming back by it (X6), CARFAX's certificate looks for it in titles (C22).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from crossbay.domain.customers.customer import Customer, Former, FormerName

MOST_KEPT = 40
"""Of each kind of value, the newest; the audit has those before."""

T = TypeVar("T")


def with_former(before: Customer, after: Customer) -> Customer:
    """`after` with what `before` was called and reached by and `after` is not any more."""
    was, now = _values(before), _values(after)
    kept = before.former
    return replace(
        after,
        former=Former(
            names=_newest(kept.names, was.names, now.names),
            phones=_newest(kept.phones, was.phones, now.phones),
            emails=_newest(kept.emails, was.emails, now.emails),
            streets=_newest(kept.streets, was.streets, now.streets),
        ),
    )


def ever(customer: Customer) -> Former:
    """All that the customer is and was called and reached by, what holds now first."""
    now, former = _values(customer), customer.former
    return Former(
        names=tuple(dict.fromkeys((*now.names, *reversed(former.names)))),
        phones=tuple(dict.fromkeys((*now.phones, *reversed(former.phones)))),
        emails=tuple(dict.fromkeys((*now.emails, *reversed(former.emails)))),
        streets=tuple(dict.fromkeys((*now.streets, *reversed(former.streets)))),
    )


def _values(customer: Customer) -> Former:
    name = FormerName(
        first_name=customer.first_name, last_name=customer.last_name, company_name=customer.company_name
    )
    places = (customer.billing_address, *(place.address for place in customer.service_addresses))
    return Former(
        names=(name,) if name != FormerName() else (),
        phones=tuple(phone.number for phone in customer.phones),
        emails=customer.emails,
        streets=tuple(line for place in places for line in (place.line1, place.line2) if line),
    )


def _newest(kept: Sequence[T], was: Sequence[T], now: Sequence[T]) -> tuple[T, ...]:
    """One that comes back and goes again is new again."""
    gone = [value for value in dict.fromkeys(was) if value not in now]
    return tuple([*(value for value in kept if value not in gone), *gone][-MOST_KEPT:])
