"""What an editor colours."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.insights.highlight import bracket_pair, highlights

QUERY = (
    'filter @type = "REPORT" and @message like /a.*b/ and coalesce(record.metrics.durationMs, 12.5) > 1000\n'
    "| stats count(*) as n, pct(@duration, 95) by bin(5m), `a-b` # comment\n| "
)


def test_each_part_of_a_query_is_named_but_for_its_white_space() -> None:
    named = [(part.kind, part.text) for part in highlights("stats avg(@duration) by bin(5m) # slow\n| limit 'x")]

    assert named == [
        ("command", "stats"),
        ("aggregate", "avg"),
        ("bracket", "("),
        ("automatic", "@duration"),
        ("bracket", ")"),
        ("keyword", "by"),
        ("function", "bin"),
        ("bracket", "("),
        ("period", "5m"),
        ("bracket", ")"),
        ("comment", "# slow"),
        ("pipe", "|"),
        ("command", "limit"),
        ("error", "'x"),
    ]


@pytest.mark.parametrize(
    ("text", "offset", "pair"),
    [
        ("f(a(b)c)", 1, (1, 7)),
        ("f(a(b)c)", 2, (1, 7)),
        ("f(a(b)c)", 3, (3, 5)),
        ("f(a(b)c)", 8, (1, 7)),
        ("f(a(b)c)", 0, None),
        ("a in [(b)]", 5, (5, 9)),
        ("f(a]b)", 1, None),
        ("f(a(b)", 1, None),
        ("f('(')", 1, (1, 5)),
        ("f('(')", 4, None),
        ("()", 1, (0, 1)),
    ],
)
def test_a_bracket_is_shown_with_its_partner(text: str, offset: int, pair: tuple[int, int] | None) -> None:
    found = bracket_pair(text, offset)

    assert (found and (found[0].start, found[1].start)) == pair


@given(st.text(alphabet=st.sampled_from("()[]a'|")), st.integers(0, 20))
def test_partners_stand_in_order_and_are_asked_for_from_both_ends(text: str, offset: int) -> None:
    found = bracket_pair(text, offset)

    if found is not None:
        first, last = found
        assert text[first.start] + text[last.start] in ("()", "[]")
        assert first.end <= last.start
        assert offset in (*first, *last)


def test_a_query_as_long_as_the_service_takes_is_coloured_while_one_types() -> None:
    text = (QUERY * 60)[:10_000]
    durations_s = []
    for _ in range(20):
        began = time.perf_counter()
        highlights(text)
        durations_s.append(time.perf_counter() - began)

    assert min(durations_s) < 0.02
