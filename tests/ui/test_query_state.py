"""What the place of queries works out without a screen: log groups, cost, results, tabs, rows, shelf, hints."""

import msgspec
import pytest

from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.query import (
    DefinitionsFound,
    QueryDefinition,
    QueryParameter,
    QueryProgress,
    QueryRun,
)
from lambdatop.model.question import QueryAnswer
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import GroupLedger, SourceStatus, TailLedger
from lambdatop.parsers.time_range import TimeRange
from lambdatop.ui.query_cost import RunPlan
from lambdatop.ui.query_groups import (
    ChosenGroups,
    GroupChoice,
    chosen_groups,
    common_prefixes,
    infrequent_groups,
    known_groups,
    query_over,
)
from lambdatop.ui.query_hint import hint_of
from lambdatop.ui.query_history import PastQuery
from lambdatop.ui.query_result import QueryResult
from lambdatop.ui.query_row import origin_of
from lambdatop.ui.query_saved import SavedQuery
from lambdatop.ui.query_shelf import found_in, shelf_of
from lambdatop.ui.query_tab import FIRST_TEXT, QueryTab
from tests.ui import pictures
from tests.ui.insights_material import complete

NOW_MS = pictures.NOW_MS
REQUEST = "8f5cbb0e-51a1-4c2f-9d5f-6f3b2ad9e001"
RUN = QueryRun(number=1, scope=pictures.SCOPE, text="limit 1", start_s=0, end_s=1)


def many(count: int) -> Snapshot:
    functions = tuple(pictures.function(0, f"shop-{index:03d}", 1.0) for index in range(count))
    return msgspec.structs.replace(pictures.quiet(), functions=functions)


def groups(text: str, snapshot: Snapshot | None = None) -> ChosenGroups:
    return chosen_groups(GroupChoice(text), snapshot or pictures.quiet(), pictures.SCOPE)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("login", ["/aws/lambda/login"]),
        ("check*", ["/aws/lambda/checkout-api", "/aws/lambda/checkout-worker"]),
        ("login, audit", ["/aws/lambda/audit-log-shipper", "/aws/lambda/login"]),
        ("/aws/apigateway/shop", ["/aws/apigateway/shop"]),
        ("/aws/lambda/check*", ["/aws/lambda/checkout-api", "/aws/lambda/checkout-worker"]),
        ("login login", ["/aws/lambda/login"]),
    ],
)
def test_log_groups_are_chosen_by_names_and_globs(text: str, found: list[str]) -> None:
    assert list(groups(text).log_groups) == found


def test_no_choice_means_the_log_groups_of_all_functions() -> None:
    assert len(groups("").log_groups) == 14
    assert groups("").words == "14 log groups"


def test_more_functions_than_a_query_takes_are_reached_by_what_their_log_groups_begin_with() -> None:
    assert groups("", many(73)).prefixes == ("/aws/lambda/shop-0",)
    refused = groups("shop*", many(73))
    assert refused.problem == "73 log groups, and a query takes 50; by prefix: prefix:/aws/lambda/shop-0"
    assert groups("", many(50)).problem is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("zzz", "No function or log group matches zzz."),
        ("prefix:/a login", "Names and prefixes cannot be mixed in one query."),
        ('prefix:/a"]', "A query takes up to 5 prefixes"),
        (" ".join(f"prefix:/{at}" for at in range(6)), "A query takes up to 5 prefixes"),
    ],
)
def test_a_choice_that_no_query_can_run_over_says_why(text: str, problem: str) -> None:
    assert (groups(text).problem or "").startswith(problem)


def test_prefixes_are_put_before_the_text_unless_it_says_itself_what_it_reads() -> None:
    by_prefix = groups("prefix:/aws/lambda/check prefix:/app")
    text, names, length = query_over("limit 1", by_prefix)
    assert text == 'SOURCE logGroups(namePrefix: ["/aws/lambda/check", "/app"])\n| limit 1'
    assert names == ()
    assert text[length:] == "limit 1"
    assert hint_of(text) is None
    own = "# mine\nsource logGroups(namePrefix: ['/x']) | limit 1"
    assert query_over(own, by_prefix) == (own, (), 0)
    assert query_over("limit 1", groups("login")) == ("limit 1", ("/aws/lambda/login",), 0)


def test_known_log_groups_of_a_prefix_are_those_that_functions_log_to() -> None:
    chosen = groups("prefix:/aws/lambda/check")
    assert known_groups(chosen, pictures.quiet(), pictures.SCOPE) == (
        "/aws/lambda/checkout-api",
        "/aws/lambda/checkout-worker",
    )


def test_groups_in_many_folders_have_a_prefix_in_common() -> None:
    assert common_prefixes([f"/f{at}/x" for at in range(9)]) == ("/f",)


