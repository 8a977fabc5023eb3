"""Builds template.yaml with SAM, deploys it to the emulator, then sets what the emulator leaves out of it."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from platform import machine
from typing import TYPE_CHECKING, Any

import boto3

from local.emulator import LOOPBACK, ROOT, STACK_BIN
from local.template import gateway_responses, resource, template

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient

REGION = "us-east-1"
ACCOUNT = "000000000000"
"""The emulator's own; an access key of twelve other digits would be another account."""
STACK_NAME = "crossbay"
STAGE = "local"
CONFIGURATION_SET = f"crossbay-{STAGE}"
"""Of SES; `template.yaml` names it so."""
CREDENTIAL = "test"
"""Access key and secret alike: the emulator takes any."""

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
ARCHITECTURE = "arm64" if machine() in ("arm64", "aarch64") else "x86_64"
"""Of this machine, as Lambda names it."""

NEVER_S = 4e9
"""A last check far in the future keeps SAM from asking the internet for a newer SAM."""

_FEWEST = 2
"""Workers at one queue (Lambda's limit)."""


class DeployFailed(Exception):
    """SAM refused; the message holds the end of what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """Where the deployed stack answers."""

    endpoint: str
    api_id: str
    table_name: str
    user_pool_id: str
    client_id: str
    portal_pool_id: str
    imports_bucket: str
    imports_queue_url: str
    imports_dead_letters_url: str
    files_bucket: str
    night_queue_url: str
    send_queue_url: str
    feedback_queue_url: str
    export_queue_url: str
    mail_events_topic_arn: str
    queue_nights_function: str
    nightly_function: str
    recount_queue_url: str
    queue_recounts_function: str
    fingerprint: str
    """Of what it was made from, as `deploy` was told."""

    @property
    def api_url(self) -> str:
        """The API under a path of the emulator, which every client can reach."""
        return f"{self.endpoint}/_aws/execute-api/{self.api_id}/{STAGE}"

    def client(self, service: str) -> Any:
        """A boto3 client of an AWS service of this deployment."""
        return _session().client(service, endpoint_url=self.endpoint)  # type: ignore[call-overload]

    @property
    def dynamodb(self) -> "DynamoDBClient":
        client: DynamoDBClient = self.client("dynamodb")
        return client

    @property
    def cognito(self) -> "CognitoIdentityProviderClient":
        client: CognitoIdentityProviderClient = self.client("cognito-idp")
        return client


def build(
    folder: Path, *, version: str = VERSION, architecture: str = ARCHITECTURE, platform: str = "native"
) -> None:
    """The functions and the layer in `folder`/build, for the interpreter at hand where nothing else is said.

    version: of Python, such as 3.13, which must be on the PATH. platform: of the layer's wheels, for uv.
    Raises DeployFailed.
    """
    _sam(
        folder,
        "build",
        "--build-dir",
        str(folder / "build"),
        "--parameter-overrides",
        f"Runtime=python{version} Architecture={architecture}",
        environment={"LAYER_PYTHON": version, "LAYER_PLATFORM": platform},
    )


def deploy(folder: Path, endpoint: str, *, fingerprint: str = "unknown") -> Deployment:
    """What `build` left in `folder`, deployed at `endpoint`. Raises DeployFailed."""
    _sam(
        folder,
        "deploy",
        "--template-file",
        str(folder / "build" / "template.yaml"),
        "--stack-name",
        STACK_NAME,
        "--parameter-overrides",
        f"StageName={STAGE} Runtime=python{VERSION} DataPolicy=Delete SendsPerSecond=0 "
        f"PartnerHosts={LOOPBACK} "  # partners' files leave this machine in no case
        "PartnerActiveMode=on "  # whose servers can connect to what runs beside them
        'VpicUrl=""',  # its stand-in's address is found in the emulator's environment
        "--tags",
        f"fingerprint={fingerprint}",
        "--resolve-s3",
        "--no-confirm-changeset",
        "--no-fail-on-empty-changeset",
        environment={"AWS_ENDPOINT_URL": endpoint},
    )
    deployment = find(endpoint)
    _set_what_the_emulator_leaves_out(deployment)
    return deployment


def find(endpoint: str) -> Deployment:
    """The stack that is deployed at `endpoint` already. Raises DeployFailed when there is none."""
    cloudformation = _session().client("cloudformation", endpoint_url=endpoint)
    try:
        stack = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    except (cloudformation.exceptions.ClientError, IndexError) as error:
        raise DeployFailed(f"There is no stack {STACK_NAME} at {endpoint}") from error
    if not stack["StackStatus"].endswith("_COMPLETE") or "ROLLBACK" in stack["StackStatus"]:
        raise DeployFailed(f"The stack is in {stack['StackStatus']}: {stack.get('StackStatusReason', '')}")
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    tags = {tag["Key"]: tag["Value"] for tag in stack["Tags"]}
    try:
        named = {field: outputs[name] for field, name in _OUTPUTS.items()}
    except KeyError as error:
        raise DeployFailed(f"The stack at {endpoint} is of another version: it has no {error}") from error
    return Deployment(endpoint=endpoint, fingerprint=tags.get("fingerprint", ""), **named)


_OUTPUTS = {
    "api_id": "ApiId",
    "table_name": "TableName",
    "user_pool_id": "UserPoolId",
    "client_id": "UserPoolClientId",
    "portal_pool_id": "PortalPoolId",
    "imports_bucket": "ImportsBucketName",
    "imports_queue_url": "ImportsQueueUrl",
    "imports_dead_letters_url": "ImportsDeadLettersUrl",
    "files_bucket": "FilesBucketName",
    "night_queue_url": "NightQueueUrl",
    "send_queue_url": "SendQueueUrl",
    "feedback_queue_url": "FeedbackQueueUrl",
    "export_queue_url": "ExportQueueUrl",
    "mail_events_topic_arn": "MailEventsTopicArn",
    "queue_nights_function": "QueueNightsFunctionName",
    "nightly_function": "NightlyFunctionName",
    "recount_queue_url": "RecountQueueUrl",
    "queue_recounts_function": "QueueRecountsFunctionName",
}
"""Which output of template.yaml tells what."""


def _session() -> boto3.Session:
    return boto3.Session(aws_access_key_id=CREDENTIAL, aws_secret_access_key=CREDENTIAL, region_name=REGION)


def _sam(folder: Path, command: str, *arguments: str, environment: dict[str, str]) -> None:
    settings = folder / "sam"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "metadata.json").write_text(f'{{"telemetryEnabled": false, "lastVersionCheck": {NEVER_S}}}')
    ours = {
        "PATH": f"{STACK_BIN}:{os.environ['PATH']}",
        "SAM_CLI_TELEMETRY": "0",
        "__SAM_CLI_APP_DIR": str(settings),
        "AWS_ACCESS_KEY_ID": CREDENTIAL,
        "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    process = subprocess.Popen(
        [STACK_BIN / "sam", command, "--config-file", ROOT / "samconfig.toml", *arguments],
        cwd=ROOT,
        env=inherited | ours | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.returncode != 0:
        raise DeployFailed(f"sam {command} failed. It said:\n{said[-6000:]}")


def _set_what_the_emulator_leaves_out(deployment: Deployment) -> None:
    """The table's time to live and the API's own answers, from the same template."""
    ttl = resource("CrossbayTable")["TimeToLiveSpecification"]
    deployment.dynamodb.update_time_to_live(TableName=deployment.table_name, TimeToLiveSpecification=ttl)
    # They demand TLS, which the emulator has not.
    for bucket in (deployment.imports_bucket, deployment.files_bucket):
        deployment.client("s3").delete_bucket_policy(Bucket=bucket)
    set_public_url(deployment)
    _keep_vin_lookup_account(deployment)
    _let_batches_be_sent(deployment)
    _let_few_workers_deliver(deployment)
    gateway = deployment.client("apigateway")
    for kind, answer in gateway_responses().items():
        gateway.put_gateway_response(restApiId=deployment.api_id, responseType=kind, **answer)
    gateway.create_deployment(restApiId=deployment.api_id, stageName=STAGE)


def _keep_vin_lookup_account(deployment: Deployment) -> None:
    """The secret that the runbook tells to make; the stand-in takes any account."""
    secrets = deployment.client("secretsmanager")
    with suppress(secrets.exceptions.ResourceExistsException):
        secrets.create_secret(
            Name=template()["Parameters"]["VinLookupSecret"]["Default"],
            SecretString=json.dumps({"product_data_id": "0123456789ABCDEF", "location_id": "DEMO"}),
        )


def _let_batches_be_sent(deployment: Deployment) -> None:
    """IAM knows SendMessageBatch as the action sqs:SendMessage; the emulator asks for one of its own."""
    iam = deployment.client("iam")
    for policy in iam.list_policies(Scope="Local")["Policies"]:
        named = {"PolicyArn": policy["Arn"], "VersionId": policy["DefaultVersionId"]}
        document = iam.get_policy_version(**named)["PolicyVersion"]["Document"]
        text = document if isinstance(document, str) else json.dumps(document)
        if '"sqs:SendMessage"' in text:
            wider = text.replace('"sqs:SendMessage"', '"sqs:SendMessage*"')
            iam.create_policy_version(PolicyArn=policy["Arn"], PolicyDocument=wider, SetAsDefault=True)


def _let_few_workers_deliver(deployment: Deployment) -> None:
    """A worker takes a second of a core to start here: the fewest are done the soonest."""
    lambdas, queue = deployment.client("lambda"), deployment.export_queue_url.rpartition("/")[2]
    for source in lambdas.list_event_source_mappings()["EventSourceMappings"]:
        if source["EventSourceArn"].endswith(f":{queue}"):
            lambdas.update_event_source_mapping(
                UUID=source["UUID"], ScalingConfig={"MaximumConcurrency": _FEWEST}
            )


def set_public_url(deployment: Deployment) -> None:
    """Customers' links lead to the API where it answers on this machine; its id is known only now."""
    functions = deployment.client("lambda")
    for function in functions.list_functions()["Functions"]:
        variables = function.get("Environment", {}).get("Variables", {})
        if variables.get("PUBLIC_URL", deployment.api_url) == deployment.api_url:
            continue
        name = function["FunctionName"]
        environment = {"Variables": variables | {"PUBLIC_URL": deployment.api_url}}
        functions.update_function_configuration(FunctionName=name, Environment=environment)
        version = functions.publish_version(FunctionName=name)["Version"]
        functions.update_alias(FunctionName=name, Name="live", FunctionVersion=version)
