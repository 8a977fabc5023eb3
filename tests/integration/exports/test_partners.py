"""Partners set up, tried out and asked about over HTTP (C20 to C25)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from crossbay.app.exports.deliver import DeliveryJob
from crossbay.domain.organization import Role, ShopRef
from crossbay.domain.partner import PLAIN_FTP, TransferProtocol
from crossbay.settings import settings
from crossbay.store import keys
from crossbay.store.reads import Reads
from local.doors import entry
from local.partners.faults import PartnerMode
from local.partners.servers import PartnerServer, PartnerServers
from tests.helpers.campaign_walk import WorkerContext, sqs_event
from tests.helpers.doors import Answer, Caller
from tests.helpers.export_walk import vin
from tests.helpers.factories import etag, job, make_customer, make_order, make_vehicle, path_of
from tests.helpers.tenants import NewTenant, Tenant, tenant_maker
from tests.integration.conftest import Aws

PASSWORD = "Zyxcanary 4711!"


@pytest.fixture(scope="module")
def new_tenant(aws_of_module: Aws) -> NewTenant:
    return tenant_maker(Reads(aws_of_module.table_name))


@pytest.fixture
def admin(tenant: Tenant) -> Caller:
    """A dealer admin who also works at the counter, of a shop with a phone."""
    member = tenant.join(Role.DEALER_ADMIN, Role.ADVISOR)
    shop = member("GET", tenant.paths[0]).json()
    member("PATCH", tenant.paths[0], body={"phone": "+12125550100"}, headers=etag(shop))
    return member


def partners_of(tenant: Tenant) -> str:
    return f"{tenant.paths[0]}/partners"


def put(caller: Caller, path: str, version: int = 0, **body: Any) -> Answer:
    return caller("PUT", path, body=body, headers={"If-Match": f'"{version}"'})


def customerlink(server: PartnerServer, **more: Any) -> dict[str, Any]:
    place = server.destination
    known = {
        "account_number": "A-44120",
        "protocol": place.protocol.value,
        "server": place.server,
        "port": place.port,
        "user_name": place.user_name,
        "password": server.password,
        "host_key": place.host_key,
        "ca_certificate": place.ca_certificate,
        "accept_plain_ftp": place.protocol is TransferProtocol.FTP,
    }
    return known | more


def of_a_test(body: dict[str, Any]) -> dict[str, Any]:
    """Without what a connection test doesn't take."""
    return {name: value for name, value in body.items() if name not in ("account_number", "accept_plain_ftp")}


def reasons(answer: Answer) -> dict[str, str]:
    assert answer.status_code == 400, answer.text
    return {error["field"]: error["reason"] for error in answer.json()["errors"]}


def setup_of(caller: Caller, tenant: Tenant, partner: str) -> dict[str, Any]:
    listed = caller("GET", partners_of(tenant)).json()["partners"]
    found: dict[str, Any] = next(one for one in listed if one["partner"] == partner)
    return found


# ---- CustomerLink


@pytest.mark.rule("C20")
def test_customerlink_needs_its_account_and_somebodys_word_before_it_is_on(
    tenant: Tenant, admin: Caller
) -> None:
    path = f"{partners_of(tenant)}/customerlink"

    wrong = reasons(put(admin, path, is_on=True))
    unconfirmed = reasons(
        put(
            admin,
            path,
            is_on=True,
            account_number="A-1",
            user_name="u",
            password="p",
            server="ftp.example.com",
        )
    )

    assert set(wrong) == {"is_on", "account_number", "user_name", "server", "password"}
    assert list(unconfirmed) == ["is_on"]
    assert setup_of(admin, tenant, "customerlink")["version"] == 0


@pytest.mark.rule("C20")
def test_who_confirmed_and_when_is_kept_until_the_account_or_server_changes(
    tenant: Tenant, admin: Caller, servers: PartnerServers
) -> None:
    path = f"{partners_of(tenant)}/customerlink"
    body = customerlink(servers.ftp)

    saved = put(admin, path, is_on=True, confirmed=True, **body).json()
    kept = put(admin, path, 1, is_on=True, **body).json()
    moved = reasons(put(admin, path, 2, is_on=True, **(body | {"account_number": "B-2"})))

    assert saved["accepted"]["by"] == admin.claims["sub"]
    assert saved["accepted"]["at"]
    assert kept["accepted"] == saved["accepted"]
    assert list(moved) == ["is_on"]


