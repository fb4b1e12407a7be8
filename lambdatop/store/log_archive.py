"""The log view's memory: every line of every function in order of time, as many as there is room for."""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_event import LogEvent
from lambdatop.model.log_line import FIRST_KEY, LAST_KEY, LineKey, LogCount, LogFilter, LogLine, LogPage
from lambdatop.model.record import Record
from lambdatop.store.log_archive_block import SEPARATOR, Block, Row, cut_in_blocks
from lambdatop.store.log_archive_budget import Budget
from lambdatop.store.log_archive_filter import CompiledFilter
from lambdatop.store.log_archive_mark import kind_of_mark, level_of_mark, mark_and_request, request_id_at
from lambdatop.store.log_archive_search import Found, count_between, lines_before, lines_from

MAX_LINES = 200_000
"""Half an hour of a busy account (100 lines a second) in 20 MB of short lines, 100 MB of long JSON ones: no more than
the rest of the program takes. Who reads longer asks for more."""
MAX_BYTES = 512 * 1024 * 1024
"""Of packed blocks, since a log event may be a megabyte; of more than a million lines, as much for each million."""
BLOCK_LINES = 512
"""A page unpacks one or two blocks; larger ones pack little better and make each page slower."""
BLOCK_TEXT_BYTES = 256 * 1024
PLAIN_BLOCKS, PLAIN_TEXT_BYTES = 64, 16 * 1024 * 1024
"""So many blocks that lines were added to last stay as they are: pages of other log groups bring lines of the same
seconds."""
WAITING_LINES = 50_000
"""So many may wait, while nobody reads, to be put in order all at once: busy log groups share the same blocks."""
STEP_TEXT_BYTES = 8 * 1024 * 1024
"""What a step looks at: 5 ms or so of a literal's search."""
FILTERS_KEPT = 8
"""Filters whose findings are remembered: the view's, one being typed, the search's, the next error's, a request's."""


