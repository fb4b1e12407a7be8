"""The composition root: settings become accounts and an engine."""

from lambdatop.cli.settings import ConnectionSettings
from lambdatop.engine import clock
from lambdatop.engine.engine import Engine
from lambdatop.sources.account import Account, AccountOptions


def engine_of(settings: ConnectionSettings) -> Engine:
    """Return an engine over one account for each profile and region; nothing is asked of AWS before it starts."""
    engine: Engine

    def wait(seconds: float) -> None:
        engine.wait(seconds)

    accounts = [
        Account(
            AccountOptions(
                profile=profile,
                region=region,
                endpoint_url=settings.endpoint_url,
                patterns=settings.patterns,
                since_ms=settings.since_ms,
                until_ms=settings.until_ms,
                quota_share=settings.quota_share,
            ),
            now_ms=clock.now_ms,
            wait=wait,
        )
        for profile in settings.profiles
        for region in settings.regions
    ]
    engine = Engine(accounts, settings.since_ms, settings.until_ms)
    return engine
