"""One Job from the order to what it leaves: found or begun, waited for, paid, fetched.

A process that dies leaves its Job at work, and the next one that gives the same order finds it. A task that is
cancelled takes its Job with it.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.errors import Failure, Unreachable
from core.hub import Hub
from core.ledger import Spending
from core.scope import Scope
from core.signals import say
from tools.call_progress import mention
from tools.jobs.desk import Desk, Seen
from tools.jobs.failures import JobStuck
from tools.jobs.job_order import AGAIN, JobOrder, JobResult
from tools.jobs.log import Log
from tools.jobs.price import by_minute
from tools.jobs.scripts import ENTRY, FOLDER, sources
from tools.jobs.storage import FLUSH_SECONDS, REMAINS_SECONDS, Storage

PATIENCE = 900.0
"""Seconds in which a Job has to start."""
SLACK = 120.0
"""Seconds that the Hub may take to end a Job whose time is over."""
OUTAGE = 60.0
"""Seconds for which the Hub may be away while a Job is waited for."""
CANCELLING = 8.0
"""Seconds that a cancelled task takes to cancel its Job."""


async def run_job(
    hub: Hub, scope: Scope, order: JobOrder, *, patience: float = PATIENCE, scripts: Path = FOLDER
) -> JobResult:
    """Run a script of ours as a Job, or take up the Job that was begun under the same key.

    One that has failed is in the result, with its log; the next call begins another one. Raises JobRefused without
    credits or rights, JobStuck, BudgetSpent before anything is spent, and OutputRefused for what it leaves.
    """
    errand = Errand(Desk(hub, await hub.namespace(), scope.run), scope, order, scripts)
    try:
        begun = await errand.begin()
        ended = await errand.wait(begun, patience)
        return await errand.collect(*ended)
    except asyncio.CancelledError:
        await errand.withdraw()
        raise


@dataclass
class Errand:
    """One call of run_job."""

    desk: Desk
    scope: Scope
    order: JobOrder
    scripts: Path
    reserved: str = ""
    """The name for which money was put aside, once it was."""
    submission: "asyncio.Task[Seen] | None" = None

    async def begin(self) -> Seen:
        """The Job of the order: the one that works, the one that is done, or a new one."""
        tries = await self.desk.tries(self.order.key)
        for seen in reversed(tries):
            if seen.works or seen.job.stage == "COMPLETED":
                return seen
        for seen in tries:
            await self.settle(seen)
        number = tries[-1].number + 1 if tries else 1
        return await self._begin_new(self.order.key if number == 1 else f"{self.order.key}{AGAIN}{number}")

    async def _begin_new(self, name: str) -> Seen:
        order = self.order
        files = {f"job/{path}": data for path, data in sources(order.script, self.scripts).items()}
        # uv keeps one environment for each path of a script. Where Jobs share a machine they would share it, too.
        entry = f"job/{order.script}.py"
        files[entry] = files[f"job/{ENTRY}"]
        price = await by_minute(self.desk.hub, order.flavor)
        amount = Spending(job_minutes=order.minutes, dollars=price * order.minutes)
        await self.scope.reserve(_entry(name), f"the Job {order.script} on {order.flavor}", amount)
        self.reserved = name
        storage = self._storage(name)
        # An earlier process may have been killed while the Hub had its submission in hand.
        if await storage.begun() and (seen := await self.desk.late(name)) is not None:
            return seen
        given = {f"given/{path}": content for path, content in order.files.items()}
        await storage.lay_out({**files, **given})
        self.submission = asyncio.create_task(self.desk.submit(order, name, storage.bucket, storage.folder, entry))
        try:
            # It goes on when this task is cancelled: a Job that the Hub has begun must be known, to be cancelled.
            return await asyncio.shield(self.submission)
        except Unreachable:
            raise  # There may be a Job after all, so the money stays put aside.
        except Failure:
            self.scope.settle(_entry(name), Spending())
            raise

    async def wait(self, seen: Seen, patience: float) -> tuple[Seen, Log]:
        """The Job once it is over, telling of its progress."""
        log = Log(self.desk, seen.job.id, [secret.get_secret_value() for secret in self.order.secrets.values()])
        following = asyncio.create_task(log.follow())
        try:
            return await self._over(seen, log, patience), log
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following

    async def _over(self, seen: Seen, log: Log, patience: float) -> Seen:
        since, away = time.monotonic(), 0.0
        stage = ""
        while seen.works:
            if seen.job.stage != stage:
                stage, since = seen.job.stage, time.monotonic()
                self._tell(f"the Job {seen.name} is {stage.lower()}", waiting=stage == "SCHEDULING")
            self._pass_on(log)
            allowed = patience if stage == "SCHEDULING" else self.order.minutes * 60 + SLACK
            if time.monotonic() - since > allowed:
                await self._give_up(seen, allowed)
            await asyncio.sleep(self.desk.pause)
            try:
                seen, away = await self.desk.look(seen.job.id), 0.0
            except Unreachable:
                away = away or time.monotonic()
                if time.monotonic() - away > OUTAGE:
                    raise
        return seen

    async def _give_up(self, seen: Seen, seconds: float) -> None:
        await self.desk.cancel(seen.job.id)
        await self.settle(await self.desk.look(seen.job.id))
        what = "has not started" if seen.job.stage == "SCHEDULING" else "has not ended"
        advice = "try it later, or on other hardware than"
        raise JobStuck(f"the Job {seen.name} {what} after {seconds:.0f} s and was cancelled; {advice} {seen.flavor}")

    async def collect(self, seen: Seen, log: Log) -> JobResult:
        await log.read_end()
        self._pass_on(log)
        await self.settle(seen)
        storage = self._storage(seen.name)
        await storage.settled(FLUSH_SECONDS if seen.job.stage == "COMPLETED" else REMAINS_SECONDS)
        files = await storage.fetch(self.scope.artifacts.incoming())
        return JobResult(job=seen.job, seconds=seen.seconds, files=files, log=log.end())

    async def settle(self, seen: Seen) -> None:
        """Write down what a Job that is over has cost."""
        price = await by_minute(self.desk.hub, seen.flavor)
        minutes = seen.seconds / 60
        self.scope.settle(_entry(seen.name), Spending(job_minutes=minutes, dollars=price * minutes))

    async def withdraw(self) -> None:
        """Cancel what works under the key, whatever comes; a second cancellation ends this at once."""
        try:
            async with asyncio.timeout(CANCELLING):
                await asyncio.shield(asyncio.create_task(self._withdrawn()))
        except (Failure, TimeoutError) as failure:
            self._tell(f"the Job {self.order.key} could not be cancelled ({say(failure)}); it ends by itself")

    async def _withdrawn(self) -> None:
        if self.submission is not None:
            with suppress(Failure):
                await self.submission
        tries = await self.desk.tries(self.order.key)
        for seen in tries:
            if seen.works:
                await self.desk.cancel(seen.job.id)
                await self.settle(await self.desk.look(seen.job.id))
        if self.reserved and self.reserved not in {seen.name for seen in tries}:
            self.scope.settle(_entry(self.reserved), Spending())

    def _storage(self, name: str) -> Storage:
        return Storage(self.desk.hub, self.desk.namespace, self.desk.run, name)

    def _pass_on(self, log: Log) -> None:
        for line in log.news():
            self._tell(line)

    def _tell(self, text: str, waiting: bool = False) -> None:
        mention(self.scope, "queued" if waiting else "running", text=text)


def _entry(name: str) -> str:
    """A Job's key in the ledger, where other things are paid for under keys of their own."""
    return f"job.{name}"