def test_log_groups_of_infrequent_access_are_those_that_reading_has_met() -> None:
    ledgers = tuple(
        GroupLedger(log_group=name, swept_to_ms=None, unread_ms=0, trouble=trouble, ledger=TailLedger())
        for name, trouble in (("/a", "needs Insights (Infrequent Access)"), ("/b", None), ("/c", "denied"))
    )
    status = SourceStatus(name="logs", state="working", detail="", log_groups=ledgers)
    assert infrequent_groups(msgspec.structs.replace(pictures.quiet(), sources=(status,))) == {"/a"}


@pytest.mark.parametrize(
    ("text", "seconds", "words"),
    [("15m", 900, "last 15m"), ("2h30m", 9_000, "last 2h30m"), ("02:00 to 02:30", 1_800, "02:00 to 02:30")],
)
def test_a_time_range_is_a_span_or_two_times(text: str, seconds: int, words: str) -> None:
    start_s, end_s = TimeRange(text).bounds_s(NOW_MS, True)
    assert end_s - start_s == seconds
    assert TimeRange(text).words == words


@pytest.mark.parametrize("text", ["", "soon", "02:30 to 02:00", "1h to 2h to 3h", "now"])
def test_what_is_no_time_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        TimeRange(text).bounds_s(NOW_MS, True)


def plan(hours: float, count: int, warning: str | None = None) -> RunPlan:
    return RunPlan("limit 1", ("/g",) * count, 0, round(hours * 3_600), 0, warning)


@pytest.mark.parametrize(
    ("hours", "count", "is_needed"), [(1, 10, False), (1.1, 1, True), (0.5, 11, True), (0.5, 0, True)]
)
def test_a_long_time_and_many_log_groups_are_estimated_first(hours: float, count: int, is_needed: bool) -> None:
    assert plan(hours, count).needs_estimate is is_needed


def test_the_last_hour_is_an_hour_and_the_last_day_a_day_whenever_they_end() -> None:
    hour, day = (RunPlan("limit 1", ("/g",), *TimeRange(text).bounds_s(NOW_MS + 500, True)) for text in ("1h", "24h"))
    assert not hour.needs_estimate
    assert not day.must_ask(None)


@pytest.mark.parametrize(
    ("hours", "estimated", "is_asked"),
    [(1, 10e9, False), (1, 10.1e9, True), (24, None, False), (25, None, True), (25, 1e9, False)],
)
def test_what_may_cost_noticeably_is_asked_about(hours: float, estimated: float | None, is_asked: bool) -> None:
    assert plan(hours, 1).must_ask(estimated) is is_asked
    assert plan(hours, 1, "pattern cannot run").must_ask(estimated)


def answer(progress: QueryProgress, rows_from: int, row_count: int) -> QueryAnswer:
    return QueryAnswer(topic="query 1", number=1, outcome=progress, rows_from=rows_from, row_count=row_count)


def part(whole: QueryProgress, start: int, end: int) -> QueryProgress:
    return msgspec.structs.replace(whole, rows=whole.rows[start:end], pointers=whole.pointers[start:end])


def test_rows_beyond_an_answer_are_asked_for_until_all_have_come() -> None:
    result, whole = QueryResult(RUN), complete(25)
    result.take(answer(part(whole, 0, 10), 0, 25))
    assert (result.rows_from, result.is_done) == (10, False)
    result.take(answer(part(whole, 10, 20), 10, 25))
    assert result.rows_from == 20
    result.take(answer(part(whole, 20, 25), 20, 25))
    assert result.is_done
    assert result.progress.rows == whole.rows
    assert result.progress.pointers == whole.pointers


def test_rows_that_were_replaced_meanwhile_are_asked_for_from_the_first_one_again() -> None:
    result = QueryResult(RUN)
    result.take(answer(part(complete(25), 0, 10), 0, 25))
    result.take(answer(part(complete(25, revision=2), 10, 20), 10, 25))
    assert result.progress.rows == ()
    assert result.rows_from == 0


def test_rows_of_a_running_query_are_all_replaced_each_time() -> None:
    result = QueryResult(RUN)
    running = msgspec.structs.replace(complete(3), status="running")
    result.take(answer(running, 0, 3))
    result.take(answer(part(running, 1, 2), 0, 1))
    assert result.progress.rows == running.rows[1:2]
    assert not result.is_done
    result.stop()
    assert result.is_done
    assert result.progress.status == "cancelled"
    assert result.progress.rows == running.rows[1:2]


