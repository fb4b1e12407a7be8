"""What the place of queries does before, while and after a query runs, over an account that the test makes up."""

import msgspec
import pytest
from textual import events
from textual.widgets import Input

from lambdatop.model.identity import Scope
from lambdatop.model.query import (
    DefinitionList,
    DefinitionsFound,
    FieldList,
    QueryDefinition,
    QueryParameter,
    QueryProblem,
    QueryProgress,
    QueryRun,
    QueryStatistics,
)
from lambdatop.model.source_status import GroupLedger, SourceStatus, TailLedger
from lambdatop.ui.screens.help import HelpScreen
from lambdatop.ui.screens.insights import InsightsScreen
from lambdatop.ui.screens.insights_picker import QueryPicker
from lambdatop.ui.screens.insights_question import CostQuestion
from lambdatop.ui.screens.logs import LogsScreen
from lambdatop.ui.screens.overview import OverviewScreen
from lambdatop.ui.widgets.filter_bar import FilterBar
from tests.ui import pictures
from tests.ui.insights_material import GIGABYTE, Account, complete, opened_queries, place
from tests.ui.test_keys import Session, palette


def running(_run: QueryRun) -> QueryProgress:
    return msgspec.structs.replace(complete(2), status="running", ended_ms=None)


def would_scan(gigabytes: float | None) -> QueryProgress:
    estimated = None if gigabytes is None else gigabytes * GIGABYTE
    return QueryProgress(number=0, status="complete", estimated_bytes=estimated)


def refused(sentence: str, start: int | None = None, end: int | None = None) -> QueryProgress:
    problem = QueryProblem(sentence=sentence, code="MalformedQueryException", start=start, end=end)
    return QueryProgress(number=0, status="refused", problem=problem)


async def written(session: Session, text: str) -> None:
    """Write a text in place of the one in the editor."""
    place(session).tab.buffer.set_text(text)
    place(session).editor.focus()
    place(session).redraw()
    await session.pilot.pause()


