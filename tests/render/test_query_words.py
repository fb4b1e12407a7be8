import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.query import QueryProblem, QueryProgress, QueryStatistics, QueryStatus
from lambdatop.render.query_units import byte_count
from lambdatop.render.query_words import cut_sentence, estimate_line, problem_lines, progress_line
from lambdatop.render.span import line_text, line_width

SCANNED = QueryStatistics(records_matched=512, records_scanned=1_234_567, bytes_scanned=3.4e9)


def said(status: QueryStatus, rows: int = 0, **known: object) -> str:
    progress = QueryProgress(number=1, status=status, rows=(("1",),) * rows, **known)  # type: ignore[arg-type]
    return line_text(progress_line(progress, now_ms=20_000))


@pytest.mark.parametrize(
    ("status", "rows", "known", "expected"),
    [
        ("waiting", 0, {}, "Waiting for its turn"),
        ("scheduled", 0, {"started_ms": 19_000}, "Scheduled · 1 s"),
        (
            "running",
            512,
            {"statistics": SCANNED, "cost_usd": 0.017, "started_ms": 8_000},
            "Running · 1.2M records · 3.4 GB scanned · $0.017 · 12 s · partial: 512 rows",
        ),
        (
            "complete",
            20,
            {"statistics": SCANNED, "cost_usd": 0.017, "started_ms": 8_000, "ended_ms": 12_210},
            "Complete · 20 rows · 1.2M records · 3.4 GB scanned · $0.017 · 4.21 s",
        ),
        ("complete", 1, {}, "Complete · 1 row"),
        ("complete", 0, {"statistics": QueryStatistics()}, "Complete · 0 rows · 0 records · 0 B scanned · $0"),
        (
            "complete",
            0,
            {"statistics": QueryStatistics(bytes_skipped=2e6)},
            "Complete · 0 rows · 0 records · 0 B scanned · 2.0 MB skipped by field indexes · $0",
        ),
        ("cancelled", 3, {}, "Stopped · partial: 3 rows"),
        ("timeout", 0, {"cost_usd": 1.0}, "Timed out · $1.00"),
        ("failed", 0, {}, "Failed"),
        ("refused", 0, {}, "Not started"),
    ],
)
def test_one_line_says_how_far_a_query_is(
    status: QueryStatus, rows: int, known: dict[str, object], expected: str
) -> None:
    assert said(status, rows, **known) == expected


def test_an_estimate_says_bytes_and_dollars() -> None:
    assert line_text(estimate_line(3.4e9, 0.017)) == "would scan about 3.4 GB, $0.017"
    assert line_text(estimate_line(0, None)) == "would scan about 0 B"
    assert line_text(estimate_line(None, None)) == "AWS gives no estimate of what this would scan"


@pytest.mark.parametrize(
    ("rows", "is_cut", "expected"),
    [
        (10_000, False, None),
        (10_000, True, "10,000 rows, the limit; more match: add `limit 100000`"),
        (100_000, True, "100,000 rows, the most that AWS gives; more match: narrow the time range or the filter"),
    ],
)
def test_a_cut_answer_says_how_to_get_the_rest(rows: int, is_cut: bool, expected: str | None) -> None:
    progress = QueryProgress(number=1, status="complete", rows=(("1",),) * rows, is_cut=is_cut)
    assert cut_sentence(progress) == expected


def pointed(text: str, start: int | None, end: int | None, width: int = 60, remedy: str | None = None) -> list[str]:
    problem = QueryProblem(sentence="unexpected symbol found bi", start=start, end=end, remedy=remedy)
    return [line_text(line) for line in problem_lines(problem, text, width)]


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("stats count(*) bi bin(5m)", 15, 17, ["  stats count(*) bi bin(5m)", "                 ^^"]),
        ("filter a\n| stats x\n| limit 5", 11, 16, ["  | stats x", "    ^^^^^"]),
        ("a | b", 4, None, ["  a | b", "      ^"]),
        ("a |", 3, 3, ["  a |", "     ^"]),
        ("", 0, 0, ["  ", "  ^"]),
        ("filter 数据 like x", 10, 14, ["  filter 数据 like x", "              ^^^^"]),
        ("\tstats\tx", 1, 6, ["   stats x", "   ^^^^^"]),
        ("stats \x1b[2J x", 6, 10, ["  stats ␛[2J x", "        ^^^^"]),
        ("a\n", 2, 3, ["  ", "  ^"]),
        ("abc", 1, 99, ["  abc", "   ^^"]),
        ("abc", 7, 9, []),
        ("abc", None, None, []),
    ],
)
def test_carets_stand_below_what_is_wrong(text: str, start: int | None, end: int | None, expected: list[str]) -> None:
    assert pointed(text, start, end) == ["unexpected symbol found bi", *expected]


def test_a_long_query_is_shown_around_its_problem() -> None:
    text = "filter " + "a = 1 and " * 30 + "bi x" + " or b" * 30
    _, line, carets = pointed(text, text.index("bi x"), text.index("bi x") + 2, width=40)
    assert "bi x" in line
    assert line[carets.index("^") :].startswith("bi")
    assert carets.count("^") == 2
    assert line.startswith("  …")


def test_a_remedy_is_the_last_sentence() -> None:
    assert pointed("abc", None, None, remedy="Ask for logs:StartQuery.")[-1] == "Ask for logs:StartQuery."


@given(st.text(max_size=200), st.text(max_size=80), st.integers(0, 90), st.integers(0, 90), st.integers(6, 60))
def test_no_line_of_a_problem_is_too_wide_or_holds_a_control(
    sentence: str, text: str, start: int, end: int, width: int
) -> None:
    for line in problem_lines(QueryProblem(sentence=sentence, remedy=text, start=start, end=end), text, width):
        assert line_width(line) <= width
        assert line_text(line).isprintable()


@given(st.floats(0, 1e21))
def test_bytes_take_seven_cells_at_most(value: float) -> None:
    assert len(byte_count(value)) <= 7
