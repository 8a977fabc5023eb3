"""What template.yaml deploys that costs by itself or bounds what the product can take."""

import json
from dataclasses import dataclass

from local.template import functions, of_type, resource, template


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """memory_gb: by function. at_once: the most runs of a worker side by side, by function.

    polled_queues: those that Lambda asks all day. has_system_logs: the lines of Lambda's own about each run.
    requests_per_second: what the API takes of one method. mails_per_second: SES's, shared by the senders.
    """

    memory_gb: dict[str, float]
    at_once: dict[str, int]
    alarms: int
    metrics: int
    polled_queues: int
    traces_functions: bool
    has_method_metrics: bool
    keeps_partner_secrets: bool
    has_key_of_kms: bool
    has_system_logs: bool
    requests_per_second: int
    mails_per_second: float


def deployed() -> Deployment:
    whole = template()["Globals"]["Function"]
    every = {name: whole | told for name, told in functions().items()}
    sources = of_type("AWS::Lambda::EventSourceMapping").values()
    settings = resource("Api")["MethodSettings"]
    filters = of_type("AWS::Logs::MetricFilter").values()
    return Deployment(
        memory_gb={name: told["MemorySize"] / 1024 for name, told in every.items()},
        at_once={
            told["FunctionName"]["Ref"].partition(".")[0]: told["ScalingConfig"]["MaximumConcurrency"]
            for told in sources
            if "ScalingConfig" in told
        },
        alarms=len(of_type("AWS::CloudWatch::Alarm")),
        metrics=len({one["MetricName"] for told in filters for one in told["MetricTransformations"]}),
        polled_queues=len(sources),
        traces_functions=any(told.get("Tracing") == "Active" for told in every.values()),
        has_method_metrics=any(one.get("MetricsEnabled") for one in settings),
        keeps_partner_secrets="secretsmanager:CreateSecret" in json.dumps(template()["Resources"]),
        has_key_of_kms=bool(resource("CrossbayTable").get("SSESpecification", {}).get("SSEEnabled")),
        has_system_logs=whole["LoggingConfig"].get("SystemLogLevel", "INFO") != "WARN",
        requests_per_second=min(one["ThrottlingRateLimit"] for one in settings),
        mails_per_second=float(template()["Parameters"]["SendsPerSecond"]["Default"]),
    )
