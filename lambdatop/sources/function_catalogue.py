"""The functions there are (Lambda ListFunctions), without their environment variables."""

import fnmatch
import random
from collections.abc import Iterator
from typing import Any

from lambdatop.model.delivery import Delivery, FunctionsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.polled_source import PolledSource
from lambdatop.sources.watch import Watch


class FunctionCatalogue(PolledSource):
    """Lists functions every minute: twenty calls for a thousand of them."""

    name = "functions"

    def __init__(self, call: AwsCall, watch: Watch, random_source: random.Random, patterns: tuple[str, ...]) -> None:
        super().__init__(watch, random_source)
        self._call = call
        self._patterns = patterns

    def read(self, now_ms: int) -> Iterator[Delivery]:  # noqa: ARG002  the answer does not depend on the time
        """List all functions whose names match."""
        scope = self.watch.scope
        if scope is None:
            return
        functions: list[LambdaFunction] = []
        listed = 0
        marker: dict[str, Any] = {}
        while True:
            answer = self._list(marker)
            page = answer.get("Functions", [])
            listed += len(page)
            functions += [function for entry in page if self._is_wanted(function := function_of(entry, scope))]
            if not answer.get("NextMarker") or answer["NextMarker"] == marker.get("Marker"):
                break
            marker = {"Marker": answer["NextMarker"]}
        self.watch.functions = tuple(functions)
        shown = f"{len(functions)} of {listed}" if len(functions) != listed else f"{listed}"
        self.say(f"{shown} functions")
        yield FunctionsDelivered(scope=scope, functions=tuple(functions))

    def _list(self, marker: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._call("lambda", "ListFunctions", MaxItems=50, **marker)
        except SourceFailure as failure:
            self.watch.catalogue_failure = failure
            raise

    def _is_wanted(self, function: LambdaFunction) -> bool:
        return not self._patterns or any(is_match(function, pattern) for pattern in self._patterns)


def is_match(function: LambdaFunction, pattern: str) -> bool:
    """Return whether a name or glob means the function; one with a slash means those that write to a log group."""
    return fnmatch.fnmatchcase(function.log_group if "/" in pattern else function.key.name, pattern)


def function_of(entry: dict[str, Any], scope: Scope) -> LambdaFunction:
    """Return the function that an entry of ListFunctions describes; its environment variables are never looked at."""
    name = entry.get("FunctionName", "")
    logging = entry.get("LoggingConfig") or {}
    return LambdaFunction(
        key=FunctionKey(*scope, name),
        arn=entry.get("FunctionArn", ""),
        runtime=entry.get("Runtime"),
        architecture=(entry.get("Architectures") or ["x86_64"])[0],
        memory_size_mb=entry.get("MemorySize"),
        ephemeral_storage_mb=(entry.get("EphemeralStorage") or {}).get("Size", 512),
        timeout_s=entry.get("Timeout"),
        package_type=entry.get("PackageType"),
        log_group=logging.get("LogGroup") or f"/aws/lambda/{name}",
        log_format=logging.get("LogFormat") or "Text",
        application_log_level=logging.get("ApplicationLogLevel"),
        system_log_level=logging.get("SystemLogLevel"),
        dead_letter_target_arn=(entry.get("DeadLetterConfig") or {}).get("TargetArn"),
        tracing_mode=(entry.get("TracingConfig") or {}).get("Mode"),
        has_snap_start=(entry.get("SnapStart") or {}).get("ApplyOn", "None") != "None",
        is_managed_instances=bool(entry.get("CapacityProviderConfig")),
        is_durable=bool(entry.get("DurableConfig")),
        is_tenant_isolated=bool(entry.get("TenancyConfig")),
        last_modified=entry.get("LastModified"),
    )
