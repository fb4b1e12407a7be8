"""The top frame of the function's own code is found in the stack traces of all runtimes, whatever lies above it."""

from typing import Any

import pytest

from lambdatop.parsers.stack_frame import frames_of_list, frames_of_text, own_frame


def _lines(*lines: str) -> str:
    return "\n".join(lines)


PYTHON = _lines(
    "Traceback (most recent call last):",
    '  File "/var/task/app.py", line 3, in handler',
    '  File "/var/task/orders/load.py", line 9, in load',
    '  File "/var/task/botocore/client.py", line 565, in _api_call',
    '  File "/var/lang/lib/python3.12/site-packages/botocore/client.py", line 1021, in _make_api_call',
    "ClientError: no",
)
TEXTS = {
    "python": (PYTHON, "orders/load.py:load"),
    "python, indented with no-break spaces": (PYTHON.replace("  ", "\u00a0\u00a0"), "orders/load.py:load"),
    "python, joined with carriage returns": (PYTHON.replace("\n", "\r"), "orders/load.py:load"),
    "python, the last of a chain": (PYTHON + "\n\n" + PYTHON.replace("load", "save"), "orders/save.py:save"),
    "node": (
        _lines(
            "TypeError: x",
            "    at parse (node:url:1:2)",
            "    at Object.get (/var/task/node_modules/a/b.js:1:2)",
            "    at async Object.total [as handler] (/var/task/src/price.js:12:31)",
            "    at async Runtime.handler (file:///var/task/index.mjs:3:9)",
        ),
        "src/price.js:total",
    ),
    "node, without a function": ("Error: x\n    at /var/task/index.js:3:9", "index.js"),
    "node, a module": ("Error: x\n    at file:///var/task/index.mjs:3:9", "index.mjs"),
    "node, source maps": ("Error: x\n    at total (webpack://shop/./src/price.ts:3:9)", "src/price.ts:total"),
    "node, a bundle with a hash": ("Error: x\n    at t (/var/task/chunk-3F2C9D1E.js:3:9)", "chunk-*.js:t"),
    "java": (
        _lines(
            "java.lang.IllegalStateException: x",
            "\tat java.base/java.util.Optional.orElseThrow(Optional.java:403)",
            "\tat software.amazon.awssdk.core.A.b(A.java:1)",
            "\tat com.acme.Orders.lambda$save$3(Orders.java:12)",
            "\tat com.acme.Handler.handle(Handler.java:2)",
        ),
        "com.acme.Orders.lambda$save",
    ),
    "java, a proxy": ("x\n\tat com.acme.Orders$$EnhancerBySpringCGLIB$$1a2b3c.save(<generated>)", "com.acme.Orders"),
    "dotnet": (
        _lines(
            "System.InvalidOperationException: x",
            "   at System.Linq.ThrowHelper.ThrowNoElementsException()",
            "   at Shop.Orders.Load(String id) in /src/Orders.cs:line 3",
            "   at Shop.Function.Handler(Request request) in /src/Function.cs:line 9",
        ),
        "Shop.Orders.Load",
    ),
    "dotnet, asynchronous": (
        "X: y\n   at Shop.Orders.<LoadAsync>d__3.MoveNext() in /src/Orders.cs:line 3",
        "Shop.Orders.LoadAsync",
    ),
    "dotnet, a lambda": (
        "X: y\n   at Shop.Orders.<>c__DisplayClass3_0.<Load>b__1(Line line) in /src/Orders.cs:line 3",
        "Shop.Orders.Load",
    ),
    "dotnet, a local function": (
        "X: y\n   at Program.<<Main>$>g__Save|0_3(Order order) in /src/Program.cs:line 72",
        "Program.Save",
    ),
    "go": (
        _lines(
            "panic: x",
            "",
            "goroutine 1 [running]:",
            "panic({0x7a1b20?, 0xc000012345?})",
            "\t/usr/local/go/src/runtime/panic.go:785 +0x132",
            "main.(*Cart).pick(0xc000012345, 0x5)",
            "\t/build/cart.go:12 +0x1d",
            "main.handler({0x8a1234, 0xc000012345})",
            "\t/build/main.go:21 +0x45",
        ),
        "/build/cart.go:main.(*Cart).pick",
    ),
    "go, main": (
        "panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/build/main.go:9 +0x1d",
        "/build/main.go:main.main",
    ),
    "ruby": (
        _lines(
            "/var/task/vendor/bundle/ruby/3.4.0/gems/pg-1.5/lib/pg.rb:9:in 'exec'",
            "/var/task/lib/order.rb:31:in 'block (2 levels) in Order#save'",
            "/var/task/app.rb:3:in 'handler'",
        ),
        "lib/order.rb:Order#save",
    ),
    "ruby, before 3.4": ("/var/task/a.rb:3:in `rescue in load'", "a.rb:load"),
    "rust": ("thread 'main' panicked at src/main.rs:7:5:\nboom", "src/main.rs"),
    "rust, a library's panic": (
        _lines(
            "thread 'main' panicked at /root/.cargo/registry/src/x/serde-1.0/src/lib.rs:7:5:",
            "boom",
            "   0: rust_begin_unwind",
            "             at /rustc/9fc6b431/library/std/src/panicking.rs:652:5",
            "   1: bootstrap::price::total::h0123456789abcdef",
            "             at ./src/price.rs:31:9",
        ),
        "src/price.rs:bootstrap::price::total",
    ),
    "library code alone": ("Error: x\n    at a (/var/task/node_modules/b/c.js:1:2)", ""),
    "none": ("no stack", ""),
}
LISTS: dict[str, tuple[list[Any], str]] = {
    "python": (
        ['  File "/var/task/a.py", line 3, in handler\n    b()\n', '  File "/var/task/b.py", line 1, in b\n    1/0\n'],
        "b.py:b",
    ),
    "node": (["TypeError: x", "    at total (/var/task/price.js:1:2)"], "price.js:total"),
    "dotnet": (
        ["X: y", "at System.A.B()", "at Shop.Orders.Load(String id) in C:\\src\\Orders.cs:line 3"],
        "Shop.Orders.Load",
    ),
    "ruby": (["/var/task/a.rb:3:in 'handler'"], "a.rb:handler"),
    "go": (
        [
            {
                "path": "github.com/aws/aws-lambda-go@v1.47.0/lambda/errors.go",
                "line": 39,
                "label": "lambdaPanicResponse",
            },
            {"path": "runtime/panic.go", "line": 785, "label": "gopanic"},
            {"path": "/build/price.go", "line": 41, "label": "Total"},
        ],
        "/build/price.go:Total",
    ),
    "structlog": (
        [{"filename": "/var/task/a.py", "lineno": 3, "name": "handler"}, {"filename": "/var/task/b.py", "name": "b"}],
        "b.py:b",
    ),
    "log4j2": (
        [
            {"class": "java.util.Optional", "method": "orElseThrow", "file": "Optional.java", "line": 403},
            {"class": "com.acme.Parcels", "method": "track", "file": "Parcels.java", "line": 40},
        ],
        "com.acme.Parcels.track",
    ),
    "zerolog": ([{"func": "publish", "line": "41", "source": "publish.go"}], "publish.go:publish"),
    "nothing known": ([1, None, {"a": 2}], ""),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_trace_names_the_top_frame_of_the_functions_own_code(name: str) -> None:
    text, frame = TEXTS[name]
    assert own_frame(frames_of_text(text)) == frame


@pytest.mark.parametrize("name", LISTS)
def test_so_does_a_trace_within_json(name: str) -> None:
    stack, frame = LISTS[name]
    assert own_frame(frames_of_list(stack)) == frame


@pytest.mark.parametrize("name", TEXTS)
def test_shifted_lines_change_no_frame(name: str) -> None:
    text, frame = TEXTS[name]
    for old, new in ((":3:9", ":13:19"), ("line 9,", "line 19,"), (".java:12)", ".java:112)"), (":line 3", ":line 13")):
        text = text.replace(old, new)
    assert own_frame(frames_of_text(text)) == frame
