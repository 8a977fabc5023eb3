"""A canary's visits go to every partner over servers that fail: no log line shows them, nor a password."""

import json
import logging
from types import ModuleType

import pytest

from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Phone
from crossbay.domain.partner import PartnerCode
from local.doors import entry
from local.partners.faults import PartnerMode
from local.partners.servers import PartnerServers
from tests.helpers.campaign_walk import WorkerContext, sqs_event
from tests.helpers.export_walk import CARFAX, ExportShop
from tests.helpers.log_lines import OUTSIDE, as_written
from tests.integration.conftest import Aws

CANARIES = ("zyxcanary", "wvucanary", "4711 canaryway", "qpocanary", "5550147", "canaryfang")


@pytest.fixture
def shop(aws: Aws, servers: PartnerServers) -> ExportShop:
    """Every partner is on, and a canary has been there."""
    shop = ExportShop.open(aws, servers)
    for partner in PartnerCode:
        shop.switch(partner)
    canary = shop.customer(
        first_name="Zyxcanary",
        last_name="Wvucanary",
        emails=("zyx@qpocanary.example.com",),
        phones=(Phone(number="+12125550147"),),
        billing_address=Address(line1="4711 Canaryway", city="Qpocanary", postal_code="12545"),
    )
    shop.visit("Canaryfang alignment", ref=canary)
    shop.visit("Mrs Wvucanary says it squeaks", ref=canary)
    return shop


def work(worker: ModuleType, shop: ExportShop, partner: PartnerCode) -> int:
    """The door takes tonight's job; how many messages it reports back."""
    event = sqs_event(json.dumps(shop.job(partner).message()))
    return len(worker.lambda_handler(event, WorkerContext())["batchItemFailures"])


@pytest.mark.rule("X5", "C25")
def test_no_log_line_of_an_export_shows_a_customer_or_a_password_whatever_goes_wrong(
    shop: ExportShop, servers: PartnerServers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    worker = entry("functions/exporters/deliver.py")
    for mode in (PartnerMode.REFUSE_LOGIN, PartnerMode.CUT, PartnerMode.FULL, PartnerMode.OK):
        for partner in PartnerCode:
            shop.server_of(partner).faults.order(mode)
            assert work(worker, shop, partner) == 0
    shop.next_night()
    shop.visit("Oil change")
    (run,) = shop.runs(CARFAX)
    assert run.file is not None
    broken = sqs_event(json.dumps({"export": {"partner": "nobody"}}), json.dumps({"odd": {}}))
    assert len(worker.lambda_handler(broken, WorkerContext())["batchItemFailures"]) == 2

    for partner in PartnerCode:
        assert len(shop.server_of(partner).files()) == 1
    lines = [as_written(record).lower() for record in caplog.records if not record.name.startswith(OUTSIDE)]
    said = [line for line in lines if '"service":"deliver"' in line]
    assert len(said) >= 14
    assert any('"problem":"login-refused"' in line for line in said)
    for word in (*CANARIES, *(shop.server_of(partner).password.lower() for partner in PartnerCode)):
        assert not [line for line in lines if word in line], word
