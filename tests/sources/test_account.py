"""Sessions, clients and the whole account against moto's server (an AWS that is not ours)."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambdatop.model.delivery import (
    Delivery,
    FunctionsDelivered,
    LogEventsDelivered,
    MetricsDelivered,
    QueuesDelivered,
)
from lambdatop.sources.account import Account
from lambdatop.sources.account_options import AccountOptions
from lambdatop.sources.aws_clients import AwsClients
from lambdatop.sources.failure import SourceFailure
from tests import moto_account
from tests.known_account import SPAN_MS, KnownAccount, known_account
from tests.sources.fake_call import only


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment without any AWS settings but an empty configuration file."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL",
                 "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return tmp_path


def account_of(clock_ms: int, since_ms: int, **options: str) -> Account:
    return Account(AccountOptions(since_ms=since_ms, **options), lambda: clock_ms, time.sleep)  # type: ignore[arg-type]  # all given are text


@pytest.mark.usefixtures("no_settings")
def test_without_a_region_there_is_no_account() -> None:
    with pytest.raises(SourceFailure) as refusal:
        AwsClients(None, None, None).connect()
    assert (refusal.value.exit_code, refusal.value.state) == (3, "credentials")
    assert "--region" in (refusal.value.remedy or "")


@pytest.mark.usefixtures("no_settings")
def test_a_profile_that_does_not_exist_is_named_as_such() -> None:
    with pytest.raises(SourceFailure) as refusal:
        AwsClients("nobody", "eu-west-1", None).connect()
    assert refusal.value.sentence == "There is no such AWS profile."


@pytest.mark.usefixtures("no_settings")
def test_the_region_variable_of_other_sdks_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    clients = AwsClients(None, None, None)
    clients.connect()
    assert clients.client("logs").meta.region_name == "ap-south-1"
    assert not clients.is_custom_endpoint


@pytest.mark.usefixtures("no_settings")
def test_no_credentials_are_found_out_at_the_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    account = account_of(0, 0)
    account.connect()
    identity = account.sources[0]
    list(identity.poll(0))
    assert (identity.status(0).state, identity.status(0).detail) == ("credentials", "No AWS credentials were found.")
    assert all(source.has_first_answer() for source in account.sources)


def test_a_services_own_endpoint_variable_works_and_no_host_prefix_is_put_before_it(
    no_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not list(no_settings.iterdir())
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "http://127.0.0.1:9")
    clients = AwsClients(None, "eu-west-1", None)
    clients.connect()
    assert clients.is_custom_endpoint
    assert clients.client("logs").meta.config.inject_host_prefix is False
    assert clients.client("sqs").meta.endpoint_url == "https://sqs.eu-west-1.amazonaws.com"


def test_a_profile_that_wants_an_mfa_code_never_asks_the_terminal(
    no_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(no_settings))
    (no_settings / "credentials").write_text("[base]\naws_access_key_id = a\naws_secret_access_key = b\n")
    (no_settings / "config").write_text(
        "[profile guarded]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n"
        "mfa_serial = arn:aws:iam::123456789012:mfa/me\nregion = eu-west-1\n"
    )
    account = account_of(0, 0, profile="guarded")
    account.connect()
    list(account.sources[0].poll(0))
    status = account.sources[0].status(0)
    assert status.state == "credentials"
    assert status.detail == "This profile asks for an MFA code."
    assert "aws sts get-caller-identity --profile guarded" in (status.remedy or "")


def test_the_end_of_temporary_credentials_is_known_once_they_are_in_use(
    no_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = '{"Version":1,"AccessKeyId":"a","SecretAccessKey":"b","SessionToken":"c","Expiration":"%s"}'
    (no_settings / "answer").write_text(answer % "2099-01-01T00:00:00Z")
    (no_settings / "config").write_text(
        f"[profile hourly]\nregion = eu-west-1\ncredential_process = cat {no_settings / 'answer'}\n"
    )
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    account = account_of(0, 0, profile="hourly")
    assert account.expires_at_ms is None
    account.connect()
    list(account.sources[0].poll(0))
    assert account.expires_at_ms == 4_070_908_800_000
    assert account.sources[0].status(0).detail == "AWS cannot be reached."


@pytest.fixture(scope="module")
def known() -> KnownAccount:
    return known_account(300, first_ms=time.time_ns() // 1_000_000 - SPAN_MS - 60_000)


@pytest.fixture(scope="module")
def endpoint(known: KnownAccount) -> Iterator[str]:
    with moto_account.moto_server() as url:
        moto_account.load(known, url)
        minute_ms = time.time_ns() // 60_000_000_000 * 60_000 - 5 * 60_000
        moto_account.put_metric(url, "Throttles", "checkout", {minute_ms: 3.0})
        yield url


@pytest.mark.usefixtures("no_settings")
def test_everything_of_a_known_account_comes_through(
    known: KnownAccount, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    now_ms = time.time_ns() // 1_000_000
    since_ms = now_ms - SPAN_MS - 300_000
    account = Account(
        AccountOptions(since_ms=since_ms, until_ms=now_ms, region=moto_account.REGION, endpoint_url=endpoint),
        lambda: time.time_ns() // 1_000_000,
        time.sleep,
    )
    account.connect()
    delivered: list[Delivery] = []
    for source in account.sources:
        while (due_ms := source.next_due_ms()) is not None and due_ms <= now_ms:
            delivered += source.poll(now_ms)
    assert account.watch.scope == ("123456789012", moto_account.REGION)
    names = {one.key.name for one in only(delivered, FunctionsDelivered)[0].functions}
    assert names == {one.name for one in known.functions}
    pages = only(delivered, LogEventsDelivered)
    ids = [event.event_id for page in pages for event in page.events]
    assert len(ids) == len(set(ids)) == sum(len(events) for events in known.events.values())
    assert {page.depth for page in pages if page.events} == {"full"}
    throttles = [one for page in only(delivered, MetricsDelivered) for one in page.series if one.metric == "Throttles"]
    assert [sum(one.points.values()) for one in throttles if one.function and one.function.name == "checkout"] == [3.0]
    queues = only(delivered, QueuesDelivered)[-1].queues
    assert {queue.name: (queue.depth, queue.in_flight) for queue in queues} == moto_account.QUEUES
    logs = next(source for source in account.sources if source.name == "logs").status(now_ms)
    assert (logs.state, "ignores filters" in logs.detail) == ("working", True)
    assert all(source.has_first_answer() for source in account.sources)
    assert account.usage(now_ms).calls["sts:GetCallerIdentity"] == 1
