"""Failures of one cause have one signature, failures of two causes have two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.parsers.error_signature import error_signature, normalised_message


@pytest.mark.parametrize(
    ("message", "normalised"),
    [
        ("Task timed out after 3.00 seconds", "Task timed out after <number> seconds"),
        (
            "(ThrottlingException) when calling PutItem (reached max retries: 4): Rate",
            "(ThrottlingException) when calling PutItem (reached max retries: <number>): Rate",
        ),
        (
            "User: arn:aws:sts::111122223333:assumed-role/s/s may not dynamodb:GetItem on arn:aws:dynamodb:x:1:t",
            "User: <arn> may not dynamodb:GetItem on <arn>",
        ),
        ("'user_8812'", "<quoted>"),
        (
            "Unable to import module 'search': No module named 'x'",
            "Unable to import module <quoted>: No module named <quoted>",
        ),
        ("Connection refused (0x0000274D/10061)", "Connection refused (<hex>/<number>)"),
        (
            "HTTPSConnectionPool(host='api.example.com', port=443): Max retries with url: /v1/orders/8812?x=1",
            "HTTPSConnectionPool(host=<quoted>, port=<number>): Max retries with url: /v1/orders/<number>?x=<number>",
        ),
        ("connect ECONNREFUSED 10.0.3.14:6379", "connect ECONNREFUSED <number>:<number>"),
        ("getaddrinfo ENOTFOUND db-3.example.com", "getaddrinfo ENOTFOUND db-<number>.example.com"),
        ("Request failed with status code 502", "Request failed with status code 502"),
        (
            "Cannot read properties of undefined (reading 'id')",
            "Cannot read properties of undefined (reading <quoted>)",
        ),
        ('violates unique constraint "orders_pkey"', "violates unique constraint <quoted>"),
        ("Order 3f2c9d1e-7a44-4c8e-b5ab-0e9c1d2f3a4b not found", "Order <uuid> not found"),
        ("no item 01ARZ3NDEKTSV4RRFFQ69G5FAV in cart", "no item <id> in cart"),
        ("bad eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N", "bad <id>.<id>.<id>"),
        ("user jane.doe@example.com is blocked", "user <email> is blocked"),
        ("s3://bucket/in/2026/10/08/part-0001.csv is empty", "<url> is empty"),
        ("GET https://api.example.com/v1/orders/8812?since=1 failed", "GET <url> failed"),
        ("index out of range [5] with length 3", "index out of range [<number>] with length <number>"),
        (
            "HikariPool-1 - request timed out after 30001ms.",
            "HikariPool-<number> - request timed out after <number>ms.",
        ),
        ("Expecting value: line 1 column 1 (char 0)", "Expecting value: line <number> column <number> (char <number>)"),
        ("2026-10-08T07:30:29.470Z cart expired", "<time> cart expired"),
        ("2026-10-08 07:30:29,470 cart expired", "<time> cart expired"),
        ("don't know user 5's cart", "don't know user <number>'s cart"),
        ("trace 1-6ac7c67a-1c0aa43118a5d54708c0da61 failed", "trace <trace> failed"),
        ('{"code":17,"id":"ab"}', "{<quoted>:<number>,<quoted>:<quoted>}"),
        ("exit status 127", "exit status 127"),
        ("session 9f86d081884c7d659a2feaa0c55ad015 gone", "session <hex> gone"),
        ("can't decode byte 0xff in position 0", "can't decode byte <hex> in position <number>"),
        ("int64 overflow in sha256 for ipv4", "int64 overflow in sha256 for ipv4"),
        ("instance i-0abcd1234ef567890 stopped", "instance i-<hex> stopped"),
        ("deadbeef is no cafe", "deadbeef is no cafe"),
        ("order8812 and cart_77 are gone", "order<number> and cart_<number> are gone"),
        ("  first\nsecond 2", "first"),
        ("first\rsecond 2", "first"),
        ("", ""),
    ],
)
def test_what_varies_becomes_a_placeholder(message: str, normalised: str) -> None:
    assert normalised_message(message) == normalised


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Order 17 of user 'a' not found", "Order 18 of user 'b' not found"),
        ("GET https://a.example/1 took 17 ms", "GET https://b.example/2?x took 1.5 ms"),
        ("no such key: 3f2c9d1e-7a44-4c8e-b5ab-0e9c1d2f3a4b", "no such key: 0f2c9d1e-7a44-4c8e-b5ab-0e9c1d2f3a4b"),
        ("token 01ARZ3NDEKTSV4RRFFQ69G5FAV", "token 7XYZ3NDEKTSV4RRFFQ69G5ABC"),
    ],
)
def test_one_cause_has_one_signature(one: str, other: str) -> None:
    assert error_signature("application", "E", one) == error_signature("application", "E", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("application", None, "Order 17 not found"), ("application", None, "Cart 17 not found")),
        (("application", "KeyError", "'a'"), ("application", "ValueError", "'a'")),
        (("timeout", None, "x"), ("application", None, "x")),
        (("application", None, "status code 502"), ("application", None, "status code 404")),
        (("runtime_exit", None, "exit status 1"), ("runtime_exit", None, "exit status 127")),
        (("application", None, "dynamodb:GetItem denied"), ("application", None, "dynamodb:PutItem denied")),
    ],
)
def test_two_causes_have_two_signatures(one: tuple[str, str | None, str], other: tuple[str, str | None, str]) -> None:
    assert error_signature(*one) != error_signature(*other)


def test_the_end_of_a_very_long_message_costs_nothing() -> None:
    message = "x = '" + "a1" * 1_000_000
    assert normalised_message(message) == normalised_message(message[:300])


@given(st.text())
def test_only_the_first_line_counts(message: str) -> None:
    assert error_signature("application", None, f"{message}\n17") == error_signature(
        "application", None, f"{message}\n18"
    )