class LogArchive:
    """Lines in order of (timestamp, arrival), the oldest of which fall off and are counted.

    Single-threaded. A line takes some 95 bytes all in where its text has 150. `page` and `count` look at
    `STEP_TEXT_BYTES` of text at most and say whether that was enough; asked again they go on from there.
    """

    def __init__(
        self,
        max_lines: int = MAX_LINES,
        max_bytes: int | None = None,
        block_lines: int = BLOCK_LINES,
        block_text_bytes: int = BLOCK_TEXT_BYTES,
        plain_blocks: int = PLAIN_BLOCKS,
    ) -> None:
        self._max_lines = max_lines
        self._max_bytes = max(MAX_BYTES, MAX_BYTES * max_lines // 1_000_000) if max_bytes is None else max_bytes
        self._block_lines, self._block_text_bytes = max(1, min(block_lines, max_lines // 32)), block_text_bytes
        self._plain_blocks = plain_blocks
        self._blocks: list[Block] = []
        self._functions: dict[FunctionKey, int] = {}
        self._function_keys: list[FunctionKey] = []
        self._plain: OrderedDict[Block, None] = OrderedDict()
        """Blocks that are not packed, those first that lines were added to longest ago."""
        self._plain_text_bytes = 0
        self._compiled: OrderedDict[LogFilter, CompiledFilter] = OrderedDict()
        self._last_sequence = 0
        self._fallen_to = FIRST_KEY
        self._waiting: list[Row] = []
        self._lines_held = self._lines_fallen_off = 0
        self.packed_bytes = 0
        """What all blocks but the plain ones hold on to, roughly."""
        self.revision = 0
        """Raised whenever lines come or go."""

    @property
    def lines_held(self) -> int:
        """How many there are."""
        self._settle()
        return self._lines_held

    @property
    def lines_fallen_off(self) -> int:
        """Of all that were appended; a line older than one that fell off does so at once."""
        self._settle()
        return self._lines_fallen_off

    @property
    def first_key(self) -> LineKey | None:
        """The oldest line held."""
        self._settle()
        return self._blocks[0].first_key if self._blocks else None

    @property
    def last_key(self) -> LineKey | None:
        """The newest line held."""
        self._settle()
        return self._blocks[-1].last_key if self._blocks else None

    def function_index(self, key: FunctionKey) -> int:
        """Return the number that `append` knows a function by."""
        index = self._functions.get(key)
        if index is None:
            index = self._functions[key] = len(self._function_keys)
            self._function_keys.append(key)
        return index

    def append(self, events: Iterable[tuple[int, LogEvent]], records: Iterable[Record | None] = ()) -> None:
        """Take in events of any time, each with its function's index; `records` are what is known of them already."""
        rows = self._rows_of(events, records)
        if not rows:
            return
        self.revision += 1
        self._waiting.extend(rows)
        if len(self._waiting) >= WAITING_LINES:
            self._settle()

    def page(
        self,
        log_filter: LogFilter,
        place: LineKey,
        lines_before_place: int,
        lines_from_place: int,
        step_text_bytes: int = STEP_TEXT_BYTES,
        budget: Budget | None = None,
        end: LineKey = LAST_KEY,
    ) -> LogPage:
        """Return the lines around a place, which need not be that of a line; `budget` is one that calls share.

        Lines from the place end before `end`, and nothing is looked at beyond it.

        The next match is the line from `key.following`, the previous one the line before `key`, with the text searched
        for among the filter's conditions; the next error is found by `least_level`, a time by `key_of_time`.
        """
        self._settle()
        compiled, budget = self._compiled_filter(log_filter), budget or Budget(step_text_bytes)
        after, is_complete = lines_from(self._blocks, compiled, place, lines_from_place, budget, end)
        before: list[Found] = []
        if is_complete:
            before, is_complete = lines_before(self._blocks, compiled, place, lines_before_place, budget)
        older, newer = list(self._lines_of(before)), self._lines_of(after)
        return LogPage(lines=(*older, *newer), lines_before=len(older), is_complete=is_complete)

    def count(
        self,
        log_filter: LogFilter,
        start: LineKey = FIRST_KEY,
        end: LineKey = LAST_KEY,
        step_text_bytes: int = STEP_TEXT_BYTES,
        budget: Budget | None = None,
    ) -> LogCount:
        """Return how many lines from the start and before the end match."""
        self._settle()
        compiled, budget = self._compiled_filter(log_filter), budget or Budget(step_text_bytes)
        lines, examined, is_complete = count_between(self._blocks, compiled, start, end, budget)
        return LogCount(lines=lines, lines_examined=examined, is_complete=is_complete)

    def _settle(self) -> None:
        """Put the lines that wait where they belong, and let the oldest fall off."""
        rows = self._waiting
        if not rows:
            return
        self._waiting = []
        rows.sort()
        first = bisect_left(rows, self._fallen_to.following)
        self._lines_fallen_off += first
        self._insert(rows[first:])
        self._let_fall_off()

    def _rows_of(self, events: Iterable[tuple[int, LogEvent]], records: Iterable[Record | None]) -> list[Row]:
        rows: list[Row] = []
        sequence = self._last_sequence
        for (function, event), record in zip(events, chain(records, repeat(None)), strict=False):
            sequence += 1
            mark, request_place = mark_and_request(event.message, record)
            message = event.message.encode("utf-8", "replace")
            timestamp_ms, ingested_ms, stream = event.timestamp_ms, event.ingestion_time_ms, event.log_stream
            rows.append((timestamp_ms, sequence, ingested_ms, function, stream, request_place, mark, message))
        self._last_sequence = sequence
        return rows

    def _insert(self, rows: Sequence[Row]) -> None:
        """Put rows where they belong, the newest first so that the blocks before keep their places."""
        end = len(rows)
        while end:
            key = LineKey(*rows[end - 1][:2])
            index = max(bisect_right(self._blocks, key, key=lambda block: block.first_key) - 1, 0)
            start = bisect_left(rows, self._blocks[index].first_key, 0, end) if index else 0
            self._put(index, rows[start:end])
            end = start
        self._lines_held += len(rows)
        while self._plain and self._is_too_much_plain:
            self._pack(next(iter(self._plain)))

    def _put(self, index: int, rows: Sequence[Row]) -> None:
        known: list[Row] = []
        if self._blocks:
            known = self._blocks[index].rows()
            self._let_go(self._blocks[index])
        blocks = list(cut_in_blocks(sorted([*known, *rows]), self._block_lines, self._block_text_bytes))
        self._blocks[index : index + 1] = blocks
        for block in blocks:
            self._keep_plain(block)

    def _keep_plain(self, block: Block) -> None:
        self._plain[block] = None
        self._plain_text_bytes += block.text_bytes

    def _pack(self, block: Block) -> None:
        del self._plain[block]
        self._plain_text_bytes -= block.text_bytes
        block.pack()
        self.packed_bytes += block.packed_bytes

    def _let_fall_off(self) -> None:
        """Let the oldest blocks go; of a single block, the oldest lines."""
        count = 0
        while len(self._blocks) - count > 1 and self._is_over_bounds:
            block = self._blocks[count]
            self._let_go(block)
            self._note_fallen(block.count, block.last_key)
            count += 1
        del self._blocks[:count]
        excess = self._lines_held - self._max_lines
        if excess > 0:
            rows = self._blocks[0].rows()
            self._let_go(self._blocks[0])
            self._note_fallen(excess, LineKey(*rows[excess - 1][:2]))
            self._blocks = [Block(rows[excess:])]
            self._keep_plain(self._blocks[0])

    @property
    def _is_over_bounds(self) -> bool:
        return self._lines_held > self._max_lines or self.packed_bytes + self._plain_text_bytes > self._max_bytes

    @property
    def _is_too_much_plain(self) -> bool:
        return len(self._plain) > self._plain_blocks or self._plain_text_bytes > PLAIN_TEXT_BYTES

    def _let_go(self, block: Block) -> None:
        self.packed_bytes -= block.packed_bytes
        if block in self._plain:
            del self._plain[block]
            self._plain_text_bytes -= block.text_bytes
        for compiled in self._compiled.values():
            compiled.forget(block)

    def _note_fallen(self, lines: int, last_key: LineKey) -> None:
        self._lines_held -= lines
        self._lines_fallen_off += lines
        self._fallen_to = last_key

    def _compiled_filter(self, log_filter: LogFilter) -> CompiledFilter:
        compiled = self._compiled.get(log_filter)
        if compiled is None:
            compiled = self._compiled[log_filter] = CompiledFilter(log_filter, self.function_index)
            if len(self._compiled) > FILTERS_KEPT:
                self._compiled.popitem(last=False)
        self._compiled.move_to_end(log_filter)
        return compiled

    def _lines_of(self, found: Iterable[Found]) -> Iterator[LogLine]:
        for block, positions in found:
            if not positions:
                continue
            columns, messages = block.columns(), block.text().split(SEPARATOR)
            for line in positions:
                function, stream = columns.sources[columns.source_indexes[line]]
                message, mark = messages[line].decode(), block.marks[line]
                yield LogLine(
                    key=LineKey(columns.timestamps_ms[line], columns.sequences[line]),
                    ingestion_time_ms=columns.ingestion_times_ms[line],
                    function=self._function_keys[function],
                    log_stream=stream,
                    message=message,
                    kind=kind_of_mark(mark),
                    level=level_of_mark(mark),
                    request_id=request_id_at(message, columns.request_places[line]),
                )
