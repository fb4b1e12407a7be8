"""Logins that end and come back, by botocore's own rules, against an SSO portal and STS on 127.0.0.1."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.credentials import SSOProvider
from botocore.exceptions import RefreshWithMFAUnsupportedError
from botocore.tokens import SSOTokenProvider

from lambdatop.model.source_status import SourceStatus
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.aws_clients import AwsClients
from lambdatop.sources.failure import failure_of
from lambdatop.sources.identity import IdentitySource
from lambdatop.sources.polled_source import RETRY_MS
from lambdatop.sources.watch import Watch
from tests.fakes import FakeClock
from tests.sources.fake_call import SteadyRandom
from tests.sources.login_endpoint import Logins, login_endpoint

START_URL = "https://example.awsapps.com/start"
SSO = f"sso_start_url = {START_URL}\nsso_region = eu-west-1\n"
SSO_PROFILE = "region = eu-west-1\nsso_account_id = 123456789012\nsso_role_name = reader\n"
ROLE_ARN = "arn:aws:iam::123456789012:role/{}"
MFA_SERIAL = "arn:aws:iam::123456789012:mfa/me"


class Home:
    """A user's home directory with AWS settings, and what an identity that reads them says."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.watch = Watch()
        self.clock = FakeClock()

    def configure(self, **profiles: str) -> None:
        sections = (f"[{'default' if name == 'default' else name.replace('__', ' ')}]\n{text}\n"
                    for name, text in profiles.items())  # fmt: skip
        (self.path / "config").write_text("\n".join(sections))

    def cache_token(self, token: str, ends_in_s: float, of: str = START_URL, **more: str) -> None:
        """Write what `aws sso login` writes."""
        folder = self.path / ".aws/sso/cache"
        folder.mkdir(parents=True, exist_ok=True)
        content = {"startUrl": START_URL, "region": "eu-west-1", "accessToken": token, "expiresAt": iso(ends_in_s)}
        (folder / f"{filed(of)}.json").write_text(json.dumps({**content, **more}))

    def connect(self, profile: str | None) -> None:
        self.clients = AwsClients(profile, "eu-west-1", None)
        self.clients.connect()
        self.call = AwsCall(self.clients, 1.0, self.clock, lambda _: None, random.Random(1))
        self.identity = IdentitySource(self.call, self.watch, SteadyRandom())

    def poll(self) -> SourceStatus:
        """Let time pass until the identity is due, and have it ask."""
        due_ms = self.identity.next_due_ms()
        assert due_ms is not None
        self.clock.now_ms = max(self.clock.now_ms, due_ms)
        assert not list(self.identity.poll(self.clock.now_ms))
        return self.identity.status(self.clock.now_ms)


def filed(text: str) -> str:
    """The name that the AWS CLI files what belongs to a text by."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def iso(from_now_s: float) -> str:
    return f"{datetime.now(UTC) + timedelta(seconds=from_now_s):%Y-%m-%dT%H:%M:%SZ}"


def from_now_s(timestamp_ms: int | None) -> float:
    """Seconds until then, by the machine's clock, which botocore goes by; to ten seconds."""
    assert timestamp_ms is not None
    return round(timestamp_ms / 1000 - datetime.now(UTC).timestamp(), -1)


