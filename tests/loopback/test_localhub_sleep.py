"""Spaces that fall asleep when nobody uses them, and wake with the next request; pauses and restarts."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import BadRequestError

from tests.loopback.localhub_fixtures import LocalHub, eventually, processes_of, running_hub

APP = """
import os, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ.get("MOOD", "none").encode())
        while self.path == "/stream":
            self.wfile.write(b"on and on\\n")
            self.wfile.flush()
            time.sleep(0.05)

ThreadingHTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), Handler).serve_forever()
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    """Where everybody may have every hardware."""
    data = tmp_path_factory.mktemp("hub")
    (data / "refusals.json").write_text(json.dumps([{}]))
    with running_hub(data) as running:
        yield running


@pytest.fixture(scope="module")
def api(hub: LocalHub) -> HfApi:
    return hub.api()


def running(hub: LocalHub, name: str, hardware: str = "cpu-upgrade") -> str:
    id = hub.put(name, app_dot_py=APP)
    hub.api().request_space_hardware(id, hardware)  # type: ignore[arg-type]  # the client takes the name as well
    assert eventually(
        lambda: (hub.runtime(id)["stage"], hub.api().get_space_runtime(id).hardware) == ("RUNNING", hardware)
    )
    return id


def test_a_space_falls_asleep_when_nobody_uses_it_and_wakes_with_the_next_request(hub: LocalHub, api: HfApi) -> None:
    id = running(hub, "drowsy")
    assert api.set_space_sleep_time(id, 1).sleep_time == 1
    assert eventually(lambda: hub.runtime(id)["stage"] == "SLEEPING")
    assert eventually(lambda: processes_of(hub.data / "work/local--drowsy") == [])
    assert (hub.get(hub.host(id)).status_code, hub.runtime(id)["stage"]) == (200, "RUNNING")


def test_an_open_stream_keeps_a_space_awake(hub: LocalHub, api: HfApi) -> None:
    id = running(hub, "listened-to")
    with httpx.stream("GET", hub.host(id) + "/stream", timeout=5) as answer:
        pieces = answer.iter_raw()
        next(pieces)
        api.set_space_sleep_time(id, 1)
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            next(pieces)
        during = hub.runtime(id)["stage"]
    assert during == "RUNNING"
    assert eventually(lambda: hub.runtime(id)["stage"] == "SLEEPING")


def test_what_is_free_sleeps_after_two_days_and_what_is_paid_when_it_is_told_to(hub: LocalHub, api: HfApi) -> None:
    id = hub.put("free", app_dot_py=APP)
    with pytest.warns(UserWarning, match="cpu-basic"):
        assert api.set_space_sleep_time(id, 60).sleep_time == 172800
    assert api.request_space_hardware(id, "t4-small").sleep_time == 60  # type: ignore[arg-type]
    assert api.set_space_sleep_time(id, -1).sleep_time is None
    api.request_space_hardware(id, "zero-a10g")  # type: ignore[arg-type]
    with pytest.raises(BadRequestError, match="Cannot change the sleep time for zero-a10g Spaces"):
        api.set_space_sleep_time(id, 60)


@pytest.mark.parametrize("seconds", [0, -2, "60", None, True, 1.5])
def test_what_is_no_number_of_seconds_is_refused(hub: LocalHub, seconds: object) -> None:
    hub.api().create_repo("local/plain", repo_type="space", space_sdk="gradio", exist_ok=True)
    headers = {"authorization": f"Bearer {hub.token}"}
    answer = httpx.post(f"{hub.endpoint}/api/spaces/local/plain/sleeptime", json={"seconds": seconds}, headers=headers)
    assert answer.status_code == 400


def test_a_changed_variable_is_there_at_once_and_does_not_wake_a_space_that_sleeps(hub: LocalHub, api: HfApi) -> None:
    id = running(hub, "moody")
    api.add_space_variable(id, "MOOD", "kind")
    assert hub.get(hub.host(id)).text == "kind"
    api.set_space_sleep_time(id, 1)
    assert eventually(lambda: hub.runtime(id)["stage"] == "SLEEPING")
    assert api.delete_space_variable(id, "MOOD") == {}
    assert api.delete_space_variable(id, "NEVER_THERE") == {}
    assert hub.runtime(id)["stage"] == "SLEEPING"
    assert hub.get(hub.host(id)).text == "none"


def test_a_commit_does_not_end_a_pause(hub: LocalHub, api: HfApi) -> None:
    id = running(hub, "paused")
    api.pause_space(id)
    hub.put("paused", app_dot_py=APP + "# changed\n")
    assert (hub.runtime(id)["stage"], processes_of(hub.data / "work/local--paused")) == ("PAUSED", [])


def test_a_failure_is_still_told_after_a_restart_of_the_hub(tmp_path: Path) -> None:
    with running_hub(tmp_path / "hub") as first:
        id = first.put("failed", app_dot_py="1 / 0\n")
        assert eventually(lambda: first.runtime(id)["stage"] == "RUNTIME_ERROR")
        told = first.runtime(id)["errorMessage"]
    with running_hub(tmp_path / "hub") as second:
        assert (second.runtime(id)["stage"], second.runtime(id)["errorMessage"]) == ("RUNTIME_ERROR", told)
