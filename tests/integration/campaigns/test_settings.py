"""A shop's campaigns, set up over HTTP, and the switches that stop it (C1, C2, C3, C5)."""

from dataclasses import replace
from typing import Any

import pytest

from crossbay.domain.organization import Entitlement, Role
from crossbay.store.campaigns.settings import read_campaign
from crossbay.store.organizations import save_shop
from crossbay.store.reads import Reads
from tests.helpers.channel_settings import settings_body
from tests.helpers.doors import Answer, Caller
from tests.helpers.tenants import SETUP, NewTenant, Tenant, tenant_maker
from tests.integration.conftest import Aws

NUMBERS = ("reminder_1", "reminder_2", "no_show", "thank_you", "deferred", "inactive", "interval", "dead")
OFF = dict.fromkeys(NUMBERS, 0)
EVERYTHING = (Entitlement.CUSTOMER_CONTACT, Entitlement.POSTCARDS)


@pytest.fixture(scope="module")
def new_tenant(aws_of_module: Aws) -> NewTenant:
    return tenant_maker(Reads(aws_of_module.table_name))


@pytest.fixture
def tenant(new_tenant: NewTenant) -> Tenant:
    """Shops North and South, entitled to e-mail and postcards."""
    return new_tenant("North", "South", entitlements=EVERYTHING)


@pytest.fixture
def marketing(tenant: Tenant) -> Caller:
    return tenant.join(Role.MARKETING)


def path(tenant: Tenant, shop: int = 0) -> str:
    return f"{tenant.paths[shop]}/campaign-settings"


def save(caller: Caller, path: str, body: dict[str, Any], *, version: int = 0) -> Answer:
    return caller("PUT", path, body=body, headers={"If-Match": f'"{version}"'})


def reasons(answer: Answer) -> dict[str, str]:
    assert answer.status_code == 400, answer.text
    return {error["field"]: error["reason"] for error in answer.json()["errors"]}


def switches(answer: Answer) -> dict[str, bool]:
    return {name: channel["on"] for name, channel in answer.json()["settings"]["channels"].items()}


def days(answer: Answer) -> dict[str, dict[str, int]]:
    return {name: channel["days"] for name, channel in answer.json()["settings"]["channels"].items()}


# ---- what is switched on


@pytest.mark.rule("C1")
def test_email_and_postcards_are_two_switches_both_off_at_first(tenant: Tenant, marketing: Caller) -> None:
    first = marketing("GET", path(tenant))
    saved = save(marketing, path(tenant), settings_body(postcard_on=True))

    assert first.status_code == 200
    assert first.headers["etag"] == '"0"'
    assert switches(first) == {"email": False, "postcard": False}
    assert saved.headers["etag"] == '"1"'
    assert switches(saved) == {"email": False, "postcard": True}
    assert marketing("GET", path(tenant)).json() == saved.json()
    assert marketing("GET", path(tenant, 1)).json()["version"] == 0


@pytest.mark.rule("C1")
@pytest.mark.parametrize(
    ("switch", "needed"), [("email_on", "customer_contact"), ("postcard_on", "postcards")]
)
def test_a_switch_whose_feature_the_organization_lacks_is_refused_and_says_how_to_get_it(
    new_tenant: NewTenant, switch: str, needed: str
) -> None:
    entitlements = [one for one in EVERYTHING if one.value != needed]
    tenant = new_tenant("Solo", entitlements=entitlements)
    marketing = tenant.join(Role.MARKETING)

    answer = save(marketing, path(tenant), settings_body(**{switch: True}))
    shown = marketing("GET", path(tenant)).json()

    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:crossbay:problem:not-entitled"
    assert f"`{needed}`" in answer.json()["detail"]
    assert shown["missing_entitlements"] == [needed]
    assert shown["version"] == 0


@pytest.mark.rule("C1")
def test_what_is_on_can_be_switched_off_after_the_feature_is_gone(
    tenant: Tenant, marketing: Caller, operator: Caller
) -> None:
    save(marketing, path(tenant), settings_body(email_on=True))
    organization = f"/organizations/{tenant.organization.id}"
    version = operator("GET", organization).headers["etag"]
    operator("PATCH", organization, body={"entitlements": []}, headers={"If-Match": version})

    off = save(marketing, path(tenant), settings_body(email_on=False), version=1)
    on_again = save(marketing, path(tenant), settings_body(email_on=True), version=2)

    assert off.status_code == 200
    assert on_again.status_code == 403


