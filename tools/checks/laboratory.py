"""The door to the separate processes: files go in by path, examinations come out. No foreign file is read here.

One per process, bound to the event loop that entered it; another loop of the same process may ask too. The light
process starts with the first question, or ahead of it with `start()`; one for every heavy library starts when a file
needs it. A process that has died is started again.
"""

import asyncio
import base64
import json
import os
import secrets
import signal
from collections.abc import Coroutine, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pydantic import JsonValue

from core.checks import Check
from core.nouns import Kind
from tools.checks.asked import Question, questions
from tools.checks.examination import Answer, Examination, examination, unread
from tools.checks.finding import Unsound, Word
from tools.checks.measure import measure_in_memory, refused
from tools.checks.question import SECONDS
from tools.checks.worker import Died, Reply, Worker
from tools.checks.zygote import DONE, HUNG, WANTING

__all__ = ["Examination", "Laboratory"]

LIGHT = 100_000
"""Characters of text in memory that are measured here."""

LARGEST_VALUE = 50_000_000
"""Bytes of a value as JSON that are sent to the separate process."""

Result = TypeVar("Result")

_Source = dict[str, str]
"""`path` of a file, or `data` in base64."""


class Laboratory:
    """Examines artifacts and draws their thumbnails; any number at once."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._workers: dict[frozenset[str], Worker] = {frozenset(): Worker()}
        self._habits: dict[tuple[Any, ...], frozenset[str]] = {}
        """Libraries that the last file of its kind needed, so that the next one is not sent back for them."""

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Whoever still waits is told that nothing is known."""
        await asyncio.gather(*(worker.close() for worker in self._workers.values()))

    def start(self) -> None:
        """Begin to warm up, without waiting for it."""
        self._loop = self._loop or asyncio.get_running_loop()
        self._workers[frozenset()].start()

    async def ready(self) -> None:
        """Until the light process is warm, so that what is measured next is not its start."""
        await self._at_home(self._workers[frozenset()].ready())

    async def examine(
        self, path: Path, declared: Kind | None, seconds: float = 20, checks: Sequence[Check] = ()
    ) -> Examination:
        """What is wrong with the bytes is in the gate's verdict; a parser that hangs or dies on them is a `fail`.

        `seconds` is the time for this file once its turn has come. A file that cannot be opened is `unknown`. Of the
        `checks` those count that are a question in a language of its own, such as `matches`: each takes a fork.
        """
        return await self._at_home(self._examine(path, declared, seconds, checks))

    async def thumbnail(
        self, path: Path, kind: Kind, destination: Path, pixels: int = 384, seconds: float = 10
    ) -> bool:
        """A PNG of at most `pixels` a side at `destination`; False, and no file, when nothing can be drawn."""
        return await self._at_home(self._thumbnail(path, kind, destination, pixels, seconds))

    async def examine_held(
        self, value: JsonValue, declared: Kind, seconds: float = 20, checks: Sequence[Check] = ()
    ) -> Examination:
        """A value that is in memory already: short text, numbers and JSON are measured here, the rest apart."""
        return await self._at_home(self._examine_held(value, declared, seconds, checks))

    def examine_value(self, value: JsonValue, declared: Kind) -> Examination:
        """The same here and now, without answers to questions such as `matches`."""
        return examination(measure_in_memory(value, declared))

    async def _at_home(self, work: Coroutine[Any, Any, Result]) -> Result:
        here = asyncio.get_running_loop()
        self._loop = self._loop or here
        if self._loop is here:
            return await work
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _examine(self, path: Path, declared: Kind | None, seconds: float, checks: Sequence[Check]) -> Examination:
        source = {"path": os.path.abspath(path)}
        request = {"task": "examine", **source, "declared": declared, "seconds": seconds}
        seen = await self._seen(request, (declared, path.suffix), seconds)
        return await self._with_answers(seen, source, checks)

    async def _examine_held(
        self, value: JsonValue, declared: Kind, seconds: float, checks: Sequence[Check]
    ) -> Examination:
        asked = questions(checks)
        if not asked and _light(value, declared):
            return self.examine_value(value, declared)
        written = json.dumps(value).encode()
        if len(written) > LARGEST_VALUE:
            return _refused("limits", f"{len(written)} bytes of JSON, at most {LARGEST_VALUE}")
        source = {"data": base64.b64encode(written).decode()}
        request = {"task": "value", **source, "declared": declared, "seconds": seconds}
        seen = await self._seen(request, (declared,), seconds)
        if asked and isinstance(value, str):
            source = {"data": base64.b64encode(value.encode("utf-8", "replace")).decode()}
        return await self._with_answers(seen, source, checks)

    async def _seen(self, request: dict[str, Any], habit: tuple[Any, ...], seconds: float) -> Examination:
        try:
            outcome, payload = await self._ask(request, habit)
        except Died as died:
            return unread(str(died))
        if outcome == HUNG:
            return _refused("limits", f"nobody could read it within {seconds:g} s")
        if outcome != DONE:
            return _refused("corrupt", f"its parser ended {_ending(payload)}")
        return _examination(payload)

    async def _with_answers(self, seen: Examination, source: _Source, checks: Sequence[Check]) -> Examination:
        asked = questions(checks) if seen.gate.passed else ()
        if not asked:
            return seen
        answers = await asyncio.gather(*(self._answer(question, source) for question in asked))
        named = {question.name: answer for question, answer in zip(asked, answers, strict=True)}
        return seen.model_copy(update={"answers": named})

    async def _answer(self, question: Question, source: _Source) -> Answer:
        request = {"task": "question", **source, "key": question.key, "wanted": question.wanted, "seconds": SECONDS}
        try:
            outcome, payload = await self._ask(request, ("question", question.key))
        except Died as died:
            return Answer(status="unknown", reason=str(died))
        if outcome == HUNG:
            return Answer(status="unknown", reason=f"it could not be decided within {SECONDS:g} s")
        try:
            return Answer.model_validate_json(payload)
        except ValueError:
            return Answer(status="unknown", reason="the search for it broke off")

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
            outcome, payload = await self._ask(request, ("thumbnail", kind, path.suffix))
            drawn = outcome == DONE and json.loads(payload) == {"drawn": True}
            if drawn:
                part.replace(destination)
        except (Died, ValueError):
            return False
        finally:
            part.unlink(missing_ok=True)
        return drawn

    async def _ask(self, request: dict[str, Any], habit: tuple[Any, ...]) -> Reply:
        """Of the process that has what such a file needed last time, then of one that has what this file needs."""
        libraries = self._habits.get(habit, frozenset())
        while True:
            outcome, payload = await self._worker(libraries).ask(request)
            if outcome != WANTING:
                return outcome, payload
            libraries |= {payload.decode()}
            self._habits[habit] = libraries

    def _worker(self, libraries: frozenset[str]) -> Worker:
        return self._workers.setdefault(libraries, Worker(libraries))


def _light(value: JsonValue, declared: Kind) -> bool:
    """Text in no language that has to be parsed, and not much of it; JSON was parsed when it came."""
    return declared != "html" and not (isinstance(value, str) and len(value) > LIGHT)


def _examination(payload: bytes) -> Examination:
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
