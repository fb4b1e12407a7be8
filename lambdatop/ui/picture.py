"""What a place is shown: a snapshot and the way to draw it."""

from typing import NamedTuple

from lambdatop.model.snapshot import Snapshot
from lambdatop.render.drawing import Drawing
from lambdatop.render.header import HeaderContent


class Picture(NamedTuple):
    """Everything that one drawing of the screen needs."""

    snapshot: Snapshot
    header: HeaderContent
    drawing: Drawing
