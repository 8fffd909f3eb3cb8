"""Builds of Spaces: what requirements.txt and the card ask for is really installed, from an index on loopback."""

import os
import socket
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.loopback.localhub_fixtures import LocalHub, eventually, processes_of, readme, running_hub, start_hub
from tests.loopback.package_index import Index, running_index, use_only

# An app for any interpreter, which answers with what it finds there.
APP = """
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
try:
    from purring import SOUND
except ImportError:
    SOUND = "silence"

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{SOUND} {sys.prefix} {sorted(os.environ)}".encode())

HTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), Handler).serve_forever()
"""

GRADIO_APP = "import gradio as gr\ngr.launch(gr.__version__)\n"


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with running_index() as running:
        yield running


@pytest.fixture(scope="module")
def hub(index: Index, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with pytest.MonkeyPatch.context() as patch:
        use_only(patch, index.url, str(tmp_path_factory.mktemp("cache")))
        with running_hub(tmp_path_factory.mktemp("hub")) as running:
            yield running


def ended(hub: LocalHub, id: str) -> dict[str, object]:
    """The runtime once nothing is under way."""
    hub.api().wait_for_space(id, poll_interval=0.05, timeout=60)
    return hub.runtime(id)


def build_log(hub: LocalHub, id: str) -> str:
    return "".join(map(str, hub.api().fetch_space_logs(id, build=True)))


def test_what_the_hub_has_already_is_not_installed_again(hub: LocalHub, index: Index) -> None:
    before = len(index.seen)
    id = hub.put("content", app_dot_py=APP, requirements_dot_txt="# what it draws with\nnumpy>=2.2\npillow\n")
    assert ended(hub, id)["stage"] == "RUNNING"
    assert "silence" in hub.get(hub.host(id)).text and len(index.seen) == before
    assert "Requirement already satisfied: numpy>=2.2 (2." in build_log(hub, id)


def test_a_missing_package_is_installed_into_an_environment_that_spaces_share(hub: LocalHub) -> None:
    first = hub.put("purrer", app_dot_py=APP, requirements_dot_txt="purring==1.2\n")
    second = hub.put("another-purrer", app_dot_py=APP, requirements_dot_txt="purring==1.2  # the same\n")
    stages = [ended(hub, id)["stage"] for id in (first, second)]
    told = [hub.get(hub.host(id)).text.split()[:2] for id in (first, second)]
    assert (stages, told[0]) == (["RUNNING", "RUNNING"], told[1])
    assert told[0][0] == "purr" and told[0][1].startswith(str(hub.data / "environments"))
    log = build_log(hub, first)
    assert "--> RUN uv pip install gradio[oauth]==6.31.0 huggingface_hub -r requirements.txt" in log
    assert " + purring==1.2" in log and "Build done: an environment of its own" in log


def test_no_setting_of_the_package_index_reaches_an_app(hub: LocalHub) -> None:
    id = hub.put("nosy", app_dot_py=APP, requirements_dot_txt="purring\n")
    ended(hub, id)
    text = hub.get(hub.host(id)).text
    assert "UV_" not in text and "PIP_" not in text and "SPACE_ID" in text


def test_a_card_that_asks_for_an_older_gradio_gets_it(hub: LocalHub) -> None:
    id = hub.put("old", README_dot_md=readme(sdk_version="5.0.0"), app_dot_py=GRADIO_APP)
    assert ended(hub, id)["stage"] == "RUNNING"
    assert hub.get(hub.host(id)).text == "5.0.0"


def test_a_requirement_that_nobody_has_is_a_build_error_with_uvs_own_words(hub: LocalHub) -> None:
    id = hub.put("hopeless", app_dot_py=APP, requirements_dot_txt="module-that-nobody-has==3\n")
    runtime = ended(hub, id)
    assert (runtime["stage"], "module-that-nobody-has was not found" in str(runtime["errorMessage"])) == (
        "BUILD_ERROR",
        True,
    )
    assert hub.get(hub.host(id)).status_code == 503
    assert not list((hub.data / "environments").glob("*/module*"))
    hub.put("hopeless", requirements_dot_txt="purring\n")
    assert ended(hub, id)["stage"] == "RUNNING"


def test_a_build_that_fails_ends_the_app_that_ran(hub: LocalHub) -> None:
    id = hub.put("declining", app_dot_py=APP)
    assert ended(hub, id)["stage"] == "RUNNING"
    hub.put("declining", requirements_dot_txt="module-that-nobody-has\n")
    assert ended(hub, id)["stage"] == "BUILD_ERROR"
    assert hub.get(hub.host(id)).json()["stage"] == "BUILD_ERROR"


def test_the_stage_is_building_while_uv_works_and_the_log_is_told_meanwhile(hub: LocalHub, index: Index) -> None:
    index.open.clear()
    id = hub.put("slow", README_dot_md=readme(sdk_version="5.0.0"), app_dot_py=APP, requirements_dot_txt="purring>1\n")
    told: list[str] = []
    follower = threading.Thread(
        target=lambda: told.extend(map(str, hub.api().fetch_space_logs(id, build=True, follow=True)))
    )
    assert eventually(lambda: hub.runtime(id)["stage"] == "BUILDING")
    follower.start()
    assert eventually(lambda: (hub.data / "work/local--slow/build.log").read_text().count("--> RUN") == 1)
    index.open.set()
    follower.join(20)
    assert ended(hub, id)["stage"] == "RUNNING"
    assert any("--> RUN uv pip install" in line for line in told) and any(" + purring==1.2" in line for line in told)


def test_of_several_quick_commits_the_last_one_runs(hub: LocalHub) -> None:
    id = hub.put("hasty", app_dot_py=APP)
    for number in range(5):
        hub.put("hasty", app_dot_py=APP + f"# {number}\n")
    runtime = ended(hub, id)
    assert (runtime["stage"], runtime["sha"]) == ("RUNNING", hub.space(id)["sha"])
    assert eventually(lambda: len(processes_of(hub.data / "work/local--hasty")) <= 2)


def test_a_factory_restart_builds_the_environment_anew(hub: LocalHub) -> None:
    id = hub.put("renewed", app_dot_py=APP, requirements_dot_txt="purring<2\n")
    ended(hub, id)
    before = hub.get(hub.host(id)).text.split()[1]
    hub.api().restart_space(id)
    ended(hub, id)
    kept = hub.get(hub.host(id)).text.split()[1]
    hub.api().restart_space(id, factory_reboot=True)
    ended(hub, id)
    assert (kept, hub.get(hub.host(id)).text.split()[1] == before) == (before, False)


def test_what_is_not_heeded_is_said(hub: LocalHub) -> None:
    more = {"packages_dot_txt": "ffmpeg\n", "README_dot_md": readme(python_version="'3.7'")}
    id = hub.put("demanding", app_dot_py=APP, **more)
    assert ended(hub, id)["stage"] == "RUNNING"
    log = build_log(hub, id)
    assert "packages.txt is not installed here" in log and "python_version 3.7 is not on this machine" in log


def test_a_copy_of_a_space_and_one_whose_pull_request_is_merged_are_built_at_once(hub: LocalHub) -> None:
    source = hub.put("original", app_dot_py=APP)
    hub.api().duplicate_repo(source, "local/copied", repo_type="space", space_hardware="cpu-basic")
    assert ended(hub, "local/copied")["stage"] == "RUNNING"
    louder = APP.replace('"silence"', '"noise"').encode()
    made = hub.api().upload_file(
        path_or_fileobj=louder, path_in_repo="app.py", repo_id="local/copied", repo_type="space", create_pr=True
    )
    assert made.pr_num
    hub.api().change_discussion_status("local/copied", made.pr_num, new_status="open", repo_type="space")
    hub.api().merge_pull_request("local/copied", made.pr_num, repo_type="space")
    assert ended(hub, "local/copied")["stage"] == "RUNNING"
    assert "noise" in hub.get(hub.host("local/copied")).text


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    """A Hub whose only package index is a port on which nobody listens."""
    with socket.socket() as closed, pytest.MonkeyPatch.context() as patch:
        closed.bind(("127.0.0.1", 0))
        use_only(patch, f"http://127.0.0.1:{closed.getsockname()[1]}/simple", str(tmp_path_factory.mktemp("cache")))
        with running_hub(tmp_path_factory.mktemp("hub")) as running:
            yield running


def test_without_a_network_another_version_must_do(cut_off: LocalHub) -> None:
    id = cut_off.put("modest", app_dot_py=APP, requirements_dot_txt="numpy==1.0.0\n")
    assert ended(cut_off, id)["stage"] == "RUNNING"
    assert "numpy==1.0.0 could not be fetched: the Space goes on with numpy 2." in build_log(cut_off, id)


def test_without_a_network_what_is_not_here_at_all_is_named(cut_off: LocalHub) -> None:
    id = cut_off.put("lonely", app_dot_py=APP, requirements_dot_txt="numpy==1.0.0\npurring==1.2\n")
    runtime = ended(cut_off, id)
    assert (runtime["stage"], runtime["errorMessage"]) == (
        "BUILD_ERROR",
        "No package index can be reached from here, and these are not here: purring==1.2",
    )


def test_a_hub_that_is_killed_in_a_build_leaves_no_process_and_no_half_environment(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_only(monkeypatch, index.url, str(tmp_path / "cache"))
    index.open.clear()
    first = start_hub(tmp_path / "hub")
    first.put("cut", app_dot_py=APP, requirements_dot_txt="purring\n")
    assert eventually(lambda: any((tmp_path / "hub/environments").glob("*/requirements.txt")))
    first.process.kill()
    first.stop()
    if first.process.stdout:
        first.process.stdout.close()
    index.open.set()
    assert eventually(lambda: not uvs_of(tmp_path / "cache"))
    with running_hub(tmp_path / "hub") as second:
        assert second.get(second.host("local/cut")).text.startswith("purr ")
        assert len([place for place in (tmp_path / "hub/environments").iterdir() if not place.is_symlink()]) == 1


def uvs_of(cache: Path) -> list[str]:
    """Every process that works with this cache of uv."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(folder.name) != os.getpid() and str(cache).encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_text())
        except OSError:
            continue
    return [line for line in found if "uv" in line and "localhub" not in line.replace("build_process", "")]


def test_a_build_can_be_made_to_last_for_who_wants_to_see_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCALHUB_BUILD_SECONDS", "0.5")
    with running_hub(tmp_path / "hub") as hub:
        id = hub.put("watched", app_dot_py=APP)
        assert hub.runtime(id)["stage"] == "BUILDING"
        assert ended(hub, id)["stage"] == "RUNNING"


def test_a_commit_is_built_although_the_launcher_still_warms_up_for_the_one_before(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_only(monkeypatch, index.url, str(tmp_path / "cache"))
    with running_hub(tmp_path / "hub", fork=True) as hub:
        id = hub.put("eager", app_dot_py=APP, requirements_dot_txt="purring\n")
        assert ended(hub, id)["stage"] == "RUNNING"
        log = (hub.data / "work/local--eager/build.log").read_text().splitlines()
    queued, told = (datetime.fromisoformat(line.partition("\t")[0]) for line in log[:2])
    assert (told - queued).total_seconds() < 1
