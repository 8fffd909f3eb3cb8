"""Where Jobs are asked for: found by their labels, submitted once, looked at and cancelled.

Nothing is kept here. What tells a Job again after our death is its labels, `spacewright-run` and `spacewright-job`.
"""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from core.errors import AccessRefused, Failure, InputsRefused, Unreachable
from core.hub import Hub, NotThere
from core.nouns import Frozen, Job
from core.signals import say
from tools.jobs.failures import JobRefused
from tools.jobs.job_order import AGAIN, JobOrder

if TYPE_CHECKING:
    from huggingface_hub import HfApi, JobInfo

RUN, JOB = "spacewright-run", "spacewright-job"
WORKING = frozenset({"SCHEDULING", "RUNNING"})
TRIES = 3
"""Of one submission that the Hub does not answer; before each the Job is looked for."""

INPUT, OUTPUT = "/input", "/output"
FIXED = {"INPUT": INPUT, "OUTPUT": OUTPUT, "PYTHONUNBUFFERED": "1"}
"""Where nothing can be mounted the local Hub writes the real places into these variables."""


class Seen(Frozen):
    """A Job of ours as the Hub tells of it."""

    job: Job
    name: str
    """Its key, with a number from the second try on."""
    flavor: str
    seconds: float
    """It has run so far."""

    @property
    def works(self) -> bool:
        return self.job.stage in WORKING

    @property
    def number(self) -> int:
        return int(self.name.partition(AGAIN)[2] or 1)


@dataclass(frozen=True)
class Desk:
    """The Jobs of one run."""

    hub: Hub
    namespace: str
    run: str

    @property
    def pause(self) -> float:
        """Seconds between two looks: the Hub wants at least two."""
        return 0.15 if self.hub.local else 2.0

    @property
    def grace(self) -> float:
        """Seconds in which a submission that nobody waited for shows itself."""
        return 0.6 if self.hub.local else 6.0

    async def all(self, stages: Sequence[str] | None = None) -> tuple[Seen, ...]:
        """Every Job of the run that has a key, in the order in which they were begun."""

        def found(api: "HfApi") -> tuple[Seen, ...]:
            infos = api.list_jobs(labels={RUN: self.run}, status=stages, namespace=self.namespace)  # type: ignore[arg-type]  # a sequence is enough
            return tuple(seen(info) for info in infos if JOB in (info.labels or {}))[::-1]

        try:
            return await self.hub.ask(found, f"Jobs of {self.namespace}")
        except AccessRefused as refused:
            raise JobRefused(f"{refused}; {self._advice}") from refused

    async def tries(self, key: str) -> tuple[Seen, ...]:
        """The Jobs that were begun under a key, the first one first."""
        found = (one for one in await self.all() if one.name.partition(AGAIN)[0] == key)
        return tuple(sorted(found, key=lambda one: one.number))

    async def look(self, job: str) -> Seen:
        """Raises NotThere when the Hub does not know it any more."""
        return await self.hub.ask(
            lambda api: seen(api.inspect_job(job_id=job, namespace=self.namespace)), f"the Job {job}"
        )

    async def late(self, name: str) -> Seen | None:
        """The Job of that name, if it comes to light: the Hub may still be busy with a submission of before."""
        deadline = time.monotonic() + self.grace
        while True:
            known = [one for one in await self.all() if one.name == name]
            if known or time.monotonic() > deadline:
                return known[-1] if known else None
            await asyncio.sleep(self.pause)

    async def submit(self, order: JobOrder, name: str, bucket: str, folder: str, entry: str) -> Seen:
        """A new Job. One whose answer is lost is looked for before it is asked for again.

        Raises JobRefused, and Unreachable when the Hub gives no answer in some tries.
        """
        request = partial(self._submitted, order=order, name=name, bucket=bucket, folder=folder, entry=entry)
        for number in range(1, TRIES + 1):
            try:
                return await self.hub.ask(request, f"a Job for {self.namespace}")
            except Unreachable:
                begun = await self.late(name)
                if begun is not None:
                    return begun
                if number == TRIES:
                    raise
        raise AssertionError("the last try returns or raises")

    def _submitted(self, api: "HfApi", *, order: JobOrder, name: str, bucket: str, folder: str, entry: str) -> Seen:
        from huggingface_hub import Volume
        from huggingface_hub._jobs_api import DEFAULT_UV_IMAGE
        from huggingface_hub.errors import HfHubHTTPError

        try:
            info = api.run_job(
                image=DEFAULT_UV_IMAGE,
                command=["uv", "run", "--script", f"{INPUT}/{entry}"],
                env=FIXED | order.environment,
                secrets={key: value.get_secret_value() for key, value in order.secrets.items()} or None,
                flavor=order.flavor,
                timeout=max(1, math.ceil(order.minutes * 60)),
                labels={RUN: self.run, JOB: name},
                name=name,
                volumes=[
                    Volume(type="bucket", source=bucket, mount_path=INPUT, path=f"{folder}/in", read_only=True),
                    Volume(type="bucket", source=bucket, mount_path=OUTPUT, path=f"{folder}/out"),
                ],
                namespace=self.namespace,
            )
        except HfHubHTTPError as error:
            if (refusal := self._refusal(error)) is not None:
                raise refusal from error
            raise
        return seen(info)

    def _refusal(self, error: Any) -> Failure | None:
        """In plain words, where trying again would not help. Any: the type of the library's error comes late."""
        status = error.response.status_code if error.response is not None else 0
        said = say(getattr(error, "server_message", None) or "it does not say why")
        if status == 402:
            return JobRefused(f"{self.namespace} has no credits for Jobs (402): {said}; add some at {self._billing}")
        if status in (401, 403):
            return JobRefused(f"the Hub runs no Job of {self.namespace} ({status}): {said}; {self._advice}")
        if status == 400:
            return InputsRefused(f"the Hub refuses the Job (400): {said}")
        return None

    @property
    def _billing(self) -> str:
        return f"{self.hub.endpoint}/settings/billing"

    @property
    def _advice(self) -> str:
        return f"use a token that may write, or one with the scope jobs, and see {self._billing}"

    async def cancel(self, job: str) -> None:
        """What is over, or gone, stays as it is."""
        try:
            await self.hub.ask(lambda api: api.cancel_job(job_id=job, namespace=self.namespace), f"the Job {job}")
        except NotThere:
            pass


def seen(info: "JobInfo") -> Seen:
    status = info.status
    return Seen(
        job=Job(
            id=info.id,
            stage=str(getattr(status.stage, "value", status.stage)),
            url=info.url,
            message=status.message or "",
        ),
        name=(info.labels or {}).get(JOB, ""),
        flavor=str(getattr(info.flavor, "value", info.flavor) or ""),
        seconds=_seconds(info),
    )


def _seconds(info: "JobInfo") -> float:
    if info.started_at and info.finished_at:
        return max(0.0, (info.finished_at - info.started_at).total_seconds())
    counted = info.durations.running_secs if info.durations else None
    return float(counted or 0)


async def cancel_jobs(hub: Hub, run: str) -> int:
    """Cancel every Job of the run that still works; how many there were."""
    desk = Desk(hub, await hub.namespace(), run)
    working = [one for one in await desk.all(sorted(WORKING)) if one.works]
    for one in working:
        await desk.cancel(one.job.id)
    return len(working)
