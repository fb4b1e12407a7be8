"""The queries that the shop's engineers have saved in their account."""

from lambdatop.demo.document import Document

SAVED_QUERIES: tuple[Document, ...] = (
    {
        "name": "lambda/Cold starts by version",
        "queryString": (
            'filter @type = "REPORT"\n'
            "| parse @logStream /\\[(?<version>[^\\]]+)\\]/\n"
            "| stats count(*) as invocations, sum(ispresent(@initDuration)) as cold_starts by version\n"
            "| sort cold_starts desc"
        ),
    },
    {
        "name": "lambda/Slow requests",
        "queryString": (
            "fields @timestamp, @requestId, @duration, @log\n"
            '| filter @type = "REPORT" and @duration > {{threshold_ms}}\n'
            "| sort @duration desc\n"
            "| limit 20"
        ),
        "parameters": [
            {"name": "threshold_ms", "defaultValue": "1000", "description": "Show requests that took longer, in ms"}
        ],
    },
    {
        "name": "checkout/Errors by minute",
        "queryString": "filter @message like /(?i)error/\n| stats count(*) as errors by bin(1m)",
        "logGroupNames": ["/aws/lambda/checkout-api"],
    },
)
