"""What came of the plan before, as the language model reads it when it is asked again."""

import json
from collections.abc import Iterator, Mapping

from core.nouns import Step
from core.quoting import quoted
from core.run import Run, Unit
from planners.llm.liberties import MAKER
from planners.llm.outline import outlined

LONGEST_REASON = 400


def passed_steps(run: Run) -> Mapping[str, Step]:
    """Steps of the plan before whose every unit has its result, in their order."""
    steps = run.plan.steps if run.plan else ()
    return {step.id: step for step in steps if (units := run.of(step.id)) and all(unit.done for unit in units)}


def made_spaces(run: Run) -> tuple[str, ...]:
    """Spaces of the user's own that this run has made with their consent."""
    artifacts = [artifact for unit in run.units.values() if unit.done for artifact in unit.artifacts]
    spaces = [artifact.origin.space for artifact in artifacts if artifact.origin.tool == MAKER]
    return tuple(dict.fromkeys(space for space in spaces if space))


def aftermath(run: Run) -> str:
    """Empty before the first plan."""
    parts = [*_steps(run), *_declined(run)]
    if not parts:
        return ""
    return "\n".join(
        [
            'BEFORE: this plan was run. Keep what has passed with {"keep": id}, and change what failed: another Space, '
            "other inputs.",
            *parts,
        ]
    )


def _steps(run: Run) -> Iterator[str]:
    passed = passed_steps(run)
    for step in run.plan.steps if run.plan else ():
        standing = "PASSED" if step.id in passed else "FAILED" if _failures(run, step) else "not run"
        words = json.dumps(outlined(step), ensure_ascii=False)
        yield f"{standing}: {step.id}\n{quoted(words, f'step {step.id}', 1500)}"
        for unit in _failures(run, step)[:3]:
            yield quoted(_why(unit), f"why {step.id} failed", LONGEST_REASON)


def _failures(run: Run, step: Step) -> list[Unit]:
    return [unit for unit in run.failures if unit.step == step.id]


def _why(unit: Unit) -> str:
    """Every reason once: of each verdict that failed and each fault, the newest last."""
    reasons = [verdict.reason for attempt in unit.attempts for verdict in attempt.verdicts if not verdict.passed]
    reasons += [attempt.fault.message for attempt in unit.attempts if attempt.fault]
    return "\n".join(dict.fromkeys([*reasons, unit.reason]))


def _declined(run: Run) -> Iterator[str]:
    if run.declined:
        yield f"Another plan was refused:\n{quoted(chr(10).join(run.declined), 'the review', 1500)}"
