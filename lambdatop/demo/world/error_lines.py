"""Unhandled errors as each language's runtime writes them, text and JSON."""

import json

from lambdatop.demo.world.function_model import Failure
from lambdatop.demo.world.time_text import iso_ms, iso_s, strftime

PANIC_EXIT = "{} calling the handler function resulted in a panic, the process should exit\n"


def unhandled_error(runtime: str, failure: Failure, request_id: str, time_ms: int, *, is_json: bool) -> str:
    """The one event that a failed handler leaves, by the runtime's language."""
    if runtime.startswith("python"):
        return _python_json(failure, request_id, time_ms) if is_json else _python(failure)
    if runtime.startswith("nodejs"):
        return _node(failure, request_id, time_ms, is_json=is_json)
    if runtime.startswith("java"):
        return _java(failure, request_id, time_ms, is_json=is_json)
    if runtime.startswith("dotnet"):
        return _dotnet(failure, request_id, time_ms, is_json=is_json)
    if runtime.startswith("ruby"):
        return _ruby(failure)
    return _go_panic(failure, time_ms) if is_panic(runtime, failure) else _go(failure)


def _python(failure: Failure) -> str:
    """Indented by no-break spaces, without a newline at the end."""
    return (
        f"[ERROR] {failure.error_type}: {failure.message}\nTraceback (most recent call last):\n"
        f'\u00a0\u00a0File "/var/task/app.py", line 61, in handler\n'
        f"\u00a0\u00a0\u00a0\u00a0return {failure.at}(event)\n"
        f'\u00a0\u00a0File "/var/task/app.py", line 27, in {failure.at}\n'
        f"\u00a0\u00a0\u00a0\u00a0raise {failure.error_type}({failure.message})"
    )


def _python_json(failure: Failure, request_id: str, time_ms: int) -> str:
    return json.dumps(
        {
            "timestamp": iso_s(time_ms),
            "log_level": "ERROR",
            "errorMessage": failure.message,
            "errorType": failure.error_type,
            "requestId": request_id,
            "stackTrace": [f'  File "/var/task/app.py", line 27, in {failure.at}\n    raise {failure.error_type}\n'],
        }
    )


def _node(failure: Failure, request_id: str, time_ms: int, *, is_json: bool) -> str:
    error = {
        "errorType": failure.error_type,
        "errorMessage": failure.message,
        "stack": [
            f"{failure.error_type}: {failure.message}",
            f"    at {failure.at} (/var/task/index.js:48:11)",
            "    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)",
            "    at async Runtime.handler (/var/task/index.js:19:5)",
        ],
    }
    if not is_json:
        return f"{iso_ms(time_ms)}\t{request_id}\tERROR\tInvoke Error \t{_compact(error)}\n"
    message = {"errorType": failure.error_type, "errorMessage": failure.message, "stackTrace": error["stack"]}
    return _compact({"timestamp": iso_ms(time_ms), "level": "ERROR", "requestId": request_id, "message": message})


def _java(failure: Failure, request_id: str, time_ms: int, *, is_json: bool) -> str:
    stack = f"\tat shop.Handler.{failure.at}(Handler.java:88)\n\tat shop.Handler.handleRequest(Handler.java:41)\n"
    text = f"{failure.message}: {failure.error_type}\n{failure.error_type}: {failure.message}\n{stack}"
    if not is_json:
        return text
    return _compact({"timestamp": iso_ms(time_ms), "level": "ERROR", "message": text, "AWSRequestId": request_id})


def _dotnet(failure: Failure, request_id: str, time_ms: int, *, is_json: bool) -> str:
    stack = f"   at Shop.Function.{failure.at}(Order order) in /src/Function.cs:line 52"
    if not is_json:
        return f"{iso_ms(time_ms)}\t{request_id}\tfail\t{failure.error_type}: {failure.message}\n{stack}\n"
    return _compact(
        {
            "timestamp": iso_ms(time_ms),
            "level": "Error",
            "requestId": request_id,
            "message": failure.message,
            "errorType": failure.error_type,
            "errorMessage": failure.message,
            "stackTrace": [stack],
        }
    )


def _ruby(failure: Failure) -> str:
    document = {
        "errorMessage": failure.message,
        "errorType": f"Function<{failure.error_type}>",
        "stackTrace": [f"/var/task/app.rb:31:in '{failure.at}'", "/var/task/app.rb:12:in 'handler'"],
    }
    return f"Error raised from handler method\n{json.dumps(document, indent=2)}\n"


def _go(failure: Failure) -> str:
    return _compact(
        {
            "errorMessage": failure.message,
            "errorType": failure.error_type,
            "stackTrace": [{"path": "main.go", "line": 74, "label": f"main.{failure.at}"}],
        }
    )


def is_panic(runtime: str, failure: Failure) -> bool:
    """Whether a function dies the way Go's do: with an error in the log, and then with its process."""
    return failure.kind == "exit" and runtime.startswith("provided")


def _go_panic(failure: Failure, time_ms: int) -> str:
    """What the Go library's `log` prints of a panic before it ends the process."""
    document = {
        "errorMessage": failure.message,
        "errorType": "boundsError",
        "stackTrace": [
            {"path": "runtime/panic.go", "line": 115, "label": "goPanicIndex"},
            {"path": "main.go", "line": 58, "label": f"main.{failure.at}"},
        ],
    }
    return f"{strftime(time_ms, '%Y/%m/%d %H:%M:%S')} {_compact(document)}\n"


def _compact(document: object) -> str:
    return json.dumps(document, separators=(",", ":"))
