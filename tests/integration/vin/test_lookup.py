"""The clients of the plate provider and of vPIC against both services on loopback, and their faults."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from threading import Thread

import pytest

from crossbay.domain.customers.vehicle_facts import DecodingState, FoundVin, VehicleFacts
from crossbay.errors import BadInput, ProviderFailed, ProviderRefused
from crossbay.lookup.exchange import Exchange
from crossbay.lookup.quickvin import QuickVin
from crossbay.lookup.vpic import Vpic
from local.vin_providers.server import ProviderMode, ProviderService, VinProviders, vin_providers
from tests.helpers.vins import ACCORD, CARS, CIVIC, GOLF, UNKNOWN

ACCOUNT = json.dumps({"product_data_id": "0123456789ABCDEF", "location_id": "CROSSBAY & CO"})
SHORT_S = 1.0
FAULTS = [mode for mode in ProviderMode if mode not in (ProviderMode.OK, ProviderMode.REFUSE)]


@pytest.fixture
def providers() -> Iterator[VinProviders]:
    with vin_providers(CARS) as running:
        yield running


def quickvin(providers: VinProviders, account: str | None = ACCOUNT) -> QuickVin:
    exchange = Exchange("The plate look-up", timeout_s=SHORT_S)
    return QuickVin(providers.plates_url, lambda: account, exchange)


def vpic(providers: VinProviders) -> Vpic:
    return Vpic(providers.vins_url, Exchange("NHTSA's vPIC", timeout_s=SHORT_S))


# ---- plates


@pytest.mark.rule("C26")
def test_a_plate_leads_to_its_vin_with_what_the_provider_says_of_the_car(providers: VinProviders) -> None:
    (found,) = quickvin(providers).vins("CBX1047", "NY")

    assert found == FoundVin(
        vin=ACCORD,
        facts=VehicleFacts(year=2003, make="HONDA", model="Accord", sub_model="EX", engine="3.0L V6"),
    )


@pytest.mark.rule("C26")
def test_a_plate_of_two_cars_leads_to_both_and_an_unknown_one_to_none(providers: VinProviders) -> None:
    client = quickvin(providers)

    assert [found.vin for found in client.vins("TWO2", "NY")] == [CIVIC, ACCORD]
    assert client.vins("NOBODYS", "NY") == ()
    assert client.vins("CBX1047", "NJ") == ()


def test_a_trim_that_is_open_stays_open_and_the_rest_is_filled(providers: VinProviders) -> None:
    (found,) = quickvin(providers).vins("HALF3", "NY")

    assert (found.facts.model, found.facts.sub_model) == ("Civic", "")


def test_what_the_provider_cannot_take_names_the_field(providers: VinProviders) -> None:
    with pytest.raises(BadInput) as refused:
        quickvin(providers).vins("CBX1047", "ZZ")

    assert list(refused.value.fields) == ["plate_region"]


@pytest.mark.parametrize("account", [None, "", "no JSON", "[]", "{}", '{"product_data_id": "x"}', "7"])
def test_without_a_readable_account_nothing_is_asked(providers: VinProviders, account: str | None) -> None:
    with pytest.raises(ProviderRefused):
        quickvin(providers, account).vins("CBX1047", "NY")

    assert providers.asked == []


@pytest.mark.parametrize("account", [json.dumps({"product_data_id": "", "location_id": ""})])
def test_an_account_that_the_provider_turns_away_is_told_apart(providers: VinProviders, account: str) -> None:
    with pytest.raises(ProviderRefused) as refused:
        quickvin(providers, account).vins("CBX1047", "NY")

    assert "operator" in refused.value.public


def test_the_account_is_read_once(providers: VinProviders) -> None:
    read = []

    def read_secret() -> str:
        read.append(1)
        return ACCOUNT

    client = QuickVin(providers.plates_url, read_secret)
    client.vins("CBX1047", "NY")
    client.vins("TWO2", "NY")

    assert len(read) == 1


# ---- VINs


@pytest.mark.rule("C26")
def test_vpic_decodes_a_vin_into_the_fields_of_the_vehicle_form(providers: VinProviders) -> None:
    decoding = vpic(providers).decode(ACCORD, 2003)

    assert decoding.state is DecodingState.TRUSTED
    assert decoding.facts == VehicleFacts(
        year=2003, make="HONDA", model="Accord", sub_model="EX", engine="3.0L 6 cylinders, Gasoline"
    )


@pytest.mark.rule("C26")
@pytest.mark.parametrize(("vin", "year", "code"), [(GOLF, None, "1"), (ACCORD, 2013, "12")])
def test_what_vpic_doubts_is_shown_with_its_reason_and_not_trusted(
    providers: VinProviders, vin: str, year: int | None, code: str
) -> None:
    decoding = vpic(providers).decode(vin, year)

    assert decoding.state is DecodingState.DOUBTFUL
    assert decoding.message.startswith(f"{code} - ")
    assert decoding.facts.model


def test_a_vin_that_vpic_knows_little_about_is_right_as_far_as_it_goes(providers: VinProviders) -> None:
    decoding = vpic(providers).decode(UNKNOWN, 2011)

    assert decoding.state is DecodingState.TRUSTED
    assert decoding.message.startswith("8 - ")
    assert (decoding.facts.make, decoding.facts.model) == ("TOYOTA", "")


# ---- faults


@pytest.mark.rule("C26")
@pytest.mark.parametrize("mode", FAULTS)
def test_a_service_that_fails_is_told_within_its_time_in_a_sentence_without_plate_or_vin(
    providers: VinProviders, mode: ProviderMode
) -> None:
    for service in ProviderService:
        providers.fail(service, mode)
    started = time.monotonic()

    with pytest.raises(ProviderFailed) as plate:
        quickvin(providers).vins("CBX1047", "NY")
    with pytest.raises(ProviderFailed) as vin:
        vpic(providers).decode(ACCORD, 2003)

    assert time.monotonic() - started < 10 * SHORT_S
    for failure in (plate.value, vin.value):
        told = f"{failure} {failure.public}"
        assert "CBX1047" not in told
        assert ACCORD not in told
        assert "again" in failure.public


def test_a_refusal_by_status_is_the_operators_to_mend(providers: VinProviders) -> None:
    providers.fail(ProviderService.PLATES, ProviderMode.REFUSE)

    with pytest.raises(ProviderRefused):
        quickvin(providers).vins("CBX1047", "NY")


def test_a_redirect_is_not_followed(providers: VinProviders) -> None:
    providers.fail(ProviderService.VINS, ProviderMode.MOVED)

    with pytest.raises(ProviderFailed):
        vpic(providers).decode(ACCORD, 2003)

    assert len(providers.asked) == 1


def test_nobody_there_is_a_failure_too() -> None:
    with vin_providers(CARS) as gone:
        pass

    with pytest.raises(ProviderFailed):
        vpic(gone).decode(ACCORD, 2003)


class Canned(Exchange):
    """Answers with a text, whatever is asked."""

    def ask(self, *_: object, **__: object) -> bytes:
        return self.name.encode()


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("<error-messages><error><code>302</code></error></error-messages>", ProviderRefused),
        ("<error-messages>201 Missing location</error-messages>", ProviderRefused),
        ("<error-messages>102 too long</error-messages>", BadInput),
        ("<error-messages>100 Invalid request</error-messages>", ProviderFailed),
        ("<error-messages>out of order</error-messages>", ProviderFailed),
        ("<a>" * 20_000 + "</a>" * 20_000 + "<b/><c>", ProviderFailed),
    ],
)
def test_what_the_provider_says_in_place_of_a_vin_is_told_apart(told: str, kind: type[Exception]) -> None:
    answer = Canned(f"<carfax-response><quickvinplus/>{told}</carfax-response>")

    with pytest.raises(kind) as raised:
        QuickVin("", lambda: ACCOUNT, answer).vins("CBX1047", "NY")

    assert type(raised.value) is kind


class Bytes(Exchange):
    """Answers with these bytes, written as Latin-1."""

    def ask(self, *_: object, **__: object) -> bytes:
        return self.name.encode("latin-1")


@pytest.mark.rule("C26")
def test_an_answer_is_read_in_the_encoding_that_it_names() -> None:
    trim = "<trim><base-make-name>Citro\xebn</base-make-name></trim>"
    info = f"<vin-info><vin>1HGCM82633A004352</vin>{trim}</vin-info>"
    answer = f'<?xml version="1.0" encoding="ISO-8859-1"?><carfax-response>{info}</carfax-response>'

    (found,) = QuickVin("", lambda: ACCOUNT, Bytes(answer)).vins("CBX1047", "NY")

    assert (found.vin, found.facts.make) == ("1HGCM82633A004352", "Citro\xebn")


@pytest.mark.parametrize(
    "answer",
    [
        '<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE a [<!ENTITY b "c">]><carfax-response/>',
        "<\0c\0a\0r\0f\0a\0x\0-\0r\0e\0s\0p\0o\0n\0s\0e\0/\0>\0",
        "\x4c\x83\x81\x99",
        '<?xml version="1.0" encoding="no-such"?><carfax-response/>',
        '<?xml version="1.0" encoding="UTF-8"?><carfax-response>\xeb</carfax-response>',
    ],
)
def test_an_answer_that_could_hide_a_document_type_or_is_unreadable_is_a_failure(answer: str) -> None:
    with pytest.raises(ProviderFailed):
        QuickVin("", lambda: ACCOUNT, Bytes(answer)).vins("CBX1047", "NY")


@pytest.mark.parametrize(
    "told",
    [
        "",
        "<error-messages/>",
        "<error-messages> </error-messages>",
        "<error-messages>115 no VIN</error-messages>",
        "<quickvinplus><vin-info><vin/></vin-info></quickvinplus>",
        "<a>" * 20_000 + "</a>" * 20_000,
    ],
)
def test_an_answer_without_a_vin_and_without_a_fault_is_a_plate_that_nobody_knows(told: str) -> None:
    answer = Canned(f"<carfax-response>{told}</carfax-response>")

    assert QuickVin("", lambda: ACCOUNT, answer).vins("CBX1047", "NY") == ()


@pytest.mark.parametrize(
    "row",
    ["7", "null", '"x"', "{}", '{"ErrorCode": null}', '{"Make": "HONDA"}', '{"ErrorCode": {}, "Make": []}'],
)
def test_an_odd_answer_of_vpic_is_a_failure_or_doubtful_and_never_an_error_of_ours(row: str) -> None:
    answer = Canned(f'{{"Results": [{row}]}}')

    with suppress(ProviderFailed):
        decoding = Vpic("", answer).decode(ACCORD, None)

        assert decoding.state is DecodingState.DOUBTFUL


# ---- the exchange itself


def test_a_connection_that_the_server_leaves_open_is_not_used_again() -> None:
    def answer_once_each(listening: socket.socket, kept: ExitStack) -> None:
        for _ in range(2):
            connection = kept.enter_context(listening.accept()[0])
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with socket.create_server(("127.0.0.1", 0)) as listening, ExitStack() as kept:
        listening.settimeout(5)
        answering = Thread(target=answer_once_each, args=(listening, kept))
        answering.start()
        exchange = Exchange("A service", timeout_s=SHORT_S)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        try:
            assert [exchange.ask("GET", url), exchange.ask("GET", url)] == [b"ok", b"ok"]
        finally:
            answering.join()
