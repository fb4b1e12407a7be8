"""`lambdatop doctor`: which sources work with these credentials, what is missing, what it costs."""

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import click

from lambdatop.cli import output
from lambdatop.cli.failure import ExitCode
from lambdatop.cli.options import (
    connection_options,
    connection_settings,
    debug_option,
    function_argument,
    option,
    wide_logs_option,
)
from lambdatop.cli.settings import ConnectionSettings, Diagnosis
from lambdatop.engine import clock

if TYPE_CHECKING:
    from lambdatop.model.capability import AccountExamination


class DoctorCommand(click.Command):
    """The command with its examples and what its words mean."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's own
        """Write examples and the states."""
        with formatter.section("Examples"):
            formatter.write_dl(
                [
                    ("lambdatop doctor", "the default profile and region"),
                    ("lambdatop doctor 'checkout-*' --profile prod", "tried on one of these functions"),
                    ("lambdatop doctor --format json", "for a script"),
                ],
                col_max=52,
            )
        with formatter.section("Exit codes"):
            formatter.write_text(
                "0 all that the screen needs works, 3 credentials or region missing or expired, 4 something that a "
                "pane needs is refused or unreachable. What a custom endpoint lacks does not count."
            )


@click.command(cls=DoctorCommand, context_settings={"help_option_names": ["-h", "--help"]})
@function_argument
@option(
    "--format", "doctor_format", type=click.Choice(["table", "json"]), default="table", show_default=True,
    help="Output format.",
)  # fmt: skip
@click.option(  # not from the environment, where LAMBDATOP_LIVE_TAIL is the screen's mode
    "--live-tail", "with_live_tail", is_flag=True, help="Open a Live Tail session and close it; costs $0.01."
)
@option("--insights", "with_insights", is_flag=True, help="Query a minute of one log group; costs $0.005 a GB scanned.")
@option(
    "--timeout", "timeout_s", metavar="SECONDS", type=click.FloatRange(1, 3600), default=30.0, show_default=True,
    help="How long to wait for the answers of one account and region.",
)  # fmt: skip
@wide_logs_option
@connection_options
@debug_option
@click.pass_obj
def doctor_command(
    _diagnosis: Diagnosis,
    /,
    *,
    functions: tuple[str, ...],
    doctor_format: Literal["table", "json"],
    with_live_tail: bool,
    with_insights: bool,
    timeout_s: float,
    **connection: Any,  # noqa: ANN401  the options that commands share
) -> int:
    """Try everything that lambdatop reads: what works, how quickly, at what price, and what helps where it does not.

    With FUNCTION, names or globs, what needs a function is tried on one of them. Nothing is changed and, without
    --live-tail and --insights, less than a cent is spent.
    """
    settings = connection_settings(functions=functions, since_ms=0, **connection)
    examinations = [
        _examine(settings, profile, region, timeout_s, with_live_tail=with_live_tail, with_insights=with_insights)
        for profile in settings.profiles
        for region in settings.regions
    ]
    _write(examinations, doctor_format)
    return exit_code_of(examinations)


def exit_code_of(examinations: "Sequence[AccountExamination]") -> ExitCode:
    """Return that of the worst that matters, credentials being the worst."""
    if any(examination.is_login_refused for examination in examinations):
        return ExitCode.CREDENTIALS
    return ExitCode.AWS if any(examination.is_impaired for examination in examinations) else ExitCode.FINE


def _examine(
    settings: ConnectionSettings,
    profile: str | None,
    region: str | None,
    timeout_s: float,
    *,
    with_live_tail: bool,
    with_insights: bool,
) -> "AccountExamination":
    from lambdatop.sources.aws_clients import AwsClients
    from lambdatop.sources.examination import Examination
    from lambdatop.sources.reading_probe import ReadingTerms

    clients = AwsClients(profile, region, settings.endpoint_url)
    terms = ReadingTerms(settings.wide_logs, settings.account_max_cost_usd_per_hour)
    examination = Examination(clients, settings.quota_share, settings.patterns, clock.now_ms, terms=terms)
    try:
        return examination.run(
            timeout_s,
            lambda: output.show_progress(_progress(examination.unanswered)),
            with_live_tail=with_live_tail,
            with_insights=with_insights,
        )
    finally:
        output.show_progress("")


def _progress(unanswered: "Sequence[str]") -> str:
    more = f" and {len(unanswered) - 3} more" if len(unanswered) > 3 else ""
    return f"trying: {', '.join(unanswered[:3])}{more}"


def _write(examinations: "list[AccountExamination]", doctor_format: Literal["table", "json"]) -> None:
    if doctor_format == "json":
        from lambdatop.render.doctor_document import doctor_document

        indent = 2 if output.is_terminal(sys.stdout) else None
        document = json.dumps(doctor_document(examinations, clock.now_ms()), indent=indent)
        output.write(document.replace("\x7f", "\\u007f") + "\n")
        return
    from lambdatop.render.doctor_table import doctor_table

    width = max(40, output.terminal_width(80))
    for index, examination in enumerate(examinations):
        output.write_lines([*([()] if index else []), *doctor_table(examination, clock.now_ms(), width)])
