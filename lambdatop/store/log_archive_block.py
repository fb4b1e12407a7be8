r"""Some hundred log lines that follow each other, packed once they are no longer the newest.

A packed block is its texts and its columns, each compressed by LZ4, and beside them what tells without unpacking that
a block holds nothing of interest: first and last key, one mark a line, the functions, and the words of all texts.
Texts lie side by side with 0xFF between them, a byte that UTF-8 never uses, so that a literal is looked for in the
whole block at once. The words, each once and in lower case, take a seventh of the texts' room: most blocks that a
literal is not in are ruled out by them.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from lz4.block import compress, decompress

from lambdatop.model.log_line import LineKey
from lambdatop.store.log_archive_columns import (
    Columns,
    LogSource,
    packed_columns,
    unpacked_columns,
    unpacked_sources,
)

Row = tuple[int, int, int, int, str, int, int, bytes]
"""timestamp_ms, sequence, ingestion_time_ms, function's index, log stream, place of the request ID, mark, message."""

SEPARATOR = b"\xff"
WORD = re.compile(rb"[0-9A-Za-z_\-\x80-\xfe]+")
_WORDS_SHARE = 3
"""Words that take more than this part of the texts' room are not kept: they would rule out little."""


class Block:
    """Lines in order of their keys; what it holds never changes, so what was found in it stays true."""

    __slots__ = (
        "_packed_columns", "_packed_text", "_rows", "_words", "count", "first_key", "functions", "last_key", "marks",
        "text_bytes",
    )  # fmt: skip

    def __init__(self, rows: list[Row]) -> None:
        self._rows: list[Row] | None = rows
        self._packed_text = self._packed_columns = self._words = b""
        self.count = len(rows)
        self.first_key = LineKey(*rows[0][:2])
        self.last_key = LineKey(*rows[-1][:2])
        self.marks = bytes([row[6] for row in rows])
        self.functions = frozenset([row[3] for row in rows])
        self.text_bytes = sum([len(row[7]) for row in rows]) + self.count - 1

    @property
    def packed_bytes(self) -> int:
        """What the packed block holds on to, roughly; 0 while it is plain."""
        if self._rows is not None:
            return 0
        return len(self._packed_text) + len(self._packed_columns) + len(self._words) + self.count

    @property
    def words_bytes(self) -> int:
        """The length of the words that `may_hold` looks through."""
        return len(self._words)

    def pack(self) -> None:
        """Compress; nothing happens to a block that is packed."""
        if self._rows is None:
            return
        text, columns = self.text(), self.columns()
        words = b"\n%b\n" % b"\n".join(set(WORD.findall(text.lower())))
        self._words = words if len(words) * _WORDS_SHARE <= len(text) else b""
        self._packed_text = compress(text)
        self._packed_columns = packed_columns(columns)
        self._rows = None

    def may_hold(self, words: Iterable[bytes]) -> bool:
        """Whether all these occur among the block's words, where they are known (see `words_of`)."""
        return not self._words or all(word in self._words for word in words)

    def text(self) -> bytes:
        """All messages, with `SEPARATOR` between them."""
        if self._rows is not None:
            return SEPARATOR.join([row[7] for row in self._rows])
        text: bytes = decompress(self._packed_text)
        return text

    def sources(self) -> list[LogSource]:
        """Whose lines they are, each once."""
        if self._rows is None:
            return unpacked_sources(self._packed_columns)
        return list(dict.fromkeys([(row[3], row[4]) for row in self._rows]))

    def columns(self) -> Columns:
        """All else about the lines, unpacked."""
        if self._rows is None:
            return unpacked_columns(self._packed_columns)
        timestamps_ms, sequences, ingestion_times_ms, functions, streams, requests, *_ = zip(*self._rows, strict=True)
        pairs = list(zip(functions, streams, strict=True))
        places = {source: place for place, source in enumerate(dict.fromkeys(pairs))}
        indexes = [places[pair] for pair in pairs]
        return Columns(timestamps_ms, sequences, ingestion_times_ms, list(places), indexes, requests)

    def rows(self) -> list[Row]:
        """The lines one by one, as they were given."""
        if self._rows is not None:
            return self._rows
        columns = self.columns()
        sources = [columns.sources[index] for index in columns.source_indexes]
        return list(
            zip(
                columns.timestamps_ms,
                columns.sequences,
                columns.ingestion_times_ms,
                [function for function, _ in sources],
                [stream for _, stream in sources],
                columns.request_places,
                self.marks,
                self.text().split(SEPARATOR),
                strict=True,
            )
        )


def words_of(literal: bytes) -> tuple[bytes, ...]:
    r"""Return what must occur among the words of a block that holds the literal: a word's end where it begins in one.

    >>> words_of(b"stomer 17 ha")
    (b'stomer\n', b'\n17\n', b'\nha')
    """
    found = [
        (b"\n" if match.start() else b"") + match[0].lower() + (b"\n" if match.end() < len(literal) else b"")
        for match in WORD.finditer(literal)
    ]
    return tuple(found)


def cut_in_blocks(rows: list[Row], lines: int, text_bytes: int) -> Iterator[Block]:
    """Yield blocks of at least so many lines and less than twice as many, shorter where the texts are long."""
    size = sum([len(row[7]) for row in rows])
    pieces = min(max(len(rows) // lines, size // text_bytes, 1), len(rows))
    edges = [len(rows) * piece // pieces for piece in range(pieces + 1)]
    for start, end in pairwise(edges):
        yield Block(rows[start:end])