@pytest.fixture
def logins() -> Iterator[Logins]:
    with login_endpoint() as endpoint:
        yield endpoint


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, logins: Logins) -> Home:
    """An environment of nothing but this home and the endpoint."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                 "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_ENDPOINT_URL": logins.url,
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"), "AWS_EC2_METADATA_DISABLED": "true",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    for provider in (SSOProvider, SSOTokenProvider):  # botocore reads HOME when it is imported
        monkeypatch.setattr(provider, "_SSO_TOKEN_CACHE_DIR", str(tmp_path / ".aws/sso/cache"))
    (tmp_path / "credentials").write_text("[base]\naws_access_key_id = base\naws_secret_access_key = b\n")
    return Home(tmp_path)


def by_start_url(profile: str) -> Callable[[Home], str]:
    """A profile of SSO as older AWS CLIs wrote it: its token is filed by the start URL."""

    def configure(home: Home) -> str:
        home.configure(**{f"profile__{profile}": SSO_PROFILE + SSO})
        return START_URL

    return configure


def by_session(profile: str) -> Callable[[Home], str]:
    """A profile of SSO with a session of its own, whose token is filed by the session's name."""

    def configure(home: Home) -> str:
        home.configure(
            **{f"profile__{profile}": f"{SSO_PROFILE}sso_session = work\n", "sso-session__work": SSO}
        )  # fmt: skip
        return "work"

    return configure


@pytest.mark.parametrize("configure", [by_start_url("staff"), by_session("staff")])
@pytest.mark.parametrize("before", ["ended", "missing", "refused"])
def test_a_login_in_another_terminal_is_taken_up_without_a_restart(
    home: Home, logins: Logins, configure: Callable[[Home], str], before: str
) -> None:
    of = configure(home)
    if before != "missing":
        home.cache_token("old", -60 if before == "ended" else 3_600, of)
    home.connect("staff")
    status = home.poll()
    assert (status.state, status.detail) == ("credentials", "The AWS login has expired.")
    assert status.remedy == "Run `aws sso login --profile staff`."
    first_ms = home.clock.now_ms
    assert home.poll().state == "credentials"
    assert home.clock.now_ms - first_ms <= RETRY_MS["credentials"]
    assert home.watch.scope is None

    logins.tokens.add("new")
    home.cache_token("new", 3_600, of)
    lost_ms, generation = home.clock.now_ms, home.watch.generation
    status = home.poll()
    assert (status.state, status.detail) == ("working", "arn:aws:sts::1:of-new")
    assert home.clock.now_ms - lost_ms <= RETRY_MS["credentials"]
    assert home.watch.generation == generation + 1
    assert home.watch.scope == ("123456789012", "eu-west-1")