@pytest.mark.rule("C2")
def test_the_answer_shows_the_shops_general_card_as_it_stands_on_the_shop(
    tenant: Tenant, marketing: Caller
) -> None:
    card = {
        "business_name": "Harbor Point Auto Care",
        "owner": "Pat Reyes",
        "phone": "+15035550142",
        "email": "pat@example.com",
    }
    admin = tenant.join(Role.DEALER_ADMIN)
    admin("PATCH", tenant.paths[0], body=card, headers={"If-Match": '"1"'})

    assert marketing("GET", path(tenant)).json()["general"] == card


@pytest.mark.rule("C2")
@pytest.mark.parametrize(
    "feedback", ["https://example.com/review", "http://example.com", "mailto:pat@example.com", ""]
)
def test_feedback_is_a_web_address_or_an_email_address(
    tenant: Tenant, marketing: Caller, feedback: str
) -> None:
    answer = save(marketing, path(tenant), {"feedback": feedback})

    assert answer.status_code == 200, answer.text
    assert answer.json()["settings"]["feedback"] == feedback


@pytest.mark.rule("C2")
@pytest.mark.parametrize(
    "feedback",
    ["ftp://example.com", "javascript:alert(1)", "example.com", "mailto:nobody", "https://", "https://a b"],
)
def test_any_other_feedback_is_refused_with_the_reason(
    tenant: Tenant, marketing: Caller, feedback: str
) -> None:
    assert list(reasons(save(marketing, path(tenant), {"feedback": feedback}))) == ["feedback"]


# ---- days


@pytest.mark.rule("C3")
def test_email_and_postcards_have_eight_numbers_each_and_0_switches_one_off(
    tenant: Tenant, marketing: Caller
) -> None:
    by_email = dict(zip(NUMBERS, (30, 7, 1, 3, 30, 90, 90, 365), strict=True))
    by_card = dict(zip(NUMBERS, (0, 0, 0, 0, 45, 180, 0, 0), strict=True))

    saved = save(marketing, path(tenant), settings_body(email_days=by_email, postcard_days=by_card))
    nothing = save(marketing, path(tenant), {}, version=1)

    assert days(saved) == {"email": by_email, "postcard": by_card}
    assert days(nothing) == {"email": OFF, "postcard": OFF}


@pytest.mark.rule("C3")
@pytest.mark.parametrize("channel", ["email", "postcard"])
@pytest.mark.parametrize(
    ("numbers", "field", "word"),
    [
        *(({name: -1}, name, "negative") for name in NUMBERS),
        *(({"inactive": 90, "interval": slip}, "interval", "at least 7 days") for slip in (1, 6)),
        ({"inactive": 90, "interval": 90, "dead": 90}, "dead", "above inactive"),
        ({"inactive": 90, "interval": 90, "dead": 30}, "dead", "above inactive"),
        ({"thank_you": 3651}, "thank_you", "at most 3650"),
    ],
)
def test_numbers_that_cannot_mean_anything_are_refused_with_the_reason_and_nothing_is_saved(
    tenant: Tenant, marketing: Caller, channel: str, numbers: dict[str, int], field: str, word: str
) -> None:
    answer = save(marketing, path(tenant), settings_body(**{f"{channel}_days": numbers}))

    assert list(reasons(answer)) == [f"channels.{channel}.days.{field}"]
    assert word in reasons(answer)[f"channels.{channel}.days.{field}"]
    assert marketing("GET", path(tenant)).json()["version"] == 0


@pytest.mark.rule("C3", "C4")
@pytest.mark.parametrize(
    "numbers",
    [
        {"inactive": 90, "interval": 90, "dead": 365},
        {"inactive": 90, "interval": 180, "dead": 60 + 90},
        {"inactive": 90, "interval": 0, "dead": 0},
        {"inactive": 90, "interval": 7, "dead": 0},
        {"inactive": 0, "interval": 0, "dead": 0},
    ],
)
def test_numbers_that_mean_something_are_taken(
    tenant: Tenant, marketing: Caller, numbers: dict[str, int]
) -> None:
    answer = save(marketing, path(tenant), settings_body(email_days=numbers))

    assert answer.status_code == 200, answer.text
    assert answer.json()["settings"]["channels"]["email"]["days"] == OFF | numbers


