"""Which IAM actions let lambdatop ask what it asks: one table for panes that are denied, the policy and the doctor.

Actions and the resources that they can be scoped to are those of the Service Authorization Reference (AWS-FACTS 11).
"""

import re
from typing import Literal, NamedTuple

Resource = Literal["*", "log_group", "function", "queue"]
"""What an action can be scoped to; "*" where it can be to nothing."""
Feature = Literal["core", "insights", "live_tail"]
"""What an action is for: the screen as it is, Logs Insights, or the tail that is paid by the minute."""

ARN_FORMATS: dict[Resource, str] = {
    "*": "*",
    "log_group": "arn:{partition}:logs:{region}:{account_id}:log-group:{name}",
    "function": "arn:{partition}:lambda:{region}:{account_id}:function:{name}",
    "queue": "arn:{partition}:sqs:{region}:{account_id}:{name}",
}
_USUAL_NAMES: dict[Resource, str] = {"*": "*", "log_group": "/aws/lambda/*", "function": "*", "queue": "*"}
_RESOURCE = re.compile(r"on resource: (arn:[^\s]+?)(?::log-stream:\S*)?(?: |$)")
_PARTITIONS = (
    ("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-iso-", "aws-iso"), ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"), ("eu-isoe-", "aws-iso-e"), ("eusc-", "aws-eusc"),
)  # fmt: skip


class Permission(NamedTuple):
    """One operation: who asks for it, what goes without, and what allows it."""

    source: str
    """The source's name, as its status has it."""
    pane: str
    """What on the screen suffers without it."""
    resource: Resource
    actions: tuple[str, ...]
    """Empty where the operation needs no permission at all."""
    feature: Feature = "core"


PERMISSIONS: dict[str, Permission] = {
    "sts:GetCallerIdentity": Permission("identity", "all", "*", ()),
    "lambda:ListFunctions": Permission("functions", "all", "*", ("lambda:ListFunctions",)),
    "lambda:GetAccountSettings": Permission("concurrency", "concurrency", "*", ("lambda:GetAccountSettings",)),
    "lambda:GetFunctionConcurrency": Permission(
        "concurrency", "concurrency", "function", ("lambda:GetFunctionConcurrency",)
    ),
    "lambda:ListProvisionedConcurrencyConfigs": Permission(
        "concurrency", "concurrency", "function", ("lambda:ListProvisionedConcurrencyConfigs",)
    ),
    "lambda:ListEventSourceMappings": Permission(
        "event sources", "dead letters", "*", ("lambda:ListEventSourceMappings",)
    ),
    "lambda:ListFunctionEventInvokeConfigs": Permission(
        "event sources", "dead letters", "function", ("lambda:ListFunctionEventInvokeConfigs",)
    ),
    "logs:FilterLogEvents": Permission("logs", "errors, log", "log_group", ("logs:FilterLogEvents",)),
    "logs:StartLiveTail": Permission("logs", "log", "log_group", ("logs:StartLiveTail",), "live_tail"),
    "logs:DescribeLogGroups": Permission("logs", "errors", "*", ("logs:DescribeLogGroups",), "insights"),
    "logs:StartQuery": Permission("queries", "insights, errors", "log_group", ("logs:StartQuery",), "insights"),
    "logs:GetQueryResults": Permission(
        "queries", "insights, errors", "log_group", ("logs:GetQueryResults",), "insights"
    ),
    "logs:StopQuery": Permission("queries", "insights, errors", "*", ("logs:StopQuery",), "insights"),
    "logs:GetLogRecord": Permission("queries", "insights", "log_group", ("logs:GetLogRecord",), "insights"),
    "logs:GetLogGroupFields": Permission("queries", "insights", "log_group", ("logs:GetLogGroupFields",), "insights"),
    "logs:DescribeQueryDefinitions": Permission(
        "queries", "insights", "*", ("logs:DescribeQueryDefinitions",), "insights"
    ),
    "cloudwatch:GetMetricData": Permission("metrics", "throttles", "*", ("cloudwatch:GetMetricData",)),
    "sqs:GetQueueUrl": Permission("queues", "dead letters", "queue", ("sqs:GetQueueUrl",)),
    "sqs:GetQueueAttributes": Permission("queues", "dead letters", "queue", ("sqs:GetQueueAttributes",)),
    "xray:GetTraceSummaries": Permission("traces", "traces", "*", ("xray:GetTraceSummaries",)),
    "xray:GetTraceSegmentDestination": Permission("traces", "traces", "*", ("xray:GetTraceSegmentDestination",)),
}
"""By service and operation, in the order in which the screen needs them."""


def partition_of(region: str) -> str:
    """Return the partition of AWS that a region is in.

    >>> partition_of("eu-west-1"), partition_of("cn-north-1"), partition_of("us-gov-west-1")
    ('aws', 'aws-cn', 'aws-us-gov')
    """
    return next((partition for prefix, partition in _PARTITIONS if region.startswith(prefix)), "aws")


def denial_remedy(operation: str, message: str = "") -> str:
    """Return what helps where AWS denies an operation, in one sentence.

    AWS's message names the resource for most actions, and says where a policy denies explicitly.

    >>> denial_remedy("lambda:ListFunctions")
    'Allow the IAM action lambda:ListFunctions on *, as `lambdatop policy` prints it.'
    """
    permission = PERMISSIONS.get(operation)
    if "explicit deny" in message or (permission is not None and not permission.actions):
        return f"A policy denies {operation} explicitly: ask whoever owns that policy, since allowing it is no help."
    actions = (operation,) if permission is None else permission.actions
    resource: Resource = "*" if permission is None else permission.resource
    named = _RESOURCE.search(message) if resource != "*" else None
    arn = (
        named[1]
        if named
        else ARN_FORMATS[resource].format(partition="aws", region="*", account_id="*", name=_USUAL_NAMES[resource])
    )
    word = "action" if len(actions) == 1 else "actions"
    return f"Allow the IAM {word} {' and '.join(actions)} on {arn}, as `lambdatop policy` prints it."
