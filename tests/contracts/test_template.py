"""What template.yaml promises: nothing public, nothing lost, nothing allowed in passing, all code live."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from crossbay.app.alive import BEAT
from crossbay.app.alive import LEASE as LIFE
from crossbay.app.campaigns.send import LEASE
from crossbay.app.campaigns.ses_rate import CAMPAIGNS_SHARE, CASES_SHARE, WORKERS
from crossbay.app.cases.mail import ANSWER_WITHIN
from crossbay.app.cases.notes import LOOKED_AFTER
from crossbay.app.exports.deliver import Delivered
from crossbay.app.photos.photos import SWEPT_AFTER_S
from crossbay.aws.ses import CONNECT_TIMEOUT_S, READ_TIMEOUT_S
from crossbay.domain.photo import PHOTOS, QUARANTINE
from local.doors import door
from local.emulator import ROOT, STACK_BIN
from local.template import TEMPLATE, functions, jobs, of_type, resource, template
from local.translated import translated

POLICIES = of_type("AWS::IAM::ManagedPolicy")
QUEUES = of_type("AWS::SQS::Queue")
WORK_QUEUES = [name for name, queue in QUEUES.items() if "RedrivePolicy" in queue]
BUCKETS = list(of_type("AWS::S3::Bucket"))
OBJECTS = re.compile(
    r"\$\{ImportsBucket\.Arn\}/\*|\$\{FilesBucket\.Arn\}/[a-z]+/\*|.*:secret:crossbay-\$\{StageName\}/partners/\*"
)


def _statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every policy statement that allows something, with the resource it stands in."""
    kinds = ("IAM::ManagedPolicy", "SQS::QueuePolicy", "S3::BucketPolicy", "SNS::TopicPolicy")
    for kind in (f"AWS::{kind}" for kind in kinds):
        for name, properties in of_type(kind).items():
            for statement in properties["PolicyDocument"]["Statement"]:
                if statement["Effect"] == "Allow":
                    yield name, statement


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_cfn_lint_finds_nothing() -> None:
    done = subprocess.run([STACK_BIN / "cfn-lint", TEMPLATE], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_new_code_and_new_layer_code_go_live_on_every_function() -> None:
    for_all = template()["Globals"]["Function"]

    assert for_all["AutoPublishAlias"] == "live"
    assert for_all["AutoPublishAliasAllProperties"] is True
    assert for_all["Layers"] == [{"Ref": "CommonLayer"}]
    assert resource("CommonLayer")["PublishLambdaVersion"] is True
    for name, properties in functions().items():
        assert not {"AutoPublishAlias", "AutoPublishAliasAllProperties", "Layers"} & set(properties), name


def test_every_door_has_its_folder_and_every_folder_its_door() -> None:
    entries = {
        f"{properties['CodeUri']}/{properties.get('Handler', 'handler.lambda_handler').partition('.')[0]}.py"
        for properties in functions().values()
    }

    assert entries == {str(path.relative_to(ROOT)) for path in ROOT.glob("functions/*/*.py")}


WITHOUT_A_RESOURCE = {"ses:DeleteSuppressedDestination"}
"""Actions for which AWS knows no resource to name (Service Authorization Reference, Amazon SES API v2)."""


def test_no_policy_allows_by_wildcard() -> None:
    for name, statement in _statements():
        actions = _listed(statement["Action"])
        for action in actions:
            assert "*" not in action, f"{name} allows {action}"
        if set(actions) <= WITHOUT_A_RESOURCE:
            continue
        for target in _listed(statement.get("Resource", [])):
            # Objects in a folder of a bucket, and partners' secrets, are sets without a list of members.
            spelled = target.get("Fn::Sub", "") if isinstance(target, dict) else target
            spelled = spelled[0] if isinstance(spelled, list) else spelled
            # What Secrets Manager adds to a secret's name is known when the secret is there.
            assert "?" not in spelled.removesuffix("-??????"), f"{name} reaches {spelled}"
            assert "*" not in spelled or OBJECTS.fullmatch(spelled), f"{name} reaches {spelled}"


def test_a_function_gets_policies_of_the_template_and_a_worker_its_own_queue() -> None:
    """SAM's policy for a function with a queue receives from, and deletes in, every queue of the account."""
    for name, properties in functions().items():
        policies = properties.get("Policies", [])
        own = [policy for policy in policies if "Statement" in policy]

        assert all(policy.get("Ref") in POLICIES for policy in policies if policy not in own), name
        assert own == [_works(_queue_of(jobs()[name]))] if name in jobs() else not own, name
        assert not [one for one in properties.get("Events", {}).values() if one["Type"] == "SQS"]


def _works(queue: str) -> dict[str, Any]:
    actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    statement = {"Effect": "Allow", "Action": actions, "Resource": {"Fn::GetAtt": f"{queue}.Arn"}}
    return {"Statement": [statement]}


def test_no_policy_of_the_translated_template_reaches_everything_and_no_role_has_more_than_eight() -> None:
    """IAM takes ten; those of AWS itself that SAM adds are the one for logs, and CodeDeploy's."""
    of_aws = set()
    for name, one in translated().items():
        if one["Type"] not in ("AWS::IAM::Role", "AWS::IAM::ManagedPolicy"):
            continue
        properties = one["Properties"]
        managed = properties.get("ManagedPolicyArns", [])
        documents = [inline["PolicyDocument"] for inline in properties.get("Policies", [])]
        documents += [properties["PolicyDocument"]] if "PolicyDocument" in properties else []

        assert len(managed) <= 8, name
        of_aws |= {str(arn).rpartition("/")[2].rstrip("'}") for arn in managed if "Ref" not in arn}
        for statement in (one for document in documents for one in document["Statement"]):
            if not set(_listed(statement["Action"])) <= WITHOUT_A_RESOURCE:
                assert "*" not in _listed(statement["Resource"]), name

    assert of_aws == {
        "AWSLambdaBasicExecutionRole",
        "AWSCodeDeployRoleForLambda",
        "AmazonAPIGatewayPushToCloudWatchLogs",
    }


def test_a_worker_that_may_feed_itself_says_so_or_lambda_cuts_it_after_sixteen_rounds() -> None:
    """Through any number of others: who may send to a queue, or put files into a bucket that tells one."""
    feeds: dict[str, set[str]] = {}
    for name, properties in functions().items():
        owned = {policy["Ref"] for policy in properties.get("Policies", []) if "Ref" in policy}
        allowed = [statement for owner, statement in _statements() if owner in owned]
        feeds[name] = _queues_sent_to(allowed) | _queues_told_of_files(allowed)
    feeding_themselves = {
        name for name in jobs() if _queue_of(jobs()[name]) in _reached(feeds, feeds[name], set())
    }

    allowed_loops = {name for name, properties in functions().items() if "RecursiveLoop" in properties}
    assert feeding_themselves == allowed_loops
    assert {functions()[name]["RecursiveLoop"] for name in allowed_loops} == {"Allow"}
    assert {"NightFunction", "ImportsWorkerFunction", "DeliverFunction", "CarryOutFunction"} <= allowed_loops


def _queues_sent_to(statements: list[dict[str, Any]]) -> set[str]:
    return {
        target["Fn::GetAtt"].removesuffix(".Arn")
        for statement in statements
        if "sqs:SendMessage" in _listed(statement["Action"])
        for target in _listed(statement["Resource"])
    }


def _queues_told_of_files(statements: list[dict[str, Any]]) -> set[str]:
    put = [
        target["Fn::Sub"]
        for statement in statements
        if "s3:PutObject" in _listed(statement["Action"])
        for target in _listed(statement["Resource"])
    ]
    found = set()
    for bucket in BUCKETS:
        for told in resource(bucket)["NotificationConfiguration"]["QueueConfigurations"]:
            rules = told.get("Filter", {"S3Key": {"Rules": []}})["S3Key"]["Rules"]
            prefix = "".join(rule["Value"] for rule in rules if rule["Name"] == "prefix")
            places = {f"${{{bucket}.Arn}}/*", f"${{{bucket}.Arn}}/{prefix}*"}
            if places & set(put) or (not prefix and any(f"${{{bucket}.Arn}}" in one for one in put)):
                found.add(told["Queue"]["Fn::GetAtt"].removesuffix(".Arn"))
    return found


def _reached(feeds: dict[str, set[str]], queues: set[str], seen: set[str]) -> set[str]:
    """The queues that a job may end up in, handed on from worker to worker."""
    new = queues - seen
    if not new:
        return seen
    on = {queue for name, mapping in jobs().items() if _queue_of(mapping) in new for queue in feeds[name]}
    return _reached(feeds, on, seen | new)


NAMED_BY = {
    "AWS::ApiGateway::Account": "",
    "AWS::ApiGateway::Deployment": "",
    "AWS::ApiGateway::RestApi": "",
    "AWS::ApiGateway::Stage": "",
    "AWS::Budgets::Budget": "BudgetName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CodeDeploy::Application": "ApplicationName",
    "AWS::CodeDeploy::DeploymentGroup": "DeploymentGroupName",
    "AWS::Cognito::UserPool": "",
    "AWS::Cognito::UserPoolClient": "",
    "AWS::Cognito::UserPoolGroup": "",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Alias": "",
    "AWS::Lambda::EventSourceMapping": "",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Lambda::LayerVersion": "",
    "AWS::Lambda::Permission": "",
    "AWS::Lambda::Version": "",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Logs::MetricFilter": "FilterName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::S3::BucketPolicy": "",
    "AWS::SES::ConfigurationSet": "Name",
    "AWS::SES::ConfigurationSetEventDestination": "",
    "AWS::SNS::Subscription": "",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SNS::TopicPolicy": "",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SQS::QueuePolicy": "",
    "AWS::Scheduler::Schedule": "Name",
}
"""Which property names a resource in its account and region; none where a name may come twice."""


def test_a_second_stage_fits_into_the_same_account_and_region() -> None:
    named = {}
    for name, one in translated().items():
        spelled = one.get("Properties", {}).get(NAMED_BY[one["Type"]])
        if spelled is not None:
            named[name] = spelled

    assert set(named) == {"ImportsBucket", "FilesBucket", "MailConfiguration"}
    for name, spelled in named.items():
        assert "${StageName}" in spelled["Fn::Sub"], name


def test_a_schedules_role_is_this_accounts_alone() -> None:
    (statement,) = resource("ScheduleRole")["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    for name, properties in functions().items():
        for event in properties.get("Events", {}).values():
            assert event["Properties"]["RoleArn"] == {"Fn::GetAtt": "ScheduleRole.Arn"}, name


def test_doors_that_only_read_cannot_write() -> None:
    for name in ("SearchFunction", "HistoryFunction"):
        assert {"Ref": "WriteData"} not in functions()[name]["Policies"]


@pytest.mark.parametrize(
    ("alarm", "metric"),
    [
        ("DeadLettersAlarm", "ApproximateNumberOfMessagesVisible"),
        ("OldestMessageAlarm", "ApproximateAgeOfOldestMessage"),
    ],
)
def test_one_alarm_watches_all_dead_letters_and_one_the_oldest_message_of_every_queue(
    alarm: str, metric: str
) -> None:
    watched = {}
    expression, *asked = resource(alarm)["Metrics"]
    for one in asked:
        told = one["MetricStat"]["Metric"]
        assert told["MetricName"] == metric
        assert (one["ReturnData"], f"FILL({one['Id']}, 0)" in expression["Expression"]) == (False, True)
        queue, _, attribute = told["Dimensions"][0]["Value"]["Fn::GetAtt"].partition(".")
        assert attribute == "QueueName"
        watched[queue] = one["Id"]

    dead = {_dead_letters_of(name) for name in WORK_QUEUES}
    assert set(watched) == (dead if alarm == "DeadLettersAlarm" else set(WORK_QUEUES))
    assert len(asked) <= 10  # CloudWatch takes no more


def _dead_letters_of(queue: str) -> str:
    target, _, attribute = QUEUES[queue]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"].partition(".")
    assert attribute == "Arn"
    return str(target)


def test_every_queue_is_worked_or_holds_dead_letters_and_is_encrypted() -> None:
    dead_letters = {_dead_letters_of(name) for name in WORK_QUEUES}

    assert set(QUEUES) == set(WORK_QUEUES) | dead_letters
    assert all(queue["SqsManagedSseEnabled"] is True for queue in QUEUES.values())


def test_a_queue_waits_longer_than_its_worker_works_and_takes_failures_one_by_one() -> None:
    worked = {name: _queue_of(mapping) for name, mapping in jobs().items()}

    assert sorted(worked.values()) == sorted(WORK_QUEUES)
    for name, queue in worked.items():
        assert QUEUES[queue]["VisibilityTimeout"] > functions()[name]["Timeout"], name
        assert jobs()[name]["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name


def _queue_of(mapping: dict[str, Any]) -> str:
    return str(mapping["EventSourceArn"]["Fn::GetAtt"].removesuffix(".Arn"))


@pytest.mark.parametrize("name", ["SendFunction", "NotifyFunction"])
def test_as_many_workers_that_send_run_as_share_the_rate(name: str) -> None:
    scaling = jobs()[name]["ScalingConfig"]

    assert scaling == {"MaximumConcurrency": WORKERS}
    assert CAMPAIGNS_SHARE + CASES_SHARE == 1


def test_a_case_notes_mail_comes_again_until_nobody_can_know_any_more() -> None:
    queue = QUEUES["NotifyQueue"]
    comes_again_s = queue["VisibilityTimeout"] * (queue["RedrivePolicy"]["maxReceiveCount"] - 1)

    assert comes_again_s > 2 * ANSWER_WITHIN.total_seconds()
    assert functions()["NotifyFunction"]["Timeout"] >= 10 * (CONNECT_TIMEOUT_S + READ_TIMEOUT_S)


def test_a_case_note_is_looked_after_once_the_door_that_wrote_it_is_gone() -> None:
    assert template()["Globals"]["Function"]["Timeout"] < LOOKED_AFTER.total_seconds() <= 900


def test_a_claimed_message_is_free_again_before_its_queue_message_comes_again() -> None:
    hidden_s = QUEUES["SendQueue"]["VisibilityTimeout"]

    assert LEASE.total_seconds() < hidden_s
    assert functions()["SendFunction"]["Timeout"] >= 10 * (CONNECT_TIMEOUT_S + READ_TIMEOUT_S)


def test_a_worker_of_minutes_hides_its_message_itself_and_may_do_so_with_no_other() -> None:
    """As often as it takes to outlast an hour of an outage, in tries two minutes apart."""
    workers = {"ImportsWorkerFunction": "Imports", "DeliverFunction": "Export", "CarryOutFunction": "Privacy"}
    doors = {"ImportsFunction": "Imports"}  # shares its worker's policy, and receives no message
    allowed = {
        name: [
            statement["Resource"]["Fn::GetAtt"]
            for owner, statement in _statements()
            if statement["Action"] == "sqs:ChangeMessageVisibility"
            and {"Ref": owner} in properties.get("Policies", [])
        ]
        for name, properties in functions().items()
    }

    assert {name: queues for name, queues in allowed.items() if queues} == {
        name: [f"{queue}Queue.Arn"] for name, queue in (workers | doors).items()
    }
    for queue in workers.values():
        tries = QUEUES[f"{queue}Queue"]["RedrivePolicy"]["maxReceiveCount"]
        assert (tries - 1) * LIFE >= timedelta(hours=1)
    assert 3 * BEAT < LIFE


@pytest.mark.rule("P5")
def test_a_photos_file_is_told_of_and_stays_in_the_quarantine_for_no_more_than_a_day() -> None:
    bucket = resource("FilesBucket")

    (told,) = bucket["NotificationConfiguration"]["QueueConfigurations"]
    assert told["Queue"] == {"Fn::GetAtt": "PhotosQueue.Arn"}
    assert told["Filter"] == {"S3Key": {"Rules": [{"Name": "prefix", "Value": QUARANTINE}]}}
    (ends,) = (r for r in bucket["LifecycleConfiguration"]["Rules"] if r.get("Prefix") == QUARANTINE)
    assert (ends["Status"], ends["ExpirationInDays"]) == ("Enabled", 1)
    assert not [r for r in bucket["LifecycleConfiguration"]["Rules"] if r.get("Prefix") == PHOTOS]


@pytest.mark.rule("P5")
def test_a_deleted_photos_files_are_looked_for_once_its_door_is_over() -> None:
    assert functions()["PhotosFunction"].get("Timeout", 0) == 0  # that of all
    assert template()["Globals"]["Function"]["Timeout"] < SWEPT_AFTER_S


@pytest.mark.parametrize("name", ["QueueNightsFunction", "NightlyFunction"])
def test_the_schedule_is_hourly_in_utc_as_the_emulator_knows_no_other_time(name: str) -> None:
    hourly = functions()[name]["Events"]["Hourly"]["Properties"]

    assert hourly["ScheduleExpression"] == "cron(0 * * * ? *)"
    assert hourly["ScheduleExpressionTimezone"] == "UTC"


def test_ses_tells_of_everything_that_feedback_takes() -> None:
    told = resource("MailEventDestination")["EventDestination"]["MatchingEventTypes"]

    assert {"send", "delivery", "bounce", "complaint", "reject", "open", "click"} <= set(told)


def test_an_alarm_counts_the_messages_that_ses_never_answered_about() -> None:
    metric = resource("UnknownMessages")

    assert metric["FilterPattern"] == '{ ($.service = "night" || $.service = "send") && $.unknown > 0 }'
    assert resource("UnknownMessagesAlarm")["MetricName"] == metric["MetricTransformations"][0]["MetricName"]
    of_cases = resource("UnknownCaseMails")
    assert of_cases["FilterPattern"] == '{ $.service = "notify" && $.unknown > 0 }'
    assert (
        of_cases["MetricTransformations"][0]["MetricName"] == metric["MetricTransformations"][0]["MetricName"]
    )


@pytest.mark.rule("C24")
def test_a_connection_test_has_its_answer_before_lambda_ends_it() -> None:
    limits = door("functions/exporters")

    longest_s = limits.CONNECT_LIMIT_S + 2 * limits.ANSWER_LIMIT_S
    assert longest_s < template()["Globals"]["Function"]["Timeout"]


@pytest.mark.rule("C24")
@pytest.mark.parametrize(("name", "counted"), [("Undelivered", "given_up"), ("Uncertain", "uncertain")])
def test_an_alarm_counts_partner_files_that_a_person_has_to_look_at(name: str, counted: str) -> None:
    metric = resource(f"{name}Files")

    assert metric["FilterPattern"] == f'{{ $.service = "deliver" && $.{counted} > 0 }}'
    assert counted in {field.name for field in fields(Delivered)}
    alarm = resource(f"{name}FilesAlarm")
    assert alarm["MetricName"] == metric["MetricTransformations"][0]["MetricName"]


def test_fewer_than_twenty_alarms_see_what_doors_and_workers_answer_as_if_all_were_well() -> None:
    """A door makes a bug a 500 and a worker a batch item that comes again: Lambda counts neither."""
    alarms = of_type("AWS::CloudWatch::Alarm")
    watched = {
        f"{one.get('Namespace')} {one['MetricName']}" for one in alarms.values() if "MetricName" in one
    }
    asked = " ".join(
        str(one["Metrics"][0]["Expression"]) for one in alarms.values() if "MetricName" not in one
    )

    assert len(alarms) < 20
    assert resource("Failures")["FilterPattern"] == '{ $.level = "ERROR" }'
    assert {
        "AWS/Lambda Errors",
        "AWS/Lambda Throttles",
        "AWS/Lambda ConcurrentExecutions",
        "AWS/ApiGateway 5XXError",
        "AWS/ApiGateway Latency",
        "AWS/SES Reputation.BounceRate",
        "AWS/SES Reputation.ComplaintRate",
    } <= watched
    assert "RecursiveInvocationsDropped" in asked
    assert "ThrottledRequests" in asked
    for name, alarm in alarms.items():
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}], name
        assert alarm["TreatMissingData"] == (
            "ignore" if alarm.get("Namespace") == "AWS/SES" else "notBreaching"
        )


def test_every_alarm_says_what_it_means_and_the_runbook_what_to_do() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text()
    means = template()["Mappings"]["Alarms"]

    for name, alarm in of_type("AWS::CloudWatch::Alarm").items():
        assert f"`{name}`" in runbook
        said = alarm["AlarmDescription"]
        assert means[said["Fn::FindInMap"][1]]["Means"] if isinstance(said, dict) else said
    for queue in WORK_QUEUES:
        assert f"| `{_dead_letters_of(queue)}` |" in runbook


def test_a_release_of_a_door_is_tried_on_a_tenth_of_its_requests_and_goes_back_by_itself() -> None:
    resources = translated()
    doors = {permission["FunctionName"]["Ref"] for permission in of_type("AWS::Lambda::Permission").values()}

    for name in functions():
        tried = "CodeDeployLambdaAliasUpdate" in resources[f"{name}Aliaslive"].get("UpdatePolicy", {})
        assert tried is (f"{name}.Alias" in doors), name
    for group in (one for one in resources.values() if one["Type"] == "AWS::CodeDeploy::DeploymentGroup"):
        alarms = [one["Name"]["Ref"] for one in group["Properties"]["AlarmConfiguration"]["Alarms"]]
        assert alarms == ["FailuresAlarm", "FunctionErrorsAlarm", "ApiErrorsAlarm"]
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["Properties"]["AutoRollbackConfiguration"]["Events"]


def test_make_deploy_passes_every_parameter_lest_sam_keeps_the_one_before() -> None:
    line = (ROOT / "Makefile").read_text().partition("\nPARAMETERS = ")[2].partition("\nPLATFORM")[0]
    passed = dict(re.findall(r"(\w+)=(\S+)", line))

    assert set(passed) == set(template()["Parameters"])
    for name, value in passed.items():  # SAM takes no `Name=`, but `Name=""`
        is_empty = template()["Parameters"][name].get("Default") == ""
        assert (value.startswith('"')) is is_empty or name == "VpicUrl", name


def test_nothing_is_paid_for_that_says_what_the_logs_say() -> None:
    (settings,) = resource("Api")["MethodSettings"]
    logging = template()["Globals"]["Function"]["LoggingConfig"]

    assert settings["MetricsEnabled"] is False
    assert "Tracing" not in template()["Globals"]["Function"]
    assert (logging["SystemLogLevel"], logging["ApplicationLogLevel"]) == ("WARN", {"Ref": "LogLevel"})
    assert template()["Parameters"]["LogLevel"]["AllowedValues"] == ["DEBUG", "INFO", "WARN", "ERROR"]
    assert "SSESpecification" not in resource("CrossbayTable")


def test_the_stack_has_room_below_the_500_resources_that_cloudformation_takes() -> None:
    assert len(translated()) <= 350


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_is_closed_to_the_public_encrypted_and_expires(name: str) -> None:
    bucket = resource(name)

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert bucket["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] <= 30
    assert bucket["LifecycleConfiguration"]["Rules"][0]["Status"] == "Enabled"


def test_the_table_can_be_restored_expires_items_and_outlives_the_stack() -> None:
    table = resource("CrossbayTable")

    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert template()["Resources"]["CrossbayTable"]["DeletionPolicy"] == {"Ref": "DataPolicy"}
    assert template()["Parameters"]["DataPolicy"]["Default"] == "Retain"


@pytest.mark.parametrize("name", ["UserPool", "PortalPool"])
def test_sign_in_mail_leaves_through_ses_in_our_own_words_where_a_domain_is_given(name: str) -> None:
    """Cognito's own sender mails 50 times a day for the whole account, and takes no words of ours."""
    pool = resource(name)
    condition, mail, without = pool["EmailConfiguration"]["Fn::If"]
    arn = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${SenderDomain}"

    assert (condition, without) == ("HasSenderDomain", {"EmailSendingAccount": "COGNITO_DEFAULT"})
    assert (mail["EmailSendingAccount"], mail["SourceArn"]) == ("DEVELOPER", {"Fn::Sub": arn})
    assert mail["From"] == {"Fn::Sub": "Crossbay <no-reply@${SenderDomain}>"}
    for told, places in (
        (pool["AdminCreateUserConfig"]["InviteMessageTemplate"], ("{username}", "{####}", "${At}")),
        (pool["VerificationMessageTemplate"], ("{####}",)),
    ):
        condition, words, without = told["Fn::If"]
        text = words["EmailMessage"]
        text = text if isinstance(text, str) else text["Fn::Sub"][0]
        assert (condition, without) == ("HasSenderDomain", {"Ref": "AWS::NoValue"})
        assert [text.count(place) for place in places] == [1] * len(places)
        assert words["EmailSubject"]


@pytest.mark.parametrize("name", ["UserPool", "PortalPool"])
def test_nobody_signs_up_alone_and_empties_the_mails_of_a_day(name: str) -> None:
    assert resource(name)["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True


@pytest.mark.rule("X1")
def test_a_member_can_change_nothing_that_grants_anything() -> None:
    client, pool = resource("UserPoolClient"), resource("UserPool")

    assert client["WriteAttributes"] == ["name"]
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12


@pytest.mark.rule("X5", "C9")
def test_api_gateway_traces_nothing_and_logs_no_request_of_its_own() -> None:
    """Its traces hold whole URLs and addresses, its execution logs paths and bodies."""
    api = resource("Api")

    assert api["TracingEnabled"] is False
    for settings in api["MethodSettings"]:
        assert not {"LoggingLevel", "DataTraceEnabled"} & set(settings)


@pytest.mark.rule("X5")
def test_access_logs_hold_neither_person_nor_address() -> None:
    logged = resource("Api")["AccessLogSetting"]["Format"]

    for personal in (
        "identity",
        "authorizer",
        "$context.path",
        "querystring",
        "input.params",
        "requestOverride",
    ):
        assert personal not in logged
