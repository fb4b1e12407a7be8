"""What stands beside queries and is answered at once: a row's whole record, saved queries, and a log group's fields."""

from collections.abc import Iterator
from typing import Any

from lambdatop.model.query import (
    DefinitionList,
    DefinitionsFound,
    FieldList,
    FieldsFound,
    QueryDefinition,
    QueryParameter,
    QueryProblem,
    RecordFound,
    RecordLookup,
)
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.fast_decode import whole_text
from lambdatop.sources.query_execution import passes
from lambdatop.sources.query_words import message_of

Lookup = RecordLookup | DefinitionList | FieldList
LookupOutcome = RecordFound | DefinitionsFound | FieldsFound
_OUTCOMES: dict[type[Lookup], type[LookupOutcome]] = {
    RecordLookup: RecordFound, DefinitionList: DefinitionsFound, FieldList: FieldsFound,
}  # fmt: skip
DEFINITIONS_A_PAGE = 1_000
OUR_LANGUAGE = "CWLI"
"""Saved queries can be in SQL and PPL too, which are not asked here."""


def outcome_of(call: AwsCall, task: Lookup) -> LookupOutcome:
    """Return what AWS answers, or why it refuses; raises SourceFailure only for what asking again may help."""
    match task:
        case RecordLookup():
            return _record(call, task)
        case DefinitionList():
            return _definitions(call, task)
        case FieldList():
            return _fields(call, task)


def trouble_of(task: Lookup, failure: SourceFailure) -> LookupOutcome:
    """Return what is said while there is no answer yet, for trouble that may pass."""
    problem = QueryProblem(sentence=failure.sentence, code=failure.code, remedy=failure.remedy)
    return _OUTCOMES[type(task)](number=task.number, problem=problem)


def _record(call: AwsCall, task: RecordLookup) -> RecordFound:
    try:
        record = call("logs", "GetLogRecord", logRecordPointer=task.pointer).get("logRecord") or {}
    except SourceFailure as failure:
        return RecordFound(number=task.number, problem=refusal(failure, "The log event cannot be read"))
    fields = {str(name): whole_text(str(value)) for name, value in record.items()}
    problem = None if fields else QueryProblem(sentence="This endpoint tells nothing of the log event.")
    return RecordFound(number=task.number, fields=fields, problem=problem)


def _definitions(call: AwsCall, task: DefinitionList) -> DefinitionsFound:
    try:
        definitions = [_definition(entry) for entry in _pages(call) if _is_ours(entry)]
    except SourceFailure as failure:
        return DefinitionsFound(number=task.number, problem=refusal(failure, "Saved queries cannot be read"))
    definitions.sort(key=lambda one: (one.name.lower(), one.name))
    return DefinitionsFound(number=task.number, definitions=tuple(definitions))


def _pages(call: AwsCall) -> Iterator[dict[str, Any]]:
    tokens: set[str] = set()
    more: dict[str, str] = {}
    while True:
        answer = call("logs", "DescribeQueryDefinitions", maxResults=DEFINITIONS_A_PAGE, **more)
        yield from answer.get("queryDefinitions") or ()
        token = answer.get("nextToken")
        if not token or token in tokens:
            return
        tokens.add(token)
        more = {"nextToken": token}


def _fields(call: AwsCall, task: FieldList) -> FieldsFound:
    key = "logGroupIdentifier" if task.log_group.startswith("arn:") else "logGroupName"
    try:
        answer = call("logs", "GetLogGroupFields", **{key: task.log_group.removesuffix(":*")})
    except SourceFailure as failure:
        return FieldsFound(number=task.number, problem=refusal(failure, "The fields of the log group are not known"))
    entries = [one for one in answer.get("logGroupFields") or () if "name" in one]
    found = sorted((-int(one.get("percent") or 0), str(one["name"])) for one in entries)
    return FieldsFound(number=task.number, fields=tuple((name, -percent) for percent, name in found))


def refusal(failure: SourceFailure, what: str) -> QueryProblem:
    """Return why there is no answer; raises the failure where there may be one later."""
    if passes(failure):
        raise failure
    message = message_of(failure) if failure.state == "failed" else ""
    sentence = f"{what}: {message}" if message else failure.sentence
    return QueryProblem(sentence=sentence, code=failure.code, remedy=failure.remedy)


def _is_ours(entry: dict[str, Any]) -> bool:
    return entry.get("queryLanguage") in (None, "", OUR_LANGUAGE)


def _definition(entry: dict[str, Any]) -> QueryDefinition:
    return QueryDefinition(
        name=str(entry.get("name") or entry.get("queryDefinitionId") or ""),
        text=str(entry.get("queryString") or ""),
        log_groups=tuple(map(str, entry.get("logGroupNames") or ())),
        parameters=tuple(
            QueryParameter(
                name=str(one.get("name", "")), default=one.get("defaultValue"), description=one.get("description")
            )
            for one in entry.get("parameters") or ()
        ),
    )
