"""Which function a log stream belongs to: by the stream's name, its group's only function, or the group's own name."""

from collections.abc import Iterable, Mapping

from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction

DEFAULT_PREFIX = "/aws/lambda/"


class LogGroups:
    """The catalogue's log groups and the functions that write to them."""

    def __init__(self) -> None:
        self._functions: dict[tuple[Scope, str], tuple[FunctionKey, ...]] = {}

    def learn(self, scope: Scope, functions: Iterable[LambdaFunction]) -> None:
        """Replace what is known of a scope."""
        groups: dict[tuple[Scope, str], tuple[FunctionKey, ...]] = {
            key: value for key, value in self._functions.items() if key[0] != scope
        }
        for function in functions:
            group = scope, function.log_group or DEFAULT_PREFIX + function.key.name
            groups[group] = (*groups.get(group, ()), function.key)
        self._functions = groups

    def functions(self, scope: Scope, log_group: str) -> tuple[FunctionKey, ...]:
        """The catalogue's functions that write to a group."""
        return self._functions.get((scope, log_group), ())

    def function_of(
        self, scope: Scope, log_group: str, named: str | None, fields: Mapping[str, object] | None = None
    ) -> FunctionKey | None:
        """The function of a stream whose name or records name one, or the only one its group can belong to."""
        name = named or _name_in(fields)
        if name is not None:
            return FunctionKey(*scope, name)
        known = self.functions(scope, log_group)
        if len(known) == 1:
            return known[0]
        if not known and log_group.startswith(DEFAULT_PREFIX):
            return FunctionKey(*scope, log_group.removeprefix(DEFAULT_PREFIX))
        return None


def _name_in(fields: Mapping[str, object] | None) -> str | None:
    """The function that a platform record names in `functionName` or `functionArn`.

    >>> _name_in({"functionArn": "arn:aws:lambda:eu-central-1:1:function:notify:3"})
    'notify'
    """
    if not fields:
        return None
    name = fields.get("functionName")
    if isinstance(name, str) and name:
        return name.rpartition(":function:")[2].partition(":")[0]
    arn = fields.get("functionArn")
    if isinstance(arn, str) and ":function:" in arn:
        return arn.partition(":function:")[2].partition(":")[0]
    return None
