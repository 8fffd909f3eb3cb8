"""A run step by step: the moments at which something was decided or came out, each in a line of words."""

from collections.abc import Iterable

from core.events import (
    AttemptFailed,
    ConsentAsked,
    ConsentGiven,
    ConsentRefused,
    Event,
    PlanDeclined,
    PlanMade,
    RunFinished,
    RunResumed,
    RunStarted,
    StepFailed,
    StepFinished,
    StepSkipped,
    StepStarted,
)
from core.journal import Entry
from core.nouns import Plan
from planners.ladder import space_of
from window.page.picture.shortening import line

ENDS = {
    "passed": "Everything is done",
    "failed": "It did not work out",
    "cancelled": "It was stopped",
    "crashed": "It broke off",
    "blocked": "It was held back",
}


def moments(entries: Iterable[Entry]) -> list[tuple[int, str]]:
    """How many entries have been read at each moment, and what the last of them says. Progress is no moment."""
    found: list[tuple[int, str]] = []
    plan: Plan | None = None
    for number, entry in enumerate(entries, 1):
        plan = entry.event.plan if isinstance(entry.event, PlanMade) else plan
        words = spoken(entry.event, plan)
        if words:
            found.append((number, line(words, 240)))
    return found


def spoken(event: Event, plan: Plan | None) -> str:
    """Empty for what is no moment of its own."""
    match event:
        case RunStarted():
            return "The goal was said"
        case RunResumed():
            return "It was gone on with"
        case PlanMade():
            steps = len(event.plan.steps)
            return f"A plan of {steps} {'step' if steps == 1 else 'steps'} was made"
        case PlanDeclined():
            return f"A plan was declined: {'; '.join(event.reasons)}"
        case ConsentAsked():
            return event.question
        case ConsentGiven():
            return f"Yes to: {title(event.step, None, plan)}"
        case ConsentRefused():
            return f"No to: {title(event.step, None, plan)}"
        case StepStarted():
            space = space_of(event.call)
            again = f", try {event.attempt}" if event.attempt > 1 else ""
            return f"{title(event.step, event.item, plan)}: begun{f' by {space}' if space else ''}{again}"
        case StepFinished():
            passed = sum(verdict.status == "pass" for verdict in event.verdicts)
            checked = f", {passed} of {len(event.verdicts)} checks passed" if event.verdicts else ""
            return f"{title(event.step, event.item, plan)}: done{checked}"
        case StepSkipped():
            return f"{title(event.step, event.item, plan)}: known already"
        case AttemptFailed():
            return f"{title(event.step, event.item, plan)}: try {event.attempt} failed: {event.fault.message}"
        case StepFailed():
            return f"{title(event.step, event.item, plan)}: given up: {event.reason}"
        case RunFinished():
            return ENDS[event.status]
    return ""


def title(step: str, item: int | None, plan: Plan | None) -> str:
    known = next((each.title for each in plan.steps if each.id == step), step) if plan else step
    return known if item is None else f"{known} ({item + 1})"
