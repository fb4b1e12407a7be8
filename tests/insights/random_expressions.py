"""Random expressions as text, over the names that there are at their place."""

from dataclasses import dataclass, field
from random import Random

from tests.insights.random_logs import ODD_TEXTS

LOG_FIELDS = (
    "a", "b", "n", "s", "list.0", "list.1.id", "obj.k", "obj.z.k", "a.b", "@@x", "none", "deep.0.0.a.1.b", "f1",
    "f197", "`a~b/c`", "@message", "@type", "@duration", "@requestId", "@logStream", "@log", "@initDuration",
    "@memorySize",
)  # fmt: skip
KNOWN_FIELDS = (
    "@timestamp", "@message", "@type", "@duration", "@initDuration", "@maxMemoryUsed", "@requestId", "@log",
    "@logStream", "type", "record.status", "record.metrics.durationMs", "level", "invoice.total", "invoice.lines.0.n",
    "cold_start", "status", "ip", "path", "responseLatency", "bytes", "packets", "protocol", "srcAddr", "route", "ms",
    "eventName", "`detail-type`", "payload", "none",
)  # fmt: skip
"""Fields of the known log."""
_NUMBERS = (
    "0", "1", "2", "3.5", "10", "1e2", "0.1", "404", "-1",
)  # fmt: skip
_REGEXES = (
    "/a/", "/^[a-z]/", "/(?i)ABC/", r"/\d+/", "/x(9|10)/", r"/\s/", "/user=(.*), id/", "/^$/", "/é|日/", r"/\./",
    "/a.b/", "/[^a]/",
)  # fmt: skip
_PERIODS = (
    "1ms", "500ms", "1s", "90s", "1m", "5m", "7m", "1h", "5h", "1d", "2d", "1w", "1mo", "1q", "1y", "1hr", "2weeks",
)  # fmt: skip


