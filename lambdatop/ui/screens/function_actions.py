"""What can be done with a function on any screen that shows one."""

from textual.app import App

from lambdatop.model.identity import FunctionKey
from lambdatop.model.question import LogMoment
from lambdatop.model.statistics import FunctionStatistics
from lambdatop.render.console_link import trace_console_url
from lambdatop.render.function_words import reasons
from lambdatop.render.printable import printable
from lambdatop.ui.clipboard import COPIED_BYTES_MAX, copy_text
from lambdatop.ui.session import Session
from lambdatop.ui.wanted import RequestWanted


def show_reasons(app: App[None], function: FunctionStatistics) -> None:
    """Say why the function is in its state and why numbers are missing."""
    app.notify("\n".join(reasons(function)), title=printable(function.key.name, 60), timeout=12, markup=False)


def show_console_link(app: App[None], session: Session, key: FunctionKey) -> None:
    """Show the link to the AWS console and copy it."""
    url = printable(session.settings.console_url(key))
    is_copied = copy_text(app, url)
    title = "link copied" if is_copied else "link to the AWS console"
    app.notify(url, title=title, timeout=12, markup=False)


def show_trace_link(app: App[None], region: str, trace_id: str) -> None:
    """Show the link to a trace in the AWS console and copy it."""
    url = printable(trace_console_url(region, trace_id))
    title = "link to the trace copied" if copy_text(app, url) else "link to the trace"
    app.notify(url, title=title, timeout=12, markup=False)


def open_request(
    app: App[None],
    session: Session,  # noqa: ARG001  the app has it
    request_id: str | None,
    function: FunctionKey | None,
    moment: LogMoment | None = None,
) -> None:
    """Open a request from end to end, by its ID or else by a moment in a log stream of its function's."""
    app.post_message(RequestWanted(request_id, function, moment=moment))


def copy_function_name(app: App[None], key: FunctionKey) -> None:
    """Copy the function's name."""
    copy_and_say(app, key.name)


def copy_and_say(app: App[None], text: str) -> None:
    """Copy text, as it may be pasted where it drives something, and say so, or why not."""
    copy_lines_and_say(app, printable(text, COPIED_BYTES_MAX + 1))


def copy_lines_and_say(app: App[None], text: str) -> None:
    """Copy lines that are printable already, and say so, or why not."""
    if copy_text(app, text):
        app.notify(printable(text, 120), title="copied", timeout=3, markup=False)
    else:
        app.notify("too long for a terminal's clipboard", title="not copied", timeout=5, markup=False)


def shown_lines(text: str) -> str:
    """Return text as it may be copied, its line breaks kept."""
    return "\n".join(printable(line, COPIED_BYTES_MAX + 1) for line in text.split("\n"))
