"""What the place of queries looks like: pictures that are compared."""

import msgspec
import pytest
from textual.pilot import Pilot

from lambdatop.model.query import QueryProblem, QueryProgress
from lambdatop.ui.app import LambdatopApp
from lambdatop.ui.settings import ScreenSettings
from tests.ui import pictures
from tests.ui.insights_material import Account, complete
from tests.ui.test_looks import SIZES, Compare, settled

BINNED = QueryProgress(
    number=0,
    status="complete",
    revision=1,
    columns=("bin(5m)", "errors", "@log"),
    rows=tuple(
        (f"2026-11-21 02:{5 * index:02d}:00.000", str(index * 7 % 5 + at), f"123456789012:/aws/lambda/{name}")
        for index in range(10)
        for at, name in enumerate(("checkout-api", "checkout-worker"))
    ),
    started_ms=pictures.NOW_MS - 3_000,
    ended_ms=pictures.NOW_MS,
)
REFUSED = QueryProgress(
    number=0,
    status="refused",
    problem=QueryProblem(sentence="unexpected symbol found @log at line 2", start=48, end=52, remedy="Take it away."),
)
RUNNING = msgspec.structs.replace(complete(40), status="running", ended_ms=None, cost_usd=0.0421)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    ("name", "answer", "keys"),
    [
        ("rows", complete(60), ("f5", "down", "right", "s")),
        ("running", RUNNING, ("f5",)),
        ("chart", BINNED, ("f5", "c")),
        ("refused", REFUSED, ("f5", "e")),
        ("written", complete(0), ("ctrl+j", *"| stats count", "tab", "down")),
        ("shelf", complete(0), ("f4", *"errors", "down")),
        ("record", complete(3), ("f5", "enter")),
    ],
)
def test_queries(
    snap_compare: Compare,
    name: str,  # noqa: ARG001  names the picture
    answer: QueryProgress,
    keys: tuple[str, ...],
    size: tuple[int, int],
) -> None:
    account = Account()
    account.progress = lambda _run: answer
    settings = ScreenSettings(profile="production", is_utc=True, now_ms=lambda: pictures.NOW_MS)
    app = LambdatopApp(account.engine, settings)

    async def go(pilot: Pilot[None]) -> None:
        while not account.engine.is_started:
            await pilot.pause(0.01)
        for key in ("enter", "8", *keys):
            await pilot.press(key)
            await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=go)
