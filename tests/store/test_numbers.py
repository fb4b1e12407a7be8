"""Single numbers of a row: cost, concurrency, versions, memory, application errors, percentiles."""

import pytest

from lambdatop.model.delivery import Delivery, FunctionConcurrencyDelivered
from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import FunctionConcurrency, LambdaFunction
from lambdatop.model.view import View
from lambdatop.store.store import Store
from tests.store.lines import (
    CHECKOUT,
    SCOPE,
    START_MS,
    Line,
    catalogue,
    checkout,
    delivery,
    ended,
    events,
    read,
    reported,
    row,
    snapshot,
    started,
    stream_name,
)

RAISED = "[ERROR] KeyError: 'cart-%d'\nTraceback (most recent call last):"
ERROR_LINE = "[ERROR]\t2026-11-18T11:47:00.004Z\t8d5958b5-559f-43f3-b278-000000000001\tno such cart"


@pytest.mark.parametrize(
    ("settings", "billed_ms", "size_mb", "dollars"),
    [
        ({}, 417, 1024, 0.417 * 0.0000166667 + 0.0000002),
        ({"architecture": "arm64"}, 1698, 256, 1.698 * 0.25 * 0.0000133334 + 0.0000002),
        (
            {"ephemeral_storage_mb": 1536},
            600_517,
            1024,
            600.517 * 0.0000166667 + 600.517 * 0.0000000309 + 0.0000002,
        ),
    ],
)
def test_cost_follows_the_price_list(settings: dict[str, object], billed_ms: int, size_mb: int, dollars: float) -> None:
    function = checkout(**settings)
    line = reported(1000, 1, 2.46, billed_ms=billed_ms, size_mb=size_mb)

    assert row(read([line], function)).window.cost_usd == pytest.approx(dollars, rel=1e-9)


def test_provisioned_invocations_are_priced_so_and_noted() -> None:
    store = read([reported(1000, 1, billed_ms=1000, size_mb=1024)])
    concurrency = FunctionConcurrency(provisioned_requested=2, provisioned_available=2)
    store.apply(FunctionConcurrencyDelivered(scope=SCOPE, functions={CHECKOUT: concurrency}), START_MS)

    assert row(store).window.cost_usd == pytest.approx(0.0000097222 + 0.0000002)
    assert "cost_usd" in {note.field for note in row(store).notes}


def test_an_unknown_architecture_has_no_price() -> None:
    assert row(read([reported(10, 1)], checkout(architecture="riscv"))).window.cost_usd is None


CONCURRENCY: dict[str, tuple[list[list[Line]], int, int]] = {
    "one after the other": ([[started(0, 1), reported(100, 1, 100), started(100, 2), reported(200, 2, 100)]], 1, 0),
    "three environments at once": (
        [[started(number, number), reported(900, number, 890)] for number in range(3)],
        3,
        0,
    ),
    "init counts before the start": ([[reported(1000, 1, 10, init_ms=900)], [reported(500, 2, 100)]], 2, 0),
    "a running invocation": ([[started(0, 1)], [started(1000, 2), reported(1500, 2, 400)]], 2, 0),
    "still running when the logs end": ([[started(58_000, 1)], [started(59_000, 2)]], 2, 2),
    "expired after its timeout": ([[started(0, 1)], [started(20_000, 2), reported(20_100, 2, 100)]], 1, 0),
    "a lost report ends where the next invocation starts": (
        [[started(0, 1), started(5_000, 2), reported(5_500, 2, 500)], [started(4_000, 3), reported(4_100, 3, 100)]],
        2,
        0,
    ),
    "a report written late holds no place that another environment has taken": (
        [[started(0, 1), reported(120, 1, 100)], [started(105, 2), reported(206, 2, 100)]],
        1,
        0,
    ),
    "a hidden init does not overlap the crash before it": (
        [[started(0, 1), reported(3000, 1, 3000, status="timeout"), started(3001, 2), reported(3100, 2, 900)]],
        1,
        0,
    ),
}


