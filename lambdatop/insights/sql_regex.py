"""Regular expressions as DuckDB's RE2 reads them."""

from lambdatop.insights.syntax import QuerySyntaxError, Span


def re2_pattern(pattern: str) -> str:
    """The pattern with `(?<name>` written as RE2 wants it, `(?P<name>`; what is escaped or in brackets stays."""
    out: list[str] = []
    is_in_class = False
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            out.append(pattern[position : position + 2])
            position += 2
            continue
        if character == "[":
            is_in_class = True
        elif character == "]":
            is_in_class = False
        if character == "(" and not is_in_class and _is_named(pattern, position):
            out.append("(?P<")
            position += 3
            continue
        out.append(character)
        position += 1
    return "".join(out)


def _is_named(pattern: str, position: int) -> bool:
    return pattern.startswith("(?<", position) and pattern[position + 3 : position + 4] not in ("=", "!")


def refused_regex(reason: str, span: Span) -> QuerySyntaxError:
    """The error for a pattern that RE2 does not take, `reason` being what it says."""
    told = reason.rsplit("Error: ", maxsplit=1)[-1].strip().rstrip(".")
    return QuerySyntaxError(f"The regular expression is not one of RE2: {told}.", span)
