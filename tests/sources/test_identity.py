"""Who is asking: how often that is asked, and what is said of the clock."""

import pytest

from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.identity import IdentitySource
from lambdatop.sources.watch import Watch
from tests.sources.fake_call import FakeCall, SteadyRandom

NOW_MS = 1_795_000_000_000
ME = {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/me"}
EXPIRED = SourceFailure("credentials", "The AWS credentials have expired.", "Run `aws sso login`.")


def asked_once(fake: FakeCall) -> IdentitySource:
    identity = IdentitySource(fake.call, Watch(), SteadyRandom())
    assert not list(identity.poll(NOW_MS))
    return identity


@pytest.mark.parametrize(
    ("ends_in_ms", "due_in_ms"),
    [(None, 600_000), (3_600_000, 600_000), (1_000_000, 100_000), (900_000, 60_000), (-1, 60_000)],
)
def test_a_login_that_ends_soon_is_looked_after_each_minute(ends_in_ms: int | None, due_in_ms: int) -> None:
    fake = FakeCall({"GetCallerIdentity": ME})
    fake.clients.login_ends_at_ms = None if ends_in_ms is None else NOW_MS + ends_in_ms
    identity = asked_once(fake)
    assert identity.next_due_ms() == NOW_MS + due_in_ms
    assert identity.status(NOW_MS).expires_at_ms == fake.clients.login_ends_at_ms


def test_a_clock_that_is_wrong_is_corrected_for_and_said() -> None:
    fake = FakeCall({"GetCallerIdentity": ME})
    identity = asked_once(fake)
    assert (identity.status(NOW_MS).detail, identity.status(NOW_MS).remedy) == (ME["Arn"], None)
    fake.skew.offset_ms = 420_000
    status = identity.status(NOW_MS)
    assert (status.state, status.clock_offset_ms) == ("working", 420_000)
    assert status.detail == f"{ME['Arn']}; this machine's clock is 7 min behind AWS's, corrected for"
    assert status.remedy == "Set the clock: `sudo timedatectl set-ntp true`."


def test_what_refuses_the_login_is_said_before_the_clock() -> None:
    fake = FakeCall({"GetCallerIdentity": EXPIRED})
    fake.skew.offset_ms = 420_000
    status = asked_once(fake).status(NOW_MS)
    assert (status.state, status.detail, status.remedy) == ("credentials", EXPIRED.sentence, EXPIRED.remedy)


def test_a_login_that_another_source_finds_lost_is_renewed_at_once_and_then_every_quarter_of_a_minute() -> None:
    fake = FakeCall({"GetCallerIdentity": [ME, EXPIRED, ME]})
    identity = asked_once(fake)
    fake.is_login_lost = True
    assert identity.next_due_ms() == NOW_MS + 15_000
    assert not list(identity.poll(NOW_MS + 60_000))
    assert (fake.clients.connected, identity.next_due_ms()) == (1, NOW_MS + 75_000)
    assert not list(identity.poll(NOW_MS + 75_000))
    assert (fake.clients.connected, fake.is_login_lost, identity.watch.generation) == (2, False, 1)
