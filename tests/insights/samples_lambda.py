"""AWS's sample queries for Lambda, with their answers over the known log worked out by hand.

Sources: "Sample queries" in the CloudWatch Logs user guide, the sample queries of its console, "Monitoring for Lambda
SnapStart" in the Lambda developer guide, "Useful Insights queries" in the Lambda operator guide, and the queries of
this project's own notes where AWS has none (JSON format, both styles of timeout).
"""

from typing import NamedTuple

from tests.insights.known_log import BILLING, ORDERS, PDF, request_id


class Sample(NamedTuple):
    """A query over some log groups (all where none is named) and its whole answer, in order."""

    name: str
    groups: tuple[str, ...]
    query: str
    columns: tuple[str, ...]
    rows: list[tuple[str | None, ...]]


_DAY = "2026-11-21"
_ORDERS_LOG = "123456789012:/aws/lambda/orders"
_BILLING_LOG = "123456789012:/aws/lambda/billing"
_STREAM_7 = "2026/11/21/[7]aaaa0000000000000000000000000001"
_STREAM_8 = "2026/11/21/[8]aaaa0000000000000000000000000002"


def at(clock: str) -> str:
    """A time of that day as an answer writes it; what is left out is zero."""
    return f"{_DAY} {clock}{'00:00:00.000'[len(clock) :]}"


