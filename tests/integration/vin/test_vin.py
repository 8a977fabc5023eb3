"""The vehicle form over HTTP: a VIN typed, a plate and state typed, the terms, services that fail (C26)."""

import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest

from crossbay.aws.secrets import Secrets
from crossbay.domain.organization import Entitlement, Role
from crossbay.domain.vin.terms import TERMS, TERMS_VERSION
from crossbay.settings import settings
from crossbay.store.reads import Reads
from local.vin_providers.server import ProviderMode, ProviderService, VinProviders, vin_providers
from tests.helpers.doors import Answer, Caller, started
from tests.helpers.factories import make_customer, make_vehicle, path_of
from tests.helpers.tenants import NewTenant, Tenant, tenant_maker
from tests.helpers.vins import ACCORD, CARS, CIVIC, GOLF, UNKNOWN
from tests.integration.conftest import Aws

MISTYPED = "IHGCM82633A004352"
NOTHING = {"year": None, "make": "", "model": "", "sub_model": "", "engine": ""}
QUICK_FAULTS = [
    mode for mode in ProviderMode if mode not in (ProviderMode.OK, ProviderMode.TIMEOUT, ProviderMode.DRIP)
]
"""The slow ones take their whole time, and have a test of their own."""
SECRET = "crossbay-vin-lookup"


@pytest.fixture(scope="module")
def new_tenant(aws_of_module: Aws) -> NewTenant:
    return tenant_maker(Reads(aws_of_module.table_name))


@pytest.fixture(scope="module")
def secret(aws_of_module: Aws) -> Iterator[str]:
    """The name of the secret with the account at the plate provider."""
    Secrets().create(SECRET, json.dumps({"product_data_id": "0123456789ABCDEF", "location_id": "SHOP1"}))
    yield SECRET
    Secrets().delete(SECRET)


