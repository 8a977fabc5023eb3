"""Sign-in on one machine: the operator who starts everything, passwords for invited members, ID tokens."""

from contextlib import suppress

from local.deploy import Deployment

OPERATOR_EMAIL = "operator@example.com"
DEMO_PASSWORD = "Crossbay-demo-1"  # noqa: S105 (of made-up people on this machine)


def make_operator(
    deployment: Deployment, *, email: str = OPERATOR_EMAIL, password: str = DEMO_PASSWORD
) -> None:
    """A user of the `operator` group with that password; one who exists gets the password anew."""
    cognito = deployment.cognito
    with suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            UserPoolId=deployment.user_pool_id,
            Username=email,
            UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
            MessageAction="SUPPRESS",
        )
    cognito.admin_add_user_to_group(UserPoolId=deployment.user_pool_id, Username=email, GroupName="operator")
    set_password(deployment, email=email, password=password)


def set_password(deployment: Deployment, *, email: str, password: str = DEMO_PASSWORD) -> None:
    """Spares an invited member the mail with the temporary password."""
    deployment.cognito.admin_set_user_password(
        UserPoolId=deployment.user_pool_id, Username=email, Password=password, Permanent=True
    )


def sign_in(deployment: Deployment, *, email: str, password: str = DEMO_PASSWORD) -> str:
    """The ID token of a member, as a client of theirs gets it; it ends after an hour."""
    answer = deployment.cognito.initiate_auth(
        ClientId=deployment.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": password},
    )
    return answer["AuthenticationResult"]["IdToken"]
