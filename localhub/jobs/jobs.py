"""All Jobs of this Hub: asked for, run in the order in which they came, and written down at every step."""

import asyncio
import contextlib
import os
from collections.abc import Iterator, Mapping
from typing import Any

from localhub.jobs.execution import Execution
from localhub.jobs.job import Initiator, Job, new_id
from localhub.jobs.records import Records
from localhub.jobs.specification import Specification
from localhub.mounting.volumes import Volumes
from localhub.people.users import User
from localhub.processes.keeper import Keeper
from localhub.repositories.repository import now

KEPT = 1000
"""Jobs of a namespace that a start of the Hub leaves when they are over, the newest ones."""

SIDE_BY_SIDE = 4 * (os.cpu_count() or 1)
"""Jobs that run at once; the others wait in SCHEDULING."""

HUB_KILLED = "The local Hub ended while this Job ran"
HUB_STOPPED = "The local Hub was stopped while this Job ran"


class Jobs:
    def __init__(self, records: Records, keeper: Keeper, volumes: Volumes, endpoint: str) -> None:
        self.records = records
        self.keeper = keeper
        self.volumes = volumes
        self.endpoint = endpoint
        self.jobs: dict[str, Job] = {}
        self.executions: dict[str, Execution] = {}
        self.ended: dict[str, asyncio.Event] = {}
        """For each Job that is not over, set when it is."""
        self.tasks: set[asyncio.Task[None]] = set()
        self.turn = asyncio.Semaphore(SIDE_BY_SIDE)
        self.writing = asyncio.Lock()
        self.closing = False

    async def open(self) -> None:
        """Take up what was there. What ran when the Hub ended has failed; what had waited goes on waiting."""
        for job in await asyncio.to_thread(lambda: list(self.records.all())):
            self.jobs[job.id] = job
            if job.stage == "RUNNING":
                await self.change(job.id, stage="ERROR", message=HUB_KILLED, finished=now())
                await asyncio.to_thread(self.records.clear, job)
            elif not job.terminal:
                self.enqueue(job)
        for namespace in {job.namespace for job in self.jobs.values()}:
            await self.prune(namespace)

    async def prune(self, namespace: str) -> None:
        over = [job for job in self.of(namespace) if job.terminal]
        for job in over[KEPT:]:
            del self.jobs[job.id]
            await asyncio.to_thread(self.records.remove, job)

    def find(self, namespace: str, id: str) -> Job | None:
        job = self.jobs.get(id)
        return job if job and job.namespace == namespace else None

    def of(self, namespace: str) -> Iterator[Job]:
        """The newest first."""
        own = (job for job in self.jobs.values() if job.namespace == namespace)
        return iter(sorted(own, key=lambda job: (job.created, job.id), reverse=True))

    async def submit(
        self, namespace: str, specification: Specification, secrets: Mapping[str, str], initiator: Initiator, kind: str
    ) -> Job:
        """Write a Job down and let it run when its turn comes. `kind` of the namespace: user or org."""
        job = Job.model_validate(
            {
                "id": new_id(),
                "namespace": namespace,
                "owned_by": kind,
                "specification": specification,
                "initiator": initiator,
                "created": now(),
            }
        )
        await asyncio.to_thread(self.records.create, job, secrets)
        self.jobs[job.id] = job
        self.enqueue(job)
        return job

    def enqueue(self, job: Job) -> None:
        self.ended[job.id] = asyncio.Event()
        task = asyncio.create_task(self.run(job))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def run(self, job: Job) -> None:
        async with self.turn:
            if self.jobs[job.id].terminal or self.closing:
                return
            execution = Execution(job, self.records, self.keeper, self.volumes, self.endpoint)
            self.executions[job.id] = execution
            # Before its process is started: a Job that a killed Hub may have started never starts again.
            await self.change(job.id, stage="RUNNING", started=now())
            outcome = await execution.carry_out()
            await self.change(job.id, stage=outcome.stage, message=outcome.message, finished=now())
            del self.executions[job.id]
            await asyncio.to_thread(self.records.clear, job)

    async def change(self, id: str, **changed: Any) -> Job:
        """Change a Job on the disk and then here. What is over does not change its stage any more."""
        async with self.writing:
            job = self.jobs[id]
            if "stage" in changed and job.terminal:
                return job
            fresh = Job.model_validate({**dict(job), **changed})
            await asyncio.to_thread(self.records.save, fresh)
            self.jobs[id] = fresh
        if fresh.terminal and (ended := self.ended.pop(id, None)):
            ended.set()
        return fresh

    async def respecify(self, job: Job, **changed: Any) -> Job:
        """Change what may still be changed of what was asked for: labels, and ports."""
        return await self.change(job.id, specification=self.jobs[job.id].specification.model_copy(update=changed))

    async def cancel(self, job: Job) -> Job:
        """The stage first, then the end of its processes. What is over stays as it is."""
        job = await self.change(job.id, stage="CANCELED", finished=now())
        if execution := self.executions.get(job.id):
            execution.stop()
        return job

    async def rest(self, id: str, seconds: float) -> None:
        """Wait so long, or until the Job is over."""
        if ended := self.ended.get(id):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await ended.wait()

    def check(self, specification: Specification, user: User) -> None:
        """Refuse volumes that the user cannot have."""
        for volume in specification.volumes:
            self.volumes.check(volume, user)

    async def close(self) -> None:
        """What runs has failed; what waits is taken up by the next start. No process is left."""
        self.closing = True
        for id, execution in list(self.executions.items()):
            execution.unwanted = True
            await self.change(id, stage="ERROR", message=HUB_STOPPED, finished=now())
        await self.keeper.close()
        if self.tasks:
            await asyncio.wait(self.tasks)
