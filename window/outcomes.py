"""How a run of the Space factory ended, for people and for programs: the rung, why not the next, and what to do now."""

from typing import Any

from core.factory import Validation
from core.record import RunFolder
from core.run import Run, Unit
from planners.factory.order import order_of
from planners.factory.outcome import Outcome, outcome_of
from window.terminal import clean


def is_of_the_factory(run: Run) -> bool:
    return order_of(run.goal.text) is not None


def outcome(run: Run, folder: RunFolder) -> Outcome:
    return outcome_of(run, (folder.path / "generated").is_dir())


def validation_of(run: Run, folder: RunFolder) -> Validation | None:
    """What the newest test has found out, also when that was not what was wanted; None when there was none."""
    for step in reversed(run.plan.steps if run.plan else ()):
        for unit in run.of(step.id) if step.call.tool == "validator" else ():
            for artifact in _made(unit):
                return Validation.model_validate(folder.artifacts.value(artifact))
    return None


def answer(run: Run, folder: RunFolder) -> dict[str, Any]:
    """One JSON object for programs: the outcome over everything that the validation says."""
    found = validation_of(run, folder)
    validation = found.model_dump(mode="json") if found else {}
    ended = outcome(run, folder).model_dump(mode="json")
    ended["space"] = ended["space"] or validation.get("space")
    spent = run.ledger.spent.model_dump(mode="json")
    return {
        "run": run.id,
        "status": run.status,
        **validation,
        **ended,
        "seconds": round(run.seconds, 3),
        "spent": spent,
    }


def lines(run: Run, folder: RunFolder) -> list[str]:
    """For people."""
    ended, found = outcome(run, folder), validation_of(run, folder)
    what = ended.space or (found.space if found else "") or run.goal.text
    at = f" {found.endpoint}" if found and found.endpoint else ""
    told = [f"{what}{at}: {ended.rung}", *(f"- {reason}" for reason in ended.reasons)]
    if found and found.trials:
        answered = sum(not trial.failure for trial in found.trials)
        told.append(f"{answered} of {len(found.trials)} calls answered")
    if found and found.first_seconds is not None:
        warm = f", warm {found.warm_seconds:.2f} s" if found.warm_seconds is not None else ""
        told.append(f"first {found.first_seconds:.2f} s{warm}; a ZeroGPU duration of {found.duration} s would do")
    told += _witness(run, folder)
    if (spent := run.ledger.spent).job_minutes or spent.tokens:
        told.append(f"spent: {spent.job_minutes:.1f} minutes of Jobs, {spent.tokens:,} tokens, ${spent.dollars:.4f}")
    return [clean(line) for line in told]


def _witness(run: Run, folder: RunFolder) -> list[str]:
    """What a Job has seen that called the Space, or why none has."""
    units = [unit for step in (run.plan.steps if run.plan else ()) if step.optional for unit in run.of(step.id)]
    told = []
    for unit in units:
        value = folder.artifacts.value(unit.artifacts[0]) if unit.artifacts else None
        if isinstance(value, dict):
            reasons = value.get("reasons")
            words = "; ".join(map(str, reasons)) if isinstance(reasons, list) else ""
            agrees = f"agrees: gradio_client {value.get('client')} in a Job of the Hub"
            told.append(f"a second witness {agrees if value.get('agrees') else f'differs: {words}'}")
        elif unit.standing == "failed":
            told.append(f"no second witness: {unit.reason}")
    return told


def _made(unit: Unit) -> tuple[Any, ...]:
    if unit.artifacts:
        return unit.artifacts
    return unit.attempts[-1].artifacts if unit.attempts else ()