@pytest.mark.parametrize("name", CONCURRENCY)
def test_concurrency(name: str) -> None:
    streams, peak, now = CONCURRENCY[name]
    store = Store(START_MS)
    store.apply(catalogue(), START_MS)
    for index, lines in enumerate(streams):
        store.apply(delivery(events(lines, stream_name(index))), START_MS)
    store.apply(delivery([], swept_to_ms=60_000), START_MS)
    account = snapshot(store).accounts[0]

    assert (row(store).window.concurrency_peak, row(store).concurrency_now) == (peak, now)
    assert (account.peak, account.in_use) == (peak, now)


def test_without_a_finished_sweep_nobody_knows_what_runs_now() -> None:
    store = Store(START_MS)
    store.apply(catalogue(), START_MS)
    store.apply(delivery(events([started(0, 1)])), START_MS)

    assert row(store).concurrency_now is None
    assert snapshot(store).complete_to_ms is None


def test_versions_share_out_the_function() -> None:
    store = Store(START_MS)
    store.apply(catalogue(), START_MS)
    for version, count in (("3", 2), ("4", 5)):
        lines = [reported(100 * number, number) for number in range(count)]
        store.apply(delivery(events(lines, stream_name(1, version))), START_MS)
    failing = [started(900, 9), reported(950, 9, status="timeout")]
    store.apply(delivery(events(failing, stream_name(2, "4"))), START_MS)
    found = [(each.version, each.statistics.invocations, each.statistics.errors) for each in row(store).versions]

    assert found == [("4", 6, 1), ("3", 2, 0)]
    assert row(store).window.invocations == 8


@pytest.mark.parametrize("is_backwards", [False, True])
def test_a_stream_whose_name_says_nothing_has_the_version_of_its_starts(is_backwards: bool) -> None:
    lines = [started(0, 1, "7"), reported(100, 1, status="timeout"), started(200, 2, "7"), reported(300, 2, init_ms=3)]
    store = Store(START_MS)
    store.apply(catalogue(), START_MS)
    for line in reversed(lines) if is_backwards else lines:
        store.apply(delivery(events([line], "a-stream-of-moto")), START_MS)
    (version,) = row(store).versions

    assert (version.version, version.statistics.invocations, version.statistics.errors) == ("7", 2, 1)
    assert (row(store).window.invocations, row(store).window.cold_starts, row(store).window.errors) == (2, 1, 1)


def test_application_errors_are_known_once_everything_is_read() -> None:
    lines = [started(0, 1), (4, ERROR_LINE), ended(9, 1), reported(10, 1)]

    assert row(read(lines)).window.application_errors is None
    assert row(read(lines, depth="full")).window.application_errors == 1
    assert row(read(lines, depth="full")).window.errors == 0


def test_memory_used_is_the_largest() -> None:
    assert row(read([reported(10, 1, used_mb=90), reported(20, 2, used_mb=70)])).window.max_memory_used_mb == 90


def test_hidden_reports_are_no_zeros() -> None:
    function = checkout(log_format="JSON", system_log_level="WARN")
    found = row(read([], function))

    assert found.window.cold_starts is None
    assert found.window.concurrency_peak is None
    assert found.concurrency_now is None
    assert {note.field for note in found.notes} >= {"invocations", "cold_starts", "concurrency_peak"}


def test_only_events_of_the_span_count_and_those_outside_still_pair() -> None:
    store = Store(START_MS, START_MS + 1000)
    store.apply(catalogue(), START_MS)
    lines = [
        reported(-1, 1, 100),
        started(-50, 2),
        reported(0, 2, 50),
        started(999, 3),
        (999, "[ERROR] KeyError: 'cart'\nTraceback (most recent call last):"),
        reported(1000, 3, 1),
    ]
    store.apply(delivery(events(lines), swept_to_ms=5000), START_MS + 9000)
    window = row(store, 9000).window

    assert (window.invocations, window.errors, window.end_ms) == (1, 0, START_MS + 1000)


