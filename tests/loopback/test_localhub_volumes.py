"""Volumes of Spaces and Jobs make nothing on the machine itself, and give nobody what they may not read."""

import base64
import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from huggingface_hub import HfApi

from tests.loopback.localhub_fixtures import LocalHub, eventually, running_hub

PEOPLE = {
    "users": [
        {"name": "local", "pro": True, "credits": 10.0, "tokens": [{"secret": "hf_local_writes"}]},
        {"name": "bob", "pro": True, "credits": 10.0, "tokens": [{"secret": "hf_bob_writes"}]},
    ],
    "organizations": [],
}

LISTS = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

class App(BaseHTTPRequestHandler):
    def do_GET(self):
        told = " ".join(os.listdir(os.environ["PLACE"])).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

HTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), App).serve_forever()
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    data = tmp_path_factory.mktemp("hub")
    (data / "users.json").write_text(json.dumps(PEOPLE))
    with running_hub(data) as running:
        running.api().create_bucket("local/kept")
        running.api().batch_bucket_files("local/kept", add=[(b"x", "kept.txt")])
        running.api().create_bucket("local/own", private=True)
        yield running


def volume(place: object, source: str = "local/kept", kind: str = "bucket") -> dict[str, str]:
    return {"type": kind, "source": source, "mountPath": str(place)}


def ask(hub: LocalHub, method: str, path: str, body: dict[str, Any], token: str = "") -> httpx.Response:
    headers = {"authorization": f"Bearer {token or hub.token}"}
    return httpx.request(method, hub.endpoint + path, json=body, headers=headers, timeout=60)


@pytest.fixture
def link(tmp_path: Path) -> Path:
    """A folder of the machine by another way, as /bin is to /usr/bin."""
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode:
        pytest.skip("this machine grants no namespaces")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    return tmp_path / "link"


def test_a_space_has_its_volume_behind_a_link_and_the_machine_stays_as_it_was(hub: LocalHub, link: Path) -> None:
    place = link / "deep/volume"
    id = hub.put("behind", app_dot_py=LISTS)
    hub.api().add_space_variable(id, "PLACE", str(place))
    assert ask(hub, "PUT", f"/api/spaces/{id}/volumes", {"volumes": [volume(place)]}).is_success
    assert hub.get(hub.host(id)).text == "kept.txt"
    assert list(link.parent.joinpath("real").iterdir()) == []


def test_a_job_has_it_too(hub: LocalHub, link: Path) -> None:
    place = link / "deep/volume"
    said = job(hub, [volume(place)], f"ls {place}")
    assert (said, list(link.parent.joinpath("real").iterdir())) == (("COMPLETED", None), [])


def test_a_link_in_one_volume_leads_no_other_one_outside(hub: LocalHub, link: Path) -> None:
    """By the links on the way the second one lies in the first, where a link leads out."""
    outside = link.parent / "outside"
    outside.mkdir()
    files = next((hub.data / "buckets/local").glob("kept/files"))
    (files / "way").symlink_to(outside)
    volumes = [volume(link / "one"), volume(link.parent / "real/one/way/made")]
    stage, message = job(hub, volumes, "true")
    (files / "way").unlink()
    assert (stage, list(outside.iterdir()), list(link.parent.joinpath("real").iterdir())) == ("ERROR", [], [])
    assert "would lie inside" in str(message)


def test_a_link_to_the_system_is_the_system(hub: LocalHub, link: Path) -> None:
    (link / "kernel").symlink_to("/proc")
    refused = ask(hub, "POST", "/api/jobs/local", SMALL | {"volumes": [volume(link / "kernel/x")]})
    assert (refused.status_code, "cannot be mounted" in refused.text) == (400, True)


SMALL: dict[str, Any] = {"dockerImage": "python:3.12", "command": ["true"]}


def job(hub: LocalHub, volumes: list[dict[str, str]], command: str) -> tuple[str, str | None]:
    asked = SMALL | {"command": ["sh", "-c", command], "volumes": volumes}
    id = ask(hub, "POST", "/api/jobs/local", asked).json()["id"]
    eventually(lambda: status(hub, id)["stage"] not in ("SCHEDULING", "RUNNING"), 30)
    told = status(hub, id)
    return told["stage"], told["message"]


def status(hub: LocalHub, id: str) -> dict[str, Any]:
    told: dict[str, Any] = hub.get(f"/api/jobs/local/{id}", hub.token).json()["status"]
    return told


