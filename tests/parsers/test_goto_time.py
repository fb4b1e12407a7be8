"""Times to go to in a log."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.parsers.goto_time import parse_goto

NOW_MS = 1_795_229_602_000
"""2026-11-21T02:53:22Z."""


def utc(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    if before is None:
        monkeypatch.delenv("TZ")
    else:
        monkeypatch.setenv("TZ", before)
    time.tzset()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("02:53", "2026-11-21T02:53:00"),
        ("2:53", "2026-11-21T02:53:00"),
        ("02:54", "2026-11-20T02:54:00"),
        ("14:02", "2026-11-20T14:02:00"),
        ("14:02:31", "2026-11-20T14:02:31"),
        ("14:02:31.25", "2026-11-20T14:02:31.250"),
        ("today", "2026-11-21T00:00:00"),
        ("today 01:00", "2026-11-21T01:00:00"),
        ("Yesterday 14:00", "2026-11-20T14:00:00"),
        ("yesterday", "2026-11-20T00:00:00"),
        ("2026-11-19T14:02", "2026-11-19T14:02:00"),
        ("2026-11-19 14:02:31.250", "2026-11-19T14:02:31.250"),
        ("2026-11-19", "2026-11-19T00:00:00"),
        ("2026-11-19T14:02:31Z", "2026-11-19T14:02:31"),
        ("2026-11-19T14:02:31+01:00", "2026-11-19T13:02:31"),
        ("11-19 08:00", "2026-11-19T08:00:00"),
        ("12-24 08:00", "2025-12-24T08:00:00"),
        ("-15m", "2026-11-21T02:38:22"),
        ("15m ago", "2026-11-21T02:38:22"),
        ("2h30m", "2026-11-21T00:23:22"),
        ("1.5 h", "2026-11-21T01:23:22"),
        ("1d", "2026-11-20T02:53:22"),
        ("now", "2026-11-21T02:53:22"),
        ("1795229602000", "2026-11-21T02:53:22"),
    ],
)
def test_a_time_is_the_newest_that_the_text_can_mean(text: str, moment: str) -> None:
    assert parse_goto(text, NOW_MS, is_utc=True) == utc(moment)


@pytest.mark.parametrize("text", ["", "soon", "25:00", "14:60", "2026-13-01", "14", "m", "-", "02-30 10:00", "1:2:3:4"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert parse_goto(text, NOW_MS, is_utc=True) is None


@pytest.mark.usefixtures("berlin")
def test_times_are_local_where_the_screen_is() -> None:
    assert parse_goto("03:53", NOW_MS, is_utc=False) == utc("2026-11-21T02:53:00")
    assert parse_goto("03:54", NOW_MS, is_utc=False) == utc("2026-11-20T02:54:00")
    summer_ms = utc("2026-10-25T10:00:00")
    assert parse_goto("yesterday 12:00", summer_ms, is_utc=False) == utc("2026-10-24T10:00:00")
    assert parse_goto("11:00", summer_ms, is_utc=False) == utc("2026-10-25T10:00:00")


@given(st.text(max_size=20) | st.text(st.sampled_from("0123456789:-T .Zmh+"), max_size=24))
def test_any_text_is_a_time_or_none(text: str) -> None:
    assert isinstance(parse_goto(text, NOW_MS, is_utc=True), int | None)
