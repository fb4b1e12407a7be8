"""Random expressions as text, over the names that there are at their place."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.insights.random_logs import ODD_TEXTS

_LOG_FIELDS = (
    "a", "b", "n", "s", "list.0", "list.1.id", "obj.k", "obj.z.k", "a.b", "@@x", "none", "deep.0.0.a.1.b", "f1",
    "f197", "`a~b/c`", "@message", "@type", "@duration", "@requestId", "@logStream", "@log", "@initDuration",
    "@memorySize",
)  # fmt: skip
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
        return made if self.is_grouped else [*made, *_LOG_FIELDS]


def scalar(draw: st.DrawFn, scope: Scope, depth: int) -> str:
    """An expression that makes a value."""
    names = scope.names()
    kind = draw(st.integers(0, 11 if depth > 0 else 3))
    if kind <= 1 and names:
        return draw(st.sampled_from(names))
    if kind == 2:
        return quoted(draw(st.sampled_from(ODD_TEXTS)))
    if kind <= 3:
        return draw(st.sampled_from(_NUMBERS))
    if kind <= 5:
        operator = draw(st.sampled_from("+-*/%^"))
        return f"({scalar(draw, scope, depth - 1)} {operator} {scalar(draw, scope, depth - 1)})"
    if kind == 6:
        return f"-{scalar(draw, scope, 0)}".replace("--", "- -")
    if kind == 7:
        return condition(draw, scope, depth - 1)
    return call(draw, scope, depth - 1)


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


def call(draw: st.DrawFn, scope: Scope, depth: int) -> str:
    """A function over random arguments."""
    kind = draw(st.integers(0, 9))
    if kind <= 3:
        return f"{draw(st.sampled_from(_ONE))}({scalar(draw, scope, depth)})"
    if kind <= 5:
        return f"{draw(st.sampled_from(_TWO))}({scalar(draw, scope, depth)}, {scalar(draw, scope, depth)})"
    if kind == 6:
        return f"if({condition(draw, scope, depth)}, {scalar(draw, scope, depth)}, {scalar(draw, scope, depth)})"
    if kind == 7:
        parts = [condition(draw, scope, depth), scalar(draw, scope, depth)] * draw(st.integers(1, 2))
        return f"case({', '.join([*parts, *([scalar(draw, scope, depth)] if draw(st.booleans()) else [])])})"
    if kind == 8 and not scope.is_grouped:
        return time(draw)
    return draw(st.sampled_from(_FIXED)).replace("{}", scalar(draw, scope, depth))


def time(draw: st.DrawFn) -> str:
    """A timestamp."""
    period = draw(st.sampled_from(_PERIODS))
    return draw(
        st.sampled_from(
            (
                "@timestamp",
                f"bin({period})",
                f"datefloor(@timestamp, {period})",
                f"dateceil(@timestamp, {period})",
                "@ingestionTime",
            )
        )
    )


def condition(draw: st.DrawFn, scope: Scope, depth: int) -> str:
    """An expression that makes a Boolean."""
    kind = draw(st.integers(0, 9 if depth > 0 else 5))
    subject = scalar(draw, scope, max(0, depth - 1))
    if kind <= 2:
        operator = draw(st.sampled_from(("=", "!=", "<", "<=", ">", ">=")))
        return f"({subject} {operator} {scalar(draw, scope, max(0, depth - 1))})"
    if kind == 3:
        pattern = draw(st.sampled_from(_REGEXES) | st.sampled_from(ODD_TEXTS).map(quoted))
        return f"({subject} {draw(st.sampled_from(('like', 'not like', '=~')))} {pattern})"
    if kind == 4:
        items = [scalar(draw, scope, 0) for _ in range(draw(st.integers(1, 3)))]
        return f"({subject} {draw(st.sampled_from(('in', 'not in')))} [{', '.join(items)}])"
    if kind == 5:
        return draw(st.sampled_from((f"ispresent({subject})", "true", "false", f"(not {subject})")))
    if kind <= 7:
        word = draw(st.sampled_from(("and", "or")))
        return f"({condition(draw, scope, depth - 1)} {word} {condition(draw, scope, depth - 1)})"
    return f"(not {condition(draw, scope, depth - 1)})" if kind == 8 else subject
