"""What can be done with a log line: opened, followed to its request, copied, saved, filtered by."""

from collections.abc import Sequence
from pathlib import Path

from lambdatop.model.log_line import LogFilter, LogLine
from lambdatop.model.question import Answer, LogAnswer, LogMoment, LogQuestion
from lambdatop.render.printable import printable
from lambdatop.render.saved_lines import event_text, text_line
from lambdatop.ui.clipboard import copy_text
from lambdatop.ui.invocation_lines import CONTEXT_LINES, context_filter, invocation_lines
from lambdatop.ui.log_save import LogSave
from lambdatop.ui.screens.function_actions import open_request
from lambdatop.ui.screens.place import PlaceScreen
from lambdatop.ui.session import Session

COPY = "copy"


class LogLineActions(PlaceScreen):
    """A place with a log line under the cursor."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._saving: LogSave | None = None
        self._copying: LogLine | None = None
        self._asked_beside: dict[str, int] = {}
        """By topic, the number of what was asked last to copy or save."""

    @property
    def line(self) -> LogLine | None:
        """The line under the cursor."""
        raise NotImplementedError

    @property
    def log_filter(self) -> LogFilter:
        """What is shown."""
        raise NotImplementedError

    @property
    def is_saving(self) -> bool:
        """Whether a file is being written."""
        return self._saving is not None and not self._saving.is_done

    def take_beside(self, answer: Answer) -> bool:
        """Take the lines that were asked for to be copied or saved, each once; saving goes on below other places."""
        if not isinstance(answer, LogAnswer) or self._asked_beside.get(answer.topic) != answer.number:
            return False
        if answer.topic == LogSave.TOPIC and self._saving is not None and not self._saving.is_done:
            self._save_on(self._saving, answer)
        elif answer.topic == COPY and self._copying is not None and answer.page.is_complete:
            lines = invocation_lines(answer.page.lines, self._copying)
            self._copying = None
            self._copy([text_line(line, self.session.redact) for line in lines], f"{len(lines)} lines")
        return True

    @property
    def newest_ms(self) -> int:
        """Time of the newest line that there may be."""
        return self.session.settings.now_ms()

    def action_request(self) -> None:
        """Open the request that the line names, or else the one that was served when it was logged."""
        line = self.line
        if line is not None:
            moment = LogMoment(line.log_stream, line.timestamp_ms)
            open_request(self.app, self.session, line.request_id, line.function, moment)

    def action_copy(self) -> None:
        """Copy the line with its time, level and function."""
        if self.line is not None:
            self._copy([text_line(self.line, self.session.redact)], "")

    def action_copy_event(self) -> None:
        """Copy the event's message alone, all of it."""
        if self.line is not None:
            self._copy([event_text(self.line, self.session.redact)], "")

    def action_copy_invocation(self) -> None:
        """Copy all lines of the invocation."""
        if self.line is None:
            return
        self._copying = self.line
        self._ask_beside(
            LogQuestion(
                topic=COPY,
                number=0,
                is_standing=False,
                log_filter=context_filter(self.line),
                place=self.line.key,
                lines_before=CONTEXT_LINES,
                lines_from=CONTEXT_LINES,
            )
        )

    def action_redact(self) -> None:
        """Let secrets stand in copies and saved files, or take them out again."""
        if self.session.toggle_redaction():
            self.notify("Secrets are taken out of copies and saved files again.", timeout=4, markup=False)
        else:
            sentence = "Copies and saved files now hold keys, tokens and e-mail addresses as they were logged."
            self.notify(sentence, severity="warning", timeout=8, markup=False)
        self.redraw()

    def suggested_file(self) -> str:
        """Return a name for a file to save to, in the folder that lambdatop was started in."""
        from lambdatop.render import units

        moment = units.timestamp(self.session.settings.now_ms(), self.session.settings.is_utc)
        return f"lambdatop-{moment[:19].replace(':', '').replace(' ', '-')}.log"

    def save(self, name: str) -> None:
        """Save all lines that the filter lets through, those not on screen too."""
        if any(isinstance(one, LogLineActions) and one.is_saving for one in self.app.screen_stack):
            self.notify("One file is being saved already.", timeout=4, markup=False)
            return
        try:
            self._saving = LogSave(Path(name), self.log_filter, self.session.redact, self.newest_ms + 1)
        except (OSError, ValueError) as error:
            self._say_unsaved(name, error)
            return
        self._ask_beside(self._saving.question())

    def _ask_beside(self, question: LogQuestion) -> None:
        self._asked_beside[question.topic] = self.session.ask(question)

    def _save_on(self, saving: LogSave, answer: LogAnswer) -> None:
        try:
            if saving.take(answer):
                self._ask_beside(saving.question())
        except OSError as error:
            self._say_unsaved(str(saving.path), error)
            return
        if saving.is_done:
            note = "" if self.session.is_redacting else ", secrets as they were logged"
            text = f"{saving.lines:,} lines saved to {saving.path}{note}"
            self.notify(printable(text, 300), timeout=6, markup=False)

    def _say_unsaved(self, name: str, error: Exception) -> None:
        why = getattr(error, "strerror", None) or str(error)
        text = f"not saved: {printable(why, 120)}: {printable(name, 160)}"
        self.notify(text, severity="warning", timeout=8, markup=False)

    def _copy(self, texts: Sequence[str], what: str) -> None:
        text = "\n".join(texts)
        if copy_text(self.app, text):
            self.notify(printable(what or text, 120), title="copied", timeout=3, markup=False)
        else:
            sentence = "It is too long for a terminal's clipboard; s saves it to a file."
            self.notify(sentence, title="not copied", timeout=5, markup=False)

    def on_unmount(self) -> None:
        """Close a file that is being saved."""
        if self._saving is not None and not self._saving.is_done:
            self._saving.give_up()
            text = printable(
                f"{self._saving.lines:,} lines saved to {self._saving.path}, not all: the log was left", 300
            )
            self.notify(text, severity="warning", timeout=8, markup=False)
