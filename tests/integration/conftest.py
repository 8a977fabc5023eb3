"""AWS on loopback for the store, the queues and the doors in process: moto's server, template.yaml's table.

A test asks for `table`, or for `aws` when it needs the imports' bucket and queue or the members too.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.core.serialize import JSONSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.server import ThreadedMotoServer

from crossbay.settings import settings
from local.template import resource

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
    """What a deployment has, empty and for one test."""

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
        return boto3.client(service, endpoint_url=self.endpoint)  # type: ignore[call-overload]


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """One moto server for all; boto3, PynamoDB and pydynox all find it by AWS_ENDPOINT_URL."""
    _mend_transactions()
    _mend_answers()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line for each request of any test
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.setenv("TABLE_NAME", TABLE_NAME)
        yield address
    server.stop()


def _mend_transactions() -> None:
    """DynamoDB lets nothing come between a transaction's checks and its writes; moto does.

    moto also copies the whole table in depth for each item of a transaction, to put it back when refused.
    Items are replaced here and never changed: a copy of the dictionaries that hold them serves as well.
    """
    write, lock = DynamoDBBackend.transact_write_items, Lock()

    def write_alone(self: DynamoDBBackend, *args: Any, **kwargs: Any) -> Any:
        with lock:
            return write(self, *args, **kwargs)

    def copy_of(self: Table, _: dict[int, Any]) -> Table:
        same = copy(self)
        same.items = defaultdict(dict, {pk: copy(rows) for pk, rows in self.items.items()})
        return same

    DynamoDBBackend.transact_write_items = write_alone  # type: ignore[method-assign]
    Table.__deepcopy__ = copy_of  # type: ignore[attr-defined]


def _mend_answers() -> None:
    """moto walks through botocore's model for each value of each item that it answers with. They have
    DynamoDB's own form by then, and are written as they stand.
    """
    serialize = JSONSerializer._serialize_type_structure

    def as_it_stands(
        self: JSONSerializer, serialized: dict[str, Any], value: Any, shape: Any, key: str
    ) -> None:
        if shape.name == "AttributeValue":
            serialized[key] = value
        else:
            serialize(self, serialized, value, shape, key)

    JSONSerializer._serialize_type_structure = as_it_stands  # type: ignore[assignment, method-assign]


@pytest.fixture
def table(endpoint: str) -> Iterator[str]:
    """The name of the one table, empty, as template.yaml defines it."""
    with _new_table(endpoint) as name:
        yield name


@pytest.fixture
def aws(endpoint: str, table: str) -> Iterator[Aws]:
    """The table and the rest of a deployment, named in the environment as the template names them."""
    with _new_deployment(endpoint, table) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def aws_of_module(endpoint: str) -> Iterator[Aws]:
    """One deployment for all tests of a module; never beside `table` or `aws`, which bear the same names."""
    with _new_table(endpoint) as name, _new_deployment(endpoint, name) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator["PartnerServers"]:
    """Partners' servers for all tests of a module, which leave them as they found them."""
    from local.partners.servers import partner_servers  # two server libraries, for those who ask

    with partner_servers(tmp_path_factory.mktemp("partners")) as running:
        yield running


@contextmanager
def _new_table(endpoint: str) -> Iterator[str]:
    dynamodb = boto3.client("dynamodb", endpoint_url=endpoint)
    defined = resource("CrossbayTable")
    dynamodb.create_table(
        TableName=TABLE_NAME,
        **{
            name: defined[name]
            for name in ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
        },
    )
    settings.cache_clear()
    yield TABLE_NAME
    dynamodb.delete_table(TableName=TABLE_NAME)
    settings.cache_clear()


@contextmanager
def _new_deployment(endpoint: str, table: str) -> Iterator[Aws]:
    s3 = boto3.client("s3", endpoint_url=endpoint)
    sqs = boto3.client("sqs", endpoint_url=endpoint)
    cognito = boto3.client("cognito-idp", endpoint_url=endpoint)
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
    cognito.admin_create_user(
        UserPoolId=portal,
        Username=PORTAL_EMAIL,
        UserAttributes=[
            {"Name": "email", "Value": PORTAL_EMAIL},
            {"Name": "email_verified", "Value": "true"},
        ],
    )
    cognito.admin_set_user_password(
        UserPoolId=portal, Username=PORTAL_EMAIL, Password="Portal-4711-pier", Permanent=True
    )
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="members")["UserPoolClient"]
    cognito.create_group(UserPoolId=pool, GroupName="operator")
    named = {
        "IMPORTS_BUCKET": BUCKET,
        "IMPORTS_QUEUE_URL": queue,
        "FILES_BUCKET": FILES_BUCKET,
        "EXPORT_QUEUE_URL": exports,
        "PRIVACY_QUEUE_URL": privacy,
        "NOTIFY_QUEUE_URL": notify,
        "PHOTOS_QUEUE_URL": photos,
        "RECOUNT_QUEUE_URL": recount,
        "SECRETS_PREFIX": "crossbay-test/partners",
        "PARTNER_HOSTS": "127.0.0.1",
        "USER_POOL_ID": pool,
        "PORTAL_POOL_ID": portal,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in named.items():
            patch.setenv(name, value)
        settings.cache_clear()
        yield Aws(
            endpoint=endpoint,
            table_name=table,
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
    for bucket in (BUCKET, FILES_BUCKET):
        for item in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=item["Key"])
        s3.delete_bucket(Bucket=bucket)
    for url in urls:
        sqs.delete_queue(QueueUrl=url)
    for one in (pool, portal):
        cognito.delete_user_pool(UserPoolId=one)
    settings.cache_clear()
