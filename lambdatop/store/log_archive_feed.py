"""Takes delivered log events to the archive, under the functions that wrote them."""

from collections.abc import Mapping, Sequence

from lambdatop.model.delivery import LogEventsDelivered
from lambdatop.model.identity import FunctionKey
from lambdatop.model.record import Record
from lambdatop.parsers.log_stream import parse_log_stream
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.log_groups import DEFAULT_PREFIX, LogGroups
from lambdatop.store.log_stream import LogStream


class LogArchiveFeed:
    """Adds a page of events at once; a line that nothing says the function of goes by its log group's name."""

    def __init__(self, archive: LogArchive, groups: LogGroups) -> None:
        self._archive = archive
        self._groups = groups

    def take(
        self, delivery: LogEventsDelivered, records: Sequence[Record | None], streams: Mapping[str, LogStream]
    ) -> None:
        """Take in a page with what was read of its events so far, and the streams that are known of its group."""
        indexes: dict[str, int] = {}
        functions: list[int] = []
        for event in delivery.events:
            index = indexes.get(event.log_stream)
            if index is None:
                key = self._function_of(delivery, event.log_stream, streams)
                index = indexes[event.log_stream] = self._archive.function_index(key)
            functions.append(index)
        self._archive.append(zip(functions, delivery.events, strict=True), records)

    def _function_of(
        self, delivery: LogEventsDelivered, stream_name: str, streams: Mapping[str, LogStream]
    ) -> FunctionKey:
        stream = streams.get(stream_name)
        if stream is not None:
            return stream.function.key
        scope, log_group = delivery.scope, delivery.log_group
        parsed = parse_log_stream(stream_name)
        key = self._groups.function_of(scope, log_group, parsed.function_name if parsed else None)
        return key or FunctionKey(*scope, log_group.removeprefix(DEFAULT_PREFIX))
