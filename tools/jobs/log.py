"""The log of a Job, read while it grows: its last lines, and what it says of its progress."""

import asyncio
import itertools
from collections import deque
from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from core.errors import Failure
from core.redact import MASK, redact
from core.signals import flat
from tools.jobs.desk import Desk

if TYPE_CHECKING:
    from huggingface_hub import HfApi

PROGRESS = "progress: "
LINES = 300
"""Of its end that are kept."""
CHARACTERS = 20_000
MOST = 20_000
"""Lines of a log that are followed."""
TOLD = 1000
"""Lines about progress that are passed on; whoever says more floods the record."""


class Log:
    """What a Job has said so far. Foreign text, without the secrets that it was given."""

    def __init__(self, desk: Desk, job: str, secrets: Collection[str]) -> None:
        self.desk = desk
        self.job = job
        self._secrets = [secret for secret in secrets if len(secret) >= 8]
        self._count = 0
        self._told = 0
        self._lines: deque[str] = deque(maxlen=LINES)
        self._news: deque[str] = deque(maxlen=20)

    async def follow(self) -> None:
        """Read on for as long as nobody cancels this. A log that cannot be read just now is read later."""
        while True:
            with suppress(Failure):
                await self.read()
            await asyncio.sleep(max(1.0, self.desk.pause))

    async def read(self) -> None:
        """Everything that is there. Of a Job that works it returns when there is nothing new for some seconds."""
        loop, namespace = asyncio.get_running_loop(), self.desk.namespace

        def pass_on(api: "HfApi") -> None:
            lines = api.fetch_job_logs(job_id=self.job, namespace=namespace)
            for number, line in enumerate(itertools.islice(lines, MOST)):
                # The loop may be closed by now: nobody waits any more.
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(self._take, number, line)

        await self.desk.hub.ask(pass_on, f"the log of the Job {self.job}")

    async def read_end(self) -> None:
        """Whatever is missing of a Job that is over."""
        with suppress(Failure):
            await self.read()
        if self._count >= MOST:
            with suppress(Failure):
                namespace = self.desk.namespace
                last = await self.desk.hub.ask(
                    lambda api: list(api.fetch_job_logs(job_id=self.job, namespace=namespace, tail=LINES)), "its log"
                )
                self._lines.extend(self._harmless(line) for line in last)

    def _take(self, number: int, line: str) -> None:
        """Every line once, also when two readings of the same log overlap."""
        if number != self._count:
            return
        self._count += 1
        line = self._harmless(line)
        self._lines.append(line)
        if line.startswith(PROGRESS) and self._told < TOLD:
            self._told += 1
            self._news.append(flat(line.removeprefix(PROGRESS), 200))

    def _harmless(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, MASK)
        return redact(line[:2000])

    def news(self) -> list[str]:
        """What it said of its progress since the last time, the newest 20."""
        found = list(self._news)
        self._news.clear()
        return found

    def end(self) -> str:
        return "\n".join(self._lines)[-CHARACTERS:]
