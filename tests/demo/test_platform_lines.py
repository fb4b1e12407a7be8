"""Sequences of platform lines in the world, as AWS writes them."""

import json
import re
from collections import defaultdict

from lambdatop.demo.account import EmbeddedAccount
from tests.demo.test_world import SHORT_MS, START_MS, build, ordinary, play

REQUEST_ID = re.compile(r"RequestId: (\S+)")


def history() -> EmbeddedAccount:
    """An ordinary quarter of an hour, with everything that goes wrong in one."""
    return ordinary()[0]


def streams(account: EmbeddedAccount, function: str) -> dict[str, list[str]]:
    """The messages of a function's streams, in order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for event in account.logs.group(f"/aws/lambda/{function}").events:
        found[event.log_stream_name].append(event.message)
    return found


def test_provisioned_environments_initialise_outside_of_requests() -> None:
    allocated = [
        lines for lines in streams(history(), "auth-authorizer").values() if lines[1].startswith("INIT_REPORT")
    ]
    assert len(allocated) == 4
    for lines in allocated:
        assert lines[0].startswith("INIT_START Runtime Version: nodejs:22.v82\tRuntime Version ARN: arn:aws:lambda:")
        assert re.fullmatch(r"INIT_REPORT Init Duration: \d+\.\d\d ms\n", lines[1])
        assert not any("\tInit Duration: " in line for line in lines)


def test_a_snapshot_is_taken_in_a_stream_of_its_own() -> None:
    taken = [lines for lines in streams(history(), "catalog-search").values() if lines[0].startswith("INIT_START")]
    assert [[line.split()[0] for line in lines] for lines in taken] == [["INIT_START", "INIT_REPORT"]]


def test_a_failed_initialisation_is_tried_again_before_its_start() -> None:
    failed = [
        lines for lines in streams(history(), "address-lookup").values() if any("Phase: init\t" in one for one in lines)
    ]
    assert failed
    for lines in failed:
        heads = [re.split(r"[ \t]", line)[0] for line in lines[:10]]
        attempt = ["[WARNING]", "[ERROR]", "INIT_REPORT"]
        assert heads == ["INIT_START", *attempt, *attempt, "START", "END", "REPORT"]
        assert "\t\tLAMBDA_WARNING: Unhandled exception." in lines[1]
        assert ["Phase: init" in lines[3], "Phase: invoke" in lines[6]] == [True, True]
        assert lines[9].endswith("\tStatus: error\tError Type: Runtime.ImportModuleError\n")
        assert "Init Duration" not in lines[9]


def test_functions_that_go_on_with_an_event_log_its_correlation_id() -> None:
    def ids(function: str) -> set[str]:
        texts = [line for stream in streams(history(), function).values() for line in stream]
        return {found for text in texts for found in re.findall(r'"correlationId":"(c-[0-9a-f]{8})"', text)}

    begun = ids("auth-authorizer")
    assert len(begun) > 50
    assert ids("payment-webhook") & begun
    assert not ids("thumbnailer")


def test_a_go_panic_is_logged_and_ends_the_process() -> None:
    lines = [line for stream in streams(history(), "image-resizer").values() for line in stream]
    at = next(number for number, line in enumerate(lines) if "boundsError" in line)
    stamp, document = lines[at][:20], json.loads(lines[at][20:])
    assert re.fullmatch(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ", stamp)
    assert document["errorMessage"] == "runtime error: index out of range [3] with length 3"
    assert lines[at + 1].endswith("resulted in a panic, the process should exit\n")
    assert lines[at + 3].endswith("\tStatus: error\tError Type: Runtime.ExitError\n")


def test_managed_instances_serve_requests_side_by_side_in_one_stream() -> None:
    found = streams(history(), "recommendations")
    assert len(found) == 3
    most = 0
    for lines in found.values():
        is_open: set[str] = set()
        for line in lines:
            record = json.loads(line)
            if record.get("type") == "platform.start":
                is_open.add(record["record"]["requestId"])
            elif record.get("type") == "platform.report":
                is_open.discard(record["record"]["requestId"])
                assert set(record["record"]["metrics"]) == {"durationMs"}
            most = max(most, len(is_open))
    assert most > 1


def test_records_name_the_accounts_own_function() -> None:
    starts = [
        json.loads(line)["record"]
        for lines in streams(history(), "orders-worker").values()
        for line in lines
        if "platform.start" in line
    ]
    assert {record["functionArn"] for record in starts} == {history().functions.arn("orders-worker")}


def test_retries_reuse_the_request_id() -> None:
    account, world = build("canary", history_ms=SHORT_MS)
    play(account, world, 120)
    reports = [
        match[1]
        for lines in streams(account, "email-sender").values()
        for line in lines
        if line.startswith("REPORT") and (match := REQUEST_ID.search(line))
    ]
    assert len(reports) > len(set(reports))
    assert account.clock.now_ms() == START_MS + 120_000
