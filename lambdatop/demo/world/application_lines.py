"""What a function's own code logs during an invocation."""

from random import Random

from lambdatop.demo.world.error_lines import PANIC_EXIT, is_panic, unhandled_error
from lambdatop.demo.world.invocation import Invocation
from lambdatop.demo.world.loggers import LOGGERS, Entry, embedded_metric
from lambdatop.demo.world.platform_lines import Lines
from lambdatop.demo.world.time_text import strftime


def application_lines(invocation: Invocation, random: Random) -> Lines:
    """One or two messages, now and then a metric, and an unhandled error where there was one."""
    model, event, failure = invocation.model, invocation.event, invocation.failure
    write = LOGGERS[model.logger]
    if failure is not None and failure.kind == "init":
        return []
    lines: Lines = []
    begin_ms, span_ms = invocation.started_ms, invocation.duration_ms
    message = random.choice(model.messages)
    fields = {"orderId": f"o-{random.randint(10_000, 99_999)}"}
    if event.correlation_id is not None:
        fields["correlationId"] = event.correlation_id
    at_ms = begin_ms + int(span_ms * 0.3)
    lines.append((at_ms, write(Entry(at_ms, "INFO", message, event.request_id, model.name, fields))))
    if failure is not None and failure.kind == "timeout" and model.dependencies:
        at_ms = begin_ms + int(span_ms * 0.6)
        text = f"still waiting for {model.dependencies[-1]}"
        lines.append((at_ms, write(Entry(at_ms, "WARN", text, event.request_id, model.name, {}))))
    elif random.random() < 0.04:
        at_ms = begin_ms + int(span_ms * 0.5)
        text = "slow response, retrying once"
        lines.append((at_ms, write(Entry(at_ms, "WARN", text, event.request_id, model.name, {"attempt": 1}))))
    if failure is None and model.logger in {"powertools", "pino"} and random.random() < 0.3:
        at_ms = begin_ms + int(span_ms * 0.9)
        entry = Entry(at_ms, "INFO", "", event.request_id, model.name, {})
        lines.append((at_ms, embedded_metric(entry, "Latency", "Milliseconds", round(span_ms, 1))))
    if failure is not None and (failure.kind == "exception" or is_panic(model.runtime, failure)):
        at_ms = begin_ms + int(span_ms)
        text = unhandled_error(model.runtime, failure, event.request_id, at_ms, is_json=model.is_json)
        lines.append((at_ms, text))
    if failure is not None and is_panic(model.runtime, failure):
        at_ms = begin_ms + int(span_ms)
        lines.append((at_ms, PANIC_EXIT.format(strftime(at_ms, "%Y/%m/%d %H:%M:%S"))))
    return lines
