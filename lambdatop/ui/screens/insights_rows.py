"""What can be done with the rows of a query: ordered, filtered, drawn, opened, followed, copied, written to a file."""

from pathlib import Path

from lambdatop.render.query_chart import chart_problem, value_columns
from lambdatop.render.query_layout import QueryColumn
from lambdatop.render.query_table import QueryTable, TableChoice, sorted_by
from lambdatop.ui.query_columns import shown_columns, skip_for
from lambdatop.ui.query_export import FORMATS_ACCEPTED, QueryExport, export_pieces
from lambdatop.ui.query_row import Fields, RowOrigin, origin_of
from lambdatop.ui.screens.function_actions import copy_and_say, copy_lines_and_say, shown_lines
from lambdatop.ui.screens.insights_follow import follow_log, follow_request
from lambdatop.ui.screens.insights_place import InsightsPlace
from lambdatop.ui.widgets.query_results import QueryResults

_STEP_CELLS = 4


class InsightsRows(InsightsPlace):
    """A place with the rows of the tab's query."""

    @property
    def table(self) -> QueryTable | None:
        """The table of the tab's rows."""
        return None if self.picture is None else self.tab.table(self.picture.drawing)

    @property
    def fields(self) -> Fields | None:
        """The row under the cursor."""
        table = self.table
        if table is None or not table.row_count:
            return None
        return table.fields(table.row_at(min(self.tab.row, table.row_count - 1)))

    @property
    def column(self) -> QueryColumn | None:
        """The column under the cursor."""
        table = self.table
        shown = shown_columns(table) if table is not None else ()
        return shown[min(self.tab.column, len(shown) - 1)] if shown else None

    def choose(self, choice: TableChoice) -> None:
        """Look at the rows in another way, the cursor staying on its row where that is shown."""
        table, tab = self.table, self.tab
        row = table.row_at(min(tab.row, table.row_count - 1)) if table is not None and table.row_count else None
        tab.choice = choice
        after = self.table
        if after is not None:
            place = after.position_of(row) if row is not None else None
            tab.row = place if place is not None else 0
            tab.column = max(0, min(tab.column, len(shown_columns(after)) - 1))
        self.redraw()

    def on_query_results_moved(self, message: QueryResults.Moved) -> None:
        """Remember the cursor; scroll the columns after it."""
        tab = self.tab
        tab.row, tab.column = message.row, message.column
        table = self.table
        if table is not None:
            tab.choice = tab.choice._replace(skip=skip_for(table, tab.column, self.results.size.width))
        self.redraw()

    def on_query_results_heading_clicked(self, message: QueryResults.HeadingClicked) -> None:
        """Sort by the column."""
        self.tab.column = message.column
        self.action_sort()

    async def on_query_results_opened(self) -> None:
        """Open the row."""
        await self.run_action("open")

    def action_sort(self) -> None:
        """Sort by the column under the cursor."""
        column = self.column
        if column is not None:
            self.choose(sorted_by(self.tab.choice, column))

    def action_filter(self) -> None:
        """Ask which rows to show."""
        if self.table is None:
            return
        before = self.tab.choice.filter_text

        def note(text: str) -> str:
            self.choose(self.tab.choice._replace(filter_text=text))
            table = self.table
            if table is None:
                return ""
            return table.problem or f"{table.row_count:,} of {table.total:,}"

        def give_up() -> None:
            self.choose(self.tab.choice._replace(filter_text=""))

        self.prompt(
            "rows with", before, "text, or /regex/; ! before it: rows without", lambda _text: None, note, give_up
        )

    def action_chart(self) -> None:
        """Show a chart, or the table again."""
        table, problem = self.table, None
        if not self.tab.is_chart:
            problem = "There are no rows to draw." if table is None else chart_problem(table, self.tab.chart)
        if problem is not None:
            self.say(problem, 8)
        else:
            self.tab.is_chart = not self.tab.is_chart
            self.redraw()

    def action_value(self) -> None:
        """Draw another column of numbers."""
        table, tab = self.table, self.tab
        names = value_columns(table) if table is not None else ()
        if names:
            here = names.index(tab.chart.value_column) if tab.chart.value_column in names else 0
            tab.chart = tab.chart._replace(value_column=names[(here + 1) % len(names)])
            tab.is_chart = True
            self.redraw()

    def action_bars(self) -> None:
        """Draw lines, or bars."""
        chart = self.tab.chart
        self.tab.chart = chart._replace(kind="lines" if chart.kind == "bars" else "bars")
        self.redraw()

    def action_hide(self) -> None:
        """Hide the column under the cursor, unless it is the last one."""
        table, column = self.table, self.column
        if table is not None and column is not None and len(shown_columns(table)) > 1:
            self.choose(self.tab.choice._replace(hidden=self.tab.choice.hidden | {column.name}))

    def action_show_all(self) -> None:
        """Show all columns, each as wide as it was at first."""
        self.choose(self.tab.choice._replace(hidden=frozenset(), widths={}, skip=0))

    def action_widen(self, direction: int) -> None:
        """Make the column under the cursor wider or narrower."""
        table, column = self.table, self.column
        if table is None or column is None:
            return
        name = column.name
        drawn = [one.width for one in table.layout(self.results.size.width).placed if one.column.name == name]
        width = max(3, (drawn[0] if drawn else 20) + direction * _STEP_CELLS)
        self.choose(self.tab.choice._replace(widths={**self.tab.choice.widths, name: width}))

    def action_open(self) -> None:
        """Show the whole record of the row, or the whole row where it is an aggregate."""
        from lambdatop.ui.screens.insights_record import RecordScreen

        table, fields = self.table, self.fields
        if table is None or fields is None:
            return
        result, place = self.tab.result, table.row_at(min(self.tab.row, table.row_count - 1))
        pointers = result.progress.pointers if result is not None else ()
        pointer = pointers[place] if place < len(pointers) else None
        ran = self.tab.ran
        scope = ran.scope if ran is not None else self.tab.scope
        self.app.push_screen(RecordScreen(self.session, self.desk.errands, scope, fields, pointer))

    @property
    def origin(self) -> RowOrigin:
        """Where the row under the cursor comes from."""
        ran = self.tab.ran
        scope = ran.scope if ran is not None else self.tab.scope
        return origin_of(self.fields or {}, self.session.snapshot, scope)

    def action_request(self) -> None:
        """Open the request that the row names, or the one that was served at its time."""
        follow_request(self, self.origin)

    def action_logs(self) -> None:
        """Read the log of the row's function, at its time."""
        follow_log(self, self.origin)

    def action_copy(self) -> None:
        """Copy the cell under the cursor."""
        fields, column = self.fields, self.column
        if fields is not None and column is not None:
            copy_and_say(self.app, self.session.redact(fields[column.name] or ""))

    def action_copy_row(self) -> None:
        """Copy the row's cells that are shown, between tabs."""
        table, fields = self.table, self.fields
        if table is not None and fields is not None:
            cells = (fields[column.name] or "" for column in shown_columns(table))
            copy_and_say(self.app, "  ".join(self.session.redact(cell) for cell in cells))

    def action_copy_table(self) -> None:
        """Copy all rows shown."""
        table = self.table
        if table is not None:
            copy_lines_and_say(self.app, shown_lines("".join(export_pieces("csv", table, self.session.redact))))

    def action_redact(self) -> None:
        """Let secrets stand in copies and written files, or take them out again."""
        if self.session.toggle_redaction():
            self.say("Secrets are taken out of copies and written files again.", 4)
        else:
            sentence = "Copies and written files now hold keys, tokens and e-mail addresses as they were logged."
            self.say(sentence, 8, is_warning=True)

    def action_export(self) -> None:
        """Ask for a file to write the rows to."""
        if self.table is None:
            self.say("There are no rows to write.")
            return
        from lambdatop.render import units

        moment = units.timestamp(self.session.settings.now_ms(), self.session.settings.is_utc)
        name = f"lambdatop-query-{moment[:19].replace(':', '').replace(' ', '-')}.csv"
        self.prompt("write to", name, FORMATS_ACCEPTED, self._export)

    def _export(self, name: str) -> None:
        table = self.table
        if table is None or not name.strip():
            return
        try:
            redact = self.session.redact if self.session.is_redacting else None
            self._export_on(QueryExport(Path(name.strip()), table, redact))
        except (OSError, ValueError) as error:
            self._say_unwritten(name, error)

    def _export_on(self, export: QueryExport) -> None:
        try:
            if export.step():
                self.call_later(self._export_on, export)
                return
        except OSError as error:
            self._say_unwritten(str(export.path), error)
            return
        note = "" if self.session.is_redacting else ", secrets as they were logged"
        self.say(f"{export.rows:,} rows written to {export.path}{note}", 6)

    def _say_unwritten(self, name: str, error: Exception) -> None:
        why = getattr(error, "strerror", None) or str(error)
        self.say(f"not written: {why}: {name}", 8, is_warning=True)
