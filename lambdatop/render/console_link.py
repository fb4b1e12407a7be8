"""Links into the AWS console."""

from urllib.parse import quote

from lambdatop.model.identity import FunctionKey


def function_console_url(key: FunctionKey) -> str:
    """Return the address of a function's monitoring page, in the console of its partition.

    >>> function_console_url(FunctionKey("123456789012", "eu-west-1", "checkout"))
    'https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/checkout?tab=monitoring'
    """
    region = quote(key.region, safe="")
    host = f"{region}.console.aws.amazon.com"
    if key.region.startswith("cn-"):
        host = f"{region}.console.amazonaws.cn"
    elif key.region.startswith("us-gov-"):
        host = "console.amazonaws-us-gov.com"
    return f"https://{host}/lambda/home?region={region}#/functions/{quote(key.name, safe='')}?tab=monitoring"
