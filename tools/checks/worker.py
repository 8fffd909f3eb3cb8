"""One separate process as the event loop holds it: questions go in, answers come out, and it is replaced when it dies.

Started with the first question, or ahead of it. Knows nothing of what is asked.
"""

import asyncio
import json
import os
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tools.checks.zygote import HEADER, LONGEST_ANSWER

ROOT = Path(__file__).resolve().parents[2]

_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
"""All that the separate process sees of our environment; a token is not among it."""

_MEMORY = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=1073741824"
"""A fork takes memory in large pages and keeps it: a page that is new costs as much as reading what goes into it."""

PATIENCE = 2.0
"""Seconds that the separate process has to end by itself."""

Reply = tuple[int, bytes]
"""An outcome and what goes with it."""


class Died(Exception):
    """The separate process itself is gone, for a reason that need not lie in what was asked."""


class _Life:
    """A separate process from its start to its end."""

    def __init__(self, process: Process, requests: StreamWriter, answers: StreamReader) -> None:
        self.process, self.requests, self.answers = process, requests, answers
        self.questions: dict[int, asyncio.Future[Reply]] = {}
        self.ended: str | None = None
        self.reading = asyncio.create_task(self._read())

    async def ask(self, number: int, request: dict[str, Any]) -> Reply:
        if self.ended is not None:
            raise Died(self.ended)
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self.questions[number] = reply
        self._tell({"id": number, **request})
        try:
            return await reply
        except asyncio.CancelledError:
            self._tell({"cancel": number})
            raise
        finally:
            self.questions.pop(number, None)

    async def close(self) -> None:
        self.requests.close()
        try:
            await asyncio.wait_for(self.process.wait(), PATIENCE)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        await self.reading

    def _tell(self, message: dict[str, Any]) -> None:
        if not self.requests.is_closing():
            self.requests.write(json.dumps(message).encode() + b"\n")

    async def _read(self) -> None:
        """Hands answers to whoever waits for them, until the separate process ends."""
        try:
            while True:
                number, outcome, length = HEADER.unpack(await self.answers.readexactly(HEADER.size))
                payload = await self.answers.readexactly(min(length, LONGEST_ANSWER))
                reply = self.questions.get(number)
                if reply is not None and not reply.done():
                    reply.set_result((outcome, payload))
        except asyncio.IncompleteReadError:
            self.ended = "the checking process ended"
            for reply in self.questions.values():
                if not reply.done():
                    reply.set_exception(Died(self.ended))
            await self.process.wait()


class Worker:
    """A separate process with these heavy libraries. Bound to the event loop that starts it."""

    def __init__(self, libraries: Iterable[str] = ()) -> None:
        self.libraries = tuple(sorted(libraries))
        self._starting: asyncio.Task[_Life] | None = None
        self._closed = False
        self._asked = 0

    def start(self) -> None:
        """Begin to warm up, without waiting for it."""
        self._starting = self._starting or asyncio.create_task(self._begin())

    async def ready(self) -> None:
        """Until it is warm. Raises Died."""
        await self._living()

    async def ask(self, request: dict[str, Any]) -> Reply:
        """Raises Died. The separate process may have been ended by somebody: then the question is asked once more."""
        try:
            return await self._ask_once(request)
        except Died:
            return await self._ask_once(request)

    async def close(self) -> None:
        """Whoever still waits for an answer gets Died; nothing can be asked any more."""
        self._closed = True
        starting, self._starting = self._starting, None
        if starting is None:
            return
        try:
            life = await starting
        except Died:
            return
        await life.close()

    async def _ask_once(self, request: dict[str, Any]) -> Reply:
        life = await self._living()
        self._asked += 1
        return await life.ask(self._asked, request)

    async def _living(self) -> _Life:
        if self._closed:
            raise Died("the laboratory was closed")
        starting = self._starting = self._starting or asyncio.create_task(self._begin())
        try:
            life = await asyncio.shield(starting)
        except Died:
            self._forget(starting)
            raise
        if life.ended is None or self._closed:
            return life
        self._forget(starting)
        return await self._living()

    def _forget(self, starting: asyncio.Task[_Life]) -> None:
        if self._starting is starting:
            self._starting = None

    async def _begin(self) -> _Life:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        # BLAS would start threads at import, and a process with threads must not fork.
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "GLIBC_TUNABLES": _MEMORY}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-s", "-E", "-m", "tools.checks.zygote", *self.libraries),
            cwd=ROOT,
            env=environment,
            stdin=PIPE,
            stdout=PIPE,
            start_new_session=True,
        )
        if process.stdin is None or process.stdout is None:
            raise Died("the checking process has no pipes")
        try:
            await process.stdout.readexactly(HEADER.size)
        except asyncio.IncompleteReadError as error:
            raise Died(f"the checking process did not start (status {await process.wait()})") from error
        return _Life(process, process.stdin, process.stdout)
