"""How much the embedded account logs, as CloudWatch counts it."""

from lambdatop.demo.clock import Clock
from lambdatop.demo.log_meter import LogMeter
from lambdatop.demo.log_store import LogStore
from lambdatop.demo.metric_store import MetricStore, metric_key
from lambdatop.demo.weather import Weather

MINUTE_MS = 60_000
START_MS = 1_795_229_580_000
KEY = metric_key("AWS/Logs", "IncomingBytes", {})


def test_bytes_of_all_groups_are_counted_by_the_minute_they_were_ingested_in_and_seen_a_minute_later() -> None:
    clock = Clock(start_ms=START_MS, speed=0)
    weather = Weather(clock)
    logs, metrics = LogStore(clock, weather), MetricStore(clock, weather)
    LogMeter(clock, logs, metrics)
    logs.put("/aws/lambda/a", "s", START_MS - 5_000, "12345")
    logs.put("/aws/lambda/b", "s", START_MS, "grün", ingestion_delay_ms=1_000)
    logs.put("/aws/lambda/b", "s", START_MS, "later", ingestion_delay_ms=MINUTE_MS)

    clock.advance(2 * MINUTE_MS - 1)
    assert metrics.read(KEY, START_MS, clock.now_ms()) == {}
    clock.advance(1)
    first = metrics.read(KEY, START_MS, clock.now_ms())
    assert {minute_ms: one.total for minute_ms, one in first.items()} == {START_MS: 10.0}
    clock.advance(MINUTE_MS)
    both = metrics.read(KEY, START_MS, clock.now_ms())
    assert {minute_ms: one.total for minute_ms, one in both.items()} == {START_MS: 10.0, START_MS + MINUTE_MS: 5.0}
