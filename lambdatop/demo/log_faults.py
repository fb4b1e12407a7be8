"""Log events as a bad day ingests them: late, and so out of order, or twice."""

import re
from collections.abc import Iterable, Iterator

from lambdatop.demo.weather import Weather

_FACT = re.compile(
    r"^(?:START|END|REPORT|INIT_\w+|RESTORE_\w+|EXTENSION|TELEMETRY)\b|^RequestId:|Task timed out"
    r'|"type":\s*"platform\.|(?i:error|exception|panic)'
)
"""What Lambda and its runtimes say of an invocation, which they say once; only what code prints may come twice."""

Arrival = tuple[int, int, str]
"""(timestamp_ms, ingestion_ms, message)."""


def weathered(arrivals: Iterable[Arrival], weather: Weather) -> Iterable[Arrival]:
    """The same events as they are ingested in this weather."""
    return _weathered(arrivals, weather) if weather.has("late-logs", "twins") else arrivals


def _weathered(arrivals: Iterable[Arrival], weather: Weather) -> Iterator[Arrival]:
    for timestamp_ms, ingestion_ms, message in arrivals:
        arrival = timestamp_ms, ingestion_ms + (weather.delay_ms("late-logs") or 0), message
        yield arrival
        if weather.strike("twins") is not None and _FACT.search(message) is None:
            yield arrival
