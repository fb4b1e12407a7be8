"""Ready queries for Lambda's logs, each with the question that it answers.

Sources: the sample queries of the CloudWatch Logs and Lambda documentation (AWS-FACTS 5.4), and compositions of them.
Memory is in bytes where Logs Insights discovers it (`@memorySize`), and in MB in JSON records.
"""

from typing import Literal, NamedTuple

LogFormat = Literal["text", "JSON", "any"]


class LibraryQuery(NamedTuple):
    """A query with its name, the question that it answers, and the log format that it reads."""

    name: str
    question: str
    log_format: LogFormat
    text: str


def _query(name: str, question: str, log_format: LogFormat, *lines: str) -> LibraryQuery:
    return LibraryQuery(name, question, log_format, "\n".join(lines))


_COLD_STARTS = (
    _query(
        "cold starts by version",
        "Which version starts cold most often, and how long do its inits take?",
        "text",
        r'filter @type = "REPORT"',
        r"| parse @logStream /\[(?<version>[^\]]+)\]/",
        r"| stats count(*) as invocations, sum(ispresent(@initDuration)) as coldStarts,",
        r"    sum(ispresent(@initDuration)) / count(*) * 100 as percent,",
        r"    avg(@initDuration) as avgInitMs, max(@initDuration) as maxInitMs by @log, version",
        r"| sort coldStarts desc",
    ),
    _query(
        "cold starts by version (JSON)",
        "Which version starts cold most often, and how long do its inits take?",
        "JSON",
        r'filter type = "platform.report"',
        r"| parse @logStream /\[(?<version>[^\]]+)\]/",
        r"| stats count(*) as invocations, sum(ispresent(record.metrics.initDurationMs)) as coldStarts,",
        r"    sum(ispresent(record.metrics.initDurationMs)) / count(*) * 100 as percent,",
        r"    avg(record.metrics.initDurationMs) as avgInitMs, max(record.metrics.initDurationMs) as maxInitMs",
        r"    by @log, version",
        r"| sort coldStarts desc",
    ),
    _query(
        "cold starts over time",
        "When did cold starts become more?",
        "text",
        r'filter @type = "REPORT"',
        r"| stats sum(ispresent(@initDuration)) as coldStarts, max(@initDuration) as maxInitMs by bin(5m)",
    ),
    _query(
        "cold starts over time (JSON)",
        "When did cold starts become more?",
        "JSON",
        r'filter type = "platform.report"',
        r"| stats sum(ispresent(record.metrics.initDurationMs)) as coldStarts,",
        r"    max(record.metrics.initDurationMs) as maxInitMs by bin(5m)",
    ),
    _query(
        "SnapStart restores",
        "How long do restores take, and how many requests wait for one?",
        "text",
        r'filter @type = "REPORT"',
        r"| parse @message /Restore Duration: (?<restoreMs>[0-9.]+) ms/",
        r"| stats count(*) as invocations, sum(ispresent(restoreMs)) as restores, avg(restoreMs) as avgRestoreMs,",
        r"    pct(restoreMs, 95) as p95RestoreMs, max(restoreMs) as maxRestoreMs by @log",
        r"| sort restores desc",
    ),
)