def test_the_same_query_again_keeps_how_its_rows_are_looked_at_and_another_does_not() -> None:
    tab = QueryTab(1, pictures.SCOPE, GroupChoice(), TimeRange())
    tab.show_result(QueryResult(RUN), tab.asked, 0)
    tab.choice = tab.choice._replace(sort_column="@duration", filter_text="x", hidden=frozenset({"@log"}))
    tab.row = 7
    tab.show_result(QueryResult(RUN), tab.asked, 0)
    assert (tab.row, tab.choice.sort_column) == (7, "@duration")
    tab.buffer.set_text("limit 2")
    tab.show_result(QueryResult(RUN), tab.asked, 0)
    assert (tab.row, tab.choice.sort_column, tab.choice.filter_text) == (0, None, "")
    assert tab.choice.hidden == {"@log"}


def test_a_tab_is_called_by_its_name_and_says_that_its_text_is_another_one() -> None:
    tab = QueryTab(1, pictures.SCOPE, GroupChoice(), TimeRange())
    assert tab.title == " ".join(FIRST_TEXT.split())
    tab.buffer.set_text("# why\nlimit 1")
    assert tab.title == "limit 1"
    tab.call("mine")
    assert tab.title == "mine"
    tab.buffer.type("0")
    assert tab.title == "mine*"


def test_a_row_says_which_function_request_and_time_it_is_of() -> None:
    fields = {
        "@timestamp": "2026-11-21 02:00:00.000",
        "@log": "123456789012:/aws/lambda/login",
        "@logStream": "2026/11/21/[42]abc",
        "@requestId": REQUEST,
    }
    origin = origin_of(fields, pictures.quiet(), pictures.SCOPE)
    assert origin.function == FunctionKey(*pictures.SCOPE, "login")
    assert origin.request_id == REQUEST
    assert origin.timestamp_ms == 1_795_226_400_000
    assert (
        origin_of({"@timestamp": "1795226400000"}, pictures.quiet(), pictures.SCOPE).timestamp_ms == 1_795_226_400_000
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"newestRequest": REQUEST.upper()},
        {"record.requestId": REQUEST, "other": REQUEST.replace("8f5", "000")},
        {"@message": f"START RequestId: {REQUEST} Version: 1"},
    ],
)
def test_a_request_is_found_in_whichever_field_has_it(fields: dict[str, str]) -> None:
    assert origin_of(fields, pictures.quiet(), pictures.SCOPE).request_id == REQUEST


def test_of_two_requests_none_is_guessed() -> None:
    fields = {"a": REQUEST, "b": REQUEST.replace("8f5", "000")}
    assert origin_of(fields, pictures.quiet(), pictures.SCOPE).request_id is None


def test_functions_that_share_a_log_group_are_told_apart_by_the_stream() -> None:
    rows = tuple(
        msgspec.structs.replace(
            pictures.function(0, name, 1.0),
            function=msgspec.structs.replace(pictures.function(0, name, 1.0).function, log_group="/shared"),
        )
        for name in ("a", "b")
    )
    shared = msgspec.structs.replace(pictures.quiet(), functions=rows)
    fields = {"@log": "123456789012:/shared", "@logStream": "2026/11/21/b[$LATEST]0123"}
    assert origin_of(fields, shared, pictures.SCOPE).function == FunctionKey(*pictures.SCOPE, "b")
    assert origin_of({"@log": "123456789012:/shared"}, shared, pictures.SCOPE).function is None
    assert origin_of(fields, shared, Scope("1", "eu-west-1")).function is None


def test_the_shelf_holds_four_kinds_and_finds_by_all_words() -> None:
    definition = QueryDefinition(
        name="team/errors",
        text="filter level = {{level}}",
        log_groups=("/a", "/b"),
        parameters=(QueryParameter(name="level", default="ERROR"), QueryParameter(name="x")),
    )
    shelf = shelf_of(
        [SavedQuery(name="mine", text="limit 7")],
        DefinitionsFound(number=1, definitions=(definition,)),
        [PastQuery(text="limit 9\n| x", ran_ms=5)],
    )
    (account,) = found_in(shelf, "account", "")
    assert account.groups == "/a /b"
    assert account.parameters == (("level", "ERROR"),)
    assert [query.kind for query in found_in(shelf, None, "limit 9")] == ["past"]
    assert [query.name for query in found_in(shelf, "ready", "COLD json version")] == ["cold starts by version (JSON)"]


def test_ready_queries_for_the_functions_log_format_come_first() -> None:
    shelf = shelf_of([], None, [], frozenset({"JSON"}))
    assert shelf[0].name == "cold starts by version (JSON)"


def test_a_hint_says_what_is_not_understood_and_where() -> None:
    hint = hint_of("fields @timestamp | filter x like")
    assert hint is not None
    assert not hint.is_unsupported
    assert hint_of("filter @duration > {{milliseconds}} | limit {{rows}}") is None
    unsupported = hint_of("stats count(*) by x | anomaly")
    assert unsupported is not None
    assert unsupported.is_unsupported
    assert hint_of("  ") is None
