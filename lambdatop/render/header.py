"""The two lines above everything: who and where, how fresh, what it costs; and what is sick."""

from collections.abc import Sequence
from typing import NamedTuple

from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import ApiUsage
from lambdatop.model.view import Window
from lambdatop.render import freshness, units
from lambdatop.render.live_tail_words import live_mark
from lambdatop.render.span import Line
from lambdatop.render.states import state_counts
from lambdatop.render.wide_logs_words import backfill_mark, counting_mark, rarity_mark
from lambdatop.render.words import fitting, foreign, line, said, wrapped

WINDOW_WORDS: dict[Window, str] = {
    "1m": "1 min",
    "5m": "5 min",
    "15m": "15 min",
    "1h": "1 h",
    "start": "since start",
}


LOGIN_WARNING_MS = 900_000
CLOCK_WARNING_MS = 60_000
_NARROW = 90
"""Below this width labels that the eye can do without are left out."""


class HeaderContent(NamedTuple):
    """What the header says beside the snapshot."""

    profile: str | None = None
    regions: tuple[str, ...] = ()
    """Regions asked for, shown until the account is known."""
    is_demo: bool = False
    window: Window = "15m"
    next_window: Window | None = None
    """The window asked for, until a snapshot over it arrives."""
    frozen_since_ms: int | None = None
    filter_text: str = ""
    shown: int | None = None
    """Functions that match the filter."""
    internal_error: str | None = None
    is_utc: bool = False
    is_ascii: bool = False


def place_line(snapshot: Snapshot, content: HeaderContent, width: int) -> Line:
    """Return the first line: frozen or not, place, end of the login, back-fill, window, lag, Live Tail, API cost."""
    is_narrow = width < _NARROW
    parts: list[Line] = [] if is_narrow else [line(said("lambdatop", "heading"))]
    if content.frozen_since_ms is not None:
        since = units.clock(content.frozen_since_ms, content.is_utc)
        parts.append(line(said(f" FROZEN since {since} ", "frozen")))
    parts.append(_place(snapshot, content))
    parts.append(_login(snapshot))
    parts.append(_backfill(snapshot))
    parts.append(_window(content, is_narrow=is_narrow))
    parts.append(
        _logs(snapshot, content, is_narrow=is_narrow) if snapshot.sources else line(said("connecting", "provisional"))
    )
    parts.append(rarity_mark(snapshot.sources))
    parts.append(live_mark(snapshot.sources))
    parts.append(_cost(snapshot.api))
    if snapshot.api.throttled:
        parts.append(line(said(f"{units.count(snapshot.api.throttled)} API calls throttled", "warning")))
    return fitting(parts, width)


def health_line(snapshot: Snapshot, content: HeaderContent, width: int) -> Line:
    """Return the second line: an internal error or a notice if there is one, else how many functions are how."""
    if content.internal_error is not None:
        return _sentence(f"internal error: {content.internal_error}", width, "bad")
    if snapshot.notice is not None:
        return _sentence(snapshot.notice, width, "bad")
    parts: list[Line] = []
    if content.filter_text:
        parts.append(
            line(
                said("filter ", "dim"),
                foreign(content.filter_text, "accent", 40),
                said(f" {units.count(content.shown)} of {units.count(len(snapshot.functions))}", "dim"),
            )
        )
    troubled = len(freshness.problems(snapshot.sources))
    if troubled:
        noun = "source problem" if troubled == 1 else "source problems"
        parts.append(line(said(f"! {troubled} {noun}", "warning")))
    parts.append(backfill_mark(snapshot.sources))
    parts.append(_clock(snapshot))
    counts = state_counts(snapshot.functions, is_ascii=content.is_ascii)
    parts.extend(counts or (line(said("no function known yet", "unknown")),))
    if len(snapshot.functions) > 1:
        parts.append(line(said(f"{units.count(len(snapshot.functions))} functions", "dim")))
    return fitting(parts, width)


