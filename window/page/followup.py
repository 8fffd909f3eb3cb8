"""A wish that changes an earlier run: another plan from that run's own, or its goal said anew.

Only what changes is made again, because everything else is known by then. Reads general words of change
("another Space", "again", figures with their units), never what a goal is about; a wish that needs more understanding
than that is for a planner with a language model.
"""

import re
from dataclasses import dataclass

from core.errors import GoalRefused
from core.nouns import Call, Goal, Plan, Step
from core.run import Run
from planners.ladder import reseeded, space_of
from planners.runner import Planner
from window.page.taken import least_changed

ANOTHER = re.compile(
    r"\b(?:another|a different|some other)\s+spaces?\b(?:\s+(?:for|to|in)\s+(?P<part>.+))?",
    re.IGNORECASE,
)
AGAIN = re.compile(r"^\s*(?:once more|once again|again|the same|same)\b[\s,:;–—-]*(?:but|and)?\s*", re.IGNORECASE)
FIGURE = re.compile(r"\b(\d+(?:\.\d+)?)(\s*|-)([A-Za-z]{1,12})\b")
VARIATION = 100
"""How far a seed is moved on, in tries of the repair ladder: farther than that ever goes."""

WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Followup:
    goal: Goal
    plan: Plan | None
    """The plan to begin with; None leaves it to the planner."""
    before: Plan
    wish: str = ""
    """What was wished for, when the goal was said anew with it."""

    def planner(self, usual: Planner) -> Planner:
        """Begins with the changed plan; after a failure it is the usual one's turn."""

        async def next_plan(run: Run) -> Plan | None:
            if run.plan is None and self.plan:
                return self.plan
            made = await usual(run)
            if made is None or run.plan is not None:
                return made
            return settled(least_changed(made, self.before, self.wish) if self.wish else made, self.before)

        return next_plan


def settled(plan: Plan, before: Plan) -> Plan:
    """The plan in which a step that differs from an earlier one by its seed alone is that one: its result is known."""
    known = {_but_seed(step.call): step.call for step in before.steps}
    steps = [step.model_copy(update={"call": known.get(_but_seed(step.call), step.call)}) for step in plan.steps]
    return plan.model_copy(update={"steps": tuple(steps)})


def followup(wish: str, before: Run) -> Followup:
    """What to pursue now. Raises GoalRefused when the run before has nothing to change."""
    if before.plan is None:
        raise GoalRefused("the run before has no plan to change; say the whole goal anew")
    match = ANOTHER.search(wish)
    if match is None and not AGAIN.sub("", f"{wish.strip(' .!')} ").strip():
        return Followup(before.goal, varied(before.plan), before.plan)
    if match is None:
        goal = before.goal.model_copy(update={"text": anew(before.goal.text, wish)})
        return Followup(goal, None, before.plan, AGAIN.sub("", wish))
    step = meant(match["part"] or "", before.plan)
    changed = with_another_space(step, before)
    steps = tuple(changed if each.id == step.id else each for each in before.plan.steps)
    reason = f"You asked for another Space: {space_of(changed.call)} instead of {space_of(made_by(step, before))}."
    plan = before.plan.model_copy(update={"steps": steps, "reasons": (*before.plan.reasons, reason)})
    # The goal stays as it was said: a planner that reads it again would take the wish for a part of what is to be made.
    return Followup(before.goal, plan, before.plan)


def varied(plan: Plan) -> Plan:
    """The same with other seeds, wherever a Space takes one; what takes none is known already."""
    steps = [step.model_copy(update={"call": reseeded(step.call, VARIATION)}) for step in plan.steps]
    return plan.model_copy(update={"steps": tuple(steps), "reasons": (*plan.reasons, "You asked for it again.")})


def anew(text: str, wish: str) -> str:
    """The goal with the wish in it: a figure in the place of the one with the same unit, other words behind it."""
    rest = AGAIN.sub("", wish.strip()).rstrip(" .!")
    for figure in FIGURE.finditer(rest):
        known = [other for other in FIGURE.finditer(text) if _unit(other[3]) == _unit(figure[3])]
        if len(known) == 1:
            text = text[: known[0].start()] + figure[0] + text[known[0].end() :]
            rest = rest.replace(figure[0], "", 1)
    left = " ".join(rest.split()).strip(" ,;")
    says_more = WORD.search(left) and (_new(left, text) or FIGURE.search(left))
    return said_too(text, left) if says_more else text if text else wish


def said_too(text: str, wish: str) -> str:
    return f"{text.rstrip(' .!')}, {wish.strip().rstrip(' .!')}"


def meant(part: str, plan: Plan) -> Step:
    """The step that the words name; the last one that has another Space when they name none."""
    able = [step for step in plan.steps if any(space_of(call) for call in step.fallbacks)]
    if not able:
        raise GoalRefused("no step of this plan has another Space to turn to")
    words = {_root(word) for word in WORD.findall(part.lower())}
    scored = [(len(words & _words(step)), number) for number, step in enumerate(able)]
    best, number = max(scored)
    if words and not best:
        raise GoalRefused(f"no step with another Space to turn to speaks of '{part.strip()[:60]}'")
    return able[number]


def with_another_space(step: Step, before: Run) -> Step:
    """The first fallback whose Space is not the one that made it takes its place; the others stay behind it."""
    used = space_of(made_by(step, before))
    others = [call for call in step.fallbacks if space_of(call) not in (used, None)]
    if not others:
        raise GoalRefused(f"'{step.title}' has no other Space than {used} to turn to")
    first, rest = others[0], [call for call in (step.call, *step.fallbacks) if call != others[0]]
    return step.model_copy(update={"call": first, "fallbacks": tuple(rest)})


def made_by(step: Step, before: Run) -> Call:
    """The call that made it, which may have been a fallback."""
    return next((unit.call for unit in before.of(step.id) if unit.done and unit.call), step.call)


def _but_seed(call: Call) -> str:
    """What is the same in two calls that differ by chance alone."""
    inputs = call.arguments.get("inputs")
    kept = (
        {name: value for name, value in inputs.items() if "seed" not in name.lower()}
        if isinstance(inputs, dict)
        else {}
    )
    return call.model_copy(update={"arguments": {**call.arguments, "inputs": kept}}).model_dump_json()


def _words(step: Step) -> set[str]:
    told = f"{step.id} {step.title} {space_of(step.call)} {step.call.model_dump_json()}"
    return {_root(word) for word in WORD.findall(told.lower().replace("_", " "))}


def _root(word: str) -> str:
    """Plural and singular are one word."""
    return word.removesuffix("s")


def _unit(word: str) -> str:
    return word.lower().removesuffix("s")


def _new(words: str, text: str) -> bool:
    known = {_root(word) for word in WORD.findall(text.lower())}
    return any(_root(word) not in known for word in WORD.findall(words.lower()))
