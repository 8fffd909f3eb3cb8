"""The run of one Job: its folder, its process as often as it may try, and what became of it."""

import asyncio
import os
from pathlib import Path
from typing import NamedTuple

from localhub import hardware
from localhub.jobs import environment
from localhub.jobs.job import Job, Stage
from localhub.jobs.records import Records
from localhub.mounting.volumes import VolumeMissing, Volumes, rewritten, rewritten_all
from localhub.processes.connection import End
from localhub.processes.keeper import Command, Keeper
from localhub.refusal import Refusal
from localhub.repositories.repository import now

GIGABYTE = 10**9


class Outcome(NamedTuple):
    stage: Stage
    message: str | None = None


class Execution:
    def __init__(self, job: Job, records: Records, keeper: Keeper, volumes: Volumes, endpoint: str) -> None:
        self.job = job
        self.records = records
        self.keeper = keeper
        self.volumes = volumes
        self.endpoint = endpoint
        self.key = ""
        """The keeper's name for the process; empty when there is none."""
        self.unwanted = False

    def stop(self) -> None:
        self.unwanted = True
        self.keeper.stop(self.key)

    @property
    def pid(self) -> int | None:
        """Of the process above all of the Job's, while it runs."""
        return self.keeper.pid(self.key)

    async def carry_out(self) -> Outcome:
        """Nothing that the Job has started lives when this returns."""
        deadline = asyncio.get_running_loop().time() + self.job.specification.timeout
        try:
            mounted = await self.keeper.mounts()
            command = await asyncio.to_thread(self.prepare, mounted)
            return await self.attempts(command, deadline)
        except (VolumeMissing, OSError, Refusal) as error:
            return Outcome("ERROR", f"The Job could not be run: {error}")

    async def attempts(self, command: Command, deadline: float) -> Outcome:
        outcome = Outcome("ERROR", "The Job was ended before it had started")
        for _ in range(self.job.specification.attempts or 1):
            if self.unwanted:
                break
            outcome = await self.attempt(command, deadline)
            if outcome.stage == "COMPLETED" or asyncio.get_running_loop().time() >= deadline:
                break
        return outcome

    async def attempt(self, command: Command, deadline: float) -> Outcome:
        await asyncio.to_thread(self.begin_log, command.log)
        self.key, end = await self.keeper.start(self.job.id, command)
        if self.unwanted:
            self.stop()
        done, _ = await asyncio.wait([end], timeout=deadline - asyncio.get_running_loop().time())
        if not done:
            self.keeper.stop(self.key)
            await end
            return Outcome("ERROR", "Job timeout")
        return outcome_of(end.result())

    def begin_log(self, log: Path) -> None:
        started = now()
        with log.open("a") as file:
            file.write(f"{started}\t===== Job started at {started} =====\n")

    def prepare(self, mounted: bool) -> Command:
        """The Job's folder, and its command as this machine can run it."""
        container, specification = self.records.container(self.job), self.job.specification
        for name in ("home", "tmp", "work", "root"):
            (container / name).mkdir(parents=True)
        mounts = self.volumes.mounts(specification.volumes, container / "volumes")
        words = environment.mapped([*specification.command, *specification.arguments])
        base = environment.make(self.job, container, self.endpoint)
        own = environment.merged(specification.environment, self.records.secrets(self.job))
        if not mounted:
            words = [rewritten(word, mounts) for word in words]
            own = rewritten_all(own, mounts)
        return Command(
            words=words,
            folder=container / "work",
            environment=environment.merged(base, own),
            log=self.records.log(self.job),
            memory=memory(self.job),
            mounts=mounts,
            root=container / "root",
        )


def memory(job: Job) -> int:
    """Bytes: the flavor's, or the machine's when it has less."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(hardware.FLAVORS[job.specification.flavor].ram * GIGABYTE, machine)


def outcome_of(end: End) -> Outcome:
    """In the words of the real Hub, whose Jobs are containers of Kubernetes."""
    if end.code == 0:
        return Outcome("COMPLETED")
    if end.code is None:
        return Outcome("ERROR", "The Job ended because the process that keeps Jobs was killed")
    if end.failure:
        return Outcome("ERROR", f"Job failed with exit code: {end.code}. Reason: StartError. {end.failure}")
    return Outcome("ERROR", f"Job failed with exit code: {end.code if end.code > 0 else 128 - end.code}. Reason: Error")