def _place(snapshot: Snapshot, content: HeaderContent) -> Line:
    regions = tuple(dict.fromkeys(account.scope.region for account in snapshot.accounts)) or content.regions
    accounts = tuple(dict.fromkeys(account.scope.account_id for account in snapshot.accounts))
    words: list[str] = []
    if content.is_demo:
        words.append("demo")
    elif content.profile:
        words.append(content.profile)
    words.append(accounts[0] if len(accounts) == 1 else f"{len(accounts)} accounts" if accounts else "")
    words.append(_some(regions))
    return line(foreign(" ".join(word for word in words if word), "accent", 60))


def _window(content: HeaderContent, *, is_narrow: bool) -> Line:
    words = line(said("" if is_narrow else "window ", "dim"), said(WINDOW_WORDS[content.window]))
    if content.next_window is None:
        return words
    return (*words, said(f" → {WINDOW_WORDS[content.next_window]}", "provisional"))


def _some(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} regions" if names else ""


def _login(snapshot: Snapshot) -> Line:
    """Return the countdown in a login's last minutes, in whole minutes so that the screen rests in between."""
    ends = [source.expires_at_ms for source in snapshot.sources if source.expires_at_ms is not None]
    left_ms = min(ends, default=snapshot.taken_at_ms + LOGIN_WARNING_MS) - snapshot.taken_at_ms
    if left_ms >= LOGIN_WARNING_MS:
        return ()
    if left_ms <= 0:
        return line(said("login ended", "bad"))
    return line(said(f"login ends in {units.age(left_ms) if left_ms >= 60_000 else '<1 min'}", "warning"))


def _logs(snapshot: Snapshot, content: HeaderContent, *, is_narrow: bool) -> Line:
    """Return how fresh the logs are and how most are read; where they cannot be, since when numbers stand still."""
    sources = freshness.of_kinds(snapshot.sources, ("log",))
    origin = freshness.origin(sources)
    since_ms = freshness.still_since_ms(sources, snapshot.taken_at_ms)
    if since_ms is None:
        counting = counting_mark(snapshot.sources, is_narrow=is_narrow)
        is_alone = is_narrow and counting and not any(freshness.is_behind(source) for source in sources)
        return counting if is_alone else (*counting, *((said("; "),) if is_narrow and counting else ()), *origin)
    since = units.clock(since_ms, content.is_utc)
    style = origin[0].style
    return line(said(f"■ logs until {since}", style)) if is_narrow else (*origin, said(f" since {since}", style))


def _cost(api: ApiUsage) -> Line:
    """Return dollars an hour; with a limit, what the last hour has cost of it."""
    limit_usd = api.max_cost_usd_per_hour
    if limit_usd is None:
        return line(said("API ", "dim"), said(f"{units.dollars(api.cost_usd_per_hour)}/h"))
    return line(
        said("API ", "dim"),
        said(units.dollars(api.cost_usd_last_hour)),
        said(f" of {units.dollars(limit_usd)}/h", "dim"),
        said(" slowed" if api.slowed else "", "warning"),
    )


def _clock(snapshot: Snapshot) -> Line:
    """Return how far off this machine's clock is, where that is more than a tool may correct in silence."""
    offset_ms = max((source.clock_offset_ms for source in snapshot.sources), key=abs, default=0)
    if abs(offset_ms) <= CLOCK_WARNING_MS:
        return ()
    direction = "behind" if offset_ms > 0 else "ahead of"
    return line(said(f"clock {round(abs(offset_ms) / 60_000)} min {direction} AWS's", "warning"))


def _backfill(snapshot: Snapshot) -> Line:
    shares = [source.progress for source in snapshot.sources if source.progress is not None and source.progress < 1]
    return line(said(f"back-fill {int(min(shares) * 100)}%", "provisional")) if shares else ()


def _sentence(text: str, width: int, style: str) -> Line:
    lines = wrapped(foreign(text, limit=500).text, max(1, width - 1), style)
    return lines[0] if len(lines) == 1 else (*lines[0], said("…", style))
