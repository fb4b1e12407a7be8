import pytest

from lambdatop.insights.compile import CompiledQuery, compile_query
from lambdatop.insights.parser import parse_query
from lambdatop.insights.sql_expression import Surroundings
from lambdatop.insights.syntax import QuerySyntaxError
from tests.insights.small_log import ACCOUNT, MESSAGES, NOW_MS, START_MS, ask, rows_of, table_of


def compiled(text: str) -> CompiledQuery:
    return compile_query(parse_query(text), Surroundings(text, ACCOUNT, START_MS, NOW_MS, NOW_MS))


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("(1 + ", ")"),
        ("toNumber(concat(level, ", "))"),
        ("replace(level, 'a', ", ")"),
        ("isReservedIP(", ")"),
        ("(level != ", ")"),
        ("(level in [1, ", "])"),
        ("coalesce(level, ", ")"),
        ("if(level, 1, ", ")"),
        ("decToHex(", ")"),
    ],
)
def test_an_expression_grows_with_its_depth_and_not_as_a_power_of_it(opening: str, closing: str) -> None:
    def size(depth: int) -> int:
        return len(compiled(f"fields {opening * depth}amount{closing * depth} as x | filter x").rows_sql)

    assert size(45) < 3.5 * size(15)
    table = table_of(*MESSAGES)
    assert len(ask(table, f"fields {opening * 12}amount{closing * 12} as x | limit 1").rows) == 1
    table.close()


def test_only_the_fields_that_a_query_names_are_taken_out_of_the_message() -> None:
    sql = compiled("filter level = 'ERROR' | stats count(*) by user.name").rows_sql
    assert sql.count("json_extract_string") == 2
    assert "Duration" not in sql
    assert "json_extract_string" not in compiled("filter @message like /x/ | stats count(*) by bin(5m)").rows_sql


def test_fields_of_one_command_are_read_in_one_go() -> None:
    assert compiled("fields level, amount, user.name | filter amount > 1").rows_sql.count("json_extract_string") == 1


@pytest.mark.parametrize(
    ("text", "piece", "is_unsupported"),
    [
        ("fields regexReplace(@message, level, 'x')", "level", True),
        ("fields isIpInSubnet(ip, subnet)", "subnet", True),
        ("fields formatDate(@timestamp, '%G')", "'%G'", True),
        ("fields formatDate(@timestamp, '%Y', 'Nowhere/Town')", "'Nowhere/Town'", False),
        ("fields parseDate(level, 'yyyy-LL')", "'yyyy-LL'", True),
        ("stats pct(amount, 101)", "101", False),
        ("stats topk(0.5, level)", "0.5", False),
        ("stats count(*) by level | filter amount > 1", "amount", False),
        ("stats count(*) as n | stats latest(n)", "latest(n)", False),
        ("fields 1e999 as big", "1e999", False),
    ],
)
def test_what_cannot_be_run_is_an_error_with_its_place(text: str, piece: str, is_unsupported: bool) -> None:
    with pytest.raises(QuerySyntaxError) as raised:
        compiled(text)
    assert text[slice(*raised.value.span)] == piece
    assert raised.value.is_unsupported is is_unsupported


def test_names_are_seen_in_the_command_that_gives_them() -> None:
    assert rows_of("filter ispresent(amount) | fields 2 as two, two * 3 as six, six + amount as all | display all") == [
        (None,),
        ("8.5",),
        ("16",),
    ]


def test_a_constant_sorts_nothing_but_says_in_which_order_equal_rows_are() -> None:
    first = [row[0] for row in rows_of("sort 1 | display @ptr")]
    assert first == [row[0] for row in rows_of("sort false desc | display @ptr")][::-1]


def test_two_queries_of_one_table_do_not_disturb_each_other() -> None:
    table = table_of(*MESSAGES)
    one = "parse @message 'user=*, id=* paid' as user, id | filter ispresent(id) | fields amount"
    assert ask(table, one).rows == [("ann", "7", None)] == ask(table, one).rows[:1]
    assert ask(table, "stats max(amount), min(level), sortsLast(amount)").rows == [("10", "ERROR", "10")]
    table.close()


def test_signs_beside_each_other_begin_no_comment() -> None:
    text = "fields -'-0' as a, - -0 as b, -(-1) as c, 2 - -'-0' as d | limit 1"
    assert rows_of(text) == [("0", "0", "1", "2")]


def test_a_constant_group_is_not_taken_for_a_constant_of_an_aggregate() -> None:
    text = "stats values(level), pct(amount, 50) by '' as nothing, ',' as comma, 50 as fifty"
    assert rows_of(text) == [("", ",", "50", '["ERROR","INFO","WARN"]', "2.5")]


def test_a_small_limit_does_not_make_planning_long() -> None:
    text = "unnest amount into x | fields @log / amount / @type as y | sort jsonParse(y) desc | limit 20"
    table = table_of(*MESSAGES)
    query = parse_query(text)
    assert len(table.run(query, start_ms=0, end_ms=NOW_MS, now_ms=NOW_MS, timeout_s=15.0).rows) == 3
    table.close()
