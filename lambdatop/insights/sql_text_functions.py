"""Functions of texts as SQL; each is null where an argument is null or cannot be read."""

from lambdatop.insights import syntax
from lambdatop.insights.sql_call import CompileCall, Compiling, check_count, constant_text, texts
from lambdatop.insights.sql_value import (
    Kind,
    SqlValue,
    as_condition,
    as_number,
    as_text,
    boolean_value,
    text_literal,
)

_BLANK = text_literal(" \t\n\v\f\r")


def _template(template: str, kind: Kind = Kind.TEXT) -> CompileCall:
    def compile_call(compiling: Compiling, call: syntax.Call) -> SqlValue:
        return SqlValue(template.format(*texts(compiling, call)), kind)

    return compile_call


def _trim(function: str) -> CompileCall:
    def compile_call(compiling: Compiling, call: syntax.Call) -> SqlValue:
        text, *characters = texts(compiling, call)
        return SqlValue(f"{function}({text}, {characters[0] if characters else _BLANK})", Kind.TEXT)

    return compile_call


def _has_text(function: str) -> CompileCall:
    def compile_call(compiling: Compiling, call: syntax.Call) -> SqlValue:
        text, part = (as_text(compiling.once(argument)) for argument in call.arguments[:2])
        if len(call.arguments) == 2:
            return boolean_value(f"{function}({text}, {part})")
        is_lowered = as_condition(compiling.once(call.arguments[2]))
        lowered = f"{function}(lower({text}), lower({part}))"
        return boolean_value(f"(CASE WHEN {is_lowered} THEN {lowered} ELSE {function}({text}, {part}) END)")

    return compile_call


def _is_blank(compiling: Compiling, call: syntax.Call) -> SqlValue:
    text = as_text(compiling.once(call.arguments[0]))
    return SqlValue(f"(COALESCE(trim({text}, {_BLANK}), '') = '')", Kind.BOOLEAN)


def _concat(compiling: Compiling, call: syntax.Call) -> SqlValue:
    return SqlValue(f"({' || '.join(texts(compiling, call))})", Kind.TEXT)


def _substr(compiling: Compiling, call: syntax.Call) -> SqlValue:
    text = as_text(compiling.once(call.arguments[0]))
    start, *length = (f"text_index({as_number(compiling.once(argument))})" for argument in call.arguments[1:])
    parts = ", ".join((text, f"{start} + 1", *length))
    return SqlValue(f"substring({parts})", Kind.TEXT)


def _replace(compiling: Compiling, call: syntax.Call) -> SqlValue:
    text, old, new = texts(compiling, call)
    return SqlValue(
        f"(CASE WHEN {old} = '' THEN {text} || left({new}, 0) ELSE replace({text}, {old}, {new}) END)", Kind.TEXT
    )


def _regex_replace(compiling: Compiling, call: syntax.Call) -> SqlValue:
    pattern = compiling.regex(constant_text(compiling, call, 1, "the regular expression"), call.arguments[1].span)
    text, new = (as_text(compiling.once(call.arguments[place])) for place in (0, 2))
    return SqlValue(f"regexp_replace({text}, {pattern}, {new}, 'g')", Kind.TEXT)


def _split(compiling: Compiling, call: syntax.Call) -> SqlValue:
    check_count(call, 2)
    text, separator = texts(compiling, call)
    return SqlValue(f"CAST(to_json(text_parts({text}, {separator})) AS VARCHAR)", Kind.STRUCTURE)


def _message_size(compiling: Compiling, call: syntax.Call) -> SqlValue:
    argument = call.arguments[0] if call.arguments else syntax.Name("@message", call.span)
    return SqlValue(f"CAST(strlen({as_text(compiling.once(argument))}) AS DOUBLE)", Kind.NUMBER)


def _dec_to_hex(compiling: Compiling, call: syntax.Call) -> SqlValue:
    return SqlValue(f"decimal_to_hex(trunc({as_number(compiling.once(call.arguments[0]))}))", Kind.TEXT)


TEXT_FUNCTIONS: dict[str, CompileCall] = {
    "isblank": _is_blank,
    "concat": _concat,
    "trim": _trim("trim"),
    "ltrim": _trim("ltrim"),
    "rtrim": _trim("rtrim"),
    "strlen": _template("CAST(length({0}) AS DOUBLE)", Kind.NUMBER),
    "messagesize": _message_size,
    "toupper": _template("upper({0})"),
    "tolower": _template("lower({0})"),
    "substr": _substr,
    "replace": _replace,
    "regexreplace": _regex_replace,
    "strcontains": _has_text("contains"),
    "startswith": _has_text("starts_with"),
    "endswith": _has_text("ends_with"),
    "split": _split,
    "urlencode": _template("url_encode({0})"),
    "urldecode": _template("TRY(url_decode({0}))"),
    "base64encode": _template("to_base64(encode({0}))"),
    "base64decode": _template("base64_text({0})"),
    "hextoascii": _template("hex_text({0})"),
    "hextodec": _template("hex_to_decimal({0})", Kind.NUMBER),
    "dectohex": _dec_to_hex,
    "md5": _template("md5({0})"),
    "sha256": _template("sha256({0})"),
}