_LATENCY = (
    _query(
        "slowest requests",
        "Which requests took longest? (enter, then r opens one from end to end)",
        "text",
        r'filter @type = "REPORT"',
        r"| fields @timestamp, @requestId, @duration, @initDuration, @log, @logStream",
        r"| sort @duration desc",
        r"| limit 50",
    ),
    _query(
        "slowest requests (JSON)",
        "Which requests took longest? (enter, then r opens one from end to end)",
        "JSON",
        r'filter type = "platform.report"',
        r"| fields @timestamp, record.requestId, record.metrics.durationMs, record.metrics.initDurationMs,",
        r"    @log, @logStream",
        r"| sort record.metrics.durationMs desc",
        r"| limit 50",
    ),
    _query(
        "p99 by 5 minutes",
        "When did it become slow?",
        "text",
        r'filter @type = "REPORT"',
        r"| stats pct(@duration, 99) as p99, pct(@duration, 95) as p95, pct(@duration, 50) as p50 by bin(5m)",
    ),
    _query(
        "p99 by 5 minutes (JSON)",
        "When did it become slow?",
        "JSON",
        r'filter type = "platform.report"',
        r"| stats pct(record.metrics.durationMs, 99) as p99, pct(record.metrics.durationMs, 95) as p95,",
        r"    pct(record.metrics.durationMs, 50) as p50 by bin(5m)",
    ),
    _query(
        "p99 by function",
        "Which function is slow?",
        "text",
        r'filter @type = "REPORT"',
        r"| stats count(*) as invocations, pct(@duration, 99) as p99, pct(@duration, 50) as p50,",
        r"    max(@duration) as maxMs by @log",
        r"| sort p99 desc",
    ),
    _query(
        "near the timeout",
        "Which requests took longer than so many milliseconds, and may time out next?",
        "text",
        r'filter @type = "REPORT" and @duration > {{milliseconds}}',
        r"| stats count(*) as requests, max(@duration) as maxMs, latest(@requestId) as newestRequest by @log",
        r"| sort requests desc",
    ),
)

_ERRORS = (
    _query(
        "timeouts",
        "Which functions time out, and since when?",
        "any",
        r"filter @message like /Task timed out/ or @message like /Status: timeout/",
        r'    or (type = "platform.report" and record.status = "timeout")',
        r"| stats count(*) as timeouts by bin(5m), @log",
    ),
    _query(
        "errors by type",
        "Which exceptions are thrown, how often, and where?",
        "text",
        r"filter @message like /(?i)(exception|error)/",
        r"    and @message not like /^(START|END|REPORT|INIT_START|EXTENSION|TELEMETRY) /",
        r"| parse @message /(?<errorType>[A-Za-z_][A-Za-z0-9_.]*(Error|Exception))/",
        r"| stats count(*) as errors, latest(@timestamp) as lastSeen by errorType, @log",
        r"| sort errors desc",
    ),
    _query(
        "errors by type (JSON)",
        "Which exceptions are thrown, how often, and where?",
        "JSON",
        r'filter level = "ERROR" or level = "FATAL" or ispresent(errorType)',
        r"| stats count(*) as errors, latest(@timestamp) as lastSeen, latest(message) as newest by errorType, @log",
        r"| sort errors desc",
    ),
    _query(
        "failed invocations by status (JSON)",
        "Which invocations did the platform report as failed, and why?",
        "JSON",
        r'filter type = "platform.report" and record.status != "success"',
        r"| stats count(*) as failures by record.status, record.errorType, @log",
        r"| sort failures desc",
    ),
    _query(
        "out of memory",
        "Which functions ran out of memory?",
        "any",
        r"filter @message like /Runtime.OutOfMemory|signal: killed|MemoryError|JavaScript heap out of memory/",
        r"| stats count(*) as times, latest(@timestamp) as lastSeen, latest(@logStream) as newestStream by @log",
        r"| sort times desc",
    ),
    _query(
        "crashes",
        "Which runtimes exited, and what did they say?",
        "any",
        r"filter @message like /Runtime exited|Runtime.ExitError|Error Type: Runtime|signal: /",
        r"| fields @timestamp, @log, @logStream, @message",
        r"| sort @timestamp desc",
        r"| limit 100",
    ),
    _query(
        "throttled by another service",
        "Which calls are refused because of a rate limit?",
        "any",
        r"filter @message like /(?i)(TooManyRequests|ThrottlingException|Rate exceeded|ProvisionedThroughputExceeded)/",
        r"| stats count(*) as times, latest(@message) as newest by @log, bin(5m)",
    ),
    _query(
        "error lines over time",
        "When did errors begin?",
        "any",
        r"filter @message like /(?i)\b(error|exception|fatal)\b/",
        r"| stats count(*) as lines by bin(5m), @log",
    ),
)

