"""One Space on this machine: its stage, and the process that runs its app.

A Space sleeps until its first request. A new commit leaves the old app running; the next request replaces it.
"""

import asyncio
import json
import logging
import signal
import socket
from pathlib import Path
from typing import Any

import aiohttp

from localhub import durable, refusal
from localhub.repositories import card, checkout
from localhub.repositories.repository import Commit, Repositories, Repository
from localhub.spaces import settings, space_log
from localhub.spaces.launcher import Launcher

log = logging.getLogger("localhub")

START_LIMIT = 120.0
"""Seconds an app may take until it listens; the real Hub gives 30 minutes."""

HOLD_LIMIT = 60.0
"""Seconds a request is held while its Space starts."""

APP_FILES = {"gradio": "app.py", "static": "index.html"}


class SpaceApp:
    def __init__(self, id: str, work: Path, repositories: Repositories, launcher: Launcher) -> None:
        self.id = id
        self.work = work
        self.repositories = repositories
        self.launcher = launcher
        self.sha = ""
        """Of the commit that runs or starts, or that last failed."""
        self.address = ""
        """Of the app itself; empty while it does not listen."""
        self.failure = ""
        self.key = ""
        """The launcher's name for the process; empty when there is none, or none is wanted any more."""
        self.ended: asyncio.Task[None] | None = None
        self.starting: asyncio.Task[None] | None = None
        self.learning: asyncio.Task[None] | None = None

    def repository(self) -> Repository:
        repository = self.repositories.find("space", *self.id.split("/"))
        if repository is None:
            raise refusal.no_repository(signed_in=True)
        return repository

    def head(self) -> Commit:
        return self.repositories.revision(self.repository(), "main")

    def card(self, commit: Commit) -> dict[str, Any]:
        return card.read(self.repositories.read(commit, "README.md"))

    def settings(self) -> settings.Settings:
        return settings.read(self.repositories.folder_of(self.repository()))

    def configuration(self, commit: Commit) -> tuple[str, str]:
        """The SDK and the app file of a commit. Raises CardError when this Hub cannot run it."""
        facts = self.card(commit)
        problems = card.problems(facts, "space")
        sdk = facts.get("sdk")
        if sdk not in APP_FILES:
            problems.append(f"the local Hub runs gradio and static Spaces, and README.md says sdk: {sdk}")
        if problems:
            raise card.CardError("; ".join(problems))
        return str(sdk), str(facts.get("app_file") or APP_FILES[str(sdk)])

    def runs(self, sha: str) -> bool:
        """Whether the app of just this commit is up."""
        return bool(self.address) and self.sha == sha

    def runs_static(self, commit: Commit) -> bool:
        return self.stage()[0] == "RUNNING" and self.configuration(commit)[0] == "static"

    def stage(self) -> tuple[str, str]:
        """The stage now, and the reason when it is a bad one."""
        commit = self.head()
        try:
            sdk, app_file = self.configuration(commit)
        except card.CardError as error:
            return "CONFIG_ERROR", str(error)
        if app_file not in commit.files:
            return "NO_APP_FILE", f"there is no {app_file}"
        if self.settings().paused:
            return "PAUSED", ""
        if self.starting:
            return "APP_STARTING", ""
        if sdk == "static" or self.address:
            return "RUNNING", ""
        if self.failure and self.sha == commit.sha:
            return "RUNTIME_ERROR", self.failure
        return "SLEEPING", ""

    async def ready(self) -> str:
        """The address of the app of the newest commit, started first if need be; a 503 Refusal if it cannot run."""
        while not self.runs(self.repository().head):
            if self.starting is None:
                stage, reason = self.stage()
                if stage not in ("SLEEPING", "RUNNING"):
                    raise refusal.Refusal(503, f"{self.id} does not run: {stage}. {reason}".strip())
            try:
                await asyncio.wait_for(asyncio.shield(self.start_soon()), HOLD_LIMIT)
            except TimeoutError:
                raise refusal.Refusal(503, f"{self.id} is still starting after {HOLD_LIMIT:.0f} s") from None
        return self.address

    def start_soon(self) -> asyncio.Task[None]:
        """Start the newest commit in the background; the start that is under way if there is one."""
        if self.starting is None:
            self.starting = asyncio.create_task(self.start())
            # Nobody may be waiting for it any more when it fails; `failure` tells.
            self.starting.add_done_callback(lambda task: task.cancelled() or task.exception())
        return self.starting

    async def start(self) -> None:
        """End the old process and start the newest commit's. Raises a 503 Refusal when that does not come up."""
        try:
            await self.end()
            commit = self.head()
            self.sha, self.failure = commit.sha, ""
            _, app_file = self.configuration(commit)
            await asyncio.to_thread(checkout.check_out, commit, self.repositories.blobs, self.work)
            if self.settings().paused:
                raise refusal.Refusal(503, f"{self.id} was paused while it started")
            await self.run(app_file, commit)
        finally:
            self.starting = None

    async def run(self, app_file: str, commit: Commit) -> None:
        port = free_port()
        namespace, name = self.id.split("/")
        variables = self.settings().environment() | {
            "SPACE_ID": self.id,
            "SPACE_AUTHOR_NAME": namespace,
            "SPACE_REPO_NAME": name,
            "GRADIO_SERVER_PORT": str(port),
        }
        space_log.begin(self.work, commit.sha)
        key, end = await self.launcher.start(app_file, self.work / "app", self.work, self.work / "run.log", variables)
        self.key = key
        self.ended = asyncio.create_task(self.watch(key, end))
        try:
            await asyncio.wait_for(listening(port, self.ended), START_LIMIT)
        except TimeoutError:
            await self.end()
            self.failure = f"The app did not listen on the port in GRADIO_SERVER_PORT within {START_LIMIT:.0f} s."
        if self.ended.done():
            raise refusal.Refusal(503, f"{self.id} does not run. {self.failure or 'It was stopped.'}")
        self.address = f"http://127.0.0.1:{port}"
        self.learning = asyncio.create_task(self.learn(self.address, commit.sha))

    async def watch(self, key: str, end: asyncio.Future[int | None]) -> None:
        """Note what became of the process when nobody asked it to end."""
        code = await end
        reason = await asyncio.to_thread(space_log.last_words, self.work) or "It said nothing."
        if self.key != key:
            return
        innocent = code is None and self.address  # it ran well until the launcher died, with all its Spaces
        if not innocent:
            self.failure = f"Exit code: {exit_code(code)}. Reason: {reason}"
            log.warning("%s ended: %s", self.id, self.failure.splitlines()[-1])
        self.key = self.address = ""

    async def stop(self) -> None:
        """Make the app end, also one that is starting; returns when it is gone."""
        while self.key or self.starting:
            await self.end()
            if self.starting:
                await asyncio.wait([self.starting], timeout=0.05)

    async def end(self) -> None:
        key, self.key, self.address = self.key, "", ""
        if key and self.ended:
            self.launcher.stop(key)
            await self.ended

    async def learn(self, address: str, sha: str) -> None:
        """Keep what the app says of its own endpoints, for the search and for agents.md."""
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(30)) as session,
                session.get(f"{address}/gradio_api/info") as response,
            ):
                info = await response.json() if response.ok else {}
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return  # it ended, or it is not a Gradio app
        await asyncio.to_thread(durable.write_json, self.work / "endpoints.json", {"sha": sha, "info": info})

    def endpoints(self) -> dict[str, Any]:
        """The named endpoints, as far as an app of this Space has ever run; by name."""
        path = self.work / "endpoints.json"
        named: dict[str, Any] = {}
        if path.exists():
            named = json.loads(path.read_bytes())["info"].get("named_endpoints", {})
        return named


def exit_code(code: int | None) -> int:
    """As a shell tells it: 128 and the signal for a process that was killed, as the launcher's are when it dies."""
    if code is None:
        return 128 + signal.SIGKILL
    return code if code >= 0 else 128 - code


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def listening(port: int, ended: asyncio.Task[None]) -> None:
    """Return when somebody listens on the port, or when the process has ended."""
    while not ended.done():
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.wait([ended], timeout=0.02)
            continue
        writer.close()
        await writer.wait_closed()
        return
