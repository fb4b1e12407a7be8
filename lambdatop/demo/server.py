"""The endpoint: an HTTP server on the loopback interface that answers as AWS does."""

import select
import socket
import struct
import threading
from collections.abc import Iterable
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.faults import Fault
from lambdatop.demo.quotas import Quotas
from lambdatop.demo.refusals import refuse, spoiled
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.services.live_tail import LiveTail
from lambdatop.demo.services.registry import ServiceRegistry
from lambdatop.demo.trace_daemon import TraceDaemon
from lambdatop.demo.wire.requests import Request, read_input, route
from lambdatop.demo.wire.responses import Response, answer, answer_error

HOST = "127.0.0.1"
MAX_BODY_BYTES = 16_000_000
TRICKLE_PIECES = 10


class EmbeddedEndpoint:
    """Serves one account over HTTP, and takes X-Ray segments over UDP; both end with `stop` or with the process.

    `port=0` takes a free port. Raises OSError with a plain sentence where the port is taken. `throttle=False` lifts
    the request quotas, for loading an account quickly. `faults` are what is told wrongly, as `demo.faults` describes
    them; they become the account's weather, and FaultError is raised for one that is not understood.
    """

    def __init__(
        self, account: EmbeddedAccount, port: int = 0, *, throttle: bool = True, faults: Iterable[Fault | str] = (),
        seed: int = 1,
    ) -> None:  # fmt: skip
        self._account = account
        account.weather.forecast(faults, seed)
        try:
            self._server = _Server((HOST, port), _RequestHandler)
        except OSError as error:
            raise OSError(error.errno, f"port {port} on {HOST} is in use or not allowed") from error
        self._server.account = account
        self._server.registry = ServiceRegistry(account, self.url)
        self._server.quotas = Quotas(account.clock, account.region) if throttle else None
        self._daemon = TraceDaemon(account.traces)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name="embedded endpoint", daemon=True
        )

    @property
    def url(self) -> str:
        """Where the endpoint answers, such as http://127.0.0.1:40001."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def environment(self) -> dict[str, str]:
        """Environment variables that point any AWS client and the X-Ray SDK here; any credentials do."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "lambdatop",
            "AWS_SECRET_ACCESS_KEY": "lambdatop",
            "AWS_DEFAULT_REGION": self._account.region,
            "AWS_REGION": self._account.region,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_XRAY_DAEMON_ADDRESS": self._daemon.address,
        }

    def start(self) -> None:
        """Begin to answer; the faults' windows count from here."""
        self._account.weather.begin()
        self._daemon.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and give both ports back."""
        self._server.is_stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.close_connections()
        self._server.server_close()
        self._daemon.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    account: EmbeddedAccount
    registry: ServiceRegistry
    quotas: Quotas | None

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.is_stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, handler)

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        if isinstance(request, socket.socket):
            with self._open_lock:
                self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        if isinstance(request, socket.socket):
            with self._open_lock:
                self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """End kept-alive connections, whose threads would wait for a next request."""
        with self._open_lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:  # the client closed it first
                    continue

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in mid-sentence is no news."""


class _RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server_version = "lambdatop"
    sys_version = ""
    server: _Server
    error_content_type = "application/json"
    error_message_format: ClassVar[str] = '{"message": "%(message)s"}'  # type: ignore[misc]  # typeshed has no ClassVar

    def do_POST(self) -> None:  # the name the standard library calls
        self._serve()

    do_GET = do_PUT = do_DELETE = do_POST  # noqa: N815  # the names the standard library calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the signature is the library's
        """Say nothing: the terminal belongs to the screen."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header: the account's time."""
        account = self.server.account
        skew = account.weather.strike("skew")
        now_ms = account.clock.now_ms() + (0 if skew is None else skew.fault.time_ms)
        return super().date_time_string(now_ms / 1000 if timestamp is None else timestamp)

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            self._send(answer_error(None, ServiceError("RequestEntityTooLargeException", "Request body is too large")))
            return
        body = self.rfile.read(int(length))
        if self._is_network_cut():
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        result = self._result(Request(self.command, self.path, headers, body))
        if isinstance(result, LiveTail):
            self._send_events(result)
        else:
            self._send(result)

    def _result(self, request: Request) -> Response | LiveTail:
        call, account = None, self.server.account
        try:
            call = route(request)
            refuse(account, call)
            if self.server.quotas is not None:
                self.server.quotas.take(call.service, call.operation)
            operation = self.server.registry.operation(call.service, call.operation)
            output = operation(read_input(request, call))
        except ServiceError as error:
            response = answer_error(call, error)
        else:
            if isinstance(output, LiveTail):
                return output
            response = answer(call, output)
        return response if call is None else spoiled(account.weather, call, response)

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if response.is_reset:
            self.wfile.write(response.body[: len(response.body) // 2])
            self._reset()
        elif response.trickle_ms:
            self._trickle(response)
        else:
            self.wfile.write(response.body)

    def _trickle(self, response: Response) -> None:
        size = len(response.body) // TRICKLE_PIECES + 1
        for start in range(0, len(response.body), size):
            self.server.is_stopping.wait(response.trickle_ms / 1000 / TRICKLE_PIECES)
            self.wfile.write(response.body[start : start + size])
            self.wfile.flush()

    def _reset(self) -> None:
        """End the connection at once, as a broken network does: no orderly goodbye."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())

    def _is_network_cut(self) -> bool:
        return self.server.account.weather.strike("outage") is not None

    def _is_client_gone(self) -> bool:
        """Whether the client has closed its side, which a session that sends nothing would not notice."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)

    def _send_events(self, session: LiveTail) -> None:
        with closing(session), suppress(ConnectionError):
            self.send_response(200)
            self.send_header("Content-Type", "application/vnd.amazon.eventstream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for frame in session.frames(self.server.is_stopping):
                if self._is_client_gone():
                    self.close_connection = True
                    return
                if self._is_network_cut():
                    self._reset()
                    return
                if frame:
                    self.wfile.write(f"{len(frame):x}\r\n".encode() + frame + b"\r\n")
                    self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")
