"""From a commit to an app that listens: built, checked out, started."""

import asyncio
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localhub import refusal
from localhub.mounting.volumes import VolumeMissing, Volumes, rewritten_all
from localhub.processes.keeper import Command, Keeper, Mount
from localhub.repositories import card, checkout
from localhub.repositories.repository import Commit, Repositories, Repository
from localhub.spaces import build, space_log
from localhub.spaces.app_process import AppProcess, exit_code, free_port
from localhub.spaces.environments import Environments
from localhub.spaces.failure import Failed, Failure
from localhub.spaces.launcher import Launcher, environment
from localhub.spaces.settings import Settings
from localhub.spaces.space_log import BuildLog
from localhub.threads import to_its_end

START_LIMIT = 120.0
"""Seconds an app may take until it listens; the real Hub gives 30 minutes."""

PORT_TAKEN = re.compile(r"address already in use|Cannot find empty port", re.IGNORECASE)
"""What apps say that could not listen where they were told to."""

SCRIPT = Path(__file__).with_name("space_process.py")

APP_FILES = {"gradio": "app.py", "static": "index.html"}

Environment = Callable[[Repository, dict[str, Any]], dict[str, str]]
"""What a Space is told besides its own settings, from its card."""


@dataclass(frozen=True)
class Machine:
    """What all Spaces share."""

    repositories: Repositories
    launcher: Launcher
    keeper: Keeper
    """For what cannot be forked."""
    volumes: Volumes
    environments: Environments
    environment: Environment
    starts: asyncio.Semaphore
    """For the apps that are starting at the same time: more would only make all of them late."""

    build_seconds: float = 0.0
    """The least time a build takes, for who wants to see it: on the real Hub it takes minutes."""

    def card(self, commit: Commit) -> dict[str, Any]:
        return card.read(self.repositories.read(commit, "README.md"))

    async def check_out(self, commit: Commit, place: Path) -> Path:
        """The commit's tree as plain files, below `place`."""
        await to_its_end(checkout.check_out, commit, self.repositories.blobs, place)
        return place / "app"

    async def build(self, commit: Commit, folder: Path, log: BuildLog, anew: bool) -> Path | None:
        """The interpreter for a commit that is checked out; None for the Hub's own packages. Raises Failed."""
        least = asyncio.create_task(asyncio.sleep(self.build_seconds))
        try:
            facts = self.card(commit)
            python = await build.build(commit.sha, facts, folder, self.environments, log.say, anew)
            await least
        except build.BuildFailed as error:
            log.say("===== Build failed =====")
            raise Failed(Failure(sha=commit.sha, stage="BUILD_ERROR", reason=str(error))) from error
        finally:
            least.cancel()
        log.say(f"===== Build done: {'an environment of its own' if python else 'the packages of the local Hub'} =====")
        return python

    async def run(self, plan: "Plan") -> AppProcess:
        """A process that listens. Raises Failed when it does not get as far.

        Between the choice of its port and its start somebody else may have taken that: then it has a second try.
        """
        try:
            return await self.run_once(plan)
        except Failed as failed:
            if not PORT_TAKEN.search(failed.failure.reason):
                raise
        return await self.run_once(plan)

    async def run_once(self, plan: "Plan") -> AppProcess:
        process = await self.start(plan)
        try:
            if await process.listening(START_LIMIT):
                return process
        except asyncio.CancelledError:
            await process.end()
            raise
        if process.end_of_it.done():
            raise Failed(await obituary(process, plan.work))
        await process.end()
        reason = f"The app did not listen on the port in GRADIO_SERVER_PORT within {START_LIMIT:.0f} s."
        raise Failed(Failure(sha=plan.commit.sha, stage="RUNTIME_ERROR", reason=reason))

    async def start(self, plan: "Plan") -> AppProcess:
        """Forked where it is warm, when the Hub's own packages do and nothing has to be mounted."""
        facts, port, kept = self.card(plan.commit), free_port(), plan.settings
        _, app_file = configuration(facts)
        # HOME is how the keeper knows what belongs to a Space.
        own = {name: value for name, value in kept.environment().items() if name != "HOME"}
        told = own | {"GRADIO_SERVER_PORT": str(port)} | self.environment(plan.repository, facts)
        log = plan.work / "run.log"
        space_log.begin_run(plan.work)
        keeper: Launcher | Keeper
        end: asyncio.Future[Any]
        if plan.python is None and not kept.volumes:
            keeper = self.launcher
            await self.warm()
            key, end = await self.launcher.start(app_file, plan.folder, plan.home, log, told)
        else:
            keeper = self.keeper
            key, end = await self.keeper.start(plan.work.name, await self.command(plan, app_file, told))
        return AppProcess(plan.commit.sha, plan.folder, kept.hardware, port, keeper, key, end)

    async def warm(self) -> None:
        """Return when the launcher reads its orders. One that it has not read yet could not be taken back."""
        await self.launcher.open()
        if ready := self.launcher.connection.ready:
            await asyncio.shield(ready)

    async def command(self, plan: "Plan", app_file: str, told: dict[str, str]) -> Command:
        """For an interpreter of its own, or one that sees volumes."""
        mounts = await to_its_end(self.mounts, plan)
        if mounts and not await self.keeper.mounts():
            for mount in mounts:
                plan.log.say(f"{mount.target} cannot be mounted on this machine. It is {mount.source}.")
            told = rewritten_all(told, mounts)
        python = plan.python or Path(sys.executable)
        outer = environment(plan.home, self.launcher.endpoint)
        outer["PATH"] = f"{python.parent}:{outer.get('PATH', '')}"
        (plan.work / "root").mkdir(exist_ok=True)
        return Command(
            words=[str(python), str(SCRIPT), app_file],
            folder=plan.folder,
            environment=outer | told,
            log=plan.work / "run.log",
            mounts=mounts,
            root=plan.work / "root",
        )

    def mounts(self, plan: "Plan") -> list[Mount]:
        """Where the volumes are on this machine. Raises Failed when one is gone."""
        place = plan.work / "volumes"
        shutil.rmtree(place, ignore_errors=True)
        try:
            return self.volumes.mounts(plan.settings.volumes, place)
        except (VolumeMissing, refusal.Refusal) as error:
            raise Failed(Failure(sha=plan.commit.sha, stage="RUNTIME_ERROR", reason=str(error))) from error


