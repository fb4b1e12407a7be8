"""Saved log lines: all that pass the filter, readable by their owner alone, secrets taken out."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from lambdatop.model.log_line import LogFilter, LogLine
from lambdatop.render.redaction import redacted
from lambdatop.ui.log_save import PAGE_LINES, LogSave
from tests.ui.log_material import log_answer, log_line

LATER_MS = 2**62


def save(path: Path, lines: list[LogLine]) -> LogSave:
    """Save lines as an archive that holds these would answer."""
    saving = LogSave(path, LogFilter(), redacted, LATER_MS)
    while True:
        question = saving.question()
        page = [line for line in lines if line.key >= question.place][: question.lines_from]
        if not saving.take(replace(log_answer(page, question=question), lines_held=len(lines))):
            return saving


def test_all_lines_are_saved_over_several_pages(tmp_path: Path) -> None:
    path = tmp_path / "lines.log"
    lines = [log_line(number, level="INFO") for number in range(2 * PAGE_LINES + 7)]
    saving = save(path, lines)
    texts = path.read_text().splitlines()
    assert saving.is_done
    assert saving.lines == len(texts) == len(lines)
    assert texts[0].endswith("line 0")
    assert texts[-1].endswith(f"line {len(lines) - 1}")


def test_lines_that_come_once_it_is_asked_for_are_left_out_so_that_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "lines.log"
    lines = [log_line(number) for number in range(5 * PAGE_LINES)]
    saving = LogSave(path, LogFilter(), redacted, lines[1_500].timestamp_ms)
    while saving.take(log_answer(
        [line for line in lines if line.key >= saving.question().place][:PAGE_LINES], question=saving.question()
    )):  # fmt: skip
        pass
    assert saving.is_done
    assert saving.lines == len(path.read_text().splitlines()) == 1_500


def test_a_file_of_just_a_page_ends(tmp_path: Path) -> None:
    saving = save(tmp_path / "lines.log", [log_line(number) for number in range(PAGE_LINES)])
    assert saving.is_done
    assert saving.lines == PAGE_LINES


def test_a_saved_file_is_its_owners_alone_and_no_file_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "lines.log"
    save(path, [log_line(1)])
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        LogSave(path, LogFilter(), redacted, LATER_MS)


def test_json_lines_are_those_of_tail(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    line = log_line(1, '{"level":"ERROR","message":"no \\u001b[2J stock","order":7}')
    save(path, [line])
    saved = json.loads(path.read_text())
    assert saved["message"] == "no \x1b[2J stock"
    assert saved["fields"] == {"order": 7}
    assert saved["timestamp"] == line.timestamp_ms
    assert saved["function"] == "checkout-api"


def test_text_holds_nothing_that_drives_a_terminal_and_no_secret(tmp_path: Path) -> None:
    path = tmp_path / "lines.log"
    save(path, [log_line(1, "key AKIA" + "IOSFODNN7EXAMPLE\x1b]52;c;aGk=\x07\nsecond line")])
    text = path.read_text()
    assert "IOSFODNN7EXAMPLE" not in text
    assert "\x1b" not in text
    assert text.endswith("␛]52;c;aGk=␇\nsecond line\n")


def test_lines_of_a_process_that_began_anew_are_not_taken_for_the_rest(tmp_path: Path) -> None:
    saving = LogSave(tmp_path / "lines.log", LogFilter(), redacted, LATER_MS)
    first = log_answer([log_line(number) for number in range(PAGE_LINES)], question=saving.question())
    assert saving.take(first)
    anew = log_answer([log_line(number) for number in range(2_000, 2_010)], question=saving.question())
    with pytest.raises(OSError, match="began again"):
        saving.take(anew)
    assert saving.is_done
    assert len((tmp_path / "lines.log").read_text().splitlines()) == PAGE_LINES