@pytest.mark.rule("C20")
def test_protocol_port_and_passive_mode_have_their_defaults(tenant: Tenant, admin: Caller) -> None:
    path = f"{partners_of(tenant)}/customerlink"

    ftps = put(admin, path, server="FTP.Example.com").json()["destination"]
    sftp = put(
        admin, path, 1, server="sftp.example.com", protocol="sftp", host_key=f"SHA256:{'A' * 43}"
    ).json()["destination"]

    assert (ftps["server"], ftps["protocol"], ftps["port"]) == ("ftp.example.com", "ftps", 21)
    assert (ftps["passive"], ftps["directory"], ftps["write_only"]) == (True, "", False)
    assert sftp["port"] == 22


@pytest.mark.rule("C20")
def test_plain_ftp_needs_a_yes_of_its_own_that_says_what_goes_unencrypted(
    tenant: Tenant, admin: Caller
) -> None:
    path = f"{partners_of(tenant)}/customerlink"
    body: dict[str, Any] = {"server": "ftp.example.com", "protocol": "ftp"}

    unsaid = put(admin, path, confirmed=True, **body)
    saved = put(admin, path, accept_plain_ftp=True, **body).json()
    kept = put(admin, path, 1, **body).json()
    moved = put(admin, path, 2, **(body | {"server": "ftp2.example.com"}))
    encrypted = put(admin, path, 2, **(body | {"protocol": "ftps"})).json()
    back = put(admin, path, 3, **body)

    assert list(reasons(unsaid)) == ["accept_plain_ftp"]
    assert PLAIN_FTP in unsaid.json()["detail"]
    for word in ("names", "phone numbers", "password", "unencrypted"):
        assert word in PLAIN_FTP
    assert saved["plain_ftp_accepted"]["by"] == admin.claims["sub"]
    assert kept["plain_ftp_accepted"] == saved["plain_ftp_accepted"]
    assert list(reasons(moved)) == list(reasons(back)) == ["accept_plain_ftp"]
    assert encrypted["plain_ftp_accepted"] is None


@pytest.mark.rule("C20")
def test_a_set_up_of_before_plain_ftp_was_asked_about_goes_on(
    aws_of_module: Aws, tenant: Tenant, admin: Caller
) -> None:
    path = f"{partners_of(tenant)}/customerlink"
    body: dict[str, Any] = {"server": "ftp.example.com", "protocol": "ftp", "account_number": "A-1"}
    put(admin, path, accept_plain_ftp=True, **body)
    table = aws_of_module.client("dynamodb")
    key = keys.partner_settings(
        ShopRef(organization_id=tenant.organization.id, shop_id=tenant.paths[0].rpartition("/")[2]),
        "customerlink",
    )
    where = {"pk": {"S": key.pk}, "sk": {"S": key.sk}}
    stored = table.get_item(TableName=aws_of_module.table_name, Key=where)["Item"]
    del stored["body"]["M"]["plain_ftp"]
    stored["body"]["M"]["destination"]["M"].pop("write_only", None)
    table.put_item(TableName=aws_of_module.table_name, Item=stored)

    changed = put(admin, path, 1, **(body | {"account_number": "A-2"}))

    assert changed.status_code == 200, changed.text
    assert changed.json()["plain_ftp_accepted"] is None


@pytest.mark.rule("C20")
def test_active_mode_is_refused_unless_partners_can_reach_the_deployment(
    tenant: Tenant, admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{partners_of(tenant)}/customerlink"
    body: dict[str, Any] = {"server": "ftp.example.com", "passive": False, "port": 2121}

    refused = put(admin, path, **body)
    untried = admin("POST", f"{path}/connection-test", body={**body, "password": "p"})
    by_sftp = put(admin, path, **(body | {"protocol": "sftp", "host_key": f"SHA256:{'A' * 43}"}))
    monkeypatch.setenv("PARTNER_ACTIVE_MODE", "on")
    settings.cache_clear()
    saved = put(admin, path, 1, **body).json()
    monkeypatch.undo()
    settings.cache_clear()

    assert "servers can't connect" in reasons(refused)["passive"]
    assert list(reasons(untried)) == ["passive"]
    assert by_sftp.status_code == 200, "there it means nothing"
    assert (saved["destination"]["port"], saved["destination"]["passive"]) == (2121, False)


@pytest.mark.rule("C24")
@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("server", {"server": "ftp://ftp.example.com/in"}),
        ("host_key", {"server": "sftp.example.com", "protocol": "sftp"}),
        ("host_key", {"server": "sftp.example.com", "protocol": "sftp", "host_key": "ab:cd:ef"}),
        ("host_key", {"server": "sftp.example.com", "protocol": "sftp", "host_key": "hello"}),
        ("port", {"server": "ftp.example.com", "port": 70_000}),
    ],
)
def test_a_server_that_can_not_work_is_refused_with_the_field(
    tenant: Tenant, admin: Caller, field: str, body: dict[str, Any]
) -> None:
    assert field in reasons(put(admin, f"{partners_of(tenant)}/customerlink", **body))


