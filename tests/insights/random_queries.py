"""Random queries as text: each command is drawn with what the commands before it have named."""

from hypothesis import strategies as st

from tests.insights.random_expressions import Scope, condition, scalar, time

_GLOBS = (
    ('"user=*, id=*"', 2), ('"* *"', 2), ('"user=*,"', 1), ("'*=*'", 2), ('"*"', 1), ('"[*] *"', 2), ('"a*b"', 1),
)  # fmt: skip
_PARSE_REGEXES = (
    (r"/user=(?<{0}>\w*), id=(?<{1}>.*)/", 2), (r"/(?<{0}>\d+)/", 1), (r"/(?<{0}>[a-z])(?<{1}>\d)?/", 2),
    (r"/Duration: (?<{0}>[\d.]+) ms/", 1),
)  # fmt: skip


def fields_command(draw: st.DrawFn, scope: Scope) -> str:
    """`fields` or `display` with new names and old ones."""
    word = draw(st.sampled_from(("fields", "fields", "fields", "display")))
    columns = []
    for _ in range(draw(st.integers(1, 3))):
        expression = scalar(draw, scope, 2)
        if draw(st.booleans()):
            name = scope.new_name()
            columns.append(f"{expression} as {name}")
            (scope.structures if expression.startswith("jsonParse") else scope.aliases).append(name)
        else:
            columns.append(expression)
    return f"{word} {', '.join(columns)}"


def parse_command(draw: st.DrawFn, scope: Scope) -> str:
    """`parse` with a glob or a regular expression."""
    subject = draw(st.sampled_from(scope.names() or ["1"]))
    names = [scope.new_name(), scope.new_name()]
    if draw(st.booleans()):
        pattern, count = draw(st.sampled_from(_GLOBS))
        text = f"parse {subject} {pattern} as {', '.join(names[:count])}"
    else:
        pattern, count = draw(st.sampled_from(_PARSE_REGEXES))
        for place in range(count):
            pattern = pattern.replace(f"{{{place}}}", names[place])
        text = f"parse {subject} {pattern}"
    scope.aliases += names[:count]
    return text


def unnest_command(draw: st.DrawFn, scope: Scope) -> str:
    """`unnest` of a structure or of something else."""
    name = scope.new_name()
    subject = draw(st.sampled_from([*scope.structures, *scope.names(), "1"]))
    scope.structures.append(name)
    return f"unnest {subject} into {name}"


_EXACT = (
    "count", "count_distinct", "countDistinct", "min", "max", "sortsFirst", "sortsLast", "values",
)  # fmt: skip
_ROUNDED = ("sum", "avg", "stddev", "variance")


def aggregate(draw: st.DrawFn, scope: Scope) -> str:
    """An aggregate of a random expression."""
    argument = scalar(draw, scope, 1)
    kind = draw(st.integers(0, 9))
    if kind <= 1:
        return draw(st.sampled_from(("count(*)", "count()")))
    if kind <= 5:
        return f"{draw(st.sampled_from(_EXACT))}({argument})"
    if kind == 6:
        return f"pct({argument}, {draw(st.sampled_from(('0', '1', '50', '90', '95', '99.9', '100')))})"
    if kind == 7 and not scope.is_grouped:
        return f"{draw(st.sampled_from(('earliest', 'latest')))}({argument})"
    return f"{draw(st.sampled_from(_ROUNDED))}({argument})"


def stats_command(draw: st.DrawFn, scope: Scope) -> str:
    """`stats` with its groups; afterwards there are only its columns."""
    after = Scope(is_grouped=True, number=scope.number)
    aggregates, groups = [], []
    for _ in range(draw(st.integers(1, 3))):
        text = aggregate(draw, scope)
        is_compound = draw(st.integers(0, 4)) == 0
        if is_compound:
            text = f"{text} {draw(st.sampled_from('+-*'))} {draw(st.sampled_from(('2', 'count(*)')))}"
        name = after.new_name() if is_compound or draw(st.booleans()) else None
        aggregates.append(text if name is None else f"{text} as {name}")
        # A structure, and what rounding makes differ in its last digits, is not asked for again.
        if not text.startswith(("values", *_ROUNDED)):
            after.columns.append(name or text)
    for _ in range(draw(st.integers(0, 2))):
        text = time(draw) if not scope.is_grouped and draw(st.booleans()) else scalar(draw, scope, 1)
        name = after.new_name() if draw(st.booleans()) or text.startswith(("@", '"')) else None
        groups.append(text if name is None else f"{text} as {name}")
        after.columns.append(name or text)
    scope.__dict__.update(after.__dict__)
    return f"stats {', '.join(aggregates)}{' by ' if groups else ''}{', '.join(groups)}"


def sort_command(draw: st.DrawFn, scope: Scope) -> str:
    """`sort` by one or two keys."""
    keys = []
    for _ in range(draw(st.integers(1, 2))):
        key = scalar(draw, scope, 1) if scope.is_grouped or draw(st.integers(0, 2)) else "@timestamp"
        keys.append(f"{key}{draw(st.sampled_from(('', ' asc', ' desc')))}")
    return f"sort {', '.join(keys)}"


@st.composite
def queries(draw: st.DrawFn) -> str:
    """A whole query that is in order."""
    scope = Scope()
    commands: list[str] = []
    stats_left = draw(st.sampled_from((0, 0, 1, 1, 2)))
    for _ in range(draw(st.integers(0, 3)) + stats_left):
        kind = draw(st.integers(0, 5))
        if kind == 0 and stats_left:
            stats_left -= 1
            commands.append(stats_command(draw, scope))
        elif kind <= 2:
            commands.append(fields_command(draw, scope))
        elif kind == 3:
            commands.append(f"filter {condition(draw, scope, 3)}")
        elif kind == 4:
            commands.append(parse_command(draw, scope))
        else:
            commands.append(unnest_command(draw, scope))
    commands += [stats_command(draw, scope) for _ in range(stats_left)]
    if draw(st.integers(0, 12)) == 0:
        commands.append(f"pattern {draw(st.sampled_from(scope.names() or ['1']))}")
        scope = Scope(is_grouped=True, columns=["@pattern", "@sampleCount", "@ratio"])
    if draw(st.booleans()):
        commands.append(sort_command(draw, scope))
    if draw(st.integers(0, 4)) == 0 or not commands:
        commands.append(f"dedup {', '.join(scalar(draw, scope, 0) for _ in range(draw(st.integers(1, 2))))}")
    if draw(st.integers(0, 3)) == 0:
        commands.append(f"limit {draw(st.integers(1, 6))}")
    return " | ".join(commands)
