"""What can be done with the rows of a query, over an account that the test makes up."""

import base64
import csv
import json
import stat
from pathlib import Path

import msgspec
import pytest

from lambdatop.model.query import QueryProgress, RecordFound, RecordLookup
from lambdatop.model.question import RequestQuestion
from lambdatop.render.span import line_text
from lambdatop.ui.screens.insights import InsightsScreen
from lambdatop.ui.screens.insights_record import RecordScreen
from lambdatop.ui.screens.logs import LogsScreen
from lambdatop.ui.screens.request import RequestScreen
from tests.ui.insights_material import Account, complete, opened_queries, place
from tests.ui.test_keys import Session

BINNED = QueryProgress(
    number=0,
    status="complete",
    revision=1,
    columns=("bin(5m)", "errors", "@log"),
    rows=tuple(
        (f"2026-11-21 02:{5 * index:02d}:00.000", str(index * 7 % 5), "123456789012:/aws/lambda/checkout-api")
        for index in range(6)
    ),
)


async def ran(session: Session) -> InsightsScreen:
    await session.press("f5")
    await session.until(lambda: "Complete" in session.text())
    return place(session)


def shown(session: Session) -> list[str]:
    """Return the rows on screen, below their headings."""
    return [line_text(line).strip() for line in place(session).results.lines[1:] if line_text(line).strip()]


