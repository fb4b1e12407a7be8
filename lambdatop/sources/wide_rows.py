"""Reads the rows of the counting query: what each function version did in each bin."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from lambdatop.model.aggregated import AggregatedBin, AggregatedFailure
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.insights_rows import epoch_ms
from lambdatop.sources.wide_query import BIN_COLUMNS, TIMED_OUT, middle_of

UNHANDLED = "Unhandled"
EXITED = "Runtime.ExitError"
Row = Mapping[str, str | None]


class _Sums:
    """What the rows of one function version and bin add up to."""

    def __init__(self) -> None:
        self.reports = self.inits = self.restores = 0
        self.billed = self.billed_size = self.used = 0.0
        self.longest = self.longest_init = self.longest_restore = 0.0
        self.durations: Counter[int] = Counter()
        self.init_durations: Counter[int] = Counter()
        self.restore_durations: Counter[int] = Counter()
        self.failures: Counter[tuple[str, str | None]] = Counter()

    def add(self, row: Row) -> None:
        """Count a row; a report's failure is told by its status, another line is a failure by itself."""
        reports = _count(row, "ltReports")
        status = row.get("ltStatus")
        if reports:
            self._add_reports(row, reports)
            if status and status != "success":
                self.failures[status, row.get("ltType") or None] += reports
            return
        lines, fault = _count(row, "ltLines"), row.get("ltFault")
        if fault == TIMED_OUT:
            self.failures["timeout", None] += lines
        else:
            self.failures["error", EXITED if fault else UNHANDLED] += lines

    def _add_reports(self, row: Row, reports: int) -> None:
        inits, restores = _count(row, "ltInits"), _count(row, "ltRestores")
        self.reports += reports
        self.inits += inits
        self.restores += restores
        self.billed += _number(row, "ltBilledSum")
        self.billed_size += _number(row, "ltBilledSize")
        self.used = max(self.used, _number(row, "ltMostUsed"))
        longest, longest_cold = _number(row, "ltLongest"), _number(row, "ltLongestCold")
        self.longest = max(self.longest, longest)
        self.durations[_count(row, "ltPower")] += reports
        if inits:
            self.init_durations[_count(row, "ltColdPower")] += inits
            self.longest_init = max(self.longest_init, longest_cold)
        if restores:
            self.restore_durations[_count(row, "ltColdPower")] += restores
            self.longest_restore = max(self.longest_restore, longest_cold)

    def bin(self, log_group: str, function_name: str, version: str, start_ms: int) -> AggregatedBin:
        """Return them all."""
        return AggregatedBin(
            log_group=log_group,
            function_name=function_name or None,
            version=version or None,
            start_ms=start_ms,
            invocations=self.reports,
            cold_starts=self.inits + self.restores,
            restores=self.restores,
            billed_duration_ms=round(self.billed),
            billed_mb_ms=round(self.billed_size),
            max_memory_used_mb=round(self.used),
            durations=_middles(self.durations),
            max_duration_ms=self.longest,
            init_durations=_middles(self.init_durations),
            max_init_duration_ms=self.longest_init,
            restore_durations=_middles(self.restore_durations),
            max_restore_duration_ms=self.longest_restore,
            failures=tuple(
                AggregatedFailure(status=status, error_type=error_type, invocations=count)
                for (status, error_type), count in sorted(self.failures.items(), key=str)
            ),
        )


def bins_of(
    columns: Sequence[str], rows: Iterable[Sequence[str | None]], bin_ms: int, from_ms: int, until_ms: int
) -> tuple[AggregatedBin, ...]:
    """Return the bins that begin in `[from_ms, until_ms)`; raises SourceFailure where the rows are no such answer."""
    column = BIN_COLUMNS[bin_ms]
    sums: dict[tuple[str, str, str, int], _Sums] = {}
    for values in rows:
        row = dict(zip(columns, values, strict=True))
        start_ms, log = epoch_ms(row.get(column) or ""), row.get("@log")
        if start_ms is None or log is None or "ltLines" not in row:
            raise SourceFailure("absent", "The answers of this endpoint's Insights cannot be read.")
        if from_ms - bin_ms < start_ms < until_ms:
            key = log.rpartition(":")[2], row.get("ltFunction") or "", row.get("ltVersion") or "", start_ms
            sums.setdefault(key, _Sums()).add(row)
    return tuple(one.bin(*key) for key, one in sums.items())


def _middles(powers: Mapping[int, int]) -> tuple[tuple[float, int], ...]:
    return tuple((middle_of(power), count) for power, count in sorted(powers.items()))


def _number(row: Row, name: str) -> float:
    try:
        return float(row.get(name) or 0.0)
    except ValueError:
        return 0.0


def _count(row: Row, name: str) -> int:
    return round(_number(row, name))
