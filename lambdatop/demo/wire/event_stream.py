"""The framing of application/vnd.amazon.eventstream, which botocore.eventstream reads."""

import struct
import zlib

_STRING_TYPE = 7


def encode_event(event_type: str, payload: bytes) -> bytes:
    """One message of a stream."""
    return _encode({":event-type": event_type, ":content-type": "application/json", ":message-type": "event"}, payload)


def encode_exception(exception_type: str, payload: bytes) -> bytes:
    """The message that ends a stream with an error of the service."""
    return _encode(
        {":exception-type": exception_type, ":content-type": "application/json", ":message-type": "exception"}, payload
    )


def _encode(headers: dict[str, str], payload: bytes) -> bytes:
    """Lengths and their checksum, headers, payload, checksum of all."""
    encoded = b"".join(_header(name, value) for name, value in headers.items())
    lengths = struct.pack("!II", 16 + len(encoded) + len(payload), len(encoded))
    body = lengths + struct.pack("!I", zlib.crc32(lengths)) + encoded + payload
    return body + struct.pack("!I", zlib.crc32(body))


def _header(name: str, value: str) -> bytes:
    return struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", _STRING_TYPE, len(value)) + value.encode()
