"""The counting query says of lines what the parsers say of them, run by the language itself."""

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from lambdatop.insights.log_table import LogRecord, LogTable
from lambdatop.insights.parser import parse_query
from lambdatop.model.aggregated import AggregatedBin
from lambdatop.model.record import End, InitReport, Report, RestoreReport, UnhandledError
from lambdatop.parsers.log_line import parse_for_counting
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.wide_query import REPORTED, count_query, middle_of
from lambdatop.sources.wide_rows import bins_of
from lambdatop.store.aggregates import bucket_of
from lambdatop.store.failure_kind import kind_of
from tests.sources.counting_insights import ACCOUNT, STREAM
from tests.store.lines import START_MS, reported

LINES = Path(__file__).parent.parent / "lines"
MINUTE_MS = 60_000


def count(
    records: Sequence[tuple[str, int, str]], bin_ms: int = MINUTE_MS, stream: str = STREAM
) -> tuple[AggregatedBin, ...]:
    """Run the query over (log group, milliseconds after the start, message)."""
    table = LogTable(ACCOUNT)
    table.append(
        LogRecord(START_MS + at_ms, START_MS + at_ms + 200, stream, group, message, str(index))
        for index, (group, at_ms, message) in enumerate(records)
    )
    end_ms = START_MS + 7_200_000
    found = table.run(parse_query(count_query(bin_ms)), start_ms=START_MS, end_ms=end_ms, now_ms=end_ms)
    return bins_of(found.columns, found.rows, bin_ms, START_MS, end_ms)


def known_lines() -> Iterator[tuple[str, str]]:
    for path in sorted(LINES.glob("*.toml")):
        for one in tomllib.loads(path.read_text())["line"]:
            yield path.stem, one["text"]


def is_told_elsewhere(family: str, message: str) -> bool:
    """Whether a failing line is left to the report of its invocation, or to the metric."""
    record = parse_for_counting(message)
    if isinstance(record, InitReport | RestoreReport | End):
        return True
    if isinstance(record, UnhandledError) and (record.error_type or "").startswith("Runtime."):
        return True
    if message.startswith(("panic: ", "fatal error: ", "thread '")) or '"stackTrace":[{"path"' in message:
        return True
    is_json_message = message.startswith("{") and '"message":' in message
    return family in ("java", "node", "rust") and is_json_message


def test_every_known_line_counts_as_what_it_is() -> None:
    lines = list(known_lines())
    counted = {one.log_group: one for one in count([(f"g{index}", 5, text) for index, (_, text) in enumerate(lines)])}

    told = 0
    for index, (family, text) in enumerate(lines):
        record = parse_for_counting(text)
        one = counted.get(f"g{index}")
        assert (one.invocations if one else 0) == isinstance(record, Report), text
        kind = None if record is None else kind_of(record)
        found = list(bucket_of(one).failures or ()) if one else []
        if is_told_elsewhere(family, text):
            assert found in ([], [kind]), text
            continue
        assert found == ([kind] if kind else []), text
        told += kind is not None
    assert told > 20
    assert len(lines) > 150


def test_the_numbers_of_reports_are_those_of_text_and_of_json() -> None:
    _, cold = reported(0, 1, 100.0, billed_ms=210, size_mb=512, used_mb=64, init_ms=110.0)
    _, restored = reported(0, 2, 50.0, billed_ms=60, size_mb=512, used_mb=90, restore_ms=300.0)
    json = (
        '{"time":"2026-10-08T07:30:29.470Z","type":"platform.report","record":{"requestId":"3","metrics":{"durationMs":'
        '7.5,"billedDurationMs":8,"memorySizeMB":512,"maxMemoryUsedMB":70},"status":"timeout"}}'
    )
    (one,) = count([("g", 1, cold), ("g", 2, restored), ("g", 59_999, json)])

    assert (one.log_group, one.version, one.start_ms, one.function_name) == ("g", "7", START_MS, None)
    assert (one.invocations, one.cold_starts, one.restores) == (3, 2, 1)
    assert (one.billed_duration_ms, one.billed_mb_ms, one.max_memory_used_mb) == (278, 278 * 512, 90)
    assert (one.max_duration_ms, one.max_init_duration_ms, one.max_restore_duration_ms) == (100.0, 110.0, 300.0)
    assert [(failure.status, failure.invocations) for failure in one.failures] == [("timeout", 1)]


def test_a_stream_names_function_and_version_and_bins_are_of_a_minute_or_an_hour() -> None:
    _, line = reported(0, 1)
    stream = "2026/11/18/orders[$LATEST]0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c"
    by_minute = count([("shared", 1, line), ("shared", MINUTE_MS, line)], stream=stream)

    assert {(one.function_name, one.version) for one in by_minute} == {("orders", "$LATEST")}
    assert sorted(one.start_ms - START_MS for one in by_minute) == [0, MINUTE_MS]
    hour_ms = START_MS - START_MS % 3_600_000
    assert {one.start_ms for one in count([("g", 1, line)], 3_600_000)} == {hour_ms}


@pytest.mark.parametrize("duration_ms", [0.0, 0.01, 1.0, 1.1, 99.99, 899_999.99])
def test_a_duration_is_told_within_five_percent(duration_ms: float) -> None:
    (one,) = count([("g", 1, reported(0, 1, duration_ms, billed_ms=1)[1])])
    ((told_ms, number),) = one.durations

    assert number == 1
    assert told_ms == pytest.approx(max(duration_ms, 0.001), rel=0.05)


def test_percentiles_of_what_was_counted_are_within_six_percent() -> None:
    durations = [1.07**power for power in range(100)]
    (one,) = count([("g", index, reported(0, index, each)[1]) for index, each in enumerate(durations)])
    found = bucket_of(one).durations.percentiles()

    assert found is not None
    assert found.count == 100
    assert found.max == pytest.approx(durations[-1], abs=0.01)
    assert found.p50 == pytest.approx(durations[49], rel=0.06)
    assert found.p95 == pytest.approx(durations[94], rel=0.06)


def test_middles_of_powers_lie_between_the_powers() -> None:
    assert 1.0 < middle_of(0) < 1.1 < middle_of(1) < 1.21
    assert REPORTED


def test_an_answer_that_is_none_is_not_believed() -> None:
    with pytest.raises(SourceFailure, match="cannot be read"):
        bins_of(("@timestamp", "@message"), [("2026-11-18 00:00:00.000", "x")], MINUTE_MS, 0, 10**14)
    assert bins_of((), [], MINUTE_MS, 0, 10**14) == ()


def test_log_groups_are_named_by_prefix_in_the_query_itself() -> None:
    text = count_query(MINUTE_MS, ["/aws/lambda/"])

    assert text.startswith(
        "SOURCE logGroups(namePrefix: ['/aws/lambda/'], class: ['STANDARD', 'INFREQUENT_ACCESS'])\n| filter "
    )
    assert parse_query(text).source is not None
    assert len(text) < 10_000
