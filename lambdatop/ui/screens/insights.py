"""The place where Logs Insights queries are written, run and read."""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.widget import Widget

from lambdatop.insights.completion import completions
from lambdatop.insights.query_facts import commands_in, has_source
from lambdatop.model.question import Answer
from lambdatop.render.query_chart import chart_lines, chart_problem
from lambdatop.render.query_place_words import (
    INSIGHTS_USD_PER_GB,
    chart_hint,
    first_lines,
    head_line,
    hint_line,
    is_cut_worth_saying,
    rowless_lines,
    tab_word,
    weighing_line,
)
from lambdatop.render.query_words import cut_sentence, estimate_line, problem_lines, progress_line
from lambdatop.render.span import Line, crop
from lambdatop.render.words import BLANK, foreign, joined, line, said
from lambdatop.ui.keys import Place as KeyPlace
from lambdatop.ui.keys import bindings
from lambdatop.ui.picture import Picture
from lambdatop.ui.query_desk import QueryDesk
from lambdatop.ui.query_groups import known_groups
from lambdatop.ui.query_hint import hint_of
from lambdatop.ui.query_offers import Offer, Offers
from lambdatop.ui.query_tab import QueryTab
from lambdatop.ui.screens.function_actions import copy_lines_and_say, shown_lines
from lambdatop.ui.screens.insights_choices import InsightsChoices
from lambdatop.ui.screens.insights_rows import InsightsRows
from lambdatop.ui.session import Session
from lambdatop.ui.widgets.key_bar import KeyBar
from lambdatop.ui.widgets.page_head import PageHead
from lambdatop.ui.widgets.query_editor import QueryEditor
from lambdatop.ui.widgets.query_offer_list import QueryOfferList
from lambdatop.ui.widgets.query_tabs import QueryTabs, TabPicture

_FIXED_ROWS = 7
"""Header, tabs, what is read, hint, status and keys."""
_RESULT_ROWS_MIN = 4
_EDITOR_ROWS_MIN = 2
_CHART_ROWS = 5_000
"""Of more rows it is not worked out beforehand whether they make a chart."""
_TALL = 30
"""With so many rows there is room for more of a query that is not being written."""


