"""How commands fail: an exit code, one sentence, and the command that helps."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell is told."""

    FINE = 0
    FAIL_ON_MATCHED = 1
    USAGE = 2
    CREDENTIALS = 3
    AWS = 4
    INTERRUPTED = 130


class CommandError(Exception):
    """A command cannot go on; `sentence` says why and `remedy` what helps."""

    def __init__(self, exit_code: int, sentence: str, remedy: str | None = None) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code
        self.sentence = sentence
        self.remedy = remedy


class Terminated(BaseException):
    """A signal asked the program to end."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.exit_code = 128 + signal_number


def stated(sentence: str, remedy: str | None) -> str:
    """Return one line for stderr.

    >>> stated("The login has expired.", "aws sso login --profile prod")
    'lambdatop: The login has expired. Try: aws sso login --profile prod'
    """
    ended = sentence if sentence.endswith((".", "!", "?", ":")) else f"{sentence}."
    return f"lambdatop: {ended}{f' Try: {remedy}' if remedy else ''}"