@pytest.mark.rule("C25")
def test_a_password_lies_in_secrets_manager_alone_and_is_given_back_by_nothing(
    aws_of_module: Aws, tenant: Tenant, admin: Caller
) -> None:
    path = f"{partners_of(tenant)}/customerlink"

    first = put(admin, path, server="ftp.example.com", password=PASSWORD)
    again = put(admin, path, 1, server="ftp.example.com", password=f"{PASSWORD}2")

    secrets = aws_of_module.client("secretsmanager")
    names = [
        one["Name"] for one in secrets.list_secrets()["SecretList"] if tenant.organization.id in one["Name"]
    ]
    assert len(names) == 1, "the old one is gone"
    kept = json.loads(secrets.get_secret_value(SecretId=names[0])["SecretString"])
    assert kept == {"password": f"{PASSWORD}2"}
    shown = [first.text, again.text, admin("GET", partners_of(tenant)).text, admin("GET", "/audit").text]
    items = aws_of_module.client("dynamodb").scan(TableName=aws_of_module.table_name)["Items"]
    assert not [text for text in (*shown, json.dumps(items)) if PASSWORD in text]
    assert setup_of(admin, tenant, "customerlink")["has_password"] is True


@pytest.mark.rule("C25")
def test_a_refused_save_leaves_no_secret_behind(aws_of_module: Aws, tenant: Tenant, admin: Caller) -> None:
    refused = put(admin, f"{partners_of(tenant)}/customerlink", 7, server="ftp.example.com", password="p")

    assert refused.status_code == 412
    listed = aws_of_module.client("secretsmanager").list_secrets()["SecretList"]
    assert not [one for one in listed if tenant.organization.id in one["Name"]]


@pytest.mark.rule("C25")
@pytest.mark.parametrize(
    "change", [{"server": "ftp.attacker.example"}, {"port": 2121}], ids=["server", "port"]
)
def test_a_kept_password_goes_to_no_other_server(
    tenant: Tenant, admin: Caller, change: dict[str, Any]
) -> None:
    path = f"{partners_of(tenant)}/customerlink"
    known: dict[str, Any] = {"server": "ftp.example.com"}
    put(admin, path, password=PASSWORD, **known)

    saved = put(admin, path, 1, **(known | change))
    tried = admin("POST", f"{path}/connection-test", body=known | change)

    assert list(reasons(saved)) == ["password"]
    assert list(reasons(tried)) == ["password"]


# ---- MechanicNET, CARFAX


@pytest.mark.rule("C21")
def test_mechanicnet_needs_its_shop_number(tenant: Tenant, admin: Caller) -> None:
    path = f"{partners_of(tenant)}/mechanicnet"

    assert list(reasons(put(admin, path, is_on=True))) == ["shop_number"]
    assert put(admin, path, is_on=True, shop_number="M-7").json()["is_on"] is True


@pytest.mark.rule("C22")
def test_carfax_is_on_only_after_todays_terms_are_accepted_and_asks_for_no_id(
    tenant: Tenant, admin: Caller
) -> None:
    path = f"{partners_of(tenant)}/carfax"
    terms = setup_of(admin, tenant, "carfax")["terms"]

    without = put(admin, path, is_on=True)
    others = put(admin, path, is_on=True, accept_terms="1999-01")
    saved = put(admin, path, is_on=True, accept_terms=terms["version"]).json()

    assert list(reasons(without)) == ["is_on"]
    assert list(reasons(others)) == ["accept_terms"]
    assert saved["is_on"] is True
    assert saved["accepted"]["terms_version"] == terms["version"]
    assert saved["accepted"]["by"] == admin.claims["sub"]
    assert "CARFAX" in terms["text"]


