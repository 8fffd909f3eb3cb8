"""The Hub's end of one keeper process: orders go there, and the ends of what was started come back."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

LONGEST_ANSWER = 1 << 20


class End(NamedTuple):
    code: int | None
    """The exit code, minus a signal's number; None when the keeper itself has died, with all that it kept."""
    failure: str = ""
    """Why it could not be started."""


class Connection:
    """One process, started with the first order and again when it is needed after it died."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], pass_fds: Sequence[int] = ()) -> None:
        self.command = command
        self.environment = environment
        self.pass_fds = pass_fds
        self.process: asyncio.subprocess.Process | None = None
        self.orders: asyncio.StreamWriter | None = None
        self.listener: asyncio.Task[None] | None = None
        self.opening = asyncio.Lock()
        self.ready: asyncio.Future[dict[str, Any]] | None = None
        """What it has said of itself once it reads its orders; empty when it has died before."""
        self.ends: dict[str, asyncio.Future[End]] = {}
        self.pids: dict[str, int] = {}
        """Of what runs, by key, as far as it has really started."""
        self.started = 0
        self.closed = False

    async def open(self) -> None:
        """Start the process unless it runs, or is not wanted any more."""
        async with self.opening:
            if self.orders is not None or self.closed:
                return
            process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                pass_fds=self.pass_fds,
                env=self.environment,
                limit=LONGEST_ANSWER,
            )
            if process.stdin is None or process.stdout is None:
                raise OSError("the keeper was started without its pipes")
            self.process, self.orders = process, process.stdin
            self.ready = asyncio.get_running_loop().create_future()
            self.listener = asyncio.create_task(self.listen(process.stdout, self.ready))

    async def listen(self, answers: asyncio.StreamReader, ready: asyncio.Future[dict[str, Any]]) -> None:
        while line := await answers.readline():
            message: dict[str, Any] = json.loads(line)
            match message:
                case {"ready": True}:
                    ready.set_result(message)
                case {"started": key, "pid": pid}:
                    self.pids[key] = pid
                case {"ended": key, "code": code, "failure": failure}:
                    self.pids.pop(key, None)
                    self.ends.pop(key).set_result(End(code, failure))
        if not ready.done():
            ready.set_result({})
        self.orders = None
        self.pids.clear()
        ends, self.ends = self.ends, {}
        for end in ends.values():
            end.set_result(End(None))

    async def start(self, name: str, order: Mapping[str, Any]) -> tuple[str, asyncio.Future[End]]:
        """A key to stop it with, which begins with `name`, and its end."""
        await self.open()
        self.started += 1
        key = f"{name}-{self.started}"
        end: asyncio.Future[End] = asyncio.get_running_loop().create_future()
        if self.orders is None:
            end.set_result(End(None))
            return key, end
        self.ends[key] = end
        self.tell({"start": {**order, "key": key}})
        return key, end

    def stop(self, key: str) -> None:
        """Ask it to end, and make it a second later. Its end tells when it is gone."""
        if key in self.ends:
            self.tell({"stop": key})

    def tell(self, order: object) -> None:
        if self.orders:
            self.orders.write(json.dumps(order).encode() + b"\n")

    async def close(self) -> None:
        """End everything and the process; returns when it is gone. Nothing is started after that."""
        self.closed = True
        async with self.opening:
            pass  # one that is just being started is ended too
        if self.process and self.orders:
            self.orders.close()
            if self.ready and not self.ready.done():
                self.process.kill()  # it keeps nothing yet, and might notice only after its imports
            await self.process.wait()
        if self.listener:
            await self.listener
