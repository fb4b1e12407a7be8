"""What is delivered reaches the archive, each line under its function."""

import pytest
from msgspec.structs import replace

from lambdatop.model.delivery import LogEventsDelivered
from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.log_line import FIRST_KEY, LogFilter
from lambdatop.parsers.log_line import parse_for_counting
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.log_archive_mark import mark_and_request
from lambdatop.store.store import Store
from tests.store.archived_lines import MESSAGES
from tests.store.lines import CHECKOUT, SCOPE, START_MS, STREAM, catalogue, delivery, request_id, started

PAYMENT = FunctionKey(*SCOPE, "payment")
SHARED = "shared"


def archived(archive: LogArchive) -> list[tuple[str, str, str | None]]:
    page = archive.page(LogFilter(), FIRST_KEY, 0, 1_000)
    return [(line.function.name, line.message, line.request_id) for line in page.lines]


def shared(*functions: FunctionKey) -> tuple[LambdaFunction, ...]:
    return tuple(LambdaFunction(key=key, log_group=SHARED) for key in functions)


def of_group(name: str, *events: LogEvent) -> LogEventsDelivered:
    return replace(delivery(list(events)), log_group=name)


def test_every_line_is_archived_also_those_that_count_nothing() -> None:
    archive = LogArchive()
    store = Store(START_MS, archive=archive)
    store.apply(catalogue(), START_MS)
    at_ms, start = started(1, 7)
    quiet = LogEvent(STREAM, START_MS + 2, "nothing to see")

    store.apply(delivery([LogEvent(STREAM, START_MS + at_ms, start), quiet]), START_MS)

    assert archived(archive) == [("checkout", start, request_id(7)), ("checkout", "nothing to see", None)]
    assert archive.lines_held == 2


def test_lines_wait_for_the_catalogue_that_says_whose_they_are() -> None:
    archive = LogArchive()
    store = Store(START_MS, archive=archive)
    store.apply(of_group(SHARED, LogEvent("any stream", START_MS, "early")), START_MS)
    assert archived(archive) == []

    store.apply(catalogue(*shared(PAYMENT)), START_MS)

    assert archived(archive) == [("payment", "early", None)]


def test_streams_of_one_group_are_told_apart_by_their_names_and_else_go_by_the_groups() -> None:
    archive = LogArchive()
    store = Store(START_MS, archive=archive)
    store.apply(catalogue(*shared(CHECKOUT, PAYMENT)), START_MS)
    named = "2026/11/18/payment[$LATEST]0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c"
    lines = (
        LogEvent(named, START_MS, "one"),
        LogEvent("by hand", START_MS + 1, "two"),
        LogEvent(named, START_MS + 2, "three"),
    )

    store.apply(of_group(SHARED, *lines), START_MS)

    assert [name for name, *_ in archived(archive)] == ["payment", SHARED, "payment"]


def test_a_store_without_an_archive_keeps_no_lines() -> None:
    store = Store(START_MS)
    store.apply(catalogue(), START_MS)
    store.apply(delivery([LogEvent(STREAM, START_MS, "gone")]), START_MS)

    assert store.revision == 2


@pytest.mark.parametrize("message", [*MESSAGES, f"END RequestId: {request_id(1)}", "END RequestId: 1\n"])
def test_a_line_that_was_read_for_counting_is_marked_as_if_it_had_not_been(message: str) -> None:
    assert mark_and_request(message, parse_for_counting(message)) == mark_and_request(message)
