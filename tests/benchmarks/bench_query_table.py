"""The answer of a query as a table: sorted, filtered and drawn, at 10,000 and 100,000 rows of log events.

python -m tests.benchmarks.bench_query_table

Nothing here waits, so it is the processor's time that is measured: other work does not count.
"""

import random
import time
from collections.abc import Callable

from lambdatop.model.query import QueryProgress
from lambdatop.render.query_table import QueryTable, TableChoice
from tests.benchmarks.measured import Row, print_rows

COLUMNS = ("@timestamp", "@message", "@requestId", "@duration")
AIMS_MS = {10_000: 50.0, 100_000: 500.0}
SCREEN, SCREEN_AIM_MS = (50, 200), 16.0


def answer(count: int) -> QueryProgress:
    """Return log events of a busy hour, some 230 characters each."""
    dice = random.Random(1)
    rows = []
    for _ in range(count):
        at = f"{dice.randrange(60):02d}:{dice.randrange(60):02d}.{dice.randrange(1000):03d}"
        message = f"2026-11-21T03:{at}Z {dice.randrange(10**9):08x} INFO order {dice.randrange(10**6)} took "
        message += f"{dice.random() * 100:.2f} ms in step {dice.randrange(9)} {'abc def ' * 10}"
        request = f"{dice.randrange(2**64):016x}-{dice.randrange(2**64):016x}"
        rows.append((f"2026-11-21 03:{at}", message, request, f"{dice.random() * 1e4:.4f}"))
    return QueryProgress(number=1, status="complete", columns=COLUMNS, rows=tuple(rows), pointers=("p",) * count)


def took_ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def measure(count: int) -> list[Row]:
    """Return what one size takes, from the first look on."""
    progress, aim = answer(count), AIMS_MS[count]
    table = QueryTable.of(progress)
    rows = [Row("first screen", took_ms(lambda: table.lines(0, *SCREEN)), "ms", aim=aim)]
    rows.append(Row("next screen", took_ms(lambda: table.lines(count // 2, *SCREEN)), "ms", aim=SCREEN_AIM_MS))
    for column in COLUMNS:
        by_column = table.changed(TableChoice(column))
        rows.append(Row(f"sort by {column}", took_ms(lambda one=by_column: one.places), "ms", aim=aim))  # type: ignore[misc]
    for text in ("s", "step 7", "/step [78] .*def/"):
        filtered = table.changed(TableChoice(COLUMNS[-1], filter_text=text))
        rows.append(Row(f"filter {text}", took_ms(lambda one=filtered: one.places), "ms", aim=aim))  # type: ignore[misc]
    return rows


def main() -> None:
    """Print both sizes."""
    for count in AIMS_MS:
        print_rows(f"{count:,} rows", measure(count), "the first filter makes the texts that are searched")


if __name__ == "__main__":
    main()
