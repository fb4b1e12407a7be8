"""What the place of queries does for each key, over an account that the test makes up."""

import msgspec

from lambdatop.model.query import QueryProgress, QueryRun
from tests.ui.insights_material import Account, complete, opened_queries, place


def running(_run: QueryRun) -> QueryProgress:
    return msgspec.structs.replace(complete(2), status="running", ended_ms=None)


async def test_a_query_runs_over_the_functions_log_groups_and_its_rows_come_into_the_table() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await session.press("f5")
        await session.until(lambda: "REPORT RequestId" in session.text())
        (run,) = account.runs
        assert run.log_groups == ("/aws/lambda/checkout-api",)
        assert run.end_s - run.start_s == 3_600
        assert "Complete" in session.text()


async def test_an_ended_query_is_named_no_longer_and_its_rows_stay() -> None:
    account = Account()
    async with opened_queries(account, "enter") as session:
        await session.press("f5")
        await session.until(lambda: account.runs and not account.tasks)
        await session.press("escape", "8")
        await session.until(lambda: "REPORT RequestId" in session.text())
        assert len(account.runs) == 1


async def test_escape_stops_a_running_query_and_then_leaves() -> None:
    account = Account()
    account.progress = running
    async with opened_queries(account, "enter") as session:
        await session.press("f5")
        await session.until(lambda: "Running" in session.text())
        assert len(account.tasks) == 1
        await session.press("escape")
        await session.until(lambda: "Stopped" in session.text())
        assert not account.tasks
        here = place(session)
        await session.press("escape")
        await session.until(lambda: session.app.screen is not here)