@dataclass(frozen=True)
class Plan:
    """All that a start needs to know."""

    repository: Repository
    commit: Commit
    folder: Path
    """Where the commit is checked out."""
    work: Path
    """The Space's own, with its logs."""
    home: Path
    """The process's own: when it ends, whatever else has this HOME is ended with it."""
    python: Path | None
    """None for the Hub's own packages."""
    settings: Settings
    log: BuildLog


def configuration(facts: dict[str, Any]) -> tuple[str, str]:
    """The SDK and the app file of a card. Raises CardError when this Hub cannot run it."""
    problems = card.problems(facts, "space")
    sdk = facts.get("sdk")
    if str(sdk) not in APP_FILES:
        problems.append(f"the local Hub runs gradio and static Spaces, and README.md says sdk: {sdk}")
    if problems:
        raise card.CardError("; ".join(problems))
    return str(sdk), str(facts.get("app_file") or APP_FILES[str(sdk)])


async def obituary(process: AppProcess, work: Path) -> Failure:
    """What became of a process that nobody had asked to end."""
    said = await asyncio.to_thread(space_log.last_words, work)
    reason = process.complaint() or said or "It said nothing."
    told = f"Exit code: {exit_code(await process.code())}. Reason: {reason}"
    return Failure(sha=process.sha, stage="RUNTIME_ERROR", reason=told)
