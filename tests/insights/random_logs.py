"""Small random logs with the values that language implementations trip over."""

import json
from random import Random

from lambdatop.insights.log_table import LogRecord
from tests.insights.known_log import START_MS, request_id

ODD_TEXTS = (
    "", "0", "-0", "1", "1.0", "01", "007", "2", "10", "1e5", "1E5", "100000", "1e-7", "-3.5", "0.5", "0.1",
    "9007199254740993", "12345678901234567890123", " 5", "5 ", "+5", ".5", "5.", "1_000", "NaN", "inf", "1e999",
    "0x10", "true", "null", "abc", "Abc", "ABC", "a b", "a\nb", "a\tb", "é", "日本語", "😀", "x9", "x10", "x 2",
    "10.0.0.7", "192.168.1.1", "::1", "%", "_", "a'b", 'a"b', "a\\b", "[1,2,3]", '{"k":5}', '["a","b"]', "SGVsbG8=",
    "48656c6c6f", "2026-11-21", "\u00a0", "٣",
)  # fmt: skip
ODD_NUMBERS = (
    "0", "-0", "1", "1.0", "2", "3", "10", "-3.5", "0.5", "1e5", "1E+2", "0.1", "9007199254740993", "404", "200",
)  # fmt: skip
_CONTAINERS = (
    "{}", "[]", "[1,2]", '["a",null,true]', '{"k":1}', '{"k":"x","z":{"k":2}}', '[{"id":3},{"id":"q"}]', "[[1],[2]]",
)  # fmt: skip
_ODD_PARTS = (
    '"@x":7', '"a.b":"dotted"', '"a":1,"a":2', '"obj":{"k":1,"k":2}', '"list.0":"flat"', '"n":1.50', '"n":-0.0',
    '"n":1e-9', '"n":123456789012345678901.5', '"s":"\\ud83d"', '"s":"\\ud83d\\ude00"', '"s":"\\u0000"', '"n":NaN',
    '"n":01', '"n":1,', '"":3', '"a~b/c":1', '"deep":[[{"a":[0,{"b":5}]}]]',
    ",".join(f'"f{number}":{number}' for number in range(198)),
)  # fmt: skip
_AFTER_REPORT = (
    "\t\n", "\tInit Duration: 250.50 ms\t\n", "\tStatus: timeout\n",
    "\tInit Duration: 8 ms\t\nXRAY TraceId: 1-6-a\tSegmentId: 0b\tSampled: true\t\n",
    "\tRestore Duration: 400.00 ms\tBilled Restore Duration: 40 ms\t\n",
)  # fmt: skip
_LINES = (
    "user=a, id=1", "user=, id=2 user=b, id=3", "user=a\nb, id=*", "[1,2]", "plain", "", "x=1 y=2 ", "INIT_START",
)  # fmt: skip
_DELAYS_MS = (
    0, 1, 999, 1000, 60_000, 61_500, 299_999, 300_000, 3_600_000, 86_400_000,
)  # fmt: skip


def text(rng: Random) -> str:
    """An odd text, or a few odd characters."""
    return rng.choice(ODD_TEXTS) if rng.random() < 0.8 else "".join(rng.choices("ab1. -\n\té日", k=rng.randint(0, 4)))


def json_scalar(rng: Random) -> str:
    """A JSON value that is no container."""
    kind = rng.randint(0, 9)
    if kind <= 3:
        return json.dumps(text(rng), ensure_ascii=rng.random() < 0.5)
    return rng.choice(ODD_NUMBERS if kind <= 8 else ("true", "false", "null"))


def json_object(rng: Random) -> str:
    """A JSON object with some of the fields, as text."""
    parts = [f'"{name}":{json_scalar(rng)}' for name in "abns" if rng.random() < 0.6]
    parts += [f'"{name}":{rng.choice(_CONTAINERS)}' for name in ("list", "obj") if rng.random() < 0.4]
    if rng.random() < 0.3:
        parts.append(rng.choice(_ODD_PARTS))
    rng.shuffle(parts)
    return "{" + f",{rng.choice(('', ' '))}".join(parts) + "}"


def report(rng: Random) -> str:
    """A REPORT line, with and without what it need not have."""
    more = rng.choice(_AFTER_REPORT)
    duration, used = rng.choice(("0.50", "20.00", "100.00", "1500.25")), rng.choice((32, 64, 128))
    return (
        f"REPORT RequestId: {request_id(rng.randint(1, 3))}\tDuration: {duration} ms\t"
        f"Billed Duration: {rng.randint(1, 9)} ms\tMemory Size: 128 MB\tMax Memory Used: {used} MB{more}"
    )


def line(rng: Random) -> str:
    """The message of an event."""
    found, number = json_object(rng), request_id(rng.randint(1, 3))
    return rng.choice(
        (
            *[found] * 6,
            f"[INFO] seen {found} end",
            f"{{oops}} {found}{found}",
            f"{found}\n",
            *[report(rng)] * 2,
            f"START RequestId: {number} Version: $LATEST\n",
            f"END RequestId: {number}\n",
            f"2026-11-21T03:00:00.000Z\t{number}\tINFO\thello user=1, id=2",
            f"[ERROR]\t2026-11-21T03:00:00.000Z\t{number}\tuser=é, id=",
            rng.choice(_LINES),
            text(rng),
        )
    )


def random_log(rng: Random, most: int = 12) -> list[LogRecord]:
    """Some events, some at one time, loaded in any order."""
    made = []
    for number in range(rng.randint(0, most)):
        timestamp_ms = START_MS + rng.choice(_DELAYS_MS)
        stream, group = rng.choice(("s1", "s2")), rng.choice(("g1", "g2"))
        made.append(LogRecord(timestamp_ms, timestamp_ms + 7, stream, group, line(rng), f"pointer-{number}"))
    return made
