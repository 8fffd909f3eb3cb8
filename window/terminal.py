"""Shows a run while it goes on: a live table on a terminal, plain lines elsewhere, or the events themselves as JSON.

A reading of the journal, like every other view: it follows the file and knows nothing of the runner.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from core.events import (
    AttemptFailed,
    CallProgressed,
    ConsentAsked,
    Event,
    PlanDeclined,
    PlanMade,
    RunFinished,
    RunRepaired,
    RunResumed,
    RunStarted,
    SchemaDrifted,
    StepFailed,
    StepFinished,
    StepSkipped,
    StepStarted,
)
from core.journal import Entry, Tail
from core.nouns import Cost, Step
from core.run import Fold, Run, Unit

PAUSE = 0.1
"""Seconds between two looks at the journal."""

EFFECTS = {"write": "it publishes", "spend": "it spends"}

COLOURS = {"passed": "green", "skipped": "cyan", "failed": "red", "running": "yellow", "waiting": "dim"}


async def watch(folder: Path, view: Callable[[list[Entry]], None], done: asyncio.Event) -> None:
    """Show what is written to the journal until `done` is set and everything was shown."""
    tail = Tail(folder)
    while True:
        last = done.is_set()
        view(tail.news())
        if last:
            return
        try:
            await asyncio.wait_for(done.wait(), PAUSE)
        except TimeoutError:
            continue


def clean(text: str) -> str:
    """Foreign text without anything that a terminal would obey."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)