def test_a_role_that_needs_an_mfa_code_uses_the_session_that_the_aws_cli_opens(home: Home, logins: Logins) -> None:
    role = f"role_arn = {ROLE_ARN.format('guarded')}\nsource_profile = base\nmfa_serial = {MFA_SERIAL}\n"
    home.configure(profile__guarded=role)
    home.connect("guarded")
    status = home.poll()
    assert (status.state, status.detail) == ("credentials", "This profile asks for an MFA code.")
    assert status.remedy == "Run `aws sts get-caller-identity --profile guarded`; the session it opens is used here."
    assert logins.asked == []

    arguments = {"RoleArn": ROLE_ARN.format("guarded"), "SerialNumber": MFA_SERIAL}
    cache = home.path / ".aws/cli/cache"
    cache.mkdir(parents=True)
    session = {"AccessKeyId": "opened", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": iso(3_600)}
    (cache / f"{filed(json.dumps(arguments, sort_keys=True))}.json").write_text(json.dumps({"Credentials": session}))
    status = home.poll()
    assert (status.state, status.detail) == ("working", "arn:aws:sts::1:opened")
    assert from_now_s(status.expires_at_ms) == 3_000, "botocore insists on a new session ten minutes early"


def test_an_mfa_session_that_ends_while_it_is_used_asks_for_a_login() -> None:
    failure = failure_of(RefreshWithMFAUnsupportedError(), "logs:FilterLogEvents", "guarded")
    assert failure.state == "credentials"
    assert "aws sts get-caller-identity --profile guarded" in (failure.remedy or "")


def test_a_chain_of_roles_is_followed_to_its_end(home: Home, logins: Logins) -> None:
    home.configure(
        profile__outer=f"role_arn = {ROLE_ARN.format('outer')}\nsource_profile = inner\n",
        profile__inner=f"role_arn = {ROLE_ARN.format('inner')}\nsource_profile = base\n",
    )
    home.connect("outer")
    status = home.poll()
    assert (status.state, status.detail, status.expires_at_ms) == ("working", "arn:aws:sts::1:outer", None)
    assert logins.asked == [("AssumeRole", "base"), ("AssumeRole", "inner"), ("GetCallerIdentity", "outer")]


def test_a_role_that_is_refused_is_a_matter_of_credentials_and_not_of_one_permission(
    home: Home, logins: Logins
) -> None:
    home.configure(profile__outer=f"role_arn = {ROLE_ARN.format('outer')}\nsource_profile = base\n")
    logins.forbidden_roles.add("outer")
    home.connect("outer")
    status = home.poll()
    assert status.state == "credentials"
    assert status.detail == "AWS refuses the role of this profile: not authorized to perform: sts:AssumeRole on outer"
    logins.forbidden_roles.clear()
    assert home.poll().state == "working"


def test_the_login_behind_a_chain_of_roles_is_the_one_to_renew(home: Home) -> None:
    home.configure(
        profile__outer=f"role_arn = {ROLE_ARN.format('outer')}\nsource_profile = staff\n",
        profile__staff=SSO_PROFILE + SSO,
    )
    home.connect("outer")
    assert home.poll().remedy == "Run `aws sso login --profile staff`."


def test_a_process_that_gives_credentials_that_have_ended_is_asked_again(home: Home, logins: Logins) -> None:
    home.configure(profile__hourly=f"credential_process = cat {home.path / 'answer'}\n")
    answer = '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"b","SessionToken":"c","Expiration":"%s"}'
    (home.path / "answer").write_text(answer % ("old", iso(-60)))
    home.connect("hourly")
    status = home.poll()
    assert (status.state, status.detail) == ("credentials", "The AWS credentials have expired.")
    (home.path / "answer").write_text(answer % ("new", iso(3_600)))
    status = home.poll()
    assert (status.state, status.detail) == ("working", "arn:aws:sts::1:new")
    assert status.expires_at_ms is None, "the process is asked for the next ones in time"
    assert logins.asked == [("GetCallerIdentity", "new")]


@pytest.mark.parametrize(
    ("configure", "token_s", "refresh", "ends_in_s"),
    [
        (by_start_url("staff"), 1_200, {}, 3_000),
        (by_start_url("staff"), 3_500, {}, None),
        (by_session("staff"), 1_200, {}, 3_000),
        (by_session("staff"), 1_200, {"registrationExpiresAt": iso(86_400)}, None),
        (by_session("staff"), 1_200, {"registrationExpiresAt": iso(600)}, 3_000),
    ],
)
def test_a_role_of_sso_ends_where_its_token_ends_too_soon_to_renew_it(
    home: Home,
    logins: Logins,
    configure: Callable[[Home], str],
    token_s: float,
    refresh: dict[str, str],
    ends_in_s: float | None,
) -> None:
    of = configure(home)
    logins.tokens.add("token")
    more = {"refreshToken": "r", "clientId": "c", "clientSecret": "s", **refresh} if refresh else {}
    home.cache_token("token", token_s, of, **more)
    home.connect("staff")
    expires_at_ms = home.poll().expires_at_ms
    assert (expires_at_ms and from_now_s(expires_at_ms)) == ends_in_s


def test_credentials_of_the_environment_end_for_good(
    home: Home, logins: Logins, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "mine", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t",
        "AWS_CREDENTIAL_EXPIRATION": iso(900),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    home.connect(None)
    assert from_now_s(home.poll().expires_at_ms) == 900
    logins.ended.add("mine")
    status = home.poll()
    assert (status.state, status.detail) == ("credentials", "The AWS credentials have expired.")
    assert status.remedy == "Start lambdatop again with new ones: a program never sees its environment change."
    assert from_now_s(status.expires_at_ms) == 900
