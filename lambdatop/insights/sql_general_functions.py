"""Functions of any value, of structures and of the query itself, as SQL."""

from lambdatop.insights import syntax
from lambdatop.insights.sql_call import CompileCall, Compiling, check_count, unsupported
from lambdatop.insights.sql_value import (
    NULL,
    Kind,
    SqlValue,
    as_condition,
    as_kind,
    as_number,
    as_text,
    boolean_value,
    common_kind,
    number_value,
)


def is_present(value: SqlValue) -> SqlValue:
    """Whether a value is not null."""
    return SqlValue(f"({value.sql} IS NOT NULL)", Kind.BOOLEAN)


def _is_present(compiling: Compiling, call: syntax.Call) -> SqlValue:
    return is_present(compiling.once(call.arguments[0]))


def _is_numeric(compiling: Compiling, call: syntax.Call) -> SqlValue:
    return SqlValue(f"({as_number(compiling.once(call.arguments[0]))} IS NOT NULL)", Kind.BOOLEAN)


def _is_empty(compiling: Compiling, call: syntax.Call) -> SqlValue:
    return SqlValue(f"(COALESCE({as_text(compiling.once(call.arguments[0]))}, '') = '')", Kind.BOOLEAN)


def _coalesce(compiling: Compiling, call: syntax.Call) -> SqlValue:
    values = [compiling.once(argument) for argument in call.arguments]
    kind = common_kind(values)
    return SqlValue(f"COALESCE({', '.join(as_kind(value, kind) for value in values)})", kind)


def _case(compiling: Compiling, call: syntax.Call) -> SqlValue:
    arguments = [compiling.once(argument) for argument in call.arguments]
    default = arguments.pop() if len(arguments) % 2 else NULL
    kind = common_kind([*arguments[1::2], default])
    if kind is Kind.BOOLEAN and default is NULL:
        kind = Kind.NUMBER
    branches = " ".join(
        f"WHEN {as_condition(condition)} THEN {as_kind(value, kind)}"
        for condition, value in zip(arguments[::2], arguments[1::2], strict=True)
    )
    return SqlValue(f"(CASE {branches} ELSE {as_kind(default, kind)} END)", kind)


def _json_parse(compiling: Compiling, call: syntax.Call) -> SqlValue:
    return SqlValue(f"json_structure_of({as_text(compiling.once(call.arguments[0]))})", Kind.STRUCTURE)


def _json_stringify(compiling: Compiling, call: syntax.Call) -> SqlValue:
    value = compiling.once(call.arguments[0])
    return SqlValue(f"json_compact({value.sql})", Kind.TEXT) if value.kind is Kind.STRUCTURE else NULL


def _list_of(compiling: Compiling, call: syntax.Call) -> str:
    """The list in the first argument, or in the text that it is, as JSON text."""
    value = compiling.once(call.arguments[0])
    if value.kind is Kind.STRUCTURE:
        return (
            f"json_list_of(CASE WHEN json_is_container({value.sql}) THEN {value.sql} ELSE json_scalar({value.sql}) END)"
        )
    return f"json_list_of({as_text(value)})"


def _json_array_size(compiling: Compiling, call: syntax.Call) -> SqlValue:
    return SqlValue(f"CAST(json_array_length({_list_of(compiling, call)}) AS DOUBLE)", Kind.NUMBER)


def _json_array_contains(compiling: Compiling, call: syntax.Call) -> SqlValue:
    wanted = as_text(compiling.once(call.arguments[1]))
    return boolean_value(f"list_contains(json_texts_of({_list_of(compiling, call)}), {wanted})")


def _unmask(compiling: Compiling, call: syntax.Call) -> SqlValue:
    del compiling
    raise unsupported("unmask", call.span)


def _now(compiling: Compiling, call: syntax.Call) -> SqlValue:
    del call
    return number_value(float(compiling.around.now_ms // 1000))


def _start(compiling: Compiling, call: syntax.Call) -> SqlValue:
    del call
    return number_value(float(compiling.around.start_ms))


def _end(compiling: Compiling, call: syntax.Call) -> SqlValue:
    del call
    return number_value(float(compiling.around.end_ms))


def _range(compiling: Compiling, call: syntax.Call) -> SqlValue:
    check_count(call, 0)
    return number_value(float(compiling.around.end_ms - compiling.around.start_ms))


GENERAL_FUNCTIONS: dict[str, CompileCall] = {
    "ispresent": _is_present,
    "isnumeric": _is_numeric,
    "isempty": _is_empty,
    "coalesce": _coalesce,
    "if": _case,
    "case": _case,
    "jsonparse": _json_parse,
    "jsonstringify": _json_stringify,
    "jsonarraysize": _json_array_size,
    "jsonarraycontains": _json_array_contains,
    "unmask": _unmask,
    "now": _now,
    "querystarttime": _start,
    "queryendtime": _end,
    "querytimerange": _range,
}
