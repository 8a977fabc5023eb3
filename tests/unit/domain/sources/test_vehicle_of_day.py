"""Visits of a day out of its appointments and the repair orders that are still open."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.sources.vehicle_of_day import VisitOfDay, visits_of_day
from crossbay.domain.work.appointment import Appointment, AppointmentStatus
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus, VehicleSnapshot

TODAY = "2027-03-01"


def appointment(name: str, customer: str = "c1", car: str = "v1", **fields: Any) -> Appointment:
    hour = fields.pop("hour", 14)
    return Appointment(
        id=name,
        organization_id="o",
        shop_id="s",
        customer_id=customer,
        date=TODAY,
        starts_at=f"{TODAY}T{hour:02}:00:00.000Z",
        vehicle_id=car,
        **fields,
    )


def order(name: str, customer: str = "c1", car: str = "v1", day: str = TODAY, **fields: Any) -> RepairOrder:
    return RepairOrder(
        id=name,
        organization_id="o",
        shop_id="s",
        customer_id=customer,
        number=name,
        opened_on=day,
        vehicle=VehicleSnapshot(id=car),
        **fields,
    )


def told(visits: list[VisitOfDay]) -> list[tuple[str, str]]:
    return [
        (one.appointment.id if one.appointment else "", one.order.id if one.order else "") for one in visits
    ]


def test_what_names_each_other_is_one_visit_whichever_side_says_so_before_what_is_of_one_vehicle() -> None:
    named = [appointment("a1", hour=9), appointment("a2", hour=10, repair_order_id="r1")]
    orders = [order("r1"), order("r2", car="v2", appointment_id="a1"), order("r3")]

    assert told(visits_of_day(named, orders)) == [("", "r3"), ("a1", "r2"), ("a2", "r1")]


def test_one_customer_with_one_vehicle_is_one_visit_and_with_two_vehicles_two() -> None:
    booked = [appointment("a1"), appointment("a2", car="v9", hour=15)]

    assert told(visits_of_day(booked, [order("r1"), order("r2", car="v3")])) == [
        ("", "r2"),
        ("a1", "r1"),
        ("a2", ""),
    ]


def test_two_appointments_of_a_vehicle_with_one_repair_order_are_two_visits() -> None:
    booked = [appointment("a2", hour=15), appointment("a1", hour=9)]

    assert told(visits_of_day(booked, [order("r1")])) == [("a1", "r1"), ("a2", "")]


def test_a_repair_order_that_is_invoiced_or_void_is_none() -> None:
    orders = [order(status.value, car=status.value, status=status) for status in RepairOrderStatus]

    assert told(visits_of_day([appointment("a1", repair_order_id="invoiced")], orders)) == [
        ("", "estimate"),
        ("", "in_progress"),
        ("a1", ""),
    ]


def test_a_cancelled_appointment_is_none_and_a_completed_one_is() -> None:
    booked = [
        appointment("a1", status=AppointmentStatus.CANCELLED, repair_order_id="r1"),
        appointment("a2", car="v2", status=AppointmentStatus.COMPLETED),
    ]

    assert told(visits_of_day(booked, [order("r1")])) == [("", "r1"), ("a2", "")]


few = st.sampled_from(["1", "2", "3"])


@given(
    booked=st.lists(
        st.builds(appointment, st.uuids().map(str), few, few, hour=st.integers(9, 11)), max_size=8
    ),
    orders=st.lists(st.builds(order, st.uuids().map(str), few, few), max_size=8),
)
def test_every_appointment_and_every_order_is_in_one_visit_in_one_order_of_all(
    booked: list[Appointment], orders: list[RepairOrder]
) -> None:
    visits = visits_of_day(booked, orders)

    assert sorted(one.appointment.id for one in visits if one.appointment) == sorted(a.id for a in booked)
    assert sorted(one.order.id for one in visits if one.order) == sorted(one.id for one in orders)
    assert all(one.order.customer_id == one.customer_id for one in visits if one.order)
    positions = [one.position for one in visits]
    assert positions == sorted(set(positions))
    assert told(visits_of_day(booked[::-1], orders[::-1])) == told(visits)
