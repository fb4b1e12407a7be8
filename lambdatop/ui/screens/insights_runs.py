"""Running queries: what is asked before, while they run, and stopping them."""

from collections.abc import Mapping

from lambdatop.insights.query_facts import has_source, refused_by_infrequent_access
from lambdatop.model.query import QueryRun
from lambdatop.model.question import Answer
from lambdatop.ui.query_cost import RunPlan
from lambdatop.ui.query_desk import QueryDesk
from lambdatop.ui.query_groups import infrequent_groups, query_over
from lambdatop.ui.query_history import PastQuery
from lambdatop.ui.query_parameters import filled, parameters_of
from lambdatop.ui.query_result import QueryResult
from lambdatop.ui.query_tab import Asked, QueryTab
from lambdatop.ui.screens.insights_place import InsightsPlace
from lambdatop.ui.session import Session


class InsightsRuns(InsightsPlace):
    """A place that runs its tabs' queries."""

    def __init__(self, session: Session, desk: QueryDesk) -> None:
        super().__init__(session, desk)
        self._weighed: dict[int, tuple[QueryTab, RunPlan, Asked]] = {}
        """By the number of an estimate that is under way, what is to run after it."""

    def take_beside(self, answer: Answer) -> bool:
        """Take what comes of tasks, on screen or not."""
        if not self.desk.errands.take(answer):
            return False
        if self.is_current:
            self.go_on()
            self.redraw()
        return True

    def action_run(self) -> None:
        """Run the query of the tab on screen."""
        tab = self.tab
        if tab.is_running or self.is_weighing(tab):
            self.say("It runs already; esc stops it.")
        elif not tab.buffer.text.strip():
            self.say("There is no query yet; f4 opens ready ones.")
        else:
            self._fill(tab, parameters_of(tab.buffer.text), {})

    def action_estimate(self) -> None:
        """Ask how much the query would scan."""
        tab = self.tab
        plan = self._plan(tab, filled(tab.buffer.text, tab.parameters))
        if plan is not None and not self.is_weighing(tab):
            self._weigh(tab, plan)

    def action_scope(self) -> None:
        """Read another account's or region's log groups."""
        scopes = self.desk.scopes
        if len(scopes) < 2:
            self.say("There is one account and region; --profile and --region name more.")
            return
        tab = self.tab
        at = scopes.index(tab.scope) if tab.scope in scopes else -1
        tab.scope = scopes[(at + 1) % len(scopes)]
        self.redraw()

    def stop(self, tab: QueryTab) -> bool:
        """Stop a tab's query, and what is asked before one; returns whether there was something to stop."""
        was_weighing = self.is_weighing(tab)
        self._weighed = {number: plan for number, plan in self._weighed.items() if plan[0] is not tab}
        return self.desk.stop(tab) or was_weighing

    def go_on(self) -> None:
        """Run, or ask whether to run, what has been weighed; nothing is asked about a tab that is not on screen."""
        for number, (tab, plan, asked) in tuple(self._weighed.items()):
            estimate = tab.estimate
            if estimate is None or estimate.task.number != number or not estimate.is_done:
                continue
            estimated_bytes = estimate.progress.estimated_bytes
            if tab is not self.tab and plan.must_ask(estimated_bytes):
                continue
            del self._weighed[number]
            if estimate.progress.status == "refused" and estimate.progress.problem is not None:
                self._show_refused(tab, estimate, asked, plan)
            else:
                self._run_or_ask(tab, plan, asked, estimated_bytes)

    def _fill(self, tab: QueryTab, names: tuple[str, ...], values: Mapping[str, str]) -> None:
        """Ask for one parameter after the other, then go on to run."""
        if not names:
            tab.parameters.update(values)
            plan = self._plan(tab, filled(tab.buffer.text, values))
            if plan is not None:
                self._consider(tab, plan)
            return
        name, *rest = names

        def use(text: str) -> None:
            self._fill(tab, tuple(rest), {**values, name: text})

        self.prompt(name, tab.parameters.get(name, ""), f"a value for {{{{{name}}}}} in the query", use)

    def _plan(self, tab: QueryTab, text: str) -> RunPlan | None:
        """Return what running the text would do, or say why it cannot."""
        groups = self.groups_now
        if groups.problem is not None and not has_source(text):
            self.say(groups.problem, 8, is_warning=True)
            return None
        settings = self.session.settings
        try:
            start_s, end_s = tab.time_range.bounds_s(settings.now_ms(), settings.is_utc)
        except ValueError as error:
            self.say(f"The time cannot be used: {error}.", 8, is_warning=True)
            return None
        words = "what its SOURCE names" if has_source(text) else groups.words
        text, log_groups, source_length = query_over(text, groups)
        return RunPlan(text, log_groups, start_s, end_s, source_length, self._warning(text, log_groups), words)

    def _warning(self, text: str, log_groups: tuple[str, ...]) -> str | None:
        infrequent = sorted(infrequent_groups(self.session.snapshot).intersection(log_groups))
        refused = refused_by_infrequent_access(text) if infrequent else ()
        if not refused:
            return None
        others = f" and {len(infrequent) - 1} more" if len(infrequent) > 1 else ""
        return f"{' and '.join(refused)} cannot run over log groups of Infrequent Access: {infrequent[0]}{others}."

    def _consider(self, tab: QueryTab, plan: RunPlan) -> None:
        known = tab.estimate_now
        is_known = known is not None and known.is_done and known.task.text == plan.text
        if is_known and known is not None:
            self._run_or_ask(tab, plan, tab.asked, known.progress.estimated_bytes)
        elif plan.needs_estimate:
            self._weigh(tab, plan)
            if tab.estimate is not None:
                self._weighed[tab.estimate.task.number] = tab, plan, tab.asked
            self._give_rows_the_keys(tab)
            self.redraw()
        elif plan.warning is not None:
            self._run_or_ask(tab, plan, tab.asked, None)
        else:
            self._run(tab, plan, tab.asked)

    def _weigh(self, tab: QueryTab, plan: RunPlan) -> None:
        result = QueryResult(self._run_of(tab, plan, is_estimate=True))
        tab.estimate, tab.estimated = result, tab.asked
        self.desk.errands.begin(result.task, result)
        self.redraw()

    def _run_or_ask(self, tab: QueryTab, plan: RunPlan, asked: Asked, estimated_bytes: float | None) -> None:
        if not plan.must_ask(estimated_bytes):
            self._run(tab, plan, asked)
            return
        from lambdatop.ui.screens.insights_question import CostQuestion

        def answered(is_wanted: bool | None) -> None:
            if is_wanted:
                self._run(tab, plan, asked)

        self.app.push_screen(CostQuestion(estimated_bytes, plan.seconds / 3600, plan.groups, plan.warning), answered)

    def _run(self, tab: QueryTab, plan: RunPlan, asked: Asked) -> None:
        result = QueryResult(self._run_of(tab, plan, is_estimate=False))
        tab.show_result(result, asked, plan.source_length)
        self.desk.errands.begin(result.task, result)
        now_ms = self.session.settings.now_ms()
        self.desk.history.add(
            PastQuery(text=asked.text, groups=asked.groups.text, time_range=asked.time_range.text, ran_ms=now_ms)
        )
        if self.desk.history.problem is not None:
            self.say(self.desk.history.problem, is_warning=True)
            self.desk.history.problem = None
        self._give_rows_the_keys(tab)
        self.redraw()

    def _give_rows_the_keys(self, tab: QueryTab) -> None:
        """Have keys go to the rows of a query that was asked for, so that none changes its text while one waits."""
        if tab is self.tab:
            self.results.focus()

    def _show_refused(self, tab: QueryTab, estimate: QueryResult, asked: Asked, plan: RunPlan) -> None:
        """Show why AWS would not run it, as if it had been run."""
        tab.show_result(estimate, asked, plan.source_length)
        self.redraw()

    def _run_of(self, tab: QueryTab, plan: RunPlan, *, is_estimate: bool) -> QueryRun:
        return QueryRun(
            number=self.session.next_task(),
            scope=tab.scope,
            text=plan.text,
            log_groups=plan.log_groups,
            start_s=plan.start_s,
            end_s=plan.end_s,
            is_estimate=is_estimate,
        )

    def is_weighing(self, tab: QueryTab) -> bool:
        """Return whether a tab's query waits to hear how much it would scan."""
        return any(plan[0] is tab for plan in self._weighed.values())
