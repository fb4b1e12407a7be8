"""The environment that points an AWS client at the embedded account, and away from the user's own."""

import os
import shlex
from collections.abc import Mapping, MutableMapping

_PROXY_VARIABLES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
_EXAMPLES = (
    "lambdatop",
    "aws lambda list-functions --query 'Functions[].FunctionName'",
    "aws logs tail /aws/lambda/checkout-api --since 1m --follow",
    'aws sqs list-queues --endpoint-url "$AWS_ENDPOINT_URL"',
    (
        'aws sqs get-queue-attributes --endpoint-url "$AWS_ENDPOINT_URL" --attribute-names All'
        ' --queue-url "$AWS_ENDPOINT_URL/123456789012/email-dlq"'
    ),
    "aws cloudwatch list-metrics --namespace AWS/Lambda --metric-name Throttles",
    "aws xray get-trace-summaries --start-time $(($(date +%s) - 300)) --end-time $(date +%s)",
    "awslogs get /aws/lambda/checkout-api --watch",
)
_EMPTY_EXAMPLES = (
    "lambdatop",
    "aws logs create-log-group --log-group-name /aws/lambda/mine",
    "aws cloudwatch put-metric-data --namespace AWS/Lambda --metric-name Throttles --value 3",
    'aws sqs create-queue --endpoint-url "$AWS_ENDPOINT_URL" --queue-name mine-dlq',
)
_UNSET_IN_SHELLS = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN")


def demo_environment(endpoint_url: str, region: str) -> dict[str, str]:
    """Return the variables that any AWS client needs; the credentials are made up and open nothing elsewhere."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": "lambdatop-demo",
        "AWS_SECRET_ACCESS_KEY": "lambdatop-demo",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
    }


def isolate(environment: MutableMapping[str, str], endpoint_url: str, region: str) -> None:
    """Replace all that a process knows of AWS: profiles, credentials, files and proxies of the user play no part.

    >>> environment = {"AWS_PROFILE": "prod", "HTTPS_PROXY": "http://proxy", "HOME": "/home/me"}
    >>> isolate(environment, "http://127.0.0.1:4000", "eu-west-1")
    >>> sorted(name for name in environment if not name.startswith("AWS_")), environment["AWS_CONFIG_FILE"]
    (['HOME'], '/dev/null')
    """
    for name in [name for name in environment if name.startswith("AWS_") or name in _PROXY_VARIABLES]:
        del environment[name]
    environment.update(demo_environment(endpoint_url, region))
    environment.update({"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull})


def shell_lines(variables: Mapping[str, str], *, is_empty: bool = False) -> list[str]:
    """Return lines that a shell can evaluate, and commands to try as comments.

    The SQS examples name the endpoint themselves because the AWS CLI 1 does not read AWS_ENDPOINT_URL for SQS.
    """
    return [
        "# An embedded AWS account; it ends with ctrl+c. In another shell:",
        *(f"export {name}={shlex.quote(value)}" for name, value in variables.items()),
        f"unset {' '.join(_UNSET_IN_SHELLS)}",
        "# Then, for example (AWS CLI 2 has logs tail; before 1.29 and 2.13 it needs --endpoint-url everywhere):",
        *(f"#   {example}" for example in (_EMPTY_EXAMPLES if is_empty else _EXAMPLES)),
    ]
