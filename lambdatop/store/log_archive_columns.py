"""What a block of lines knows beside their texts and marks, and how that is packed: as differences, by LZ4."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import msgspec
from lz4.block import compress, decompress
from msgspec import Struct

LogSource = tuple[int, str]
"""Whose line it is: the function's index and the log stream."""


class Columns(Struct, gc=False):
    """A value a line, but for `sources`."""

    timestamps_ms: Sequence[int]
    sequences: Sequence[int]
    ingestion_times_ms: Sequence[int]
    sources: Sequence[LogSource]
    """Each once."""
    source_indexes: Sequence[int]
    """Of the lines, into `sources`."""
    request_places: Sequence[int]
    """Where in the message the request ID begins; see `log_archive_mark`."""


class _Packed(Struct, array_like=True, gc=False):
    """The columns as small numbers that are much alike."""

    sources: list[tuple[int, bytes]]
    timestamp_steps: list[int]
    sequence_steps: list[int]
    lags: list[int]
    source_indexes: list[int]
    request_places: list[int]


class _PackedSources(Struct, array_like=True, gc=False):
    """The beginning of `_Packed`; the rest is skipped."""

    sources: list[tuple[int, bytes]]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Packed).decode
_decode_sources = msgspec.msgpack.Decoder(_PackedSources).decode


def packed_columns(columns: Columns) -> bytes:
    """Return the columns in a fourth of the room that their numbers take."""
    packed = _Packed(
        sources=[(function, stream.encode("utf-8", "surrogatepass")) for function, stream in columns.sources],
        timestamp_steps=_steps(columns.timestamps_ms),
        sequence_steps=_steps(columns.sequences),
        lags=[
            ingested_ms - timestamp_ms
            for ingested_ms, timestamp_ms in zip(columns.ingestion_times_ms, columns.timestamps_ms, strict=True)
        ],
        source_indexes=list(columns.source_indexes),
        request_places=list(columns.request_places),
    )
    compressed: bytes = compress(_encode(packed))
    return compressed


def unpacked_columns(compressed: bytes) -> Columns:
    """Return what was packed."""
    packed = _decode(decompress(compressed))
    timestamps_ms = list(accumulate(packed.timestamp_steps))
    return Columns(
        timestamps_ms=timestamps_ms,
        sequences=list(accumulate(packed.sequence_steps)),
        ingestion_times_ms=[lag + moment for lag, moment in zip(packed.lags, timestamps_ms, strict=True)],
        sources=_read_sources(packed.sources),
        source_indexes=packed.source_indexes,
        request_places=packed.request_places,
    )


def unpacked_sources(compressed: bytes) -> list[LogSource]:
    """Return the sources alone, at a fifth of the cost."""
    return _read_sources(_decode_sources(decompress(compressed)).sources)


def _read_sources(sources: list[tuple[int, bytes]]) -> list[LogSource]:
    return [(function, stream.decode("utf-8", "surrogatepass")) for function, stream in sources]


def _steps(values: Sequence[int]) -> list[int]:
    return [values[0], *[after - before for before, after in pairwise(values)]]
