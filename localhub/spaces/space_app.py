"""One Space on this machine: its stage, the process that runs its app, and the one that is to take its place.

What a client commits is built and started at once, and the old app answers until the new one listens; when the new one
fails, the old one ends. What came with the Hub, or ran before it was restarted, sleeps until its first request.
"""

import asyncio
import contextlib
import logging
import time
from pathlib import Path
from typing import Any

from localhub import refusal
from localhub.repositories import card
from localhub.repositories.repository import Commit, Repository
from localhub.spaces import endpoints, settings
from localhub.spaces.app_process import AppProcess
from localhub.spaces.bringing_up import Machine, Plan, configuration, obituary
from localhub.spaces.failure import Failed, Failure
from localhub.spaces.idleness import Idleness
from localhub.spaces.space_log import BuildLog

log = logging.getLogger("localhub")

HOLD_LIMIT = 60.0
"""Seconds a request is held while its Space is built and starts."""

QUEUE_PAUSE = 0.05
"""Seconds before a build begins, so that the commits of one upload are one build."""


class SpaceApp:
    def __init__(self, id: str, work: Path, machine: Machine) -> None:
        self.id = id
        self.work = work
        self.machine = machine
        self.repositories = machine.repositories
        self.process: AppProcess | None = None
        """What answers now."""
        self.failure = Failure.kept(work)
        self.starting: asyncio.Task[None] | None = None
        self.building = False
        """Whether what is under way is still a build, and no start yet."""
        self.factory = False
        """Whether the next build begins from nothing."""
        self.ending = asyncio.Lock()
        self.background: set[asyncio.Task[None]] = set()
        self.idleness = Idleness(self.timeout, lambda: self.keep(self.end()))

    def repository(self) -> Repository:
        repository = self.repositories.find("space", *self.id.split("/"))
        if repository is None:
            raise refusal.no_repository(signed_in=True)
        return repository

    def head(self) -> Commit:
        return self.repositories.revision(self.repository(), "main")

    def card(self, commit: Commit) -> dict[str, Any]:
        return self.machine.card(commit)

    def settings(self) -> settings.Settings:
        return settings.read(self.repositories.folder_of(self.repository()))

    def configuration(self, commit: Commit) -> tuple[str, str]:
        return configuration(self.card(commit))

    def flaw(self, commit: Commit) -> Failure | None:
        """Why a commit cannot even be built."""
        try:
            _, app_file = self.configuration(commit)
        except card.CardError as error:
            return Failure(sha=commit.sha, stage="CONFIG_ERROR", reason=str(error))
        if app_file not in commit.files:
            return Failure(sha=commit.sha, stage="NO_APP_FILE", reason=f"there is no {app_file}")
        return None

    def is_static(self, commit: Commit) -> bool:
        return self.flaw(commit) is None and self.configuration(commit)[0] == "static"

    def runs_static(self, commit: Commit) -> bool:
        return self.is_static(commit) and not self.settings().paused

    def stage(self) -> tuple[str, str]:
        """The stage now, and the reason when it is a bad one."""
        commit = self.head()
        if flaw := self.flaw(commit):
            return flaw.stage, flaw.reason
        if self.settings().paused:
            return "PAUSED", ""
        if self.starting:
            stage = "BUILDING" if self.building else "APP_STARTING"
            return f"RUNNING_{stage}" if self.process else stage, ""
        if self.process or self.is_static(commit):
            return "RUNNING", ""
        if self.failure and self.failure.sha == commit.sha:
            return self.failure.stage, self.failure.reason
        return "SLEEPING", ""

    async def ready(self) -> str:
        """The address of the app, started first if need be; a 503 Refusal when it does not run."""
        deadline = time.monotonic() + HOLD_LIMIT
        while self.process is None:
            if self.starting is None:
                stage, reason = self.stage()
                if stage != "SLEEPING":
                    raise refusal.Refusal(503, f"{self.id} does not run: {stage}. {reason}".strip(), stage=stage)
            starting = self.start_soon()
            left = deadline - time.monotonic()
            if left <= 0:
                stage, _ = self.stage()
                raise refusal.Refusal(503, f"{self.id} is still {stage} after {HOLD_LIMIT:.0f} s", stage=stage)
            await asyncio.wait([starting], timeout=left)
        return self.process.address

    def committed(self) -> None:
        """The head is another commit now: the old one's start is given up, and the new one is brought up."""
        commit = self.head()
        if self.flaw(commit) or self.is_static(commit):
            self.keep(self.stop())
        elif not self.settings().paused:
            self.start_soon(anew=True)

    def renew(self) -> None:
        """Have another process take the place of the one that runs or starts, which answers until then."""
        if self.process or self.starting or self.failure:
            self.committed()

    async def refresh(self) -> None:
        """The same for settings that the old process must not go on with: it ends first, and requests are held."""
        if self.process or self.starting or self.failure:
            await self.restart()

    async def restart(self, factory: bool = False) -> None:
        await self.stop()
        self.factory = factory
        commit = self.head()
        if not (self.flaw(commit) or self.is_static(commit) or self.settings().paused):
            self.start_soon()

    def start_soon(self, anew: bool = False) -> asyncio.Task[None]:
        """Bring up the newest commit in the background. With `anew`, give up what is under way for it."""
        if self.starting is None or anew:
            if self.starting:
                self.starting.cancel()
            self.building = True
            self.work.mkdir(parents=True, exist_ok=True)
            commit = self.head()
            self.starting = asyncio.create_task(
                self.start(commit, BuildLog.begin(self.work, commit.sha), self.starting)
            )
        return self.starting

    async def start(self, commit: Commit, build_log: BuildLog, before: asyncio.Task[None] | None) -> None:
        """Put the commit's app in the place of what runs now. `before` is the start that was given up for it."""
        try:
            if before:
                await asyncio.wait([before])
            await asyncio.sleep(QUEUE_PAUSE)
            await self.bring_up(commit, build_log)
        except Failed as error:
            self.fail(error.failure)
            await self.end()
        except OSError as error:  # a full disk, or a name that this file system cannot have
            self.fail(Failure(sha=commit.sha, stage="BUILD_ERROR", reason=f"the files cannot be written: {error}"))
            await self.end()
        finally:
            if self.starting is asyncio.current_task():
                self.starting = None

    async def bring_up(self, commit: Commit, build_log: BuildLog) -> None:
        self.failure = None
        Failure.forget(self.work)
        async with self.ending:  # what ends may still read the folder that is about to change
            pass
        taken = self.process and self.process.folder == self.work / "app"
        home = self.work / "second" if taken else self.work
        folder = await self.machine.check_out(commit, home)
        python = await self.machine.build(commit, folder, build_log, self.factory)
        self.factory = False
        async with self.machine.starts:
            self.building = False
            plan = Plan(self.repository(), commit, folder, self.work, home, python, self.settings(), build_log)
            process = await self.machine.run(plan)
        before, self.process = self.process, process
        self.idleness.begin()
        self.keep(self.watch(process))
        self.keep(endpoints.learn(self.work, process.address, process.sha))
        if before:
            self.keep(self.retire(before))

    async def retire(self, process: AppProcess) -> None:
        async with self.ending:
            await process.end()

    def keep(self, work: Any) -> None:
        """Do it in the background. Any: a coroutine. The loop itself holds a task only weakly."""
        task = asyncio.create_task(work)
        self.background.add(task)
        task.add_done_callback(self.background.discard)

    async def watch(self, process: AppProcess) -> None:
        """Note what became of a running process when nobody asked it to end."""
        code = await process.code()
        if process is self.process:
            self.process = None
            if process.wanted and code is not None:  # without a code it ran well until the launcher died, with all
                self.fail(await obituary(process, self.work))

    def fail(self, failure: Failure) -> None:
        self.failure = failure
        with contextlib.suppress(FileNotFoundError):  # the Space may be deleted meanwhile
            failure.keep(self.work)
        log.warning("%s: %s: %s", self.id, failure.stage, failure.reason.splitlines()[-1])

    async def stop(self) -> None:
        """Make the app end, also one that is being built or starting; returns when it is gone."""
        while self.process or self.starting:
            if starting := self.starting:
                starting.cancel()
                await asyncio.wait([starting])
                if self.starting is starting:  # it was cancelled before it had begun
                    self.starting = None
            await self.end()

    async def end(self) -> None:
        """End what runs now, and nothing that is to come."""
        self.idleness.cease()
        async with self.ending:
            process, self.process = self.process, None
            if process:
                await process.end()

    def let_go(self) -> None:
        """The Hub ends, and with it every process: none of these ends is a failure."""
        self.idleness.cease()
        if self.starting:
            self.starting.cancel()
        if self.process:
            self.process.wanted = False

    def timeout(self) -> int | None:
        try:
            return self.settings().timeout if self.process else None
        except refusal.Refusal:
            return None  # it is deleted

    def endpoints(self) -> dict[str, Any]:
        return endpoints.known(self.work)