@pytest.mark.rule("C22")
def test_a_shop_keeps_what_its_partners_files_say_of_it(tenant: Tenant, admin: Caller) -> None:
    path, shop = f"{partners_of(tenant)}/carfax", tenant.paths[0]
    put(admin, path, is_on=True, accept_terms=setup_of(admin, tenant, "carfax")["terms"]["version"])
    kept = admin("GET", shop).json()

    refused = admin("PATCH", shop, body={"phone": ""}, headers=etag(kept))
    put(admin, path, 1, is_on=False)
    taken = admin("PATCH", shop, body={"phone": ""}, headers=etag(kept))

    assert (refused.status_code, taken.status_code) == (400, 200)
    assert "phone" in refused.json()["detail"]
    again = reasons(put(admin, path, 2, is_on=True))
    assert "phone" in again["is_on"]


@pytest.mark.rule("C22")
def test_only_the_operator_sets_where_carfax_files_go(
    tenant: Tenant, admin: Caller, operator: Caller, servers: PartnerServers
) -> None:
    path = "/operator/partner-destinations"
    body = customerlink(servers.sftp)
    body = of_a_test(body)

    refused = put(admin, f"{path}/carfax", **body)
    without = put(operator, f"{path}/mechanicnet", **(body | {"password": None}))
    version = {one["partner"]: one["version"] for one in operator("GET", path).json()["destinations"]}
    saved = put(operator, f"{path}/carfax", version["carfax"], **body)

    assert refused.status_code == 403
    assert list(reasons(without)) == ["password"]
    assert saved.json()["has_credential"] is True
    assert servers.sftp.password not in saved.text
    tested = operator("POST", f"{path}/carfax/connection-test", body={})
    assert tested.json()["ok"] is True, tested.text
    assert put(operator, f"{path}/customerlink", **body).status_code == 409


# ---- connection tests


@pytest.mark.rule("C24")
def test_a_connection_test_says_what_works_and_leaves_nothing(
    tenant: Tenant, admin: Caller, servers: PartnerServers
) -> None:
    path = f"{partners_of(tenant)}/customerlink/connection-test"

    for server in (servers.ftp, servers.ftps, servers.sftp):
        body = customerlink(server)
        body = of_a_test(body)
        answer = admin("POST", path, body=body)

        assert answer.json()["ok"] is True, answer.text
        assert server.files() == {}
        assert server.password not in answer.text


@pytest.mark.rule("C24", "C25")
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"server": "127.0.0.1", "port": 1}, "refused"),
        ({"server": "ftp.example.com"}, "server-not-listed"),
        ({"password": "wrong"}, "login-refused"),
        ({"host_key": f"SHA256:{'A' * 43}"}, "wrong-host-key"),
        ({"directory": "nowhere"}, "folder-missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_connection_test_says_in_plain_words_what_does_not_work(
    tenant: Tenant, admin: Caller, servers: PartnerServers, wrong: dict[str, Any], code: str
) -> None:
    body = customerlink(servers.sftp) | wrong
    body = of_a_test(body)

    answer = admin("POST", f"{partners_of(tenant)}/customerlink/connection-test", body=body)

    told = answer.json()
    assert (answer.status_code, told["ok"], told["code"]) == (200, False, code)
    assert len(told["message"]) > 30
    assert servers.sftp.password not in answer.text
    if code == "wrong-host-key":
        assert told["host_key"] == servers.sftp.destination.host_key


@pytest.mark.rule("C24")
def test_a_host_key_is_taken_in_any_notation_and_junk_is_not_even_tried(
    tenant: Tenant, admin: Caller, servers: PartnerServers
) -> None:
    path, known = f"{partners_of(tenant)}/customerlink", servers.sftp.destination.host_key
    pasted = f"2048 SHA256:{'A' * 43} old (RSA)\n256 {known} root@ftp (ED25519)\n"

    tried = admin(
        "POST", f"{path}/connection-test", body=of_a_test(customerlink(servers.sftp, host_key=pasted))
    ).json()
    junk = admin(
        "POST", f"{path}/connection-test", body=of_a_test(customerlink(servers.sftp, host_key="hello"))
    )
    saved = put(admin, path, **customerlink(servers.sftp, host_key=pasted)).json()

    assert tried["ok"] is True, tried
    assert "43 letters" in reasons(junk)["host_key"]
    assert saved["destination"]["host_key"] == f"SHA256:{'A' * 43} {known}"