def names_in(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def copied(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list into which everything copied goes."""
    texts: list[str] = []
    driver = session.app._driver
    assert driver is not None

    def write(data: str) -> None:
        if data.startswith("\x1b]52;c;"):
            texts.append(base64.b64decode(data.removeprefix("\x1b]52;c;").rstrip("\x07")).decode())

    monkeypatch.setattr(driver, "write", write)
    return texts


async def test_rows_are_sorted_by_the_column_under_the_cursor() -> None:
    account = Account()
    account.progress = lambda _run: complete(12)
    async with opened_queries(account, "enter", size=(200, 40)) as session:
        await ran(session)
        await session.press("right", "right", "right", "right", "s")
        assert shown(session)[0].endswith("11.5")
        await session.press("s")
        assert shown(session)[0].endswith("0.5")
        await session.press("s")
        assert place(session).tab.choice.sort_column is None


async def test_rows_are_filtered_while_one_types_and_escape_shows_all() -> None:
    account = Account()
    account.progress = lambda _run: complete(30)
    async with opened_queries(account, "enter") as session:
        await ran(session)
        await session.press("slash", *"Duration: 2.5")
        await session.until(lambda: len(shown(session)) == 1)
        assert "1 of 30" in session.text()
        await session.press("enter")
        assert "1 shown" in session.text()
        await session.press("slash", "escape")
        await session.until(lambda: len(shown(session)) > 10)


async def test_a_filter_that_is_no_regular_expression_says_so() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        here = await ran(session)
        await session.press("slash", *"/(/")
        await session.until(lambda: here.table is not None and here.table.problem is not None)
        assert len(shown(session)) == 3


async def test_the_cursor_stays_on_its_row_whatever_the_order() -> None:
    account = Account()
    account.progress = lambda _run: complete(12)
    async with opened_queries(account, "enter") as session:
        here = await ran(session)
        await session.press("down", "down")
        before = here.fields
        await session.press("s", "s")
        assert here.fields == before


async def test_columns_are_hidden_shown_again_and_made_wider() -> None:
    account = Account()
    async with opened_queries(account, "enter", size=(200, 40)) as session:
        here = await ran(session)
        await session.press("right", "x")
        assert "@message" not in line_text(here.results.lines[0])
        await session.press("X")
        assert "@message" in line_text(here.results.lines[0])
        before = line_text(here.results.lines[0]).index("@log ")
        await session.press("minus", "minus")
        assert line_text(here.results.lines[0]).index("@log ") == before - 8


async def test_columns_that_do_not_fit_are_scrolled_to() -> None:
    account = Account()
    async with opened_queries(account, "enter", size=(80, 24)) as session:
        here = await ran(session)
        assert "@duration" not in line_text(here.results.lines[0])
        await session.press("right", "right", "right", "right")
        assert "@duration" in line_text(here.results.lines[0])
        await session.press("left", "left", "left", "left")
        assert "@timestamp" in line_text(here.results.lines[0])


async def test_enter_fetches_the_whole_record_and_from_there_the_request() -> None:
    account = Account()
    account.record = RecordFound(number=0, fields={"level": "ERROR", "cart": '{"items": [1]}'})
    async with opened_queries(account, "enter") as session:
        await ran(session)
        await session.press("down", "enter")
        await session.until(lambda: isinstance(session.app.screen, RecordScreen) and "level" in session.text())
        lookups = [task for task in account.seen.values() if isinstance(task, RecordLookup)]
        assert [task.pointer for task in lookups] == ["pointer-1"]
        assert account.tasks == ()
        await session.press("r")
        await session.until(lambda: isinstance(session.app.screen, RequestScreen))
        asked = [question for question in account.engine.questions if isinstance(question, RequestQuestion)]
        assert asked[-1].request_id == "8f5cbb0e-51a1-4c2f-9d5f-000000000001"
        assert asked[-1].function is not None
        assert asked[-1].function.name == "checkout-api"


async def test_a_record_that_is_left_before_it_has_come_is_wanted_no_longer() -> None:
    account = Account()
    account.record = None  # type: ignore[assignment]
    async with opened_queries(account, "enter") as session:
        await ran(session)
        await session.press("enter")
        await session.until(lambda: len(account.tasks) == 1)
        await session.press("escape")
        await session.until(lambda: account.tasks == ())


async def test_a_row_of_an_aggregate_is_shown_whole_without_asking_aws() -> None:
    account = Account()
    account.progress = lambda _run: BINNED
    async with opened_queries(account, "enter") as session:
        await ran(session)
        await session.press("enter")
        await session.until(lambda: "of an aggregate" in session.text())
        assert not any(isinstance(task, RecordLookup) for task in account.seen.values())
        await session.press("l")
        await session.until(lambda: isinstance(session.app.screen, LogsScreen))


async def test_a_row_that_names_no_function_says_what_helps() -> None:
    account = Account()
    account.progress = lambda _run: msgspec.structs.replace(complete(), columns=("a", "b", "c", "d", "e"))
    async with opened_queries(account, "enter") as session:
        here = await ran(session)
        await session.press("l")
        await session.pilot.pause()
        assert session.app.screen is here
        assert any("enter fetches all fields" in str(note.message) for note in session.app._notifications)


async def test_a_chart_takes_the_tables_place_where_there_is_one_to_draw() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        here = await ran(session)
        await session.press("c")
        assert not here.tab.is_chart
        account.progress = lambda _run: BINNED
        await session.press("f5")
        await session.until(lambda: "bin(5m)" in session.text())
        await session.press("c")
        await session.until(lambda: "02:05" in session.text() and "errors" in session.text())
        assert here.tab.is_chart
        await session.press("b", "c")
        assert not here.tab.is_chart


async def test_a_chart_that_is_asked_for_too_early_hides_no_rows() -> None:
    account = Account()
    account.progress = lambda _run: QueryProgress(number=0, status="running")
    async with opened_queries(account, "enter") as session:
        await session.press("f5", "c")
        await session.until(lambda: [note.message for note in session.app._notifications] != [])
        assert not place(session).tab.is_chart
        account.progress = lambda _run: complete()
        account.tell()
        await session.until(lambda: "REPORT RequestId" in session.text())


async def test_rows_that_make_no_chart_are_shown_where_there_was_one_before() -> None:
    account = Account()
    account.progress = lambda _run: BINNED
    async with opened_queries(account, "enter") as session:
        await session.press("f5")
        await session.until(lambda: "c draws it" in session.text())
        await session.press("c")
        await session.until(lambda: "c table" in session.text())
        account.progress = lambda _run: complete()
        place(session).tab.buffer.set_text("limit 3")
        await session.press("f5")
        await session.until(lambda: "REPORT RequestId" in session.text())


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl", "rows.json", "rows.md"])
async def test_rows_are_written_as_they_are_shown_for_their_owner_alone(tmp_path: Path, name: str) -> None:
    account = Account()
    account.progress = lambda _run: complete(5_000)
    path = tmp_path / name
    async with opened_queries(account, "enter", size=(200, 40)) as session:
        await ran(session)
        await session.press("right", "right", "x", "w", "ctrl+u", *str(path), "enter")
        await session.until(
            lambda: path.exists() and any("5,000 rows" in str(n.message) for n in session.app._notifications)
        )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_text()
    if name.endswith("csv"):
        rows = list(csv.reader(content.splitlines()))
        assert rows[0] == ["@timestamp", "@message", "@logStream", "@duration"]
        assert len(rows) == 5_001
    elif name.endswith("jsonl"):
        assert json.loads(content.splitlines()[4_999])["@duration"] == "4999.5"
    elif name.endswith("json"):
        assert len(json.loads(content)) == 5_000
    else:
        assert content.count("\n") == 5_002


@pytest.mark.parametrize(
    ("name", "why"), [("rows.xml", "say a file's name ending in"), ("no/rows.csv", "No such file")]
)
async def test_what_cannot_be_written_says_why(tmp_path: Path, name: str, why: str) -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await ran(session)
        await session.press("w", "ctrl+u", *str(tmp_path / name), "enter")
        await session.until(lambda: any(why in str(note.message) for note in session.app._notifications))
    assert names_in(tmp_path) == []


async def test_cells_rows_and_all_rows_are_copied_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account()
    secret = "key AKIAIOSFODNN7EXAMPLE ok"
    rows = (("2026-11-21 02:00:00.000", secret), ("2026-11-21 02:00:01.000", "two\nlines"))
    account.progress = lambda _run: msgspec.structs.replace(complete(2), columns=("@timestamp", "@message"), rows=rows)
    async with opened_queries(account, "enter") as session:
        await ran(session)
        texts = copied(session, monkeypatch)
        await session.press("right", "y", "Y", "A")
        await session.until(lambda: len(texts) == 3)
        assert all("AKIAIOSFODNN7EXAMPLE" not in text for text in texts)
        assert texts[0].startswith("key ")
        assert texts[1].startswith("2026-11-21 02:00:00.000  key ")
        assert texts[2].splitlines()[0] == "@timestamp,@message"
        await session.press("R", "y")
        await session.until(lambda: len(texts) == 4)
        assert texts[3] == secret


async def test_copying_a_record_copies_all_its_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await ran(session)
        await session.press("enter")
        await session.until(lambda: "level" in session.text())
        texts = copied(session, monkeypatch)
        await session.press("y")
        await session.until(lambda: len(texts) == 1)
        assert "level: ERROR" in texts[0]
        assert "@logStream: 2026/11/21/[42]" in texts[0]


async def test_rows_that_grow_while_the_query_runs_leave_the_cursor_where_it_is() -> None:
    account = Account()
    account.progress = lambda _run: msgspec.structs.replace(complete(5), status="running")
    async with opened_queries(account, "enter") as session:
        await session.press("f5")
        await session.until(lambda: "partial: 5 rows" in session.text())
        await session.press("down", "down", "down")
        account.progress = lambda _run: complete(50)
        account.tell()
        await session.until(lambda: "Complete · 50 rows" in session.text())
        assert place(session).tab.row == 3
