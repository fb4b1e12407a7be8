"""The framing of application/vnd.amazon.eventstream, which botocore.eventstream reads."""

import struct
import zlib

_STRING_TYPE = 7


def encode_event(event_type: str, payload: bytes) -> bytes:
    """One message: lengths and their checksum, headers, payload, checksum of all."""
    headers = b"".join(
        _header(name, value)
        for name, value in (
            (":event-type", event_type),
            (":content-type", "application/json"),
            (":message-type", "event"),
        )
    )
    lengths = struct.pack("!II", 16 + len(headers) + len(payload), len(headers))
    body = lengths + struct.pack("!I", zlib.crc32(lengths)) + headers + payload
    return body + struct.pack("!I", zlib.crc32(body))


def _header(name: str, value: str) -> bytes:
    return struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", _STRING_TYPE, len(value)) + value.encode()
