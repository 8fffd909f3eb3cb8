"""The runs at work: one event loop in a thread of its own, beside Gradio's, so that no run dies with a tab."""

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import Future
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from core.errors import ConsentMissing, RunBusy
from core.events import ConsentAsked
from core.nouns import Cost, Goal, Kind, Plan
from core.record import RunFolder
from core.run import Run, consent_key
from core.settings import Settings
from planners.workshop import Workshop, workshop
from tools.check_artifact import FileReport, check_file
from tools.checks.laboratory import Laboratory
from window.page.followup import Followup
from window.page.visitors import Visitor

STOP_SECONDS = 5.0
"""How long the runs get to write their ends when the page is closed."""

DRAWING = 40.0
"""Seconds for a picture of a file. A model of 150,000 triangles takes a few, and more beside a run at work."""

MOST_AT_ONCE = 8
"""Runs of one visitor that are at work."""

_WORKING: ContextVar[Path] = ContextVar("working")
"""The run that the task at hand belongs to: what asks for consent is not told."""

Result = TypeVar("Result")


class Bench:
    """A visitor's workshop, open as long as anybody works at it."""

    def __init__(self, settings: Settings, works: "Works") -> None:
        self._settings = settings
        self._works = works
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._shop: Workshop | None = None
        self._at_work = 0

    @asynccontextmanager
    async def shop(self) -> AsyncIterator[Workshop]:
        async with self._opening:
            self._at_work += 1
            try:
                shop = self._shop = self._shop or await self._open()
            except BaseException:
                self._at_work -= 1
                raise
        try:
            yield shop
        finally:
            async with self._opening:
                self._at_work -= 1
                if not self._at_work:
                    self._shop = None
                    await self._stack.aclose()

    async def _open(self) -> Workshop:
        """People at the page are asked before anything is published, also when it stays on this machine."""
        shop = await self._stack.enter_async_context(workshop(self._settings, self._works.ask))
        return replace(shop, runner=replace(shop.runner, crew=replace(shop.runner.crew, local=False)))


