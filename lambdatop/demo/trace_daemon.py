"""The X-Ray daemon's side of its UDP protocol: a header line, then a segment document.

Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html, "Using the X-Ray daemon".
"""

import json
import socket
import threading

from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.trace_store import TraceStore

MAX_DATAGRAM_BYTES = 65_536


class TraceDaemon:
    """Listens on a free loopback port and puts what arrives into the trace store; a bad document is dropped."""

    def __init__(self, traces: TraceStore) -> None:
        self._traces = traces
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._is_stopping = False
        self._thread = threading.Thread(target=self._listen, name="embedded X-Ray daemon", daemon=True)

    @property
    def address(self) -> str:
        """host:port, as AWS_XRAY_DAEMON_ADDRESS takes it."""
        host, port = self._socket.getsockname()
        return f"{host}:{port}"

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and give the port back."""
        self._is_stopping = True
        if self._thread.is_alive():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
                waker.sendto(b"", self._socket.getsockname())
            self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while True:
            datagram = self._socket.recv(MAX_DATAGRAM_BYTES)
            if self._is_stopping:
                return
            self._take(datagram)

    def _take(self, datagram: bytes) -> None:
        header, _, document = datagram.partition(b"\n")
        try:
            if json.loads(header).get("format") == "json":
                self._traces.put_segment(document.decode())
        except (ValueError, AttributeError, ServiceError):
            return