_COST = (
    _query(
        "over-provisioned memory",
        "Which functions have far more memory than they use?",
        "text",
        r'filter @type = "REPORT"',
        r"| stats max(@memorySize / 1000 / 1000) as provisionedMB, max(@maxMemoryUsed / 1000 / 1000) as maxUsedMB,",
        r"    avg(@maxMemoryUsed / 1000 / 1000) as avgUsedMB, count(*) as invocations by @log",
        r"| sort invocations desc",
    ),
    _query(
        "over-provisioned memory (JSON)",
        "Which functions have far more memory than they use?",
        "JSON",
        r'filter type = "platform.report"',
        r"| stats max(record.metrics.memorySizeMB) as provisionedMB, max(record.metrics.maxMemoryUsedMB) as maxUsedMB,",
        r"    avg(record.metrics.maxMemoryUsedMB) as avgUsedMB, count(*) as invocations by @log",
        r"| sort invocations desc",
    ),
    _query(
        "cost by function",
        "Which functions cost most? (dollars at x86 list price; arm64 is a fifth less)",
        "text",
        r'filter @type = "REPORT"',
        r"| stats count(*) as invocations,",
        r"    sum(@billedDuration / 1000 * @memorySize / 1024000000) as gigabyteSeconds,",
        r"    sum(@billedDuration / 1000 * @memorySize / 1024000000) * 0.0000166667 + count(*) * 0.0000002 as usd",
        r"    by @log",
        r"| sort usd desc",
    ),
    _query(
        "cost by function (JSON)",
        "Which functions cost most? (dollars at x86 list price; arm64 is a fifth less)",
        "JSON",
        r'filter type = "platform.report"',
        r"| stats count(*) as invocations,",
        r"    sum(record.metrics.billedDurationMs / 1000 * record.metrics.memorySizeMB / 1024) as gigabyteSeconds,",
        r"    sum(record.metrics.billedDurationMs / 1000 * record.metrics.memorySizeMB / 1024) * 0.0000166667",
        r"        + count(*) * 0.0000002 as usd",
        r"    by @log",
        r"| sort usd desc",
    ),
    _query(
        "noisy loggers",
        "Which functions log most? (what is ingested is paid for)",
        "any",
        r"stats count(*) as lines, sum(strlen(@message)) / 1000000 as millionCharacters by @log",
        r"| sort millionCharacters desc",
    ),
    _query(
        "noisiest streams",
        "Which execution environments log most?",
        "any",
        r"stats count(*) as lines, sum(strlen(@message)) / 1000000 as millionCharacters by @log, @logStream",
        r"| sort millionCharacters desc",
        r"| limit 50",
    ),
)

_READING = (
    _query(
        "newest lines",
        "What was logged last?",
        "any",
        r"fields @timestamp, @message, @log, @logStream",
        r"| sort @timestamp desc",
        r"| limit 200",
    ),
    _query(
        "lines of a request",
        "What did one request log, in whichever function?",
        "any",
        r'filter @message like "{{request_id}}"',
        r"| fields @timestamp, @log, @message, @logStream",
        r"| sort @timestamp asc",
    ),
    _query(
        "lines with a text",
        "Where does a text appear?",
        "any",
        r'filter @message like "{{text}}"',
        r"| fields @timestamp, @log, @message, @logStream",
        r"| sort @timestamp desc",
        r"| limit 200",
    ),
)

LIBRARY: tuple[LibraryQuery, ...] = (*_COLD_STARTS, *_LATENCY, *_ERRORS, *_COST, *_READING)


def fits(query: LibraryQuery, log_formats: frozenset[str]) -> bool:
    """Return whether a query reads one of the log formats, in Lambda's words; any does where none is known.

    >>> [fits(query, frozenset({"JSON"})) for query in LIBRARY[:2]]
    [False, True]
    """
    return query.log_format == "any" or not log_formats or query.log_format.upper() in map(str.upper, log_formats)
