"""The command `pattern` as SQL: lines of one shape together, by the approximation of `README.md` beside this file."""

from lambdatop.insights import syntax
from lambdatop.insights.sql_stages import Stages
from lambdatop.insights.sql_value import Kind, SqlValue, as_text, text_literal

_SHAPES = (
    ("T", r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"),
    ("U", r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"),
    ("I", r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b"),
    ("N", r"\b[0-9]+\.[0-9]+\b"),  # with a fraction: not to be taken for a token
    ("K", r"\b[0-9a-fA-F]{8,}\b"),
    ("N", r"[0-9]+(?:\.[0-9]+)?"),
)
_LETTERS = r"\b([a-fA-F])([a-fA-F]{7,})\b"
_LEVELS = "error fatal warn warning info debug"


def add_pattern(stages: Stages, pattern: syntax.Pattern) -> None:
    """Rows become the shapes of their texts; chr(1) and a letter mark what varies, so that equal shapes are one."""
    stages.extract([pattern.subject])
    marked = as_text(stages.expressions().value(pattern.subject))
    for letter, regex in _SHAPES:
        if letter == "K":
            # Words of letters alone are no tokens; a mark in them keeps them from looking like one.
            marked = f"regexp_replace({marked}, {text_literal(_LETTERS)}, '\\1Q' || chr(2) || 'Q\\2', 'g')"
        marked = f"regexp_replace({marked}, {text_literal(regex)}, chr(1) || '{letter}', 'g')"
    marked = f"replace({marked}, 'Q' || chr(2) || 'Q', '')"
    stages.add(f"{marked} AS m, count(*) AS e_rows", "GROUP BY 1")
    stages.grouped.append(len(stages.bodies) - 1)
    stages.add("*, CAST(e_rows AS DOUBLE) AS n, e_rows / sum(e_rows) OVER () AS r")
    stages.add("shape_text(m) AS t, n, CAST(round_even(r, 2) AS DOUBLE) AS r", "WHERE m IS NOT NULL")
    levels = "|".join(_LEVELS.split())
    stages.add(
        f"*, severity(regexp_extract(t, '(?:^|[^A-Za-z])(?i:({levels}))(?:[^A-Za-z]|$)', 1)) AS l,"
        " row_number() OVER (ORDER BY n DESC, t) AS e_place"
    )
    stages.become_groups()
    stages.names = {
        "@pattern": SqlValue("t", Kind.TEXT),
        "@sampleCount": SqlValue("n", Kind.NUMBER),
        "@ratio": SqlValue("r", Kind.NUMBER),
        "@severityLabel": SqlValue("l", Kind.TEXT),
    }
    stages.show(stages.names)
