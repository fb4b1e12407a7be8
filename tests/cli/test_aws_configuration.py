from pathlib import Path

import pytest

from lambdatop.cli.aws_configuration import check_configuration
from lambdatop.cli.failure import CommandError, ExitCode
from lambdatop.cli.settings import ConnectionSettings


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "config").write_text(
        "[default]\noutput = json\n[profile prod]\nregion = eu-west-1\n[profile bare]\n%x = %y\n"
    )
    (tmp_path / "credentials").write_text("[keys]\naws_access_key_id = AKIA\nregion = us-east-1\n")
    return {
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }


def settings(profile: str | None = None, region: str | None = None) -> ConnectionSettings:
    return ConnectionSettings(profiles=(profile,), regions=(region,), since_ms=0)


@pytest.mark.parametrize(
    ("profile", "region", "more"),
    [
        (None, "eu-west-1", {}),
        (None, None, {"AWS_DEFAULT_REGION": "eu-west-1"}),
        ("prod", None, {}),
        ("keys", None, {}),
        (None, None, {"AWS_PROFILE": "prod"}),
        (None, None, {"AWS_PROFILE": "missing", "AWS_DEFAULT_PROFILE": "prod"}),
    ],
)
def test_enough_is_known(
    profile: str | None, region: str | None, more: dict[str, str], environment: dict[str, str]
) -> None:
    check_configuration(settings(profile, region), environment | more)


@pytest.mark.parametrize(
    ("profile", "region", "more", "sentence", "remedy"),
    [
        (None, None, {}, "no AWS region is known", "lambdatop --region us-east-1, or export AWS_REGION"),
        (
            "bare",
            None,
            {},
            "no AWS region is known of profile 'bare'",
            "lambdatop --region us-east-1, or export AWS_REGION",
        ),
        ("nope", "eu-west-1", {}, "there is no AWS profile 'nope'", "aws configure --profile nope"),
        (None, "eu-west-1", {"AWS_PROFILE": "gone"}, "there is no AWS profile 'gone'", "aws configure --profile gone"),
    ],
)
def test_what_is_missing_is_said(
    profile: str | None,
    region: str | None,
    more: dict[str, str],
    sentence: str,
    remedy: str,
    environment: dict[str, str],
) -> None:
    with pytest.raises(CommandError) as caught:
        check_configuration(settings(profile, region), environment | more)
    assert (caught.value.exit_code, caught.value.sentence, caught.value.remedy) == (
        ExitCode.CREDENTIALS,
        sentence,
        remedy,
    )


def test_files_that_cannot_be_read_are_left_to_boto3(tmp_path: Path) -> None:
    (tmp_path / "config").write_bytes(b"\xff\xfe no section\n")
    files = {"AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path)}
    check_configuration(settings(None, "eu-west-1"), files)