@pytest.mark.parametrize("places", [["/proc/x"], ["/sys"], ["/dev/shm/x"], ["/data", "/data/more"]])
def test_what_a_job_cannot_have_a_space_cannot_have(hub: LocalHub, places: list[str]) -> None:
    hub.api().create_repo("local/careless", repo_type="space", space_sdk="gradio", exist_ok=True)
    volumes = {"volumes": [volume(place) for place in places]}
    made = {"name": "new", "type": "space", "sdk": "gradio"} | volumes
    answers = [
        ask(hub, "PUT", "/api/spaces/local/careless/volumes", volumes),
        ask(hub, "POST", "/api/repos/create", made),
        ask(hub, "POST", "/api/jobs/local", SMALL | volumes),
    ]
    assert [answer.status_code for answer in answers] == [400] * 3


@pytest.fixture(scope="module")
def gated(hub: LocalHub) -> str:
    api, id = hub.api(), "local/gated"
    api.create_repo(id)
    api.upload_file(path_or_fileobj=b"the secret line\n", path_in_repo="a.txt", repo_id=id)
    api.upload_file(path_or_fileobj=b"# Card\n", path_in_repo="README.md", repo_id=id)
    api.update_repo_settings(id, gated="manual")
    return id


@pytest.mark.parametrize(
    ("volume", "status"),
    [(volume("/data", "local/gated", "model"), 403), (volume("/data", "local/own"), 404)],
)
def test_nobody_mounts_what_they_may_not_read(hub: LocalHub, gated: str, volume: dict[str, str], status: int) -> None:
    bob = HfApi(endpoint=hub.endpoint, token="hf_bob_writes")
    bob.create_repo("bob/page", repo_type="space", space_sdk="gradio", exist_ok=True)
    bob.upload_file(path_or_fileobj=b"", path_in_repo="app.py", repo_id="bob/page", repo_type="space")
    volumes = {"volumes": [volume | {"readOnly": True}]}
    copy = volumes | {"repository": "bob/copy"}
    answers = [
        ask(hub, "POST", "/api/jobs/bob", SMALL | volumes, "hf_bob_writes"),
        ask(hub, "PUT", "/api/spaces/bob/page/volumes", volumes, "hf_bob_writes"),
        ask(
            hub, "POST", "/api/repos/create", {"name": "b", "type": "space", "sdk": "gradio"} | volumes, "hf_bob_writes"
        ),
        ask(hub, "POST", "/api/spaces/bob/page/duplicate", copy, "hf_bob_writes"),
    ]
    assert [answer.status_code for answer in answers] == [status] * 4


def proposed(hub: LocalHub, id: str, key: str, value: dict[str, object], token: str) -> httpx.Response:
    lines = [{"key": "header", "value": {"summary": "mine"}}, {"key": key, "value": value}]
    body = "\n".join(map(json.dumps, lines))
    address = f"{hub.endpoint}/api/models/{id}/commit/main?create_pr=1"
    return httpx.post(address, content=body, headers={"authorization": f"Bearer {token}"}, timeout=60)


def test_the_diff_of_a_pull_request_is_for_who_may_read_the_files(hub: LocalHub, gated: str) -> None:
    value = {"path": "a.txt", "content": base64.b64encode(b"mine\n").decode()}
    made = proposed(hub, gated, "file", value, "hf_bob_writes").json()
    address = f"/api/models/{gated}/discussions/{made['pullRequestUrl'].rpartition('/')[2]}?diff=1"
    told = {token: hub.get(address, token) for token in ("hf_local_writes", "hf_bob_writes", None)}
    assert {answer.status_code for answer in told.values()} == {200}
    seen = {token: ("secret" in answer.text, "diff" in answer.json()) for token, answer in told.items()}
    assert seen == {"hf_local_writes": (True, True), "hf_bob_writes": (False, False), None: (False, False)}
    hub.api().grant_access(gated, "bob")
    assert "secret" in hub.get(address, "hf_bob_writes").text
    hub.api().cancel_access_request(gated, "bob")


def test_a_large_file_cannot_be_proposed_as_the_open_card(hub: LocalHub, gated: str) -> None:
    secret = b"the secret weights"
    sha = upload_large(hub, gated, secret)
    value = {"path": "README.md", "algo": "sha256", "size": len(secret), "oid": sha}
    refused = proposed(hub, gated, "lfsFile", value, "hf_bob_writes")
    assert (refused.status_code, refused.headers["x-error-code"]) == (403, "GatedRepo")
    assert proposed(hub, gated, "lfsFile", value, hub.token).is_success


def upload_large(hub: LocalHub, id: str, data: bytes) -> str:
    sha = hashlib.sha256(data).hexdigest()
    asked = {"operation": "upload", "objects": [{"oid": sha, "size": len(data)}]}
    answer = ask(hub, "POST", f"/{id}.git/info/lfs/objects/batch", asked).json()["objects"][0]
    httpx.put(answer["actions"]["upload"]["href"], content=data).raise_for_status()
    return sha
