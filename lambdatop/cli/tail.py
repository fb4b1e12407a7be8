"""`lambdatop tail`: log events to stdout, each once, and the tail's accounts on stderr."""

from typing import TYPE_CHECKING, Any

import click

from lambdatop.cli.failure import CommandError, ExitCode
from lambdatop.cli.options import (
    Moment,
    connection_options,
    connection_settings,
    debug_option,
    option,
    since_option,
)
from lambdatop.cli.redaction_options import redaction_of, redaction_options
from lambdatop.cli.settings import Diagnosis
from lambdatop.cli.tail_options import conditions_of, tail_filter_options
from lambdatop.engine import clock

if TYPE_CHECKING:
    from lambdatop.cli.tail_formats import TailFormat


class TailCommand(click.Command):
    """The command with its examples and exit codes."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's own
        """Write them."""
        with formatter.section("Examples"):
            formatter.write_dl(
                [
                    ("lambdatop tail", "the last 15 minutes of all functions"),
                    ("lambdatop tail 'checkout-*' --follow", "from there on, until ctrl+c"),
                    ("lambdatop tail api --since 2h --filter-pattern ERROR", "some lines, in AWS's filter syntax"),
                    ("lambdatop tail --level warn --exclude healthcheck -f", "by level and text, chosen here"),
                    ("lambdatop tail --request 8f5e2c1a-… --since 1d", "a request from START to REPORT"),
                    ("lambdatop tail /aws/lambda/api --format json | jq", "by the log group, for a script"),
                    ("lambdatop tail --redact > shared.log", "without the secrets that are known by their form"),
                ],
                col_max=56,
            )
        with formatter.section("Exit codes"):
            formatter.write_text(
                "0 all of the range was read, or --follow was ended by ctrl+c; 3 credentials or region missing or "
                "expired; 4 AWS refused or unreachable, or a part of the range could not be read; 130 interrupted."
            )


@click.command(cls=TailCommand, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("functions", metavar="[FUNCTION]...", nargs=-1)
@since_option
@option("--until", "until_ms", type=Moment(), help="End, in the forms of --since; default now.")
@option("--follow", "-f", "is_following", is_flag=True, help="Go on with what comes, until ctrl+c.")
@option(
    "--format", "tail_format", type=click.Choice(["pretty", "json", "raw"]), default="pretty", show_default=True,
    help="For reading, one object an event as parse prints them, or the messages alone.",
)  # fmt: skip
@option("--filter-pattern", metavar="PATTERN", help="Only lines that match, in CloudWatch Logs' filter syntax.")
@tail_filter_options
@redaction_options
@option("--utc", "is_utc", is_flag=True, help="Show times in UTC, not in the local zone.")
@connection_options
@debug_option
@click.pass_obj
def tail_command(
    diagnosis: Diagnosis,
    /,
    *,
    functions: tuple[str, ...],
    until_ms: int | None,
    is_following: bool,
    tail_format: "TailFormat",
    filter_pattern: str | None,
    is_utc: bool,
    **options: Any,  # noqa: ANN401  the options that commands share, and those that hide something
) -> int:
    """Print log events, each exactly once: those that arrive late, twice told or out of order too.

    FUNCTION is a name or a glob such as 'checkout-*', or a log group of functions; without one, all functions' logs
    are read. A range is printed in order of time; with --follow events are printed as they come, and one that comes
    after newer ones is marked as late. --filter-pattern is asked of AWS; --grep, --exclude, --level and --request hide
    events that were read all the same. What is fetched, dropped, hidden and left is told on stderr at the end.
    """
    if is_following and until_ms is not None:
        raise click.UsageError("--follow has no end, so --until does not go with it.")
    conditions, redaction = conditions_of(options), redaction_of(options)
    settings = connection_settings(
        functions=functions, until_ms=until_ms if is_following or until_ms is not None else clock.now_ms(), **options
    )
    from lambdatop.cli.tail_formats import writer_of
    from lambdatop.cli.tail_run import TailRun
    from lambdatop.cli.wiring import log_follower_of
    from lambdatop.parsers.bounded_pattern import PatternError

    follower = log_follower_of(settings, filter_pattern or None)
    write = writer_of(tail_format, is_utc=is_utc, redaction=redaction)
    try:
        run = TailRun(follower, settings, write, is_following=is_following, is_utc=is_utc, conditions=conditions)
        return run.run()
    except PatternError as error:
        raise CommandError(ExitCode.USAGE, f"--grep or --exclude: {error}") from error
    finally:
        diagnosis.defects += follower.defects
