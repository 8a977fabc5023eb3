"""Organizations by the operator; shops and members by dealer admins (X7)."""

from typing import Any

import boto3
import pytest

from crossbay.aws.cognito import CognitoAccounts
from crossbay.domain.organization import Role
from crossbay.entry.callers import Callers
from crossbay.errors import NotSignedIn
from crossbay.store.reads import Reads
from tests.helpers.at_once import Request, at_once
from tests.helpers.doors import Answer, Caller, Doors, started
from tests.helpers.factories import etag
from tests.helpers.tenants import Tenant
from tests.integration.conftest import Aws

NEW = {"name": "Ridgeway Auto", "entitlements": ["multi_shop"], "admin_email": "Kim@Example.com"}


@pytest.fixture(autouse=True)
def _fresh_doors(aws: Aws) -> None:
    Doors.forget()


def accounts(aws: Aws) -> dict[str, dict[str, str]]:
    """The attributes of every account in the pool, by e-mail."""
    users = boto3.client("cognito-idp", endpoint_url=aws.endpoint).list_users(UserPoolId=aws.user_pool_id)
    found = [{one["Name"]: one["Value"] for one in user["Attributes"]} for user in users["Users"]]
    return {attributes["email"]: attributes for attributes in found}


def member_of(attributes: dict[str, str]) -> Caller:
    """The client of an account, as its token would say who it is."""
    names = ("sub", "custom:organization", "email")
    return Caller(doors=Doors(), claims={name: attributes[name] for name in names})


def changed(caller: Caller, path: str, record: dict[str, Any], **fields: Any) -> Answer:
    return caller("PATCH", path, body=fields, headers=etag(record))


@pytest.mark.rule("X7")
def test_the_operator_makes_an_organization_whose_admin_is_invited_and_sets_up_its_shops_and_members(
    aws: Aws, operator: Caller
) -> None:
    made = operator("POST", "/organizations", body=NEW)
    admin = member_of(accounts(aws)["kim@example.com"])
    shop = admin(
        "POST",
        "/shops",
        body={
            "business_name": "Ridgeway North",
            "country": "CA",
            "time_zone": "America/Winnipeg",
            "phone": "204-555-0123",
            "hours": [{"weekday": 0, "opens": "08:00", "closes": "17:30"}],
        },
    )
    invited = admin(
        "POST",
        "/members",
        body={"email": "lee@example.com", "roles": ["advisor"], "shop_ids": [shop.json()["id"]]},
    )
    advisor = member_of(accounts(aws)["lee@example.com"])

    assert made.status_code == 201
    assert made.headers["location"] == f"/organizations/{made.json()['id']}"
    assert shop.status_code == 201, shop.text
    assert shop.json()["phone"] == "+12045550123"
    assert invited.status_code == 201
    me = advisor("GET", "/me").json()
    assert [one["business_name"] for one in me["shops"]] == ["Ridgeway North"]
    assert me["organization"]["entitlements"] == ["multi_shop"]
    assert [one["name"] for one in operator("GET", "/organizations").json()["organizations"]] == [
        "Ridgeway Auto"
    ]


@pytest.mark.rule("X7", "X3")
def test_an_organization_whose_making_broke_off_after_the_invitation_is_completed_by_the_next_call(
    aws: Aws, operator: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite = CognitoAccounts.invite

    def breaks_off(self: CognitoAccounts, *args: str) -> str:
        invite(self, *args)
        raise KeyboardInterrupt

    monkeypatch.setattr(CognitoAccounts, "invite", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        operator("POST", "/organizations", body=NEW)
    monkeypatch.undo()
    Doors.forget()
    nothing = operator("GET", "/organizations").json()["organizations"]
    made = operator("POST", "/organizations", body=NEW)
    again = operator("POST", "/organizations", body=NEW)

    assert nothing == []
    assert made.status_code == 201
    assert again.status_code == 409
    assert len(operator("GET", "/organizations").json()["organizations"]) == 1
    assert member_of(accounts(aws)["kim@example.com"])("GET", "/members").status_code == 200


@pytest.mark.rule("X7")
def test_an_organization_needs_an_admin_whose_e_mail_is_one_and_is_nobodys_elsewhere(
    operator: Caller,
) -> None:
    operator("POST", "/organizations", body=NEW)

    wrong = operator("POST", "/organizations", body=NEW | {"admin_email": "kim at example"})
    taken = operator("POST", "/organizations", body=NEW | {"name": "Another"})

    assert wrong.status_code == 400
    assert [one["field"] for one in wrong.json()["errors"]] == ["admin_email"]
    assert taken.status_code == 409
    assert len(operator("GET", "/organizations").json()["organizations"]) == 1


@pytest.mark.rule("X7")
def test_the_operator_switches_features_and_appoints_another_admin(aws: Aws, operator: Caller) -> None:
    made = operator("POST", "/organizations", body=NEW).json()
    path = f"/organizations/{made['id']}"

    off = changed(operator, path, made, entitlements=[])
    second = changed(operator, path, off.json(), admin_email="pat@example.com")
    unknown = changed(operator, path, second.json(), entitlements=["free_coffee"])

    assert off.json()["entitlements"] == []
    assert second.status_code == 200
    assert member_of(accounts(aws)["pat@example.com"])("GET", "/members").status_code == 200
    assert unknown.status_code == 400


@pytest.mark.rule("X7", "C5")
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"time_zone": "America/Nowhere"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"country": "usa"}, "country"),
        ({"email": "front desk"}, "email"),
        ({"business_name": ""}, "business_name"),
        ({"hours": [{"weekday": 0, "opens": "17:00", "closes": "08:00"}]}, "hours.0"),
        ({"hours": [{"weekday": 7, "opens": "08:00", "closes": "17:00"}]}, "hours.0.weekday"),
    ],
)
def test_a_shop_that_cannot_be_is_refused_with_the_field(
    tenant: Tenant, fields: dict[str, Any], field: str
) -> None:
    admin = tenant.join(Role.DEALER_ADMIN)

    made = admin("POST", "/shops", body={"business_name": "West"} | fields)
    kept = admin("PATCH", tenant.paths[0], body=fields, headers={"If-Match": '"1"'})

    for answer in (made, kept):
        assert answer.status_code == 400
        assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert admin("GET", tenant.paths[0]).json()["version"] == 1


