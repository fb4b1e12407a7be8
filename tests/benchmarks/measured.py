"""What every benchmark prints: figures beside their yardstick, the ratio and the aim."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """One figure; `aim` is met when `ratio` (or the figure, without a yardstick) is at most that."""

    name: str
    value: float
    unit: str
    yardstick: float | None = None
    aim: float | None = None

    @property
    def judged(self) -> float:
        """What the aim is held against."""
        return self.value / self.yardstick if self.yardstick else self.value


def print_rows(title: str, rows: Sequence[Row], note: str = "") -> None:
    """Print the rows as a table, with a verdict where there is an aim."""
    width = max(len(row.name) for row in rows)
    print(f"\n{title}")
    print(f"  {'':{width}}  {'measured':>12} {'':7} {'yardstick':>10} {'ratio':>7} {'aim':>8}")
    for row in rows:
        yardstick = "" if row.yardstick is None else f"{row.yardstick:10.5g}"
        ratio = f"{row.judged:6.2f}x" if row.yardstick else ""
        aim = "" if row.aim is None else f"<= {row.aim:g}" + ("x" if row.yardstick else "")
        verdict = "" if row.aim is None else ("  met" if row.judged <= row.aim else "  MISSED")
        print(f"  {row.name:{width}}  {row.value:12.5g} {row.unit:7} {yardstick:>10} {ratio:>7} {aim:>8}{verdict}")
    if note:
        print(f"  {note}")


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
