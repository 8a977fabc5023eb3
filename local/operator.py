"""The operator's command, for a deployment on AWS or that of `make run`: makes operators and organizations,
rotates the key of customers' links, and saves every record anew after a release that adds to what follows
from one.

    python -m local.operator crossbay-prod appoint you@example.com
    python -m local.operator crossbay-prod organization "Harborline Auto" admin@example.com \\
        --as you@example.com --with multi_shop
    python -m local.operator crossbay-prod token-key --as you@example.com
    python -m local.operator crossbay-prod resave

It takes AWS credentials and region as any AWS tool does. The password is asked for, and at the first sign-in
a new one. `resave` may run while the shops work; broken off, the next one goes on from there.
"""

import argparse
import getpass
import os
import sys
from contextlib import suppress
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import boto3
import requests

from crossbay.domain.organization import Entitlement

GROUP = "operator"
ANSWER_TIMEOUT_S = 30

RESAVED_PER_S = 1_000
"""Items read and written by a resave: a quarter of the writes that a new table takes in a second."""


def main(arguments: list[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    outputs = stack_outputs(asked.stack)
    if asked.command == "resave":
        return resave(outputs["TableName"], asked.organization, per_second=asked.per_second)
    cognito = boto3.client("cognito-idp")
    if asked.command == "appoint":
        appoint(cognito, outputs["UserPoolId"], asked.email)
        print(f"{asked.email} is an operator of {asked.stack}.")
        return 0
    token = sign_in(cognito, outputs["UserPoolClientId"], getattr(asked, "as"))
    api_url = asked.api_url or outputs["ApiUrl"]
    if asked.command == "token-key":
        answer = add_token_key(api_url, token)
    else:
        answer = make_organization(api_url, token, asked.name, asked.admin_email, asked.features)
    print(f"{answer.status_code}: {answer.text}")
    return 0 if answer.ok else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.operator", description=__doc__)
    parser.add_argument("stack", help="the CloudFormation stack, such as crossbay-prod")
    commands = parser.add_subparsers(dest="command", required=True)
    operator = commands.add_parser("appoint", help="make someone an operator; Cognito mails a first password")
    operator.add_argument("email")
    organization = commands.add_parser("organization", help="make an organization and invite its first admin")
    organization.add_argument("name")
    organization.add_argument("admin_email")
    organization.add_argument(
        "--with",
        dest="features",
        action="append",
        default=[],
        choices=[one.value for one in Entitlement],
        help="a feature to switch on; may be repeated",
    )
    token_key = commands.add_parser(
        "token-key", help="sign customers' links with a new key; those that went out keep working"
    )
    again = commands.add_parser(
        "resave", help="save every record anew as this release would, with all that follows from it"
    )
    again.add_argument("--organization", default="", metavar="ID", help="that of one organization only")
    again.add_argument(
        "--per-second",
        type=int,
        default=RESAVED_PER_S,
        metavar="ITEMS",
        help="how many items to read and write in a second, at most (default %(default)s)",
    )
    for signed_in in (organization, token_key):
        signed_in.add_argument("--as", required=True, metavar="EMAIL", help="the operator who signs in")
        signed_in.add_argument("--api-url", help="where the API answers, if not as the stack says")
    return parser


def stack_outputs(stack: str) -> dict[str, str]:
    """What the stack says of itself."""
    described = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {one["OutputKey"]: one["OutputValue"] for one in described["Outputs"]}


def appoint(cognito: Any, user_pool_id: str, email: str) -> None:
    """Put the account into the operators' group; made first, with a mailed password, where there is none."""
    with suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            UserPoolId=user_pool_id,
            Username=email,
            UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
            DesiredDeliveryMediums=["EMAIL"],
        )
    cognito.admin_add_user_to_group(UserPoolId=user_pool_id, Username=email, GroupName=GROUP)


def sign_in(cognito: Any, client_id: str, email: str) -> str:
    """The ID token, after asking for the password, and for a new one where the first was mailed."""
    password = getpass.getpass(f"Password of {email}: ")
    answer = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": password},
    )
    if answer.get("ChallengeName") == "NEW_PASSWORD_REQUIRED":
        chosen = getpass.getpass("Choose a password of your own (12 characters or more): ")
        answer = cognito.respond_to_auth_challenge(
            ClientId=client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=answer["Session"],
            ChallengeResponses={"USERNAME": email, "NEW_PASSWORD": chosen},
        )
    return str(answer["AuthenticationResult"]["IdToken"])


def make_organization(
    api_url: str, token: str, name: str, admin_email: str, features: list[str]
) -> requests.Response:
    """The API's answer. Asking again with the same name and e-mail makes nothing new."""
    return requests.post(
        f"{api_url}/organizations",
        json={"name": name, "admin_email": admin_email, "entitlements": features},
        headers={
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": str(uuid5(NAMESPACE_URL, f"{name}\x1f{admin_email}\x1f{sorted(features)}")),
        },
        timeout=ANSWER_TIMEOUT_S,
    )


def add_token_key(api_url: str, token: str) -> requests.Response:
    """The API's answer: how many keys there are now."""
    headers = {"Authorization": f"Bearer {token}"}
    return requests.post(f"{api_url}/token-keys", headers=headers, timeout=ANSWER_TIMEOUT_S)


def resave(table: str, organization_id: str, *, per_second: int) -> int:
    """Save the table's records anew; the command's status."""
    os.environ["TABLE_NAME"] = table  # the store takes it when it is imported
    from crossbay.errors import Conflict
    from local.resave import outcome, run

    try:
        done = run(table, organization_id, per_second=per_second)
    except Conflict as error:
        print(error.public)
        return 1
    print(f"Everything is saved anew: {outcome(done)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
