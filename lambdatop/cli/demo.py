"""`lambdatop demo`: the screen on an embedded AWS account, or that account alone for any AWS client."""

import os
from typing import TYPE_CHECKING

import click

from lambdatop.cli import output
from lambdatop.cli.demo_environment import demo_environment, isolate, shell_lines
from lambdatop.cli.failure import CommandError, ExitCode
from lambdatop.cli.live import display_options, require_terminal, show_screen
from lambdatop.cli.options import (
    debug_option,
    log_lines_option,
    max_cost_option,
    option,
    since_option,
    wide_logs_option,
)
from lambdatop.cli.settings import ConnectionSettings, Diagnosis, DisplaySettings

if TYPE_CHECKING:
    from lambdatop.model.reading import ReadingWish
    from lambdatop.model.view import LiveTailChoice

SCENARIO_NAMES = ("canary", "steady", "spike", "memory-leak", "slow-dependency", "bad-weather", "empty")


class FaultText(click.ParamType[str]):
    """A fault as the embedded account reads it."""

    name = "FAULT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text, understood."""
        from lambdatop.demo.faults import FaultError, parse_fault

        try:
            parse_fault(str(value))
        except FaultError as error:
            self.fail(str(error), param, ctx)
        return str(value)


class DemoCommand(click.Command):
    """The command with its faults and examples."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's own
        """Write what can go wrong, and examples."""
        from lambdatop.demo.faults import KINDS, usage

        with formatter.section("Faults"):
            formatter.write_dl([(usage(name), kind.description) for name, kind in KINDS.items()], col_max=46)
        with formatter.section("Parts of a fault"):
            formatter.write_dl(
                [
                    ("SHARE", "of the calls, events or points it strikes, such as 5%; all where none is given"),
                    ("TARGET", "logs, logs:FilterLogEvents or lambda:List*; every service where none is given"),
                    ("TIME", "90s, 2m, or a number of seconds"),
                    ("@START+DURATION", "when, from the beginning: throttle=logs@60s+1m; always where it is not said"),
                ],
                col_max=46,
            )
        with formatter.section("Examples"):
            formatter.write_dl(
                [
                    ("lambdatop demo", "a canary deploy goes wrong and is rolled back"),
                    ("lambdatop demo --speed 4", "the same in a quarter of the time"),
                    ("lambdatop demo --fault error=5% --fault outage@1m+40s", "the same story, badly told"),
                    ("lambdatop demo --serve --port 4000", "only the endpoint, for the AWS CLI and others"),
                ],
                col_max=46,
            )


@click.command(cls=DemoCommand, context_settings={"help_option_names": ["-h", "--help"]})
@option(
    "--scenario", type=click.Choice(SCENARIO_NAMES), default=SCENARIO_NAMES[0], show_default=True,
    help="The story that unfolds.",
)  # fmt: skip
@option("--seed", type=int, default=1, show_default=True, help="The same seed tells the same story.")
@option("--functions", "function_count", metavar="N", type=click.IntRange(0, 5000), help="Fill up to N functions.")
@option("--speed", type=click.FloatRange(0.1, 100), default=1.0, show_default=True, help="How fast the story unfolds.")
@option(
    "--fault", "faults", metavar="FAULT", type=FaultText(), multiple=True,
    help="What goes wrong on the way, NAME[=VALUE][@START[+DURATION]]; repeatable.",
)  # fmt: skip
@option("--port", type=click.IntRange(0, 65535), default=0, help="The endpoint's port; default: any free one.")
@option("--serve", "is_serving", is_flag=True, help="Serve the account without a screen until ctrl+c.")
@max_cost_option
@since_option
@wide_logs_option
@log_lines_option
@display_options
@debug_option
@click.pass_obj
def demo_command(
    diagnosis: Diagnosis,
    *,
    scenario: str,
    seed: int,
    function_count: int | None,
    speed: float,
    faults: tuple[str, ...],
    port: int,
    is_serving: bool,
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
    """Open the screen on an embedded AWS account; no credentials are needed, and none of yours are touched."""
    if not is_serving:
        require_terminal()
    from lambdatop.demo.process import start_demo_process

    try:
        process = start_demo_process(
            scenario=scenario, seed=seed, functions=function_count, speed=speed, port=port, faults=faults
        )
    except OSError as error:
        raise CommandError(
            ExitCode.USAGE, f"the endpoint cannot be opened: {error.strerror or error}", "lambdatop demo"
        ) from error
    with process:
        if is_serving:
            variables = demo_environment(process.endpoint_url, process.region)
            variables["AWS_XRAY_DAEMON_ADDRESS"] = process.environment["AWS_XRAY_DAEMON_ADDRESS"]
            lines = shell_lines(variables, is_empty=scenario == "empty")
            if faults:
                lines.append(f"# Faults, drawn with seed {seed}: {' '.join(faults)}")
            output.write("\n".join(lines) + "\n")
            process.wait()
            raise CommandError(ExitCode.AWS, "the embedded account has ended unexpectedly", "lambdatop demo --serve")
        isolate(os.environ, process.endpoint_url, process.region)
        settings = ConnectionSettings(
            regions=(process.region,),
            endpoint_url=process.endpoint_url,
            since_ms=since_ms,
            quota_share=1.0,
            max_cost_usd_per_hour=max_cost_usd_per_hour,
            log_lines=log_lines,
            wide_logs=wide_logs,
        )
        display = DisplaySettings(
            refresh_interval_s=refresh_interval_s, theme=theme, is_utc=is_utc, is_ascii=is_ascii, live_tail=live_tail
        )
        return show_screen(settings, display, diagnosis, is_demo=True)
