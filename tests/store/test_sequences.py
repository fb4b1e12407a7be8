"""Sequences of lines as AWS writes them, and what they count as."""

import pytest

from lambdatop.model.statistics import FAILURE_KINDS, WindowStatistics
from tests.store.lines import Line, checkout, ended, read, reported, request_id, row, started

IMPORT_ERROR = (
    "[ERROR] Runtime.ImportModuleError: Unable to import module 'search': No module named 'search'\n"
    "Traceback (most recent call last):"
)
RAISED = (
    "[ERROR] CustomException: some error occurred\nTraceback (most recent call last):\n"
    '\u00a0\u00a0File "/var/task/handler.py", line 6, in handler\n'
    '\u00a0\u00a0\u00a0\u00a0raise CustomException("some error occurred")'
)
INIT_START = (
    "INIT_START Runtime Version: python:3.12.v11\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:36ae\n"
)
TIMED_OUT = f"2026-11-18T11:47:03.426Z {request_id(1)} Task timed out after 3.05 seconds\n\n"
KILLED = f"RequestId: {request_id(1)} Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n"
NODE_ERROR = (
    f"2020-11-03T00:36:23.376Z\t{request_id(1)}\tERROR\tInvoke Error \t"
    '{"errorType":"AssertionError","errorMessage":"id is a mandatory field","stack":["AssertionError"]}'
)


def python_json_error(number: int) -> str:
    return (
        f'{{"timestamp": "2026-11-18T11:47:00Z", "log_level": "ERROR", "requestId": "{request_id(number)}", '
        '"errorMessage": "no such cart", "errorType": "KeyError", "stackTrace": []}'
    )


def failed_init(phase: str) -> str:
    return f"INIT_REPORT Init Duration: 137.69 ms\tPhase: {phase}\tStatus: error\tError Type: Runtime.ImportModuleError"


def json_line(kind: str, record: str) -> str:
    return f'{{"time":"2026-11-18T11:47:01.000Z","type":"platform.{kind}","record":{{{record}}}}}'


