"""The options by which `tail` hides events."""

import re
from typing import TYPE_CHECKING, Any

import click

from lambdatop.cli.options import Decorated, option
from lambdatop.cli.redaction_options import Pattern

if TYPE_CHECKING:
    from lambdatop.cli.tail_filter import TailConditions
    from lambdatop.model.record import Level


class LevelName(click.ParamType["Level"]):
    """A level by any of the names that loggers give it."""

    name = "LEVEL"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> "Level":
        """Return the canonical level."""
        from lambdatop.parsers.log_level import level_of_name

        level = level_of_name(str(value))
        if level is None:
            self.fail(f"{value!r} is no level; say TRACE, DEBUG, INFO, WARN, ERROR or FATAL", param, ctx)
        return level


class RequestId(click.ParamType[str]):
    """A request ID or its first characters."""

    name = "ID"
    _LEAST = 6

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return it without what copying leaves around it."""
        request_id = str(value).strip().strip("\"'")
        if len(request_id) < self._LEAST or re.search(r"\s", request_id):
            self.fail(f"{value!r} is no request ID; say at least its first {self._LEAST} characters", param, ctx)
        return request_id


def tail_filter_options(command: Decorated) -> Decorated:
    """Add what hides events; `conditions_of` takes the values."""
    for decorator in reversed(
        (
            option("--grep", "greps", type=Pattern(), multiple=True,
                   help="Only events that match this regular expression, which in lower case matches any case; "
                   "repeatable: all must match. An event of several lines is printed whole."),
            option("--exclude", "excludes", type=Pattern(), multiple=True,
                   help="No events that match; repeatable: none may match."),
            option("--level", "least_level", type=LevelName(),
                   help="Only events of this level or above; one without a level counts as INFO, a failure that the "
                   "platform tells of as ERROR."),
            option("--request", "request_id", type=RequestId(),
                   help="Only a request's events: those that name it, and those between its START and REPORT in the "
                   "same log stream that name none."),
        )
    ):  # fmt: skip
        command = decorator(command)
    return command


def conditions_of(options: dict[str, Any]) -> "TailConditions":
    """Take the conditions out of a command's options."""
    from lambdatop.cli.tail_filter import TailConditions

    names = ("greps", "excludes", "least_level", "request_id")
    return TailConditions(**{name: options.pop(name) for name in names})