def quoted(text: str) -> str:
    """A text as the language writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


@dataclass
class Scope:
    """What can be named: after `stats` its columns alone."""

    fields: tuple[str, ...] = LOG_FIELDS
    is_grouped: bool = False
    columns: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    structures: list[str] = field(default_factory=list)
    number: int = 0

    def new_name(self) -> str:
        """A name that is not taken."""
        self.number += 1
        return f"v{self.number}"

    def names(self) -> list[str]:
        """What an expression may name."""
        parts = [f"{name}{part}" for name in self.structures for part in ("", ".k", ".0", "[1]", ".a", ".z.k", ".n")]
        made = [*self.columns, *self.aliases, *self.aliases, *parts]
        return made if self.is_grouped else [*made, *self.fields]


def scalar(rng: Random, scope: Scope, depth: int) -> str:
    """An expression that makes a value."""
    names = scope.names()
    kind = rng.randint(0, 14 if depth > 0 else 6)
    if kind <= 4 and names:
        return rng.choice(names)
    if kind <= 5:
        return quoted(rng.choice(ODD_TEXTS))
    if kind == 6:
        return rng.choice(_NUMBERS)
    if kind <= 8:
        operator = rng.choice("+-*/%^")
        return f"({scalar(rng, scope, depth - 1)} {operator} {scalar(rng, scope, depth - 1)})"
    if kind == 9:
        return f"-{scalar(rng, scope, 0)}".replace("--", "- -")
    if kind == 10:
        return condition(rng, scope, depth - 1)
    return call(rng, scope, depth - 1)


_ONE = [
    "abs",
    "ceil",
    "floor",
    "sqrt",
    "log",
    "round",
    "toNumber",
    "toInt",
    "toLong",
    "toDouble",
    "ispresent",
    "isempty",
    "isblank",
    "isNumeric",
    "strlen",
    "messageSize",
    "toupper",
    "tolower",
    "trim",
    "ltrim",
    "rtrim",
    "urlencode",
    "base64encode",
    "md5",
    "sha256",
    "hexToAscii",
    "base64decode",
    "hexToDec",
    "decToHex",
    "isValidIp",
    "isValidIpv4",
    "isValidIpv6",
    "isPrivateIP",
    "isPublicIP",
    "isReservedIP",
    "ipv4ToNumber",
    "jsonArraySize",
    "jsonStringify",
    "toMillis",
    "fromMillis",
    "coalesce",
]
_TWO = [
    "greatest",
    "least",
    "concat",
    "coalesce",
    "strcontains",
    "startsWith",
    "endsWith",
    "trim",
    "ltrim",
    "rtrim",
    "round",
    "jsonArrayContains",
    "substr",
    "split",
]
_FIXED = (
    'isIpInSubnet({}, "10.0.0.0/8")', 'replace({}, "a", "zz")', "substr({}, 1, 2)", 'regexReplace({}, "[0-9]", "#")',
    "now()", "queryStartTime()", "queryTimeRange()", "datefloor({}, 1h)", "jsonParse({})",
    'strcontains({}, "A", true)', "substr({}, -1)", 'formatDate(fromMillis({}), "%Y-%m-%d %H:%M:%S")',
    'parseDate({}, "yyyy-MM-dd")', "round({}, 1)", "haversine({}, 1, 2, 3)",
)  # fmt: skip


def call(rng: Random, scope: Scope, depth: int) -> str:
    """A function over random arguments."""
    kind = rng.randint(0, 9)
    if kind <= 3:
        return f"{rng.choice(_ONE)}({scalar(rng, scope, depth)})"
    if kind <= 5:
        return f"{rng.choice(_TWO)}({scalar(rng, scope, depth)}, {scalar(rng, scope, depth)})"
    if kind == 6:
        return f"if({condition(rng, scope, depth)}, {scalar(rng, scope, depth)}, {scalar(rng, scope, depth)})"
    if kind == 7:
        parts = [condition(rng, scope, depth), scalar(rng, scope, depth)] * rng.randint(1, 2)
        return f"case({', '.join([*parts, *([scalar(rng, scope, depth)] if rng.random() < 0.5 else [])])})"
    if kind == 8 and not scope.is_grouped:
        return time(rng)
    return rng.choice(_FIXED).replace("{}", scalar(rng, scope, depth))


def time(rng: Random) -> str:
    """A timestamp."""
    period = rng.choice(_PERIODS)
    return rng.choice(
        (
            "@timestamp",
            f"bin({period})",
            f"bin({period})",
            f"datefloor(@timestamp, {period})",
            f"dateceil(@timestamp, {period})",
            "@ingestionTime",
        )
    )


def condition(rng: Random, scope: Scope, depth: int) -> str:
    """An expression that makes a Boolean."""
    kind = rng.randint(0, 9 if depth > 0 else 5)
    subject = scalar(rng, scope, max(0, depth - 1))
    if kind <= 2:
        operator = rng.choice(("=", "!=", "<", "<=", ">", ">="))
        return f"({subject} {operator} {scalar(rng, scope, max(0, depth - 1))})"
    if kind == 3:
        pattern = rng.choice(_REGEXES) if rng.random() < 0.5 else quoted(rng.choice(ODD_TEXTS))
        return f"({subject} {rng.choice(('like', 'not like', '=~'))} {pattern})"
    if kind == 4:
        items = [scalar(rng, scope, 0) for _ in range(rng.randint(1, 3))]
        return f"({subject} {rng.choice(('in', 'not in'))} [{', '.join(items)}])"
    if kind == 5:
        return rng.choice((f"ispresent({subject})", "true", "false", f"(not {subject})"))
    if kind <= 7:
        word = rng.choice(("and", "or"))
        return f"({condition(rng, scope, depth - 1)} {word} {condition(rng, scope, depth - 1)})"
    return f"(not {condition(rng, scope, depth - 1)})" if kind == 8 else subject
