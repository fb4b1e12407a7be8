"""The pages: a function, the sources, a pane, help."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.source_status import ApiUsage, GroupLedger, SourceStatus, TailLedger
from lambdatop.render.drawing import drawing_of
from lambdatop.render.function_page import function_page
from lambdatop.render.function_words import reasons
from lambdatop.render.help_page import help_page
from lambdatop.render.pane_page import pane_page
from lambdatop.render.panes import PANES
from lambdatop.render.source_page import source_page
from lambdatop.render.span import Line, line_text, line_width
from tests.ui import pictures

SNAPSHOT = pictures.incident()
DRAWING = drawing_of(SNAPSHOT, pictures.NOW_MS, is_utc=True)
CHECKOUT = next(one for one in SNAPSHOT.functions if one.key.name == "checkout-api")


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [line_text(line).rstrip() for line in lines]


def page(width: int = 160) -> list[str]:
    return texts(function_page(CHECKOUT, pictures.detail(SNAPSHOT, CHECKOUT.key), SNAPSHOT, DRAWING, width).lines)


def test_a_function_page_has_windows_versions_settings_invocations_and_errors() -> None:
    lines = page()
    assert lines[:3] == [
        "■ checkout-api",
        "  failing since 02:50:12  ██▇▇▇▇█▇▇██▇▇██ invocations",
        "  7.6% errors since version 42 (41: 0.1%)",
    ]
    for window in ("1 min", "5 min", "15 min", "1 h", "since start"):
        assert any(line.startswith(f"  {window} ") for line in lines)
    assert any(line.startswith("  42 ") and "22%" in line for line in lines)
    assert "  runtime           python3.13, x86_64" in lines
    assert "  checkout-dlq  512 waiting, 0 in flight, oldest 3 min  source redrive via checkout-queue" in lines
    assert any("◌ running" in line for line in lines)
    assert any("exception KeyError 'payment_method' in cart 8812␛]52;c;cm0gLXJmCg==␇" in line for line in lines)


def test_what_hides_reports_is_said_beside_the_log_format() -> None:
    one = next(one for one in SNAPSHOT.functions if one.key.name == "legacy-web-function")
    lines = texts(function_page(one, None, SNAPSHOT, DRAWING, 120).lines)
    assert "  log format        JSON (system WARN, application DEBUG)" in lines
    assert sum("hides successful reports" in line for line in lines) >= 2


def test_reasons_name_the_numbers_they_are_about() -> None:
    one = next(one for one in SNAPSHOT.functions if one.key.name == "thumbnail-maker")
    assert reasons(one) == (
        "degraded: p95 is 3.1 s, near the timeout of 3 s",
        "cold starts: 38 invocations were counted late",
    )
    login = next(one for one in SNAPSHOT.functions if one.key.name == "report-mailer")
    assert reasons(login) == ("idle", "nothing is missing or late")


def test_sources_with_problems_come_first_with_what_helps() -> None:
    lines = texts(source_page(SNAPSHOT, DRAWING, 120))
    assert lines[2].startswith("▼ metrics  throttled  complete to 4 min ago · last answer 02:50:21")
    assert any("60,412 fetched = 58,201 delivered + 2,211 repeated" in line for line in lines)
    assert any(line.startswith("  logs:FilterLogEvents") and line.endswith("812") for line in lines)


def tail(width: int, *groups: GroupLedger) -> list[str]:
    """What the page of sources says of a log tail that has heard some events live."""
    ledger = TailLedger(
        fetched=1_200, live=30, delivered=1_103, repeated=100, confirmed=27, open=2, unconfirmed=1, recovered=4,
        late=5, remembered=12_345, overlap_ms=45_000, groups=3, groups_behind=1,
    )  # fmt: skip
    logs = SourceStatus(name="logs", state="working", ledger=ledger, log_groups=groups)
    return texts(source_page(msgspec.structs.replace(SNAPSHOT, sources=(logs,)), DRAWING, width))


def test_the_tail_accounts_for_what_it_swept_and_what_it_heard() -> None:
    assert tail(90)[3:7] == [
        "    events: 1,200 fetched + 30 live = 1,103 delivered + 100 repeated + 27 confirmed; 4",
        "    recovered by overlap, 5 late; 3 log groups, 1 behind",
        "    30 events heard live: 27 confirmed by a sweep, 2 not swept yet, 1 not in the log group",
        "    sweeps overlap by 45 s; 12,345 ids remembered",
    ]


def group(name: str, trouble: str | None = None, unread_ms: int = 0, live: int = 0) -> GroupLedger:
    ledger = TailLedger(fetched=812_345, delivered=800_123, recovered=3, late=12, live=live, confirmed=live)
    return GroupLedger(
        log_group=f"/aws/lambda/{name}",
        swept_to_ms=None if trouble else pictures.NOW_MS - 4_000,
        unread_ms=unread_ms,
        trouble=trouble,
        ledger=ledger,
    )


def test_each_log_group_with_something_to_tell_has_a_row_and_its_trouble_below() -> None:
    groups = (
        group("checkout-worker", "AWS denies logs:FilterLogEvents.\x1b[2J"),
        group("checkout-api-with-a-long-name", unread_ms=180_000),
    )
    assert tail(80, *groups)[8:13] == [
        "    log group                   complete to  fetched  delivered  recovered  late",
        "    checkout-worker             –               812k       800k          3    12",  # noqa: RUF001
        "      AWS denies logs:FilterLogEvents.␛[2J",
        "    checkout-api-with-a-long-…  02:53:18        812k       800k          3    12",
        "      3 min unread",
    ]


def test_what_is_wrong_with_the_whole_tail_is_not_said_again_of_each_log_group() -> None:
    logs = SourceStatus(
        name="logs", state="failed", detail="1 of 1 log groups cannot be read: AWS cannot be reached.",
        ledger=TailLedger(), log_groups=(group("checkout", "AWS cannot be reached.", unread_ms=90_000),),
    )  # fmt: skip
    lines = texts(source_page(msgspec.structs.replace(SNAPSHOT, sources=(logs,)), DRAWING, 120))
    assert sum("cannot be reached" in line for line in lines) == 1
    assert "      1 min unread" in lines


def test_what_was_heard_live_has_a_column_once_there_is_any() -> None:
    lines = tail(140, group("checkout-api", live=30), group("checkout-worker"))
    assert lines[6].endswith("  late  live/confirmed/open")
    assert lines[7].startswith("    /aws/lambda/checkout-api ")
    assert lines[7].endswith("    12              30/30/0")
    assert lines[8].endswith("    12")


def test_a_limit_on_cost_stands_beside_the_cost_with_what_it_slows() -> None:
    api = ApiUsage(cost_usd_last_hour=0.09, max_cost_usd_per_hour=0.1, slowed=("GetMetricData", "GetTraceSummaries"))
    lines = texts(source_page(msgspec.structs.replace(SNAPSHOT, api=api), DRAWING, 120))
    assert (
        "  $0.090 in the last hour of at most $0.10; GetMetricData and GetTraceSummaries are asked less often" in lines
    )


def test_the_end_of_a_login_is_a_time_on_the_page_of_sources() -> None:
    identity = SourceStatus(name="identity", state="working", expires_at_ms=pictures.NOW_MS + 3_600_000)
    lines = texts(source_page(msgspec.structs.replace(SNAPSHOT, sources=(identity,)), DRAWING, 120))
    assert lines[2] == "● identity  working  login ends 2026-11-21 03:53:22Z"


def test_help_names_every_pane() -> None:
    lines = texts(help_page([("q", "leave")], [("tab", "to the panes")], [("n", "next match")], 80))
    assert "  q               leave" in lines
    for digit, pane in enumerate(PANES, 1):
        assert any(line.startswith(f"  {digit} {pane.title}") for line in lines)


@given(width=st.integers(58, 220))
def test_pages_fit_their_width(width: int) -> None:
    hostile = msgspec.structs.replace(
        CHECKOUT, function=msgspec.structs.replace(CHECKOUT.function, arn="arn:" + "x" * 400, runtime="界" * 90)
    )
    detail = pictures.detail(SNAPSHOT, CHECKOUT.key)
    for lines in (
        function_page(hostile, detail, SNAPSHOT, DRAWING, width).lines,
        source_page(pictures.failing(), DRAWING, width),
        source_page(SNAPSHOT, DRAWING, width),
        help_page([("q", "leave")], [], [], width),
        *(pane_page(pane, SNAPSHOT, DRAWING, width) for pane in PANES),
    ):
        for line in lines:
            assert line_width(line) <= width, line_text(line)