class Works:
    """Begins, resumes, stops and answers runs, from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="runs", daemon=True)
        self._benches: dict[Path, Bench] = {}
        self._tasks: dict[Path, asyncio.Task[Run]] = {}
        self._asked: dict[tuple[Path, str], asyncio.Future[bool]] = {}
        self._laboratory = Laboratory()
        self._holding: asyncio.Task[Any] | None = None
        self.closing = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Every run writes its end before this returns."""
        self.closing.set()
        self._on_loop(self._close()).result(2 * STOP_SECONDS + 1)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_SECONDS)
        self._loop.close()

    def expect(self, settings: Settings) -> None:
        """Open the workshop of a visitor who is about to come, and keep it open."""
        self._on_loop(self._hold(settings))

    async def begin(self, visitor: Visitor, goal: Goal, wish: Followup | None = None) -> str:
        """The id of a new run, which is at work when this returns. Raises RecordUnusable, and RunBusy for too many."""
        own = visitor.settings.runs.resolve()
        if sum(path.parent == own for path in list(self._tasks)) >= MOST_AT_ONCE:
            raise RunBusy(f"{MOST_AT_ONCE} of your runs are at work; wait for one of them, or stop one")
        folder = visitor.runs.begin(goal.text)
        await self._awaited(self._start(visitor, folder, goal, wish))
        return folder.id

    async def resume(self, visitor: Visitor, folder: RunFolder) -> None:
        """Raises RunBusy when it is at work already."""
        await self._awaited(self._start(visitor, folder, None))

    async def stop(self, folder: RunFolder) -> bool:
        """Whether there was anything to stop. Returns when the run has written its end."""
        stopped: bool = await self._awaited(self._stop(folder.path.resolve()))
        return stopped

    async def answer(self, folder: RunFolder, key: str, yes: bool) -> None:
        """A person's answer to what a run asks. Raises ConsentMissing when it asks nothing of the kind any more."""
        await self._awaited(self._answer((folder.path.resolve(), key), yes))

    async def plan(self, visitor: Visitor, goal: Goal) -> tuple[Plan | None, tuple[str, ...], tuple[Cost, ...]]:
        """As the workshop plans: nothing is called."""
        return await self._awaited(self._plan(visitor, goal))

    async def check(self, path: Path, kind: Kind | None) -> FileReport:
        """The output checks on one file."""
        return await self._awaited(check_file(self._laboratory, path, kind, ()))

    async def link(self, visitor: Visitor, run: Run) -> str | None:
        """An address that opens what the run has published."""
        return await self._awaited(self._link(visitor, run))

    async def thumbnail(self, path: Path, kind: Kind, destination: Path) -> bool:
        """Whether anything could be drawn of the file."""
        drawn: bool = await self._awaited(self._laboratory.thumbnail(path, kind, destination, seconds=DRAWING))
        return drawn

    def busy(self, folder: RunFolder) -> bool:
        return folder.path.resolve() in self._tasks

    async def ask(self, asked: ConsentAsked) -> bool:
        """Waits for a person, for as long as the run's goal allows. The journal has shown the question already."""
        key = (_WORKING.get(), consent_key(asked.step, asked.space))
        answer: asyncio.Future[bool] = self._loop.create_future()
        self._asked[key] = answer
        try:
            return await answer
        finally:
            del self._asked[key]

    def _on_loop(self, work: Coroutine[Any, Any, Result]) -> "Future[Result]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _awaited(self, work: Coroutine[Any, Any, Result]) -> Result:
        """On the runs' loop, awaited on the caller's."""
        return await asyncio.wrap_future(self._on_loop(work))

    async def _start(
        self, visitor: Visitor, folder: RunFolder, goal: Goal | None, wish: Followup | None = None
    ) -> None:
        path = folder.path.resolve()
        if path in self._tasks:
            raise RunBusy(f"run {folder.id} is at work already")
        task = self._tasks[path] = asyncio.create_task(self._pursue(visitor, folder, goal, wish))
        task.add_done_callback(lambda done: self._ended(path, done))

    async def _pursue(self, visitor: Visitor, folder: RunFolder, goal: Goal | None, wish: Followup | None) -> Run:
        _WORKING.set(folder.path.resolve())
        async with self._bench(visitor.settings).shop() as shop:
            if wish is not None:
                shop = replace(shop, runner=replace(shop.runner, planner=wish.planner(shop.runner.planner)))
            return await shop.pursue(folder, goal)

    def _bench(self, settings: Settings) -> Bench:
        """Who signs in again has another token, so another bench."""
        bench = self._benches.get(settings.runs)
        if bench is None or bench._settings != settings:
            bench = self._benches[settings.runs] = Bench(settings, self)
        return bench

    def _ended(self, path: Path, task: "asyncio.Task[Run]") -> None:
        del self._tasks[path]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._loop.call_exception_handler({"message": f"run {path.name} broke", "exception": error})

    async def _stop(self, path: Path) -> bool:
        task = self._tasks.get(path)
        if task is None:
            return False
        task.cancel()
        await asyncio.wait([task], timeout=STOP_SECONDS)
        return True

    async def _answer(self, key: tuple[Path, str], yes: bool) -> None:
        waiting = self._asked.get(key)
        if waiting is None or waiting.done():
            raise ConsentMissing("this question is no longer open; resume the run to be asked again")
        waiting.set_result(yes)

    async def _plan(self, visitor: Visitor, goal: Goal) -> tuple[Plan | None, tuple[str, ...], tuple[Cost, ...]]:
        async with self._bench(visitor.settings).shop() as shop:
            return await shop.plan(goal)

    async def _link(self, visitor: Visitor, run: Run) -> str | None:
        async with self._bench(visitor.settings).shop() as shop:
            return await shop.link(run)

    async def _hold(self, settings: Settings) -> None:
        self._holding = asyncio.current_task()
        async with self._bench(settings).shop():
            await asyncio.Event().wait()

    async def _close(self) -> None:
        for task in list(self._tasks.values()):
            task.cancel()
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=STOP_SECONDS)
        if self._holding:
            self._holding.cancel()
            await asyncio.wait([self._holding], timeout=STOP_SECONDS)
        await self._laboratory.__aexit__(None, None, None)
