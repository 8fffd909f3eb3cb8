"""The `validate` command: one run whose only step is the validator, with the journal and resume of every run."""

import json
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from core.errors import InputsRefused, RecordUnusable
from core.journal import owner
from core.nouns import Argument, Artifact, From, Goal
from core.record import RunFolder
from core.settings import Settings
from planners.factory.planner import proof_of
from planners.runner import Planned
from window import running

PLANNER = "validator"
"""Who planned it: what was given on the command line stands in the plan and nowhere else."""


def begin(settings: Settings, options: Namespace, attach: Callable[[Path, Settings], Artifact]) -> int:
    """Validate a Space. Exit code 0 when a model at work was proved, 3 when a person has to choose hardware, else 1."""
    inputs: dict[str, Argument] = {name: _read(value) for name, value in map(_pair, options.input or ())}
    files = [(name, attach(Path(path), settings)) for name, path in map(_pair, options.file or ())]
    inputs |= {name: From.model_validate({"from": "goal", "output": number}) for number, (name, _) in enumerate(files)}
    arguments: dict[str, Argument] = {"space": options.space, "inputs": inputs}
    if options.space_endpoint:
        arguments["endpoint"] = options.space_endpoint
    if options.model_id:
        arguments["model"] = options.model_id
    goal = Goal(text=f"Validate {options.space}", attachments=tuple(file for _, file in files))
    planned = Planned(PLANNER, proof_of(arguments))
    return running.begin(settings, goal, as_json=options.json, stay=False, as_answer=True, planned=planned)


def resume(settings: Settings, folder: RunFolder, *, as_json: bool) -> int:
    """Go on with a validation that stopped: its trials are made again, its plan stays."""
    run = folder.run()
    if run.plan is None and owner(folder.path) is None:
        raise RecordUnusable(f"run {folder.id} was stopped before it wrote down what to test; validate the Space anew")
    planned = Planned(PLANNER, proof_of({"space": run.goal.text.removeprefix("Validate ")}))
    return running.resume(settings, folder.id, as_json=as_json, stay=False, planned=planned)


def is_validation(folder: RunFolder) -> bool:
    """Whether the run in the folder is one of ours."""
    return folder.run().planner == PLANNER


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
