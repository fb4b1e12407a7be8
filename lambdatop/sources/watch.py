"""The blackboard between the engine and an account's sources; each value is frozen and replaced whole."""

from collections.abc import Mapping

from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import EventSourceMapping, FailureDestination, LambdaFunction
from lambdatop.model.reading import ReadingChoice
from lambdatop.model.view import View
from lambdatop.sources.failure import SourceFailure


class Watch:
    """What sources tell each other and what the engine tells them."""

    def __init__(self) -> None:
        self.view = View()
        self.active: frozenset[FunctionKey] = frozenset()
        """Functions that were seen to run lately."""
        self.scope: Scope | None = None
        self.identity_failure: SourceFailure | None = None
        """Why the scope is not known, while it is not."""
        self.functions: tuple[LambdaFunction, ...] | None = None
        """None until the catalogue has been read once."""
        self.catalogue_failure: SourceFailure | None = None
        """Why the functions are not known, while they are not."""
        self.mappings: tuple[EventSourceMapping, ...] | None = None
        self.destinations: tuple[FailureDestination, ...] = ()
        self.are_event_sources_asked = False
        """Whether mappings and destinations have been asked for once, well or badly."""
        self.infrequent_groups: frozenset[str] = frozenset()
        """Log groups whose class FilterLogEvents does not read."""
        self.lost_tasks: frozenset[int] = frozenset()
        """Tasks that a process which ended was working on: a query among them is not run, and paid, again."""
        self.reading: ReadingChoice | None = None
        """How the logs of all functions are read; None until that is chosen."""
        self.is_reading_chosen = False
        """Whether somebody chooses it, so that reading waits for that."""
        self.sick: Mapping[FunctionKey, float] = {}
        """Functions that fail or are throttled, with how often."""
        self.generation = 0
        """Raised with each new login, so that sources ask again at once."""

    @property
    def scope_obstacle(self) -> SourceFailure | None:
        """What keeps the scope from being known."""
        return self.identity_failure if self.scope is None else None

    @property
    def functions_obstacle(self) -> SourceFailure | None:
        """What keeps the functions from being known."""
        return self.scope_obstacle or (self.catalogue_failure if self.functions is None else None)

    def read_in_full(self) -> frozenset[FunctionKey]:
        """Functions all of whose log lines are wanted, or what a pattern lets through: opened, or in the log view."""
        focus = () if self.view.focus is None else (self.view.focus,)
        return frozenset((*focus, *self.view.logs))

    def pattern_of(self, functions: frozenset[FunctionKey]) -> str | None:
        """Return the pattern that is wanted of the log group of some functions; None where there is none.

        An opened function outside the log view is read in full, and so is the group that it shares.
        """
        view = self.view
        is_opened = view.focus in functions and view.focus not in view.logs
        return None if is_opened or functions.isdisjoint(view.logs) else view.log_pattern

    def looked_at(self) -> frozenset[FunctionKey]:
        """Functions on screen or opened."""
        focus = frozenset() if self.view.focus is None else frozenset({self.view.focus})
        return frozenset(self.view.visible) | focus

    def interesting(self) -> frozenset[FunctionKey]:
        """Functions worth asking about: on screen, opened, or active."""
        return self.active | self.looked_at()