@pytest.mark.rule("C24", "C25")
def test_a_private_key_that_can_not_be_used_is_refused_with_what_to_do_and_one_of_openssl_is_taken(
    operator: Caller, servers: PartnerServers
) -> None:
    path = "/operator/partner-destinations"
    body = customerlink(servers.sftp)
    body = {name: value for name, value in body.items() if name not in ("account_number", "password")}
    key = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    version = {one["partner"]: one["version"] for one in operator("GET", path).json()["destinations"]}

    putty = put(
        operator,
        f"{path}/mechanicnet",
        version["mechanicnet"],
        private_key="PuTTY-User-Key-File-3: x",
        **body,
    )
    quoted = "".join(f"> {line}\n" for line in key.decode().splitlines())
    taken = put(operator, f"{path}/mechanicnet", version["mechanicnet"], private_key=quoted, **body)

    assert "PuTTYgen" in reasons(putty)["private_key"]
    assert taken.status_code == 200, taken.text
    assert "PRIVATE" not in taken.text


@pytest.mark.rule("C24")
def test_a_new_sftp_servers_key_is_shown_by_the_test_before_it_is_pinned(
    tenant: Tenant, admin: Caller, servers: PartnerServers
) -> None:
    body = customerlink(servers.sftp, host_key="")
    body = of_a_test(body)

    told = admin("POST", f"{partners_of(tenant)}/customerlink/connection-test", body=body).json()

    assert (told["code"], told["host_key"]) == ("wrong-host-key", servers.sftp.destination.host_key)


@pytest.mark.rule("C24")
def test_a_partner_whose_server_the_operator_sets_takes_none_from_a_shop(
    tenant: Tenant, admin: Caller
) -> None:
    path = f"{partners_of(tenant)}/carfax/connection-test"

    assert list(reasons(admin("POST", path, body={"server": "ftp.example.com"}))) == ["server"]


# ---- files over HTTP


@pytest.fixture
def with_files(
    aws_of_module: Aws, tenant: Tenant, admin: Caller, servers: PartnerServers
) -> Iterator[dict[str, Any]]:
    """CustomerLink is on; one of two visits has been told, the other waits."""
    for file in Path(servers.ftp.folder).iterdir():
        file.unlink()
    path = f"{partners_of(tenant)}/customerlink"
    saved = put(admin, path, is_on=True, confirmed=True, **customerlink(servers.ftp))
    assert saved.status_code == 200, saved.text
    told = invoiced(admin, tenant, "Brake pads")
    export(tenant, "customerlink", night="2099-03-01")
    yield {"told": told, "waits": invoiced(admin, tenant, "Muffler"), "path": path}
    servers.ftp.faults.order(PartnerMode.OK)


def invoiced(admin: Caller, tenant: Tenant, title: str) -> dict[str, Any]:
    customer = make_customer(admin, tenant.paths[0])
    car = make_vehicle(admin, customer, vin=vin(), year=2003, make="Honda", model="Accord")
    return make_order(
        admin,
        customer,
        vehicle_id=car["id"],
        opened_on="2026-11-02",
        invoiced_on="2026-11-02",
        status="invoiced",
        jobs=[job(title)],
    )


def export(tenant: Tenant, partner: str, *, night: str = "") -> dict[str, Any]:
    """The worker's door takes the job off the queue."""
    message = DeliveryJob.of(
        {
            "organization_id": tenant.organization.id,
            "shop_id": tenant.shops[0].id,
            "partner": partner,
            "night": night,
        }
    ).message()
    worker = entry("functions/exporters/deliver.py")
    answer: dict[str, Any] = worker.lambda_handler(sqs_event(json.dumps(message)), WorkerContext())
    return answer


@pytest.mark.rule("C23")
def test_a_dry_run_shows_the_file_what_it_leaves_out_and_the_difference_and_sends_nothing(
    tenant: Tenant, admin: Caller, servers: PartnerServers, with_files: dict[str, Any]
) -> None:
    before = servers.ftp.files()
    told, waits = with_files["told"], with_files["waits"]
    shop = tenant.paths[0]
    admin("PATCH", f"{shop}/repair-orders/{told['id']}", body={"odometer_miles": 54_321}, headers=etag(told))
    void = invoiced(admin, tenant, "Never mind")
    admin("POST", f"{shop}/repair-orders/{void['id']}/void", headers=etag(void))

    shown = admin("POST", f"{with_files['path']}/dry-run").json()

    assert shown["rows"] == 2
    assert shown["changes"] == {"new": 1, "amended": 1, "voided": 0}
    assert shown["left_out"] == {"void_never_told": 1}
    assert [line["number"] for line in shown["left_out_rows"]] == [void["number"]]
    (changed,) = shown["changed_rows"]
    assert changed["number"] == told["number"]
    assert "54321" in changed["now"]
    assert "54321" not in changed["told"]
    assert told["number"] in changed["told"]
    content = requests.get(shown["url"], timeout=10).text
    assert waits["number"] in content
    assert shown["is_whole"] is True
    assert servers.ftp.files() == before
    assert len(admin("GET", f"{with_files['path']}/exports").json()["exports"]) == 1