class InsightsScreen(InsightsChoices, InsightsRows):
    """Tabs, the editor, and what came of the query."""

    KEYS: ClassVar[KeyPlace] = "rows"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("query"), *bindings("rows")]
    AUTO_FOCUS: ClassVar[str | None] = "QueryEditor"

    def __init__(self, session: Session, desk: QueryDesk) -> None:
        super().__init__(session, desk)
        self._tabs = QueryTabs()
        self._offers = QueryOfferList()
        self.editor.offer_from(self._completions)

    @property
    def place(self) -> KeyPlace:
        """Whose keys work: the editor's or those of the rows."""
        return "query" if self.is_editing else "rows"

    def body(self) -> Iterable[Widget]:
        """Return the parts, the list of what completes a word above the others."""
        yield self._tabs
        yield PageHead(id="query-head")
        yield self.editor
        yield PageHead(id="query-hint")
        yield PageHead(id="query-status")
        yield self.results
        yield self._offers

    def take_beside(self, answer: Answer) -> bool:
        """Take what comes of tasks, and offer the fields that are among it."""
        is_ours = super().take_beside(answer)
        if is_ours and self.is_current and self.is_editing:
            self.editor.offers.learn(self.tab.buffer)
            self._show_offers()
        return is_ours

    def on_unmount(self) -> None:
        """Stop what is under way."""
        stopped = self.desk.leave()
        if stopped:
            self.say(f"{stopped} {'query was' if stopped == 1 else 'queries were'} stopped.")

    def on_screen_resume(self) -> None:
        """Go on with what was asked meanwhile."""
        super().on_screen_resume()
        self.call_next(self.go_on)

    def on_resize(self, event: events.Resize) -> None:
        """Share the rows out anew."""
        super().on_resize(event)
        self._share_rows()

    def on_descendant_focus(self) -> None:
        """Show the keys of the part that has them, and give it room."""
        self.query_one(KeyBar).show_place(self.place)
        self._share_rows()

    def draw(self, picture: Picture) -> None:
        """Show the tab."""
        self.desk.find_scopes()
        self._tabs.show_tabs([self._tab_picture(tab) for tab in self.desk.tabs], self.desk.index)
        self.query_one("#query-head", PageHead).show_head(self._head)
        self.query_one("#query-hint", PageHead).show_head(self._hint)
        self.query_one("#query-status", PageHead).show_head(self._status)
        self.editor.show_buffer(self.tab.buffer)
        self.editor.show_problem(self._problem_place())
        self._show_results(picture)
        self._share_rows()

    def action_rows(self) -> None:
        """Give the keys to the rows."""
        self.results.focus()

    def action_edit(self) -> None:
        """Write the query."""
        self.editor.focus()

    def action_back(self) -> None:
        """Go from the editor to the rows, where there are some; stop what runs; leave."""
        tab, was_weighing = self.tab, self.is_weighing(self.tab)
        if self.is_editing and tab.result is not None:
            self.results.focus()
        elif self.stop(tab):
            self.say("Not run." if was_weighing else "Stopped; what was scanned is paid for.")
            self.redraw()
        else:
            self.app.pop_screen()

    @on(QueryTabs.Chosen)
    def _choose_tab(self, message: QueryTabs.Chosen) -> None:
        self.desk.index = message.index
        self.redraw()
        self.go_on()

    @on(QueryEditor.Copying)
    def _copy_selected(self, message: QueryEditor.Copying) -> None:
        copy_lines_and_say(self.app, shown_lines(message.text))

    @on(QueryEditor.Full)
    def _say_full(self) -> None:
        self.say("A query has 10,000 characters at most.", is_warning=True)

    @on(QueryEditor.Changed)
    @on(QueryEditor.Moved)
    def _edited(self) -> None:
        self.redraw()
        self._show_offers()

    def _completions(self, text: str, offset: int) -> Offers | None:
        result = self.tab.result
        columns = result.progress.columns if result is not None else ()
        groups = known_groups(self.groups_now, self.session.snapshot, self.tab.scope)
        known = self.desk.fields(self.tab.scope, groups)
        found = completions(text, offset, tuple(dict.fromkeys((*known, *columns))))
        follows = text[found.end : found.end + 1]
        offers = tuple(
            Offer(f"{item.text})", item.summary, 1)
            if item.text.endswith("(") and not follows.isalnum()
            else Offer(item.text, item.summary)
            for item in found.items
        )
        return Offers(found.start, found.end, offers)

    def _show_offers(self) -> None:
        offers = self.editor.offers
        region = self.editor.region
        column, row = self.editor.cursor_cell
        shown = [(offer.text, offer.summary) for offer in offers.offers]
        room = self.size.width, self.size.height
        self._offers.show_offers(shown, offers.index, (region.x + column, region.y + row), room)

    def _share_rows(self) -> None:
        """Give the editor the rows that its text takes, as far as the results can spare them."""
        width, height = self.size
        if not width or not self.is_mounted:
            return
        room = height - _FIXED_ROWS
        most = room - _RESULT_ROWS_MIN if self.is_editing else (room // 3 if height >= _TALL else 3)
        rows = max(_EDITOR_ROWS_MIN, min(self.editor.rows_needed(width) + self.is_editing, most))
        if self.editor.styles.height is None or self.editor.styles.height.value != rows:
            self.editor.styles.height = rows

    def _tab_picture(self, tab: QueryTab) -> TabPicture:
        if self.is_weighing(tab):
            is_asking = tab is not self.tab and tab.estimate is not None and tab.estimate.is_done
            return TabPicture(tab.title, *tab_word("asking" if is_asking else "waiting"))
        return TabPicture(tab.title, *tab_word(tab.result.progress.status if tab.result is not None else None))

    def _head(self, width: int) -> tuple[Line, ...]:
        tab, groups = self.tab, self.groups_now
        scopes = self.desk.scopes
        scope = f"{tab.scope.account_id} {tab.scope.region}" if len(scopes) > 1 else ""
        estimate: Line = ()
        known = tab.estimate_now
        if known is not None and known.progress.problem is None and known.progress.status != "cancelled":
            is_asking = not known.is_done
            estimate = (
                line(said("asking what it would scan …", "dim"))
                if is_asking
                else self._estimated(known.progress.estimated_bytes)
            )
        words = "its own SOURCE" if self._has_source else groups.words
        problem = None if self._has_source else groups.problem
        return (head_line(words, problem, tab.time_range.words, scope, estimate, width),)

    @staticmethod
    def _estimated(estimated_bytes: float | None) -> Line:
        cost = None if estimated_bytes is None else estimated_bytes / 1e9 * INSIGHTS_USD_PER_GB
        return estimate_line(estimated_bytes, cost)

    @property
    def _has_source(self) -> bool:
        return has_source(self.tab.buffer.text)

    def _hint(self, width: int) -> tuple[Line, ...]:
        hint = hint_of(self.tab.buffer.text)
        line_number, column = self.tab.buffer.position
        at = line(said(f"{line_number}:{column}", "dim")) if self.is_editing else BLANK
        if hint is None:
            return (at,)
        return (joined((at, hint_line(hint.sentence, hint.is_unsupported, width - 8))),)

    def _status(self, width: int) -> tuple[Line, ...]:
        result, table = self.tab.result, self.table
        parts: list[Line] = [weighing_line()] if self.is_weighing(self.tab) else []
        if result is None:
            return (crop(joined(parts), width) if parts else BLANK,)
        if self.tab.ran != self.tab.asked:
            parts.append(line(said("of what ran before:", "late")))
        if table is not None and self.tab.choice.filter_text:
            parts.append(line(said(f"{table.row_count:,} shown", "accent")))
        parts.append(progress_line(result.progress, self.session.settings.now_ms()))
        cut = cut_sentence(result.progress, result.task.limit)
        if cut is not None and is_cut_worth_saying(result.progress, "limit" in commands_in(result.task.text)):
            parts.append(line(foreign(cut, "warning", 300)))
        if table is not None and table.total <= _CHART_ROWS and chart_problem(table, self.tab.chart) is None:
            parts.append(chart_hint(self.tab.is_chart))
        return (crop(joined(parts), width),)

    def _problem_place(self) -> tuple[int, int] | None:
        """Return where AWS sees a problem in the text, as long as that is the one that ran."""
        tab = self.tab
        problem = tab.result.progress.problem if tab.result is not None else None
        text = tab.result.task.text[tab.source_length :] if tab.result is not None else None
        if problem is not None and problem.start is not None and text == tab.buffer.text:
            start = problem.start - tab.source_length
            end = (problem.end if problem.end is not None else problem.start + 1) - tab.source_length
            return (start, max(end, start + 1)) if start >= 0 else None
        return None

    def _show_results(self, picture: Picture) -> None:
        tab, table, result = self.tab, self.table, self.tab.result
        if result is None:
            self.results.show_lines_of(lambda width, _height: first_lines(width, self.log_formats))
        elif result.progress.problem is not None and (table is None or not table.total):
            problem, text = result.progress.problem, result.task.text
            self.results.show_lines_of(lambda width, _height: problem_lines(problem, text, width))
        elif table is None:
            self.results.show_lines_of(lambda width, _height: rowless_lines(result.progress, width))
        elif tab.is_chart and chart_problem(table, tab.chart) is None:
            self.results.show_lines_of(partial(self._chart, picture))
        else:
            self.results.show_table(table, tab.row, tab.column)

    def _chart(self, picture: Picture, width: int, height: int) -> tuple[Line, ...]:
        table = self.table
        return () if table is None else chart_lines(table, self.tab.chart, width, height, picture.drawing)
