"""The real template.yaml, built and deployed once for all e2e tests, with IAM policies enforced.

CROSSBAY_STACK=http://127.0.0.1:4566 (as `make run` prints it) takes the stack that runs there instead: quick
while a door is being written, but its data and its build are what they are.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from local import members
from local.client import Client, signed_in
from local.deploy import CONFIGURATION_SET, Deployment, build, deploy, find
from local.emulator import free_port, running
from local.mailbox.box import Mailbox, mailbox
from local.mailbox.events import publisher
from local.partners.servers import PartnerServers, partner_servers
from local.template import template
from local.vin_providers.server import VinProviders, vin_providers
from tests.helpers.programs import program
from tests.helpers.vins import CARS


@pytest.fixture(scope="session")
def box() -> Iterator[Mailbox]:
    """Where all mail of the deployed stack goes."""
    sender = template()["Parameters"]["SenderDomain"]["Default"]
    with mailbox(identities={sender}, configuration_sets={CONFIGURATION_SET}) as running_box:
        yield running_box


@pytest.fixture(scope="session")
def providers() -> Iterator[VinProviders]:
    """Whom the deployed stack asks about plates and VINs."""
    with vin_providers(CARS) as running_providers:
        yield running_providers


@pytest.fixture(scope="session")
def partners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PartnerServers]:
    """Where the deployed stack may put files for partners."""
    with partner_servers(tmp_path_factory.mktemp("partners")) as running_servers:
        yield running_servers


@pytest.fixture(scope="session")
def clock_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Says how many seconds ahead the night's doors see the time."""
    return tmp_path_factory.mktemp("clock") / "seconds"


@pytest.fixture(scope="session")
def deployment(
    tmp_path_factory: pytest.TempPathFactory, box: Mailbox, providers: VinProviders, clock_file: Path
) -> Iterator[Deployment]:
    """The deployed stack; nothing of it is left afterwards, also when the run is interrupted."""
    if address := os.environ.get("CROSSBAY_STACK"):
        yield find(address)
        return
    folder = tmp_path_factory.mktemp("stack")
    lambdas_find = {
        "AWS_ENDPOINT_URL_SESV2": box.url,
        "CLOCK_FILE": str(clock_file),
        "VIN_LOOKUP_URL": providers.plates_url,
        "VPIC_URL": providers.vins_url,
    }
    try:
        build(folder)
        with running(port=free_port(), enforce_iam=True, environment=lambdas_find) as emulator:
            deployment = deploy(folder, emulator.endpoint)
            box.publish_to(publisher(deployment.mail_events_topic_arn, deployment.client))
            try:
                yield deployment
            finally:
                box.publish_to(None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def operator(deployment: Deployment) -> Client:
    """The operator, who makes organizations."""
    members.make_operator(deployment)
    return signed_in(deployment, members.OPERATOR_EMAIL)


@pytest.fixture(scope="session")
def nobody(deployment: Deployment) -> Client:
    """Someone without a token."""
    return Client(api_url=deployment.api_url)


@pytest.fixture(scope="session")
def sign_in(deployment: Deployment) -> Callable[[str], Client]:
    """The invited member with that e-mail address: gives them a password and signs them in."""

    def client_of(email: str) -> Client:
        members.set_password(deployment, email=email)
        return signed_in(deployment, email)

    return client_of


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = program("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()
