"""Small random logs with the values that language implementations trip over."""

import json

from hypothesis import strategies as st

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

texts = st.sampled_from(ODD_TEXTS) | st.text(st.sampled_from("ab1. -\n\té日"), max_size=4)
scalars = st.one_of(
    texts.map(lambda text: json.dumps(text, ensure_ascii=False)),
    texts.map(json.dumps),
    st.sampled_from(ODD_NUMBERS),
    st.sampled_from(("true", "false", "null")),
)
containers = st.sampled_from(
    ("{}", "[]", "[1,2]", '["a",null,true]', '{"k":1}', '{"k":"x","z":{"k":2}}', '[{"id":3},{"id":"q"}]', "[[1],[2]]")
)
FIELDS = (
    "a", "b", "n", "s", "list", "obj",
)  # fmt: skip


_ODD_PARTS = (
    '"@x":7', '"a.b":"dotted"', '"a":1,"a":2', '"obj":{"k":1,"k":2}', '"list.0":"flat"', '"n":1.50', '"n":-0.0',
    '"n":1e-9', '"n":123456789012345678901.5', '"s":"\\ud83d"', '"s":"\\ud83d\\ude00"', '"s":"\\u0000"', '"n":NaN',
    '"n":01', '"n":1,', '"":3', '"a~b/c":1', '"deep":[[{"a":[0,{"b":5}]}]]',
    ",".join(f'"f{number}":{number}' for number in range(198)),
)  # fmt: skip


@st.composite
def json_objects(draw: st.DrawFn) -> str:
    """A JSON object with some of the fields, as text."""
    parts = [f'"{name}":{draw(scalars)}' for name in draw(st.sets(st.sampled_from(("a", "b", "n", "s"))))]
    parts += [f'"{name}":{draw(containers)}' for name in draw(st.sets(st.sampled_from(("list", "obj"))))]
    parts += draw(st.sampled_from(([], [], [], *([part] for part in _ODD_PARTS))))
    space = draw(st.sampled_from(("", " ")))
    return "{" + f",{space}".join(draw(st.permutations(parts))) + "}"


@st.composite
def reports(draw: st.DrawFn) -> str:
    """A REPORT line, with and without what it need not have."""
    more = draw(
        st.sampled_from(
            (
                "\t\n",
                "\tInit Duration: 250.50 ms\t\n",
                "\tStatus: timeout\n",
                "\tInit Duration: 8 ms\t\nXRAY TraceId: 1-6-a\tSegmentId: 0b\tSampled: true\t\n",
                "\tRestore Duration: 400.00 ms\tBilled Restore Duration: 40 ms\t\n",
            )
        )
    )
    duration = draw(st.sampled_from(("0.50", "20.00", "100.00", "1500.25")))
    number, billed = draw(st.integers(1, 3)), draw(st.integers(1, 9))
    return (
        f"REPORT RequestId: {request_id(number)}\tDuration: {duration} ms\tBilled Duration: {billed} ms\t"
        f"Memory Size: 128 MB\tMax Memory Used: {draw(st.sampled_from((32, 64, 128)))} MB{more}"
    )


lines = st.one_of(
    json_objects(),
    json_objects(),
    json_objects(),
    json_objects().map(lambda text: f"[INFO] seen {text} end"),
    json_objects().map(lambda text: f"{{oops}} {text}{text}"),
    json_objects().map(lambda text: text + "\n"),
    reports(),
    st.integers(1, 3).map(lambda number: f"START RequestId: {request_id(number)} Version: $LATEST\n"),
    st.integers(1, 3).map(lambda number: f"END RequestId: {request_id(number)}\n"),
    st.integers(1, 3).map(lambda number: f"2026-11-21T03:00:00.000Z\t{request_id(number)}\tINFO\thello user=1, id=2"),
    st.integers(1, 3).map(lambda number: f"[ERROR]\t2026-11-21T03:00:00.000Z\t{request_id(number)}\tuser=é, id="),
    st.sampled_from(
        ("user=a, id=1", "user=, id=2 user=b, id=3", "user=a\nb, id=*", "[1,2]", "plain", "", "x=1 y=2 ", "INIT_START")
    ),
    texts,
)


@st.composite
def logs(draw: st.DrawFn, most: int = 10) -> list[LogRecord]:
    """Some events, some at one time, loaded in any order."""
    times = st.sampled_from((0, 1, 999, 1000, 60_000, 61_500, 299_999, 300_000, 3_600_000, 86_400_000))
    made = []
    for number in range(draw(st.integers(0, most))):
        timestamp_ms = START_MS + draw(times)
        stream, group = draw(st.sampled_from(("s1", "s2"))), draw(st.sampled_from(("g1", "g2")))
        made.append(LogRecord(timestamp_ms, timestamp_ms + 7, stream, group, draw(lines), f"pointer-{number}"))
    return made
