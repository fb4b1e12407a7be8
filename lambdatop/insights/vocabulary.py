"""The words of Logs Insights: its commands, its automatic fields and its units of time.

Its functions come from `function_table`. Sources: "Supported commands", "Supported logs and discovered fields" and
`bin` in the CloudWatch Logs user guide.
"""

from dataclasses import dataclass

from lambdatop.insights.function_table import AGGREGATES, FUNCTIONS, Function

__all__ = [
    "AGGREGATES",
    "AUTOMATIC_FIELDS",
    "COMMANDS",
    "FUNCTIONS",
    "OPERATOR_WORDS",
    "PATTERN_COLUMNS",
    "PERIOD_UNITS",
    "RESERVED_WORDS",
    "AutomaticField",
    "CommandWord",
    "Function",
]


@dataclass(frozen=True, slots=True)
class CommandWord:
    """What is known of one command; what is not run here is known to Logs Insights all the same."""

    name: str
    signature: str
    summary: str
    is_run_here: bool = True
    is_refused_by_infrequent_access: bool = False


@dataclass(frozen=True, slots=True)
class AutomaticField:
    """A field that Logs Insights makes itself, its unit where it has one."""

    name: str
    summary: str
    unit: str = ""


_COMMANDS = (
    CommandWord("fields", "fields field, expression as name", "Choose fields and compute new ones."),
    CommandWord("filter", "filter condition", "Keep the rows for which the condition holds."),
    CommandWord("stats", "stats aggregate as name by group", "Count, sum and average, by group."),
    CommandWord("sort", "sort field desc", "Put the rows in order."),
    CommandWord("limit", "limit number", "Keep the first rows."),
    CommandWord("parse", "parse field pattern as name", "Take values out of a text."),
    CommandWord("display", "display field", "Choose the columns of the answer."),
    CommandWord("where", "where condition", "Keep the rows for which the condition holds."),
    CommandWord("dedup", "dedup field", "Keep the first row of each value."),
    CommandWord("unnest", "unnest list into name", "Make a row of each item of a list."),
    CommandWord("pattern", "pattern field", "Put lines of one shape together.", is_refused_by_infrequent_access=True),
    CommandWord("estimate", "estimate", "Say how many bytes the query would scan."),
    CommandWord("SOURCE", "SOURCE logGroups(namePrefix: [prefix])", "Choose the log groups."),
    CommandWord(
        "filterIndex",
        "filterIndex field = value",
        "Scan only what a field index points at.",
        is_run_here=False,
        is_refused_by_infrequent_access=True,
    ),
    CommandWord(
        "diff",
        "diff",
        "Compare with the time before.",
        is_run_here=False,
        is_refused_by_infrequent_access=True,
    ),
    CommandWord("anomaly", "anomaly", "Find what is unusual.", is_run_here=False),
    CommandWord(
        "unmask",
        "unmask field",
        "Show what a data protection policy masks.",
        is_run_here=False,
        is_refused_by_infrequent_access=True,
    ),
    CommandWord(
        "join",
        "join type=inner left=a right=b where a.x = b.x (SOURCE …)",
        "Add columns of another query.",
        is_run_here=False,
    ),
    CommandWord(
        "lookup", "lookup table key as field OUTPUT column", "Add columns of a lookup table.", is_run_here=False
    ),
    CommandWord("json", 'json field=field "key" as name', "Take a value out of JSON.", is_run_here=False),
    CommandWord("outlier", "outlier", "Find values far from the others.", is_run_here=False),
    CommandWord("relevantfields", "relevantfields", "Find the fields that matter.", is_run_here=False),
    CommandWord("countFrequent", "countFrequent field", "Count the most frequent values.", is_run_here=False),
    CommandWord("sessionize", "sessionize", "Put rows into sessions.", is_run_here=False),
    CommandWord("logcompare", "logcompare", "Compare the lines of two times.", is_run_here=False),
    CommandWord("addtotals", "addtotals", "Add a row or column of totals.", is_run_here=False),
    CommandWord("accum", "accum field", "Add a running total.", is_run_here=False),
    CommandWord("appendcols", "appendcols", "Add columns of another query.", is_run_here=False),
    CommandWord("autoregress", "autoregress field", "Add values of the rows before.", is_run_here=False),
    CommandWord("expand", "expand field", "Make a row of each value.", is_run_here=False),
    CommandWord("filldown", "filldown field", "Fill missing values from the row before.", is_run_here=False),
    CommandWord("fillmissing", "fillmissing", "Add rows for missing times.", is_run_here=False),
    CommandWord("cidrlookup", "cidrlookup", "Look up the network of an address.", is_run_here=False),
)

COMMANDS: dict[str, CommandWord] = {command.name.lower(): command for command in _COMMANDS}
"""By name in lower case, the most used first."""

_AUTOMATIC_FIELDS = (
    AutomaticField("@timestamp", "When the event happened."),
    AutomaticField("@message", "The whole event as it was sent."),
    AutomaticField("@logStream", "The log stream of the event."),
    AutomaticField("@log", "The log group of the event, as account:group."),
    AutomaticField("@ptr", "What fetches the whole event."),
    AutomaticField("@ingestionTime", "When CloudWatch Logs received the event."),
    AutomaticField("@type", "START, END or REPORT, on lines that Lambda writes as text."),
    AutomaticField("@requestId", "The request of a Lambda line."),
    AutomaticField("@duration", "How long the invocation took.", "ms"),
    AutomaticField("@billedDuration", "How long the invocation is billed for.", "ms"),
    AutomaticField("@initDuration", "How long the cold start's init took.", "ms"),
    AutomaticField("@memorySize", "The memory of the function.", "bytes"),
    AutomaticField("@maxMemoryUsed", "The most memory that was used.", "bytes"),
    AutomaticField("@xrayTraceId", "The X-Ray trace of the invocation."),
    AutomaticField("@xraySegmentId", "The X-Ray segment of the invocation."),
    AutomaticField("@aws.account", "The account of the event."),
    AutomaticField("@aws.region", "The region of the event."),
)

AUTOMATIC_FIELDS: dict[str, AutomaticField] = {field.name: field for field in _AUTOMATIC_FIELDS}

PATTERN_COLUMNS = ("@pattern", "@sampleCount", "@ratio", "@severityLabel")
"""What the command `pattern` makes."""

_UNIT_SPELLINGS = {
    "ms": ("ms", "msec", "millisecond"),
    "s": ("s", "sec", "second"),
    "m": ("m", "min", "minute"),
    "h": ("h", "hr", "hour"),
    "d": ("d", "day"),
    "w": ("w", "week"),
    "mo": ("mo", "mon", "month"),
    "q": ("q", "qtr", "quarter"),
    "y": ("y", "yr", "year"),
}

PERIOD_UNITS: dict[str, str] = {
    written: unit
    for unit, spellings in _UNIT_SPELLINGS.items()
    for spelling in spellings
    for written in ((spelling, f"{spelling}s") if len(spelling) > 1 else (spelling,))
}
"""Every way to write a unit of time, and the one that `syntax.Period` has."""

OPERATOR_WORDS: frozenset[str] = frozenset({"and", "or", "not", "like", "in"})
RESERVED_WORDS: frozenset[str] = OPERATOR_WORDS | {"as", "by"}
"""What is never a field unless it stands between back-ticks."""