@pytest.mark.rule("X7")
def test_the_last_dealer_admin_can_neither_resign_nor_be_removed(tenant: Tenant) -> None:
    admin = tenant.join(Role.DEALER_ADMIN)
    path = f"/members/{admin.claims['sub']}"
    version = {"If-Match": '"1"'}

    resigned = admin("PATCH", path, body={"roles": ["advisor"]}, headers=version)
    removed = admin("DELETE", path, headers=version)
    tenant.join(Role.DEALER_ADMIN)
    after_another_came = admin("PATCH", path, body={"roles": ["advisor"]}, headers=version)

    assert (resigned.status_code, removed.status_code) == (409, 409)
    assert after_another_came.status_code == 200


@pytest.mark.rule("X7", "X3")
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_of_the_last_two_admins_who_resign_at_once_one_is_refused_and_stays(
    tenant: Tenant, method: str
) -> None:
    admins = [tenant.join(Role.DEALER_ADMIN) for _ in range(2)]

    answers = at_once(
        *(
            Request(
                claims=admin.claims,
                method=method,
                path=f"/members/{admin.claims['sub']}",
                body={"roles": ["advisor"]} if method == "PATCH" else None,
                headers={"If-Match": '"1"'},
            )
            for admin in admins
        )
    )

    refused = [answer for answer in answers if answer.status_code not in (200, 204)]
    assert len(refused) == 1
    assert refused[0].status_code in (409, 503), refused[0].text
    staying = admins[answers.index(refused[0])]
    members = staying("GET", "/members").json()["members"]
    assert [one["id"] for one in members if "dealer_admin" in one["roles"]] == [staying.claims["sub"]]


@pytest.mark.rule("X7")
def test_a_member_cannot_be_given_unknown_roles_or_another_organizations_shop(
    tenant: Tenant, new_tenant: Any
) -> None:
    admin = tenant.join(Role.DEALER_ADMIN)
    elsewhere = new_tenant("East").shops[0].id
    body = {"email": "new@example.com", "roles": ["advisor"]}

    unknown_role = admin("POST", "/members", body=body | {"roles": ["owner"]})
    no_role = admin("POST", "/members", body=body | {"roles": []})
    foreign_shop = admin("POST", "/members", body=body | {"shop_ids": [elsewhere]})

    assert [a.status_code for a in (unknown_role, no_role, foreign_shop)] == [400, 400, 400]


@pytest.mark.rule("X7", "X1")
def test_a_removed_member_and_a_changed_role_take_effect_within_a_minute_in_doors_that_knew_them(
    aws: Aws, tenant: Tenant
) -> None:
    now = [1_000.0]
    admin, advisor, technician = (
        tenant.join(role) for role in (Role.DEALER_ADMIN, Role.ADVISOR, Role.TECHNICIAN)
    )
    started("functions/customers").door._callers = Callers(Reads(aws.table_name), monotonic=lambda: now[0])
    create = {"last_name": "Hart", "insist": True}
    customers = f"{tenant.paths[0]}/customers"
    before = [member("POST", customers, body=create).status_code for member in (advisor, technician)]

    admin("DELETE", f"/members/{advisor.claims['sub']}", headers={"If-Match": '"1"'})
    promoted = {"roles": ["advisor"]}
    admin("PATCH", f"/members/{technician.claims['sub']}", body=promoted, headers={"If-Match": '"1"'})
    now[0] += 59
    after = [member("POST", customers, body=create).status_code for member in (advisor, technician)]

    assert before == [201, 403]
    assert after == [401, 201]


@pytest.mark.rule("X7")
def test_what_is_known_of_a_member_is_kept_for_no_longer_than_a_minute(aws: Aws, tenant: Tenant) -> None:
    now = [0.0]
    callers = Callers(Reads(aws.table_name), monotonic=lambda: now[0])
    admin, advisor = tenant.join(Role.DEALER_ADMIN), tenant.join(Role.ADVISOR)
    callers.caller(advisor.claims)
    admin("DELETE", f"/members/{advisor.claims['sub']}", headers={"If-Match": '"1"'})

    now[0] = 60.0

    with pytest.raises(NotSignedIn):
        callers.caller(advisor.claims)
