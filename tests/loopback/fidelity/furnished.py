"""A local Hub with two users, a model, a data set, two Spaces and a bucket, and how to ask it."""

import json
import os
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from huggingface_hub import CommitOperationAdd

from tests.loopback.conformance import sign_in
from tests.loopback.localhub_fixtures import LocalHub, eventually, readme

ME, OTHER = "hf_local_me", "hf_local_other"

CARD = """---
license: mit
tags: [tiny]
library_name: transformers
pipeline_tag: text-classification
---
# Tiny
"""


def people(data: Path) -> None:
    """Two users, known to the Hub before it starts."""
    kept = [{"name": "local", "token": ME, "fullname": "Local user"}, {"name": "other", "token": OTHER}]
    (data / "users.json").write_text(json.dumps(kept))


def safetensors() -> bytes:
    """Three numbers, in the format that tells how many there are."""
    header = json.dumps({"bias": {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(12)


@dataclass
class Furnished:
    hub: LocalHub
    client: httpx.Client

    def ask(self, method: str, path: str, token: str | None = ME, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return self.client.request(method, path, headers=headers | more.pop("headers", {}), **more)

    def events(self, path: str, lines: int) -> tuple[httpx.Response, list[Any]]:
        """The first events of a stream, which may not end."""
        found: list[Any] = []
        with self.client.stream("GET", path, headers={"authorization": f"Bearer {ME}"}) as answer:
            for line in answer.iter_lines():
                if line.startswith("data: {"):
                    found.append(json.loads(line.removeprefix("data: ")))
                if len(found) == lines:
                    break
        return answer, found

    @cached_property
    def job(self) -> dict[str, Any]:
        """A Job that has run to its end."""
        spec = {
            "dockerImage": "python:3.12",
            "command": ["python", "-c", "print('done')"],
            "arguments": [],
            "environment": {"COLOUR": "red"},
            "secrets": {"PASSWORD": "hidden"},
            "flavor": "cpu-basic",
            "timeoutSeconds": 60,
            "labels": {"name": "faithful"},
        }
        job: dict[str, Any] = self.ask("POST", "/api/jobs/local", json=spec).json()
        place = f"/api/jobs/local/{job['id']}"
        eventually(lambda: self.ask("GET", place).json()["status"]["stage"] in ("COMPLETED", "ERROR"), 30)
        return job

    @cached_property
    def signed_in(self) -> httpx.Response:
        """What a Space gets for the code of somebody who signed in to it."""
        host, known = sign_in.app(self.hub, "door")
        return sign_in.to_a_space(self.hub, host, known, OTHER)

    @cached_property
    def bucket(self) -> str:
        """A bucket that holds two files."""
        self.ask("POST", "/api/buckets/local/pail", json={"visibility": "private"})
        api = self.hub.api()
        os.environ.setdefault("HF_XET_CLIENT_RETRY_MAX_ATTEMPTS", "1")
        api.batch_bucket_files("local/pail", add=[(b"drop", "deep/drop.txt"), (b"drip", "spilled.txt")])
        return "local/pail"


def furnish(hub: LocalHub) -> Furnished:
    api = hub.api()
    api.create_repo("local/tiny")
    files = {"README.md": CARD.encode(), "config.json": b'{"model_type": "tiny"}', "onnx/model.onnx": b"weights"}
    files["model.safetensors"] = safetensors()
    adding = [CommitOperationAdd(path, content) for path, content in files.items()]
    api.create_commit("local/tiny", adding, commit_message="Add the model")
    api.create_repo("local/rows", repo_type="dataset")
    api.upload_file(path_or_fileobj=b"a,b\n1,2\n", path_in_repo="rows.csv", repo_id="local/rows", repo_type="dataset")
    hub.put("page", sdk="static", index_dot_html="<h1>Hello</h1>")
    says = readme(short_description="Says nothing", colorFrom="blue", colorTo="red")
    hub.put("quiet", README_dot_md=says, app_dot_py="import time\n\ntime.sleep(600)\n")
    return Furnished(hub, httpx.Client(base_url=hub.endpoint, timeout=60))
