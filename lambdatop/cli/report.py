"""`lambdatop report`: one snapshot to stdout, in five formats, with conditions that fail it."""

import json
import sys
from typing import TYPE_CHECKING, Literal

import click

from lambdatop.cli import output
from lambdatop.cli.failure import ExitCode
from lambdatop.cli.options import (
    Moment,
    connection_options,
    connection_settings,
    debug_option,
    function_argument,
    option,
    since_option,
    wide_logs_option,
)
from lambdatop.cli.settings import Diagnosis
from lambdatop.render.fail_on import FIELDS, Condition, evaluate, parse_condition
from lambdatop.render.report_document import Document

if TYPE_CHECKING:
    from lambdatop.model.reading import ReadingWish

ReportFormat = Literal["table", "json", "csv", "markdown", "prometheus"]


class ConditionType(click.ParamType[Condition]):
    """A comparison such as error_rate>1%."""

    name = "CONDITION"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Condition:
        """Return the condition."""
        try:
            return parse_condition(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class ReportCommand(click.Command):
    """The command with its examples and the conditions' vocabulary."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's own
        """Write examples and the numbers that conditions are about."""
        with formatter.section("Examples"):
            formatter.write_dl(
                [
                    ("lambdatop report", "the last 15 minutes as a table"),
                    ("lambdatop report --since 2h 'api-*' --format json", "for a script"),
                    ("lambdatop report --since 6h --max-cost 0.50", "of thousands of functions, by Insights"),
                    ("lambdatop report --fail-on 'error_rate>1%'", "exit code 1 when any function fails so often"),
                    ("lambdatop report --fail-on 'total.throttles>0'", "all functions together"),
                ],
                col_max=52,
            )
        with formatter.section("Numbers for --fail-on (with total. in front: of all functions together)"):
            formatter.write_text(", ".join(FIELDS))


@click.command(cls=ReportCommand, context_settings={"help_option_names": ["-h", "--help"]})
@function_argument
@since_option
@option("--until", "until_ms", type=Moment(), help="End, in the forms of --since; default now.")
@option(
    "--format", "report_format", type=click.Choice(["table", "json", "csv", "markdown", "prometheus"]), default="table",
    show_default=True, help="Output format.",
)  # fmt: skip
@option(
    "--fail-on", "conditions", type=ConditionType(), multiple=True,
    help="Exit with 1 when a function's number matches, such as 'error_rate>1%'; repeatable.",
)  # fmt: skip
@option(
    "--timeout", "timeout_s", metavar="SECONDS", type=click.FloatRange(1, 3600), default=120.0, show_default=True,
    help="How long to wait for answers; what is missing then is said.",
)  # fmt: skip
@wide_logs_option
@option(
    "--max-cost", "backfill_usd", metavar="USD", type=click.FloatRange(min=0), default=0.10, show_default=True,
    help="What reading the logs by Insights may cost; above it the report says the price and ends with 2. 0: sweep.",
)  # fmt: skip
@connection_options
@debug_option
@click.pass_obj
def report_command(
    diagnosis: Diagnosis,
    *,
    functions: tuple[str, ...],
    since_ms: int,
    until_ms: int | None,
    report_format: ReportFormat,
    conditions: tuple[Condition, ...],
    timeout_s: float,
    wide_logs: "ReadingWish",
    backfill_usd: float,
    profiles: tuple[str, ...],
    regions: tuple[str, ...],
    endpoint_url: str | None,
    quota_share: float,
    max_cost_usd_per_hour: float | None,
) -> int:
    """Print one snapshot of the functions (all, or those named or matched by a glob) and exit."""
    settings = connection_settings(
        functions=functions, profiles=profiles, regions=regions, endpoint_url=endpoint_url, quota_share=quota_share,
        max_cost_usd_per_hour=max_cost_usd_per_hour,
        since_ms=since_ms, until_ms=until_ms, backfill_usd=backfill_usd,
        wide_logs=wide_logs if backfill_usd else "sweep",
    )  # fmt: skip
    from lambdatop.cli.collect import collect
    from lambdatop.render.report_document import report_document

    report = report_document(collect(settings, timeout_s, diagnosis))
    _write(report, report_format)
    _tell_what_is_partial(report, is_told_already=report_format in ("table", "markdown"))
    return _judge(conditions, report)


def _write(report: Document, report_format: ReportFormat) -> None:
    if report_format == "json":
        indent = 2 if output.is_terminal(sys.stdout) else None
        output.write(json.dumps(report, indent=indent).replace("\x7f", "\\u007f") + "\n")
    elif report_format == "csv":
        from lambdatop.render.report_csv import report_csv

        output.write(report_csv(report))
    elif report_format == "markdown":
        from lambdatop.render.report_markdown import report_markdown

        output.write(report_markdown(report))
    elif report_format == "prometheus":
        from lambdatop.render.report_prometheus import report_prometheus

        output.write(report_prometheus(report))
    else:
        from lambdatop.render.report_table import report_table

        output.write_lines(report_table(report, max(40, output.terminal_width())))


def _tell_what_is_partial(report: Document, is_told_already: bool) -> None:
    """Say on stderr which sources do not work, unless the report itself is for reading and says so."""
    from lambdatop.render.report_summary import problems

    if not is_told_already:
        for problem in problems(report):
            output.say(f"lambdatop: partial: {problem}")


def _judge(conditions: tuple[Condition, ...], report: Document) -> int:
    verdict = evaluate(conditions, report)
    for sentence in verdict.unknown:
        output.say(f"lambdatop: {sentence}")
    for sentence in verdict.matches:
        output.say(f"lambdatop: --fail-on matched: {sentence}")
    return ExitCode.FAIL_ON_MATCHED if verdict.matches else ExitCode.FINE
