"""The fields of an event as SQL over the table of events: the automatic ones, and what its JSON says.

The table's own columns begin with `e_`; `table_loading.py` fills them. `README.md` beside this file says what each
field is.
"""

from lambdatop.insights.sql_value import NULL, Kind, SqlValue, text_literal

DOCUMENT = "CASE e_json WHEN 1 THEN e_message WHEN 2 THEN e_fragment END"
"""The JSON object of an event: its whole message, or what loading took out of it."""

_ID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"
_REQUEST = f"NULLIF(regexp_extract(e_message, '^RequestId: ({_ID})', 1), '')"
_REQUEST_AFTER_TIME = f"NULLIF(regexp_extract(e_message, '^{_TIME}[\\t ]({_ID})[\\t ]', 1), '')"
_REQUEST_AFTER_LEVEL = f"NULLIF(regexp_extract(e_message, '^\\[[A-Z]+\\]\\t{_TIME}\\t({_ID})\\t', 1), '')"

_REQUEST_ID = f"""CASE WHEN e_type IS NOT NULL THEN substr(e_message, length(e_type) + 13, 36)
    WHEN e_json = 1 THEN NULL
    WHEN starts_with(e_message, 'RequestId: ') THEN {_REQUEST}
    WHEN starts_with(e_message, '[') THEN {_REQUEST_AFTER_LEVEL}
    WHEN ascii(e_message) BETWEEN 48 AND 57 THEN {_REQUEST_AFTER_TIME} END"""

_DIGITS = "([0-9]+(?:\\.[0-9]+)?)"
_FIRST_DURATION = f"^REPORT RequestId: {_ID}\\s+Duration: {_DIGITS} ms"
"""Where the duration nearly always is; what is anchored is found sooner."""
# RE2 does not look back, so that what may stand before the plain duration is said instead of what may not.
_ANY_DURATION = f"(?:(?:ms|MB) +|[\\t\\n])Duration: {_DIGITS} ms"


def _of_report(pattern: str) -> str:
    return f"CASE WHEN e_type = 'REPORT' THEN NULLIF(regexp_extract(e_message, {text_literal(pattern)}, 1), '') END"


def _text(sql: str) -> SqlValue:
    return SqlValue(sql, Kind.TEXT)


def _numeral(*patterns: str) -> SqlValue:
    """The first that is found of these."""
    found = [_of_report(pattern) for pattern in patterns]
    return SqlValue(found[0] if len(found) == 1 else f"COALESCE({', '.join(found)})", Kind.NUMERAL)


def _bytes_of_megabytes(pattern: str) -> SqlValue:
    return SqlValue(f"CAST({_of_report(pattern)} AS DOUBLE) * 1000000", Kind.NUMBER)


_AUTOMATIC: dict[str, SqlValue] = {
    "@timestamp": SqlValue("e_time", Kind.TIME),
    "@ingestionTime": SqlValue("e_ingested", Kind.TIME),
    "@message": _text("e_message"),
    "@logStream": _text("e_stream"),
    "@ptr": _text("e_pointer"),
    "@type": _text("e_type"),
    "@requestId": _text(_REQUEST_ID),
    "@duration": _numeral(_FIRST_DURATION, _ANY_DURATION),
    "@billedDuration": _numeral(f"Billed Duration: {_DIGITS} ms"),
    "@initDuration": _numeral(f"Init Duration: {_DIGITS} ms"),
    "@memorySize": _bytes_of_megabytes("Memory Size: ([0-9]+) MB"),
    "@maxMemoryUsed": _bytes_of_megabytes("Max Memory Used: ([0-9]+) MB"),
    "@xrayTraceId": _text(_of_report(r"XRAY TraceId: (\S+)")),
    "@xraySegmentId": _text(_of_report(r"SegmentId: (\S+)")),
}


def automatic_field(name: str, account_id: str) -> SqlValue | None:
    """The field that Logs Insights makes itself; None for a name that only JSON can have."""
    if name == "@log":
        return _text(f"{text_literal(account_id + ':')} || e_group")
    if name.startswith("@") and not name.startswith("@@"):
        return _AUTOMATIC.get(name, NULL)
    return None


def is_costly(name: str) -> bool:
    """Whether a field is taken out of the message, so that it should be taken out once."""
    return name in _AUTOMATIC and "regexp_extract" in _AUTOMATIC[name].sql


def json_pointers(name: str) -> tuple[str, ...]:
    """Where the document may have the field: level by level, or under its whole name where loading has flattened it."""
    key = name[1:] if name.startswith("@@") else name
    escaped = key.replace("~", "~0").replace("/", "~1")
    nested = "/" + escaped.replace(".", "/")
    return (nested, "/" + escaped) if "." in key else (nested,)


def discovered_text(pointers: tuple[str, ...], items: tuple[str, ...]) -> str:
    """The text of a field, `items` being what the document has at each of its pointers."""
    found = [
        f"discovered({DOCUMENT}, {text_literal(pointer)}, {item})"
        for pointer, item in zip(pointers, items, strict=True)
    ]
    return found[0] if len(found) == 1 else f"COALESCE({', '.join(found)})"
