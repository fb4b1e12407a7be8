"""A look into the AWS configuration files before the screen opens, without loading boto3 (which takes a while)."""

from collections.abc import Mapping
from configparser import ConfigParser, Error
from pathlib import Path

from lambdatop.cli.failure import CommandError, ExitCode
from lambdatop.cli.settings import ConnectionSettings


def check_configuration(settings: ConnectionSettings, environment: Mapping[str, str]) -> None:
    """Raise CommandError for a profile that does not exist or a region that is nowhere said.

    Names and precedence are botocore's: AWS_DEFAULT_PROFILE before AWS_PROFILE, the region by argument, then
    AWS_DEFAULT_REGION, then the profile's; "default" need not exist.
    """
    profiles = _profiles(environment)
    chosen_by_environment = environment.get("AWS_DEFAULT_PROFILE") or environment.get("AWS_PROFILE")
    for wanted in settings.profiles:
        name = wanted or chosen_by_environment or "default"
        if name != "default" and name not in profiles:
            raise CommandError(
                ExitCode.CREDENTIALS, f"there is no AWS profile {name!r}", f"aws configure --profile {name}"
            )
        has_region = environment.get("AWS_DEFAULT_REGION") or profiles.get(name, {}).get("region")
        if None in settings.regions and not has_region:
            whose = f" of profile {name!r}" if name != "default" else ""
            raise CommandError(
                ExitCode.CREDENTIALS,
                f"no AWS region is known{whose}",
                "lambdatop --region us-east-1, or export AWS_REGION",
            )


def _profiles(environment: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the settings of each profile of the two files; a file that cannot be read is left to boto3 to judge."""
    profiles: dict[str, dict[str, str]] = {}
    for variable, default in (
        ("AWS_CONFIG_FILE", "~/.aws/config"),
        ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
    ):
        parser = ConfigParser(interpolation=None, strict=False, default_section="\0")
        try:
            parser.read(Path(environment.get(variable) or default).expanduser(), encoding="utf-8")
        except (Error, OSError, UnicodeError, RuntimeError):
            continue
        for section in parser.sections():
            name = section.removeprefix("profile ").strip().strip("'\"")
            profiles.setdefault(name, {}).update(parser[section])
    return profiles
