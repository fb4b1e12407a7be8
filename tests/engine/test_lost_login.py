"""A login that is lost and comes back while the program runs: nothing is cleared, and nothing is missing afterwards."""

import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.server import EmbeddedEndpoint
from lambdatop.engine.engine import Engine
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import TailLedger
from lambdatop.model.view import View
from lambdatop.render.drawing import drawing_of
from lambdatop.render.header import HeaderContent, health_line, place_line
from lambdatop.render.panes import PANES, pane_content
from lambdatop.render.span import line_text
from lambdatop.sources.account import Account
from lambdatop.sources.account_options import AccountOptions
from lambdatop.sources.polled_source import RETRY_MS
from tests.sources.login_endpoint import Logins, login_endpoint

GROUP = "/aws/lambda/orders"
STEP_MS = 1_000
CREDENTIALS = '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"s","SessionToken":"t"}'
CONTENT = HeaderContent(is_utc=True)


class Story:
    """An account that logs an invocation a second, and the program that reads it by a profile's process."""

    def __init__(self, account: EmbeddedAccount, logins: Logins, home: Path) -> None:
        self.clock = account.clock
        self.logins = logins
        self.written = 0
        self.is_quiet = False
        self._answer = home / "answer"
        self._logs = account.logs
        (home / "config").write_text(
            f"[profile staff]\nregion = {account.region}\ncredential_process = cat {self._answer}\n"
        )
        self.give("first")
        reader = Account(
            AccountOptions(profile="staff", since_ms=self.clock.now_ms() - 60_000), self.clock.now_ms, self.wait
        )
        reader.connect()
        self.watch = reader.watch
        self.engine = Engine([reader], self.clock.now_ms() - 60_000, now_ms=self.clock.now_ms)
        self.engine.set_view(View(window="1m"))

    def give(self, key: str) -> None:
        """Let the credential process answer with these."""
        self._answer.write_text(CREDENTIALS % key)

    def _log(self) -> None:
        request_id = uuid.UUID(int=self.written)
        report = f"REPORT RequestId: {request_id}\tDuration: 1.00 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\t"
        self._logs.put_batch(GROUP, "2026/11/21/[$LATEST]0", [(self.clock.now_ms(), report)])
        self.written += 1

    def wait(self, seconds: float) -> None:
        self.clock.advance(round(seconds * 1000))

    def run(self, seconds: int) -> Snapshot:
        for _ in range(seconds):
            self.clock.advance(STEP_MS)
            if not self.is_quiet:
                self._log()
            self.engine.step(self.clock.now_ms())
        return self.engine.latest

    @property
    def states(self) -> set[str]:
        return {source.state for source in self.engine.latest.sources}


def counted(snapshot: Snapshot) -> int:
    return 0 if snapshot.total is None else snapshot.total.invocations


def ledger(snapshot: Snapshot) -> TailLedger:
    return next(source.ledger for source in snapshot.sources if source.ledger is not None)


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Story]:
    account = EmbeddedAccount(Clock(start_ms=time.time_ns() // 1_000_000, speed=0))
    account.functions.put({"FunctionName": "orders", "Runtime": "python3.13", "LoggingConfig": {"LogGroup": GROUP}})
    account.logs.create_group(GROUP)
    endpoint = EmbeddedEndpoint(account, throttle=False)
    endpoint.start()
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    with login_endpoint(endpoint.url) as logins:
        monkeypatch.setenv("AWS_ENDPOINT_URL", logins.url)
        yield Story(account, logins, tmp_path)
    endpoint.stop()


def test_new_credentials_of_the_same_process_are_taken_up_and_the_gap_is_filled(story: Story) -> None:
    before = story.run(30)
    assert story.states == {"working"}
    lost_ms = story.clock.now_ms()
    story.logins.ended.add("first")
    lost = story.run(11)
    assert "credentials" in story.states
    frozen = story.run(90)
    assert counted(before) <= counted(lost) == counted(frozen) > 0
    assert frozen.functions == lost.functions, "the last minute's numbers and states stay when it is over"
    assert frozen.trends == lost.trends

    story.give("second")
    story.run(RETRY_MS["credentials"] // STEP_MS + 2)
    assert story.states == {"working"}, "each source asked again at once"
    story.run(20)
    story.is_quiet = True
    story.engine.set_view(View(window="start"))
    after = story.run(10)
    assert after.complete_to_ms is not None
    assert after.complete_to_ms > lost_ms
    assert counted(after) == story.written == ledger(after).delivered


def test_what_stands_still_is_marked_and_says_since_when(story: Story) -> None:
    seen = story.run(30)
    story.logins.ended.add("first")
    snapshot = story.run(60)
    drawing = drawing_of(snapshot, story.clock.now_ms(), is_utc=True)
    contents = {pane.kind: pane_content(pane, snapshot, drawing) for pane in PANES}
    del contents["dead_letters"]  # there is no queue to ask for
    assert all(content.is_behind for content in contents.values())
    assert not any(content.trouble for content in contents.values()), "the last numbers are shown, and no error"
    assert "■ logs no credentials since " in line_text(place_line(snapshot, CONTENT, 160))
    assert line_text(health_line(snapshot, CONTENT, 160)).startswith("The AWS credentials have expired. Renew them")
    assert [row.key for row in snapshot.functions] == [row.key for row in seen.functions]
