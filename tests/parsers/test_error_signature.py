"""Failures of one cause have one signature, failures of two causes have two; `test_error_grouping` counts how many."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.record import Application, UnhandledError
from lambdatop.parsers.error_signature import ErrorIdentity, error_identity, error_signature, stack_lines
from lambdatop.parsers.log_line import parse_log_line
from lambdatop.parsers.normalised_message import LIMIT, normalised_message


@pytest.mark.parametrize(
    ("message", "normalised"),
    [
        ("Task timed out after 3.00 seconds", "Task timed out after <duration>"),
        (
            "(ThrottlingException) when calling PutItem (reached max retries: 4): Rate",
            "(ThrottlingException) when calling PutItem (reached max retries: <value>): Rate",
        ),
        (
            "User: arn:aws:sts::1:assumed-role/s/s may not GetItem on arn:aws:dynamodb:x:1:table/orders/index/by-day",
            "User: <arn> may not GetItem on <arn dynamodb table/orders>",
        ),
        ("sent to arn:aws:sqs:eu-west-1:111122223333:orders-2026.", "sent to <arn sqs orders-<value>>"),
        ("'user_8812'", "<value>"),
        (
            "Unable to import module 'search': No module named 'x'",
            "Unable to import module 'search': No module named 'x'",
        ),
        ("Connection refused (0x0000274D/10061)", "Connection refused (<value>)"),
        (
            "HTTPSConnectionPool(host='api.example.com', port=443): Max retries with url: /orders/8812?x=1",
            "HTTPSConnectionPool(host='api.example.com', port=443): Max retries with url: /orders/<value>?<query>",
        ),
        ("connect ECONNREFUSED 10.0.3.14:6379", "connect ECONNREFUSED <address>:6379"),
        ("read tcp 10.0.1.5:43210->10.0.2.7:5432: reset", "read tcp <address>-><address>:5432: reset"),
        ("client 2001:db8::8a2e:370:7334 at 07:30:29", "client <address> at <time>"),
        ("getaddrinfo ENOTFOUND db-3.example.com", "getaddrinfo ENOTFOUND db-<value>.example.com"),
        ("Request failed with status code 502", "Request failed with status code 502"),
        ("404 Client Error: Not Found for order 404", "404 Client Error: Not Found for order <value>"),
        ("upstream returned 503 for 503 items", "upstream returned 503 for <value> item"),
        ("Cannot read properties of undefined (reading 'id')", "Cannot read properties of undefined (reading 'id')"),
        ('violates unique constraint "orders_pkey"', "violates unique constraint 'orders_pkey'"),
        ("Duplicate entry '8812-A' for key 'orders.uq'", "Duplicate entry <value> for key 'orders.uq'"),
        ("no customer 'acme'", "no customer <value>"),
        ("Order 3f2c9d1e-7a44-4c8e-b5ab-0e9c1d2f3a4b not found", "Order <value> not found"),
        ("order_3f2c9d1e-7a44-4c8e-b5ab-0e9c1d2f3a4b", "order_<value>"),
        ("no item 01ARZ3NDEKTSV4RRFFQ69G5FAV in cart", "no item <value> in cart"),
        ("bad eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N", "bad <value>"),
        ("user jane.doe@example.com is blocked", "user <email> is blocked"),
        ("s3://bucket/in/2026/10/08/part-0001.csv is empty", "<url bucket> is empty"),
        ("GET https://api.example.com/v1/orders/8812?since=1 failed", "GET <url api.example.com> failed"),
        ("index out of range [5] with length 3", "index out of range <value> with length <value>"),
        ("HikariPool-1 - request timed out after 30001ms.", "HikariPool-<value> - request timed out after <duration>."),
        ("Expecting value: line 1 column 1 (char 0)", "Expecting value: line <value> column <value> (char <value>)"),
        ("2026-10-08T07:30:29.470Z cart expired", "<time> cart expired"),
        ("2026-10-08 07:30:29,470 cart expired", "<time> cart expired"),
        ("Thu, 08 Oct 2026 07:30:29 GMT cart expired", "<time> cart expired"),
        ("don't know user 5's cart", "don't know user <value>'s cart"),
        ("trace 1-6ac7c67a-1c0aa43118a5d54708c0da61 failed", "trace <value> failed"),
        ('{"code":17,"id":"ab","none":null,"list":[1,{"a":2}]}', "<value>"),
        ("exit status 127", "exit status 127"),
        ("session 9f86d081884c7d659a2feaa0c55ad015 gone", "session <value> gone"),
        ("can't decode byte 0xff in position 0", "can't decode byte <value> in position <value>"),
        ("int64 overflow in sha256 for ipv4", "int64 overflow in sha256 for ipv4"),
        ("instance i-0abcd1234ef567890 stopped", "instance i-<value> stopped"),
        ("deadbeef is no cafe", "deadbeef is no cafe"),
        ("order8812 and cart_77 are gone", "order<value> and cart_<value> are gone"),
        ("took 1m30s of 950ms or 12.5 seconds", "took <duration> of <duration> or <duration>"),
        ("128 MB of 1.5 GiB", "<size> of <size>"),
        ("no file /tmp/tmpa8f2k/in.csv", "no file <path>"),
        ("\x1b[31mred\x1b[0m 2", "red <value>"),
        ("1 of 10 records failed", "<value> of <value> record failed"),
        ("(1 sub-exception) (2 sub-exceptions)", "(<value> sub-exception) (<value> sub-exception)"),
        (
            "17 is gone, 3 was lost, 2 status, 5 alias, 1 address",
            "<value> is gone, <value> was lost, <value> status, <value> alias, <value> address",
        ),
        ("reasons [None, ConditionalCheckFailed, None]", "reasons [ConditionalCheckFailed]"),
        ("reasons [Conflict, None, Conflict, Throttled]", "reasons [Conflict, Throttled]"),
        ("reasons [None, None]", "reasons <value>"),
        ('Post "https://pay.example.com/v1/charges/ch_3N": EOF', "Post <url pay.example.com>: EOF"),
        ("  first\nsecond 2", "first"),
        ("first\rsecond 2", "first"),
        ('Parameter validation failed:\nMissing "Key"\n    at x', "Parameter validation failed: Missing 'Key'"),
        ("", ""),
    ],
)
def test_what_varies_becomes_a_placeholder(message: str, normalised: str) -> None:
    assert normalised_message(message) == normalised


@pytest.mark.parametrize(
    ("error_type", "message", "normalised"),
    [
        ("KeyError", "'currency'", "'currency'"),
        ("KeyError", "'user_8812'", "'user_<value>'"),
        ("KeyError", "'3f2c9d1e-7a44-4c8e-b5ab-0e9c1d2f3a4b'", "<value>"),
        ("KeyError", "'two words'", "<value>"),
        ("ValueError", "'currency'", "<value>"),
        ("TypeError", "unsupported operand type(s) for +: 'int' and 'str'", None),
        ("AttributeError", "'NoneType' object has no attribute 'get'", None),
        ("KeyError", "no customer 'acme'", "no customer <value>"),
        ("ValueError", "'total' is required", None),
        ("ValueError", "no rate from 'EUR' to 'USD'", "no rate from <value> to <value>"),
    ],
)
def test_a_quoted_name_is_the_bug_and_a_quoted_value_is_not(
    error_type: str, message: str, normalised: str | None
) -> None:
    assert normalised_message(message, error_type) == (message if normalised is None else normalised)


def test_timeouts_and_exhausted_memory_are_one_group_each_whatever_the_format_says_of_them() -> None:
    one, other = ErrorIdentity("Sandbox.Timedout", "", ""), ErrorIdentity("", "Task timed out after <duration>", "")

    assert error_signature("timeout", one) == error_signature("timeout", other)
    assert error_signature("out_of_memory", one) == error_signature("out_of_memory", other)
    assert error_signature("runtime_exit", one) != error_signature("runtime_exit", other)
    assert error_signature("timeout", one) != error_signature("out_of_memory", one)


def test_an_identity_is_type_message_root_cause_and_frame() -> None:
    line = (
        "2024-06-17 17:23:55 40f6c622-67a3-4159-97f2-ce364a0cb7a8 ERROR Handler - order 17 was not saved\n"
        "com.acme.SaveException: row 17 is locked\n"
        "\tat com.acme.Orders.save(Orders.java:12)\n"
        "Caused by: java.net.ConnectException: Connection refused\n"
        "\tat java.base/sun.nio.ch.Net.pollConnect(Native Method)\n"
    )

    assert error_identity(parse_log_line(line)) == ErrorIdentity(
        "com.acme.SaveException",
        "Handler - order <value> was not saved | row <value> is locked | java.net.ConnectException: Connection refused",
        "com.acme.Orders.save",
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ('"code":"ECONNREFUSED","errors":[{"errorMessage":"refused ::1:5432"},{"message":"refused 10.0.0.1:5432"}]',
         "refused <address> | refused <address>:5432"),
        ('"code":"ECONNREFUSED"', "ECONNREFUSED"),
        ('"errors":["a",{"errorMessage":7}]', "Invoke Error"),
    ],
)  # fmt: skip
def test_an_aggregate_error_says_what_its_errors_say_or_its_code(fields: str, said: str) -> None:
    line = (
        "2026-11-20T13:33:13.670Z\tc3252230-c73d-49f6-8844-968c01d1e2e1\tERROR\tInvoke Error \t"
        f'{{"errorType":"AggregateError","errorMessage":"",{fields},"stack":["AggregateError"]}}'
    )

    assert error_identity(parse_log_line(line)) == ErrorIdentity("AggregateError", said, "")


def test_an_exception_group_is_told_by_the_last_error_within_it() -> None:
    line = (
        "[ERROR]\t2026-11-20T13:33:13.670Z\tc3252230-c73d-49f6-8844-968c01d1e2e1\tfan-out failed\n"
        "  + Exception Group Traceback (most recent call last):\n"
        '  |   File "/var/task/fan.py", line 9, in fan_out\n'
        "  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)\n"
        "  +-+---------------- 1 ----------------\n"
        "    | Traceback (most recent call last):\n"
        '    |   File "/var/task/fan.py", line 21, in push\n'
        "    | KeyError: 'topic'\n"
        "    +------------------------------------"
    )

    assert error_identity(parse_log_line(line)).message == "fan-out failed | KeyError: 'topic'"


@pytest.mark.parametrize(
    ("line", "identity"),
    [
        ("RESTORE_REPORT Restore Duration: 10012.04 ms Status: timeout", ErrorIdentity("", "restore timeout")),
        (
            "RESTORE_REPORT Restore Duration: 9.10 ms Status: error Error Type: Runtime.ExitError",
            ErrorIdentity("Runtime.ExitError", "restore error"),
        ),
        ("fatal error: concurrent map writes\n", ErrorIdentity("panic", "concurrent map writes")),
    ],
)
def test_failures_that_say_little_are_told_by_what_they_are(line: str, identity: ErrorIdentity) -> None:
    assert error_identity(parse_log_line(line)) == identity


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ('"stack":["E: x","    at f (a.js:1:2)"]', ("E: x", "    at f (a.js:1:2)")),
        ('"stackTrace":["  File a\\n    f()\\n"]', ("  File a", "    f()")),
        ('"error":{"stack":"E: x\\n    at f"}', ("E: x", "    at f")),
        ('"stackTrace":[{"path":"a.go","line":3,"label":"f"}]', ("    at f (a.go)",)),
        ('"sku":17', ()),
    ],
)
def test_a_stack_trace_is_found_wherever_a_record_holds_it(fields: str, lines: tuple[str, ...]) -> None:
    assert stack_lines(parse_log_line(f'{{"level":"error","msg":"x",{fields}}}')) == lines


@pytest.mark.parametrize(
    ("place", "frame"),
    [
        ('"caller":"events/publish.go:41"', "events/publish.go"),
        ('"location":"reserve:44"', "reserve"),
        ('"location":"/var/task/hooks.py:deliver:41"', "hooks.py:deliver"),
        ('"source":{"function":"main.save","file":"/build/save.go","line":9}', "/build/save.go:main.save"),
        ('"filename":"pay.py","func_name":"charge","lineno":9', "pay.py:charge"),
        ('"filename":3,"caller":{"a":1},"source":"web"', ""),
    ],
)
def test_without_a_stack_trace_the_frame_is_where_the_line_was_logged(place: str, frame: str) -> None:
    assert error_identity(parse_log_line(f'{{"level":"error","msg":"no stock",{place}}}')).frame == frame


def test_the_end_of_a_very_long_message_costs_nothing() -> None:
    message = "x = '" + "a1" * 1_000_000
    assert normalised_message(message) == normalised_message(message[:LIMIT])


@given(st.text())
def test_only_the_first_line_counts_unless_it_announces_more(message: str) -> None:
    first = f"{message.strip()}."
    assert normalised_message(f"{first}\n17 a") == normalised_message(f"{first}\n18 b")


@given(st.text(), st.integers(0, 10**12), st.integers(0, 10**12))
def test_numbers_never_tell_failures_apart(words: str, one: int, other: int) -> None:
    assert normalised_message(f"cart {one} of x {words}") == normalised_message(f"cart {other} of x {words}")


_HEAD = "X: y\n"
_LONG: dict[str, Callable[[], str]] = {
    "quotes": lambda: "'" * 200_000,
    "quoted names in a row": lambda: "key 'a', " * 40_000,
    "types in a row": lambda: "A: " * 60_000 + "\n    at x",
    "hexadecimal": lambda: "a1" * 100_000,
    "dots": lambda: "a." * 100_000,
    "brackets": lambda: "[" * 200_000,
    "objects in objects": lambda: "{'a': " * 40_000,
    "an address without an end": lambda: "a:" * 90_000,
    "hosts": lambda: "a.com" * 40_000,
    "clocks": lambda: "1:1:" * 50_000,
    "an e-mail address": lambda: "a@" * 90_000,
    "identifiers": lambda: "_1" * 90_000,
    "open frames": lambda: _HEAD + "    at a.b.c(\n" * 20_000,
    "a frame of letters": lambda: _HEAD + "    at " + "a" * 160_000,
    "a frame of brackets": lambda: _HEAD + ("    at " + "(" * 150 + "\n") * 2_000,
    "a frame of generics": lambda: _HEAD + ("   at " + "a.<b>" * 60 + "(\n") * 500,
    "a frame of modules": lambda: _HEAD + ("\tat " + "a.b/" * 70 + "(\n") * 500,
    "goroutines": lambda: "panic: x\n" + ("a(" * 100 + "\n\t/x.go:") * 1_000,
    "tracebacks": lambda: "Traceback (most recent call last):\n" + '  File "' * 30_000,
    "a ruby file": lambda: "/a" * 80_000 + ".rb:",
    "a rust file": lambda: "panicked at " + "a.rs:" * 40_000,
    "errors within errors": lambda: "+ Exception Group Traceback\n" + "| " * 80_000 + "\n| a" * 20_000,
    "causes": lambda: "\nCaused by: " * 15_000,
    "announced lines": lambda: "x: [" + "\n  a" * 50_000,
}


@pytest.mark.parametrize("name", _LONG)
def test_no_text_takes_long_however_it_is_made(name: str) -> None:
    text = _LONG[name]()
    records = (
        Application(text=text, message=text),
        Application(text=f"x\n    at {text}\n.go: .rb:", message="x"),
        UnhandledError(text=text, error_type=text[:300], error_message=text),
    )
    before = time.process_time()
    for record in records:
        error_identity(record)
    assert time.process_time() - before < 1.0, "some milliseconds are usual"
