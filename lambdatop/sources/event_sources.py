"""What feeds functions and where failures go: event source mappings and on-failure destinations."""

import random
from collections.abc import Iterator
from typing import Any

from lambdatop.model.delivery import Delivery, EventSourcesDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import EventSourceMapping, FailureDestination
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure, is_about_all
from lambdatop.sources.polled_source import PolledSource
from lambdatop.sources.watch import Watch

FUNCTIONS_A_POLL = 20
ASK_AGAIN_MS = 900_000


class EventSources(PolledSource):
    """Lists all mappings of the account, a hundred a call, and a few functions' destinations each time."""

    name = "event sources"
    needs_functions = True

    def __init__(self, call: AwsCall, watch: Watch, random_source: random.Random) -> None:
        super().__init__(watch, random_source)
        self._call = call
        self._destinations: dict[FunctionKey, tuple[FailureDestination, ...]] = {}
        self._asked_ms: dict[FunctionKey, int] = {}

    def read(self, now_ms: int) -> Iterator[Delivery]:
        """List mappings, then ask for destinations not asked about lately; queues wait for the first answer."""
        try:
            yield from self._read(now_ms)
        finally:
            self.watch.are_event_sources_asked = True

    def _read(self, now_ms: int) -> Iterator[Delivery]:
        scope = self.watch.scope
        if scope is None:
            return
        mappings = self._mappings(scope)
        self.watch.mappings = mappings
        yield EventSourcesDelivered(scope=scope, mappings=mappings, destinations=self.watch.destinations)
        keys = [function.key for function in self.watch.functions or ()]
        due = [key for key in keys if now_ms - self._asked_ms.get(key, -ASK_AGAIN_MS) >= ASK_AGAIN_MS]
        wanted = self.watch.interesting()
        for key in sorted(due, key=lambda key: key not in wanted)[:FUNCTIONS_A_POLL]:
            self._destinations[key] = self._ask(key)
            self._asked_ms[key] = now_ms
        destinations = tuple(one for found in self._destinations.values() for one in found)
        self.watch.destinations = destinations
        self.say(f"{len(mappings)} mappings, {len(destinations)} on-failure destinations")
        yield EventSourcesDelivered(scope=scope, mappings=mappings, destinations=destinations)

    def _mappings(self, scope: Scope) -> tuple[EventSourceMapping, ...]:
        mappings: list[EventSourceMapping] = []
        marker: dict[str, Any] = {}
        while True:
            answer = self._call("lambda", "ListEventSourceMappings", MaxItems=100, **marker)
            for entry in answer.get("EventSourceMappings", []):
                destination = (entry.get("DestinationConfig") or {}).get("OnFailure") or {}
                mappings.append(
                    EventSourceMapping(
                        uuid=entry.get("UUID", ""),
                        function=FunctionKey(*scope, function_name(entry.get("FunctionArn", ""))),
                        event_source_arn=entry.get("EventSourceArn"),
                        state=entry.get("State"),
                        on_failure_arn=destination.get("Destination"),
                        last_processing_result=entry.get("LastProcessingResult"),
                    )
                )
            if not answer.get("NextMarker") or answer["NextMarker"] == marker.get("Marker"):
                return tuple(mappings)
            marker = {"Marker": answer["NextMarker"]}

    def _ask(self, key: FunctionKey) -> tuple[FailureDestination, ...]:
        try:
            answer = self._call("lambda", "ListFunctionEventInvokeConfigs", FunctionName=key.name)
        except SourceFailure as failure:
            if is_about_all(failure):
                raise
            return ()
        found = []
        for entry in answer.get("FunctionEventInvokeConfigs", []):
            arn = ((entry.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")
            if arn:
                found.append(FailureDestination(function=key, target_arn=arn))
        return tuple(found)


def function_name(arn: str) -> str:
    """Return the function's name in an ARN with or without a qualifier.

    >>> function_name("arn:aws:lambda:eu-west-1:123456789012:function:orders:live")
    'orders'
    """
    parts = arn.split(":")
    return parts[6] if len(parts) > 6 else arn
