from datetime import datetime

import pytest
from dateutil import tz

from lambdatop.cli.times import parse_time, parse_time_ms

BERLIN = tz.gettz("Europe/Berlin")
NOW = datetime(2026, 11, 21, 3, 0, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", "2026-11-21T03:00:30+01:00"),
        ("15m", "2026-11-21T02:45:30+01:00"),
        ("2h30m", "2026-11-21T00:30:30+01:00"),
        ("2h 30m ago", "2026-11-21T00:30:30+01:00"),
        ("90 seconds", "2026-11-21T02:59:00+01:00"),
        ("1.5h", "2026-11-21T01:30:30+01:00"),
        ("1d12h", "2026-11-19T15:00:30+01:00"),
        ("1w", "2026-11-14T03:00:30+01:00"),
        ("today", "2026-11-21T00:00:00+01:00"),
        ("yesterday", "2026-11-20T00:00:00+01:00"),
        ("yesterday 14:00", "2026-11-20T14:00:00+01:00"),
        ("02:30", "2026-11-21T02:30:00+01:00"),
        ("14:00:05", "2026-11-20T14:00:05+01:00"),
        ("2026-11-21T03:00", "2026-11-21T03:00:00+01:00"),
        ("2026-11-21 03:00", "2026-11-21T03:00:00+01:00"),
        ("2026-11-21T03:00Z", "2026-11-21T03:00:00+00:00"),
        ("2026-11-21T03:00:00-05:00", "2026-11-21T03:00:00-05:00"),
        ("2026-11-20", "2026-11-20T00:00:00+01:00"),
        ("20 Nov 2026 14:00", "2026-11-20T14:00:00+01:00"),
        ("1795230000", "2026-11-21T03:00:00+00:00"),
        ("1795230000123", "2026-11-21T03:00:00.123000+00:00"),
    ],
)
def test_a_time_as_people_say_it(text: str, moment: str) -> None:
    assert parse_time(text, NOW).isoformat() == moment


@pytest.mark.parametrize(
    "text",
    ["", " ", "tomorow", "15", "15x", "h", "25:00", "yesterday noonish", "2026-13-01", "-5m", "10", "é", "1e400h"],
)
def test_what_is_no_time_is_told_what_would_be(text: str) -> None:
    with pytest.raises(ValueError, match="is no time; say a span such as 15m"):
        parse_time(text, NOW)


def test_spans_are_real_time_across_a_clock_change() -> None:
    after = datetime(2026, 10, 25, 3, 30, tzinfo=BERLIN)  # clocks went back at 3:00
    assert parse_time("2h", after).isoformat() == "2026-10-25T02:30:00+02:00"


def test_milliseconds() -> None:
    assert parse_time_ms("1m", 1_795_230_000_123) == 1_795_229_940_123
