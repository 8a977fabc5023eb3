"""AWS on loopback for the store, the queues and the doors in process: moto's server, template.yaml's table.

A test asks for `table`, or for `aws` when it needs the imports' bucket and queue or the members too.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from crossbay.settings import settings
from local.template import resource
from tests.helpers import quick_moto
from tests.helpers.stored_examples import KEEPING, Keeping
from tests.helpers.tenants import advisor, new_tenant, operator, reads, tenant  # noqa: F401  # fixtures

if TYPE_CHECKING:
    from local.partners.servers import PartnerServers

BUCKET = "crossbay-imports"
FILES_BUCKET = "crossbay-files"
TABLE_NAME = "crossbay"
"""PynamoDB's model takes its name when it is imported, so every test's table bears the default one."""


PORTAL_EMAIL = "portal@example.com"
"""Has an account of the customers' portal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aws:
    """What a deployment has, empty for each test."""

    endpoint: str
    table_name: str
    imports_bucket: str
    imports_queue_url: str
    files_bucket: str
    export_queue_url: str
    privacy_queue_url: str
    notify_queue_url: str
    photos_queue_url: str
    recount_queue_url: str
    user_pool_id: str
    portal_pool_id: str
    client_id: str

    def client(self, service: str) -> Any:
        return _client(self.endpoint, service)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """One moto server for all; boto3, PynamoDB and pydynox all find it by AWS_ENDPOINT_URL."""
    quick_moto.mend()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line for each request of any test
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.setenv("TABLE_NAME", TABLE_NAME)
        patch.setenv("MOTO_SQS_ENFORCE_STRICT_QUEUE_PURGE_BEHAVIOUR", "false")  # once in 60 seconds
        yield address
    server.stop()


@pytest.fixture(scope="session")
def keeping(pytestconfig: pytest.Config) -> Keeping | None:
    """Gathers examples of stored items, when asked to."""
    return pytestconfig.stash.get(KEEPING, None)


@pytest.fixture
def table(endpoint: str, keeping: Keeping | None) -> Iterator[str]:
    """The name of the one table, empty, as template.yaml defines it."""
    with _new_table(endpoint, keeping) as name:
        yield name


@pytest.fixture
def aws(deployed: Aws, table: str) -> Iterator[Aws]:
    """The table and the rest of a deployment, named in the environment as the template names them."""
    with _for_one(deployed):
        yield deployed


@pytest.fixture(scope="module")
def aws_of_module(deployed: Aws, keeping: Keeping | None) -> Iterator[Aws]:
    """One deployment for all tests of a module; never beside `table` or `aws`, which bear the same names."""
    with _new_table(deployed.endpoint, keeping), _for_one(deployed):
        yield deployed


@pytest.fixture(scope="session")
def deployed(endpoint: str) -> Aws:
    """All but the table, made once: a pool of users and a client of boto3 take longer than most tests."""
    s3, sqs, cognito = (_client(endpoint, name) for name in ("s3", "sqs", "cognito-idp"))
    for bucket in (BUCKET, FILES_BUCKET):
        s3.create_bucket(Bucket=bucket)
    names = ("imports", "exports", "notify", "photos", "privacy", "recount")
    urls = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in names]
    queue, exports, notify, photos, privacy, recount = urls
    pool = cognito.create_user_pool(PoolName="members", Schema=resource("UserPool")["Schema"])["UserPool"][
        "Id"
    ]
    portal = cognito.create_user_pool(
        PoolName="portal", UsernameAttributes=resource("PortalPool")["UsernameAttributes"]
    )["UserPool"]["Id"]
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="members")["UserPoolClient"]
    cognito.create_group(UserPoolId=pool, GroupName="operator")
    return Aws(
        endpoint=endpoint,
        table_name=TABLE_NAME,
        imports_bucket=BUCKET,
        imports_queue_url=queue,
        files_bucket=FILES_BUCKET,
        export_queue_url=exports,
        privacy_queue_url=privacy,
        notify_queue_url=notify,
        photos_queue_url=photos,
        recount_queue_url=recount,
        user_pool_id=pool,
        portal_pool_id=portal,
        client_id=client["ClientId"],
    )


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator["PartnerServers"]:
    """Partners' servers for all tests of a module, which leave them as they found them."""
    from local.partners.servers import partner_servers  # two server libraries, for those who ask

    with partner_servers(tmp_path_factory.mktemp("partners")) as running:
        yield running


@contextmanager
def _new_table(endpoint: str, keeping: Keeping | None) -> Iterator[str]:
    if not quick_moto.has_table(TABLE_NAME):
        defined = resource("CrossbayTable")
        _client(endpoint, "dynamodb").create_table(
            TableName=TABLE_NAME,
            **{
                name: defined[name]
                for name in ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
            },
        )
    settings.cache_clear()
    yield TABLE_NAME
    if keeping:
        pages = _client(endpoint, "dynamodb").get_paginator("scan").paginate(TableName=TABLE_NAME)
        keeping.look_at(item for page in pages for item in page["Items"])
    quick_moto.empty_table(TABLE_NAME)
    settings.cache_clear()


@contextmanager
def _for_one(deployed: Aws) -> Iterator[None]:
    """Named in the environment, with the portal's user; empty afterwards."""
    named = {
        "IMPORTS_BUCKET": deployed.imports_bucket,
        "IMPORTS_QUEUE_URL": deployed.imports_queue_url,
        "FILES_BUCKET": deployed.files_bucket,
        "EXPORT_QUEUE_URL": deployed.export_queue_url,
        "PRIVACY_QUEUE_URL": deployed.privacy_queue_url,
        "NOTIFY_QUEUE_URL": deployed.notify_queue_url,
        "PHOTOS_QUEUE_URL": deployed.photos_queue_url,
        "RECOUNT_QUEUE_URL": deployed.recount_queue_url,
        "SECRETS_PREFIX": "crossbay-test/partners",
        "PARTNER_HOSTS": "127.0.0.1",
        "USER_POOL_ID": deployed.user_pool_id,
        "PORTAL_POOL_ID": deployed.portal_pool_id,
    }
    quick_moto.add_user(deployed.portal_pool_id, PORTAL_EMAIL, "Portal-4711-pier")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in named.items():
            patch.setenv(name, value)
        settings.cache_clear()
        yield
    _empty(deployed)
    settings.cache_clear()


def _empty(deployed: Aws) -> None:
    for bucket in (BUCKET, FILES_BUCKET):
        quick_moto.empty_bucket(bucket)
    for url in (value for name, value in asdict(deployed).items() if name.endswith("_queue_url")):
        quick_moto.empty_queue(url.rpartition("/")[2])
    for pool in (deployed.user_pool_id, deployed.portal_pool_id):
        quick_moto.empty_pool(pool)


@cache
def _client(endpoint: str, service: str) -> Any:
    return boto3.client(service, endpoint_url=endpoint)  # type: ignore[call-overload]
