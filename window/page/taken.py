"""Which steps take a wish up: those with a setting for it; without one, the one step whose words are nearest.

A planner that reads the goal anew says the whole of it to every Space that takes words, and everything would be made
again. What was only said again goes back to what it was.
"""

import re
from collections.abc import Mapping

from core.nouns import Argument, Plan, Step

_WORD = re.compile(r"[^\W\d_]{3,}")


def least_changed(plan: Plan, before: Plan, wish: str) -> Plan:
    """The new plan with no more of the wish in it than it takes."""
    pairs = {step.id: old for step, old in _pairs(plan, before)}
    said = {step.id: _said_again(step, pairs[step.id]) for step in plan.steps if step.id in pairs}
    chosen = {step.id for step in plan.steps if step.id in pairs and _changed(step, pairs[step.id]) - said[step.id]}
    taking = chosen or _nearest([step for step in plan.steps if said.get(step.id)], wish)
    steps = [
        _restored(step, pairs[step.id], _seeds(step) | (set() if step.id in taking else said[step.id]))
        if step.id in pairs
        else step
        for step in plan.steps
    ]
    return plan.model_copy(update={"steps": tuple(steps)})


def _pairs(plan: Plan, before: Plan) -> list[tuple[Step, Step]]:
    """The steps that call the same endpoint in both, in order."""
    rest, found = list(before.steps), []
    for step in plan.steps:
        old = next((one for one in rest if _place(one) == _place(step)), None)
        if old is not None:
            rest.remove(old)
            found.append((step, old))
    return found


def _place(step: Step) -> tuple[str, object, object]:
    return step.call.tool, step.call.arguments.get("space"), step.call.arguments.get("endpoint")


def _inputs(step: Step) -> Mapping[str, Argument]:
    inputs = step.call.arguments.get("inputs")
    return inputs if isinstance(inputs, dict) else {}


def _changed(step: Step, old: Step) -> set[str]:
    now, then = _inputs(step), _inputs(old)
    return {name for name in now.keys() | then.keys() if "seed" not in name.lower() and now.get(name) != then.get(name)}


def _said_again(step: Step, old: Step) -> set[str]:
    """Texts that hold every word of the text before, and more."""
    return {name for name in _changed(step, old) if _holds(_inputs(step).get(name), _inputs(old).get(name))}


def _holds(now: Argument, then: Argument) -> bool:
    return isinstance(now, str) and isinstance(then, str) and len(_words(then)) > 1 and _words(then) <= _words(now)


def _nearest(steps: list[Step], wish: str) -> set[str]:
    """The step whose own words share most with the wish; the first of them when none does more than another."""
    wanted = _words(wish)
    best = max(steps, key=lambda step: len(wanted & _words(f"{step.id} {step.title} {_place(step)}")), default=None)
    return {best.id} if best else set()


def _seeds(step: Step) -> set[str]:
    """A wish changes what is made, not what chance makes of it."""
    return {name for name in _inputs(step) if "seed" in name.lower()}


def _restored(step: Step, old: Step, names: set[str]) -> Step:
    then = _inputs(old)
    inputs = {name: then[name] if name in names and name in then else value for name, value in _inputs(step).items()}
    call = step.call.model_copy(update={"arguments": {**step.call.arguments, "inputs": inputs}})
    return step.model_copy(update={"call": call})


def _words(text: str) -> set[str]:
    return {word.removesuffix("s") for word in _WORD.findall(text.lower().replace("_", " "))}
