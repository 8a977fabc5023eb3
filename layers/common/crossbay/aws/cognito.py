"""Members' sign-in accounts in Cognito."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crossbay.errors import Conflict


@dataclass
class CognitoAccounts:
    """The accounts of one user pool. boto3 comes with the first call."""

    user_pool_id: str

    @cached_property
    def _client(self) -> Any:
        import boto3

        return boto3.client("cognito-idp")

    def invite(self, email: str, name: str, organization_id: str) -> str:
        """Make the account and give back its `sub`; Cognito mails a first password.

        An account that was made for this organization before, by a call that broke off, is taken. Raises
        Conflict for an e-mail that belongs to someone elsewhere.
        """
        attributes = {
            "email": email,
            "email_verified": "true",
            "name": name,
            "custom:organization": organization_id,
        }
        try:
            user = self._client.admin_create_user(
                UserPoolId=self.user_pool_id,
                Username=email,
                UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items() if value],
                DesiredDeliveryMediums=["EMAIL"],
            )["User"]
            return _attribute(user["Attributes"], "sub")
        except self._client.exceptions.UsernameExistsException as error:
            found = self._client.admin_get_user(UserPoolId=self.user_pool_id, Username=email)
            if _attribute(found["UserAttributes"], "custom:organization") != organization_id:
                raise Conflict("This e-mail can't be used. Choose another.") from error
            return _attribute(found["UserAttributes"], "sub")

    def remove(self, member_id: str) -> None:
        """Delete the account with this `sub`; nothing where there is none."""
        try:
            self._client.admin_delete_user(UserPoolId=self.user_pool_id, Username=member_id)
        except self._client.exceptions.UserNotFoundException:
            return


def _attribute(attributes: list[dict[str, str]], name: str) -> str:
    return next((attribute["Value"] for attribute in attributes if attribute["Name"] == name), "")
