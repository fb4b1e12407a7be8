"""The command `SOURCE`, which chooses log groups by what their names begin with."""

from lambdatop.insights.expression_parser import text_value
from lambdatop.insights.syntax import QuerySyntaxError, Source
from lambdatop.insights.token_cursor import TokenCursor, did_you_mean, quoted, unsupported

_MOST = {"nameprefix": 5, "accountidentifier": 20, "class": 2}
_SPELLING = {"nameprefix": "namePrefix", "accountidentifier": "accountIdentifier", "class": "class"}
_CLASSES = ("STANDARD", "INFREQUENT_ACCESS")
_OTHERS = ("datasource", "loggrouptags")


def parse_source(cursor: TokenCursor) -> Source:
    """`SOURCE logGroups(namePrefix: […], accountIdentifier: […], class: […])`, each part where it is wanted."""
    start = cursor.start
    cursor.take()
    token = cursor.token
    if token is not None and (token.kind == "text" or token.text.lower() in _OTHERS):
        raise unsupported("this form of SOURCE", cursor.here())
    if not cursor.took_word("loggroups"):
        raise cursor.expected("logGroups(…)", ("logGroups",))
    cursor.take_sign("(")
    lists: dict[str, tuple[str, ...]] = {}
    while not cursor.is_sign(")"):
        if lists and not cursor.took_sign(","):
            raise cursor.expected("',' or ')'")
        key, values = _part(cursor)
        lists[key] = values
    cursor.take()
    names, accounts, classes = (lists.get(key, ()) for key in _MOST)
    return Source(names, accounts, classes, cursor.span_from(start))


def _part(cursor: TokenCursor) -> tuple[str, tuple[str, ...]]:
    token = cursor.token
    key = "" if token is None else token.text.lower().replace("loggroupclass", "class")
    if token is None or key not in _MOST:
        raise cursor.expected("namePrefix, accountIdentifier or class", _SPELLING.values())
    span = cursor.here()
    cursor.take()
    cursor.take_sign(":")
    cursor.take_sign("[")
    values: list[str] = []
    while not values or cursor.took_sign(","):
        values.append(_value(cursor, key))
    cursor.take_sign("]")
    if len(values) > _MOST[key]:
        raise QuerySyntaxError(f"{_SPELLING[key]} takes at most {_MOST[key]} values, found {len(values)}.", span)
    return key, tuple(values)


def _value(cursor: TokenCursor, key: str) -> str:
    token = cursor.token
    if token is None or token.kind != "text":
        raise cursor.expected("a string")
    value = text_value(token)
    if key == "class" and value not in _CLASSES:
        hint = did_you_mean(value, _CLASSES)
        raise QuerySyntaxError(
            f"A log class is STANDARD or INFREQUENT_ACCESS, found {quoted(value)}.{hint}", cursor.here()
        )
    cursor.take()
    return value