@pytest.mark.rule("C3")
@pytest.mark.parametrize("field", ["account", "cost_cents"])
def test_what_only_a_paid_service_has_is_refused_for_email(
    tenant: Tenant, marketing: Caller, field: str
) -> None:
    value = {"account": "PC-1", "cost_cents": 64}[field]

    by_card = save(marketing, path(tenant), settings_body(**{f"postcard_{field}": value}))
    by_email = save(marketing, path(tenant), settings_body(**{f"email_{field}": value}), version=1)

    assert by_card.json()["settings"]["channels"]["postcard"][field] == value
    assert list(reasons(by_email)) == [f"channels.email.{field}"]


@pytest.mark.rule("C1")
def test_a_channel_that_does_not_exist_is_refused(tenant: Tenant, marketing: Caller) -> None:
    answer = save(marketing, path(tenant), {"channels": {"fax": {"on": True}}})

    assert [field.partition(".[")[0] for field in reasons(answer)] == ["channels.fax"]


# ---- the send hour


@pytest.mark.rule("C5")
def test_messages_go_out_at_9_in_the_shops_time_zone_unless_another_hour_is_set(
    new_tenant: NewTenant, aws_of_module: Aws
) -> None:
    tenant = new_tenant("Far", entitlements=EVERYTHING, time_zone="America/Phoenix")
    marketing = tenant.join(Role.MARKETING)
    shop, reads = tenant.shops[0], Reads(aws_of_module.table_name)

    save(marketing, path(tenant), settings_body(email_on=True))
    at_nine = read_campaign(reads, shop.ref).next_run_at
    save(marketing, path(tenant), settings_body(email_on=True, send_hour=18), version=1)
    at_six = read_campaign(reads, shop.ref).next_run_at

    assert at_nine.endswith("T16:00:00.000Z")  # Arizona is seven hours behind, summer and winter
    assert at_six.endswith("T01:00:00.000Z")


@pytest.mark.rule("C5")
@pytest.mark.parametrize("hour", [1, 2, 3, 24, -1])
def test_an_hour_that_a_day_may_lack_or_have_twice_is_refused(
    tenant: Tenant, marketing: Caller, hour: int
) -> None:
    assert list(reasons(save(marketing, path(tenant), {"send_hour": hour}))) == ["send_hour"]


@pytest.mark.rule("C5")
def test_a_shop_in_a_time_zone_that_does_not_exist_is_refused(tenant: Tenant) -> None:
    admin = tenant.join(Role.DEALER_ADMIN)

    answer = admin(
        "PATCH", tenant.paths[0], body={"time_zone": "America/Atlantis"}, headers={"If-Match": '"1"'}
    )

    assert list(reasons(answer)) == ["time_zone"]


@pytest.mark.rule("C5")
@pytest.mark.parametrize(
    ("zone", "take"),
    [
        ("EST", "America/New_York"),
        ("HST", "Pacific/Honolulu"),
        ("MST7MDT", "America/Denver"),
        ("Factory", ""),
    ],
)
def test_a_time_zone_of_no_place_is_asked_back_with_the_one_to_take(
    tenant: Tenant, zone: str, take: str
) -> None:
    admin = tenant.join(Role.DEALER_ADMIN)

    made = admin("POST", "/shops", body={"business_name": "West", "time_zone": zone})
    changed = admin("PATCH", tenant.paths[0], body={"time_zone": zone}, headers={"If-Match": '"1"'})

    for answer in (made, changed):
        assert list(reasons(answer)) == ["time_zone"]
        assert f"take {take or 'the one of the shop'}" in reasons(answer)["time_zone"]


@pytest.mark.rule("C5")
def test_a_shop_that_has_such_a_zone_from_before_keeps_working(tenant: Tenant) -> None:
    admin, shop = tenant.join(Role.DEALER_ADMIN), tenant.shops[0]
    save_shop(shop, replace(shop, time_zone="EST"), stamp=SETUP)

    answer = admin("PATCH", tenant.paths[0], body={"owner": "Pat"}, headers={"If-Match": '"2"'})

    assert (answer.status_code, answer.json()["time_zone"]) == (200, "EST")


@pytest.mark.rule("C3")
@pytest.mark.parametrize("numbers", ["email_days", "postcard_days"])
def test_a_first_reminder_that_comes_after_the_second_is_saved_with_a_warning(
    tenant: Tenant, marketing: Caller, numbers: str
) -> None:
    saved = save(marketing, path(tenant), settings_body(**{numbers: {"reminder_1": 2, "reminder_2": 7}}))
    mended = save(
        marketing, path(tenant), settings_body(**{numbers: {"reminder_1": 7, "reminder_2": 2}}), version=1
    )

    (warning,) = saved.json()["warnings"]
    assert saved.status_code == 200
    assert "reminder 1 is not before reminder 2" in warning
    assert mended.json()["warnings"] == []


