"""What a call of the table works with: a running local Hub, two users of it, and clients of theirs."""

import hashlib
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from huggingface_hub import CommitOperationAdd, HfApi

from tests.loopback.conformance.table import Call
from tests.loopback.localhub_fixtures import ROOT, LocalHub, readme

ME, OTHER = "hf_local_me", "hf_local_other"


def start(data: Path, heard: Path) -> LocalHub:
    """As the command line does it, with two users. It ends when its stdin does."""
    local = {"name": "local", "fullname": "Local user", "email": "local@localhost", "tokens": [ME]}
    local |= {"plan": "pro", "can_pay": True, "credits": 10}
    other = {"name": "other", "fullname": "Other user", "tokens": [OTHER]}
    club = {"name": "club", "fullname": "The club", "members": {"local": "admin", "other": "write"}}
    seed = data.with_name("seed.json")
    seed.write_text(json.dumps({"users": [local, other], "organizations": [club]}))
    command = [sys.executable, "-m", "tests.loopback.conformance.watched_hub", "--data", str(data), "--port", "0"]
    options = ["--with-parent", "--seed", str(seed), "--spaces", str(data / "no-spaces")]
    environment = os.environ | {"HEARD_REQUESTS": str(heard)}
    process = subprocess.Popen(
        [*command, *options], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    told = json.loads(process.stdout.readline())
    return LocalHub(process, told["endpoint"], told["token"], data)


@dataclass
class World:
    hub: LocalHub
    heard: Path
    """One line a request: its method and path."""

    home: Path
    """A folder for a client's own things."""

    outcomes: dict[str, Exception | None] = field(default_factory=dict)
    """Of the calls that were tried: what went wrong, if anything did."""

    numbers: Iterator[int] = field(default_factory=itertools.count)
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60))
    """It knows nothing of the Hub, and brings no cookie to the next request."""

    command_lines: dict[str | None, "subprocess.Popen[str]"] = field(default_factory=dict)
    """By the token in their environment."""

    def outcome(self, call: Call) -> Exception | None:
        """Try a call if it has not been tried. What goes wrong is kept for the call's own test."""
        if call.name not in self.outcomes:
            try:
                call.attempt(self)
                self.outcomes[call.name] = None
            except Exception as error:
                self.outcomes[call.name] = error
        return self.outcomes[call.name]

    @property
    def api(self) -> HfApi:
        return HfApi(endpoint=self.hub.endpoint, token=ME)

    @property
    def other(self) -> HfApi:
        return HfApi(endpoint=self.hub.endpoint, token=OTHER)

    @property
    def folder(self) -> Path:
        """A new, empty one."""
        folder = self.home / f"folder-{next(self.numbers)}"
        folder.mkdir()
        return folder

    def name(self, what: str, owner: str = "local") -> str:
        """An id that nothing has yet."""
        return f"{owner}/{what}-{next(self.numbers)}"

    def ask(self, method: str, path: str, token: str | None = ME, **more: Any) -> httpx.Response:
        headers = ({"authorization": f"Bearer {token}"} if token else {}) | more.pop("headers", {})
        self.client.cookies.clear()
        return self.client.request(method, self.hub.endpoint + path, headers=headers, **more)

    def model(self, **files: str) -> str:
        return self.repository("model", {"config.json": "{}"} | dotted(files))

    def dataset(self, **files: str) -> str:
        return self.repository("dataset", {"rows.csv": "a,b\n1,2\n"} | dotted(files))

    def space(self, sdk: str = "static", **files: str) -> str:
        """A static one needs no process and runs at once."""
        return self.repository("space", {"README.md": readme(sdk), "index.html": "<h1>Hi</h1>"} | dotted(files), sdk)

    def repository(self, kind: str, files: dict[str, str], sdk: str | None = None) -> str:
        id = self.name(kind)
        self.api.create_repo(id, repo_type=kind, space_sdk=sdk)
        adding = [CommitOperationAdd(path, text.encode()) for path, text in files.items()]
        self.api.create_commit(id, adding, commit_message="Begin", repo_type=kind)
        return id

    def bucket(self, **files: str) -> str:
        id = self.name("bucket")
        self.api.create_bucket(id, private=True)
        if files:
            self.api.batch_bucket_files(id, add=[(text.encode(), path) for path, text in dotted(files).items()])
        return id

    def large_file(self, id: str, kind: str, path: str, content: bytes) -> None:
        """Put a file into a repository by git LFS, as clients do that do not know Xet."""
        prefix = {"model": "", "dataset": "/datasets", "space": "/spaces"}[kind]
        known = {"oid": hashlib.sha256(content).hexdigest(), "size": len(content)}
        asked = {"operation": "upload", "transfers": ["basic"], "objects": [known], "hash_algo": "sha256"}
        told = self.ask("POST", f"{prefix}/{id}.git/info/lfs/objects/batch", json=asked).json()
        for verb, method, body in (("upload", "PUT", content), ("verify", "POST", json.dumps(known))):
            action = told["objects"][0]["actions"][verb]
            place = action["href"].removeprefix(self.hub.endpoint)
            self.ask(method, place, content=body, headers=action.get("header", {})).raise_for_status()
        header = {"key": "header", "value": {"summary": "By LFS", "description": ""}}
        file = {"key": "lfsFile", "value": {"path": path, "algo": "sha256", **known}}
        lines = "".join(json.dumps(line) + "\n" for line in (header, file))
        self.ask("POST", f"/api/{kind}s/{id}/commit/main", content=lines).raise_for_status()

    def read(self, id: str, path: str, kind: str = "model") -> str:
        """A file as it is now, without any cache."""
        prefix = {"model": "", "dataset": "/datasets", "space": "/spaces"}[kind]
        answer = self.ask("GET", f"{prefix}/{id}/resolve/main/{path}", follow_redirects=True)
        return answer.raise_for_status().text

    def hf(self, *words: str, token: str | None = ME) -> str:
        """What the `hf` command line prints; it must end well."""
        line = self.command_line(token)
        assert line.stdin and line.stdout
        line.stdin.write(json.dumps(words) + "\n")
        line.stdin.flush()
        done = json.loads(line.stdout.readline())
        assert done["code"] == 0, f"hf {' '.join(words)}\n{done['printed']}\n{done['told']}"
        return str(done["printed"])

    def hf_json(self, *words: str) -> Any:
        """Any: what the command prints with --json."""
        return json.loads(self.hf(*words, "--json"))

    def command_line(self, token: str | None) -> subprocess.Popen[str]:
        if token not in self.command_lines:
            self.command_lines[token] = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("command_line.py"))],
                env=self.environment(token),
                cwd=self.home,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        return self.command_lines[token]

    def close(self) -> None:
        for line in self.command_lines.values():
            line.communicate(timeout=10)
        self.client.close()
        self.hub.stop()
        assert self.hub.process.stdout
        self.hub.process.stdout.close()

    def hf_alone(self, *words: str, token: str | None = ME) -> str:
        """The same from a process of its own, as a shell would start it."""
        command = [str(Path(sys.executable).parent / "hf"), *words]
        done = subprocess.run(
            command, env=self.environment(token), cwd=self.home, capture_output=True, text=True, timeout=90
        )
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def python(self, script: str) -> str:
        """What a script prints in a fresh Python that knows this Hub by HF_ENDPOINT alone."""
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=self.environment(ME),
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=90,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def environment(self, token: str | None) -> dict[str, str]:
        known = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "HF_HOME": str(self.home / f"huggingface-{token}"),
            "COLUMNS": "400",
            "HF_ENDPOINT": self.hub.endpoint,
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "HF_HUB_DISABLE_UPDATE_CHECK": "1",
            "HF_XET_CLIENT_RETRY_MAX_ATTEMPTS": "1",
            "GRADIO_ANALYTICS_ENABLED": "False",
            "NO_COLOR": "1",
        }
        return known | ({"HF_TOKEN": token} if token else {})

    def requests(self) -> list[tuple[str, str]]:
        pairs = (line.split(" ", 1) for line in self.heard.read_text().splitlines())
        return [(method, path) for method, path in pairs]


def dotted(files: dict[str, str]) -> dict[str, str]:
    """File names from keywords: `_dot_` is a dot, `_in_` a slash."""
    return {name.replace("_dot_", ".").replace("_in_", "/"): text for name, text in files.items()}
