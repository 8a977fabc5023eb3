"""`make smoke STAGE=prod EMAIL=you@example.com`: whether a deployment works, from sign-in to a mail.

A member of a shop signs in (the password is asked for), saves a customer of a telling name, finds it by
typing and deletes it, and one mail goes to SES's mailbox simulator. That leaves entries in the audit and
nothing else. The first step that fails ends it, with the answer.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import boto3

from local.client import ApiRefused, Client, checked
from local.operator import sign_in, stack_outputs

SIMULATOR = "success@simulator.amazonses.com"
"""SES's own address, which takes mail and costs no reputation (SES developer guide, "mailbox simulator")."""

FOUND_WITHIN_S = 10
"""A new customer is in the search index at once; reads of an index may lag behind its writes."""


def smoke(api: Client, ses: Any, *, sender: str, configuration_set: str) -> Iterator[str]:
    """What worked, step by step. Raises ApiRefused, or SES's error, at the first step that doesn't."""
    me = checked(api("GET", "/me"))
    if not me["shops"]:
        raise ApiRefused("the member is in no shop: give one who is")
    shop = me["shops"][0]
    yield f"signed in as {me['member']['email']}, in {len(me['shops'])} shops"

    path, name = f"/shops/{shop['id']}", f"Smoke{uuid4().hex[:8]}"
    saved = checked(api("POST", f"{path}/customers", body={"first_name": "Test", "last_name": name}))
    yield f"saved customer {saved['id']} in {shop['business_name']}"
    try:
        _find(api, path, name, saved["id"])
        yield "found by typing a part of the name"
    finally:
        version = {"If-Match": f'"{saved["version"]}"'}
        deleted = api("DELETE", f"{path}/customers/{saved['id']}", headers=version)
    if not deleted.ok:
        raise ApiRefused(f"customer {saved['id']} is still there: {deleted.status_code} {deleted.text}")
    yield "deleted it"

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, SIMULATOR, "Crossbay smoke test"
    mail.set_content("A mail to the simulator after a deployment.")
    sent = ses.send_email(
        FromEmailAddress=sender,
        Destination={"ToAddresses": [SIMULATOR]},
        ConfigurationSetName=configuration_set,
        Content={"Raw": {"Data": mail.as_bytes()}},
    )
    yield f"mail {sent['MessageId']} taken by SES for its simulator"


def _find(api: Client, path: str, name: str, customer_id: str) -> None:
    give_up_at = time.monotonic() + FOUND_WITHIN_S
    while True:
        found = checked(api("GET", f"{path}/search", query={"text": name[:-1]}))
        if any(entry["customer_id"] == customer_id for entry in found["entries"]):
            return
        if time.monotonic() > give_up_at:
            raise ApiRefused(f"{name} is saved and not found in {FOUND_WITHIN_S} seconds")
        time.sleep(0.5)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make smoke", description=__doc__)
    parser.add_argument("stack", help="the CloudFormation stack, such as crossbay-prod")
    parser.add_argument("email", help="a member of a shop, who may save and delete customers")
    asked = parser.parse_args(arguments)
    outputs = stack_outputs(asked.stack)
    token = sign_in(boto3.client("cognito-idp"), outputs["UserPoolClientId"], asked.email)
    api = Client(api_url=outputs["ApiUrl"], token=token)
    steps = smoke(
        api,
        boto3.client("sesv2"),
        sender=outputs["SenderEmail"],
        configuration_set=outputs["ConfigurationSetName"],
    )
    try:
        for step in steps:
            print(f"ok    {step}")
    except Exception as error:
        print(f"FAILS {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
