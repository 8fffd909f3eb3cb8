"""What goes on for as long as somebody listens ends with the Hub, quickly and without a word."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.loopback.localhub_fixtures import LocalHub, start_hub

NEVER_ENDING = {"dockerImage": "python:3.12", "command": ["sh", "-c", "echo begun; exec sleep 600"]}


@contextmanager
def follower(hub: LocalHub, path: str) -> Iterator[httpx.Response]:
    headers = {"authorization": f"Bearer {hub.token}"}
    with httpx.stream("GET", hub.endpoint + path, headers=headers, timeout=30) as answer:
        yield answer


def test_whoever_follows_something_does_not_hold_up_the_end(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    hub = start_hub(tmp_path)
    api = hub.api()
    api.create_bucket("local/fed")
    hub.put("page", sdk="static", index_dot_html="hello")
    headers = {"authorization": f"Bearer {hub.token}"}
    job = httpx.post(f"{hub.endpoint}/api/jobs/local", json=NEVER_ENDING, headers=headers).json()["id"]
    paths = ["/api/spaces/local/page/events", f"/api/jobs/local/{job}/logs", f"/api/jobs/local/{job}/metrics"]
    capfd.readouterr()
    with ExitStack() as opened:
        answers = [opened.enter_context(follower(hub, path)) for path in [*paths, "/api/buckets/local/fed/events"]]
        told = [answer.iter_lines() for answer in answers]
        assert all(next(lines) for lines in told)
        hub.process.send_signal(signal.SIGINT)
        began = time.monotonic()
        for lines in told:
            assert list(lines) is not None  # to its end, which is a proper one
        assert hub.process.wait(10) == 0
        took = time.monotonic() - began
    assert (took < 1.5, capfd.readouterr().err) == (True, "")
    assert hub.process.stdin and hub.process.stdout
    hub.process.stdin.close()
    hub.process.stdout.close()


def test_what_the_hub_keeps_is_for_its_owner_only(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    hub = start_hub(data)
    try:
        assert data.stat().st_mode & 0o777 == 0o700
    finally:
        hub.stop()
        assert hub.process.stdout
        hub.process.stdout.close()


def test_a_folder_for_everybody_stays_one(tmp_path: Path) -> None:
    data = tmp_path / "shared"
    data.mkdir()
    data.chmod(0o1777)
    hub = start_hub(data)
    try:
        assert data.stat().st_mode & 0o7777 == 0o1777
    finally:
        hub.stop()
        assert hub.process.stdout
        hub.process.stdout.close()
