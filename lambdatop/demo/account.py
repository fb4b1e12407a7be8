"""The embedded account: the state of every service that the endpoint serves."""

from lambdatop.demo.clock import Clock
from lambdatop.demo.function_store import FunctionStore
from lambdatop.demo.log_meter import LogMeter
from lambdatop.demo.log_store import LogStore
from lambdatop.demo.metric_store import MetricStore
from lambdatop.demo.query_definitions import QueryDefinitions
from lambdatop.demo.queue_store import QueueStore
from lambdatop.demo.trace_store import TraceStore
from lambdatop.demo.weather import Weather


class EmbeddedAccount:
    """One AWS account in one region, in memory. The stores may be written from any thread, with or without HTTP."""

    def __init__(self, clock: Clock, account_id: str = "123456789012", region: str = "us-east-1") -> None:
        self.clock = clock
        self.account_id = account_id
        self.region = region
        self.weather = Weather(clock)
        self.functions = FunctionStore(clock, account_id, region)
        self.logs = LogStore(clock, self.weather)
        self.query_definitions = QueryDefinitions(clock)
        self.metrics = MetricStore(clock, self.weather)
        self.log_meter = LogMeter(clock, self.logs, self.metrics)
        self.queues = QueueStore(clock, self.metrics, account_id, region)
        self.traces = TraceStore(clock)
