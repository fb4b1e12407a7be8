"""Options that commands share, named as the AWS CLI names them; each can be set as LAMBDATOP_<NAME> too."""

import math
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lambdatop.cli.settings import DEFAULT_LOG_LINES, DEFAULT_SINCE, TIMES_ACCEPTED, ConnectionSettings, Diagnosis
from lambdatop.engine import clock

if TYPE_CHECKING:
    from lambdatop.model.reading import ReadingWish

Decorated = TypeVar("Decorated", bound=Callable[..., object])


class Share(click.ParamType[float]):
    """A share such as 25% or 0.25."""

    name = "SHARE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return 0 to 1, zero excluded."""
        if isinstance(value, float):
            return value
        text = str(value).strip()
        try:
            share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            share = 0.0
        if not 0 < share <= 1:
            self.fail(f"{text!r} is no share; say 25% or 0.25", param, ctx)
        return share


class Amount(click.FloatRange):
    """A number above zero; neither infinite nor nan, which compare with nothing."""

    name = "AMOUNT"

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True)

    def convert(self, value: float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return it."""
        amount = float(super().convert(value, param, ctx))
        if not math.isfinite(amount):
            self.fail(f"{value} is no amount", param, ctx)
        return amount


class Moment(click.ParamType[int]):
    """A time as people say it, converted to epoch milliseconds."""

    name = "TIME"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return epoch milliseconds."""
        if isinstance(value, int):
            return value
        from lambdatop.cli.times import parse_time_ms

        try:
            return parse_time_ms(str(value), clock.now_ms())
        except ValueError as error:
            self.fail(str(error), param, ctx)


def option(*names: str, **attributes: Any) -> Callable[[Decorated], Decorated]:  # noqa: ANN401  click's own
    """Return click's option with the environment variable that lambdatop's rule gives it."""
    long_name = next(name for name in names if name.startswith("--")).split("/")[0]
    variable = f"LAMBDATOP_{long_name.removeprefix('--').replace('-', '_').upper()}"
    return click.option(*names, envvar=[variable, *attributes.pop("envvar", [])], **attributes)


def function_argument(command: Decorated) -> Decorated:
    """Add the names and globs of functions."""
    return click.argument("functions", metavar="[FUNCTION]...", nargs=-1)(command)


def max_cost_option(command: Decorated) -> Decorated:
    """Add the limit on what calls may cost."""
    return option(
        "--max-cost-per-hour", "max_cost_usd_per_hour", metavar="USD", type=Amount(),
        help="What calling AWS may cost; what costs most is then asked less often.",
    )(command)  # fmt: skip


def connection_options(command: Decorated) -> Decorated:
    """Add what says which accounts to look at; `connection_settings` takes their values."""
    for decorator in reversed(
        (
            option("--profile", "profiles", metavar="NAME", multiple=True, help="AWS profile; repeatable."),
            option(
                "--region", "regions", metavar="NAME", multiple=True, envvar=["AWS_REGION"],
                help="AWS region; repeatable. AWS_REGION is honoured.",
            ),
            option("--endpoint-url", metavar="URL", help="Another endpoint than AWS's own, for all services."),
            option(
                "--quota-share", type=Share(), default="40%", show_default=True,
                help="Part of each API quota to use at most.",
            ),
            max_cost_option,
        )
    ):  # fmt: skip
        command = decorator(command)
    return command


def since_option(command: Decorated) -> Decorated:
    """Add the start of what is read."""
    return option(
        "--since", "since_ms", type=Moment(), default=DEFAULT_SINCE, show_default=True, help=f"Start: {TIMES_ACCEPTED}."
    )(command)


def wide_logs_option(command: Decorated) -> Decorated:
    """Add how the logs of all functions are read."""
    return option(
        "--wide-logs", type=click.Choice(("auto", "sweep", "insights")), default="auto", show_default=True,
        help="Sweep log groups in turn, which is free of charge, or count all of them by Insights once a minute, at "
        "$0.005 a GB scanned; auto counts where sweeping would be too slow, for up to $0.25 an hour.",
    )(command)  # fmt: skip


def log_lines_option(command: Decorated) -> Decorated:
    """Add how many log lines are kept."""
    return option(
        "--log-lines", metavar="N", type=click.IntRange(1_000, 50_000_000), default=DEFAULT_LOG_LINES,
        show_default=True,
        help="Log lines kept to read and search, about 100 bytes of memory each where a line has 150.",
    )(command)  # fmt: skip


def debug_option(command: Decorated) -> Decorated:
    """Add the file for tracebacks."""
    return option(
        "--debug", metavar="FILE", type=click.Path(dir_okay=False), expose_value=False, is_eager=True,
        callback=_open_debug_file, help="Write tracebacks of internal errors to FILE.",
    )(command)  # fmt: skip


def connection_settings(
    *,
    functions: tuple[str, ...],
    profiles: tuple[str, ...],
    regions: tuple[str, ...],
    endpoint_url: str | None,
    quota_share: float,
    max_cost_usd_per_hour: float | None = None,
    since_ms: int,
    until_ms: int | None = None,
    log_lines: int = DEFAULT_LOG_LINES,
    wide_logs: "ReadingWish" = "auto",
    backfill_usd: float | None = None,
) -> ConnectionSettings:
    """Return the settings that `connection_options` were given; what is empty was not given."""
    until_ms = None if until_ms is None else min(until_ms, clock.now_ms())
    end_ms = clock.now_ms() if until_ms is None else until_ms
    if since_ms >= end_ms:
        end = "now" if until_ms is None else "--until"
        raise click.UsageError(f"--since is not before {end}, so there is nothing to read.")
    return ConnectionSettings(
        profiles=tuple(dict.fromkeys(filter(None, profiles))) or (None,),
        regions=tuple(dict.fromkeys(filter(None, regions))) or (None,),
        endpoint_url=endpoint_url or None,
        patterns=tuple(dict.fromkeys(functions)),
        since_ms=since_ms,
        until_ms=until_ms,
        quota_share=quota_share,
        max_cost_usd_per_hour=max_cost_usd_per_hour,
        log_lines=log_lines,
        wide_logs=wide_logs,
        backfill_usd=backfill_usd,
    )


def _open_debug_file(ctx: click.Context, _param: click.Parameter, path: str | None) -> None:
    """Make the file at once, readable by its owner alone, so that a path that cannot be is a usage error."""
    diagnosis = ctx.find_object(Diagnosis)
    if path is None or diagnosis is None:
        return
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        os.chmod(path, 0o600)  # noqa: PTH101  pathlib takes a while to load, and this is on the way to --help
    except OSError as error:
        raise click.BadParameter(f"{path} cannot be written to: {os.strerror(error.errno or 0)}") from error
    diagnosis.debug_file = path
