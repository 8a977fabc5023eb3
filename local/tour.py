"""What `make run` prints in the end: where everything is, how to sign in, and lines to paste."""

from local import members
from local.deploy import REGION, Deployment
from local.seed import Demo


def tour(deployment: Deployment, demo: Demo) -> str:
    """The text of the tour. Its lines work in any shell with curl."""
    return f"""
Crossbay is up, on this machine only. Ctrl-C stops it and keeps the data.

  API             {deployment.api_url}
  Documentation   {deployment.api_url}/docs
  AWS services    {deployment.endpoint} (any key, region {REGION})

Sign in:

  API={deployment.api_url}
  TOKEN=$(curl -s {deployment.endpoint} -H 'Content-Type: application/x-amz-json-1.1' \\
    -H 'X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth' \\
    -d '{{"ClientId": "{deployment.client_id}", "AuthFlow": "USER_PASSWORD_AUTH",
      "AuthParameters": {{"USERNAME": "{demo.operator_email}", "PASSWORD": "{members.DEMO_PASSWORD}"}}}}' \\
    | sed 's/.*"IdToken": *"\\([^"]*\\)".*/\\1/')
  curl -s "$API/me" -H "Authorization: $TOKEN"
"""