@pytest.fixture
def providers(aws_of_module: Aws, secret: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[VinProviders]:
    """Both services, and the deployment that asks them."""
    with vin_providers(CARS) as running:
        monkeypatch.setenv("VIN_LOOKUP_URL", running.plates_url)
        monkeypatch.setenv("VIN_LOOKUP_SECRET", secret)
        monkeypatch.setenv("VPIC_URL", running.vins_url)
        settings.cache_clear()
        yield running
    settings.cache_clear()


@pytest.fixture
def tenant(new_tenant: NewTenant) -> Tenant:
    return new_tenant("North", "South", entitlements=(Entitlement.VIN_LOOKUP,))


@pytest.fixture
def admin(tenant: Tenant) -> Caller:
    return tenant.join(Role.DEALER_ADMIN)


@pytest.fixture
def advisor(tenant: Tenant, admin: Caller) -> Caller:
    """Of an organization that has accepted the terms."""
    assert decide(admin, TERMS_VERSION).status_code == 200
    return tenant.join(Role.ADVISOR)


def decide(caller: Caller, terms_version: str, *, version: int = 0) -> Answer:
    headers = {"If-Match": f'"{version}"'}
    return caller("PUT", "/vin-lookup-terms", body={"terms_version": terms_version}, headers=headers)


def typed(caller: Caller, tenant: Tenant, vin: str, **on_file: Any) -> dict[str, Any]:
    """The card of a VIN as typed into the form."""
    answer = caller("GET", f"{tenant.paths[0]}/vin-check", query={"vin": vin} | on_file)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


def look_up(caller: Caller, tenant: Tenant, plate: str, region: str = "NY") -> Answer:
    body = {"plate": plate, "plate_region": region}
    return caller("POST", f"{tenant.paths[0]}/plate-lookups", body=body)


def found(answer: Answer) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return answer.json()["vins"]  # type: ignore[no-any-return]


# ---- a VIN is typed


@pytest.mark.rule("C26")
def test_a_valid_vin_is_decoded_offline_and_the_rest_of_the_card_comes_from_vpic(
    tenant: Tenant, advisor: Caller, providers: VinProviders
) -> None:
    card = typed(advisor, tenant, "1hgcm826 33A-004352")

    assert (card["vin"], card["status"]) == (ACCORD, "valid")
    assert card["decoded"] == {
        "maker": "Honda",
        "country": "United States",
        "region": "North America",
        "year": 2003,
        "years": [2003],
    }
    assert card["vehicle"] == {
        "year": 2003,
        "make": "HONDA",
        "model": "Accord",
        "sub_model": "EX",
        "engine": "3.0L 6 cylinders, Gasoline",
    }
    assert card["decoding"]["state"] == "trusted"
    assert (card["repairs"], card["contradiction"]) == ([], "")


@pytest.mark.rule("C26")
def test_a_plausible_vin_is_asked_about_and_vpics_error_code_1_is_shown_and_fills_nothing(
    tenant: Tenant, advisor: Caller, providers: VinProviders
) -> None:
    card = typed(advisor, tenant, GOLF)

    assert card["status"] == "plausible"
    assert (card["decoded"]["maker"], card["decoded"]["country"]) == ("Volkswagen", "Germany")
    assert card["decoding"]["state"] == "doubtful"
    assert card["decoding"]["message"].startswith("1 - Check Digit")
    assert card["decoding"]["facts"]["model"] == "Golf"
    assert card["vehicle"] == NOTHING


@pytest.mark.rule("C26")
@pytest.mark.parametrize(
    ("vin", "reason"),
    [
        ("1HGCM82643A004352", "the check digit (position 9) is 4 and should be 3"),
        (MISTYPED, "I can't stand in a VIN"),
        ("1HGCM82633A00435", "a VIN has 17 characters, this has 16"),
        ("1" * 17, "this is a placeholder, not a VIN"),
        ("", "there is no VIN"),
    ],
)
def test_an_invalid_vin_says_why_tells_nothing_and_nobody_is_asked(
    tenant: Tenant, advisor: Caller, providers: VinProviders, vin: str, reason: str
) -> None:
    card = typed(advisor, tenant, vin)

    assert (card["status"], card["reason"]) == ("invalid", reason)
    assert card["vehicle"] == NOTHING
    assert card["decoding"]["state"] == "not_asked"
    assert providers.asked == []


@pytest.mark.rule("C26")
def test_a_mistyped_vin_is_offered_its_repairs_those_that_fit_the_form_first(
    tenant: Tenant, advisor: Caller, providers: VinProviders
) -> None:
    card = typed(advisor, tenant, "1HGCM8263XA004352", year=2003, make="honda")
    alike = typed(advisor, tenant, MISTYPED)

    fits = [repair["fits"] for repair in card["repairs"]]
    assert card["repairs"][0] == {
        "vin": ACCORD,
        "change": "position 10: 3 in place of X",
        "maker": "Honda",
        "year": 2003,
        "fits": True,
    }
    assert fits == sorted(fits, reverse=True)
    assert not all(fits)
    assert alike["repairs"][0]["vin"] == ACCORD


@pytest.mark.rule("C26")
def test_a_slip_that_the_check_digit_cannot_see_is_given_away_by_year_and_make_on_file(
    tenant: Tenant, advisor: Caller, providers: VinProviders
) -> None:
    slipped = ACCORD.replace("33A", "3LA")  # L counts as 3 does: a valid VIN, of 1990

    card = typed(advisor, tenant, slipped, year=2003, make="Ford")

    assert card["status"] == "valid"
    assert card["contradiction"] == (
        "the VIN is of model year 1990, the form says 2003; the VIN is of Honda, the form says Ford"
    )


@pytest.mark.rule("C26")
@pytest.mark.parametrize("mode", QUICK_FAULTS)
def test_whatever_vpic_does_the_offline_answer_stays(
    tenant: Tenant,
    advisor: Caller,
    providers: VinProviders,
    mode: ProviderMode,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    providers.fail(ProviderService.VINS, mode)

    card = typed(advisor, tenant, ACCORD)

    assert card["status"] == "valid"
    assert (card["decoded"]["maker"], card["vehicle"]["year"]) == ("Honda", 2003)
    assert card["decoding"]["state"] == "unavailable"
    assert "vPIC" in card["decoding"]["message"]
    assert not [line for line in caplog.messages if ACCORD in line]


def test_without_a_decoder_the_offline_answer_says_so(tenant: Tenant, advisor: Caller) -> None:
    card = typed(advisor, tenant, ACCORD)

    assert card["decoding"] == {
        "state": "unavailable",
        "message": "No decoder is set up on this deployment.",
        "facts": NOTHING,
    }


# ---- a plate and a state are typed


@pytest.mark.rule("C26")
def test_a_plate_and_state_fetch_the_vin_and_fill_the_card(
    tenant: Tenant, advisor: Caller, providers: VinProviders
) -> None:
    (card,) = found(look_up(advisor, tenant, "cbx-1047", "ny"))
    customer = make_customer(advisor, tenant.paths[0])
    vehicle = advisor(
        "POST",
        f"{path_of(customer)}/vehicles",
        body=card["vehicle"] | {"vin": card["vin"], "plate": "CBX 1047", "plate_region": "NY"},
    )

    assert (card["vin"], card["status"], card["decoded"]["country"]) == (ACCORD, "valid", "United States")
    assert card["vehicle"] == {
        "year": 2003,
        "make": "HONDA",
        "model": "Accord",
        "sub_model": "EX",
        "engine": "3.0L V6",
    }
    assert [service for service, _ in providers.asked] == ["plates"]  # which left nothing open
    assert vehicle.status_code == 201, vehicle.text
    assert (vehicle.json()["vin"], vehicle.json()["model"]) == (ACCORD, "Accord")


@pytest.mark.rule("C26")
def test_several_vins_of_a_plate_are_a_choice_and_an_unknown_plate_has_none(
    tenant: Tenant, advisor: Caller, providers: VinProviders
) -> None:
    choice = found(look_up(advisor, tenant, "TWO2"))

    assert [(card["vin"], card["vehicle"]["model"]) for card in choice] == [
        (CIVIC, "Civic"),
        (ACCORD, "Accord"),
    ]
    assert found(look_up(advisor, tenant, "NOBODYS")) == []


@pytest.mark.rule("C26")
def test_what_the_provider_leaves_open_vpic_is_asked_about(
    tenant: Tenant, advisor: Caller, providers: VinProviders
) -> None:
    (card,) = found(look_up(advisor, tenant, "HALF3"))

    assert (ProviderService.VINS, CIVIC) in providers.asked
    assert card["decoding"]["state"] == "trusted"
    assert (card["vehicle"]["engine"], card["vehicle"]["sub_model"]) == ("2.0L I4", "")


@pytest.mark.rule("C26")
def test_a_placeholder_from_the_provider_is_told_as_invalid(
    tenant: Tenant, advisor: Caller, providers: VinProviders
) -> None:
    (card,) = found(look_up(advisor, tenant, "ONES5"))

    assert (card["status"], card["reason"]) == ("invalid", "this is a placeholder, not a VIN")


@pytest.mark.rule("C26")
@pytest.mark.parametrize("mode", QUICK_FAULTS)
def test_a_plate_provider_that_fails_is_told_as_such_without_the_plate(
    tenant: Tenant, advisor: Caller, providers: VinProviders, mode: ProviderMode
) -> None:
    providers.fail(ProviderService.PLATES, mode)

    answer = look_up(advisor, tenant, "CBX1047")

    slug = "provider-refused" if mode is ProviderMode.REFUSE else "provider-failed"
    assert answer.status_code == 503
    assert answer.json()["type"] == f"urn:crossbay:problem:{slug}"
    assert "by hand" in answer.json()["detail"]
    assert "CBX" not in answer.text


@pytest.mark.rule("C26")
def test_silent_services_take_five_seconds_each_and_no_more(
    tenant: Tenant, advisor: Caller, providers: VinProviders
) -> None:
    for service in ProviderService:
        providers.fail(service, ProviderMode.TIMEOUT)
    vin = started("functions/vin")
    asked = [vin._provider().exchange, vin._decoder().exchange]
    assert [exchange.timeout_s for exchange in asked] == [5, 5]
    for exchange in asked:
        exchange.timeout_s = 0.5
    begun_at = time.monotonic()

    plate = look_up(advisor, tenant, "CBX1047")
    card = typed(advisor, tenant, ACCORD)

    assert 1 <= time.monotonic() - begun_at < 5
    assert plate.status_code == 503
    assert (card["status"], card["decoding"]["state"]) == ("valid", "unavailable")


@pytest.mark.rule("C26")
def test_vpics_outage_leaves_a_plates_vin(tenant: Tenant, advisor: Caller, providers: VinProviders) -> None:
    providers.fail(ProviderService.VINS, ProviderMode.ERROR)

    (card,) = found(look_up(advisor, tenant, "HALF3"))

    assert (card["vin"], card["vehicle"]["model"]) == (CIVIC, "Civic")
    assert card["decoding"]["state"] == "unavailable"


@pytest.mark.rule("C26")
def test_without_a_provider_the_lookup_says_so_and_the_vin_can_be_typed(
    tenant: Tenant, advisor: Caller
) -> None:
    answer = look_up(advisor, tenant, "CBX1047")

    assert answer.status_code == 403
    assert "isn't set up on this deployment" in answer.json()["detail"]
    assert typed(advisor, tenant, ACCORD)["status"] == "valid"


@pytest.mark.rule("C26")
@pytest.mark.parametrize("region", ["NY", "ny", " New York ", "N.Y."])
def test_a_state_is_understood_as_its_code_and_written_out(
    tenant: Tenant, advisor: Caller, providers: VinProviders, region: str
) -> None:
    customer = make_customer(advisor, tenant.paths[0])

    (card,) = found(look_up(advisor, tenant, "CBX 1047", region))
    car = make_vehicle(advisor, customer, plate="CBX 1047", plate_region=region)

    assert card["vin"] == ACCORD
    assert car["plate_region"] == "NY"


@pytest.mark.rule("C26")
def test_a_heavy_trucks_year_is_not_called_wrong_and_a_wrong_one_is_never_filled_in(
    tenant: Tenant, advisor: Caller, providers: VinProviders
) -> None:
    peterbilt = "1XPXD49X7CD000101"

    known = typed(advisor, tenant, peterbilt, year=2012, make="Peterbilt")
    unknown = typed(advisor, tenant, peterbilt)

    assert (known["contradiction"], known["decoded"]["year"]) == ("", 2012)
    assert (unknown["decoded"]["year"], unknown["decoded"]["years"]) == (None, [1982, 2012])
    assert unknown["vehicle"]["year"] != 1982


@pytest.mark.rule("C26")
def test_a_number_from_before_1981_is_told_as_what_it_is(
    tenant: Tenant, advisor: Caller, providers: VinProviders
) -> None:
    card = typed(advisor, tenant, "124677N100101", year=1967)

    assert "vehicles of 1967 have numbers of fewer than 17 characters" in card["reason"]


@pytest.mark.parametrize(
    ("plate", "region", "field"),
    [
        ("-- --", "NY", "plate"),
        ("ABCDEFGHIJK", "NY", "plate"),
        ("東京", "NY", "plate"),
        ("CBX1047", "Atlantis", "plate_region"),
        ("CBX1047", "Z", "plate_region"),
        ("CBX1047", "ZZ", "plate_region"),
    ],
)
def test_what_is_no_plate_or_no_state_is_told_field_by_field(
    tenant: Tenant, advisor: Caller, providers: VinProviders, plate: str, region: str, field: str
) -> None:
    answer = look_up(advisor, tenant, plate, region)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


# ---- feature and terms


@pytest.mark.rule("C26")
def test_without_the_feature_nothing_is_asked_and_the_answer_says_how_to_get_it(
    new_tenant: NewTenant, providers: VinProviders
) -> None:
    tenant = new_tenant("Solo", entitlements=())
    decide(tenant.join(Role.DEALER_ADMIN), TERMS_VERSION)

    answer = look_up(tenant.join(Role.ADVISOR), tenant, "CBX1047")

    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:crossbay:problem:not-entitled"
    assert "`vin_lookup`" in answer.json()["detail"]
    assert providers.asked == []


@pytest.mark.rule("C26")
def test_a_look_up_waits_for_the_dealer_admin_to_accept_todays_terms_and_ends_with_them(
    tenant: Tenant, admin: Caller, providers: VinProviders
) -> None:
    advisor = tenant.join(Role.ADVISOR)

    before = look_up(advisor, tenant, "CBX1047")
    shown = advisor("GET", "/vin-lookup-terms")
    by_advisor = decide(advisor, TERMS_VERSION)
    accepted = decide(admin, shown.json()["terms_version"])
    after = look_up(advisor, tenant, "CBX1047")
    withdrawn = decide(admin, "", version=1)
    at_last = look_up(advisor, tenant, "CBX1047")

    assert (before.status_code, before.json()["type"]) == (403, "urn:crossbay:problem:terms-not-accepted")
    assert (shown.json()["text"], shown.json()["is_accepted"]) == (TERMS, False)
    assert by_advisor.status_code == 403
    assert accepted.json()["is_accepted"]
    assert (accepted.json()["accepted_version"], accepted.json()["by"]) == (
        TERMS_VERSION,
        admin.claims["sub"],
    )
    assert after.status_code == 200
    assert not withdrawn.json()["is_accepted"]
    assert at_last.status_code == 403
    assert len(providers.asked) == 1


def test_terms_of_another_day_cannot_be_accepted(tenant: Tenant, admin: Caller) -> None:
    answer = decide(admin, "2020-01-01")

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["terms_version"]
    assert not admin("GET", "/vin-lookup-terms").json()["is_accepted"]


@pytest.mark.rule("X5")
def test_who_accepted_and_withdrew_stands_in_the_audit(tenant: Tenant, admin: Caller) -> None:
    decide(admin, TERMS_VERSION)
    decide(admin, "", version=1)

    entries = admin("GET", "/audit").json()["entries"]
    mine = [entry for entry in entries if entry["what"].startswith("plate look-up terms")]
    assert [entry["what"].rpartition(" ")[2] for entry in mine] == ["withdrawn", "accepted"]
    assert {entry["by"] for entry in mine} == {admin.claims["sub"]}
    assert mine[0]["before"]["terms_version"] == TERMS_VERSION


# ---- who


@pytest.mark.rule("X1")
def test_another_organizations_shop_answers_404_and_its_terms_stay_its_own(
    new_tenant: NewTenant, advisor: Caller, providers: VinProviders
) -> None:
    other = new_tenant("Elsewhere", entitlements=(Entitlement.VIN_LOOKUP,))

    check = advisor("GET", f"{other.paths[0]}/vin-check", query={"vin": UNKNOWN})
    plate = look_up(advisor, other, "CBX1047")

    assert (check.status_code, plate.status_code) == (404, 404)
    assert not other.join(Role.ADVISOR)("GET", "/vin-lookup-terms").json()["is_accepted"]
    assert providers.asked == []


@pytest.mark.rule("X5")
def test_no_log_line_holds_a_plate_or_a_vin(
    tenant: Tenant,
    advisor: Caller,
    providers: VinProviders,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)

    for mode in QUICK_FAULTS:
        for service in ProviderService:
            providers.fail(service, mode)
        typed(advisor, tenant, ACCORD)
        look_up(advisor, tenant, "CBX1047")

    lines = [
        f"{record.getMessage()} {record.__dict__}" for record in caplog.records if record.name != "werkzeug"
    ]
    assert lines
    assert not [line for line in lines if ACCORD in line or "CBX1047" in line or "CBX 1047" in line]