async def test_a_query_runs_over_the_functions_log_group_and_its_rows_come_into_the_table() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await session.press("f5")
        await session.until(lambda: "REPORT RequestId" in session.text())
        (run,) = account.runs
        assert run.log_groups == ("/aws/lambda/checkout-api",)
        assert (run.start_s, run.end_s) == (pictures.NOW_MS // 1000 - 3_600, pictures.NOW_MS // 1000)
        assert "Complete · 3 rows" in session.text()
        assert "1.0 GB scanned · $0.005" in session.text()


async def test_an_ended_query_is_named_no_longer_and_its_rows_stay_when_one_comes_back() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await session.press("f5")
        await session.until(lambda: account.runs and not account.tasks)
        await session.press("escape", "8")
        await session.until(lambda: "REPORT RequestId" in session.text())
        assert len(account.runs) == 1
        assert account.engine.questions == []


async def test_escape_stops_a_running_query_and_then_leaves() -> None:
    account = Account()
    account.progress = running
    async with opened_queries(account, "enter") as session:
        await session.press("f5")
        await session.until(lambda: "Running" in session.text())
        assert len(account.tasks) == 1
        assert "partial: 2 rows" in session.text()
        await session.press("escape")
        await session.until(lambda: "Stopped" in session.text())
        assert not account.tasks
        assert "REPORT RequestId" in session.text()
        here = place(session)
        await session.press("escape")
        await session.until(lambda: session.app.screen is not here)


async def test_leaving_the_place_stops_the_queries_of_all_tabs_and_help_over_it_stops_none() -> None:
    account = Account()
    account.progress = running
    async with opened_queries(account, "enter") as session:
        await session.press("f5", "ctrl+t", "f5")
        await session.until(lambda: len(account.tasks) == 2)
        await session.press("question_mark")
        await session.until(lambda: isinstance(session.app.screen, HelpScreen))
        assert len(account.tasks) == 2
        account.progress = lambda _run: msgspec.structs.replace(running(_run), cost_usd=7.0)
        account.tell()
        await session.press("escape")
        await session.until(lambda: "$7" in session.text())
        await session.press("8")
        await session.until(lambda: account.tasks == ())


async def test_quitting_stops_a_running_query() -> None:
    account = Account()
    account.progress = running
    async with opened_queries(account, "enter") as session:
        await session.press("f5")
        await session.until(lambda: len(account.tasks) == 1)
        await session.press("ctrl+q")
    assert account.tasks == ()


async def test_a_palette_over_a_running_query_leaves_it_running() -> None:
    account = Account()
    account.progress = running
    async with opened_queries(account, "enter") as session:
        await session.press("f5")
        await session.until(lambda: len(account.tasks) == 1)
        await session.press("colon")
        await session.until(lambda: not isinstance(session.app.screen, InsightsScreen))
        assert len(account.tasks) == 1


async def test_no_number_is_used_for_two_tasks() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        for _ in range(3):
            await session.press("f5")
            await session.until(lambda: not account.tasks)
        assert len({run.number for run in account.runs}) == 3


async def test_what_may_cost_much_is_asked_with_the_price_and_only_y_runs_it() -> None:
    account = Account()
    account.estimate = lambda _run: would_scan(400)
    async with opened_queries(account, "enter") as session:
        place(session).tab.time_range = place(session).tab.time_range._replace(text="2d")
        await session.press("f5")
        await session.until(lambda: isinstance(session.app.screen, CostQuestion))
        assert "It would scan about 400 GB of /aws/lambda/checkout-api: $2.00." in " ".join(session.text().split())
        assert "$0.005 for each GB" in session.text()
        await session.press("enter")
        await session.until(lambda: isinstance(session.app.screen, InsightsScreen))
        assert account.runs == []
        await session.press("f5")
        await session.until(lambda: isinstance(session.app.screen, CostQuestion))
        assert len(account.estimates) == 1
        await session.press("y")
        await session.until(lambda: len(account.runs) == 1)


async def test_a_long_time_is_asked_about_where_aws_gives_no_estimate() -> None:
    account = Account()
    account.estimate = lambda _run: would_scan(None)
    async with opened_queries(account, "enter") as session:
        place(session).tab.time_range = place(session).tab.time_range._replace(text="3d")
        await session.press("f5")
        await session.until(lambda: isinstance(session.app.screen, CostQuestion))
        assert "is not known, over 72 hours" in session.text().replace("\n", " ")


async def test_an_estimate_is_asked_for_by_key_and_shown_until_the_query_is_another_one() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await session.press("f6")
        await session.until(lambda: "would scan about 2.0 GB, $0.010" in session.text())
        assert account.runs == []
        await session.press("1")
        await session.until(lambda: "would scan" not in session.text())


async def test_escape_takes_back_a_query_that_waits_for_its_estimate() -> None:
    account = Account()
    account.estimate = lambda _run: QueryProgress(number=0, status="running")
    async with opened_queries(account) as session:
        await session.press("f5")
        await session.until(lambda: "asking what it would scan" in session.text())
        await session.press("escape")
        await session.until(lambda: account.tasks == ())
        account.estimate = lambda _run: would_scan(1)
        account.tell()
        await session.pilot.pause()
        assert account.runs == []
        assert isinstance(session.app.screen, InsightsScreen)


async def test_letters_change_no_text_while_a_query_waits_and_what_it_waits_for_is_said() -> None:
    account = Account()
    account.estimate = lambda _run: QueryProgress(number=0, status="running")
    async with opened_queries(account) as session:
        text = place(session).tab.buffer.text
        await session.press("f5", "c", "s")
        await session.until(lambda: "Asking what it would scan, before it runs" in session.text())
        assert place(session).tab.buffer.text == text
        await session.press("escape")
        await session.until(lambda: "Not run." in [note.message for note in session.app._notifications])
        assert "AWS gives no estimate" not in session.text()


async def test_nothing_is_asked_about_a_tab_that_is_not_on_screen() -> None:
    account = Account()
    account.estimate = lambda _run: QueryProgress(number=0, status="running")
    async with opened_queries(account) as session:
        await session.press("f5", "ctrl+t")
        account.estimate = lambda _run: would_scan(400)
        account.tell()
        await session.until(lambda: "@message… ?" in session.text())
        await session.press("b", "y")
        assert place(session).tab.buffer.text.endswith("by")
        assert account.runs == []
        await session.press("f7")
        await session.until(lambda: isinstance(session.app.screen, CostQuestion))
        await session.press("y")
        await session.until(lambda: len(account.runs) == 1)


async def test_a_limit_that_the_query_sets_is_no_news_and_one_that_aws_sets_is() -> None:
    account = Account()
    account.progress = lambda _run: msgspec.structs.replace(complete(3), is_cut=True)
    async with opened_queries(account, "enter") as session:
        await session.press("f5")
        await session.until(lambda: "Complete · 3 rows" in session.text())
        assert "more match" not in session.text()
        await written(session, "fields @message")
        await session.press("f5")
        await session.until(lambda: "more match" in session.text())


async def test_where_no_rows_are_it_is_said_why_and_what_helps() -> None:
    account = Account()
    nothing = msgspec.structs.replace(complete(0), columns=())
    account.progress = lambda _run: msgspec.structs.replace(nothing, status="running", ended_ms=None)
    async with opened_queries(account, "enter") as session:
        await session.press("f5")
        await session.until(lambda: "esc stops the query" in session.text())
        account.progress = lambda _run: nothing
        account.tell()
        await session.until(lambda: "No log event matches" in session.text())
        account.progress = lambda _run: msgspec.structs.replace(nothing, statistics=QueryStatistics())
        await session.press("f5")
        await session.until(lambda: "no log events in that time" in session.text())


@pytest.mark.parametrize("key", ["ctrl+g", "ctrl+l", "ctrl+o"])
@pytest.mark.parametrize("is_editing", [True, False])
async def test_what_f_keys_do_other_keys_do_too(key: str, is_editing: bool) -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await session.press("ctrl+r")
        await session.until(lambda: "Complete" in session.text())
        await session.press(*(["e"] if is_editing else []), key)
        await session.until(lambda: session.app.screen.query(FilterBar) or isinstance(session.app.screen, QueryPicker))
        await session.press("escape", "ctrl+x")
        await session.until(lambda: not isinstance(session.app.screen, InsightsScreen))


async def test_commands_that_infrequent_access_refuses_are_named_before() -> None:
    account = Account()
    ledger = GroupLedger(
        log_group="/aws/lambda/checkout-api",
        swept_to_ms=None,
        unread_ms=0,
        trouble="needs queries (Infrequent Access)",
        ledger=TailLedger(),
    )
    status = SourceStatus(name="logs", state="working", detail="", log_groups=(ledger,))
    snapshot = msgspec.structs.replace(pictures.incident(), sources=(status,))
    async with opened_queries(account, "enter", snapshot=snapshot) as session:
        await written(session, "pattern @message")
        await session.press("f5")
        await session.until(lambda: isinstance(session.app.screen, CostQuestion))
        assert "pattern cannot run over log groups of Infrequent Access: /aws/lambda/checkout-api." in " ".join(
            session.text().split()
        )


async def test_why_aws_refused_is_shown_with_its_place_in_the_text() -> None:
    account = Account()
    account.progress = lambda _run: refused("unexpected symbol found x at line 1 and position 7", 7, 8)
    async with opened_queries(account, "enter") as session:
        await written(session, "fields x y z")
        await session.press("f5")
        await session.until(lambda: "unexpected symbol found" in session.text())
        (marked,) = [span for line in place(session).editor.lines for span in line if "problem" in span.style]
        assert marked.text == "x"
        await session.press("e", "1")
        await session.until(
            lambda: not [span for line in place(session).editor.lines for span in line if "problem" in span.style]
        )


async def test_the_place_of_a_problem_counts_from_the_text_and_not_from_what_was_put_before_it() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await session.press("f2", "ctrl+u", *"prefix:/aws", "enter")
        await written(session, "fields x y")
        length = len('SOURCE logGroups(namePrefix: ["/aws"])\n| ')
        account.progress = lambda _run: refused("no", length + 7, length + 8)
        await session.press("f5")
        await session.until(lambda: account.runs)
        (run,) = account.runs
        assert run.log_groups == ()
        assert run.text[length:] == "fields x y"
        spans = [span for line in place(session).editor.lines for span in line if "problem" in span.style]
        assert [span.text for span in spans] == ["x"]


async def test_an_estimate_that_aws_refuses_says_why_and_runs_nothing() -> None:
    account = Account()
    account.estimate = lambda _run: refused("no such log group")
    async with opened_queries(account) as session:
        await session.press("f5")
        await session.until(lambda: "no such log group" in session.text())
        assert account.runs == []


async def test_what_this_machine_does_not_understand_is_a_mild_hint_and_runs_all_the_same() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await written(session, "fieldz x")
        assert "this machine's reading: " in session.text()
        await session.press("f5")
        await session.until(lambda: len(account.runs) == 1)


async def test_rows_beyond_ten_thousand_come_too() -> None:
    account = Account()
    account.progress = lambda _run: complete(25_000)
    async with opened_queries(account, "enter") as session:
        await session.press("f5")
        await session.until(lambda: "Complete · 25,000 rows" in session.text())
        await session.until(lambda: not account.tasks)
        await session.press("G")
        await session.until(lambda: place(session).tab.row == 24_999)
        assert "02:56:39" in session.text()


async def test_parameters_are_asked_for_and_remembered() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await written(session, "filter @duration > {{ms}} | limit {{rows}}")
        await session.press("f5", *"900", "enter")
        await session.press(*"7", "enter")
        await session.until(lambda: len(account.runs) == 1)
        assert account.runs[0].text == "filter @duration > 900 | limit 7"
        assert place(session).tab.buffer.text == "filter @duration > {{ms}} | limit {{rows}}"
        await session.press("f5", "enter", "escape")
        await session.pilot.pause()
        assert len(account.runs) == 1
        await session.press("f5", "enter", "enter")
        await session.until(lambda: len(account.runs) == 2)
        assert account.runs[1].text == account.runs[0].text


async def test_log_groups_and_time_are_typed_and_what_cannot_be_used_is_said() -> None:
    account = Account()
    async with opened_queries(account) as session:
        assert "14 log groups" in session.text()
        await session.press("f2", *"check*")
        await session.until(lambda: "2 log groups: checkout-api, checkout-worker" in session.text())
        await session.press("enter", "f3", "ctrl+u", *"2h30m", "enter")
        await session.until(lambda: "last 2h30m" in session.text())
        await session.press("f3", "ctrl+u", *"soon", "enter")
        await session.until(lambda: place(session).tab.time_range.text == "2h30m")
        await session.press("f6")
        await session.until(lambda: account.estimates)
        (estimate,) = account.estimates
        assert estimate.log_groups == ("/aws/lambda/checkout-api", "/aws/lambda/checkout-worker")
        assert estimate.end_s - estimate.start_s == 9_000


async def test_the_place_opens_over_the_functions_that_one_looks_at() -> None:
    account = Account()
    async with opened_queries(account, "slash", *"check", "enter") as session:
        assert place(session).tab.groups.text == "checkout-api checkout-worker"
        await session.press("f5", "8")
        await session.until(lambda: isinstance(session.app.screen, OverviewScreen))
        await session.press("l")
        await session.until(lambda: isinstance(session.app.screen, LogsScreen))
        await session.press("8")
        await session.until(lambda: isinstance(session.app.screen, InsightsScreen))
        assert place(session).tab.groups.text == "checkout-api"
        assert len(place(session).desk.tabs) == 2


async def test_from_a_place_over_the_queries_one_comes_back_to_them() -> None:
    account = Account()
    account.progress = running
    async with opened_queries(account, "enter") as session:
        here = place(session)
        await session.press("f5")
        await session.until(lambda: "Running" in session.text())
        await session.press("l")
        await session.until(lambda: isinstance(session.app.screen, LogsScreen))
        assert len(account.tasks) == 1
        await session.press("8")
        await session.until(lambda: session.app.screen is here)


async def test_tabs_have_their_own_text_and_rows_and_run_at_once() -> None:
    account = Account()
    account.progress = lambda run: complete(5) if "limit 7" in run.text else running(run)
    async with opened_queries(account, "enter") as session:
        await session.press("f5")
        await session.until(lambda: "Running" in session.text())
        await session.press("ctrl+t")
        await written(session, "limit 7")
        await session.press("f5")
        await session.until(lambda: "Complete · 5 rows" in session.text())
        assert len(account.tasks) == 1
        await session.press("left_square_bracket")
        await session.until(lambda: "Running" in session.text())
        await session.press("f9")
        await session.until(lambda: account.tasks == ())
        assert [tab.buffer.text for tab in place(session).desk.tabs] == ["limit 7"]


async def test_another_account_or_region_is_chosen_by_key() -> None:
    other = Scope("210987654321", "us-east-1")
    snapshot = pictures.incident()
    account_row = msgspec.structs.replace(snapshot.accounts[0], scope=other)
    snapshot = msgspec.structs.replace(snapshot, accounts=(*snapshot.accounts, account_row))
    account = Account()
    async with opened_queries(account, snapshot=snapshot) as session:
        assert "123456789012 eu-west-1" in session.text()
        await session.press("f10")
        await session.until(lambda: "210987654321 us-east-1" in session.text())
        assert "No function is known here yet" in session.text()


async def test_tab_completes_with_the_fields_of_the_log_groups() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await written(session, "fields cart")
        await session.press("tab")
        await session.until(lambda: any(isinstance(task, FieldList) for task in account.seen.values()))
        await session.until(lambda: "cartId" in session.text())
        await session.press("tab")
        await session.until(lambda: place(session).tab.buffer.text == "fields cartId")


async def test_a_function_is_completed_with_its_bracket_and_the_cursor_in_it() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await written(session, "stats count_d")
        await session.press("tab")
        await session.until(lambda: place(session).tab.buffer.text != "stats count_d")
        buffer = place(session).tab.buffer
        assert (buffer.text, buffer.cursor) == ("stats count_distinct()", len("stats count_distinct("))


async def test_offers_are_chosen_with_arrows_and_escape_leaves_them() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await written(session, "stats c")
        await session.press("tab", "down", "enter")
        text = place(session).tab.buffer.text
        assert text.startswith("stats c")
        assert text != "stats c"
        await written(session, "stats c")
        await session.press("tab", "escape")
        assert place(session).is_editing
        assert place(session).tab.buffer.text == "stats c"


async def test_letters_are_text_in_the_editor_and_keys_in_the_rows() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await written(session, "")
        await session.press(*"q?8:e")
        assert place(session).tab.buffer.text == "q?8:e"
        await session.press("f5")
        await session.until(lambda: "Complete" in session.text())
        await session.press("e")
        await session.until(lambda: place(session).is_editing)
        assert place(session).tab.buffer.text == "q?8:e"


async def test_pasted_lines_stay_lines_and_controls_become_pictures() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await written(session, "")
        session.app.post_message(events.Paste("fields a\x1b]52;c;AAAA\x07\r\n| limit 1"))
        await session.until(lambda: "limit" in place(session).tab.buffer.text)
        assert place(session).tab.buffer.text == "fields a␛]52;c;AAAA␇\n| limit 1"


async def test_older_queries_are_brought_back_by_key() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        for text in ("limit 1", "limit 2"):
            await written(session, text)
            await session.press("f5")
            await session.until(lambda: "Complete" in session.text())
        await written(session, "limit 3")
        await session.press("ctrl+up")
        assert place(session).tab.buffer.text == "limit 2"
        await session.press("alt+p")
        assert place(session).tab.buffer.text == "limit 1"
        await session.press("ctrl+down")
        assert place(session).tab.buffer.text == "limit 2"


async def test_a_query_is_picked_by_words_into_this_tab_or_a_new_one() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await session.press("f4")
        await session.until(lambda: isinstance(session.app.screen, QueryPicker))
        await session.press(*"slowest json", "enter")
        await session.until(lambda: isinstance(session.app.screen, InsightsScreen))
        assert "record.metrics.durationMs" in place(session).tab.buffer.text
        assert place(session).tab.title == "slowest requests (JSON)"
        await session.press("ctrl+z")
        assert "record.metrics" not in place(session).tab.buffer.text
        await session.press("f4")
        await session.until(lambda: isinstance(session.app.screen, QueryPicker))
        await session.press(*"noisy", "ctrl+t")
        await session.until(lambda: isinstance(session.app.screen, InsightsScreen))
        assert [tab.title for tab in place(session).desk.tabs][-1] == "noisy loggers"


async def test_the_accounts_saved_queries_come_while_one_looks_with_their_parameters() -> None:
    account = Account()
    definition = QueryDefinition(
        name="team/slow",
        text="filter @duration > {{ms}}",
        log_groups=("/aws/lambda/login",),
        parameters=(QueryParameter(name="ms", default="750"),),
    )
    account.definitions = None
    async with opened_queries(account, "enter") as session:
        await session.press("f4")
        await session.until(lambda: any(isinstance(task, DefinitionList) for task in account.tasks))
        account.definitions = DefinitionsFound(number=0, definitions=(definition,))
        account.tell()
        await session.press(*"team")
        await session.until(lambda: "team/slow" in session.text())
        assert account.tasks == ()
        await session.press("enter")
        await session.until(lambda: isinstance(session.app.screen, InsightsScreen))
        await session.press("f5")
        await session.until(lambda: session.app.screen.query(Input))
        assert session.app.screen.query_one(Input).value == "750"
        await session.press("enter")
        await session.until(lambda: account.runs)
        assert account.runs[0].log_groups == ("/aws/lambda/login",)
        assert account.runs[0].text == "filter @duration > 750"


async def test_a_query_is_saved_under_a_name_and_found_again() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await written(session, "limit 77")
        await session.press("ctrl+s", *"mine/seven", "enter")
        await session.until(lambda: place(session).tab.title == "mine/seven")
        await session.press("ctrl+t", "f4")
        await session.until(lambda: isinstance(session.app.screen, QueryPicker))
        await session.press(*"seven", "enter")
        await session.until(lambda: isinstance(session.app.screen, InsightsScreen))
        assert place(session).tab.buffer.text == "limit 77"


async def test_the_palette_offers_what_the_place_can_do() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await session.press("ctrl+p", *"new tab")
        await session.until(lambda: "new tab (ctrl+t)" in palette(session))
        await session.press("enter", "enter")
        await session.until(lambda: isinstance(session.app.screen, InsightsScreen))
        assert len(place(session).desk.tabs) == 2


@pytest.mark.parametrize("size", [(80, 24), (60, 14), (160, 48)])
async def test_editor_and_rows_share_the_screen(size: tuple[int, int]) -> None:
    account = Account()
    account.progress = lambda _run: complete(40)
    async with opened_queries(account, "enter", size=size) as session:
        await written(session, "\n".join(f"# {number}" for number in range(30)) + "\nlimit 1")
        here = place(session)
        assert here.results.size.height >= 2
        editing = here.editor.size.height
        await session.press("f5")
        await session.until(lambda: "Complete" in session.text())
        await session.until(lambda: here.editor.size.height <= editing)
        assert here.results.size.height >= 4
        assert here.editor.size.height >= 2


async def test_a_tab_that_is_opened_before_any_account_is_known_reads_the_first_one() -> None:
    account = Account()
    async with opened_queries(account, snapshot=pictures.empty()) as session:
        place(session).tab.scope = Scope("", "")
        account.engine.latest = pictures.incident()
        await session.until(lambda: "14 log groups" in session.text())


async def test_what_is_selected_is_copied_and_nothing_selected_quits() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await written(session, "limit 20")
        await session.press("shift+left", "shift+left", "ctrl+c")
        await session.until(lambda: any(str(note.message) == "20" for note in session.app._notifications))
        assert session.app.is_running


async def test_a_query_that_is_not_being_written_is_shown_from_its_beginning() -> None:
    account = Account()
    async with opened_queries(account, "enter", size=(80, 24)) as session:
        await written(session, "\n".join(f"# {number}" for number in range(30)) + "\nlimit 1")
        assert "limit 1" in session.text()
        await session.press("f5")
        await session.until(lambda: "# 0" in session.text())
