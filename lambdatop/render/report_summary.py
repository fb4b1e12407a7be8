"""What a report says in sentences: its headline, its totals and what is missing from it."""

from lambdatop.model.source_status import TailLedger
from lambdatop.render import units
from lambdatop.render.ledger_words import ledger_words
from lambdatop.render.printable import Printable, printable
from lambdatop.render.report_document import Document

_WELL = ("working", "late")


def headline(report: Document) -> Printable:
    """Return what the report is about."""
    scopes = ", ".join(f"{account['account_id']} {account['region']}" for account in report["accounts"])
    start, end = (report["window"][edge][:19].split("T") for edge in ("start", "end"))
    until = end[1] if end[0] == start[0] else " ".join(end)
    return printable(f"lambdatop: {scopes or 'no account'}, {' '.join(start)} to {until} UTC", 300)


def summary(report: Document) -> tuple[Printable, ...]:
    """Return a sentence on each: concurrency, invocations, errors, cold starts, throttles, queues, traces, the tail."""
    total = report["total"]
    sentences = [_concurrency(account) for account in report["accounts"]]
    if total is not None:
        sentences += _totals(total)
    sentences += [_queues(report), _traces(report), *_ledgers(report)]
    return tuple(printable(sentence, 300) for sentence in sentences)


def problems(report: Document) -> tuple[Printable, ...]:
    """Return a sentence for each source that does not work as it should, with what helps."""
    return tuple(_problem(source) for source in report["sources"] if source["status"] not in _WELL)


def notes(report: Document) -> tuple[Printable, ...]:
    """Return why single numbers are missing, functions with the same reason together."""
    owners: dict[str, list[str]] = {}
    for owner in (*report["functions"], *report["queues"]):
        for note in owner["notes"]:
            owners.setdefault(note, []).append(owner["name"])
    for note in (*report["notes"], *report["traces"]["notes"]):
        owners.setdefault(note, [])
    return tuple(printable(f"{_some(names)}{note}", 400) for note, names in owners.items())


def _problem(source: Document) -> Printable:
    words = [f"{source['name']} ({source['status']})", source["detail"], source["remedy"]]
    return printable(": ".join(word for word in words if word), 500)


def _totals(total: Document) -> list[str]:
    kinds = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in total["error_kinds"].items() if number)
    init_p95 = units.milliseconds(total["init_duration_ms"]["p95"])
    errors, error_rate = units.count(total["errors"]), units.percent(total["error_rate"])
    cold_starts, cold_start_rate = units.count(total["cold_starts"]), units.percent(total["cold_start_rate"])
    return [
        f"Invocations: {units.count(total['invocations'])}",
        f"Errors: {errors}, {error_rate}{f' ({kinds})' if kinds else ''}",
        f"Cold starts: {cold_starts}, {cold_start_rate}, init p95 {init_p95}",
        f"Throttles: {units.count(total['throttles'])}, {units.percent(total['throttle_rate'])}",
    ]


def _some(names: list[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}: "


def _concurrency(account: Document) -> str:
    numbers = account["concurrency"]
    return (
        f"Concurrency in {account['region']}: {units.count(numbers['in_use'])} now, "
        f"{units.count(numbers['peak'])} at most, limit {units.count(numbers['limit'])} "
        f"({units.count(numbers['unreserved'])} unreserved)"
    )


def _queues(report: Document) -> str:
    queues = report["queues"]
    if not queues:
        return "Dead-letter queues: none known"
    depths = [queue["depth"] for queue in queues]
    known = [depth for depth in depths if depth is not None]
    unread = f", {len(depths) - len(known)} unreadable" if len(known) < len(depths) else ""
    messages = units.count(sum(known) if known else None)
    return f"Dead-letter queues: {messages} messages in {len(queues)}{unread}"


def _traces(report: Document) -> str:
    traces = report["traces"]
    return (
        f"Traces: {units.count(traces['count'])} sampled, {units.count(traces['faults'])} faults, "
        f"p95 {units.seconds(traces['duration_s']['p95'])}"
    )


def _ledgers(report: Document) -> list[str]:
    """Return each log tail's accounts."""
    ledgers = [(source["name"], source["ledger"]) for source in report["sources"] if source["ledger"] is not None]
    owners = ["Log events" if len(ledgers) == 1 else f"Log events of {name}" for name, _ in ledgers]
    return [f"{owner}: {ledger_words(TailLedger(**told))}" for owner, (_, told) in zip(owners, ledgers, strict=True)]
