"""What is answered of an error group: its failures, where it was seen, and the whole line of its newest failure."""

from msgspec.structs import replace

from lambdatop.engine.answering import Answering
from lambdatop.model.question import ErrorAnswer, ErrorQuestion
from lambdatop.model.snapshot import ErrorGroup
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.store import Store
from tests.store.lines import CHECKOUT, START_MS, Line, ended, events, read, reported, request_id, snapshot, started

STACK = 'Traceback (most recent call last):\n  File "/var/task/a.py", line 3, in total'
NOW_MS = START_MS + 60_000


def failed(at_ms: int, number: int) -> tuple[Line, ...]:
    raised = f"[ERROR] KeyError: 'cart_{number}'\n{STACK}"
    return started(at_ms, number), (at_ms + 5, raised), ended(at_ms + 5, number), reported(at_ms + 5, number)


LINES = [*failed(100, 1), *failed(7_000, 2)]


def archive_of(lines: list[Line]) -> LogArchive:
    archive = LogArchive()
    index = archive.function_index(CHECKOUT)
    archive.append([(index, event) for event in events(lines)])
    return archive


def answer(store: Store, archive: LogArchive, signature: str) -> ErrorAnswer:
    answering = Answering(store, archive)
    answering.ask(ErrorQuestion(topic="error", number=4, signature=signature))
    found = answering.step(NOW_MS)
    assert isinstance(found, ErrorAnswer)
    return found


def only_group(store: Store) -> ErrorGroup:
    (group,) = snapshot(store).error_groups
    return group


def test_a_group_is_answered_with_its_failures_newest_first_and_its_places() -> None:
    store = read(LINES)
    group = only_group(store)
    found = answer(store, archive_of(LINES), group.signature)

    assert (found.topic, found.number, found.group) == ("error", 4, group)
    assert [one.reference.request_id for one in found.failures] == [request_id(2), request_id(1)]
    assert [(place.function, place.version, place.count) for place in found.places] == [(CHECKOUT, "$LATEST", 2)]


def test_the_newest_failure_is_shown_with_its_whole_line_though_others_are_of_its_millisecond() -> None:
    store = read(LINES)
    lines = [(7_005, "a line of the same moment that says 'cart_2'\n"), *LINES]
    found = answer(store, archive_of(lines), only_group(store).signature)

    assert found.sample_text == f"[ERROR] KeyError: 'cart_2'\n{STACK}"


def test_a_line_that_is_not_held_any_more_is_not_made_up() -> None:
    store = read(LINES)
    signature = only_group(store).signature

    assert answer(store, LogArchive(), signature).sample_text is None
    assert answer(store, archive_of([(7_004, "before"), (7_006, "after")]), signature).sample_text is None


def test_a_group_that_is_not_known_is_answered_with_none() -> None:
    found = answer(read(LINES), LogArchive(), "no such group")

    assert found == replace(ErrorAnswer(topic="error", number=4), group=None)