CASES: dict[str, tuple[list[Line], dict[str, int]]] = {
    "a plain invocation": ([started(0, 1), ended(9, 1), reported(10, 1)], {"invocations": 1}),
    "a start alone is no invocation": ([started(0, 1)], {"invocations": 0}),
    "two retries under one request ID": (
        [started(0, 1), reported(10, 1), started(60, 1), reported(70, 1)],
        {"invocations": 2},
    ),
    "an init of no length is a cold start": ([reported(10, 1, init_ms=0.0)], {"invocations": 1, "cold_starts": 1}),
    "a restore is a cold start": (
        [reported(900, 1, restore_ms=700)],
        {"invocations": 1, "cold_starts": 1, "restores": 1},
    ),
    "an exception in Python names no request": (
        [started(0, 1), (5, RAISED), ended(9, 1), reported(10, 1), started(20, 2), reported(30, 2)],
        {"invocations": 2, "unhandled_exception": 1},
    ),
    "an exception in Node": (
        [started(0, 1), (5, NODE_ERROR), ended(9, 1), reported(10, 1)],
        {"invocations": 1, "unhandled_exception": 1},
    ),
    "a new timeout": ([started(0, 1), reported(3000, 1, 3000, status="timeout")], {"invocations": 1, "timeout": 1}),
    "an old timeout, told after the report": (
        [started(0, 1), ended(3004, 1), reported(3005, 1, 3003), (3005, TIMED_OUT)],
        {"invocations": 1, "timeout": 1},
    ),
    "both kinds of timeout lines are one": (
        [started(0, 1), (2999, TIMED_OUT), reported(3000, 1, 3000, status="timeout")],
        {"invocations": 1, "timeout": 1},
    ),
    "out of memory": (
        [started(0, 1), reported(10, 1, used_mb=128, status="error", error_type="Runtime.OutOfMemory")],
        {"invocations": 1, "out_of_memory": 1},
    ),
    "killed with all memory used": (
        [started(0, 1), (9, KILLED), reported(10, 1, used_mb=128)],
        {"invocations": 1, "out_of_memory": 1},
    ),
    "killed otherwise": ([started(0, 1), (9, KILLED), reported(10, 1)], {"invocations": 1, "runtime_exit": 1}),
    "an import that fails, in its real order": (
        [
            (0, INIT_START),
            (100, IMPORT_ERROR),
            (
                101,
                failed_init("init"),
            ),
            (180, IMPORT_ERROR),
            (
                181,
                failed_init("invoke"),
            ),
            started(182, 1),
            ended(183, 1),
            reported(184, 1, 98.71, status="error", error_type="Runtime.ImportModuleError"),
        ],
        {"invocations": 1, "init_failure": 1, "cold_starts": 0},
    ),
    "a first init that times out and then succeeds is no failure": (
        [
            (0, INIT_START),
            (10_000, "INIT_REPORT Init Duration: 10009.13 ms\tPhase: init\tStatus: timeout"),
            started(10_010, 1),
            reported(12_000, 1, 1990),
        ],
        {"invocations": 1},
    ),
    "a failure whose report never comes": ([started(0, 1), (9, KILLED)], {"invocations": 1, "runtime_exit": 1}),
    "after a crash the init hides in the duration": (
        [
            started(0, 1),
            reported(10, 1, status="error", error_type="Runtime.OutOfMemory", used_mb=128),
            started(11, 2),
            reported(500, 2, 900),
            started(600, 3),
            reported(610, 3),
        ],
        {"invocations": 3, "out_of_memory": 1, "suppressed_inits": 1},
    ),
    "an INIT_START after a crash hides nothing": (
        [
            started(0, 1),
            reported(10, 1, status="error", error_type="Runtime.ExitError"),
            (11, INIT_START),
            started(100, 2),
            reported(500, 2),
        ],
        {"invocations": 2, "runtime_exit": 1},
    ),
    "a provisioned init in text": (
        [(0, "INIT_REPORT Init Duration: 13316.04 ms")],
        {"invocations": 0, "proactive_inits": 1},
    ),
    "a JSON timeout": (
        [
            (0, json_line("start", f'"requestId":"{request_id(1)}","version":"$LATEST"')),
            (
                3000,
                json_line(
                    "runtimeDone", f'"requestId":"{request_id(1)}","status":"timeout","metrics":{{"durationMs":3000}}'
                ),
            ),
            (
                3001,
                json_line(
                    "report",
                    f'"requestId":"{request_id(1)}","metrics":{{"durationMs":3000.0,"billedDurationMs":3000,'
                    '"memorySizeMB":128,"maxMemoryUsedMB":94},"status":"timeout"',
                ),
            ),
        ],
        {"invocations": 1, "timeout": 1},
    ),
    "a JSON report of an on-demand init is not proactive": (
        [
            (
                0,
                json_line(
                    "initReport",
                    '"initializationType":"on-demand","phase":"init","status":"success","metrics":{"durationMs":100.4}',
                ),
            )
        ],
        {"invocations": 0},
    ),
    "a JSON report of a SnapStart init is proactive": (
        [
            (
                0,
                json_line(
                    "initReport",
                    '"initializationType":"snap-start","phase":"init","status":"success","metrics":{"durationMs":100.4}',
                ),
            )
        ],
        {"proactive_inits": 1},
    ),
    "an exception in JSON names its request, though the report calls it a success": (
        [
            (0, json_line("start", f'"requestId":"{request_id(1)}","version":"$LATEST"')),
            (
                100,
                python_json_error(1),
            ),
            (
                200,
                json_line(
                    "report",
                    f'"requestId":"{request_id(1)}","metrics":{{"durationMs":200.0,"billedDurationMs":200,'
                    '"memorySizeMB":128,"maxMemoryUsedMB":94},"status":"success"',
                ),
            ),
        ],
        {"invocations": 1, "unhandled_exception": 1},
    ),
}


def counted(window: WindowStatistics) -> dict[str, int]:
    numbers = {kind: getattr(window.error_kinds, kind) for kind in FAILURE_KINDS}
    names = "invocations", "cold_starts", "restores", "proactive_inits", "suppressed_inits"
    return numbers | {name: getattr(window, name) for name in names}


@pytest.mark.parametrize("name", CASES)
def test_a_sequence_counts_as(name: str) -> None:
    lines, expected = CASES[name]
    none = dict.fromkeys(counted(WindowStatistics(start_ms=0, end_ms=1)), 0)

    assert counted(row(read(lines)).window) == none | expected


@pytest.mark.parametrize("name", CASES)
def test_a_sequence_counts_the_same_backwards(name: str) -> None:
    lines, expected = CASES[name]
    none = dict.fromkeys(counted(WindowStatistics(start_ms=0, end_ms=1)), 0)

    assert counted(row(read(reversed(lines))).window) == none | expected


def test_managed_instances_have_no_cold_starts_and_no_cost() -> None:
    function = checkout(is_managed_instances=True)
    lines = [
        (10, json_line("report", f'"requestId":"{request_id(1)}","metrics":{{"durationMs":9.0}},"status":"success"'))
    ]

    window = row(read(lines, function)).window

    assert (window.invocations, window.cold_starts, window.cost_usd) == (1, None, None)
    assert {note.field for note in row(read(lines, function)).notes} >= {"cold_starts", "cost_usd"}
