"""One complete snapshot for `report`: start the engine, wait for the sources' first answers, stop."""

import difflib
import math
from collections.abc import Sequence

from lambdatop.cli import output
from lambdatop.cli.failure import CommandError, ExitCode
from lambdatop.cli.settings import ConnectionSettings, Diagnosis
from lambdatop.cli.wiring import engine_of
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.reading import UNASKED_BACKFILL_USD
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import SourceStatus
from lambdatop.model.view import View
from lambdatop.render.units import dollars
from lambdatop.render.wide_logs_words import announced, offers, total_price, waiting
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.function_catalogue import is_match

_WORKS = ("working", "late", "throttled")


def collect(settings: ConnectionSettings, timeout_s: float, diagnosis: Diagnosis) -> Snapshot:
    """Return a snapshot over the whole asked window; raises CommandError where nothing can be known."""
    engine = engine_of(settings)
    price = PriceGuard(settings.backfill_usd, settings.account_count)
    engine.set_view(View(window="start", wide_logs=settings.wide_logs, backfill_usd=price.account_usd))

    def look(snapshot: Snapshot) -> None:
        price.check(snapshot)
        output.show_progress(progress(snapshot))

    try:
        engine.start()
        is_complete = engine.wait_until_first_answers(timeout_s, look)
    except SourceFailure as failure:
        raise CommandError(failure.exit_code, failure.sentence, failure.remedy) from failure
    finally:
        output.show_progress("")
        diagnosis.defects += engine.defects
        engine.stop()
    snapshot = engine.latest
    check_sources(snapshot.sources)
    check_patterns(settings.patterns, [row.function for row in snapshot.functions])
    if not is_complete:
        output.say(f"lambdatop: not everything had answered after {timeout_s:g} s; allow more with --timeout")
    return snapshot


class PriceGuard:
    """Says what reading by Insights costs before it does, and ends the command where that is more than allowed."""

    def __init__(self, allowed_usd: float | None, accounts: int = 1) -> None:
        self._allowed_usd = UNASKED_BACKFILL_USD if allowed_usd is None else allowed_usd
        self._accounts = accounts
        self._is_told = False

    @property
    def account_usd(self) -> float:
        """What may be spent in each account."""
        return self._allowed_usd / self._accounts

    def check(self, snapshot: Snapshot) -> None:
        """Look at what is about to be read; raises CommandError."""
        asked = waiting(snapshot.sources)
        if asked:
            price, limit = total_price(asked), dollars(self._allowed_usd)
            sentence = f"{announced(asked)} That is {price}, and --max-cost allows {limit}"
            costs = [offer.cost_usd for offer in asked]
            dearest_usd = math.inf if None in costs else max(cost or 0.0 for cost in costs)
            enough = dearest_usd if dearest_usd == math.inf else math.ceil(dearest_usd * self._accounts * 100) / 100
            raise CommandError(ExitCode.USAGE, sentence, f"lambdatop report --max-cost {enough:g}")
        told = offers(snapshot.sources)
        if told and not self._is_told:
            self._is_told = True
            output.show_progress("")
            output.say(f"lambdatop: {announced(told)}")


def progress(snapshot: Snapshot) -> str:
    """Return what is being waited for, such as "reading: log tail 43%, metrics"."""
    waiting = [
        f"{source.name} {source.progress:.0%}" if source.progress is not None and source.progress < 1 else source.name
        for source in snapshot.sources
        if source.state == "starting" or (source.progress is not None and source.progress < 1)
    ]
    return f"reading: {', '.join(waiting)}" if waiting else "connecting"


def check_sources(sources: Sequence[SourceStatus]) -> None:
    """Raise CommandError when no source works: credentials come first among the reasons."""
    if not sources or any(source.state in _WORKS for source in sources):
        return
    worst = next((source for source in sources if source.state == "credentials"), None)
    if worst is not None:
        raise CommandError(ExitCode.CREDENTIALS, worst.detail, worst.remedy)
    failed = next((source for source in sources if source.state in ("failed", "denied")), sources[0])
    detail = failed.detail or f"{failed.name} has not answered"
    raise CommandError(ExitCode.AWS, detail, failed.remedy)


def check_patterns(patterns: Sequence[str], functions: Sequence[LambdaFunction]) -> None:
    """Raise CommandError when no function matches; say which of several patterns match none."""
    idle = [pattern for pattern in patterns if not any(is_match(function, pattern) for function in functions)]
    if not idle:
        return
    near = near_names(idle, [function.key.name for function in functions])
    sentence = f"no function matches {', '.join(idle)}{_alternatives(near)}"
    if len(idle) < len(patterns):
        output.say(f"lambdatop: {sentence}")
        return
    raise CommandError(ExitCode.AWS, sentence, "lambdatop report")


def _alternatives(near: Sequence[str]) -> str:
    return f"; there is {', '.join(near)}" if near else ""


def near_names(patterns: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return up to three names that look like the patterns.

    >>> near_names(["chekout"], ["checkout", "orders"])
    ['checkout']
    """
    return list(dict.fromkeys(near for pattern in patterns for near in difflib.get_close_matches(pattern, names, 3)))[
        :3
    ]
