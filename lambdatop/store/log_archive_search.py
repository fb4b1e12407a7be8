"""Walks over blocks in either direction, a budget at a time.

A walk that ran out of its budget is asked again from its beginning: what was found is remembered block by block, so
it goes on where it stopped, whatever was added, inserted or fell off meanwhile.
"""

from bisect import bisect_left
from collections.abc import Sequence

from lambdatop.model.log_line import FIRST_KEY, LAST_KEY, LineKey
from lambdatop.store.log_archive_block import Block
from lambdatop.store.log_archive_budget import Budget
from lambdatop.store.log_archive_columns import Columns
from lambdatop.store.log_archive_filter import CompiledFilter
from lambdatop.store.log_archive_text import Positions

Found = tuple[Block, Positions]
"""A block and some of its lines."""


def place_of(blocks: Sequence[Block], key: LineKey) -> int:
    """Return the first block that has a line at or after the key; the number of blocks when there is none."""
    return bisect_left(blocks, key, key=lambda block: block.last_key)


def lines_from(
    blocks: Sequence[Block],
    compiled: CompiledFilter,
    key: LineKey,
    count: int,
    budget: Budget,
    end: LineKey = LAST_KEY,
) -> tuple[list[Found], bool]:
    """Return the first lines at or after the key and before the end, and whether the budget sufficed."""
    found: list[Found] = []
    for index in range(place_of(blocks, key), len(blocks)):
        if count <= 0 or blocks[index].first_key >= end:
            break
        positions = compiled.positions(blocks[index], budget)
        if positions is None:
            return found, False
        positions = _before(blocks[index], _from(blocks[index], positions, key), end)[:count]
        found.append((blocks[index], positions))
        count -= len(positions)
    return found, True


def lines_before(
    blocks: Sequence[Block], compiled: CompiledFilter, key: LineKey, count: int, budget: Budget
) -> tuple[list[Found], bool]:
    """Return the last lines before the key, in order, and whether the budget sufficed."""
    found: list[Found] = []
    for index in range(min(place_of(blocks, key), len(blocks) - 1), -1, -1):
        if count <= 0:
            break
        positions = compiled.positions(blocks[index], budget)
        if positions is None:
            return found[::-1], False
        positions = _before(blocks[index], positions, key)[-count:]
        found.append((blocks[index], positions))
        count -= len(positions)
    return found[::-1], True


def count_between(
    blocks: Sequence[Block], compiled: CompiledFilter, start: LineKey, end: LineKey, budget: Budget
) -> tuple[int, int, bool]:
    """Return how many lines from the start and before the end match, in how many examined, and whether in all.

    Once every block has been examined, only the shorter part is counted: of a long stretch, what it leaves out.
    """
    first, last = place_of(blocks, start), place_of(blocks, end)
    if compiled.blocks_examined == len(blocks) and last - first > len(blocks) // 2:
        above, _, _ = _counted(blocks, compiled, (0, first), (FIRST_KEY, start), budget)
        below, _, _ = _counted(blocks, compiled, (last, len(blocks)), (end, LAST_KEY), budget)
        return compiled.lines_found - above - below, compiled.lines_examined, True
    return _counted(blocks, compiled, (first, last), (start, end), budget)


def _counted(
    blocks: Sequence[Block],
    compiled: CompiledFilter,
    places: tuple[int, int],
    keys: tuple[LineKey, LineKey],
    budget: Budget,
) -> tuple[int, int, bool]:
    """Count from block to block, both included, and from key to key, the last one excluded."""
    lines = examined = 0
    first, last = places
    for index, block in enumerate(blocks[first : last + 1], start=first):
        positions = compiled.positions(block, budget)
        if positions is None:
            return lines, examined, False
        if index in {first, last}:
            positions = _before(block, _from(block, positions, keys[0]), keys[1])
        lines += len(positions)
        examined += block.count
    return lines, examined, True


def _from(block: Block, positions: Positions, key: LineKey) -> Positions:
    if key <= block.first_key or not positions:
        return positions
    return positions[_place_in(block.columns(), positions, key) :]


def _before(block: Block, positions: Positions, key: LineKey) -> Positions:
    if key > block.last_key or not positions:
        return positions
    return positions[: _place_in(block.columns(), positions, key)]


def _place_in(columns: Columns, positions: Positions, key: LineKey) -> int:
    """Return how many of the positions lie before the key."""
    return bisect_left(positions, key, key=lambda line: LineKey(columns.timestamps_ms[line], columns.sequences[line]))