class LiveView:
    """The plan's steps with state, time and verdicts, redrawn in place."""

    def __init__(self, console: Console) -> None:
        self._fold = Fold()
        self._live = Live(console=console, refresh_per_second=8, transient=False)

    def __enter__(self) -> "LiveView":
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Leave the terminal to somebody else for a while."""
        self._live.stop()
        try:
            yield
        finally:
            self._live.start()

    def __call__(self, entries: list[Entry]) -> None:
        for entry in entries:
            self._fold.apply(entry.event, entry.time)
        if "id" in self._fold.run:
            self._live.update(table(self._fold.snapshot()))


def table(run: Run) -> Table:
    """One row a step."""
    shown = Table(title=Text(clean(run.goal.text), overflow="fold"), title_justify="left", expand=False)
    for column in ("", "step", "Space", "state", "time", "verdicts"):
        shown.add_column(column, overflow="fold")
    for step in run.plan.steps if run.plan else ():
        shown.add_row(*_row(step, run.of(step.id)))
    if run.plan is None:
        shown.add_row("…", "planning", "", "", "", "")
    if run.costs:
        shown.caption = Text(cost_line(run.costs))
        shown.caption_justify = "left"
    return shown


def cost_line(costs: Sequence[Cost]) -> str:
    """The cost sheet in one line."""
    calls = sum(cost.calls for cost in costs)
    gpu, dollars = sum(cost.gpu_seconds for cost in costs), sum(cost.dollars for cost in costs)
    effects = dict.fromkeys(EFFECTS[cost.effect] for cost in costs if cost.effect in EFFECTS)
    return ", ".join([f"cost: {calls} calls", f"{gpu:g} GPU seconds", f"{dollars:g} dollars", *effects])


def _row(step: Step, units: tuple[Unit, ...]) -> tuple[Text | str, ...]:
    standing = _standing(units)
    space = next((unit.call.arguments.get("space") for unit in units if unit.call), step.call.arguments.get("space"))
    seconds = sum(unit.seconds for unit in units)
    state = Text(clean(_state(units)), style=COLOURS[standing])
    mark = {"passed": "✓", "skipped": "✓", "failed": "✗", "running": "…", "waiting": "·"}[standing]
    return (
        Text(mark, style=COLOURS[standing]),
        Text(clean(step.title)),
        Text(clean(str(space or step.call.tool))),
        state,
        f"{seconds:.1f} s" if seconds else "",
        Text(clean(_verdicts(units))),
    )


def _standing(units: tuple[Unit, ...]) -> str:
    seen = {unit.standing for unit in units}
    for standing in ("failed", "running", "waiting", "passed", "skipped"):
        if standing in seen:
            return standing
    return "waiting"


def _state(units: tuple[Unit, ...]) -> str:
    if len(units) > 1:
        return f"{sum(unit.done for unit in units)} of {len(units)}"
    if not units:
        return "waiting"
    unit = units[0]
    if unit.standing == "running" and unit.progress:
        return _progress(unit.progress)
    if unit.attempts and not unit.done:
        return f"{unit.standing}, {len(unit.attempts)} tried"
    return "known already" if unit.standing == "skipped" else unit.standing


def _progress(progress: CallProgressed) -> str:
    if progress.stage == "queued" and progress.position is not None:
        return f"queued, {progress.position} before"
    if progress.fraction is not None:
        return f"{progress.stage} {progress.fraction:.0%}"
    return f"{progress.stage} {progress.text}".strip()


def _verdicts(units: tuple[Unit, ...]) -> str:
    verdicts = [verdict for unit in units for verdict in unit.verdicts]
    bad = [verdict for verdict in verdicts if verdict.status != "pass"]
    if bad:
        return "; ".join(f"{verdict.status}: {verdict.reason}" for verdict in bad[:2])
    return f"{len(verdicts)} {'check' if len(verdicts) == 1 else 'checks'} passed" if verdicts else ""


class PlainView:
    """A line for each thing that happens."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._titles: dict[str, str] = {}

    def __enter__(self) -> "PlainView":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.flush()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """A line printed by somebody else does no harm."""
        yield

    def __call__(self, entries: list[Entry]) -> None:
        for entry in entries:
            for line in self._say(entry.event):
                print(clean(line), file=self._stream, flush=True)

    def _say(self, event: Event) -> list[str]:
        match event:
            case RunStarted():
                return [f"run {event.run}: {event.goal.text}"]
            case RunResumed():
                return ["resumed"]
            case RunRepaired():
                return [f"record mended: {event.reason}"]
            case PlanMade():
                self._titles = {step.id: step.title for step in event.plan.steps}
                return [f"plan: {' → '.join(self._titles.values())}", cost_line(event.costs)]
            case PlanDeclined():
                return [f"plan refused: {reason}" for reason in event.reasons]
            case ConsentAsked():
                return [f"asks: {event.question}"]
            case StepStarted():
                again = f" (attempt {event.attempt})" if event.attempt > 1 else ""
                return [f"{self._name(event.step, event.item)}: started{again}"]
            case SchemaDrifted():
                return [f"{self._name(event.step, None)}: {event.space} {event.endpoint} changed: {event.change}"]
            case AttemptFailed():
                return [f"{self._name(event.step, event.item)}: attempt {event.attempt} failed: {event.fault.message}"]
            case StepFinished():
                reasons = [f"    {verdict.status}: {verdict.reason}" for verdict in event.verdicts]
                return [f"{self._name(event.step, event.item)}: passed in {event.seconds:.2f} s", *reasons]
            case StepSkipped():
                return [f"{self._name(event.step, event.item)}: known already, from run {event.source}"]
            case StepFailed():
                return [f"{self._name(event.step, event.item)}: failed: {event.reason}"]
            case RunFinished():
                return [f"{event.status}{': ' + event.reason if event.reason else ''}"]
        return []

    def _name(self, step: str, item: int | None) -> str:
        title = self._titles.get(step, step)
        return title if item is None else f"{title} [{item + 1}]"


class JsonView(PlainView):
    """Each event as one JSON line, for programs."""

    def __call__(self, entries: list[Entry]) -> None:
        for entry in entries:
            row = {"seq": entry.seq, "time": entry.time, "event": entry.event.model_dump(mode="json", by_alias=True)}
            print(json.dumps(row, ensure_ascii=False), file=self._stream, flush=True)


def view_for(*, as_json: bool) -> LiveView | PlainView:
    """The view that fits where the output goes. People's views go to stderr: stdout is for results."""
    if as_json:
        return JsonView(sys.stdout)
    console = Console(stderr=True)
    return LiveView(console) if console.is_terminal else PlainView(sys.stderr)
