"""Made-up customers, settings and ledgers for property tests: small numbers, so that much falls together."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from crossbay.campaigns.facts import Arrival, CustomerFacts, LinkedVisit, Rules
from crossbay.domain.address import Address
from crossbay.domain.campaigns.settings import Days
from crossbay.domain.customers.customer import ConsentBasis, DoNotMail, MailConsent, OptOut
from crossbay.domain.work.appointment import Appointment, AppointmentStatus
from crossbay.domain.work.history import LastDone
from crossbay.domain.work.visit import Visit
from tests.unit.campaigns.people import ADA, CIVIC, HOME, SHOP, TRUCK, appointment, declined, rules, visit

FIRST = date(2027, 3, 8)
"""The first day that tests ask about: records lie around it."""

OPT_OUT = DoNotMail(by_customer=OptOut(by="ada", at="2027-01-14T18:00:00.000Z", how="unsubscribe link"))
IDENTITY = {"civic": "vin:2HGFC2F59GH500001", "truck": "plate:NY:QX7", "": ""}


def civil_days(first: int, last: int) -> st.SearchStrategy[str]:
    """Days counted from FIRST."""
    return st.integers(first, last).map(lambda n: (FIRST + timedelta(days=n)).isoformat())


numbers = st.builds(
    Days,
    reminder_1=st.integers(0, 4),
    reminder_2=st.integers(0, 3),
    no_show=st.integers(0, 3),
    thank_you=st.integers(0, 3),
    deferred=st.integers(0, 4),
    inactive=st.integers(0, 6),
    interval=st.sampled_from([0, 7, 8]),
    dead=st.sampled_from([0, 10, 30]),
)


@st.composite
def some_rules(draw: st.DrawFn) -> Rules:
    return rules(
        shop=replace(SHOP, country=draw(st.sampled_from(["US", "CA"]))),
        email_on=draw(st.sampled_from([True, True, False])),
        postcard_on=draw(st.booleans()),
        email_days=draw(numbers),
        postcard_days=draw(numbers),
        postcard_cost_cents=85,
    )


@st.composite
def appointments(draw: st.DrawFn) -> tuple[Appointment, ...]:
    days = draw(st.lists(civil_days(-5, 15), max_size=4))
    return tuple(
        appointment(
            day,
            id=f"appointment-{n}",
            vehicle_id=draw(st.sampled_from(["civic", "truck", ""])),
            status=draw(st.sampled_from([AppointmentStatus.BOOKED] * 4 + [AppointmentStatus.CANCELLED])),
        )
        for n, day in enumerate(days)
    )


@st.composite
def visits(draw: st.DrawFn) -> tuple[Visit, ...]:
    days = draw(st.lists(civil_days(-3, 0) | civil_days(-20, 0), max_size=4))
    made = []
    for n, day in enumerate(days):
        vehicle_id = draw(st.sampled_from(["civic", "truck", ""]))
        items = [declined(title, day) for title in draw(st.sets(st.sampled_from(["Brakes", "Wipers"])))]
        made.append(
            visit(
                day,
                repair_order_id=f"order-{n}",
                vehicle_id=vehicle_id,
                vehicle_identity=IDENTITY[vehicle_id],
                declined=tuple(items),
            )
        )
    return tuple(made)


@st.composite
def some_facts(draw: st.DrawFn) -> CustomerFacts:
    """A customer with an empty ledger."""
    customer = replace(
        ADA,
        emails=draw(st.sampled_from([("ada@example.com",), ()])),
        billing_address=draw(st.sampled_from([HOME, Address()])),
        consent=draw(st.sampled_from([None, None, MailConsent(basis=ConsentBasis.NONE)])),
        do_not_mail=draw(st.sampled_from([DoNotMail(), DoNotMail(), DoNotMail(), OPT_OUT])),
    )
    vehicles = (CIVIC, replace(TRUCK, is_sold=draw(st.booleans())))
    came = st.builds(Arrival, vehicle_id=st.sampled_from(["civic", "truck"]), opened_on=civil_days(-5, 5))
    linked = st.builds(
        LinkedVisit, shop_id=st.just("linked"), shop_name=st.just("North"), invoiced_on=civil_days(-20, 0)
    )
    done = LastDone(
        shop_id="linked",
        repair_order_id="done",
        repair_order_number="9",
        job_id="done",
        title="Brakes",
        invoiced_on=draw(civil_days(-20, 5)),
    )
    return CustomerFacts(
        customer=customer,
        vehicles=vehicles,
        appointments=draw(appointments()),
        visits=draw(visits()),
        arrivals=tuple(draw(st.lists(came, max_size=2))),
        linked_visits=tuple(draw(st.lists(linked, max_size=1))),
        done={(IDENTITY["civic"], "brakes"): (done,)} if draw(st.booleans()) else {},
    )
