"""This repository, pushed as it is to a Space of the local Hub, is built there and runs."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.loopback.localhub_fixtures import ROOT, LocalHub, eventually, running_hub
from tests.loopback.oauth_app import PEOPLE

pytestmark = pytest.mark.slow

SPACE = "local/spacewright"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What git keeps or would take, as it stands in the working tree, and nothing else."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    copied = tmp_path_factory.mktemp("tree")
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, names.decode().split("\0")):
        if (ROOT / name).is_file():
            (copied / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copied / name)
    return copied


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    data = tmp_path_factory.mktemp("hub")
    (data / "users.json").write_text(json.dumps(PEOPLE))
    with running_hub(data) as running:
        yield running


def test_the_repository_pushed_as_it_is_becomes_a_space_that_runs(hub, tree):
    api = hub.api()
    api.create_repo(SPACE, repo_type="space", space_sdk="gradio", private=True)
    api.upload_folder(repo_id=SPACE, repo_type="space", folder_path=tree)
    left = ("BUILDING", "APP_STARTING", "RUNNING_BUILDING", "RUNNING_APP_STARTING", "NO_APP_FILE")
    assert eventually(lambda: hub.runtime(SPACE)["stage"] not in left, 240)
    assert hub.runtime(SPACE)["stage"] == "RUNNING", hub.runtime(SPACE)
    host = hub.host(SPACE)
    assert httpx.get(host, timeout=60).status_code == 404  # a private Space is nobody else's to see
    page = hub.get(host, hub.token)
    assert (page.status_code, "Say what you want." in page.text) == (200, True)
    told = json.loads(page.text.partition('id="told">')[2].partition("</script>")[0])
    assert (told["public"], told["may_act"], told["hub"]) == (True, False, hub.endpoint)
    script = hub.get(f"{host}/page/static/page.js", hub.token)
    assert (script.status_code, "javascript" in script.headers["content-type"]) == (200, True)
    assert hub.get(f"{host}/page/runs", hub.token).status_code == 401
