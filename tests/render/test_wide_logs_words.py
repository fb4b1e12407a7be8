"""What is said of how the logs of many functions are read."""

import msgspec
import pytest

from lambdatop.model.reading import BackfillOffer, ReadingChoice
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import SourceState, SourceStatus
from lambdatop.render.drawing import drawing_of
from lambdatop.render.header import HeaderContent, health_line, place_line
from lambdatop.render.report_document import report_document
from lambdatop.render.source_page import source_page
from lambdatop.render.span import Line, line_text, line_width
from lambdatop.render.wide_logs_words import announcement, question_lines, wish_words
from tests.ui import pictures

CONTENT = HeaderContent(profile="production", is_utc=True)
SENTENCE = (
    "1,204 log groups at 4 visits a second would each be seen every 301 s, so Insights counts them once a minute."
)
OFFER = BackfillOffer(
    mode="insights",
    sentence="6 h of 1,204 log groups: sweeping takes about 19 min; Insights tells them sooner for $0.31.",
    sweep_s=1_140,
    bytes_logged=62e9,
    cost_usd=0.31,
    needs_consent=True,
)
COUNTING = ReadingChoice(
    choice="insights",
    sentence=SENTENCE,
    sweeps_from_ms=0,
    swept_groups=120,
    sweep_staleness_s=301,
    insights_usd_per_hour=0.041,
    since_ms=pictures.NOW_MS - 60_000,
)
SWEEPING = msgspec.structs.replace(
    COUNTING, choice="sweep", sentence="18 log groups are swept.", sweep_staleness_s=4, remedy="Name fewer functions."
)


def read_so(
    reading: ReadingChoice, offer: BackfillOffer | None = None, state: SourceState = "working", detail: str = ""
) -> Snapshot:
    """The quiet account, its logs read in this way."""
    reading = msgspec.structs.replace(reading, backfill=offer)
    wide = SourceStatus(name="wide logs", state=state, detail=detail, reading=reading)
    return msgspec.structs.replace(pictures.quiet(), sources=(*pictures.quiet().sources, wide))


def place(snapshot: Snapshot, width: int = 160) -> str:
    return line_text(place_line(snapshot, CONTENT, width))


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [line_text(line).rstrip() for line in lines]


def sources(snapshot: Snapshot, width: int = 160) -> str:
    drawing = drawing_of(snapshot, pictures.NOW_MS, is_utc=True)
    return "\n".join(texts(source_page(snapshot, drawing, width)))


def test_plain_sweeping_is_not_worth_a_word_above() -> None:
    assert place(read_so(SWEEPING)) == place(pictures.quiet())


def test_the_header_says_that_insights_counts_and_how_fresh_the_rest_is() -> None:
    assert "  logs by Insights, 1 min; swept logs <5 s  " in place(read_so(COUNTING))
    assert "  logs by Insights, late; swept logs <5 s  " in place(read_so(COUNTING, state="late"))


def test_a_narrow_header_says_of_counted_logs_how_most_are_read_and_of_swept_ones_whether_they_are_behind() -> None:
    counted = read_so(COUNTING)
    behind = tuple(msgspec.structs.replace(one, state="late") if one.name == "logs" else one for one in counted.sources)
    assert "  15 min  Insights 1 min  API " in place(counted, 80)
    assert "  Insights 1 min; ▲ logs late" in place(msgspec.structs.replace(counted, sources=behind), 88)


def test_the_header_says_how_rarely_each_log_is_read_where_that_is_too_rare() -> None:
    rare = msgspec.structs.replace(SWEEPING, sweep_staleness_s=301)
    assert "  each log every 301 s  " in place(read_so(rare))


def test_the_page_of_sources_says_why_since_when_and_at_what_price() -> None:
    page = sources(read_so(COUNTING, OFFER))
    assert "    by Insights, once a minute · since 02:52:22 · as the rule says · a round of all takes 301 s" in page
    assert " takes 301 s · Insights $0.041/h" in page
    assert f"    {SENTENCE}" in page
    assert f"    {OFFER.sentence}" in page
    forced = sources(read_so(msgspec.structs.replace(SWEEPING, is_forced=True)))
    assert "    swept · since 02:52:22 · as asked for · a round of all takes 4.00 s · Insights $0.041/h" in forced
    assert "    → Name fewer functions." in forced


def test_what_the_source_says_itself_is_not_said_twice() -> None:
    assert sources(read_so(COUNTING, detail=f"{SENTENCE} It is up to date.")).count("1,204 log groups") == 1


def test_a_past_that_waits_for_consent_is_said_above_with_its_price() -> None:
    words = line_text(health_line(read_so(COUNTING, OFFER), CONTENT, 160))
    assert "past not read: B reads it for $0.31" in words
    unknown = msgspec.structs.replace(OFFER, cost_usd=None)
    assert "B reads it for an unknown price" in line_text(health_line(read_so(COUNTING, unknown), CONTENT, 160))
    taken = msgspec.structs.replace(OFFER, needs_consent=False)
    assert "past" not in line_text(health_line(read_so(COUNTING, taken), CONTENT, 160))


@pytest.mark.parametrize(("needs_consent", "end"), [(True, "$0.31. B reads it, or leaves it."), (False, "$0.31.")])
def test_what_is_about_to_be_paid_is_announced_and_what_is_more_is_asked(needs_consent: bool, end: str) -> None:
    assert announcement((msgspec.structs.replace(OFFER, needs_consent=needs_consent),)).endswith(end)


def test_the_question_says_the_price_of_all_accounts_and_fits() -> None:
    lines = question_lines((OFFER, msgspec.structs.replace(OFFER, cost_usd=0.2)), 56)
    assert texts(lines)[0] == "Read the past by Insights, for $0.51?"
    assert texts(lines)[-1] == "y read it   n never   any other key leaves"
    assert all(line_width(line) <= 56 for line in lines)


def test_a_choice_is_worded_with_its_price_where_it_has_one() -> None:
    assert wish_words("insights", (COUNTING,)).endswith("That is about $0.041 an hour now.")
    cheap = msgspec.structs.replace(COUNTING, insights_usd_per_hour=0.0002)
    assert wish_words("insights", (cheap,)).endswith("That is <$0.001 an hour now.")
    assert "an hour now" not in wish_words("insights", ())
    assert "an hour now" not in wish_words("sweep", (COUNTING,))


def test_a_report_has_the_choice_with_its_figures() -> None:
    document = report_document(read_so(COUNTING, OFFER))
    reading = document["sources"][-1]["reading"]
    assert (reading["choice"], reading["reason"], reading["is_forced"]) == ("insights", SENTENCE, False)
    assert (reading["sweep_round_s"], reading["insights_usd_per_hour"]) == (301, 0.041)
    assert (reading["past"]["bytes_logged"], reading["past"]["cost_usd"]) == (62e9, 0.31)
    assert document["sources"][0]["reading"] is None
    assert report_document(read_so(COUNTING))["sources"][-1]["reading"]["past"] is None


def test_foreign_text_in_a_reason_passes_the_gate() -> None:
    hostile = msgspec.structs.replace(SWEEPING, sentence="denied \x1b]52;c;bGk=\x07 by a policy")
    assert "\x1b" not in sources(read_so(hostile))
    shown = "\n".join(texts(question_lines((msgspec.structs.replace(OFFER, sentence="\x1b[2J"),), 60)))
    assert "\x1b" not in shown