LAMBDA_SAMPLES = [
    Sample(
        "overprovisioned memory",
        (ORDERS,),
        """filter @type = "REPORT"
    | stats max(@memorySize / 1000 / 1000) as provisonedMemoryMB,
        min(@maxMemoryUsed / 1000 / 1000) as smallestMemoryRequestMB,
        avg(@maxMemoryUsed / 1000 / 1000) as avgMemoryUsedMB,
        max(@maxMemoryUsed / 1000 / 1000) as maxMemoryUsedMB,
        provisonedMemoryMB - maxMemoryUsedMB as overProvisionedMB""",
        (
            "provisonedMemoryMB",
            "smallestMemoryRequestMB",
            "avgMemoryUsedMB",
            "maxMemoryUsedMB",
            "overProvisionedMB",
        ),
        # The average of 60, 60, 60, 90, 70, 128 and 128 is 596 / 7.
        [("128", "60", "85.14285714285714", "128", "0")],
    ),
    Sample(
        "latency report",
        (ORDERS,),
        """filter @type = "REPORT" |
    stats avg(@duration), max(@duration), min(@duration) by bin(5m)""",
        ("bin(5m)", "avg(@duration)", "max(@duration)", "min(@duration)"),
        # Averages of 100, 20, 40 and of 1500, 60, 3000, 2500.
        [(at("03:00"), "53.333333333333336", "100", "20"), (at("03:05"), "1765", "3000", "60")],
    ),
    Sample(
        "slow requests without their retries",
        (ORDERS,),
        """fields @timestamp, @requestId, @message, @logStream
| filter @type = "REPORT" and @duration > 1000
| sort @timestamp desc
| dedup @requestId
| limit 20""",
        ("@timestamp", "@requestId", "@message", "@logStream"),
        [
            (
                at("03:09:32.500"),
                request_id(6),
                (
                    f"REPORT RequestId: {request_id(6)}\tDuration: 2500.00 ms\tBilled Duration: 2500 ms\t"
                    "Memory Size: 128 MB\tMax Memory Used: 128 MB\t\n"
                ),
                _STREAM_8,
            ),
            (
                at("03:06:01.500"),
                request_id(4),
                (
                    f"REPORT RequestId: {request_id(4)}\tDuration: 1500.00 ms\tBilled Duration: 1500 ms\t"
                    "Memory Size: 128 MB\tMax Memory Used: 90 MB\t\n"
                ),
                _STREAM_7,
            ),
        ],
    ),
    Sample(
        "most expensive requests",
        (ORDERS,),
        """filter @type = "REPORT"
| fields @requestId, @billedDuration
| sort by @billedDuration desc""",
        ("@requestId", "@billedDuration"),
        [
            (request_id(number), billed)
            for number, billed in ((6, "3000"), (6, "2500"), (4, "1500"), (1, "350"), (5, "210"), (3, "40"), (2, "20"))
        ],
    ),
    Sample(
        "latency of SnapStart functions and others, cold and warm",
        (ORDERS, PDF),
        r"""filter @type = "REPORT"
  | parse @log /\d+:\/aws\/lambda\/(?<function>.*)/
  | parse @message /Restore Duration: (?<restoreDuration>.*?) ms/
  | stats
count(*) as invocations,
pct(@duration+coalesce(@initDuration,0)+coalesce(restoreDuration,0), 50) as p50,
pct(@duration+coalesce(@initDuration,0)+coalesce(restoreDuration,0), 90) as p90,
pct(@duration+coalesce(@initDuration,0)+coalesce(restoreDuration,0), 99) as p99,
pct(@duration+coalesce(@initDuration,0)+coalesce(restoreDuration,0), 99.9) as p99.9
group by function, (ispresent(@initDuration) or ispresent(restoreDuration)) as coldstart
  | sort by coldstart desc""",
        ("function", "coldstart", "invocations", "p50", "p90", "p99", "p99.9"),
        [
            ("pdf", "1", "1", "450", "450", "450", "450"),  # 50 + 400
            ("orders", "1", "2", "210", "350", "350", "350"),  # 60 + 150 and 100 + 250
            ("pdf", "0", "1", "70", "70", "70", "70"),
            ("orders", "0", "5", "1500", "3000", "3000", "3000"),  # 20 40 1500 2500 3000
        ],
    ),
    Sample(
        "cold starts every five minutes",
        (ORDERS,),
        """filter @type = "REPORT"
| stats count(*) as n, sum(ispresent(@initDuration)) as cold,
        sum(ispresent(@initDuration))/count(*)*100 as pct by bin(5m)""",
        ("bin(5m)", "n", "cold", "pct"),
        [(at("03:00"), "3", "1", "33.33333333333333"), (at("03:05"), "4", "1", "25")],
    ),
    Sample(
        "percentage of cold starts, by the text of the report",
        (ORDERS,),
        """filter @type = "REPORT"
| stats sum(strcontains(@message, "Init Duration"))/count(*) * 100 as coldStartPct, avg(@duration) by bin(5m)""",
        ("bin(5m)", "coldStartPct", "avg(@duration)"),
        [(at("03:00"), "33.33333333333333", "53.333333333333336"), (at("03:05"), "25", "1765")],
    ),
    Sample(
        "percentile report of billed duration",
        (ORDERS,),
        """filter @type = "REPORT"
| stats
    avg(@billedDuration) as Average,
    percentile(@billedDuration, 99) as NinetyNinth,
    percentile(@billedDuration, 95) as NinetyFifth,
    percentile(@billedDuration, 50) as Fiftieth
    by bin(30m)""",
        ("bin(30m)", "Average", "NinetyNinth", "NinetyFifth", "Fiftieth"),
        # 20 40 210 350 1500 2500 3000: 7620 / 7; the 7th, the 7th (6.65), the 4th (3.5)
        [(at("03:00"), "1088.5714285714287", "3000", "3000", "350")],
    ),
    Sample(
        "percentile report of memory",
        (ORDERS,),
        """filter @type="REPORT"
| stats avg(@maxMemoryUsed/1000/1000) as mean_MemoryUsed,
    min(@maxMemoryUsed/1000/1000) as min_MemoryUsed,
    max(@maxMemoryUsed/1000/1000) as max_MemoryUsed,
    percentile(@maxMemoryUsed/1000/1000, 95) as Percentile95""",
        ("mean_MemoryUsed", "min_MemoryUsed", "max_MemoryUsed", "Percentile95"),
        [("85.14285714285714", "60", "128", "128")],
    ),
    Sample(
        "invocations that used all of their memory",
        (ORDERS,),
        """filter @type = "REPORT" and @maxMemoryUsed=@memorySize
| stats
    count_distinct(@requestId)
    by bin(30m)""",
        ("bin(30m)", "count_distinct(@requestId)"),
        [(at("03:00"), "1")],  # one request, twice
    ),
    Sample(
        "average memory used across invocations",
        (ORDERS,),
        """filter @type = "REPORT"
| stats (avg(@maxMemoryUsed/1000/1000)/max(@memorySize/1000/1000))*100 as avgMemoryUsedPERC,
    avg(@billedDuration) as avgDurationMS
    by bin(5m)""",
        ("bin(5m)", "avgMemoryUsedPERC", "avgDurationMS"),
        # First 60 of 128, and 410 / 3; then 104 of 128 (416 / 4), and 7210 / 4.
        [(at("03:00"), "46.875", "136.66666666666666"), (at("03:05"), "81.25", "1802.5")],
    ),
    Sample(
        "warm starts by the minute",
        (ORDERS,),
        """filter @type = "REPORT" and @message not like /(?i)(init duration)/
 | stats
  avg(@duration) as Average,
  pct(@duration, 99) as NinetyNinth
by bin(1m)""",
        ("bin(1m)", "Average", "NinetyNinth"),
        [
            (at("03:01"), "20", "20"),
            (at("03:02"), "40", "40"),
            (at("03:06"), "1500", "1500"),
            (at("03:08"), "3000", "3000"),
            (at("03:09"), "2500", "2500"),
        ],
    ),
    Sample(
        "cold starts with their init duration, by function and memory",
        (ORDERS, PDF),
        r"""filter @type="REPORT"
| fields @memorySize / 1000000 as memorySize
| filter @message like /(?i)(Init Duration)/
| parse @message /^REPORT.*Init Duration: (?<initDuration>.*) ms.*/
| parse @log /^.*\/aws\/lambda\/(?<functionName>.*)/
| stats count() as coldStarts, avg(initDuration) as avgInitDuration, max(initDuration) as maxIntDuration
  by functionName, memorySize""",
        ("functionName", "memorySize", "coldStarts", "avgInitDuration", "maxIntDuration"),
        [("orders", "128", "2", "200", "250")],
    ),
    Sample(
        "cold starts by version",
        (ORDERS, PDF),
        """filter @type = "REPORT"
| parse @logStream "*[*]*" as day, version, id
| stats count(*) as invocations, sum(ispresent(@initDuration)) as coldStarts by version""",
        ("version", "invocations", "coldStarts"),
        [("3", "2", "0"), ("7", "4", "1"), ("8", "3", "1")],
    ),
    Sample(
        "all lines of one request",
        (ORDERS,),
        f'fields @timestamp, @type | filter @requestId = "{request_id(3)}" | sort @timestamp asc',
        ("@timestamp", "@type"),
        [
            (at("03:02"), "START"),
            (at("03:02:00.030"), None),
            (at("03:02:00.040"), "END"),
            (at("03:02:00.040"), "REPORT"),
        ],
    ),
    Sample(
        "traces",
        (ORDERS,),
        "filter ispresent(@xrayTraceId) | display @requestId, @xrayTraceId, @xraySegmentId, @initDuration",
        ("@requestId", "@xrayTraceId", "@xraySegmentId", "@initDuration"),
        [(request_id(5), "1-69200000-000000000000000000000005", "00000000000000a5", "150.00")],
    ),
    Sample(
        "timeouts of both styles and both formats",
        (ORDERS, PDF, BILLING),
        """filter @message like /Task timed out/ or @message like /Status: timeout/
    or (type="platform.report" and record.status="timeout")
| stats count(*) by bin(5m), @log""",
        ("bin(5m)", "@log", "count(*)"),
        [
            (at("03:05"), _BILLING_LOG, "1"),
            (at("03:05"), _ORDERS_LOG, "1"),
            (at("03:10"), _ORDERS_LOG, "2"),  # the old line, and INIT_REPORT
        ],
    ),
    Sample(
        "crashes, of which there are none",
        (ORDERS,),
        """filter @message like /Runtime exited|Error Type: |signal: killed|OutOfMemory/
| fields @timestamp, @log, @message | sort @timestamp desc""",
        ("@timestamp", "@log", "@message"),
        [],
    ),
    Sample(
        "reports in JSON",
        (BILLING,),
        """filter type = "platform.report"
| stats count(*) as n, sum(ispresent(record.metrics.initDurationMs)) as cold, avg(record.metrics.durationMs),
        pct(record.metrics.durationMs,95), max(record.metrics.maxMemoryUsedMB) by bin(5m)""",
        (
            "bin(5m)",
            "n",
            "cold",
            "avg(record.metrics.durationMs)",
            "pct(record.metrics.durationMs,95)",
            "max(record.metrics.maxMemoryUsedMB)",
        ),
        [
            (at("03:00"), "2", "1", "15.5", "20.5", "120"),
            (at("03:05"), "1", "0", "5000", "5000", "140"),
            (at("03:10"), "1", "0", "30", "30", "240"),
        ],
    ),
    Sample(
        "failed reports in JSON",
        (BILLING,),
        """filter type="platform.report" and record.status != "success"
| stats count(*) by record.status, record.errorType""",
        ("record.status", "record.errorType", "count(*)"),
        [("error", "Runtime.ExitError", "1"), ("timeout", None, "1")],
    ),
    Sample(
        "cold starts that a logger notes",
        (BILLING,),
        "filter cold_start = 1 | fields level, invoice.lines.1.sku, invoice.total",
        ("level", "invoice.lines.1.sku", "invoice.total"),
        [("INFO", "B", "19.5")],
    ),
]
