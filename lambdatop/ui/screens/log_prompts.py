"""What is typed in the log view: a search, a condition of the filter, a pattern for AWS, a file to save to."""

from typing import Literal

from lambdatop.model.log_line import LogFilter, TextCondition
from lambdatop.parsers.bounded_pattern import BoundedPattern, PatternError
from lambdatop.parsers.log_filter_text import ConditionError, parse_condition, with_condition
from lambdatop.render.printable import printable
from lambdatop.ui.screens.log_pushdown import PATTERN_MAX, LogPushdown, too_long
from lambdatop.ui.session import Session
from lambdatop.ui.widgets.filter_bar import FilterBar

Prompt = Literal["search", "filter", "save", "AWS filter pattern"]
_PLACEHOLDERS: dict[Prompt, str] = {
    "search": "text, or /regex/; enter goes to it, n and N to others",
    "filter": "text, /regex/, field:value, level>=warn, request:…, stream:…; ! before it hides",
    "save": "a file's name; ending in .jsonl for JSON lines",
    "AWS filter pattern": 'empty: read all lines; such as ERROR, ?WARN ?ERROR, { $.level = "error" }',
}


class LogPrompts(LogPushdown):
    """A place where a search and a filter show what they do while they are typed."""

    def __init__(self, session: Session, log_filter: LogFilter) -> None:
        super().__init__(session, log_filter)
        self._prompt: Prompt = "search"

    def search_from_here(self, sought: LogFilter) -> None:
        """Go to the match that is nearest to where one reads."""
        raise NotImplementedError

    def action_search(self) -> None:
        """Ask what to search for."""
        search = self.choices.search
        self._open_prompt("search", "" if search is None else _search_text(search))

    def action_filter(self) -> None:
        """Ask for a condition that is added to the filter."""
        self._open_prompt("filter", "")

    def action_save(self) -> None:
        """Ask where to save what is shown."""
        self._open_prompt("save", self.suggested_file())

    def action_pattern(self) -> None:
        """Ask for a pattern by which AWS is to filter what is read."""
        self._open_prompt("AWS filter pattern", self.pattern or "")
        self.call_after_refresh(self.ask_rate)

    def _open_prompt(self, prompt: Prompt, text: str) -> None:
        if not self.query(FilterBar):
            self._prompt = prompt
            self.mount(FilterBar(text, prompt, _PLACEHOLDERS[prompt]), after="#log")

    def on_filter_bar_changed(self, message: FilterBar.Changed) -> None:
        """Show what a search or a filter would do while it is typed."""
        if self._prompt == "AWS filter pattern" and len(message.text) > PATTERN_MAX:
            self.query_one(FilterBar).note(too_long(message.text))
        if self._prompt in ("save", "AWS filter pattern"):
            return
        problem = ""
        text = message.text
        try:
            if _is_unclosed(text):
                self.choices.preview = None
                problem = "with / at its end too, it is a regular expression"
            elif self._prompt == "search":
                self.choices.search = _search_of(text)
            else:
                self.choices.preview = None
                self.choices.preview = self._filter_with(text)
        except ConditionError as error:
            problem = str(error)
        if self._prompt == "filter":
            self.ask()
        self.query_one(FilterBar).note(problem)
        self.draw_lines()

    def on_filter_bar_closed(self, message: FilterBar.Closed) -> None:
        """Search, filter or save, and give the keys back to the lines."""
        self.query(FilterBar).remove()
        self.view.focus()
        try:
            self._use(message.text, is_kept=message.is_kept)
        except ConditionError as error:
            self.notify(printable(str(error), 300), severity="warning", timeout=6, markup=False)
        self.draw_lines()

    def _use(self, text: str, *, is_kept: bool) -> None:
        self.choices.preview = None
        if self._prompt == "save":
            if is_kept and text.strip():
                self.save(text.strip())
        elif self._prompt == "AWS filter pattern":
            if is_kept:
                self.push_down(text)
        elif self._prompt == "filter":
            try:
                if is_kept:
                    self.choices.filter_by(self._filter_with(text))
            finally:
                self.ask()
        else:
            self.choices.search = _search_of(text) if is_kept else None
            if self.choices.search is None:
                self.ask()
            else:
                self.search_from_here(self.choices.in_force.having(self.choices.search))

    def _filter_with(self, text: str) -> LogFilter:
        if not text.strip():
            return self.choices.log_filter
        functions = () if self.picture is None else tuple(row.key for row in self.picture.snapshot.functions)
        streams = {line.log_stream for line in self.view.window.lines}
        condition = parse_condition(text)
        return with_condition(self.choices.log_filter, condition, functions=functions, streams=sorted(streams))


def _is_unclosed(text: str) -> bool:
    """Return whether a text may be the beginning of a regular expression, of which nothing should be shown yet."""
    body = text.strip().removeprefix("!").removeprefix("-")
    return body.startswith("/") and (len(body) == 1 or not body.endswith("/"))


def _search_of(text: str) -> TextCondition | None:
    """Return what to search for: text, or a regular expression between slashes; raises `ConditionError`."""
    if not text:
        return None
    if len(text) > 1 and text.startswith("/") and text.endswith("/"):
        try:
            BoundedPattern(text[1:-1])
        except PatternError as error:
            raise ConditionError(str(error)) from error
        return TextCondition(text[1:-1], is_regex=True)
    return TextCondition(text)


def _search_text(search: TextCondition) -> str:
    return f"/{search.pattern}/" if search.is_regex else search.pattern
