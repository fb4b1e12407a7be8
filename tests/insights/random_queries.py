"""Random queries as text: each command is drawn with what the commands before it have named."""

from random import Random

from tests.insights.random_expressions import LOG_FIELDS, Scope, condition, scalar, time

_GLOBS = (
    ('"user=*, id=*"', 2), ('"* *"', 2), ('"user=*,"', 1), ("'*=*'", 2), ('"*"', 1), ('"[*] *"', 2), ('"a*b"', 1),
)  # fmt: skip
_PARSE_REGEXES = (
    (r"/user=(?<{0}>\w*), id=(?<{1}>.*)/", 2), (r"/(?<{0}>\d+)/", 1), (r"/(?<{0}>[a-z])(?<{1}>\d)?/", 2),
    (r"/Duration: (?<{0}>[\d.]+) ms/", 1),
)  # fmt: skip


def fields_command(rng: Random, scope: Scope) -> str:
    """`fields` or `display` with new names and old ones."""
    word = rng.choice(("fields", "fields", "fields", "display"))
    columns = []
    for _ in range(rng.randint(1, 3)):
        expression = scalar(rng, scope, 2)
        if rng.random() < 0.5:
            name = scope.new_name()
            columns.append(f"{expression} as {name}")
            (scope.structures if expression.startswith("jsonParse") else scope.aliases).append(name)
        else:
            columns.append(expression)
    return f"{word} {', '.join(columns)}"


def parse_command(rng: Random, scope: Scope) -> str:
    """`parse` with a glob or a regular expression."""
    # After a text a slash divides.
    subject = rng.choice([name for name in scope.names() if '"' not in name] or ["1"])
    names = [scope.new_name(), scope.new_name()]
    if rng.random() < 0.5:
        pattern, count = rng.choice(_GLOBS)
        text = f"parse {subject} {pattern} as {', '.join(names[:count])}"
    else:
        pattern, count = rng.choice(_PARSE_REGEXES)
        for place in range(count):
            pattern = pattern.replace(f"{{{place}}}", names[place])
        text = f"parse {subject} {pattern}"
    scope.aliases += names[:count]
    return text


def unnest_command(rng: Random, scope: Scope) -> str:
    """`unnest` of a structure or of something else."""
    name = scope.new_name()
    subject = rng.choice([*scope.structures, *scope.names(), "1"])
    scope.structures.append(name)
    return f"unnest {subject} into {name}"


_EXACT = (
    "count", "count_distinct", "countDistinct", "min", "max", "sortsFirst", "sortsLast", "values",
)  # fmt: skip
_ROUNDED = ("sum", "avg", "stddev", "variance")


def aggregate(rng: Random, scope: Scope) -> str:
    """An aggregate of a random expression."""
    argument = rng.choice(scope.names() or ["1"]) if rng.random() < 0.7 else scalar(rng, scope, 1)
    kind = rng.randint(0, 9)
    if kind <= 1:
        return rng.choice(("count(*)", "count()"))
    if kind <= 5:
        return f"{rng.choice(_EXACT)}({argument})"
    if kind == 6:
        return f"pct({argument}, {rng.choice(('0', '1', '50', '90', '95', '99.9', '100'))})"
    if kind == 7 and not scope.is_grouped:
        return f"{rng.choice(('earliest', 'latest'))}({argument})"
    return f"{rng.choice(_ROUNDED)}({argument})"


def stats_command(rng: Random, scope: Scope) -> str:
    """`stats` with its groups; afterwards there are only its columns."""
    after = Scope(is_grouped=True, number=scope.number)
    aggregates, groups = [], []
    for _ in range(rng.randint(1, 3)):
        text = aggregate(rng, scope)
        is_compound = rng.randint(0, 4) == 0
        if is_compound:
            text = f"{text} {rng.choice('+-*')} {rng.choice(('2', 'count(*)'))}"
        name = after.new_name() if is_compound or rng.random() < 0.5 else None
        aggregates.append(text if name is None else f"{text} as {name}")
        # A structure, and what rounding makes differ in its last digits, is not asked for again.
        if not text.startswith(("values", *_ROUNDED)):
            after.columns.append(name or text)
    for _ in range(rng.randint(0, 2)):
        text = scalar(rng, scope, 1)
        if rng.random() < 0.7:
            text = time(rng) if not scope.is_grouped and rng.random() < 0.4 else rng.choice(scope.names() or ["1"])
        name = after.new_name() if rng.random() < 0.5 or text.startswith(("@", '"')) else None
        groups.append(text if name is None else f"{text} as {name}")
        after.columns.append(name or text)
    scope.__dict__.update(after.__dict__)
    return f"stats {', '.join(aggregates)}{' by ' if groups else ''}{', '.join(groups)}"


def sort_command(rng: Random, scope: Scope) -> str:
    """`sort` by one or two keys."""
    keys = []
    for _ in range(rng.randint(1, 2)):
        key = rng.choice([*scope.names(), "1"]) if rng.random() < 0.6 else scalar(rng, scope, 1)
        keys.append(f"{key}{rng.choice(('', ' asc', ' desc'))}")
    return f"sort {', '.join(keys)}"


def random_query(rng: Random, fields: tuple[str, ...] = LOG_FIELDS) -> str:
    """A whole query that is in order."""
    scope = Scope(fields)
    commands = [_early_command(rng, scope) for _ in range(rng.randint(0, 3))]
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        commands.append(stats_command(rng, scope))
        if rng.random() < 0.3:
            commands.append(_early_command(rng, scope))
    if rng.random() < 0.07:
        commands.append(f"pattern {rng.choice(scope.names() or ['1'])}")
        scope = Scope(is_grouped=True, columns=["@pattern", "@sampleCount", "@ratio"])
    if rng.random() < 0.6:
        commands.append(sort_command(rng, scope))
    if rng.random() < 0.2 or not commands:
        commands.append(f"dedup {', '.join(scalar(rng, scope, 0) for _ in range(rng.randint(1, 2)))}")
    if rng.random() < 0.25:
        commands.append(f"limit {rng.randint(1, 6)}")
    return " | ".join(commands)


def _early_command(rng: Random, scope: Scope) -> str:
    """A command that may stand anywhere before a sort."""
    kind = rng.randint(0, 9)
    if kind <= 3:
        return fields_command(rng, scope)
    if kind <= 6:
        doubt = rng.choice(("", "", " or ispresent(@message)", " or n > 0")) if not scope.is_grouped else ""
        return f"filter {condition(rng, scope, 2)}{doubt}"
    return parse_command(rng, scope) if kind <= 8 else unnest_command(rng, scope)
