"""The `validate` command: one run whose only step is the validator, with the journal and resume of every run."""

import asyncio
import json
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from core.errors import InputsRefused, RecordUnusable
from core.events import ConsentAsked, RunFinished
from core.factory import Validation
from core.hub import Hub
from core.journal import Entry, Journal, owner
from core.nouns import Argument, Artifact, Call, Cost, From, Goal, Plan, Step
from core.record import RunFolder, Runs
from core.run import Run
from core.rungs import RUNGS
from core.settings import Settings
from core.transport import Transport
from planners.cache import Cache
from planners.crew import Crew
from planners.report import report
from planners.runner import Runner
from planners.workshop import hub_address
from window.running import EXIT, _stopping
from window.terminal import LiveView, PlainView, clean, view_for, watch

PLANNER = "validator"
"""Who planned it: tells a resumed run apart."""

STEP = "validate"
SECONDS = 3000.0


def begin(settings: Settings, options: Namespace, attach: Callable[[Path, Settings], Artifact]) -> int:
    """Validate a Space. Exit code 0 when a model at work was proved, 3 when a person has to choose hardware, else 1."""
    inputs: dict[str, Argument] = {name: _read(value) for name, value in map(_pair, options.input or ())}
    files = [(name, attach(Path(path), settings)) for name, path in map(_pair, options.file or ())]
    inputs |= {name: From.model_validate({"from": "goal", "output": number}) for number, (name, _) in enumerate(files)}
    goal = Goal(text=f"Validate {options.space}", attachments=tuple(file for _, file in files))
    arguments: dict[str, Argument] = {"space": options.space, "inputs": inputs}
    if options.space_endpoint:
        arguments["endpoint"] = options.space_endpoint
    if options.model_id:
        arguments["model"] = options.model_id
    return _drive(settings, Runs(settings.runs).begin(goal.text), goal, arguments, as_json=options.json)


def resume(settings: Settings, folder: RunFolder, *, as_json: bool) -> int:
    """Go on with a validation that stopped: its trials are made again, its plan stays."""
    run = folder.run()
    if run.status == "passed" and owner(folder.path) is None:
        return _tell(run, folder, as_json=as_json)
    if run.plan is None:
        raise RecordUnusable(f"run {folder.id} was stopped before it wrote down what to test; validate the Space anew")
    return _drive(settings, folder, None, {"space": run.goal.text.removeprefix("Validate ")}, as_json=as_json)


def is_validation(folder: RunFolder) -> bool:
    """Whether the run in the folder is one of ours."""
    return folder.run().planner == PLANNER


def _drive(
    settings: Settings, folder: RunFolder, goal: Goal | None, arguments: Mapping[str, Argument], *, as_json: bool
) -> int:
    with hub_address(settings) as at:
        run = asyncio.run(_work(at, folder, goal, arguments))
    return _tell(run, folder, as_json=as_json)


async def _work(settings: Settings, folder: RunFolder, goal: Goal | None, arguments: Mapping[str, Argument]) -> Run:
    done = asyncio.Event()
    # For programs the answer is one object, so what happens on the way goes to people.
    with view_for(as_json=False) as view:
        watching = asyncio.create_task(watch(folder.path, _but_the_end(view), done))
        journal = Journal(folder.path)
        try:
            async with runner(settings, arguments) as ours:
                with _stopping(asyncio.current_task()):
                    run = await ours.pursue(folder, journal, goal)
            folder.write_report(report(run, {}))
            return run
        finally:
            journal.close()
            done.set()
            await watching


def _but_the_end(view: LiveView | PlainView) -> Callable[[list[Entry]], None]:
    """That a run has passed says that the tests were made, not that the Space stood them: `_tell` has the last word."""
    return lambda entries: view([entry for entry in entries if not isinstance(entry.event, RunFinished)])


@asynccontextmanager
async def runner(settings: Settings, arguments: Mapping[str, Argument]) -> AsyncIterator[Runner]:
    """A runner whose planner hands in the one step, once."""
    from agents.validator import Validator
    from tools.call_space import CallSpace
    from tools.catalogue import Catalogue
    from tools.checks.laboratory import Laboratory

    hub = Hub(str(settings.endpoint), settings.token)
    async with Transport(loopback=hub.local) as transport, Laboratory() as laboratory:
        caller = CallSpace(Catalogue(hub, transport, settings.home / "catalogue"))
        tools = {Validator.name: Validator(caller, laboratory)}
        cache = Cache(Runs(settings.runs))
        crew = Crew(tools, laboratory, cache, _nobody, consented=False, local=hub.local)

        async def planner(run: Run) -> Plan | None:
            return plan(arguments) if run.plan is None else None

        yield Runner(planner, PLANNER, _nothing_against, crew, hub.endpoint)


def plan(arguments: Mapping[str, Argument]) -> Plan:
    call = Call(tool="validator", arguments=dict(arguments))
    step = Step(id=STEP, title=f"Validate {arguments['space']}", call=call, attempts=1, seconds=SECONDS)
    return Plan(steps=(step,), results=(From.model_validate({"from": STEP}),), planner=PLANNER)


def validation_of(run: Run, folder: RunFolder) -> Validation | None:
    """What the run has found out; None when it did not get that far."""
    for artifact in run.made(From.model_validate({"from": STEP})):
        return Validation.model_validate(folder.artifacts.value(artifact))
    return None


def _tell(run: Run, folder: RunFolder, *, as_json: bool) -> int:
    found = validation_of(run, folder)
    if found is None:
        print(f"{run.status}: {run.reason}", file=sys.stderr)
        if run.status in ("cancelled", "blocked", "crashed"):
            print(f"go on with: python app.py resume {run.id}", file=sys.stderr)
        return EXIT.get(run.status, 1)
    if as_json:
        value: dict[str, Any] = {"run": run.id, **found.model_dump(mode="json")}
        print(json.dumps(value, ensure_ascii=False))
    else:
        print("\n".join(map(clean, _lines(found))))
        print(f"{run.seconds:.1f} s: {folder.path / 'report.md'}")
    if found.rung == RUNGS[-1]:
        return 0
    return 3 if found.rung == "manual_hardware_required" else 1


def _lines(found: Validation) -> list[str]:
    lines = [f"{found.space}{f' {found.endpoint}' if found.endpoint else ''}: {found.rung}"]
    lines += [f"- {reason}" for reason in found.reasons]
    if found.trials:
        answered = sum(not trial.failure for trial in found.trials)
        lines.append(f"{answered} of {len(found.trials)} calls answered")
    if found.first_seconds is not None:
        warm = f", warm {found.warm_seconds:.2f} s" if found.warm_seconds is not None else ""
        lines.append(f"first {found.first_seconds:.2f} s{warm}; a ZeroGPU duration of {found.duration} s would do")
    return lines


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise InputsRefused(f"'{text}' is not NAME=VALUE")
    return name, value


def _read(text: str) -> Argument:
    """JSON where it is JSON, else the words themselves."""
    try:
        value: Argument = json.loads(text)
    except ValueError:
        return text
    return value


async def _nobody(asked: ConsentAsked) -> bool:
    return False


async def _nothing_against(plan: Plan, run: Run) -> tuple[tuple[str, ...], tuple[Cost, ...]]:
    return (), ()


__all__ = ["begin", "is_validation", "plan", "resume", "runner", "validation_of"]
