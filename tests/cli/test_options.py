import stat
from pathlib import Path

import click
import pytest

from lambdatop.cli.options import Share, connection_settings
from lambdatop.cli.settings import ConnectionSettings
from lambdatop.engine import clock


def settings(
    functions: tuple[str, ...] = (), regions: tuple[str, ...] = (), since_ms: int = 0, until_ms: int | None = None
) -> ConnectionSettings:
    return connection_settings(
        functions=functions,
        profiles=(),
        regions=regions,
        endpoint_url="",
        quota_share=0.4,
        since_ms=since_ms,
        until_ms=until_ms,
    )


@pytest.mark.parametrize(("text", "share"), [("25%", 0.25), ("0.5", 0.5), ("100%", 1.0), (0.25, 0.25)])
def test_a_share(text: str | float, share: float) -> None:
    assert Share().convert(text, None, None) == share


@pytest.mark.parametrize("text", ["0", "-1%", "101%", "half", "", "nan"])
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no share"):
        Share().convert(text, None, None)


def test_what_was_not_given_is_left_to_the_profile() -> None:
    assert settings(regions=("",)).regions == (None,)
    assert settings().endpoint_url is None


def test_what_is_given_twice_counts_once() -> None:
    assert settings(regions=("eu-west-1", "us-east-1", "eu-west-1")).regions == ("eu-west-1", "us-east-1")
    assert settings(functions=("a", "a")).patterns == ("a",)


@pytest.mark.parametrize(
    ("since_ms", "until_ms"),
    [(2, 2), (3, 2), (clock.now_ms() + 86_400_000, None)],
    ids=["ends as it begins", "ends before it begins", "begins tomorrow"],
)
def test_an_empty_window_is_a_usage_error(since_ms: int, until_ms: int | None) -> None:
    with pytest.raises(click.UsageError, match="nothing to read"):
        settings(since_ms=since_ms, until_ms=until_ms)


def test_the_debug_file_is_its_owners_alone(tmp_path: Path) -> None:
    from lambdatop.cli.main import run

    path = tmp_path / "debug.txt"
    path.touch(mode=0o644)
    assert run(["report", "--debug", str(path), "--since", "never"]) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
