"""Snapshots over a pipe arrive whole, and rows that did not change stay the identical object."""

import io

import msgspec

from lambdatop.engine.snapshot_stream import FailureFrame, SnapshotReader, SnapshotWriter, bodies, framed
from lambdatop.model.snapshot import Snapshot
from tests.ui import pictures


def sent(writer: SnapshotWriter, reader: SnapshotReader, snapshot: Snapshot) -> tuple[Snapshot, int]:
    stream = b"".join(writer.frames(snapshot, []))
    received = [taken for body in bodies(io.BytesIO(stream)) if (taken := reader.take(body)) is not None]
    assert len(received) == 1
    return received[0], len(stream)


def test_every_kind_of_snapshot_arrives_equal() -> None:
    writer, reader = SnapshotWriter(), SnapshotReader()
    detailed = msgspec.structs.replace(
        pictures.incident(), detail=pictures.detail(pictures.incident(), pictures.incident().functions[0].key)
    )

    for snapshot in (pictures.empty(), pictures.quiet(), detailed, pictures.failing(), pictures.many(100)):
        received, _ = sent(writer, reader, snapshot)
        assert received == snapshot


def test_only_changed_rows_are_sent_and_the_others_stay_the_same_object() -> None:
    writer, reader = SnapshotWriter(), SnapshotReader()
    first = pictures.many(1000)
    before, whole_bytes = sent(writer, reader, first)

    second = pictures.changed(first, step=1, share=0.1)
    after, some_bytes = sent(writer, reader, second)

    assert after == second
    changed = sum(old is not new for old, new in zip(before.functions, after.functions, strict=True))
    assert changed == sum(old is not new for old, new in zip(first.functions, second.functions, strict=True))
    assert some_bytes < whole_bytes / 5


def test_frames_are_small_enough_to_be_decoded_between_two_keys() -> None:
    stream = b"".join(SnapshotWriter().frames(pictures.many(1000), []))

    assert max(len(body) for body in bodies(io.BytesIO(stream))) < 200_000


def test_a_stream_that_breaks_off_ends_before_the_broken_frame() -> None:
    stream = b"".join(SnapshotWriter().frames(pictures.quiet(), []))
    frames = list(bodies(io.BytesIO(stream)))

    assert list(bodies(io.BytesIO(stream[:-1]))) == frames[:-1]
    assert list(bodies(io.BytesIO(stream + b"\0\0"))) == frames


def test_a_failure_to_connect_is_told() -> None:
    reader = SnapshotReader()
    frame = framed(FailureFrame("credentials", "No AWS region is set.", "Pass --region.", 3))

    assert [reader.take(body) for body in bodies(io.BytesIO(frame))] == [None]
    assert reader.failure is not None
    assert (reader.failure.sentence, reader.failure.exit_code) == ("No AWS region is set.", 3)
