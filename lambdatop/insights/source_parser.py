"""The command `SOURCE`, which chooses log groups by what their names begin with.

The documentation writes `accountIdentifier` and `accountIdentifiers`, `class` and `logGroupClass`; and the console
writes a single string where a list may stand. All of them are read.
"""

from lambdatop.insights.literals import text_value
from lambdatop.insights.syntax import QuerySyntaxError, Source
from lambdatop.insights.token_cursor import TokenCursor, did_you_mean, quoted, unsupported

_PARTS = ("namePrefix", "accountIdentifier", "class")
_SPELLINGS = {
    "nameprefix": "namePrefix",
    "accountidentifier": "accountIdentifier",
    "accountidentifiers": "accountIdentifier",
    "class": "class",
    "loggroupclass": "class",
}
_MOST = {"namePrefix": 5, "accountIdentifier": 20, "class": 2}
_CLASSES = ("STANDARD", "INFREQUENT_ACCESS")
_OTHER_FORMS = ("datasource", "loggrouptags")


def parse_source(cursor: TokenCursor) -> Source:
    """`SOURCE logGroups(namePrefix: […], accountIdentifier: […], class: […])`, each part where it is wanted."""
    start = cursor.start
    cursor.take()
    token = cursor.token
    if token is not None and (token.kind == "text" or token.text.lower() in _OTHER_FORMS):
        raise unsupported("this form of SOURCE", cursor.here())
    if not cursor.took_word("loggroups"):
        raise cursor.expected("logGroups(…)", ("logGroups",))
    cursor.take_sign("(")
    lists: dict[str, tuple[str, ...]] = {}
    while not cursor.is_sign(")"):
        if lists and not cursor.took_sign(","):
            raise cursor.expected("',' or ')'")
        part, values = _part(cursor, lists)
        lists[part] = values
    cursor.take()
    names, accounts, classes = (lists.get(part, ()) for part in _PARTS)
    source = Source(names, accounts, classes, cursor.span_from(start))
    if cursor.is_word("start", "end", *_OTHER_FORMS):
        raise unsupported("this form of SOURCE", cursor.here())
    return source


def _part(cursor: TokenCursor, known: dict[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    token = cursor.token
    part = None if token is None else _SPELLINGS.get(token.text.lower())
    if part is None:
        raise cursor.expected("namePrefix, accountIdentifier or class", _PARTS)
    span = cursor.here()
    if part in known:
        raise QuerySyntaxError(f"{part} is there twice.", span)
    cursor.take()
    cursor.take_sign(":")
    values = _values(cursor, part)
    if len(values) > _MOST[part]:
        raise QuerySyntaxError(f"{part} takes at most {_MOST[part]} values, found {len(values)}.", span)
    return part, values


def _values(cursor: TokenCursor, part: str) -> tuple[str, ...]:
    if not cursor.took_sign("["):
        return (_value(cursor, part),)
    values: list[str] = []
    while not cursor.is_sign("]"):
        if values and not cursor.took_sign(","):
            raise cursor.expected("',' or ']'")
        values.append(_value(cursor, part))
    cursor.take()
    return tuple(values)


def _value(cursor: TokenCursor, part: str) -> str:
    token = cursor.token
    if token is None or token.kind != "text":
        raise cursor.expected("a string")
    value = text_value(token)
    if part == "class" and value not in _CLASSES:
        hint = did_you_mean(value, _CLASSES)
        message = f"A log class is STANDARD or INFREQUENT_ACCESS, found {quoted(value)}.{hint}"
        raise QuerySyntaxError(message, cursor.here())
    cursor.take()
    return value
