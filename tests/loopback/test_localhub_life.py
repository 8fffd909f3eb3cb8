"""How a local Hub begins and ends: what it keeps, and that it leaves nothing behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from localhub import address
from tests.loopback.localhub_fixtures import (
    ROOT,
    LocalHub,
    eventually,
    processes_of,
    readme,
    running_hub,
    start_hub,
)

# An app that listens and needs nothing that would have to be imported first.
PLAIN = """
import os
from http.server import HTTPServer, SimpleHTTPRequestHandler

HTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), SimpleHTTPRequestHandler).serve_forever()
"""


def bundle_of(folder: Path, **names: str) -> Path:
    """A folder of bundled Spaces, by name and text of app.py."""
    for name, app in names.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "README.md").write_text(readme())
        (folder / name / "app.py").write_text(app)
    return folder


def end(hub: LocalHub) -> None:
    for pipe in (hub.process.stdin, hub.process.stdout):
        if pipe:
            pipe.close()
    hub.process.wait(10)


def test_a_restart_keeps_repositories_secrets_pauses_and_the_token(tmp_path: Path) -> None:
    with running_hub(tmp_path / "hub") as first:
        id = first.put("kept", private=True, app_dot_py=PLAIN)
        first.api().add_space_secret(id, "KEY", "value")
        first.api().pause_space(id)
        before = first.space(id)
    with running_hub(tmp_path / "hub") as second:
        after = second.space(id)
        assert second.token == first.token
        assert (after["sha"], after["private"]) == (before["sha"], True)
        assert second.runtime(id)["stage"] == "PAUSED"
        assert list(second.api().get_space_secrets(id)) == ["KEY"]


def test_secrets_and_tokens_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    with running_hub(tmp_path / "hub") as hub:
        hub.api().add_space_secret(hub.put("secretive"), "KEY", "a-very-secret-value")
        holders = [path for path in (tmp_path / "hub").rglob("*") if path.is_file() and holds_secret(path, hub.token)]
    assert sorted(path.name for path in holders) == ["space.json", "users.json"]
    assert {path.stat().st_mode & 0o777 for path in holders} == {0o600}


def holds_secret(path: Path, token: str) -> bool:
    data = path.read_bytes()
    return b"a-very-secret-value" in data or token.encode() in data


@pytest.mark.parametrize(
    ("deadly", "fork"),
    [(signal.SIGKILL, True), (signal.SIGKILL, False), (signal.SIGTERM, False), (signal.SIGINT, False)],
)
def test_however_the_hub_ends_its_spaces_end_with_it(tmp_path: Path, deadly: signal.Signals, fork: bool) -> None:
    stubborn = "import signal, subprocess\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    grandchild = "subprocess.Popen(['sleep', '600'])\n"
    hub = start_hub(tmp_path / "hub", bundle_of(tmp_path / "bundle", stubborn=stubborn + grandchild + PLAIN), fork)
    assert hub.get(hub.host("atelier/stubborn")).status_code == 200
    before = processes_of(tmp_path / "hub")
    os.kill(hub.process.pid, deadly)
    gone = eventually(lambda: not processes_of(tmp_path / "hub"), seconds=2)
    end(hub)
    assert (len(before), gone) == (3, True)


def test_a_hub_that_is_killed_while_it_warms_up_leaves_no_launcher(tmp_path: Path) -> None:
    hub = start_hub(tmp_path / "hub", fork=True)
    assert eventually(lambda: len(processes_of(tmp_path / "hub")) == 1)
    hub.process.kill()
    assert eventually(lambda: not processes_of(tmp_path / "hub"), seconds=2)
    end(hub)


def test_a_hub_with_a_parent_ends_when_the_parent_is_killed(tmp_path: Path) -> None:
    parent = (
        "import subprocess, sys\n"
        f"hub = subprocess.Popen([sys.executable, '-m', 'localhub', '--data', {str(tmp_path / 'hub')!r}, '--port', '0',"
        f" '--spaces', {str(tmp_path)!r}, '--with-parent'], stdin=subprocess.PIPE)\nhub.wait()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", parent], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    endpoint = json.loads(process.stdout.readline())["endpoint"]
    process.kill()
    process.wait()
    process.stdout.close()
    assert eventually(lambda: not answers(endpoint), seconds=3)
    assert eventually(lambda: not processes_of(tmp_path / "hub"), seconds=2)


def answers(endpoint: str) -> bool:
    try:
        return httpx.get(endpoint).is_success
    except httpx.TransportError:
        return False


def test_a_second_hub_on_the_same_data_names_the_first(tmp_path: Path) -> None:
    with running_hub(tmp_path / "hub") as hub:
        command = [sys.executable, "-m", "localhub", "--data", str(tmp_path / "hub"), "--port", "0"]
        second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)
        assert (second.returncode, second.stdout) == (1, "")
        assert second.stderr.strip().endswith(hub.endpoint) and second.stderr.count("\n") == 1
        assert address.running(tmp_path / "hub") == hub.endpoint
    assert address.running(tmp_path / "hub") is None


def test_the_traces_of_a_killed_hub_do_not_count_as_a_running_one(tmp_path: Path) -> None:
    hub = start_hub(tmp_path / "hub")
    hub.process.kill()
    end(hub)
    assert (tmp_path / "hub/hub.json").exists()
    assert address.running(tmp_path / "hub") is None


def test_bundled_spaces_follow_their_folders(tmp_path: Path) -> None:
    bundle = bundle_of(tmp_path / "bundle", stays="a = 1", changes="a = 1", goes="a = 1")
    with running_hub(tmp_path / "hub", bundle) as first:
        before = {name: first.space(f"atelier/{name}")["sha"] for name in ("stays", "changes", "goes")}
    (bundle / "changes/more.py").write_text("b = 2")
    (bundle / "changes/__pycache__").mkdir()
    (bundle / "changes/__pycache__/more.pyc").write_text("")
    shutil.rmtree(bundle / "goes")
    with running_hub(tmp_path / "hub", bundle) as second:
        assert second.space("atelier/stays")["sha"] == before["stays"]
        assert second.space("atelier/changes")["sha"] != before["changes"]
        assert set(second.api().list_repo_files("atelier/changes", repo_type="space")) == {
            *("README.md", "app.py", "more.py")
        }
        assert not second.api().repo_exists("atelier/goes", repo_type="space")


def test_a_space_that_kills_its_launcher_harms_no_later_one(tmp_path: Path) -> None:
    murderer = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n"
    bundle = bundle_of(tmp_path / "bundle", steady=PLAIN, murderer=murderer)
    with running_hub(tmp_path / "hub", bundle) as hub:
        assert hub.get(hub.host("atelier/steady")).status_code == 200
        assert hub.get(hub.host("atelier/murderer")).status_code == 503
        assert eventually(lambda: hub.runtime("atelier/murderer")["stage"] == "RUNTIME_ERROR")
        assert hub.get(hub.host("atelier/steady")).status_code == 200
        hub.put("next", app_dot_py=PLAIN)
        assert hub.get(hub.host("local/next")).status_code == 200


# Somebody else has its port when it is started for the first time.
UNLUCKY = """
import os, socket
from pathlib import Path

here = ("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"]))
if not Path("tried").exists():
    Path("tried").touch()
    taken = socket.socket()
    taken.bind(here)
"""


def test_an_app_whose_port_was_taken_meanwhile_is_started_once_more(tmp_path: Path) -> None:
    with running_hub(tmp_path) as hub:
        id = hub.put("unlucky", app_dot_py=UNLUCKY + PLAIN)
        assert eventually(lambda: hub.runtime(id)["stage"] == "RUNNING", 30), hub.runtime(id)
        assert hub.get(hub.host(id)).status_code == 200
