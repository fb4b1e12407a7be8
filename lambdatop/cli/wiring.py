"""The composition root: settings become accounts and an engine, each imported only where it is used."""

from typing import TYPE_CHECKING

from lambdatop.cli.settings import ConnectionSettings
from lambdatop.sources.account_options import AccountOptions

if TYPE_CHECKING:
    from lambdatop.engine.engine import Engine
    from lambdatop.engine.log_follower import LogFollower
    from lambdatop.engine.remote_engine import RemoteEngine


def account_options(
    settings: ConnectionSettings, *, is_logs_only: bool = False, can_listen_live: bool = False
) -> list[AccountOptions]:
    """Return one account for each profile and region; they share the limit on cost in equal parts."""
    return [
        AccountOptions(
            profile=profile,
            region=region,
            endpoint_url=settings.endpoint_url,
            patterns=settings.patterns,
            since_ms=settings.since_ms,
            until_ms=settings.until_ms,
            quota_share=settings.quota_share,
            max_cost_usd_per_hour=settings.account_max_cost_usd_per_hour,
            can_listen_live=can_listen_live,
            is_logs_only=is_logs_only,
        )
        for profile in settings.profiles
        for region in settings.regions
    ]


def engine_of(settings: ConnectionSettings) -> "Engine":
    """Return an engine in this process; nothing is asked of AWS before it starts."""
    from lambdatop.engine import clock
    from lambdatop.engine.engine import Engine
    from lambdatop.sources.account import accounts_of
    from lambdatop.sources.clock_skew import ClockSkew

    engine: Engine

    def wait(seconds: float) -> None:
        engine.wait(seconds)

    skew = ClockSkew(clock.now_ms)
    accounts = accounts_of(account_options(settings), clock.now_ms, wait, skew)
    engine = Engine(accounts, settings.since_ms, settings.until_ms, now_ms=skew.now_ms)
    return engine


def remote_engine_of(settings: ConnectionSettings) -> "RemoteEngine":
    """Return an engine in a process of its own, as the screen needs it to answer keys at any log rate."""
    from lambdatop.engine.remote_engine import RemoteEngine

    accounts = account_options(settings, can_listen_live=True)
    return RemoteEngine(accounts, settings.since_ms, log_lines=settings.log_lines)


def log_follower_of(settings: ConnectionSettings, filter_pattern: str | None = None) -> "LogFollower":
    """Return what reads the text of logs and nothing else, in this process."""
    import msgspec

    from lambdatop.engine import clock
    from lambdatop.engine.log_follower import LogFollower
    from lambdatop.sources.account import accounts_of
    from lambdatop.sources.clock_skew import ClockSkew

    follower: LogFollower

    def wait(seconds: float) -> None:
        follower.wait(seconds)

    skew = ClockSkew(clock.now_ms)
    options = account_options(settings, is_logs_only=True)
    filtered = [msgspec.structs.replace(one, filter_pattern=filter_pattern) for one in options]
    accounts = accounts_of(filtered, clock.now_ms, wait, skew)
    follower = LogFollower(accounts, now_ms=skew.now_ms)
    return follower
