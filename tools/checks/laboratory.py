"""The door to the separate process: files go in by path, examinations come out. No foreign file is read here.

One per process, bound to the event loop that entered it; another loop of the same process may ask too. The
separate process starts with the first question, or ahead of it with `start()`, and again when it has died.
"""

import asyncio
import json
import os
import secrets
import signal
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from pydantic import JsonValue

from core.nouns import Kind
from tools.checks.examination import Examination, examination, unread
from tools.checks.finding import Unsound, Word
from tools.checks.measure import measure_in_memory, refused
from tools.checks.zygote import DONE, HEADER, HUNG, LONGEST_ANSWER

__all__ = ["Examination", "Laboratory"]

ROOT = Path(__file__).resolve().parents[2]

_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
"""All that the separate process sees of our environment; a token is not among it."""

PATIENCE = 2.0
"""Seconds that the separate process has to end by itself."""


Result = TypeVar("Result")


class _Died(Exception):
    """The separate process itself is gone, for a reason that need not lie in this file."""


class _Zygote(NamedTuple):
    """The separate process as we hold it."""

    process: Process
    requests: StreamWriter
    answers: StreamReader


class Laboratory:
    """Examines artifacts and draws their thumbnails; any number at once."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._starting: asyncio.Task[_Zygote] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._answers: dict[int, asyncio.Future[tuple[int, bytes]]] = {}
        self._asked = 0

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    def start(self) -> None:
        """Begin to warm up, without waiting for it."""
        self._loop = self._loop or asyncio.get_running_loop()
        self._starting = self._starting or asyncio.create_task(self._begin())

    async def ready(self) -> None:
        """Until the separate process is warm, so that what is measured next is not its start."""
        await self._at_home(self._warm())

    async def examine(self, path: Path, declared: Kind | None, seconds: float = 20) -> Examination:
        """What is wrong with the bytes is in the gate's verdict; a parser that hangs or dies on them is a `fail`.

        `seconds` is the time for this file once its turn has come. A file that cannot be opened is `unknown`.
        """
        return await self._at_home(self._examine(path, declared, seconds))

    async def thumbnail(
        self, path: Path, kind: Kind, destination: Path, pixels: int = 384, seconds: float = 10
    ) -> bool:
        """A PNG of at most `pixels` a side at `destination`; False, and no file, when nothing can be drawn."""
        return await self._at_home(self._thumbnail(path, kind, destination, pixels, seconds))

    def examine_value(self, value: JsonValue, declared: Kind) -> Examination:
        """Text, numbers and JSON that are in memory already, measured here."""
        return examination(measure_in_memory(value, declared))

    async def _at_home(self, work: Coroutine[Any, Any, Result]) -> Result:
        here = asyncio.get_running_loop()
        self._loop = self._loop or here
        if self._loop is here:
            return await work
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _warm(self) -> None:
        await self._running()

    async def _examine(self, path: Path, declared: Kind | None, seconds: float) -> Examination:
        request = {"task": "examine", "path": os.path.abspath(path), "declared": declared, "seconds": seconds}
        try:
            outcome, payload = await self._ask(request)
        except _Died as died:
            return unread(str(died))
        if outcome == HUNG:
            return _refused("limits", f"nobody could read it within {seconds:g} s")
        if outcome != DONE:
            return _refused("corrupt", f"its parser ended {_ending(payload)}")
        return _answer(payload)

    async def _thumbnail(self, path: Path, kind: Kind, destination: Path, pixels: int, seconds: float) -> bool:
        part = destination.with_name(f"{destination.name}.{secrets.token_hex(4)}.part")
        request = {
            "task": "thumbnail",
            "path": os.path.abspath(path),
            "declared": kind,
            "seconds": seconds,
            "destination": os.path.abspath(part),
            "pixels": pixels,
        }
        try:
            outcome, payload = await self._ask(request)
            drawn = outcome == DONE and json.loads(payload) == {"drawn": True}
            if drawn:
                part.replace(destination)
        except (_Died, ValueError):
            return False
        finally:
            part.unlink(missing_ok=True)
        return drawn

    async def _ask(self, request: dict[str, Any]) -> tuple[int, bytes]:
        """The separate process may have been ended by somebody: then the question is asked once more."""
        try:
            return await self._ask_once(request)
        except _Died:
            return await self._ask_once(request)

    async def _ask_once(self, request: dict[str, Any]) -> tuple[int, bytes]:
        zygote = await self._running()
        self._asked += 1
        number = self._asked
        answer: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        _tell(zygote, {"id": number, **request})
        try:
            return await answer
        except asyncio.CancelledError:
            _tell(zygote, {"cancel": number})
            raise
        finally:
            self._answers.pop(number, None)

    async def _running(self) -> _Zygote:
        starting = self._starting = self._starting or asyncio.create_task(self._begin())
        try:
            return await asyncio.shield(starting)
        except _Died:
            self._starting = None
            raise

    async def _begin(self) -> _Zygote:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        # BLAS would start threads at import, and a process with threads must not fork.
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-s", "-E", "-m", "tools.checks.zygote"),
            cwd=ROOT,
            env=environment,
            stdin=PIPE,
            stdout=PIPE,
            start_new_session=True,
        )
        if process.stdin is None or process.stdout is None:
            raise _Died("the checking process has no pipes")
        zygote = _Zygote(process, process.stdin, process.stdout)
        try:
            await zygote.answers.readexactly(HEADER.size)
        except asyncio.IncompleteReadError as error:
            raise _Died(f"the checking process did not start (status {await process.wait()})") from error
        self._reading = asyncio.create_task(self._read(zygote))
        return zygote

    async def _read(self, zygote: _Zygote) -> None:
        """Hands answers to whoever waits for them, until the separate process ends."""
        try:
            while True:
                number, outcome, length = HEADER.unpack(await zygote.answers.readexactly(HEADER.size))
                payload = await zygote.answers.readexactly(min(length, LONGEST_ANSWER))
                answer = self._answers.get(number)
                if answer is not None and not answer.done():
                    answer.set_result((outcome, payload))
        except asyncio.IncompleteReadError:
            self._starting = None
            status = await zygote.process.wait()
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(_Died(f"the checking process ended (status {status})"))

    async def _close(self) -> None:
        starting, self._starting = self._starting, None
        if starting is None:
            return
        try:
            zygote = await starting
        except _Died:
            return
        zygote.requests.close()
        try:
            await asyncio.wait_for(zygote.process.wait(), PATIENCE)
        except TimeoutError:
            zygote.process.kill()
            await zygote.process.wait()
        if self._reading is not None:
            await self._reading


def _tell(zygote: _Zygote, message: dict[str, Any]) -> None:
    if not zygote.requests.is_closing():
        zygote.requests.write(json.dumps(message).encode() + b"\n")


def _answer(payload: bytes) -> Examination:
    """What the fork wrote, believed only as far as it has the shape of an examination."""
    try:
        report = json.loads(payload)
        if "unreadable" in report:
            return unread(report["unreadable"])
        if "failed" in report:
            return _refused("corrupt", f"its parser failed: {report['failed']}")
        return examination(report)
    except (ValueError, KeyError, TypeError):  # a ValidationError is a ValueError
        return _refused("corrupt", "its parser answered nonsense")


def _refused(word: Word, detail: str) -> Examination:
    return examination(refused(Unsound(word, detail)))


def _ending(payload: bytes) -> str:
    status = int(payload or b"1")
    return f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
