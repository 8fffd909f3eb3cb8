"""What a plan takes upon itself that only the user may decide. The goal's own words are the only permission.

Every word that a language model reads may have been written by a stranger, so whatever it hands in may be a stranger's
wish: this is looked at in the plan, and not asked of the model.
"""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping

from core.nouns import Argument, Call, From, Goal, Plan, Space, Step
from tools.artifact_tool import ArtifactTool

NAMED = frozenset({"hardware", "fixed_gpu_allowed"})
"""Arguments of our own tools that a plan may give when the goal names the very value: what a Space costs."""

OWNED = frozenset({"namespace", "owner", "organization", "bill_to"})
"""Whose it will be, and who pays: a word of the goal that happens to be a name names nobody."""

NEVER = frozenset(
    {"private", "public", "visibility", "token", "hf_token", "secret", "secrets", "variables", "licences"}
)
"""Who sees it and what it is trusted with: no plan says that."""

SOURCES: Mapping[str, frozenset[str]] = {
    "workspace": frozenset({"pi_coder", "compile_recipe"}),
    "facts": frozenset({"card_analyst", "read_card"}),
}
"""Arguments of our own tools that only these tools may make: nobody has looked over what a model writes itself."""

MAKER = "space_deployer"
"""The tool whose result names a Space of the user's own, made by the plan itself with their consent."""


def liberties(
    plan: Plan,
    goal: Goal,
    shown: Mapping[str, Space],
    tools: Mapping[str, ArtifactTool],
    own: str | None,
    made: Collection[str] = (),
) -> tuple[str, ...]:
    """Reasons against the plan. `shown` are the Spaces it may use, `own` the name under which the user's stand, `made`
    those of them that this run has made."""
    found: list[str] = []
    for step in plan.steps:
        for call in (step.call, *step.fallbacks):
            keeper = None if _made(call, made) else own
            reasons = [*_reserved(call, goal, tools), *_forged(call, plan, tools)]
            reasons += _spaces(call, plan, goal, shown, keeper)
            found += [f"step '{step.id}': {reason}" for reason in reasons]
    found += [f"step '{id}' makes something that nobody reads: leave it out" for id in _idle(plan)]
    return tuple(dict.fromkeys(found))


def plainly_titled(step: Step, tools: Mapping[str, ArtifactTool]) -> Step:
    """The step with what it does in its title, where a person will be asked: the model's words may say anything."""
    effects = {tools[call.tool].effect for call in (step.call, *step.fallbacks) if call.tool in tools}
    if effects <= {"read"}:
        return step
    does = " and ".join(words for effect, words in _EFFECTS.items() if effect in effects)
    prefix = f"{step.call.tool} ({does}): "
    return step if step.title.startswith(prefix) else step.model_copy(update={"title": prefix + step.title})


_EFFECTS = {"write": "publishes", "spend": "costs money"}


def named(goal: Goal, words: str) -> bool:
    """Whether the user's own text says this very name."""
    return bool(re.search(rf"(?<![\w/.-]){re.escape(words)}(?![\w/-])", goal.text, re.IGNORECASE))


def owned_by(space: str, own: str | None) -> bool:
    return own is not None and space.partition("/")[0].lower() == own.lower()


def _reserved(call: Call, goal: Goal, tools: Mapping[str, ArtifactTool]) -> Iterator[str]:
    if call.tool == "call_space" or call.tool not in tools:
        return
    for name, value in call.arguments.items():
        if name in NAMED | OWNED | NEVER and value is not None and not _permitted(name, value, goal):
            yield f"'{name}' of {call.tool} is the user's to choose, and the goal does not name it: leave it out"
    space = call.arguments.get("space")
    if tools[call.tool].effect != "read" and isinstance(space, str) and not named(goal, space):
        yield f"'space' of {call.tool} would change a Space that the goal does not name: leave it out"


def _forged(call: Call, plan: Plan, tools: Mapping[str, ArtifactTool]) -> Iterator[str]:
    for name, sources in SOURCES.items():
        value = call.arguments.get(name)
        if call.tool == "call_space" or call.tool not in tools or value is None:
            continue
        if not isinstance(value, From) or not _made_by(value, sources, plan):
            able = " or ".join(sorted(sources & tools.keys())) or "another tool"
            yield f"'{name}' of {call.tool} has to come from a step of {able}"


def _made_by(place: From, sources: frozenset[str], plan: Plan) -> bool:
    """Whether only these tools can make what stands there: a fallback makes it too."""
    calls = [call for step in plan.steps if step.id == place.step for call in (step.call, *step.fallbacks)]
    return bool(calls) and all(call.tool in sources for call in calls)


def _permitted(name: str, value: Argument, goal: Goal) -> bool:
    if name in NEVER or not isinstance(value, str):
        return False
    return _owner_named(goal, value) if name in OWNED else named(goal, value)


def _owner_named(goal: Goal, owner: str) -> bool:
    place = r"(?:namespace|organi[sz]ation|account|under|for the user)\W+(?:of\W+|called\W+|named\W+)?"
    return bool(re.search(rf"(?:{place}{re.escape(owner)}(?![\w-])|(?<![\w/-]){re.escape(owner)}/)", goal.text, re.I))


def _made(call: Call, made: Collection[str]) -> bool:
    return call.arguments.get("space") in made


def _spaces(call: Call, plan: Plan, goal: Goal, shown: Mapping[str, Space], own: str | None) -> Iterator[str]:
    """Only Spaces that were shown, that the user named or that this plan makes; the user's own, which get the token,
    only when named."""
    match call.arguments.get("space"):
        case From(step=source) as place:
            if not _made_by(place, frozenset({MAKER}), plan):
                yield f"'space' is read from step '{source}', and only what {MAKER} makes may be called like that"
        case str() as space if not named(goal, space):
            if owned_by(space, own):
                yield f"{space} is the user's own and would get their token; the goal does not name it: use another"
            elif space not in shown:
                near = difflib.get_close_matches(space, shown, 1, cutoff=0.5)
                hint = f"; did you mean '{near[0]}'?" if near else ""
                yield f"Space '{space[:80]}' was not shown to you{hint}; find_spaces finds more"


def _idle(plan: Plan) -> list[str]:
    """Steps that lead to no result."""
    used = {place.step for place in plan.results}
    for step in reversed(plan.steps):
        if step.id in used:
            used |= {place.step for place in step.reads()}
    return [step.id for step in plan.steps if step.id not in used]
