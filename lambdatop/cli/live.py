"""`lambdatop [FUNCTION…]`: the live screen, and the help page that lists the commands."""

import os
import signal
import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from lambdatop import __version__
from lambdatop.cli import character_set, output
from lambdatop.cli.failure import CommandError, ExitCode
from lambdatop.cli.options import (
    connection_options,
    connection_settings,
    debug_option,
    function_argument,
    log_lines_option,
    option,
    since_option,
    wide_logs_option,
)
from lambdatop.cli.settings import ConnectionSettings, Diagnosis, DisplaySettings

if TYPE_CHECKING:
    from lambdatop.model.reading import ReadingWish
    from lambdatop.model.view import LiveTailChoice


class CommandEntry(NamedTuple):
    """A command by the place it is imported from when it is run, and its line in the help."""

    target: str
    summary: str


COMMANDS: dict[str, CommandEntry] = {
    "demo": CommandEntry("lambdatop.cli.demo:demo_command", "The same screen on an embedded AWS account."),
    "report": CommandEntry("lambdatop.cli.report:report_command", "One snapshot to stdout; can fail on conditions."),
    "tail": CommandEntry("lambdatop.cli.tail:tail_command", "Log events to stdout, each once; --follow goes on."),
    "query": CommandEntry("lambdatop.cli.query:query_command", "Logs Insights, with progress and price on stderr."),
    "parse": CommandEntry(
        "lambdatop.cli.parse:parse_command", "Log text or JSON lines in, one JSON object an event out."
    ),
    "doctor": CommandEntry("lambdatop.cli.doctor:doctor_command", "Which sources work, what helps, what they cost."),
    "policy": CommandEntry("lambdatop.cli.policy:policy_command", "The least-privilege IAM policy, as JSON."),
}
_EXAMPLES = (
    ("lambdatop", "all functions of the default profile"),
    ("lambdatop 'checkout-*' --region eu-west-1", "some of them, elsewhere"),
    ("lambdatop demo", "no AWS account needed"),
    ("lambdatop report --since 1h --format json", "the same numbers for a script"),
    ("lambdatop -- report", "a function whose name is a command's"),
)


