"""The options that take secrets out of what is printed."""

from typing import TYPE_CHECKING, Any

import click

from lambdatop.cli.options import Decorated, option

if TYPE_CHECKING:
    from lambdatop.render.redaction import Redaction


class Pattern(click.ParamType[str]):
    """A regular expression; in an environment variable, one a line."""

    name = "PATTERN"
    envvar_list_splitter = "\n"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return it as it is, once it has been tried."""
        from lambdatop.store.log_archive_text import InvalidPatternError, compiled

        pattern = str(value)
        if not pattern:
            self.fail("an empty pattern says nothing", param, ctx)
        try:
            compiled(pattern)
        except InvalidPatternError as error:
            reason = str(error).partition(": ")[2].rstrip(".")
            self.fail(f"{pattern!r} is no regular expression: {reason}", param, ctx)
        return pattern


def redaction_options(command: Decorated) -> Decorated:
    """Add what hides secrets; `redaction_of` takes the values."""
    for decorator in reversed(
        (
            option("--redact/--no-redact", "is_redacting", default=None,
                   help="Put words such as ⟨card …4242⟩ in the places of keys, tokens, passwords, card numbers and "
                   "e-mail addresses; off unless asked for, in a pipe and a file too."),
            option("--redact-pattern", "redact_patterns", metavar="PATTERN", type=Pattern(), multiple=True,
                   help="Put ⟨redacted⟩ in the place of what matches as well; repeatable. Implies --redact; with "
                   "--no-redact it is all that is taken out."),
        )
    ):  # fmt: skip
        command = decorator(command)
    return command


def redaction_of(options: dict[str, Any]) -> "Redaction | None":
    """Take what is to be redacted out of a command's options, None for nothing."""
    is_redacting, patterns = options.pop("is_redacting"), options.pop("redact_patterns")
    if not is_redacting and not patterns:
        return None
    from lambdatop.render.redaction import Redaction
    from lambdatop.store.log_archive_text import compiled

    return Redaction.of(() if is_redacting is False else None, map(compiled, patterns))