def test_a_shared_group_maps_by_stream_name_and_by_the_records_arn() -> None:
    group = "/shared/orders"
    functions = [LambdaFunction(key=FunctionKey(*SCOPE, name), log_group=group) for name in ("orders", "refunds")]
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:refunds"
    start = '{"time":"2026-11-18T11:47:01.000Z","type":"platform.start","record":{"requestId":"%s","functionArn":"%s"}}'
    by_name = events([reported(10, 1)], f"2026/11/18/orders[$LATEST]{1:032x}")
    by_arn = events([reported(20, 2), (15, start % ("8d5958b5-559f-43f3-b278-000000000002", arn))], stream_name(2))
    for catalogue_first in (True, False):
        store = Store(START_MS)
        deliveries = [delivery(by_name, log_group=group), delivery(by_arn, log_group=group)]
        order: list[Delivery] = [catalogue(*functions), *deliveries]
        for each in order if catalogue_first else reversed(order):
            store.apply(each, START_MS)
        rows = {found.key.name: found.window.invocations for found in snapshot(store).functions}
        assert rows == {"orders": 1, "refunds": 1}


def test_events_of_a_group_without_a_listed_function_make_a_row_of_their_own() -> None:
    store = Store(START_MS)
    store.apply(delivery(events([reported(10, 1)]), log_group="/aws/lambda/stranger"), START_MS)

    assert [(each.key.name, each.function.is_listed) for each in snapshot(store).functions] == [("stranger", False)]


def test_functions_that_leave_the_catalogue_leave_the_table() -> None:
    store = read([reported(10, 1)])
    other = LambdaFunction(key=FunctionKey(*SCOPE, "other"), log_group="/aws/lambda/other")
    store.apply(catalogue(other), START_MS)

    assert [each.key.name for each in snapshot(store).functions] == ["other"]


def test_the_detail_of_the_focused_function() -> None:
    failing = [started(20, 2), (25, RAISED), ended(29, 2), reported(30, 2)]
    store = read([started(0, 1), reported(10, 1), *failing, started(50, 3)])
    detail = snapshot(store, focus=CHECKOUT).detail

    assert detail is not None
    ids = [(each.request_id[-1], each.ended_ms is None, each.failure) for each in detail.recent_invocations]
    assert ids == [("3", True, None), ("2", False, "unhandled_exception"), ("1", False, None)]
    assert [(sample.kind, sample.error_type) for sample in detail.recent_errors] == [
        ("unhandled_exception", "KeyError")
    ]
    assert {window: each.invocations for window, each in detail.windows.items()} == dict.fromkeys(
        ("1m", "5m", "15m", "1h", "start"), 2
    )


def test_failures_that_look_the_same_are_one_group() -> None:
    lines = [
        line
        for number in range(0, 300, 100)
        for line in (
            started(number * 100, number),
            (number * 100 + 5, RAISED % number),
            reported(number * 100 + 10, number),
        )
    ]
    (group,) = snapshot(read(lines)).error_groups

    assert (group.kind, group.error_type, group.count, group.functions) == (
        "unhandled_exception",
        "KeyError",
        3,
        (CHECKOUT,),
    )


def test_rows_that_did_not_change_are_the_same_objects() -> None:
    quiet = LambdaFunction(key=FunctionKey(*SCOPE, "quiet"), log_group="/aws/lambda/quiet")
    store = Store(START_MS)
    store.apply(catalogue(checkout(), quiet), START_MS)
    store.apply(delivery(events([reported(10, 1)])), START_MS)
    first = store.snapshot(START_MS + 61_000, View())
    store.apply(delivery(events([reported(50_000, 2)])), START_MS + 60_000)
    second = store.snapshot(START_MS + 62_000, View())
    later = store.snapshot(START_MS + 3_000_000, View())
    much_later = store.snapshot(START_MS + 3_060_000, View())

    assert second.functions[0] is not first.functions[0]
    assert second.functions[0].window.invocations == 2
    assert second.functions[1] is first.functions[1]
    assert much_later.functions[1] is later.functions[1]


def test_active_functions_are_those_seen_lately() -> None:
    store = read([reported(10, 1)])

    assert store.active_functions(START_MS + 900_000) == {CHECKOUT}
    assert store.active_functions(START_MS + 900_010) == frozenset()
