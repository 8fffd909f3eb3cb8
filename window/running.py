"""Drives one run from the command line: starts what it needs, shows it, stops it on Ctrl-C, prints how it ended."""

import asyncio
import json
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from core.events import ConsentAsked
from core.journal import owner
from core.nouns import Goal
from core.record import RunFolder, Runs
from core.run import Run
from core.settings import Settings
from core.threads import in_thread
from planners.report import figures_table, shown
from planners.workshop import hub_address, workshop
from window.terminal import LiveView, PlainView, clean, view_for, watch

EXIT = {"passed": 0, "failed": 1, "crashed": 1, "cancelled": 130, "blocked": 3}
"""What the process says about the run's end."""


def begin(settings: Settings, goal: Goal, *, as_json: bool, stay: bool) -> int:
    """Plan and run a goal. `stay` keeps the local Hub up afterwards, so that its pages can be looked at."""
    folder = Runs(settings.runs).begin(goal.text)
    return _drive(settings, folder, goal, as_json=as_json, stay=stay)


def resume(settings: Settings, name: str, *, as_json: bool, stay: bool) -> int:
    """Go on with a run that stopped."""
    folder = Runs(settings.runs).find(name)
    run = folder.run()
    if run.status == "passed" and owner(folder.path) is None:
        if not as_json:
            print(f"run {run.id} has passed already; `python app.py show {run.id}` shows it", file=sys.stderr)
        return EXIT["passed"]
    return _drive(settings, folder, None, as_json=as_json, stay=stay)


def _drive(settings: Settings, folder: RunFolder, goal: Goal | None, *, as_json: bool, stay: bool) -> int:
    with hub_address(settings) as at:
        run, link = asyncio.run(_work(at, folder, goal, as_json=as_json))
        if not as_json:
            conclude(run, folder.path, link)
        if link and settings.local:
            if stay and sys.stdout.isatty():
                _serve(link)
            elif not as_json:
                print("the page is there while the local Hub runs: python app.py hub", file=sys.stderr)
    return EXIT.get(run.status, 1)


async def _work(settings: Settings, folder: RunFolder, goal: Goal | None, *, as_json: bool) -> tuple[Run, str | None]:
    """The run as it ended, and an address that opens what it published."""
    done = asyncio.Event()
    with view_for(as_json=as_json) as view:
        watching = asyncio.create_task(watch(folder.path, view, done))
        try:
            async with workshop(settings, consent=partial(_ask, view)) as shop:
                with _stopping(asyncio.current_task()):
                    run = await shop.pursue(folder, goal)
                return run, await shop.link(run)
        finally:
            done.set()
            await watching


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
    for artifact in shown(run):
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
