"""Snapshots and answers over a pipe, in frames small enough to be decoded between two keys.

A frame is four bytes of length, big-endian, and a msgpack body. A snapshot is some `RowsFrame`s with the function rows
that changed, followed by one `SnapshotFrame` with everything else. Rows that did not change stay the identical object
on the receiving side, as they are on the sending one.
"""

from collections.abc import Callable, Iterator
from typing import IO

import msgspec

from lambdatop.model.question import Answer, Question
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import SourceState
from lambdatop.model.statistics import FunctionStatistics
from lambdatop.model.view import View
from lambdatop.sources.account_options import AccountOptions
from lambdatop.sources.failure import SourceFailure

ROWS_A_FRAME = 32
_LENGTH_BYTES = 4


class Assignment(msgspec.Struct):
    """What to collect: the first message to the process that does."""

    accounts: list[AccountOptions]
    started_at_ms: int
    view: View
    log_lines: int = 0
    """How many lines of logs to keep for questions."""
    lost_tasks: list[int] = []
    """Tasks of the view that a process which has ended was told of."""


class ViewMessage(msgspec.Struct, tag="view"):
    """What the user looks at."""

    view: View


class Withdrawal(msgspec.Struct, tag="withdrawal"):
    """A topic of which nothing more is asked."""

    topic: str


Message = ViewMessage | Withdrawal | Question
"""What the engine's process is told after its assignment."""


class RowsFrame(msgspec.Struct, tag="rows"):
    """Rows by their place among `total`; a new total begins a new list."""

    total: int
    is_new_list: bool
    rows: list[tuple[int, FunctionStatistics]]


class SnapshotFrame(msgspec.Struct, tag="snapshot"):
    """A snapshot without its rows, and the tracebacks of defects since the last one."""

    snapshot: Snapshot
    defects: list[str]


class FailureFrame(msgspec.Struct, tag="failure"):
    """No account can be connected to."""

    state: SourceState
    sentence: str
    remedy: str | None
    exit_code: int

    def failure(self) -> SourceFailure:
        """Return the failure that was sent."""
        return SourceFailure(self.state, self.sentence, self.remedy, self.exit_code)


class AnswerFrame(msgspec.Struct, tag="answer"):
    """An answer to a question."""

    answer: Answer


Frame = RowsFrame | SnapshotFrame | FailureFrame | AnswerFrame
_ENCODER = msgspec.msgpack.Encoder()


class SnapshotWriter:
    """The sending side: remembers which rows the other side has."""

    def __init__(self) -> None:
        self._sent: tuple[FunctionStatistics, ...] = ()

    def frames(self, snapshot: Snapshot, defects: list[str]) -> Iterator[bytes]:
        """Yield the frames that make the other side's snapshot this one."""
        rows, sent = snapshot.functions, self._sent
        is_new_list = [row.key for row in rows] != [row.key for row in sent]
        if is_new_list:
            changed = list(enumerate(rows))
            yield framed(RowsFrame(len(rows), is_new_list=True, rows=[]))
        else:
            changed = [(index, row) for index, row in enumerate(rows) if row is not sent[index]]
        for start in range(0, len(changed), ROWS_A_FRAME):
            yield framed(RowsFrame(len(rows), is_new_list=False, rows=changed[start : start + ROWS_A_FRAME]))
        self._sent = rows
        yield framed(SnapshotFrame(msgspec.structs.replace(snapshot, functions=()), defects))


class SnapshotReader:
    """The receiving side: puts snapshots together again."""

    def __init__(self) -> None:
        self._decode = msgspec.msgpack.Decoder(Frame).decode
        self._rows: list[FunctionStatistics | None] = []
        self.failure: SourceFailure | None = None
        self.defects: list[str] = []
        self.hear: Callable[[Answer], None] | None = None
        """Called with each answer."""

    def take(self, body: bytes) -> Snapshot | None:
        """Take in a frame's body; returns a snapshot when one is whole."""
        frame: Frame = self._decode(body)
        if isinstance(frame, RowsFrame):
            if frame.is_new_list:
                self._rows = [None] * frame.total
            for index, row in frame.rows:
                self._rows[index] = row
            return None
        if isinstance(frame, FailureFrame):
            self.failure = frame.failure()
            return None
        if isinstance(frame, AnswerFrame):
            if self.hear is not None:
                self.hear(frame.answer)
            return None
        self.defects = [*self.defects, *frame.defects][-20:]
        rows = tuple(row for row in self._rows if row is not None)
        return msgspec.structs.replace(frame.snapshot, functions=rows)


def framed(frame: msgspec.Struct) -> bytes:
    """Return a frame with its length in front."""
    body = _ENCODER.encode(frame)
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


def bodies(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the bodies of the frames of a stream until it ends, also in the middle of one."""
    while len(head := stream.read(_LENGTH_BYTES)) == _LENGTH_BYTES:
        length = int.from_bytes(head, "big")
        body = stream.read(length)
        if len(body) < length:
            return
        yield body