# ---- who, and what is left behind


@pytest.mark.rule("X1")
def test_an_advisor_sees_the_set_up_and_only_marketing_and_the_admin_change_it(tenant: Tenant) -> None:
    seen, saved = {}, {}
    for version, role in enumerate((Role.MARKETING, Role.DEALER_ADMIN)):
        member = tenant.join(role)
        saved[role] = save(member, path(tenant), {}, version=version).status_code
    for role in (Role.ADVISOR, Role.TECHNICIAN):
        member = tenant.join(role)
        seen[role] = member("GET", path(tenant)).status_code
        saved[role] = save(member, path(tenant), {}, version=2).status_code

    assert seen == {Role.ADVISOR: 200, Role.TECHNICIAN: 403}
    assert saved == {Role.MARKETING: 200, Role.DEALER_ADMIN: 200, Role.ADVISOR: 403, Role.TECHNICIAN: 403}


@pytest.mark.rule("X1")
def test_another_organizations_shop_answers_404(new_tenant: NewTenant, marketing: Caller) -> None:
    other = new_tenant("Elsewhere", entitlements=EVERYTHING)

    read, saved = marketing("GET", path(other)), save(marketing, path(other), settings_body(email_on=True))

    assert (read.status_code, saved.status_code) == (404, 404)
    assert other.join(Role.MARKETING)("GET", path(other)).json()["version"] == 0


@pytest.mark.rule("X3")
def test_of_two_who_save_what_they_read_the_second_gets_412(tenant: Tenant, marketing: Caller) -> None:
    first = save(marketing, path(tenant), {"feedback": "https://example.com/1"})
    second = save(marketing, path(tenant), {"feedback": "https://example.com/2"})

    assert (first.status_code, second.status_code) == (200, 412)
    assert marketing("GET", path(tenant)).json()["settings"]["feedback"] == "https://example.com/1"


@pytest.mark.rule("X5")
def test_each_save_leaves_an_audit_entry_with_before_and_after(tenant: Tenant, marketing: Caller) -> None:
    save(marketing, path(tenant), {"send_hour": 8})
    save(marketing, path(tenant), settings_body(send_hour=10, email_on=True), version=1)

    admin = tenant.join(Role.DEALER_ADMIN)
    entries = admin("GET", "/audit").json()["entries"]
    entry = next(one for one in entries if one["what"] == "contact settings changed")

    assert (entry["by"], entry["record_id"]) == (marketing.claims["sub"], tenant.shops[0].id)
    assert entry["before"] == {"send_hour": 8}
    assert entry["after"] == {"email_on": True, "send_hour": 10}


# ---- kill switches


def switch(caller: Caller, body: dict[str, Any], *, version: int, of: str = "/sending") -> Answer:
    return caller("PUT", of, body=body, headers={"If-Match": f'"{version}"'})


@pytest.mark.rule("C1", "X5")
def test_the_admin_stops_all_sending_with_a_reason_and_lets_it_go_again(tenant: Tenant) -> None:
    admin = tenant.join(Role.DEALER_ADMIN)

    at_first = admin("GET", "/sending").json()
    stopped = switch(admin, {"stopped": True, "reason": "wrong prices"}, version=0)
    stale = switch(admin, {"stopped": False}, version=0)
    resumed = switch(admin, {"stopped": False}, version=1)

    assert (at_first["is_stopped"], at_first["version"]) == (False, 0)
    assert (stopped.json()["is_stopped"], stopped.json()["reason"]) == (True, "wrong prices")
    assert stopped.json()["by"] == admin.claims["sub"]
    assert stale.status_code == 412
    assert (resumed.json()["is_stopped"], resumed.headers["etag"]) == (False, '"2"')
    told = [entry["what"] for entry in admin("GET", "/audit").json()["entries"]]
    assert told[:2] == ["sending resumed", "sending stopped"]


