"""All scheduled Jobs of this Hub, and the clock that starts them.

A time that comes while no Hub runs is lost: the next start waits for the next one.
"""

import asyncio
import contextlib
import json
import logging
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localhub import durable
from localhub.jobs.job import Initiator, Job
from localhub.jobs.jobs import Jobs
from localhub.jobs.schedule import LastRun, Schedule
from localhub.refusal import Refusal

log = logging.getLogger("localhub")

LONGEST_SLEEP = 60.0
"""Seconds: the machine's clock may be set, or the machine may sleep."""


def current() -> datetime:
    return datetime.now(UTC)


class Schedules:
    def __init__(self, folder: Path, jobs: Jobs, clock: Callable[[], datetime] = current) -> None:
        self.folder = folder
        self.jobs = jobs
        self.clock = clock
        self.schedules: dict[str, Schedule] = {}
        self.due: dict[str, datetime] = {}
        """When each that is not suspended runs next."""
        self.changed = asyncio.Event()
        self.timer: asyncio.Task[None] | None = None

    async def open(self) -> None:
        for record in await asyncio.to_thread(lambda: sorted(self.folder.glob("*/*/schedule.json"))):
            self.take(Schedule.model_validate_json(await asyncio.to_thread(record.read_bytes)))
        self.timer = asyncio.create_task(self.run())

    async def close(self) -> None:
        if self.timer:
            self.timer.cancel()
            await asyncio.wait([self.timer])

    def take(self, schedule: Schedule) -> None:
        self.schedules[schedule.id] = schedule
        self.due.pop(schedule.id, None)
        if not schedule.suspended:
            self.due[schedule.id] = schedule.next_run(self.clock())
        self.changed.set()

    def find(self, namespace: str, id: str) -> Schedule | None:
        schedule = self.schedules.get(id)
        return schedule if schedule and schedule.namespace == namespace else None

    def of(self, namespace: str) -> Iterator[Schedule]:
        """The newest first."""
        own = (schedule for schedule in self.schedules.values() if schedule.namespace == namespace)
        return iter(sorted(own, key=lambda schedule: (schedule.created, schedule.id), reverse=True))

    def place(self, schedule: Schedule) -> Path:
        return self.folder / schedule.namespace / schedule.id

    async def create(self, schedule: Schedule, secrets: Mapping[str, str]) -> Schedule:
        if secrets:
            path = self.place(schedule) / "secrets.json"
            await asyncio.to_thread(durable.write_json, path, dict(secrets), 0o600)
        return await self.save(schedule)

    async def save(self, schedule: Schedule) -> Schedule:
        record = schedule.model_dump(exclude_defaults=True)
        await asyncio.to_thread(durable.write_json, self.place(schedule) / "schedule.json", record, 0o600)
        self.take(schedule)
        return schedule

    async def change(self, schedule: Schedule, **changed: Any) -> Schedule:
        current = self.schedules.get(schedule.id)
        if current is None:
            return schedule  # it was deleted meanwhile
        return await self.save(Schedule.model_validate({**dict(current), **changed}))

    async def delete(self, schedule: Schedule) -> None:
        del self.schedules[schedule.id]
        self.due.pop(schedule.id, None)
        await asyncio.to_thread(shutil.rmtree, self.place(schedule), ignore_errors=True)

    def busy(self, schedule: Schedule) -> bool:
        """Whether its last Job is not over and it may not have two."""
        last = self.jobs.jobs.get(schedule.last.id) if schedule.last else None
        return not schedule.concurrent and last is not None and not last.terminal

    async def fire(self, schedule: Schedule) -> Job:
        """Run it now. Refuses with 409 when it may not run beside its last Job."""
        if self.busy(schedule):
            raise Refusal(409, f"a Job of the scheduled Job {schedule.id} is still running and concurrency is off")
        job = await self.jobs.submit(
            schedule.namespace,
            schedule.specification,
            await asyncio.to_thread(self.secrets, schedule),
            Initiator(type="scheduled-job", id=schedule.id),
            schedule.owned_by,
        )
        await self.change(schedule, last=LastRun(id=job.id, at=job.created))
        return job

    def secrets(self, schedule: Schedule) -> dict[str, str]:
        path = self.place(schedule) / "secrets.json"
        found: dict[str, str] = json.loads(path.read_bytes()) if path.exists() else {}
        return found

    async def run(self) -> None:
        """Start what is due, for ever. What was missed by more than one time runs once."""
        while True:
            self.changed.clear()
            await self.fire_due()
            waits = [(at - self.clock()).total_seconds() for at in self.due.values()]
            # Not wait_for, which in Python 3.11 forgets that it was cancelled when the event comes at the same time.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, min([LONGEST_SLEEP, *waits]))):
                    await self.changed.wait()

    async def fire_due(self) -> None:
        now = self.clock()
        for id in [id for id, at in self.due.items() if at <= now]:
            schedule = self.schedules[id]
            self.due[id] = schedule.next_run(now)
            if not self.busy(schedule):
                job = await self.fire(schedule)
                log.info("the scheduled Job %s has started the Job %s", id, job.id)
