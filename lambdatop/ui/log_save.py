"""Saving all lines that a filter lets through into a file, a page at a time."""

import contextlib
import errno
import os
from pathlib import Path

from lambdatop.model.log_line import FIRST_KEY, LineKey, LogFilter
from lambdatop.model.question import LogAnswer, LogQuestion
from lambdatop.render.saved_lines import Redact, saved_line

PAGE_LINES = 1_000


class LogSave:
    """Writes to a new file that its owner alone can read; raises OSError where there can be none."""

    TOPIC = "save"

    def __init__(self, path: Path, log_filter: LogFilter, redact: Redact, until_ms: int) -> None:
        self.path = expanded(path)
        self.lines = 0
        self.is_done = False
        self._log_filter = log_filter
        self._redact = redact
        self._until_ms = until_ms
        """Lines from then on are not saved, so that it ends however fast they come."""
        self._is_json = path.suffix in {".json", ".jsonl", ".ndjson"}
        self._place: LineKey = FIRST_KEY
        self._lines_read = 0
        """Held or fallen off, as of the last answer; fewer than before are those of another process."""
        self._file = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def question(self) -> LogQuestion:
        """Return what to ask next."""
        return LogQuestion(
            topic=self.TOPIC,
            number=0,
            is_standing=False,
            log_filter=self._log_filter,
            place=self._place,
            lines_from=PAGE_LINES,
        )

    def take(self, answer: LogAnswer) -> bool:
        """Write an answer's lines; returns whether to ask on.

        Raises OSError where they cannot be written, or where some are missing since collecting began again.
        """
        if not answer.page.is_complete:
            return False
        page = answer.page.lines[answer.page.lines_before :]
        lines = [line for line in page if line.timestamp_ms < self._until_ms]
        lines_read = answer.lines_held + answer.lines_fallen_off
        try:
            if lines_read < self._lines_read:
                raise InterruptedError(errno.EINTR, "Collecting began again meanwhile")
            self._lines_read = lines_read
            self._file.writelines(saved_line(line, self._redact, is_json=self._is_json) for line in lines)
            self.lines += len(lines)
            self.is_done = len(lines) < PAGE_LINES or len(lines) < len(page)
            if self.is_done:
                self._file.close()
        except OSError:
            self.is_done = True
            self._file.close()
            raise
        if lines:
            self._place = lines[-1].key.following
        return not self.is_done

    def give_up(self) -> None:
        """Close the file with what it has, as far as there is room for that."""
        self.is_done = True
        with contextlib.suppress(OSError):
            self._file.close()


def expanded(path: Path) -> Path:
    """Return a path with the home folder for `~`; raises OSError where there is none."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise FileNotFoundError(errno.ENOENT, "No such user", str(path)) from error
