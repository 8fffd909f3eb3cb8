"""What a session came to, as a cassette keeps it, and in what another one differs."""

import difflib
import json
from pathlib import Path
from typing import Any

from core.nouns import Artifact
from core.record import RunFolder, Runs
from core.run import Run
from core.signals import flat
from window.recording.names import Names, without_secrets

Outcome = dict[str, Any]

CALL = "call_space"
"""What a Space says, it says the same when it is played, times included."""

TIMED = frozenset({"seconds", "first_seconds", "warm_seconds", "duration", "latency", "time"})
"""Fields that tell how long something took: of no session twice the same."""

SHOWN = 12
"""Lines of one difference that are shown."""


def outcome_of(code: int, said: str, runs: Path, names: Names) -> Outcome:
    """From the exit code, what stood on standard output, and the run that was made, if one was.

    Of a run the record counts, and not what was said about it.
    """
    folders = Runs(runs).all()
    if not folders:
        return {"exit": code, "said": names.asked(said).splitlines()}
    return {"exit": code, **_of_run(folders[0], names)}


def _of_run(folder: RunFolder, names: Names) -> Outcome:
    run = folder.run()
    plan = run.plan.model_dump(mode="json", by_alias=True, exclude_defaults=True) if run.plan else None
    told = {
        "status": run.status,
        # Steps fail side by side, so which one is named first says nothing.
        "reason": sorted(run.reason.split("; ")),
        "plan": plan,
        "artifacts": _artifacts(run, folder),
        "verdicts": {name: _verdicts(run, name) for name in sorted(run.units)},
        "attempts": {
            name: [_attempt(one.rung, one.fault) for one in unit.attempts] for name, unit in sorted(run.units.items())
        },
        "results": [_sha(artifact) for artifact in run.results],
        "address": run.address,
    }
    safe: Outcome = without_secrets(json.loads(names.asked(json.dumps(told, ensure_ascii=False))))
    return safe


def _artifacts(run: Run, folder: RunFolder) -> dict[str, list[Outcome]]:
    made: dict[str, list[Outcome]] = {}
    for name, unit in sorted(run.units.items()):
        attempts = [(one.number, one.artifacts) for one in unit.attempts if one.artifacts] if not unit.done else []
        for artifact in unit.artifacts or [each for _, artifacts in attempts for each in artifacts]:
            made.setdefault(name, []).append(_artifact(artifact, folder))
    return made


def _artifact(artifact: Artifact, folder: RunFolder) -> Outcome:
    """Files by their hash; values by what they say, but for the times that our own tools have taken."""
    told: Outcome = {"kind": artifact.kind, "name": artifact.name, "space": artifact.origin.space}
    if artifact.kind == "json" or artifact.file is None:
        value = folder.artifacts.value(artifact)
        return {**told, "value": value if artifact.origin.tool == CALL else _untimed(value)}
    return {**told, "sha256": artifact.sha256, "bytes": artifact.size}


def _verdicts(run: Run, name: str) -> list[str]:
    """The newest judgement, in a line for each."""
    unit = run.units[name]
    verdicts = unit.verdicts or (unit.attempts[-1].verdicts if unit.attempts else ())
    return [f"{verdict.status} {verdict.check}: {verdict.reason}" for verdict in verdicts]


def _attempt(rung: int, fault: Any) -> str:
    return f"call {rung}: {f'{fault.kind}: {fault.message}' if fault else 'passed'}"


def _sha(artifact: Artifact) -> str:
    return artifact.sha256 if artifact.file and artifact.kind != "json" else artifact.name


def _untimed(value: Any) -> Any:
    match value:
        case dict():
            return {name: None if _timed(name, part) else _untimed(part) for name, part in value.items()}
        case list():
            return [_untimed(part) for part in value]
        case _:
            return value


def _timed(name: str, part: Any) -> bool:
    return name in TIMED and isinstance(part, int | float)


def differences(recorded: Outcome, played: Outcome) -> list[str]:
    """One entry for each part that is not the same, with the lines that differ."""
    parts = dict.fromkeys([*recorded, *played])
    return [
        f"{part} differs:\n{_lines(recorded.get(part), played.get(part))}"
        for part in parts
        if recorded.get(part) != played.get(part)
    ]


def _lines(before: Any, after: Any) -> str:
    lines = list(difflib.unified_diff(_laid_out(before), _laid_out(after), "recorded", "played", lineterm="", n=1))
    return "\n".join(flat(line, 300) for line in lines[:SHOWN])


def _laid_out(value: Any) -> list[str]:
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True).splitlines()
