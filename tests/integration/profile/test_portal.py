"""A portal password reset, sent by Cognito to the e-mail on file."""

from typing import Any

import pytest

from crossbay.domain.organization import Role
from crossbay.store.reads import Reads
from tests.helpers.doors import Caller
from tests.helpers.factories import make_customer, path_of
from tests.helpers.tenants import NewTenant, Tenant, tenant_maker
from tests.integration.conftest import PORTAL_EMAIL, Aws


@pytest.fixture
def new_tenant(aws: Aws) -> NewTenant:
    return tenant_maker(Reads(aws.table_name))


def status_of(aws: Aws, email: str) -> str:
    user = aws.client("cognito-idp").admin_get_user(UserPoolId=aws.portal_pool_id, Username=email)
    return str(user["UserStatus"])


def reset(caller: Caller, customer: dict[str, Any], **fields: str) -> Any:
    return caller("POST", f"{path_of(customer)}/portal-password-reset", body=fields)


@pytest.mark.rule("P7")
def test_a_reset_goes_to_the_first_e_mail_on_file_and_leaves_a_trace(
    aws: Aws, tenant: Tenant, advisor: Caller
) -> None:
    customer = make_customer(advisor, tenant.paths[0], emails=[PORTAL_EMAIL, "second@example.com"])

    answer = reset(advisor, customer)

    assert (answer.status_code, answer.json()) == (202, {"email": PORTAL_EMAIL})
    assert status_of(aws, PORTAL_EMAIL) == "RESET_REQUIRED"
    admin = tenant.join(Role.DEALER_ADMIN)
    entries = admin("GET", f"{path_of(customer)}/audit").json()["entries"]
    assert (entries[0]["what"], entries[0]["by"]) == ("portal password reset sent", advisor.claims["sub"])


@pytest.mark.rule("P7")
def test_a_reset_goes_to_another_e_mail_on_file_when_asked_and_to_none_that_is_not(
    aws: Aws, tenant: Tenant, advisor: Caller
) -> None:
    customer = make_customer(advisor, tenant.paths[0], emails=["first@example.com", PORTAL_EMAIL])
    stranger = make_customer(advisor, tenant.paths[0], emails=["stranger@example.com"])

    refused = reset(advisor, stranger, email=PORTAL_EMAIL)
    sent = reset(advisor, customer, email=PORTAL_EMAIL.upper())

    assert refused.status_code == 400
    assert refused.json()["errors"] == [{"field": "email", "reason": "isn't on file"}]
    assert sent.json() == {"email": PORTAL_EMAIL}
    assert status_of(aws, PORTAL_EMAIL) == "RESET_REQUIRED"


@pytest.mark.rule("P7")
def test_without_an_e_mail_or_an_account_the_answer_says_what_is_missing(
    tenant: Tenant, advisor: Caller
) -> None:
    silent = make_customer(advisor, tenant.paths[0])
    new = make_customer(advisor, tenant.paths[0], emails=["new@example.com"])

    answers = [reset(advisor, customer) for customer in (silent, new)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "no e-mail on file" in answers[0].json()["detail"]
    assert "no portal account" in answers[1].json()["detail"]


@pytest.mark.rule("P7")
def test_who_never_signed_in_is_invited_once_more(aws: Aws, tenant: Tenant, advisor: Caller) -> None:
    cognito = aws.client("cognito-idp")
    email = "invited@example.com"
    cognito.admin_create_user(
        UserPoolId=aws.portal_pool_id,
        Username=email,
        UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
    )
    customer = make_customer(advisor, tenant.paths[0], emails=[email])

    answer = reset(advisor, customer)

    assert answer.status_code == 202, answer.text


@pytest.mark.rule("P7", "X3")
def test_a_reset_repeated_with_its_key_is_sent_once(aws: Aws, tenant: Tenant, advisor: Caller) -> None:
    customer = make_customer(advisor, tenant.paths[0], emails=[PORTAL_EMAIL])
    path = f"{path_of(customer)}/portal-password-reset"
    key = {"Idempotency-Key": "once"}

    first = advisor("POST", path, body={}, headers=key)
    aws.client("cognito-idp").admin_set_user_password(
        UserPoolId=aws.portal_pool_id, Username=PORTAL_EMAIL, Password="Portal-0815-pier", Permanent=True
    )
    again = advisor("POST", path, body={}, headers=key)

    assert (first.status_code, again.status_code) == (202, 202)
    assert status_of(aws, PORTAL_EMAIL) == "CONFIRMED"
