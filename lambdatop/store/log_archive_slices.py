"""Reads of the archive that take as many slices as they need: each yields None where a slice ends."""

from collections.abc import Generator

from lambdatop.model.log_line import LAST_KEY, LineKey, LogFilter, LogPage
from lambdatop.store.log_archive import LogArchive

SLICE_TEXT_BYTES = 2 * 1024 * 1024
"""A quarter of what a page of the log view may take at once: deliveries wait for each slice, and nobody for these."""
Slices = Generator[None, None, LogPage]


def page_in_slices(
    archive: LogArchive,
    log_filter: LogFilter,
    place: LineKey,
    lines_before: int = 0,
    lines_from: int = 0,
    end: LineKey = LAST_KEY,
) -> Slices:
    """Return the lines around a place, and before an end, once all of them are found."""
    while True:
        page = archive.page(log_filter, place, lines_before, lines_from, SLICE_TEXT_BYTES, end=end)
        if page.is_complete:
            return page
        yield None


def count_in_slices(
    archive: LogArchive, log_filter: LogFilter, start: LineKey, end: LineKey
) -> Generator[None, None, int]:
    """Return how many lines between two places match, once all of them are counted."""
    while True:
        counted = archive.count(log_filter, start, end, SLICE_TEXT_BYTES)
        if counted.is_complete:
            return counted.lines
        yield None
