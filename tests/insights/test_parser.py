"""Queries and the trees that they make."""

import pytest

from lambdatop.insights import syntax
from lambdatop.insights.parser import parse_query
from tests.insights.query_texts import without_places, written


def condition_of(text: str) -> syntax.Expression:
    """The condition of a query with one filter."""
    command = parse_query(f"filter {text}").commands[0]
    assert isinstance(command, syntax.Filter)
    return command.condition


def stats_of(text: str) -> syntax.Stats:
    """The last command of a query, which is a stats."""
    command = parse_query(text).commands[-1]
    assert isinstance(command, syntax.Stats)
    return command


@pytest.mark.parametrize(
    ("text", "bracketed"),
    [
        ("a or b and c", "(a or (b and c))"),
        ("a and b or c", "((a and b) or c)"),
        ("not a = 1 and b", "((not (a = 1)) and b)"),
        ("not not a", "(not (not a))"),
        ("a = b + c * d ^ 2", "(a = (b + (c * (d ^ 2))))"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b * c % d", "(((a / b) * c) % d)"),
        ("a ^ b ^ c", "(a ^ (b ^ c))"),
        ("-a ^ 2", "(- (a ^ 2))"),
        ("2 ^ -a", "(2 ^ (- a))"),
        ("-a * b", "((- a) * b)"),
        ("a - -1", "(a - (- 1))"),
        ("a+1>=b", "((a + 1) >= b)"),
        ("(a or b) and c", "((a or b) and c)"),
        ("a == 1", "(a = 1)"),
        ("!ispresent(a) or b", "((not ispresent(a)) or b)"),
        ("!a = b", "((not a) = b)"),
        ("a != 'x'", '(a != "x")'),
        ("a =~ /x/", "(a like /x/)"),
        ("a =~ 'x'", '(a like "x")'),
        ("a like 'x' and b not like /y/", '((a like "x") and (b not like /y/))'),
        ("a + b like 'x'", '((a + b) like "x")'),
        ("not a like 'x'", '(not (a like "x"))'),
        ("a in [1, 'b', -c]", '(a in [1, "b", (- c)])'),
        ("a not in ['b']", '(a not in ["b"])'),
        ("a NOT IN ['b'] OR b LIKE 'c'", '((a not in ["b"]) or (b like "c"))'),
        ("ispresent (a)", "ispresent(a)"),
        ("isValidIpV4(a) = TRUE", "(isvalidipv4(a) = true)"),
        ("a.b.c = @x.y", "(a.b.c = @x.y)"),
        ("`a b`.c = `in`", "(`a b.c` = `in`)"),
        ("js.users[1].action = js.list[0][2]", "(js.users.1.action = js.list.0.2)"),
        ("@`aws.tag.a:b` = 1", "(@`aws.tag.a:b` = 1)"),
        ("source = limit and any = into", "((source = limit) and (any = into))"),
        ('a = \'it\\\'s\' or a = "say \\"x\\"\\n"', '((a = "it\'s") or (a = "say \\"x\\"\\n"))'),
        ("a # the first\n and # and\n b", "(a and b)"),
        ("a like /x\\/y/", "(a like /x\\/y/)"),
        ("case(a, 1, b > 2, 'x', 3)", 'case(a, 1, (b > 2), "x", 3)'),
        ("now() * 1000 - 7200000", "((now() * 1000) - 7200000)"),
        ("strftime(a, '%Y')", 'formatdate(a, "%Y")'),
    ],
)
def test_an_expression_is_read_by_the_strength_of_its_operators(text: str, bracketed: str) -> None:
    assert written(condition_of(text)) == bracketed


@pytest.mark.parametrize(
    ("text", "value"), [(r"'\d+'", r"\d+"), (r"'a\\b'", r"a\b"), (r"'\t\n'", "\t\n"), ('"a\nb"', "a\nb"), ("''", "")]
)
def test_a_string_says_what_its_escapes_mean(text: str, value: str) -> None:
    condition = condition_of(text)

    assert isinstance(condition, syntax.Text)
    assert condition.value == value


def test_columns_are_called_by_their_alias_or_as_they_are_written() -> None:
    stats = stats_of("stats avg( @duration ), max(a)/2 as half by bin(5m), `b c`, (a or b) as either, js.x[0]")

    assert [(column.name, column.is_alias) for column in stats.aggregates] == [
        ("avg( @duration )", False),
        ("half", True),
    ]
    assert [(column.name, column.is_alias) for column in stats.groups] == [
        ("bin(5m)", False),
        ("b c", False),
        ("either", True),
        ("js.x[0]", False),
    ]


def test_stats_compute_with_aggregates_and_with_what_stands_before() -> None:
    stats = stats_of("stats max(a) as most, min(a) as least, most - least as range, sum(b)/count(*)*100 group by fn")

    assert [column.name for column in stats.aggregates] == ["most", "least", "range", "sum(b)/count(*)*100"]
    assert [column.name for column in stats.groups] == ["fn"]


def test_after_stats_its_columns_can_be_called_as_they_are_written() -> None:
    query = parse_query("stats count(*), max(a) as m by bin(5m) | filter count( * ) > 1 | sort bin(5m), m desc")

    condition, sort = query.commands[1:]
    assert isinstance(condition, syntax.Filter)
    assert isinstance(sort, syntax.Sort)
    assert without_places(condition.condition) == ("Binary", ">", ("Name", "count(*)"), ("Number", "1"))
    assert [without_places(key.expression) for key in sort.keys] == [("Name", "bin(5m)"), ("Name", "m")]


def test_an_alias_is_never_taken_for_the_text_of_a_column() -> None:
    sort = parse_query("stats max(a) as `b + c`, max(b) as d by c | sort b + c").commands[1]

    assert isinstance(sort, syntax.Sort)
    assert without_places(sort.keys[0].expression) == ("Binary", "+", ("Name", "b"), ("Name", "c"))


def test_a_column_of_stats_in_parentheses_can_be_named_as_it_was_written() -> None:
    query = parse_query("stats count(*) by (a or b) | sort (a or b) desc")
    sort = query.commands[1]
    assert isinstance(sort, syntax.Sort)
    assert without_places(sort.keys[0].expression) == ("Name", "(a or b)")


def test_a_second_stats_aggregates_the_columns_of_the_first() -> None:
    stats = stats_of("stats count(*) by bin(1m), fn | stats max(count(*)) by bin(1m)")

    assert without_places(stats.aggregates[0].expression) == ("Call", "max", (("Name", "count(*)"),))
    assert without_places(stats.groups[0].expression) == ("Name", "bin(1m)")


def test_an_aggregate_of_a_later_stats_is_one_though_a_column_is_written_like_it() -> None:
    stats = stats_of("stats count(*), sum(a) by fn | stats count(*), sum(sum(a)) / count(*) as mean")
    assert without_places(stats.aggregates[0].expression) == ("Call", "count", (("Star",),))
    total = ("Call", "sum", (("Name", "sum(a)"),))
    assert without_places(stats.aggregates[1].expression) == ("Binary", "/", total, ("Call", "count", (("Star",),)))


def test_a_glob_has_one_literal_more_than_names() -> None:
    query = parse_query('parse @message "user=*, method:*" as @user, `the method`')

    assert without_places(query.commands) == (
        ("ParseGlob", ("Name", "@message"), ("user=", ", method:", ""), ("@user", "the method")),
    )


@pytest.mark.parametrize("pattern", ["'[*]' as level", "/\\[(?<level>.*?)\\]/"])
def test_parse_reads_the_message_unless_it_is_told_otherwise(pattern: str) -> None:
    command = parse_query(f"parse {pattern}").commands[0]

    assert isinstance(command, syntax.ParseGlob | syntax.ParseRegex)
    assert without_places(command.subject) == ("Name", "@message")
    assert command.names == ("level",)


@pytest.mark.parametrize(
    ("pattern", "names", "groups"),
    [
        ("/(?<a>x) (?P<b>y)/", ("a", "b"), (1, 2)),
        ("/(x)(?<a>y)(?:z)(?i)([(])(?<b>\\()/", ("a", "b"), (2, 4)),
        ("/(x) (y)/ as a, b", ("a", "b"), (1, 2)),
        ("/(?<payload>{.*})/ as json", ("json",), (1,)),
        ("/[](](?<a>x)[^](](?<b>x)/", ("a", "b"), (1, 2)),
        ("/(?=x)(?!x)(?<=x)(?<!x)(?<a>x)/", ("a",), (1,)),
    ],
)
def test_the_groups_of_a_regular_expression_have_names_and_numbers(
    pattern: str, names: tuple[str, ...], groups: tuple[int, ...]
) -> None:
    command = parse_query(f"parse @message {pattern}").commands[0]

    assert isinstance(command, syntax.ParseRegex)
    assert (command.names, command.groups) == (names, groups)


def test_a_slash_of_a_regular_expression_is_read_as_one() -> None:
    command = parse_query(r"parse @log /\d+:\/aws\/lambda\/(?<fn>.*)/").commands[0]

    assert isinstance(command, syntax.ParseRegex)
    assert command.regex.pattern == r"\d+:/aws/lambda/(?<fn>.*)"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("sort a", [("a", False)]),
        ("sort by a desc, b ASC, c", [("a", True), ("b", False), ("c", False)]),
        ("sort desc desc", [("desc", True)]),
    ],
)
def test_a_sort_is_ascending_unless_it_says_otherwise(text: str, keys: list[tuple[str, bool]]) -> None:
    command = parse_query(text).commands[0]

    assert isinstance(command, syntax.Sort)
    assert [(written(key.expression), key.is_descending) for key in command.keys] == keys


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("limit 20", ("Limit", 20, False)),
        ("limit any 100000", ("Limit", 100_000, True)),
        ("dedup a, b", ("Dedup", (("Name", "a"), ("Name", "b")))),
        ("unnest js.items into item", ("Unnest", ("Name", "js.items"), "item")),
        ("pattern @message", ("Pattern", ("Name", "@message"))),
        ("where a", ("Filter", ("Name", "a"))),
        ("ESTIMATE", ("Estimate",)),
        ("# a comment\ndisplay a # another", ("Display", (("Column", ("Name", "a"), "a", False),))),
    ],
)
def test_commands_are_read(text: str, tree: object) -> None:
    assert without_places(parse_query(text).commands) == (tree,)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("SOURCE logGroups()", ((), (), ())),
        ("source loggroups(namePrefix: ['/aws/lambda', \"b\"])", (("/aws/lambda", "b"), (), ())),
        (
            "SOURCE logGroups(accountIdentifiers:['111122223333'], class: ['INFREQUENT_ACCESS'], namePrefix: [])",
            ((), ("111122223333",), ("INFREQUENT_ACCESS",)),
        ),
        ('SOURCE logGroups(namePrefix: "a", logGroupClass: "STANDARD")', (("a",), (), ("STANDARD",))),
    ],
)
def test_a_source_chooses_log_groups(text: str, source: object) -> None:
    query = parse_query(f"{text} | fields a")

    assert query.source is not None
    assert (query.source.name_prefixes, query.source.account_ids, query.source.log_group_classes) == source


def test_limit_and_estimate_can_follow_dedup() -> None:
    commands = parse_query("dedup a | limit 5 | estimate").commands

    assert [type(command) for command in commands] == [syntax.Dedup, syntax.Limit, syntax.Estimate]


def test_a_command_spans_its_own_text() -> None:
    text = "fields a  | stats count(*) as n by b # c\n| limit 5 "
    query = parse_query(text)

    assert [text[command.span.start : command.span.end] for command in query.commands] == [
        "fields a",
        "stats count(*) as n by b",
        "limit 5",
    ]
