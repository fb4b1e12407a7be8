"""Links into the AWS console."""

from urllib.parse import quote

from lambdatop.model.identity import FunctionKey


def function_console_url(key: FunctionKey) -> str:
    """Return the address of a function's monitoring page, in the console of its partition.

    >>> function_console_url(FunctionKey("123456789012", "eu-west-1", "checkout"))
    'https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/checkout?tab=monitoring'
    """
    region = quote(key.region, safe="")
    path = f"lambda/home?region={region}#/functions/{quote(key.name, safe='')}?tab=monitoring"
    return f"https://{_host(region)}/{path}"


def trace_console_url(region: str, trace_id: str) -> str:
    """Return the address of a trace in the CloudWatch console.

    >>> trace_console_url("eu-west-1", "1-5759e988-bd862e3fe1be46a994272793").partition("#")[2]
    'xray:traces/1-5759e988-bd862e3fe1be46a994272793'
    """
    region = quote(region, safe="")
    return f"https://{_host(region)}/cloudwatch/home?region={region}#xray:traces/{quote(trace_id, safe='')}"


def _host(region: str) -> str:
    if region.startswith("cn-"):
        return f"{region}.console.amazonaws.cn"
    if region.startswith("us-gov-"):
        return "console.amazonaws-us-gov.com"
    return f"{region}.console.aws.amazon.com"
