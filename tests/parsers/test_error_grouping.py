"""The labelled set `tests/error_lines.toml`: lines of one cause are one group, lines of two causes never.

Rules over single lines have limits, and the failures they cannot tell are listed here, so that a new one is seen.
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from lambdatop.model.log_event import LogEvent
from lambdatop.model.snapshot import ErrorGroup
from lambdatop.model.view import View
from lambdatop.parsers.error_signature import SAME_WHATEVER_IT_SAYS
from lambdatop.store.store import Store
from tests.store.lines import START_MS, STREAM, catalogue, delivery

KNOWN_MERGES = {
    frozenset(
        f"python: KeyError '{key}', of which only the text was logged" for key in ("currency", "price")
    ): "`pricing failed: 'currency'` names neither type nor place, and most quoted words in such lines are values"
}
"""Causes that share a group, and why."""
KNOWN_SPLITS = {
    "unquoted name": "`customer acme has no address`: nothing tells an unquoted name from the words around it"
}
"""Causes that fall into several groups, and why."""


class Cause(msgspec.Struct):
    """Lines of one true cause."""

    label: str
    lines: list[str]


CAUSES = msgspec.convert(
    tomllib.loads((Path(__file__).parents[1] / "error_lines.toml").read_text())["cause"], list[Cause]
)


def group_of(line: str) -> ErrorGroup:
    """The group that a store puts the line into, when it has read nothing else."""
    store = Store(START_MS)
    store.apply(catalogue(), START_MS)
    store.apply(delivery([LogEvent(STREAM, START_MS + 10, line)], "full", swept_to_ms=1000), START_MS + 60_000)
    (group,) = store.snapshot(START_MS + 60_000, View(window="start")).error_groups
    return group


@pytest.fixture(scope="module")
def grouped() -> dict[str, list[ErrorGroup]]:
    return {cause.label: [group_of(line) for line in cause.lines] for cause in CAUSES}


def merges(grouped: dict[str, list[ErrorGroup]], name_of: Callable[[ErrorGroup], str]) -> set[frozenset[str]]:
    """The sets of causes that have a group in common."""
    labels = defaultdict(set)
    for label, groups in grouped.items():
        for group in groups:
            labels[name_of(group)].add(label)
    return {frozenset(found) for found in labels.values() if len(found) > 1}


def splits(grouped: dict[str, list[ErrorGroup]], name_of: Callable[[ErrorGroup], str]) -> set[str]:
    """The causes with more than one group."""
    return {label for label, groups in grouped.items() if len({name_of(group) for group in groups}) > 1}


def signature(group: ErrorGroup) -> str:
    return group.signature


def without_frame(group: ErrorGroup) -> str:
    return group.signature.removesuffix(group.frame or "")


def test_the_set_is_large_and_its_labels_are_distinct() -> None:
    assert len({cause.label for cause in CAUSES}) == len(CAUSES) >= 300
    assert sum(len(cause.lines) for cause in CAUSES) >= 600


def test_no_two_causes_share_a_group(grouped: dict[str, list[ErrorGroup]]) -> None:
    assert merges(grouped, signature) == set(KNOWN_MERGES)


def test_no_cause_is_split_but_those_that_single_lines_cannot_tell(grouped: dict[str, list[ErrorGroup]]) -> None:
    assert splits(grouped, signature) == set(KNOWN_SPLITS)


def test_the_frame_is_needed_to_tell_causes_apart(grouped: dict[str, list[ErrorGroup]]) -> None:
    assert len(merges(grouped, without_frame)) >= 10
    assert splits(grouped, without_frame) == set(KNOWN_SPLITS)


def test_a_signature_begins_with_its_kind_and_ends_with_its_frame(grouped: dict[str, list[ErrorGroup]]) -> None:
    for groups in grouped.values():
        for group in groups:
            assert group.signature.startswith(group.kind)
            assert group.kind in SAME_WHATEVER_IT_SAYS or group.signature.endswith(f"|{group.frame or ''}")
