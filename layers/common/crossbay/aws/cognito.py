"""Sign-in accounts in Cognito: the members', and the customers' of the portal."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crossbay.errors import Busy, Conflict


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


@dataclass
class PortalAccounts:
    """The customers' accounts, in the portal's own user pool. boto3 comes with the first call."""

    user_pool_id: str

    @cached_property
    def _client(self) -> Any:
        import boto3

        return boto3.client("cognito-idp")

    def reset_password(self, email: str) -> None:
        """Have Cognito mail a code to the owner of this account, who chooses a new password with it.

        An account that never signed in gets its invitation once more. Raises Conflict where there is no
        account, or none with a confirmed e-mail, Busy where Cognito takes no more for now.
        """
        errors = self._client.exceptions
        try:
            self._client.admin_reset_user_password(UserPoolId=self.user_pool_id, Username=email)
        except errors.UserNotFoundException as error:
            raise Conflict("This e-mail has no portal account. The customer can open one there.") from error
        except errors.InvalidParameterException as error:
            raise Conflict("This portal account has no confirmed e-mail that a code could go to.") from error
        except errors.NotAuthorizedException:
            self._invite_again(email)
        except (errors.LimitExceededException, errors.TooManyRequestsException) as error:
            raise Busy("Cognito takes no more resets for now") from error

    def _invite_again(self, email: str) -> None:
        """Invites an account again that has its first password still, which Cognito doesn't reset."""
        found = self._client.admin_get_user(UserPoolId=self.user_pool_id, Username=email)
        if found["UserStatus"] != "FORCE_CHANGE_PASSWORD":
            raise Conflict("This portal account can't be reset as it stands. It may be switched off.")
        self._client.admin_create_user(
            UserPoolId=self.user_pool_id,
            Username=email,
            MessageAction="RESEND",
            DesiredDeliveryMediums=["EMAIL"],
        )


def _attribute(attributes: list[dict[str, str]], name: str) -> str:
    return next((attribute["Value"] for attribute in attributes if attribute["Name"] == name), "")