@pytest.mark.rule("C23")
def test_a_file_can_be_read_again_byte_for_byte_and_what_a_partner_was_told_of_a_vin(
    tenant: Tenant, admin: Caller, servers: PartnerServers, with_files: dict[str, Any]
) -> None:
    listed = admin("GET", f"{with_files['path']}/exports").json()["exports"]
    (run,) = [one["run"] for one in listed]
    view = admin("GET", f"{with_files['path']}/exports/{run['date']}/{run['number']}").json()
    vin_told = with_files["told"]["vehicle"]["vin"].lower()
    told = admin("GET", "/partner-tellings", query={"vin": vin_told}).json()["told"]
    elsewhere = tenant.join(Role.ADVISOR, shops=tenant.shops[1:])

    assert run["state"] == "accepted"
    assert servers.ftp.files() == {run["file"]["name"]: requests.get(view["file_url"], timeout=10).content}
    (one,) = told
    assert one["telling"]["partner"] == "customerlink"
    assert with_files["told"]["number"] in one["row"]
    assert "Brake pads" in one["row"]
    assert elsewhere("GET", "/partner-tellings", query={"vin": vin_told}).json()["told"] == []


@pytest.mark.rule("C23")
def test_a_history_file_tells_once_what_was_not_told_before(
    tenant: Tenant, admin: Caller, servers: PartnerServers, with_files: dict[str, Any]
) -> None:
    path = f"{with_files['path']}/exports"
    asked = admin("POST", path, body={"first": "2026-11-01", "last": "2026-11-26"})
    twice = admin("POST", path, body={"first": "2026-11-01", "last": "2026-11-26"})

    export(tenant, "customerlink")

    assert asked.status_code == 202, asked.text
    assert twice.status_code == 409
    run = admin("GET", asked.headers["location"]).json()["run"]
    assert (run["state"], run["file"]["rows"]) == ("accepted", 1)
    assert run["file"]["left_out"] == {"told_already": 1}
    left = admin("GET", f"{asked.headers['location']}/left-out").json()["left_out"]
    assert [line["number"] for line in left] == [with_files["told"]["number"]]
    content = servers.ftp.files()[run["file"]["name"]]
    assert with_files["waits"]["number"].encode() in content
    export(tenant, "customerlink", night="2099-03-02")
    runs = admin("GET", path).json()["exports"]
    assert runs[0]["run"]["state"] == "empty"


@pytest.mark.rule("C23")
@pytest.mark.parametrize(
    "body", [{"first": "2026-11-02", "last": "2026-11-01"}, {"first": "2020-01-01", "last": "2026-01-01"}]
)
def test_a_history_file_of_odd_days_is_refused(
    admin: Caller, with_files: dict[str, Any], body: dict[str, str]
) -> None:
    assert list(reasons(admin("POST", f"{with_files['path']}/exports", body=body))) == ["last"]


@pytest.mark.rule("C23")
def test_correcting_a_vehicle_over_http_reaches_history_and_partner(
    tenant: Tenant, admin: Caller, with_files: dict[str, Any]
) -> None:
    told = with_files["told"]
    owner = {"shop_id": told["shop_id"], "id": told["customer_id"]}
    vehicle_path = f"{path_of(owner)}/vehicles/{told['vehicle']['id']}"
    right = vin()

    changed = admin(
        "PATCH", vehicle_path, body={"vin": right, "plate": "NEW 4711"}, headers={"If-Match": '"1"'}
    )

    assert changed.status_code == 200, changed.text
    order = admin("GET", f"{tenant.paths[0]}/repair-orders/{told['id']}").json()
    assert order["vehicle"]["vin"] == right
    assert order["vehicle"]["plate"] == told["vehicle"]["plate"], "a visit keeps the plate it was made under"
    rows = admin("GET", f"{path_of(owner)}/history/jobs").json()["rows"]
    assert [row["vehicle"]["vin"] for row in rows] == [right]
    shown = admin("POST", f"{with_files['path']}/dry-run").json()
    assert told["number"] in [row["number"] for row in shown["changed_rows"]]
