"""The commands behind `python app.py`: each takes parsed options and returns the exit code."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
from argparse import Namespace
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from core import journal
from core.artifacts import ArtifactStore
from core.errors import Failure, GoalRefused, HubFailure, InputsRefused, RecordUnusable
from core.events import ConsentAsked, RunFinished
from core.model_spec import ModelSpec
from core.nouns import Artifact, Goal, Kind, Origin
from core.record import RunFolder, Runs
from core.settings import Settings, from_environment
from window.limits import limits_of, more_of

WAIT_FOR_END = 5.0
"""Seconds a cancelled run gets to write its end."""


def settings_from(options: Namespace) -> Settings:
    settings = from_environment(os.environ, local=options.local, endpoint=options.endpoint)
    changes: dict[str, object] = {"consent": bool(getattr(options, "yes", False))}
    if options.runs:
        changes["runs"] = Path(options.runs)
    if getattr(options, "licences", None):
        changes["licences"] = options.licences
    for name in ("model", "coding_model"):
        if getattr(options, name, None):
            changes[name] = getattr(options, name)
    settings = settings.model_copy(update=changes)
    if settings.endpoint is not None and not _is_address(settings.endpoint):
        raise HubFailure(
            f"'{settings.endpoint}' is not the address of a Hub; it should look like https://huggingface.co"
        )
    for spec in (settings.model, settings.coding_model):
        ModelSpec.parse(spec)
    return settings


def ask(options: Namespace) -> int:
    from window import running

    settings = settings_from(options)
    goal = _goal(options, settings)
    return running.begin(settings, goal, as_json=options.json, stay=not options.leave)


def resume(options: Namespace) -> int:
    from window import running, validating

    settings = settings_from(options)
    folder = Runs(settings.runs).find(options.run)
    if validating.is_validation(folder):
        return validating.resume(settings, folder, as_json=options.json)
    return running.resume(settings, options.run, as_json=options.json, stay=not options.leave, limits=more_of(options))


def validate(options: Namespace) -> int:
    from window import validating

    return validating.begin(settings_from(options), options, _attach)


def build(options: Namespace) -> int:
    from window import building

    return building.build(settings_from(options), options)


def plan(options: Namespace) -> int:
    from planners.report import mermaid
    from planners.workshop import hub_address, workshop
    from window.running import columns

    settings = settings_from(options)
    goal = _goal(options, settings)

    async def make() -> int:
        async with workshop(at, _nobody) as shop:
            made, reasons, costs = await shop.plan(goal)
        if made is None:
            raise GoalRefused("no plan was found for this goal")
        if options.json:
            rows = [cost.model_dump(mode="json") for cost in costs]
            plan = made.model_dump(mode="json", by_alias=True)
            print(json.dumps({"plan": plan, "reasons": reasons, "costs": rows}, ensure_ascii=False))
            return 1 if reasons else 0
        for reason in made.reasons:
            print(f"- {reason}")
        for step in made.steps:
            inputs = step.call.arguments.get("inputs") or step.call.arguments
            print(f"\n{step.id}: {step.title}")
            space = step.call.arguments.get("space")
            called = f"{space} {step.call.arguments.get('endpoint', '')}" if isinstance(space, str) else step.call.tool
            print(f"  {called}")
            spoken = step.call.model_dump(mode="json", by_alias=True)["arguments"]
            print(f"  {json.dumps(spoken.get('inputs', spoken), ensure_ascii=False)}" if inputs else "  no arguments")
            for check in step.checks:
                wanted = check.model_dump(mode="json", exclude_defaults=True)
                print(f"  check {check.check}: {json.dumps(wanted)}")
            for fallback in step.fallbacks:
                print(f"  else {fallback.arguments.get('space', fallback.tool)}")
        print()
        heading = ("step", "Space", "calls", "hardware", "GPU s", "$", "effect")
        sheet = [
            (c.step, c.space, str(c.calls), c.hardware, f"{c.gpu_seconds:g}", f"{c.dollars:g}", c.effect) for c in costs
        ]
        print("\n".join(columns([heading, *sheet])))
        print("\n" + "\n".join(mermaid(made)))
        for reason in reasons:
            print(f"does not fit: {reason}", file=sys.stderr)
        return 1 if reasons else 0

    with hub_address(settings) as at:
        return asyncio.run(make())


def card(options: Namespace) -> int:
    from window import factory

    return factory.card(settings_from(options), options.card, as_json=options.json)


def check(options: Namespace) -> int:
    from window import checking, checking_many

    if (options.file is None) == (options.manifest is None):
        raise InputsRefused("check wants one FILE, or a --manifest of many")
    if options.manifest is not None:
        return checking_many.check_manifest(Path(options.manifest), as_json=options.json)
    return checking.check(Path(options.file), options.kind, options.bounds, as_json=options.json)


def runs(options: Namespace) -> int:
    found = []
    for folder in Runs(settings_from(options).runs).all():
        try:
            found.append(folder.run())
        except RecordUnusable as reason:
            print(reason, file=sys.stderr)
    if options.json:
        rows = [{"id": r.id, "status": _status(options, r.id, r.status), "goal": r.goal.text} for r in found]
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for run in found:
        print(f"{run.id}  {_status(options, run.id, run.status):10} {run.seconds:7.1f} s  {run.goal.text[:80]}")
    if not found:
        print('no runs yet; `python app.py ask "…"` makes one', file=sys.stderr)
    return 0


def show(options: Namespace) -> int:
    from planners.report import report

    folder = Runs(settings_from(options).runs).find(options.run)
    run = folder.run()
    if options.json:
        print(run.model_dump_json(by_alias=True))
        return 0
    thumbnails = {
        artifact.sha256: f"artifacts/{artifact.sha256[:16]}.thumbnail.png"
        for artifact in run.results
        if (folder.path / "artifacts" / f"{artifact.sha256[:16]}.thumbnail.png").exists()
    }
    text = report(run, thumbnails)
    if journal.owner(folder.path) is None:
        folder.write_report(text)
    print(text)
    return 0


def export(options: Namespace) -> int:
    from planners import crate

    folder = Runs(settings_from(options).runs).find(options.run)
    print(crate.export(folder, Path(options.to)))
    return 0


def cancel(options: Namespace) -> int:
    folder = Runs(settings_from(options).runs).find(options.run)
    holder = journal.owner(folder.path)
    if holder is None:
        return _cancel_at_rest(folder, settings_from(options))
    found = re.search(r"pid (\d+)", holder)
    if found is None:
        raise RecordUnusable(f"run {folder.id} is being worked on by {holder}, which cannot be reached from here")
    if not holder.endswith(f"on {socket.gethostname()}"):
        raise RecordUnusable(f"run {folder.id} is being worked on by {holder}, which is not this machine")
    os.kill(int(found.group(1)), signal.SIGINT)
    print(f"asked {holder} to stop run {folder.id}", file=sys.stderr)
    return 0


def hub(options: Namespace) -> int:
    """The local Hub stands apart, so it is started as the program it is."""
    settings = settings_from(options)
    command = [sys.executable, "-m", "localhub", "--data", str(Path(options.data or settings.home / "hub").resolve())]
    if options.port is not None:
        command += ["--port", str(options.port)]
    if options.seed:
        command += ["--seed", str(Path(options.seed).resolve())]
    sys.stdout.flush()
    os.chdir(Path(__file__).resolve().parent.parent)
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter and module


def _cancel_at_rest(folder: RunFolder, settings: Settings) -> int:
    run = folder.run()
    if run.status not in ("running", "blocked"):
        print(f"run {run.id} has ended already: {run.status}", file=sys.stderr)
        return 0
    if any(entry.settled is None for entry in run.ledger.entries.values()):
        _cancel_jobs(run.id, settings)
    writer = journal.Journal(folder.path)
    try:
        writer.append(RunFinished(status="cancelled", reason="stopped by the user while nothing was at work"))
    finally:
        writer.close()
    folder.run()
    return 0


def _cancel_jobs(run: str, settings: Settings) -> None:
    """A Job outlives the process that began it."""
    from core.hub import Hub
    from planners.workshop import hub_address
    from tools.jobs.desk import cancel_jobs

    with hub_address(settings) as at:
        ended = asyncio.run(cancel_jobs(Hub(str(at.endpoint), at.token), run))
    if ended:
        print(f"cancelled {ended} Job{'' if ended == 1 else 's'} of run {run}", file=sys.stderr)


def _status(options: Namespace, id: str, status: str) -> str:
    """A run that says it is running while nobody works on it was interrupted."""
    if status != "running":
        return status
    folder = Runs(settings_from(options).runs).find(id)
    return "running" if journal.owner(folder.path) else "interrupted"


def _is_address(text: str) -> bool:
    try:
        place = urlsplit(text)
    except ValueError:
        return False
    return place.scheme in ("http", "https") and bool(place.hostname)


def _goal(options: Namespace, settings: Settings) -> Goal:
    text = options.goal.strip()
    if not text:
        raise GoalRefused('the goal is empty; say what you want, for example: ask "Draw a lighthouse in ink"')
    attached = [_attach(Path(path), settings) for path in options.file or ()]
    return Goal(text=text, attachments=tuple(attached), limits=limits_of(options))


def _attach(path: Path, settings: Settings) -> Artifact:
    """A file of the user's own, copied to where runs can borrow it from."""
    from planners.runner import ATTACHMENTS
    from tools.checks.sniff import sniff

    try:
        data = path.read_bytes()
    except OSError as error:
        raise GoalRefused(f"cannot read {path}: {error.strerror}") from error
    store = ArtifactStore(settings.runs / ATTACHMENTS)
    incoming = store.incoming()
    incoming.write_bytes(data)
    family = sniff(data).family
    kinds: tuple[Kind, ...] = get_args(Kind)
    kind: Kind = next((known for known in kinds if known == family), "file")
    return store.keep_file(incoming, kind, path.name, path.suffix, Origin(tool="attachment"))


async def _nobody(asked: ConsentAsked) -> bool:
    return False


__all__ = [
    "Failure",
    "ask",
    "build",
    "cancel",
    "card",
    "check",
    "export",
    "hub",
    "plan",
    "resume",
    "runs",
    "show",
    "validate",
]
