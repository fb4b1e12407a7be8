"""The `lambdatop` command: picks the command, runs it, and turns every way of ending into an exit code.

The screen is the default command, so the first word that is no command is a function's name or glob. Options may
stand before the command's name. Commands are imported when they are run: `--help` loads neither boto3 nor Textual.
"""

import contextlib
import importlib
import signal
import sys
from collections.abc import Iterator, Sequence
from types import FrameType

import click

from lambdatop import __version__
from lambdatop.cli import output
from lambdatop.cli.failure import CommandError, ExitCode, Terminated, stated
from lambdatop.cli.live import COMMANDS, live_command
from lambdatop.cli.settings import Diagnosis


def main() -> None:
    """Run the command line and leave with its exit code, without taking the interpreter down piece by piece."""
    output.leave(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code of DESIGN's list, and has said on stderr why it is not 0."""
    diagnosis = Diagnosis()
    try:
        with _terminable():
            return _invoke(arguments, diagnosis)
    except (click.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except Terminated as termination:
        return termination.exit_code
    except Exception as error:  # noqa: BLE001  the last line of defence: a user never sees a traceback
        return _exit_code_of(error, diagnosis)
    finally:
        _write_debug_file(diagnosis)


def chosen_command(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """Return the command's name (None for the screen) and the arguments without it.

    >>> chosen_command(["--profile", "report", "report", "api-*"])
    ('report', ['--profile', 'report', 'api-*'])
    >>> chosen_command(["api-*", "report"]), chosen_command(["--", "report"])
    ((None, ['api-*', 'report']), (None, ['--', 'report']))
    """
    takes_value = {
        name for option in live_command.params if isinstance(option, click.Option) and not option.is_flag
        for name in option.opts
    }  # fmt: skip
    is_value = False
    for index, argument in enumerate(arguments):
        if is_value:
            is_value = False
        elif argument in takes_value:
            is_value = True
        elif argument == "--":
            break
        elif not argument.startswith("-") or argument == "-":
            if argument in COMMANDS:
                return argument, [*arguments[:index], *arguments[index + 1 :]]
            break
    return None, list(arguments)


def _invoke(arguments: Sequence[str], diagnosis: Diagnosis) -> int:
    name, rest = chosen_command(arguments)
    command, title = live_command, "lambdatop"
    if name is not None:
        module, _, attribute = COMMANDS[name].target.partition(":")
        command, title = getattr(importlib.import_module(module), attribute), f"lambdatop {name}"
    try:
        result = command.main(args=rest, prog_name=title, standalone_mode=False, obj=diagnosis)
    except SystemExit:  # click's own way out when the reader of its help has gone, and of nothing else
        output.abandon_stdout()
        return ExitCode.FINE
    if sys.stdout is not None:
        sys.stdout.flush()
    return int(result or ExitCode.FINE)


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into an exception, so that everything opened is closed on the way out."""

    def terminate(number: int, _frame: FrameType | None) -> None:
        raise Terminated(number)

    try:
        before = {number: signal.signal(number, terminate) for number in (signal.SIGTERM, signal.SIGHUP)}
    except ValueError:  # not the main thread, as in a test: signals are not ours
        yield
        return
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _exit_code_of(error: Exception, diagnosis: Diagnosis) -> int:
    """Say what went wrong in a sentence and return its exit code."""
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        output.say(stated(error.format_message(), f"{context.command_path} --help" if context else None))
        return error.exit_code
    if isinstance(error, output.ReaderGoneError | BrokenPipeError):
        output.abandon_stdout()
        return ExitCode.FINE
    if isinstance(error, OSError) and output.is_output_error(error):
        error = output.unwritable(error)
    if isinstance(error, CommandError):
        output.say(stated(error.sentence, error.remedy))
        return error.exit_code
    import traceback

    diagnosis.defects.append("".join(traceback.format_exception(error)))
    sentence = f"internal error: {type(error).__name__}: {error}"
    if diagnosis.debug_file is None:
        output.say(stated(sentence, "the same command with --debug lambdatop-debug.txt, and report that file"))
    else:
        output.say(stated(f"{sentence}; the traceback is in {diagnosis.debug_file}", None))
    return ExitCode.AWS


def _write_debug_file(diagnosis: Diagnosis) -> None:
    if diagnosis.debug_file is None or not diagnosis.defects:
        return
    heading = f"lambdatop {__version__}, Python {sys.version}, {sys.platform}\n\n"
    with (
        contextlib.suppress(OSError),
        open(diagnosis.debug_file, "w", encoding="utf-8") as file,  # noqa: PTH123  pathlib takes a while to load
    ):
        file.write(heading + "\n".join(diagnosis.defects))
