"""Drives one run from the command line: starts what it needs, shows it, stops it on Ctrl-C, prints how it ended."""

import asyncio
import json
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from core.events import ConsentAsked
from core.journal import owner
from core.nouns import Goal, Limits
from core.record import RunFolder, Runs
from core.run import Run
from core.settings import Settings
from core.threads import in_thread
from planners.report import figures_table, shown
from planners.runner import Planned
from planners.workshop import hub_address, workshop
from window.outcomes import answer, is_of_the_factory, lines
from window.terminal import LiveView, PlainView, clean, view_for, watch

EXIT = {"passed": 0, "failed": 1, "crashed": 1, "cancelled": 130, "blocked": 3}
"""What the process says about the run's end."""


def begin(
    settings: Settings,
    goal: Goal,
    *,
    as_json: bool,
    stay: bool,
    as_answer: bool = False,
    planned: Planned | None = None,
) -> int:
    """Plan and run a goal. `stay` keeps the local Hub up afterwards, so that its pages can be looked at.

    `as_answer` makes the JSON for programs one object at the end instead of the events.
    """
    folder = Runs(settings.runs).begin(goal.text)
    return Drive(settings, folder, as_json, stay, as_answer, planned).go(goal)


def resume(
    settings: Settings,
    name: str,
    *,
    as_json: bool,
    stay: bool,
    planned: Planned | None = None,
    limits: Limits | None = None,
) -> int:
    """Go on with a run that stopped, with other limits where some are given."""
    folder = Runs(settings.runs).find(name)
    run = folder.run()
    of_the_factory = is_of_the_factory(run)
    if run.status == "passed" and owner(folder.path) is None:
        if of_the_factory:
            _tell_outcome(run, folder, as_json=as_json)
        elif not as_json:
            print(f"run {run.id} has passed already; `python app.py show {run.id}` shows it", file=sys.stderr)
        return EXIT["passed"]
    return Drive(settings, folder, as_json, stay, of_the_factory, planned, limits).go(None)


@dataclass(frozen=True)
class Drive:
    """One run from the command line."""

    settings: Settings
    folder: RunFolder
    as_json: bool
    stay: bool
    as_answer: bool
    planned: Planned | None
    limits: Limits | None = None
    """Others for a run that is resumed."""

    def go(self, goal: Goal | None) -> int:
        """The exit code. `goal` begins the run; without it the run is resumed."""
        with hub_address(self.settings) as at:
            run, link = asyncio.run(self._work(at, goal))
            if self.as_answer and self.as_json:
                _tell_outcome(run, self.folder, as_json=True)
            elif not self.as_json:
                conclude(run, self.folder.path, link)
            if link and self.settings.local:
                self._show(link)
        return EXIT.get(run.status, 1)

    def _show(self, link: str) -> None:
        if self.stay and sys.stdout.isatty():
            _serve(link)
        elif not self.as_json:
            print("the page is there while the local Hub runs: python app.py hub", file=sys.stderr)

    async def _work(self, settings: Settings, goal: Goal | None) -> tuple[Run, str | None]:
        """The run as it ended, and an address that opens what it published."""
        done = asyncio.Event()
        with view_for(as_json=self.as_json and not self.as_answer) as view:
            watching = asyncio.create_task(watch(self.folder.path, view, done))
            try:
                async with workshop(settings, partial(_ask, view), self.planned) as shop:
                    with _stopping(asyncio.current_task()):
                        run = await shop.pursue(self.folder, goal, self.limits)
                    return run, await shop.link(run)
            finally:
                done.set()
                await watching


def _tell_outcome(run: Run, folder: RunFolder, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer(run, folder), ensure_ascii=False))
    else:
        print("\n".join(lines(run, folder)))


class _stopping:  # noqa: N801 - reads as a phrase: `with _stopping(task)`
    """Ctrl-C and SIGTERM cancel the task, which writes the record to its end; a second Ctrl-C is Python's own."""

    def __init__(self, task: "asyncio.Task[Any] | None") -> None:
        self._task = task

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop)

    def __exit__(self, *_: object) -> None:
        self._restore()

    def _stop(self) -> None:
        self._restore()
        if self._task:
            self._task.cancel()

    def _restore(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def _ask(view: LiveView | PlainView, asked: ConsentAsked) -> bool:
    """A yes or no from the person at the terminal; without one it is no."""
    if not sys.stdin.isatty():
        return False
    with view.silent():
        print(f"\n{asked.question} [y/N] ", end="", file=sys.stderr, flush=True)
        answer = await in_thread(sys.stdin.readline)
    return answer.strip().lower() in ("y", "yes")


def conclude(run: Run, path: Path, link: str | None = None, show: Callable[[str], None] = print) -> None:
    """How it ended and where to look: the figures side by side, the results, the address."""
    if run.plan:
        heading, rows = figures_table(run, run.plan)
        if rows:
            for line in columns([heading, *rows]):
                show(line)
            show("")
    if is_of_the_factory(run):
        for line in lines(run, RunFolder(path)):
            show(line)
    for artifact in shown(run) if not is_of_the_factory(run) else ():
        place = str(path / "artifacts" / artifact.file) if artifact.file else _brief(artifact.value)
        show(f"{artifact.name}: {place}")
    if run.address:
        show(f"look at it: {link or run.address}")
    show(f"{run.status} in {run.seconds:.1f} s: {path / 'report.md'}")
    if run.status not in ("passed", "running"):
        print(f"{run.status}: {run.reason}", file=sys.stderr)
    if run.status in ("cancelled", "blocked", "crashed"):
        print(f"go on with: python app.py resume {run.id}", file=sys.stderr)


def columns(rows: list[tuple[str, ...]]) -> list[str]:
    """The cells in columns, the first flush left, the others flush right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for first, *rest in rows:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return lines


def _brief(value: JsonValue) -> str:
    text = " ".join((value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).split())
    return clean(text if len(text) <= 300 else f"{text[:300]}…")


def _serve(address: str) -> None:
    print(f"\nThe page stays open at {address} until you press Ctrl-C.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        print()
