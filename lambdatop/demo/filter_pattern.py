"""CloudWatch Logs filter patterns compiled to predicates.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from lambdatop.demo.json_pattern import compile_json_pattern
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.word_pattern import compile_word_pattern

Predicate = Callable[[str], bool]

_TERM = re.compile(
    r'\s*(?P<sign>[?-]?)(?:"(?P<phrase>(?:[^"\\]|\\.)*)"|%(?P<regex>[^%]+)%|(?P<word>[\w]+))(?=\s|$|\?|-)'
)


@lru_cache(maxsize=256)
def compile_filter_pattern(pattern: str) -> Predicate:
    """Whether a message matches. Raises InvalidParameterException for a pattern that cannot be read.

    >>> compile_filter_pattern('ERROR -"took 5"')("ERROR: gone")
    True
    """
    if not pattern.strip(' "'):
        return lambda _message: True
    compile_structured = {"{": compile_json_pattern, "[": compile_word_pattern}.get(pattern.lstrip()[0])
    if compile_structured is not None:
        try:
            return compile_structured(pattern)
        except (ValueError, re.error) as error:
            raise _invalid(f"Invalid filter pattern: {error}") from error
    needed: list[Predicate] = []
    optional: list[Predicate] = []
    excluded: list[Predicate] = []
    position = 0
    while pattern[position:].strip():
        match = _TERM.match(pattern, position)
        if match is None:
            raise _invalid("Invalid filter pattern")
        {"": needed, "?": optional, "-": excluded}[match["sign"]].append(_term(match))
        position = match.end()
    chosen = [] if needed else optional

    def matches(message: str) -> bool:
        return (
            all(term(message) for term in needed)
            and (not chosen or any(term(message) for term in chosen))
            and not any(term(message) for term in excluded)
        )

    return matches


def _term(match: re.Match[str]) -> Predicate:
    if match["regex"] is not None:
        try:
            search = re.compile(match["regex"]).search
        except re.error as error:
            raise _invalid(f"Invalid regular expression: {error}") from error
        return lambda message: search(message) is not None
    text = match["word"] if match["word"] is not None else re.sub(r"\\(.)", r"\1", match["phrase"])
    return lambda message: text in message


def _invalid(message: str) -> ServiceError:
    return ServiceError("InvalidParameterException", message)
