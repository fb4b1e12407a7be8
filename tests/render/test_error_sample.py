"""The newest failure's line: laid out as runtimes print it, folded around the frame that counts, and safe."""

import json

import pytest

from lambdatop.render.error_sample import sample_lines
from lambdatop.render.span import line_text, line_width

FRAMES = "\n".join(f'  File "/var/task/lib{at}.py", line {at}, in step{at}\n    step({at})' for at in range(20))
PYTHON = f"[ERROR] KeyError: 'currency'\nTraceback (most recent call last):\n{FRAMES}"
NODE = "2026-11-21T03:00:00.000Z\tc3252230-c73d-49f6-8844-968c01d1e2e1\tERROR\tInvoke Error \t" + json.dumps(
    {
        "errorType": "TypeError",
        "errorMessage": "cart is undefined",
        "stack": ["TypeError: cart is undefined", "    at total (/var/task/price.js:3:9)"],
    }
)


def texts(text: str, frame: str | None = None, limit: int | None = None, width: int = 100) -> list[str]:
    return [line_text(row) for row in sample_lines(text, frame, width, limit)]


def test_text_is_shown_as_it_is_and_carriage_returns_break_lines() -> None:
    assert texts("[ERROR] KeyError: 'a'\rTraceback (most recent call last):\r  File \"/var/task/a.py\"\n") == [
        "[ERROR] KeyError: 'a'",
        "Traceback (most recent call last):",
        '  File "/var/task/a.py"',
    ]


def test_a_stack_in_json_is_laid_out_below_the_message_which_is_said_once() -> None:
    assert texts(NODE) == ["TypeError: cart is undefined", "    at total (/var/task/price.js:3:9)"]


def test_frames_that_are_objects_are_worded() -> None:
    line = json.dumps(
        {
            "errorMessage": "bad",
            "errorType": "errorString",
            "stackTrace": [{"path": "main.go", "line": 7, "label": "f"}],
        }
    )

    assert texts(line) == ["errorString: bad", "    at f (main.go)"]


def test_json_without_a_stack_is_laid_out_whole() -> None:
    assert texts('{"level":"ERROR","message":"no stock","sku":17}') == [
        "no stock",
        "{",
        '  "level": "ERROR",',
        '  "message": "no stock",',
        '  "sku": 17',
        "}",
    ]


def test_json_that_is_none_is_shown_as_text() -> None:
    assert texts('{"level":"ERROR", broken\nmore') == ['{"level":"ERROR", broken', "more"]


@pytest.mark.parametrize(("at", "head"), [(2, 7), (12, 2), (19, 2)])
def test_a_folded_stack_shows_the_own_frame_and_says_how_many_lines_are_not_shown(at: int, head: int) -> None:
    shown = texts(PYTHON, f"lib{at}.py:step{at}", 8)
    own = f'  File "/var/task/lib{at}.py", line {at}, in step{at}'
    whole = texts(PYTHON)

    assert own in shown
    assert len(shown) <= 1 + 8 + 1
    assert shown[: 1 + head] == whole[: 1 + head]
    hidden = sum(int(line.split()[1]) for line in shown if line.startswith("…"))
    assert hidden == len(whole) - sum(not line.startswith("…") for line in shown)


def test_the_own_frame_stands_out() -> None:
    styles: dict[str, set[str]] = {
        line_text(row): {span.style for span in row} for row in sample_lines(NODE, "price.js:total", 100)
    }

    assert styles["    at total (/var/task/price.js:3:9)"] == {"accent"}


def test_foreign_text_is_safe_and_fits() -> None:
    hostile = "[ERROR] \x1b]52;c;cm0=\x07" + "界" * 3_000 + "\n\x1b[2J" + "y" * 3_000
    for width in (20, 80):
        rows = sample_lines(hostile, None, width)
        assert max(map(line_width, rows)) <= width
        assert all(text.isprintable() for text in map(line_text, rows))
