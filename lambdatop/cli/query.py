"""`lambdatop query`: Logs Insights from the shell, with progress and price on stderr and rows on stdout."""

import time
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from lambdatop.cli import output
from lambdatop.cli.failure import ExitCode
from lambdatop.cli.options import (
    Amount,
    Moment,
    connection_options,
    connection_settings,
    debug_option,
    option,
    since_option,
)
from lambdatop.cli.redaction_options import redaction_of, redaction_options
from lambdatop.cli.settings import ConnectionSettings, Diagnosis
from lambdatop.engine import clock

if TYPE_CHECKING:
    from lambdatop.cli.query_account import QueryAccount
    from lambdatop.cli.query_groups import GroupWish
    from lambdatop.cli.query_output import Output, QueryFormat
    from lambdatop.cli.query_text import QueryWords
    from lambdatop.model.query import QueryDefinition, QueryRun

GIGABYTE = 1_000_000_000
"""Of which Logs Insights takes a price for each."""


class QueryCommand(click.Command):
    """The command with its examples and exit codes."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's own
        """Write them."""
        with formatter.section("Examples"):
            formatter.write_dl(
                [
                    ("lambdatop query 'stats count(*) by bin(5m)' api --chart", "one function, drawn"),
                    ("lambdatop query --name 'slowest requests' --since 3h", "a ready query; --list shows them"),
                    ("lambdatop query - --log-group-prefix /aws/lambda/ < q.txt", "all groups, from standard input"),
                    ("lambdatop query --file q.txt --format csv > rows.csv", "for a script"),
                    ("lambdatop query 'filter @message like /x/' --estimate", "what it would scan; free"),
                    ("lambdatop query '…' --since 7d --max-gb 50", "never more than $0.25"),
                ],
                col_max=60,
            )
        with formatter.section("Exit codes"):
            formatter.write_text(
                "0 the query is complete; 1 it would scan more than --max-gb, or was stopped there; 2 usage; "
                "3 credentials or region missing or expired; 4 AWS refused it, or is unreachable; 130 interrupted "
                "(143 by SIGTERM), and the query was stopped."
            )


@click.command(cls=QueryCommand, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("words", metavar="[QUERY] [FUNCTION]...", nargs=-1)
@option("--file", "file", metavar="FILE", help="Read the query from a file; - is standard input.")
@option("--name", "name", metavar="NAME", help="Run a ready query, one of your own, or one saved in the account.")
@click.option("--list", "is_list", is_flag=True, help="Show the names of ready and own queries, and exit.")
@option("--parameter", "parameters", metavar="NAME=VALUE", multiple=True, help="For {{NAME}} in a query; repeatable.")
@since_option
@option("--until", "until_ms", type=Moment(), help="End, in the forms of --since; default now.")
@option("--log-group", "log_groups", metavar="NAME", multiple=True, help="A log group or its ARN; repeatable.")
@option(
    "--log-group-prefix", "prefixes", metavar="PREFIX", multiple=True,
    help="Log groups whose names begin so, up to 10,000; repeatable.",
)  # fmt: skip
@option("--limit", type=click.IntRange(1, 100_000), help="Rows at most where the query has no limit; default 10000.")
@option(
    "--max-gb", "max_gb", metavar="GB", type=Amount(),
    help="Refuse to scan more, by AWS's estimate, and stop the query where it does.",
)  # fmt: skip
@option("--estimate", "is_estimate", is_flag=True, help="Only say how much it would scan, which is free.")
@option(
    "--format", "query_format", type=click.Choice(["table", "json", "jsonl", "csv", "markdown"]), default="table",
    show_default=True, help="Output format; values are AWS's own text in all of them.",
)  # fmt: skip
@option("--chart", "is_chart", is_flag=True, help="Draw what is counted over time with bin(), or by group.")
@option("--utc", "is_utc", is_flag=True, help="Show times of tables and charts in UTC, not in the local zone.")
@redaction_options
@connection_options
@debug_option
@click.pass_obj
def query_command(
    _diagnosis: Diagnosis,
    /,
    *,
    words: tuple[str, ...],
    file: str | None,
    name: str | None,
    is_list: bool,
    parameters: tuple[str, ...],
    log_groups: tuple[str, ...],
    prefixes: tuple[str, ...],
    limit: int | None,
    max_gb: float | None,
    is_estimate: bool,
    query_format: "QueryFormat",
    is_chart: bool,
    is_utc: bool,
    **connection: Any,  # noqa: ANN401  the options that commands share, and those that hide secrets
) -> int:
    """Run a CloudWatch Logs Insights query and print its rows.

    QUERY is Logs Insights QL. FUNCTION is a name or a glob; without one, and without --log-group, all functions' log
    groups are read, of which one query takes fifty. Scanning costs $0.005 a GB; what it has cost is told on stderr.
    An interrupted query is stopped at AWS.
    """
    from lambdatop.cli.query_groups import check_wish, wish_of, wish_of_words
    from lambdatop.cli.query_output import Output, tell_names
    from lambdatop.cli.query_text import parameter_values, query_words, with_parameters

    if is_list:
        tell_names()
        return ExitCode.FINE
    if is_chart and query_format != "table":
        raise click.UsageError("--chart draws lines of text, so --format does not go with it.")
    if is_chart and is_estimate:
        raise click.UsageError("--estimate runs no query, so there is nothing to draw with --chart.")
    meant = query_words(words, file, name)
    wish = wish_of(meant.functions, log_groups, prefixes)
    check_wish(wish, meant.text or "")
    values, redaction = parameter_values(parameters), redaction_of(connection)
    settings = _settings(connection)
    output.check_stdout()
    account = _account(settings)
    definition = _definition(meant, account)
    wish = wish if wish.is_any else wish_of_words(definition.log_groups)
    run = _run(with_parameters(definition, values), wish, settings, account)
    run = replace(run, limit=limit, max_bytes=None if max_gb is None else round(max_gb * GIGABYTE))
    return _answer(run, account, max_gb, Output(query_format, is_chart, is_utc, redaction), is_estimate=is_estimate)


def _settings(connection: dict[str, Any]) -> ConnectionSettings:
    settings = connection_settings(functions=(), **connection)
    if len(settings.profiles) > 1 or len(settings.regions) > 1:
        raise click.UsageError("A query runs in one account and region: give one --profile and one --region.")
    return settings


def _account(settings: ConnectionSettings) -> "QueryAccount":
    from lambdatop.cli.query_account import QueryAccount

    account = QueryAccount(settings, clock.now_ms, time.sleep)
    account.connect()
    return account


def _definition(meant: "QueryWords", account: "QueryAccount") -> "QueryDefinition":
    from lambdatop.cli.query_text import named_query, own_queries
    from lambdatop.model.query import QueryDefinition

    if meant.name is None:
        return QueryDefinition(name="", text=meant.text or "")
    return named_query(meant.name, own_queries, account.saved_queries)


def _run(text: str, wish: "GroupWish", settings: ConnectionSettings, account: "QueryAccount") -> "QueryRun":
    """Return the query over the log groups that are wished for; seconds are widened outward to hold the range.

    AWS reads to the millisecond with which the end's second begins, and not to that with which it ends (aws-sdk 280).
    """
    from lambdatop.cli.query_groups import check_wish, groups_of, needs_functions
    from lambdatop.insights.query_facts import has_source
    from lambdatop.model.query import QueryRun
    from lambdatop.ui.query_groups import ChosenGroups, query_over

    check_wish(wish, text)
    groups = ChosenGroups()
    if not has_source(text):
        output.show_progress("asking for the functions" if needs_functions(wish, text) else "")
        groups = groups_of(wish, account.functions(wish.functions) if needs_functions(wish, text) else ())
        output.show_progress("")
    text, names, _ = query_over(text, groups)
    end_ms = clock.now_ms() if settings.until_ms is None else settings.until_ms
    return QueryRun(
        number=0,
        scope=account.scope,
        text=text,
        log_groups=names,
        start_s=max(0, settings.since_ms // 1000),
        end_s=max(0, -(-end_ms // 1000)),
    )


def _answer(run: "QueryRun", account: "QueryAccount", max_gb: float | None, out: "Output", *, is_estimate: bool) -> int:
    """Run it, or ask what it would scan, and write what comes; returns the exit code."""
    from lambdatop.cli.query_output import write_rows
    from lambdatop.cli.query_run import QueryRunner, refuse_beyond, tell_end, tell_estimate, tell_failure
    from lambdatop.sources.query_endpoint import QueryEndpoint
    from lambdatop.sources.query_execution import QueryExecution

    endpoint = QueryEndpoint(is_trusted=None if account.call.clients.is_custom_endpoint else True)
    runner = QueryRunner(lambda one: QueryExecution(account.call, one, endpoint))
    if is_estimate:
        return tell_estimate(runner.estimate(run), run.text, max_gb, out)
    if max_gb is not None:
        refuse_beyond(runner.estimate(run), max_gb)
    progress = runner.run(run)
    if progress.status != "complete":
        return tell_failure(progress, run.text)
    write_rows(progress, out)
    tell_end(progress, run.text, run.limit)
    return ExitCode.FINE