class LiveCommand(click.Command):
    """The default command, whose help is the program's."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's own
        """Write the commands and examples."""
        with formatter.section("Commands (lambdatop COMMAND --help)"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])
        with formatter.section("Examples"):
            formatter.write_dl(list(_EXAMPLES), col_max=46)
        with formatter.section("Environment"):
            formatter.write_text(
                "Every option can be set as LAMBDATOP_NAME, such as LAMBDATOP_REGION. Credentials, profiles and "
                "AWS_REGION are those of the AWS CLI. NO_COLOR is honoured."
            )
        with formatter.section("Exit codes"):
            formatter.write_text(
                "0 fine, 1 --fail-on matched, 2 usage, 3 credentials or region missing or expired, "
                "4 AWS refused or unreachable, 130 interrupted."
            )


def display_options(command: click.decorators.FC) -> click.decorators.FC:
    """Add what says how the screen looks and what it listens to."""
    for decorator in (
        option(
            "--live-tail", type=click.Choice(("off", "focused", "all")), default="off", show_default=True,
            help="Listen with CloudWatch Live Tail, at $0.01 a minute a session; key: L.",
        ),
        option("--utc", "is_utc", is_flag=True, help="Show times in UTC, not in the local zone."),
        option(
            "--ascii/--no-ascii", "is_ascii", default=None, help="Draw in ASCII alone; default: as the locale says."
        ),
        option("--theme", metavar="NAME", default="lambdatop", show_default=True, help="Colours, by a theme's name."),
        option(
            "--refresh", "refresh_interval_s", metavar="SECONDS", type=click.FloatRange(0.25, 60), default=1.0,
            show_default=True, help="How often to draw; reading AWS is not affected.",
        ),
    ):  # fmt: skip
        command = decorator(command)
    return command


@click.command(cls=LiveCommand, context_settings={"help_option_names": ["-h", "--help"]})
@function_argument
@connection_options
@since_option
@wide_logs_option
@log_lines_option
@display_options
@debug_option
@click.version_option(__version__, prog_name="lambdatop", message="%(prog)s %(version)s")
@click.pass_obj
def live_command(
    diagnosis: Diagnosis,
    *,
    functions: tuple[str, ...],
    profiles: tuple[str, ...],
    regions: tuple[str, ...],
    endpoint_url: str | None,
    quota_share: float,
    max_cost_usd_per_hour: float | None,
    since_ms: int,
    wide_logs: "ReadingWish",
    log_lines: int,
    refresh_interval_s: float,
    theme: str,
    is_utc: bool,
    is_ascii: bool | None,
    live_tail: "LiveTailChoice",
) -> int:
    """Show AWS Lambda live, as htop shows processes: concurrency, cold starts, throttles, errors, queues, traces.

    FUNCTION is a function's name or a glob such as 'checkout-*'; without one, all functions are shown. lambdatop
    only reads: it changes nothing in an account.
    """
    settings = connection_settings(
        functions=functions, profiles=profiles, regions=regions, endpoint_url=endpoint_url, quota_share=quota_share,
        max_cost_usd_per_hour=max_cost_usd_per_hour,
        since_ms=since_ms, log_lines=log_lines, wide_logs=wide_logs,
    )  # fmt: skip
    require_terminal()
    from lambdatop.cli.aws_configuration import check_configuration

    check_configuration(settings, os.environ)
    display = DisplaySettings(
        refresh_interval_s=refresh_interval_s, theme=theme, is_utc=is_utc, is_ascii=is_ascii, live_tail=live_tail
    )
    return show_screen(settings, display, diagnosis)


def require_terminal() -> None:
    """Refuse to draw a screen where there is none."""
    if not (output.is_terminal(sys.stdin) and output.is_terminal(sys.stdout)):
        raise CommandError(ExitCode.USAGE, "the screen needs a terminal on stdin and stdout", "lambdatop report")
    if os.environ.get("TERM") in (None, "", "dumb"):
        raise CommandError(
            ExitCode.USAGE, "the screen needs a terminal that can place text (TERM is dumb)", "lambdatop report"
        )


def show_screen(
    settings: ConnectionSettings, display: DisplaySettings, diagnosis: Diagnosis, is_demo: bool = False
) -> int:
    """Run the screen until the user leaves; returns the exit code."""
    from lambdatop.ui.terminal import prepare_environment

    is_ascii = character_set.is_ascii() if display.is_ascii is None else display.is_ascii
    prepare_environment(os.environ)
    from lambdatop.cli.folders import config_folder, state_folder
    from lambdatop.cli.wiring import remote_engine_of
    from lambdatop.ui.app import LambdatopApp
    from lambdatop.ui.settings import ScreenSettings

    engine = remote_engine_of(settings)
    app = LambdatopApp(
        engine,
        ScreenSettings(
            refresh_interval_s=display.refresh_interval_s,
            theme=display.theme,
            is_utc=display.is_utc,
            is_ascii=is_ascii,
            live_tail=display.live_tail,
            wide_logs=settings.wide_logs,
            is_demo=is_demo,
            profile=", ".join(filter(None, settings.profiles)) or os.environ.get("AWS_PROFILE"),
            regions=tuple(filter(None, settings.regions)),
            patterns=settings.patterns,
            state_folder=state_folder(),
            config_folder=config_folder(),
        ),
    )
    if display.theme not in app.available_themes:
        known = ", ".join(sorted(app.available_themes))
        raise CommandError(
            ExitCode.USAGE, f"there is no theme {display.theme!r}; there is {known}", "lambdatop --theme lambdatop"
        )
    for number in (
        signal.SIGTERM,
        signal.SIGHUP,
    ):  # an exception out of Textual's loop would leave the terminal as it is
        signal.signal(number, lambda *_: app.call_after_refresh(app.exit))
    try:
        app.run()
    finally:
        engine.stop()
        diagnosis.defects += [*engine.defects, *app.session.defects]
    if app.failure is not None:
        raise app.failure
    if engine.failure is not None:
        raise CommandError(engine.failure.exit_code, engine.failure.sentence, engine.failure.remedy)
    return ExitCode.FINE
