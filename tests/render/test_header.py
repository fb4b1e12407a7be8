"""The two lines above everything."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import ApiUsage, SourceStatus
from lambdatop.render.header import HeaderContent, health_line, place_line
from lambdatop.render.span import line_text, line_width
from tests.ui import pictures

CONTENT = HeaderContent(profile="production", regions=("eu-west-1",), is_utc=True)


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (148, "lambdatop  production 123456789012 eu-west-1  window 15 min  logs <5 s  API $0.021/h"),
        (68, "production 123456789012 eu-west-1  15 min  logs <5 s  API $0.021/h"),
        (48, "production 123456789012 eu-west-1  15 min"),
    ],
)
def test_the_place_comes_first_and_the_rest_as_it_fits(width: int, expected: str) -> None:
    assert line_text(place_line(pictures.quiet(), CONTENT, width)) == expected


def test_before_anything_is_known_the_regions_asked_for_stand_there() -> None:
    snapshot = msgspec.structs.replace(pictures.empty(), sources=())
    words = line_text(place_line(snapshot, CONTENT, 120))
    assert words == "lambdatop  production eu-west-1  window 15 min  connecting  API $0/h"


def test_a_frozen_picture_a_back_fill_and_the_window_asked_for_are_said() -> None:
    sources = tuple(
        msgspec.structs.replace(source, progress=0.456 if source.name == "logs" else None)
        for source in pictures.quiet().sources
    )
    snapshot = msgspec.structs.replace(pictures.quiet(), sources=sources)
    content = CONTENT._replace(frozen_since_ms=pictures.NOW_MS, next_window="1h")
    words = line_text(place_line(snapshot, content, 160))
    assert " FROZEN since 02:53:22 " in words
    assert "back-fill 45%" in words
    assert "window 15 min → 1 h" in words


@pytest.mark.parametrize(
    ("is_sampled", "words"), [(None, "logs <5 s  API"), (False, "<5 s  LIVE  API"), (True, "<5 s  LIVE sampled  API")]
)
def test_what_is_heard_live_is_marked(is_sampled: bool | None, words: str) -> None:
    live = SourceStatus(name="live tail · production", state="working", is_sampled=is_sampled)
    snapshot = msgspec.structs.replace(pictures.quiet(), sources=(*pictures.quiet().sources, live))
    assert words in line_text(place_line(snapshot, CONTENT, 148))


def with_source(expires_at_ms: int | None = None, clock_offset_ms: int = 0) -> Snapshot:
    """The quiet account, and what its identity knows."""
    source = SourceStatus(name="identity", expires_at_ms=expires_at_ms, clock_offset_ms=clock_offset_ms)
    return msgspec.structs.replace(pictures.quiet(), sources=(source, *pictures.quiet().sources))


@pytest.mark.parametrize(
    ("left_ms", "words"),
    [
        (900_000, None),
        (899_999, "login ends in 14 min"),
        (60_000, "login ends in 1 min"),
        (59_999, "login ends in <1 min"),
        (0, "login ended"),
        (-3_600_000, "login ended"),
    ],
)
def test_a_login_that_ends_soon_is_counted_down(left_ms: int, words: str | None) -> None:
    snapshot = with_source(expires_at_ms=pictures.NOW_MS + left_ms)
    shown = line_text(place_line(snapshot, CONTENT, 148))
    assert (f"eu-west-1  {words}  window" in shown) if words else ("login" not in shown)


def test_at_80_columns_the_end_of_the_login_gives_way_to_nothing() -> None:
    snapshot = with_source(expires_at_ms=pictures.NOW_MS + 240_000)
    words = line_text(place_line(snapshot, CONTENT, 78))
    assert words == "production 123456789012 eu-west-1  login ends in 4 min  15 min  logs <5 s"


def test_the_cost_stands_beside_its_limit_and_what_the_limit_does() -> None:
    api = ApiUsage(cost_usd_per_hour=0.2, cost_usd_last_hour=0.08, max_cost_usd_per_hour=0.1)
    snapshot = msgspec.structs.replace(pictures.quiet(), api=api)
    assert line_text(place_line(snapshot, CONTENT, 148)).endswith("  API $0.080 of $0.10/h")
    api = msgspec.structs.replace(api, slowed=("GetMetricData",))
    snapshot = msgspec.structs.replace(snapshot, api=api)
    assert line_text(place_line(snapshot, CONTENT, 148)).endswith("  API $0.080 of $0.10/h slowed")


@pytest.mark.parametrize(
    ("offset_ms", "words"),
    [
        (0, None),
        (60_000, None),
        (420_000, "clock 7 min behind AWS's"),
        (-61_000, "clock 1 min ahead of AWS's"),
    ],
)
def test_a_clock_that_is_off_by_more_than_a_minute_is_said(offset_ms: int, words: str | None) -> None:
    shown = line_text(health_line(with_source(clock_offset_ms=offset_ms), CONTENT, 150))
    assert (words in shown) if words else ("clock" not in shown)


@pytest.mark.parametrize(
    ("age_ms", "width", "words"),
    [
        (120_000, 148, "■ logs no credentials since 02:51:22  API"),
        (120_000, 68, "  ■ logs until 02:51:22"),
        (9_000, 148, "■ logs no credentials  API"),
    ],
)
def test_numbers_that_stand_still_say_since_when(age_ms: int, width: int, words: str) -> None:
    sources = (SourceStatus(name="logs", state="credentials", last_success_ms=pictures.NOW_MS - age_ms),)
    snapshot = msgspec.structs.replace(pictures.quiet(), sources=sources)
    assert words in line_text(place_line(snapshot, CONTENT, width))


def test_states_stand_worst_first_and_problems_before_them() -> None:
    assert line_text(health_line(pictures.incident(), CONTENT, 150)) == (
        "! 1 source problem  ■ 1 failing  ▼ 1 throttled  ▲ 1 degraded  ? 1 unknown  ● 7 healthy  ○ 3 idle  14 functions"
    )


def test_a_notice_takes_the_line() -> None:
    snapshot = msgspec.structs.replace(pictures.quiet(), notice="The login has expired; run `aws sso login`.")
    assert line_text(health_line(snapshot, CONTENT, 80)) == "The login has expired; run `aws sso login`."
    assert line_text(health_line(snapshot, CONTENT, 24)) == "The login has expired;…"


@given(width=st.integers(20, 300))
def test_lines_fit(width: int) -> None:
    for make in pictures.PICTURES.values():
        for line in (place_line, health_line):
            assert line_width(line(make(), CONTENT, width)) <= width
