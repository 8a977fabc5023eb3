"""Why an RO is left out of a partner's file."""

import pytest

from crossbay.domain.work.repair_order import Authorization, RepairOrder, RepairOrderStatus
from crossbay.exports.orders_left_out import LeftOutReason, left_out
from tests.unit.exports.records import job, order, vehicle

OPEN = RepairOrderStatus.IN_PROGRESS
DECLINED = job("Flush", authorization=Authorization.DECLINED)


def reason(made: RepairOrder, *, needs_vin: bool = True) -> LeftOutReason | None:
    found = left_out(made, needs_vin=needs_vin)
    return found.reason if found else None


@pytest.mark.parametrize("needs_vin", [True, False])
def test_an_invoiced_ro_with_a_valid_vin_goes(needs_vin: bool) -> None:
    assert reason(order(), needs_vin=needs_vin) is None


@pytest.mark.rule("C23")
def test_a_plausible_vin_goes_and_an_invalid_one_is_withheld_with_its_reason() -> None:
    plausible, invalid = vehicle(vin="WBAVA33598KV12345"), vehicle(vin="1HGCM82643A004352")

    out = left_out(order(vehicle=invalid), needs_vin=True)

    assert reason(order(vehicle=plausible)) is None
    assert out is not None
    assert out.reason is LeftOutReason.VIN_INVALID
    assert out.words == "The VIN is invalid: the check digit (position 9) is 4 and should be 3."


@pytest.mark.rule("C23")
def test_no_vin_is_a_reason_of_its_own() -> None:
    assert reason(order(vehicle=vehicle(vin=" "))) is LeftOutReason.NO_VIN


def test_a_visit_without_a_vin_goes_to_partners_who_write_to_customers() -> None:
    assert reason(order(vehicle=vehicle(vin="")), needs_vin=False) is None


@pytest.mark.parametrize("needs_vin", [True, False])
def test_what_isnt_invoiced_stays(needs_vin: bool) -> None:
    assert reason(order(status=OPEN, invoiced_on=""), needs_vin=needs_vin) is LeftOutReason.NOT_INVOICED


def test_a_vin_without_a_service_title_says_nothing() -> None:
    assert reason(order(DECLINED)) is LeftOutReason.NO_SERVICE
    assert reason(order(job(" "))) is LeftOutReason.NO_SERVICE
    assert reason(order(DECLINED), needs_vin=False) is None
