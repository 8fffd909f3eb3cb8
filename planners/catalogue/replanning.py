"""Another plan after a failure: what has passed stays as it is, and no Space that failed is asked again."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from core.errors import GoalRefused
from core.nouns import ATTACHED, Call, Plan, Space, Step
from core.run import Run
from planners.catalogue.draft import Draft
from planners.catalogue.goal_reading import read_goal
from planners.catalogue.offers import Offer

_NOTE = "{} failed and is not asked again."
_NOTED = re.compile(r"^(\S+) failed and is not asked again\.$")


def avoided(run: Run) -> frozenset[str]:
    """Spaces that failed in this run. Earlier plans' failures are known from the notes in the plan's reasons."""
    noted = {match[1] for reason in (run.plan.reasons if run.plan else ()) if (match := _NOTED.match(reason))}
    calls = [attempt.call for unit in run.failures for attempt in unit.attempts]
    calls += [unit.call for unit in run.failures if unit.call]
    if run.plan:
        failed = {unit.step for unit in run.failures}
        calls += [step.call for step in run.plan.steps if step.id in failed and not _tried(run, step.id)]
    return frozenset(noted | {space for call in calls if (space := space_of(call))})


def _tried(run: Run, step: str) -> bool:
    return any(unit.attempts for unit in run.failures if unit.step == step)


def space_of(call: Call) -> str:
    space = call.arguments.get("space")
    return space if isinstance(space, str) else ""


def replan(
    run: Run, offers: Sequence[Offer], blocked: Sequence[tuple[Space, str]], spoilt: frozenset[str]
) -> Plan | None:
    """A plan without the spoilt Spaces, or None when the failed step can only be left out or the subject be missed."""
    old = run.plan
    if old is None or any(not space_of(step.call) for step in old.steps if _failed(run, step)):
        return None
    kept = [step for step in old.steps if _passed(run, step)]
    done = {_place_of(step.call) for step in kept if space_of(step.call)}
    usable = [offer for offer in unblamed(offers, run) if offer.space.id not in spoilt or place_of(offer) in done]
    try:
        new = Draft(run.goal, read_goal(run.goal.text), usable, blocked, done=frozenset(done)).write()
    except GoalRefused:
        return None
    merged = merge(new, kept)
    if all(step in kept or not space_of(step.call) for step in merged.steps) or len(new.results) < len(old.results):
        return None
    notes = tuple(_NOTE.format(space) for space in sorted(spoilt))
    return merged.model_copy(update={"reasons": (*merged.reasons, *notes)})


def unblamed(offers: Iterable[Offer], run: Run) -> list[Offer]:
    """Without the Spaces that the reasons against a declined plan speak of."""
    return [offer for offer in offers if not any(offer.space.id in reason for reason in run.declined)]


def place_of(offer: Offer) -> tuple[str, str]:
    return offer.space.id, offer.endpoint.name


def merge(new: Plan, kept: Sequence[Step]) -> Plan:
    """The new plan in which every step that has passed already stands as it was, so that its results are taken over."""
    names: dict[str, str] = {}
    steps: list[Step] = []
    for step in new.steps:
        known = next((old for old in kept if old not in steps and _same_place(step, old, steps)), None)
        reserved = {old.id for old in kept} | {other.id for other in steps}
        name = known.id if known else _free(step.id, reserved)
        names[step.id] = name
        steps.append(known or renamed(step, names))
    results = tuple(place.model_copy(update={"step": names[place.step]}) for place in new.results)
    return new.model_copy(update={"steps": tuple(steps), "results": results})


def renamed(step: Step, names: Mapping[str, str]) -> Step:
    """The step with every step name in it, its own included, replaced."""
    return Step.model_validate(_renamed(step.model_dump(by_alias=True), names) | {"id": names[step.id]})


def _renamed(value: Any, names: Mapping[str, str]) -> Any:  # Any: a dumped model is plain JSON of any shape
    match value:
        case {"from": str() as step, **rest} if set(rest) <= {"output"}:
            return {"from": names.get(step, step), **rest}
        case dict():
            return {key: _renamed(part, names) for key, part in value.items()}
        case list() | tuple():
            return [_renamed(part, names) for part in value]
    return value


def _same_place(step: Step, old: Step, before: Sequence[Step]) -> bool:
    """The same endpoint, reading nothing but what is kept too."""
    there = {other.id for other in before}
    return _place_of(step.call) == _place_of(old.call) and all(
        place.step in there or place.step == ATTACHED for place in old.reads()
    )


def _place_of(call: Call) -> tuple[str, str]:
    endpoint = call.arguments.get("endpoint")
    return space_of(call), endpoint if isinstance(endpoint, str) else call.tool


def _free(name: str, taken: Collection[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _failed(run: Run, step: Step) -> bool:
    return any(unit.step == step.id for unit in run.failures)


def _passed(run: Run, step: Step) -> bool:
    units = run.of(step.id)
    return bool(units) and all(unit.done for unit in units)