@pytest.mark.rule("X1")
def test_only_the_admin_works_the_kill_switch_and_only_the_operator_that_of_all(
    tenant: Tenant, marketing: Caller
) -> None:
    admin = tenant.join(Role.DEALER_ADMIN)

    assert switch(marketing, {"stopped": True}, version=0).status_code == 403
    assert switch(admin, {"stopped": True}, version=0, of="/operator/sending").status_code == 403
    assert admin("GET", "/operator/sending").status_code == 403


@pytest.mark.rule("C1")
def test_what_the_operator_stops_is_stopped_for_every_organization_and_said_so(
    tenant: Tenant, operator: Caller
) -> None:
    admin = tenant.join(Role.DEALER_ADMIN)
    before = operator("GET", "/operator/sending").json()["version"]

    stopped = switch(
        operator, {"stopped": True, "reason": "SES is down"}, version=before, of="/operator/sending"
    )
    seen = admin("GET", "/sending").json()
    switch(operator, {"stopped": False}, version=before + 1, of="/operator/sending")

    assert stopped.status_code == 200
    assert (seen["is_stopped"], seen["reason"], seen["stopped_for_all"]) == (True, "", "SES is down")
    assert admin("GET", "/sending").json()["is_stopped"] is False


@pytest.mark.rule("C1", "X5")
@pytest.mark.parametrize("reason", ["", "   "])
def test_stopping_all_sending_needs_a_reason(tenant: Tenant, operator: Caller, reason: str) -> None:
    admin = tenant.join(Role.DEALER_ADMIN)
    before = operator("GET", "/operator/sending").json()["version"]
    body = {"stopped": True, "reason": reason}

    answers = [
        switch(admin, body, version=0),
        switch(operator, body, version=before, of="/operator/sending"),
    ]

    assert [list(reasons(answer)) for answer in answers] == [["reason"], ["reason"]]
    assert admin("GET", "/sending").json()["is_stopped"] is False


@pytest.mark.rule("C1", "C13")
def test_whoever_asks_why_nothing_goes_out_sees_that_it_is_stopped_since_when_and_why(tenant: Tenant) -> None:
    admin = tenant.join(Role.DEALER_ADMIN)
    switch(admin, {"stopped": True, "reason": "wrong prices"}, version=0)
    since = admin("GET", "/sending").json()["since"]

    for role in (Role.ADVISOR, Role.MARKETING):
        member = tenant.join(role)
        told = member("GET", "/sending").json()
        assert (told["is_stopped"], told["reason"], told["since"]) == (True, "wrong prices", since)
        stopped = {"since": since, "reason": "wrong prices"}
        assert member("GET", path(tenant)).json()["stopped"] == stopped
        assert member("GET", f"{tenant.paths[0]}/upcoming-messages").json()["stopped"] == stopped
        day = member("GET", f"{tenant.paths[0]}/campaign-days/2035-01-01").json()
        assert (day["stopped"], day["night"]) == (stopped, "ahead")

    switch(admin, {"stopped": False}, version=1)
    assert admin("GET", path(tenant)).json()["stopped"] is None


# ---- what every message carries


@pytest.mark.rule("C2", "C8")
def test_contact_is_switched_on_only_for_a_shop_with_the_address_and_email_that_messages_carry(
    tenant: Tenant, marketing: Caller
) -> None:
    admin = tenant.join(Role.DEALER_ADMIN)
    bare = admin("POST", "/shops", body={"business_name": "Bare", "time_zone": "America/New_York"}).json()
    settings = f"/shops/{bare['id']}/campaign-settings"

    refused = reasons(save(admin, settings, settings_body(email_on=True, postcard_on=True)))
    off = save(admin, settings, {"feedback": "https://example.com/feedback"})

    assert refused == dict.fromkeys(
        ("channels.email.on", "channels.postcard.on"), "the shop has no postal address and e-mail for replies"
    )
    assert off.status_code == 200


@pytest.mark.rule("C8")
def test_a_shop_that_writes_to_customers_keeps_its_address(tenant: Tenant, marketing: Caller) -> None:
    admin = tenant.join(Role.DEALER_ADMIN)
    assert save(marketing, path(tenant), settings_body(email_on=True)).status_code == 200

    headers = {"If-Match": admin("GET", tenant.paths[0]).headers["etag"]}
    without = admin("PATCH", tenant.paths[0], body={"address": {}}, headers=headers)
    renamed = admin("PATCH", tenant.paths[0], body={"business_name": "Northside"}, headers=headers)

    assert without.status_code == 400
    assert "switch campaigns off first" in without.json()["detail"]
    assert renamed.status_code == 200
