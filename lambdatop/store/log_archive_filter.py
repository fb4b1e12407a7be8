"""Which lines of a block a filter lets through, asking the cheapest part first and each block once."""

from array import array
from collections.abc import Callable
from itertools import compress

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import LogFilter, TextCondition
from lambdatop.parsers.log_stream import parse_log_stream
from lambdatop.store.log_archive_block import Block
from lambdatop.store.log_archive_budget import Budget
from lambdatop.store.log_archive_columns import LogSource
from lambdatop.store.log_archive_mark import marks_let_through
from lambdatop.store.log_archive_regex import RegexTest
from lambdatop.store.log_archive_text import (
    BlockText,
    FieldTest,
    LetterTest,
    LiteralTest,
    Positions,
    TextTest,
    is_any_case,
)

FOUND_WEIGHT, LEFT_OUT_WEIGHT = 512, 128
"""What a line found costs, and one told apart from lines found, beside a byte searched."""
MARK_WEIGHT = 24
"""What a line's mark costs to look at, beside a byte searched."""
SOURCES_WEIGHT, COLUMNS_WEIGHT = 320, 512
"""What the sources or all columns of a line cost to unpack, beside a byte searched."""


class _Examination:
    """A block whose text is being looked at, maybe over several steps."""

    def __init__(self, block: Block, positions: Positions, tests: list[TextTest]) -> None:
        self.block = block
        self.text = BlockText(block.text(), block.count)
        self.positions = positions
        """What the tests so far let through."""
        self.tests = tests
        """Those left, the next one at the end."""


class CompiledFilter:
    """A filter made ready, with what it found in the blocks so far."""

    def __init__(self, log_filter: LogFilter, function_index: Callable[[FunctionKey], int]) -> None:
        self._mark_table = marks_let_through(log_filter.least_level, hides_platform=log_filter.hides_platform)
        self._lets_all_marks_through = log_filter.least_level is None and not log_filter.hides_platform
        self._functions = frozenset(function_index(key) for key in log_filter.functions)
        self._streams = frozenset(log_filter.log_streams)
        self._versions = frozenset(log_filter.versions)
        self._tests = _tests_of(log_filter)
        self._words_sought = sum(test.words_sought for test in self._tests if not test.is_excluded)
        self._found: dict[Block, Positions] = {}
        self._under_way: _Examination | None = None
        self.lines_found = self.lines_examined = 0
        """In the blocks examined so far."""

    def positions(self, block: Block, budget: Budget) -> Positions | None:
        """Return the lines let through, None when the budget is spent; what is known already costs nothing."""
        known = self._found.get(block)
        if known is None and not budget.is_spent:
            found = self._examined(block, budget)
            if found is None:
                return None
            known = self._found[block] = found if isinstance(found, range) else array("H", found)
            self.lines_found += len(known)
            self.lines_examined += block.count
        return known

    @property
    def blocks_examined(self) -> int:
        """How many of the blocks there are have been examined."""
        return len(self._found)

    def forget(self, block: Block) -> None:
        """Let go of what was found in a block that is gone."""
        if self._under_way is not None and self._under_way.block is block:
            self._under_way = None
        found = self._found.pop(block, None)
        if found is not None:
            self.lines_found -= len(found)
            self.lines_examined -= block.count

    def _examined(self, block: Block, budget: Budget) -> Positions | None:
        """Return the lines let through; None when the budget was spent before they were known."""
        under_way, self._under_way = self._under_way, None
        if under_way is None or under_way.block is not block:
            budget.spend(block.count)
            positions = self._by_mark(block, budget)
            if positions and (self._functions or self._streams or self._versions):
                positions = self._by_source(block, positions, budget)
            if not positions or not self._tests:
                return positions
            if not self._may_be_in(block, budget):
                return range(0)
            under_way = _Examination(block, positions, self._tests[::-1])
        while under_way.tests and under_way.positions:
            if not _is_narrowed(under_way, budget):
                self._under_way = under_way
                return None
        return under_way.positions

    def _may_be_in(self, block: Block, budget: Budget) -> bool:
        if not self._words_sought:
            return True
        budget.spend(block.words_bytes * self._words_sought)
        return all(test.is_excluded or test.may_be_in(block) for test in self._tests)

    def _by_mark(self, block: Block, budget: Budget) -> Positions:
        every = range(block.count)
        if self._lets_all_marks_through:
            return every
        budget.spend(MARK_WEIGHT * block.count)
        flags = block.marks.translate(self._mark_table)
        return list(compress(every, flags)) if 1 in flags else range(0)

    def _by_source(self, block: Block, positions: Positions, budget: Budget) -> Positions:
        if self._functions and self._functions.isdisjoint(block.functions):
            return range(0)
        if self._functions >= block.functions and not self._streams and not self._versions:
            return positions
        budget.spend(SOURCES_WEIGHT * block.count)
        is_wanted = [self._is_wanted(source) for source in block.sources()]
        if not any(is_wanted):
            return range(0)
        budget.spend(COLUMNS_WEIGHT * block.count)
        indexes = block.columns().source_indexes
        return [line for line in positions if is_wanted[indexes[line]]]

    def _is_wanted(self, source: LogSource) -> bool:
        function, stream = source
        if self._functions and function not in self._functions:
            return False
        if self._streams and stream not in self._streams:
            return False
        if not self._versions:
            return True
        name = parse_log_stream(stream)
        return name is not None and name.version in self._versions


def _tests_of(log_filter: LogFilter) -> list[TextTest]:
    """Return the conditions that say something, those first that look at a block at once."""
    texts = [condition for condition in log_filter.texts if condition.pattern]
    if log_filter.request_id is not None:
        texts.append(TextCondition(log_filter.request_id))
    fields = [FieldTest(condition) for condition in log_filter.fields if condition.field]
    return sorted([*map(_text_test, texts), *fields], key=lambda test: test.weight)


def _is_narrowed(under_way: _Examination, budget: Budget) -> bool:
    """Keep those of the positions that the next test lets through; false when the budget was spent before."""
    block, positions, test = under_way.block, under_way.positions, under_way.tests[-1]
    if under_way.text.to_try is None:
        budget.spend(test.weight * block.text_bytes * len(positions) // block.count)
    matching = test.matching(under_way.text, positions, budget)
    if matching is None:
        return False
    under_way.tests.pop()
    budget.spend(FOUND_WEIGHT * len(matching))
    if not test.is_excluded and len(positions) == block.count:
        under_way.positions = matching
        return True
    budget.spend(LEFT_OUT_WEIGHT * len(positions))
    chosen = set(matching)
    under_way.positions = [line for line in positions if (line in chosen) is not test.is_excluded]
    return True


def _text_test(condition: TextCondition) -> TextTest:
    """Return the test of a condition; raises `InvalidPatternError`."""
    pattern, is_excluded = condition.pattern, condition.is_excluded
    if condition.is_regex:
        return RegexTest(pattern, is_excluded=is_excluded)
    any_case = is_any_case(pattern)
    if any_case and not pattern.isascii() and pattern.upper() != pattern:
        return LetterTest(pattern, is_excluded=is_excluded)
    return LiteralTest(pattern, is_excluded=is_excluded, any_case=any_case)
